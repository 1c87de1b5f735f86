"""Chooses the rows of a file that count, by the values of their columns."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.network.columns import to_text
from planner.network.layer import suggest_column
from planner.network.notes import Notes
from planner.network.roles import Role
from planner.study import find_nearest

type BoolArray = NDArray[np.bool_]


def choose_rows(columns: pd.DataFrame, role: Role, name: str, notes: Notes) -> BoolArray:
    """Tell which rows the study's conditions choose.

    A row counts where every column named has one of its values, whatever the case of letters; ``*`` and ``?`` stand
    for letters as in a shell, ``""`` for an empty cell, and a value behind ``!`` is one that a row must not have. A
    cell with ``;`` has several values.

    Parameters
    ----------
    columns
        (n rows) the columns.
    role
        Has the conditions.
    name
        The file as the study spells it.
    notes
        Takes a fault for each column that is not there, a warning for each value that no row has, and a remark of
        how many rows were left out.

    Returns
    -------
    ndarray
        (n,) true for the rows that count.
    """
    is_kept = np.ones(len(columns), dtype=bool)
    for column, values in role.where.items():
        if column not in columns:
            if len(columns):
                remedy = suggest_column(column, columns)
                notes.fault(f"{name}, {role.where_key}", f"there is no column {column!r}", remedy)
            continue
        cells = [_split(text) for text in to_text(columns[column])]
        is_kept &= _match(cells, values)
        _remark_unmet(cells, column, values, f"{name}, {role.where_key}", notes)
    if num_left := int((~is_kept).sum()):
        what = f"{num_left} of {len(columns)} rows were left out, as {role.where_key} asks."
        notes.remark("dropped", name, what, is_warning=num_left == len(columns))
    return is_kept


def _split(text: str | None) -> list[str]:
    """The values of a cell: the whole, and what stands between semicolons."""
    if text is None:
        return [""]
    whole = text.casefold()
    return [whole, *(part.strip() for part in whole.split(";"))] if ";" in whole else [whole]


def _match(cells: Sequence[list[str]], values: Sequence[str]) -> BoolArray:
    wanted = [value.casefold() for value in values if not value.startswith("!")]
    barred = [value[1:].casefold() for value in values if value.startswith("!")]
    return np.array([(not wanted or _has(cell, wanted)) and not _has(cell, barred) for cell in cells], dtype=bool)


def _has(cell: list[str], values: Sequence[str]) -> bool:
    return any(fnmatchcase(one, value) for one in cell for value in values)


def _remark_unmet(cells: list[list[str]], column: Any, values: Sequence[str], where: str, notes: Notes) -> None:
    there = sorted({one for cell in cells for one in cell if one})
    for value in values:
        word = value.removeprefix("!").casefold()
        if not cells or any(_has(cell, [word]) for cell in cells):
            continue
        nearest = find_nearest(word, there[:1000])
        meant = f"; did you mean {nearest!r}?" if nearest else f"; it has {', '.join(there[:10]) or 'none'}."
        notes.remark("other", where, f"No row has {value!r} in the column {column!r}{meant}", is_warning=True)
