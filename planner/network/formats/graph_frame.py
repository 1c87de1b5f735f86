"""Turns the nodes and links of a graph into sites, or into routes that name their ends."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from planner.network.columns import to_objects
from planner.network.formats.source import LONLAT_CRS, FormatError, Raw, Source


@dataclass(frozen=True)
class Node:
    """A node: where it is, as far as the file says, and its other columns."""

    id: str
    x: Any
    y: Any
    cells: dict[str, Any]


@dataclass(frozen=True)
class Link:
    """A link between two nodes; it may have no id of its own."""

    id: str | None
    a: str
    b: str
    cells: dict[str, Any]


def to_raw(nodes: list[Node], links: list[Link], source: Source) -> Raw:
    """The part of a graph that is wanted.

    Links without an id are called after their ends, smaller id first, with ``#2``, ``#3``, … where there are several.
    """
    if source.part == "routes":
        return Raw(_to_link_frame(links), is_schematic=True)
    if source.part == "regions":
        raise FormatError("is a graph and holds no polygons", "give the regions as polygons")
    columns = _to_columns([{"id": node.id, **node.cells} for node in nodes])
    points = [_to_point(node) for node in nodes]
    return Raw(gpd.GeoDataFrame(columns, geometry=points, crs=source.crs or LONLAT_CRS))


def _to_link_frame(links: list[Link]) -> pd.DataFrame:
    own = Counter(link.id for link in links)
    met: Counter[str] = Counter()
    rows = []
    for link in links:
        one = link.id if link.id is not None and own[link.id] == 1 else "-".join(sorted((link.a, link.b)))
        met[one] += 1
        rows.append({"id": one if met[one] == 1 else f"{one}#{met[one]}", "a": link.a, "b": link.b, **link.cells})
    return pd.DataFrame(_to_columns(rows, ("id", "a", "b")))


def _to_columns(rows: list[dict[str, Any]], first: tuple[str, ...] = ("id",)) -> dict[str, pd.Series]:
    names = dict.fromkeys([*first, *(name for row in rows for name in row)])
    return {name: to_objects([row.get(name) for row in rows]) for name in names}


def _to_point(node: Node) -> Any:
    """The node's place; None where it has none, infinite numbers as they are for the checks to find."""
    try:
        x, y = float(node.x), float(node.y)
    except (TypeError, ValueError, OverflowError):
        return None
    return None if math.isnan(x) or math.isnan(y) else shapely.Point(x, y)
