"""Turns the user's cells into ids, text, numbers and flags."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.network.notes import Notes

if TYPE_CHECKING:
    from planner.network.layer import Layer

FLAGS = {
    **dict.fromkeys(("true", "yes", "y", "t", "1"), True),
    **dict.fromkeys(("false", "no", "n", "f", "0"), False),
}

# blanks between thousands, and a decimal comma that cannot be one between thousands
_COMMA = re.compile(r"(?:\d+|\d{1,3}(?:[ \u00a0\u202f]\d{3})+)(?:,(?:\d{1,2}|\d{4,}))?")


def to_text(values: Sequence[Any] | pd.Series) -> NDArray[Any]:
    """Turn cells into text: whole numbers without a fraction, nothing and blanks into None.

    Parameters
    ----------
    values
        (n,) cells of any type.

    Returns
    -------
    ndarray
        (n,) of str or None.
    """
    text = np.empty(len(values), dtype=object)
    text[:] = [_cell_to_text(cell) for cell in values]
    return text


def to_objects(values: Sequence[Any] | NDArray[Any]) -> pd.Series:
    """Turn values into a column that keeps None as it is; pandas makes NaN of it where it sees text."""
    return pd.Series(values, dtype=object)


def text_column(layer: Layer, column: str) -> NDArray[Any]:
    """Read a column as text; None throughout where there is none."""
    if column not in layer.columns:
        return np.full(len(layer), None, dtype=object)
    return to_text(layer.columns[column])


def number_column(layer: Layer, column: str, notes: Notes, *, rows: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Read a column as finite numbers of 0 or more.

    Parameters
    ----------
    layer
        The layer; without the column every cell counts as empty.
    column
        Name of the column.
    notes
        Takes a fault per cell that is no such number.
    rows
        (n,) rows to look at; the others count as empty.

    Returns
    -------
    ndarray
        (n,) numbers; NaN where a cell is empty or wrong.
    """
    text = text_column(layer, column)
    text[~rows] = None
    numbers = to_numbers(text)
    is_wrong = np.array([cell is not None for cell in text], dtype=bool) & ~(np.isfinite(numbers) & (numbers >= 0))
    wrong = np.flatnonzero(is_wrong)
    notes.fault_rows(
        layer.file,
        layer.wheres(wrong),
        [f"{column} is {str(text[row])[:80]!r}" for row in wrong],
        "give a number of 0 or more, or leave the cell empty",
    )
    numbers[is_wrong] = np.nan
    return numbers


def to_numbers(text: NDArray[Any]) -> NDArray[np.float64]:
    """Turn texts into numbers, NaN for what is none.

    ``1 234,5`` is a number as ``1234.5`` is; ``1,234`` is none, since it is one thing in Paris and another in London.
    """
    plain = [cell if cell is None or not _COMMA.fullmatch(cell) else _to_point(cell) for cell in text]
    return pd.to_numeric(to_objects(plain), errors="coerce").to_numpy(dtype=np.float64, copy=True)


def _to_point(cell: str) -> str:
    return "".join(cell.split()).replace(",", ".")


def flag_column(layer: Layer, column: str, notes: Notes, *, default: bool) -> NDArray[np.bool_]:
    """Read a column as true or false; empty cells are `default`, other words faults."""
    text = text_column(layer, column)
    flags = [default if cell is None else FLAGS.get(cell.casefold()) for cell in text]
    wrong = [row for row, flag in enumerate(flags) if flag is None]
    notes.fault_rows(
        layer.file,
        layer.wheres(wrong),
        [f"{column} is {str(text[row])[:80]!r}" for row in wrong],
        "give true or false, or leave the cell empty",
    )
    return np.array([default if flag is None else flag for flag in flags], dtype=bool)


def check_ids(layer: Layer, notes: Notes) -> NDArray[np.bool_]:
    """Tell which rows have an id that no row before them has; faults for the others."""
    if layer.id_column not in layer.columns:
        return np.zeros(len(layer), dtype=bool)
    is_missing = pd.isna(layer.ids)
    missing = np.flatnonzero(is_missing)
    notes.fault_rows(
        layer.file, layer.wheres(missing), [f"{layer.id_column} is empty"] * len(missing), "give every row an id"
    )
    ids = to_objects(layer.ids)
    is_again = ids.duplicated().to_numpy() & ~is_missing
    again = np.flatnonzero(is_again)
    first = {layer.ids[row]: row for row in reversed(range(len(layer)))}
    notes.fault_rows(
        layer.file,
        layer.wheres(again),
        [f"row {layer.number(first[layer.ids[row]])} has the same id" for row in again],
        "give every row its own id",
    )
    return ~is_missing & ~is_again


def _cell_to_text(cell: Any) -> str | None:
    if isinstance(cell, str):
        return cell.strip() or None
    if isinstance(cell, bool | np.bool_):
        return str(bool(cell)).lower()
    if isinstance(cell, Integral):
        return str(int(cell))
    if isinstance(cell, Real):
        number = float(cell)
        if math.isnan(number):
            return None
        return str(int(number)) if math.isfinite(number) and number.is_integer() else repr(number)
    return None if cell is None or cell is pd.NA or cell is pd.NaT else str(cell)
