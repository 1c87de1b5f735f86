"""Routes as far as they have been read, as one table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import CRS

from planner.network.columns import to_objects, to_text
from planner.network.geometry import to_working_crs
from planner.network.notes import Notes

if TYPE_CHECKING:
    from collections.abc import Sequence

# site index of an end that names no site
NOT_NAMED = -1

type BoolArray = NDArray[np.bool_]
type IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class RouteTable:
    """Routes as far as they have been read.

    Parameters
    ----------
    file
        Their files, for messages.
    columns
        ``route_id``, ``status``, ``kind``, ``operator``, ``is_cuttable``, ``accuracy_m``, ``own_cost`` (NaN where the
        file has none), then the user's others.
    lines
        (n,) lines; multilines until their parts are merged.
    crs
        CRS of the lines; None where the file names none.
    a, b
        (n,) site indices of the ends; -1 where the file names none.
    wheres
        (n,) where each stands.
    """

    file: str
    columns: pd.DataFrame
    lines: NDArray[Any]
    crs: CRS | None
    a: IntArray
    b: IntArray
    wheres: NDArray[Any]

    def __len__(self) -> int:
        return len(self.lines)

    @cached_property
    def ids(self) -> NDArray[Any]:
        """(n,) route ids."""
        return self.columns["route_id"].to_numpy(dtype=object)

    def with_lines(self, lines: NDArray[Any]) -> RouteTable:
        """The same routes with other lines."""
        return replace(self, lines=lines)

    def take(self, rows: BoolArray | IntArray) -> RouteTable:
        """Only these routes, in this order."""
        return replace(
            self,
            columns=self.columns.iloc[np.flatnonzero(rows) if rows.dtype == bool else rows].reset_index(drop=True),
            lines=self.lines[rows],
            a=self.a[rows],
            b=self.b[rows],
            wheres=self.wheres[rows],
        )


def place_routes(routes: RouteTable, crs: CRS, notes: Notes) -> RouteTable:
    """Bring routes into the working CRS; a fault for each that it cannot hold."""
    if routes.crs is None:
        return routes.take(np.zeros(len(routes), dtype=bool))
    lines, is_held = to_working_crs(routes.lines, routes.crs, crs, routes.file, routes.wheres, notes)
    return replace(routes, lines=lines, crs=crs).take(is_held)


def join_tables(tables: Sequence[RouteTable]) -> RouteTable:
    """Put the routes of several files into one table, sorted by id; their lines are in one CRS."""
    frames = [table.columns for table in tables if len(table)] or [tables[0].columns]
    names = dict.fromkeys(name for frame in frames for name in frame.columns)
    by_file = zip(*(_to_common(frames, name) for name in names), strict=True)
    together = RouteTable(
        file=", ".join(dict.fromkeys(table.file for table in tables)),
        columns=pd.concat([pd.DataFrame(dict(columns)) for columns in by_file], ignore_index=True),
        lines=np.concatenate([table.lines for table in tables]),
        crs=tables[0].crs,
        a=np.concatenate([table.a for table in tables]),
        b=np.concatenate([table.b for table in tables]),
        wheres=np.concatenate([table.wheres for table in tables]),
    )
    return together.take(np.argsort(together.ids, kind="stable"))


def _to_common(frames: list[pd.DataFrame], name: str) -> list[tuple[str, pd.Series]]:
    """One column of every file, in a type that holds all of them: whole numbers stay whole beside empty cells."""
    there = [frame[name] for frame in frames if name in frame]
    types = pd.api.types
    if len({types.is_numeric_dtype(column) for column in there}) > 1:
        texts = [to_text(frame[name]) if name in frame else [None] * len(frame) for frame in frames]
        return [(name, to_objects(text)) for text in texts]
    if len(there) == len(frames):
        return [(name, column) for column in there]
    dtype: Any = object
    if types.is_numeric_dtype(there[0]):
        is_whole = types.is_integer_dtype(there[0])
        dtype = "boolean" if types.is_bool_dtype(there[0]) else "Int64" if is_whole else np.float64
    return [
        (name, frame[name].astype(dtype) if name in frame else pd.Series([None] * len(frame), dtype=dtype))
        for frame in frames
    ]
