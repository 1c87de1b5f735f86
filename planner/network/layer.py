"""One layer of a vector file as the user wrote it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import CRS

from planner.network.asides import put_aside
from planner.network.columns import to_text
from planner.network.notes import Notes
from planner.study import find_nearest

# longer ids and names are cut in messages
MAX_TEXT = 80


@dataclass(frozen=True)
class Layer:
    """One layer as it was read.

    Parameters
    ----------
    file
        Its name as the study spells it.
    columns
        (n rows) the user's columns without the geometry, in file order.
    geometry
        (n,) shapely geometries or None.
    crs
        CRS of the geometry; None where the file names none.
    id_column
        The column that holds the ids.
    ids
        (n,) id of each row, None where it has none.
    rows
        (n,) number of each row in the file, from 0; None where that is its place here.
    left_out
        Ids of the file's rows that the study leaves out.
    is_schematic
        Whether rows without a line may be drawn straight between the sites that they name.
    """

    file: str
    columns: pd.DataFrame
    geometry: NDArray[Any]
    crs: CRS | None
    id_column: str
    ids: NDArray[Any]
    rows: NDArray[np.int64] | None = None
    left_out: frozenset[str] = frozenset()
    is_schematic: bool = False

    def __len__(self) -> int:
        return len(self.geometry)

    def wheres(self, rows: Sequence[int] | NDArray[Any]) -> list[str]:
        """Say where rows stand, for messages: file, number counted from one, id."""
        return [self.where(int(row)) for row in rows]

    def where(self, row: int) -> str:
        """Say where one row stands."""
        known = f" (id '{shorten(self.ids[row])}')" if self.ids[row] is not None else ""
        return f"{self.file}, row {self.number(row)}{known}"

    def number(self, row: int) -> int:
        """Number of a row in the file, from 1."""
        return int(row if self.rows is None else self.rows[row]) + 1

    def take(self, is_kept: NDArray[np.bool_]) -> Layer:
        """Only these rows; the ids of the others are known as left out."""
        numbers = np.arange(len(self)) if self.rows is None else self.rows
        return replace(
            self,
            columns=self.columns[is_kept].reset_index(drop=True),
            geometry=self.geometry[is_kept],
            ids=self.ids[is_kept],
            rows=numbers[is_kept],
            left_out=self.left_out | frozenset(one for one in self.ids[~is_kept] if one is not None),
        )


def shorten(text: str) -> str:
    """A text of the user's for a message: its beginning, where it is long."""
    return text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}…"


def to_layer(frame: gpd.GeoDataFrame, name: str, id_column: str) -> Layer:
    """A frame as a layer, as if it had been read from a file of this name."""
    columns = pd.DataFrame(frame.drop(columns=frame.geometry.name)).reset_index(drop=True)
    return Layer(name, columns, frame.geometry.to_numpy(), frame.crs, id_column, to_text(columns[id_column]))


def check_column(layer: Layer, column: str, setting: str, notes: Notes) -> bool:
    """Tell whether a layer has the column that a setting of the study names; a fault where not."""
    if column in layer.columns or not len(layer):
        return column in layer.columns
    notes.fault(f"{layer.file}, {setting}", f"there is no column {column!r}", suggest_column(column, layer.columns))
    return False


def other_columns(layer: Layer, known: Sequence[str], own: Sequence[str]) -> pd.DataFrame:
    """The user's columns that mean nothing to the planner.

    Parameters
    ----------
    layer
        The layer.
    known
        Columns that mean something: left out.
    own
        Columns that the network has of its own: the user's of that name get ``_input`` behind it.

    Returns
    -------
    DataFrame
        (n rows) in the layer's order.
    """
    others = layer.columns.drop(columns=list(known), errors="ignore")
    return put_aside(others, own)


def suggest_column(column: str, layer_columns: pd.DataFrame) -> str:
    """Say which of a layer's columns was likely meant."""
    columns = [str(name) for name in layer_columns]
    nearest = find_nearest(column, columns) or next((name for name in columns if column in name), None)
    remedy = f"did you mean {nearest!r}?" if nearest else "add it, or name another"
    return f"{remedy} (its columns: {', '.join(map(shorten, columns[:60])) or 'none'})"
