"""Refuses files that would take more memory than a planner's machine has."""

from __future__ import annotations

from pathlib import Path

from planner.network.formats.source import FormatError

# formats that are read into Python's own objects take so many times the memory of the others
HEAVINESS = {"ofds": 4, "zoo": 4, "graphml": 4, "sndlib": 4, "csv": 2}


def check_size(path: Path, format_name: str, max_bytes: int) -> None:
    """Refuse a file that is larger than the limit for its format.

    Raises
    ------
    FormatError
        With the size, the limit and the setting that raises it.
    """
    limit = max_bytes // HEAVINESS.get(format_name, 1)
    size = path.stat().st_size if path.is_file() else 0
    if size > limit:
        raise FormatError(
            f"has {size / 1e6:,.0f} MB, more than the {limit / 1e6:,.0f} MB that are read of this format",
            "leave out what the study does not need, or raise network.max_file_mb where there is memory for it",
        )
