"""Compares the lengths that a file gives with those of the lines that it draws."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from planner.network.columns import to_numbers, to_text
from planner.network.notes import Notes
from planner.network.route_table import RouteTable

# columns of the user's that say how long a route is, and kilometres in one of their units
LENGTH_COLUMNS = {"km": 1.0, "length_km": 1.0, "length_m": 0.001}
# cable is a little longer than its way; a line is shorter where it is drawn coarsely
MAX_LONGER, MIN_SHORTER = 1.5, 0.8
MIN_DIFFERENCE_KM = 1.0
# what a column in another unit is to kilometres: within a tenth of these
UNITS = {1000.0: "metres", 0.001: "thousands of kilometres", 1 / 1.609344: "miles", 3280.84: "feet"}

type FloatArray = NDArray[np.float64]


def remark_lengths(routes: RouteTable, length_km: FloatArray, notes: Notes) -> None:
    """Remark routes whose length by the file is far from that of their line.

    Parameters
    ----------
    routes
        The routes; their lengths stand in a column of `LENGTH_COLUMNS`, the first there is.
    length_km
        (n,) length of each line.
    notes
        Takes one warning per route, or one in all where the column seems to be in another unit.
    """
    column = next((name for name in LENGTH_COLUMNS if _own_name(name) in routes.columns), None)
    if column is None:
        return
    said_km = _to_numbers(routes.columns[_own_name(column)]) * LENGTH_COLUMNS[column]
    is_said = np.isfinite(said_km) & (said_km > 0) & (length_km > 0)
    ratio = np.divide(said_km, length_km, out=np.ones(len(routes)), where=is_said)
    is_off = is_said & ((ratio > MAX_LONGER) | (ratio < MIN_SHORTER))
    is_off &= np.abs(said_km - length_km) > MIN_DIFFERENCE_KM
    unit = _find_unit(ratio[is_said])
    if unit is not None and is_off.any():
        what = f"Its column {column!r} seems to be in {unit}: lengths were taken from the lines."
        notes.remark("length", routes.file, what, is_warning=True)
        return
    rows = np.flatnonzero(is_off)
    notes.remark_rows(
        "length",
        routes.file,
        f"{len(rows)} routes are much longer or shorter by their column {column!r} than their lines, which count.",
        list(routes.wheres[rows]),
        [
            f"It has {said_km[row]:,.1f} km by its column {column!r} and {length_km[row]:,.1f} km by its line."
            for row in rows
        ],
        is_warning=True,
    )


def _own_name(column: str) -> str:
    """The user's column beside one of the network's own."""
    return "length_km_input" if column == "length_km" else column


def _to_numbers(cells: Any) -> FloatArray:
    return to_numbers(to_text(cells))


def _find_unit(ratio: FloatArray) -> str | None:
    """The unit that nearly all lengths seem to be in, where it is another."""
    if len(ratio) < 3:
        return None
    middle = float(np.median(ratio))
    near = np.abs(ratio / middle - 1) < 0.25
    if np.mean(near) < 0.7:
        return None
    return next((unit for factor, unit in UNITS.items() if abs(middle / factor - 1) < 0.1), None)
