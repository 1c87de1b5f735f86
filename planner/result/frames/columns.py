"""The user's own columns, carried along beside ours."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    import geopandas as gpd

SITE_COLUMNS = frozenset({"site_id", "name", "region", "weight", "terminal", "protected", "geometry"})
ROUTE_COLUMNS = frozenset(
    "route_id a b status kind operator is_cuttable accuracy_m cost length_km geometry".split()  # noqa: SIM905
)


def to_user_columns(frame: gpd.GeoDataFrame, known: Collection[str], taken: Collection[str]) -> dict[str, list[Any]]:
    """Columns that the user's file has beyond those that the planner reads.

    Parameters
    ----------
    frame
        Sites or routes of a network.
    known
        Columns that are the planner's own.
    taken
        Names that the output uses: a column of the user's that has one is called ``input_`` and its name.

    Returns
    -------
    dict
        Name to values, in the order of the file.
    """
    theirs = [column for column in frame.columns if str(column) not in known]
    names = to_unique_names([str(column) for column in theirs], taken)
    return {name: list(frame[column]) for name, column in zip(names, theirs, strict=True)}


def to_unique_names(names: list[str], taken: Collection[str]) -> list[str]:
    """Names that differ from each other and from those taken even where letter case does not count (SQLite)."""
    used = {name.casefold() for name in taken}
    unique = []
    for name in names:
        free = name
        while free.casefold() in used:
            free = f"input_{free}"
        used.add(free.casefold())
        unique.append(free)
    return unique


def to_frame(columns: dict[str, Any], num_rows: int) -> pd.DataFrame:
    """A frame whose columns keep lists, missing values and whole numbers as they are."""
    data = {name: pd.Series(list(values), dtype=_to_dtype(values)) for name, values in columns.items()}
    return pd.DataFrame(data, index=range(num_rows))


def _to_dtype(values: Any) -> Any:
    kinds = {type(value) for value in values if value is not None}
    if kinds == {int}:
        return "Int64"  # whole numbers stay whole beside missing ones
    return {frozenset({bool}): "boolean", frozenset({float}): "float64"}.get(frozenset(kinds), "object")
