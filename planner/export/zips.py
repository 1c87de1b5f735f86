"""Entries of zip archives that are the same on every day and every system."""

from __future__ import annotations

import zipfile

ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def to_zip_entry(name: str) -> zipfile.ZipInfo:
    """A compressed entry with a fixed time."""
    entry = zipfile.ZipInfo(name, date_time=ZIP_TIME)
    entry.create_system = 3  # the same on every system
    entry.external_attr = 0o644 << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
