"""Gives the user's columns the names that the planner knows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from planner.network.asides import put_aside
from planner.network.columns import to_objects
from planner.network.formats.source import name_uniquely
from planner.network.layer import suggest_column
from planner.network.notes import Notes
from planner.study import find_nearest

# no cell may bring these into a report or a map file: control characters, and halves of characters
CONTROL = dict.fromkeys((*range(32), 127, *range(128, 160)), " ")
BROKEN = dict.fromkeys((*range(0xD800, 0xE000), 0xFFFE, 0xFFFF), "\ufffd")
UNCLEAN = CONTROL | BROKEN


def map_columns(
    columns: pd.DataFrame, mapping: Mapping[str, str], known: Sequence[str], name: str, setting: str, notes: Notes
) -> pd.DataFrame:
    """Add the columns that a study maps, each a copy of the file's own.

    Parameters
    ----------
    columns
        (n rows) the file's columns.
    mapping
        Known column to the file's own.
    known
        The columns that can be mapped.
    name, setting
        The file as the study spells it, and the setting, for messages.
    notes
        Takes a fault for each name that is not known, or not in the file, with the nearest one.

    Returns
    -------
    DataFrame
        With the mapped columns; one of the file's of that name gets ``_input`` behind it.
    """
    mapped: dict[str, pd.Series] = {}
    for word, own in mapping.items():
        if word not in known:
            nearest = find_nearest(word, known)
            remedy = f"did you mean {nearest!r}?" if nearest else f"those that can be named: {', '.join(known)}"
            notes.fault(f"{name}, {setting}", f"the planner knows no column {word!r} here", remedy)
        elif own in columns:
            mapped[word] = columns[own]
        elif len(columns):
            notes.fault(f"{name}, {setting}", f"there is no column {own!r}", suggest_column(own, columns))
    shadowed = [word for word in mapped if word in columns and mapping[word] != word]
    return put_aside(columns, shadowed).assign(**mapped)


def to_known_columns(columns: pd.DataFrame, known: Sequence[str]) -> pd.DataFrame:
    """Give columns their known spelling; nested values become JSON text, since no table can hold them."""
    spellings: dict[str, list[str]] = {}
    for column in columns:
        spellings.setdefault(str(column).strip().casefold(), []).append(str(column))
    renames = {
        spellings[word.casefold()][0]: word
        for word in known
        if word not in columns and len(spellings.get(word.casefold(), [])) == 1
    }
    columns = columns.rename(columns=renames)
    for column in [name for name, dtype in columns.dtypes.items() if dtype.kind == "O"]:
        columns[column] = to_objects([_to_flat(cell) for cell in columns[column]])
    return columns


def clean_text(columns: pd.DataFrame, name: str, notes: Notes) -> pd.DataFrame:
    """Put blanks for control characters, in cells and in the names of columns; a remark where there were some."""
    num_cleaned = 0
    cleaned = columns.set_axis(name_uniquely(_clean(str(column)) for column in columns), axis="columns")
    for column in [name for name, dtype in cleaned.dtypes.items() if dtype.kind in "OT"]:
        cells = [_clean(cell) if isinstance(cell, str) else cell for cell in cleaned[column]]
        changed = sum(isinstance(one, str) and one != other for one, other in zip(cells, cleaned[column], strict=True))
        if changed:
            cleaned[column] = to_objects(cells)
            num_cleaned += changed
    if num_cleaned:
        what = f"Control characters in {num_cleaned} {'cell' if num_cleaned == 1 else 'cells'} were replaced by blanks."
        notes.remark("other", name, what)
    return cleaned


def _clean(text: str) -> str:
    return text if text.isprintable() else text.translate(UNCLEAN)


def _to_flat(cell: Any) -> Any:
    if isinstance(cell, dict | list | np.ndarray):
        return json.dumps(cell, ensure_ascii=False, default=np.ndarray.tolist)
    return cell
