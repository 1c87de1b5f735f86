"""Geometry as RFC 7946 wants it: longitude and latitude, cut at the antimeridian, rounded, wound to the right."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely import LineString, MultiLineString, MultiPolygon, Polygon, affinity

from planner.result.frames.cuts import DECIMALS

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

_SHIFTS = (-360, 0, 360)


def to_lonlat(geometry: gpd.GeoSeries) -> list[BaseGeometry | None]:
    """WGS84 geometry with seven decimals.

    Parameters
    ----------
    geometry
        Points, lines and polygons of one CRS; missing ones are allowed.

    Returns
    -------
    list
        One geometry per row; None for what is missing, empty or outside the domain of the CRS.
    """
    shapes = geometry.to_crs("EPSG:4326").to_numpy(dtype=object)
    shapes[_find_placeless(shapes)] = None
    bounds = shapely.bounds(shapes)
    for row in np.flatnonzero(bounds[:, 2] - bounds[:, 0] > 180):
        shapes[row] = _cut_parts(shapely.force_2d(shapes[row]))
    # adding zero turns -0.0 into 0.0
    rounded = shapely.transform(shapely.force_2d(shapes), lambda points: np.round(points, DECIMALS) + 0.0)
    return list(shapely.orient_polygons(rounded))


def _find_placeless(shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    """True for what is missing, empty or nowhere on Earth."""
    points, rows = shapely.get_coordinates(shapes, return_index=True)
    placeless: NDArray[np.bool_] = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    placeless[rows[~np.isfinite(points).all(axis=1)]] = True
    return placeless


def _cut_parts(shape: BaseGeometry) -> Any:
    """The shape in pieces that do not cross the antimeridian."""
    if shape.geom_type not in ("LineString", "MultiLineString", "Polygon", "MultiPolygon"):
        return shape
    cut = [piece for part in getattr(shape, "geoms", [shape]) for piece in _cut_part(part)]
    if len(cut) == 1:
        return cut[0]
    return MultiPolygon(cut) if isinstance(cut[0], Polygon) else MultiLineString(cut)


def _cut_part(part: Any) -> list[Any]:
    return _cut_polygon(part) if part.geom_type == "Polygon" else _cut_line(_unwrap(part.coords))


def _cut_line(points: NDArray[np.float64]) -> list[LineString]:
    """Pieces of a line; an overlay would also cut it where it crosses itself, and lose what runs along 180 degrees."""
    pieces: list[list[tuple[float, float]]] = []
    turn = 0
    for start, end in pairwise(_insert_crossings(points)):
        is_along = start[0] == end[0] and (start[0] - 180) % 360 == 0
        turn_here = turn if is_along and pieces else math.floor((start[0] + end[0] + 360) / 720)
        if not pieces or turn_here != turn:
            turn = turn_here
            pieces.append([(start[0] - 360 * turn, start[1])])
        pieces[-1].append((end[0] - 360 * turn, end[1]))
    return [LineString(piece) for piece in pieces]


def _insert_crossings(points: NDArray[np.float64]) -> Iterator[tuple[float, float]]:
    """The points, and those where the line crosses the antimeridian: no step is longer than half a turn."""
    yield float(points[0, 0]), float(points[0, 1])
    for (x, y), (next_x, next_y) in pairwise(points.tolist()):
        edge = 180 + 360 * math.floor((x + next_x) / 720)
        if min(x, next_x) < edge < max(x, next_x):
            yield edge, y + (next_y - y) * (edge - x) / (next_x - x)
        yield next_x, next_y


def _cut_polygon(polygon: Polygon) -> list[Polygon]:
    unwrapped = _to_unwrapped_polygon(polygon)
    west, _, east, _ = unwrapped.bounds
    if west >= -180 and east <= 180:
        return [unwrapped]
    return [
        affinity.translate(piece, xoff=-shift)
        for shift in _SHIFTS
        for piece in shapely.get_parts(unwrapped.intersection(shapely.box(-180 + shift, -90, 180 + shift, 90)))
        if isinstance(piece, Polygon) and not piece.is_empty
    ]


def _unwrap(points: Any) -> NDArray[np.float64]:
    """Let longitudes run on past 180 degrees where the line does."""
    unwrapped = np.array(points, dtype=np.float64)
    unwrapped[:, 0] = np.unwrap(unwrapped[:, 0], period=360)
    return unwrapped


def _to_unwrapped_polygon(polygon: Polygon) -> Polygon:
    shell = _unwrap(polygon.exterior.coords)
    if shell[0, 0] != shell[-1, 0]:  # it goes round a pole: no cut makes that two plain halves
        return polygon
    holes = [_unwrap(hole.coords) for hole in polygon.interiors]
    for hole in holes:
        turns = np.round((np.mean(_extent(shell)) - np.mean(_extent(hole))) / 360)
        hole[:, 0] += 360 * turns
    return Polygon(shell, holes)


def _extent(ring: NDArray[np.float64]) -> tuple[float, float]:
    return float(ring[:, 0].min()), float(ring[:, 0].max())
