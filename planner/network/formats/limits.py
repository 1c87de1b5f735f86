"""Refuses files that would take more memory than a planner's machine has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shapely

from planner.network.formats.source import FormatError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

# formats that are read into Python's own objects take so many times the memory of the others
HEAVINESS = {"ofds": 4, "zoo": 12, "graphml": 6, "sndlib": 6, "csv": 2}
# what the largest file that is read may hold, so that a run stays under 2 GB (tests/benchmarks/bench_formats.py): so
# much for each byte of the limit, which is 300 MB unless the study says otherwise
ROWS_READ = 1_000_000 / 300e6
CELLS_READ = 12_000_000 / 300e6
ROWS = 150_000 / 300e6
POINTS = 1_500_000 / 300e6
AREA_POINTS = 6_000_000 / 300e6
REMEDY = "leave out what the study does not need, or raise network.max_file_mb where there is memory for it"


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
        what = f"has {size / 1e6:,.0f} MB, more than the {limit / 1e6:,.0f} MB that are read of this format"
        raise FormatError(what, REMEDY)


def check_table(num_rows: int, num_columns: int, max_bytes: int) -> None:
    """Refuse a table with more rows or cells than are read, chosen or not.

    Raises
    ------
    FormatError
        With the number, the limit and the setting that raises it.
    """
    _check(num_rows, ROWS_READ, "rows", "are read of a file", max_bytes)
    _check(num_rows * num_columns, CELLS_READ, "cells", "are read of a file", max_bytes)


def check_places(geometry: NDArray[Any], max_bytes: int) -> None:
    """Refuse more chosen rows, or more points in their lines and polygons, than a run has memory for.

    Raises
    ------
    FormatError
        With the number, the limit and the setting that raises it.
    """
    _check(len(geometry), ROWS, "rows that count", "a run has memory for", max_bytes)
    num_points, is_area = shapely.get_num_coordinates(geometry), shapely.get_dimensions(geometry) == 2
    for is_of_kind, share, noun in ((~is_area, POINTS, "lines"), (is_area, AREA_POINTS, "polygons")):
        num = int(num_points[is_of_kind].sum())
        _check(num, share, f"points in its {noun}", "a run has memory for", max_bytes)


def _check(num: int, share: float, noun: str, verb: str, max_bytes: int) -> None:
    limit = int(share * max_bytes)
    if num > limit:
        remedy = REMEDY if "points" not in noun else f"simplify it, {REMEDY}"
        raise FormatError(f"has {num:,} {noun}, more than the {limit:,} that {verb}", remedy)
