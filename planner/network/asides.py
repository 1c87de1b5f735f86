"""Gives way to the planner's own columns: the user's of that name go on under another."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd


def put_aside(columns: pd.DataFrame, names: Iterable[str]) -> pd.DataFrame:
    """Put ``_input`` behind the names of columns.

    Parameters
    ----------
    columns
        The user's columns.
    names
        Names that the planner needs for itself; those that no column has are left aside.

    Returns
    -------
    DataFrame
        The same columns, no two of one name: where ``name_input`` is there already, as in a file that the planner wrote
        itself, that becomes ``name_input_2``, and so on.
    """
    there = set(columns.columns)
    renamed: dict[str, str] = {}
    for name in names:
        old, number = name, 1
        while old in there and old not in renamed:
            new = f"{name}_input" if number == 1 else f"{name}_input_{number}"
            renamed[old], old, number = new, new, number + 1
    return columns.rename(columns=renamed)
