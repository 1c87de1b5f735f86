"""Which folders are run folders of the planner, and so may be replaced."""

from __future__ import annotations

import os
from fnmatch import fnmatchcase
from pathlib import Path

from planner.errors import Fault, InputError

MARKERS = ("plan.json", "audit.json", "replay.json")
OURS = (
    *MARKERS,
    "variant.json",  # of a sweep
    "new_routes.geojson",
    "critical_cuts.geojson",
    "critical_stretches.geojson",
    "regions.geojson",
    "network.geojson",
    "risk_groups.geojson",
    "new_routes.qml",  # styles
    "critical_cuts.qml",
    "critical_stretches.qml",
    "regions.qml",
    "risk_groups.qml",
    "plan.gpkg*",  # QGIS leaves plan.gpkg-wal and plan.gpkg-shm behind
    "plan.kmz",
    "tables.xlsx",
    "report.*",
    "map*.png",
    "map*.svg",
    "replay.*",
    ".DS_Store",
    "Thumbs.db",
    "desktop.ini",
)
MAX_NAMED = 5


def check_replaceable(target: Path) -> None:
    """Refuse a folder that the planner did not write, or in which somebody keeps files of their own.

    A folder may be replaced when it does not exist, is empty, or holds a ``plan.json``, an ``audit.json`` or a
    ``replay.json`` and beside it only files that the planner writes.

    Raises
    ------
    InputError
        Otherwise; says what to do.
    """
    fault = _find_fault(target.resolve())
    if fault:
        raise InputError([fault])


def _find_fault(target: Path) -> Fault | None:
    where = str(target)
    if not target.exists():
        return None
    if not target.is_dir():
        return Fault(where, "is a file", "name a folder with --out")
    if os.path.ismount(target) or target == Path.cwd() or target in Path.cwd().parents:
        what = "is the current folder, one above it, or a mounted disk, and cannot be replaced as a whole"
        return Fault(where, what, "name a folder inside it with --out")
    names = sorted(path.name for path in target.iterdir())
    if names and not set(names).intersection(MARKERS):
        what = "is not empty and is no earlier run of the planner"
        return Fault(where, what, "name another folder with --out, or empty this one")
    foreign = [name for name in names if not any(fnmatchcase(name, pattern) for pattern in OURS)]
    if foreign:
        what = f"holds files that the planner did not write and would remove: {_to_list(foreign)}"
        return Fault(where, what, "move them elsewhere, or name another folder with --out")
    return None


def _to_list(names: list[str]) -> str:
    more = f" and {len(names) - MAX_NAMED} more" if len(names) > MAX_NAMED else ""
    return ", ".join(names[:MAX_NAMED]) + more
