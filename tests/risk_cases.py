"""Networks made of lines alone, and the slow and obvious way to find what one disc hits."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from shapely import LineString

from planner.network.model import Network

type Sets = set[frozenset[int]]


def to_network(
    lines: Sequence[LineString],
    *,
    crs: Any = 2154,
    is_planar: bool = True,
    hardened: Sequence[int] = (),
    route: Sequence[int] | None = None,
    **columns: Sequence[Any],
) -> Network:
    """Each line a span, its ends sites; ends at the same place are the same site. `columns` are of the routes."""
    reference, places = CRS.from_user_input(crs), [line.coords[end] for line in lines for end in (0, -1)]
    index = {place: number for number, place in enumerate(sorted(set(places)))}
    route_of_span = np.arange(len(lines)) if route is None else np.array(route)
    num_routes = int(route_of_span.max(initial=-1)) + 1
    is_cuttable = ~np.isin(np.arange(len(lines)), np.array(hardened, dtype=int))
    spans = {
        "span_id": [f"S{number:04d}" for number in range(len(lines))],
        "route": route_of_span,
        "route_id": [f"R{number:04d}" for number in route_of_span],
        "a": [index[place] for place in places[::2]],
        "b": [index[place] for place in places[1::2]],
        "is_candidate": False,
        "is_cuttable": is_cuttable,
    }
    routes = {"route_id": [f"R{number:04d}" for number in range(num_routes)], **columns}
    shapes = [lines[int(np.flatnonzero(route_of_span == number)[0])] for number in range(num_routes)]
    return Network(
        crs=reference,
        is_planar=is_planar,
        sites=gpd.GeoDataFrame(
            {"site_id": [f"s{number}" for number in range(len(index))]},
            geometry=[shapely.Point(place) for place in index],
            crs=reference,
        ),
        routes=gpd.GeoDataFrame(routes, geometry=shapes, crs=reference),
        spans=gpd.GeoDataFrame(spans, geometry=list(lines), crs=reference),
        regions=gpd.GeoDataFrame(geometry=[], crs=reference),
        reach="any",
    )


def find_sets_by_rims(lines: Sequence[LineString], radius_m: float) -> Sets:
    """Maximal sets by trying every point where circles around vertices and offset segments meet, and one of each.

    Every cell of the arrangement of these curves has such a point on its rim, so none is missed.
    """
    reach = radius_m + 2e-7
    points = _meeting_points(lines, reach)
    distance = shapely.distance(shapely.points(points)[:, None], np.array(lines, dtype=object)[None, :])
    hits = np.unique(distance <= reach + 2e-7, axis=0)
    return keep_maximal({frozenset(np.flatnonzero(row).tolist()) for row in hits})


def keep_maximal(sets: Sets) -> Sets:
    return {one for one in sets if one and not any(one < other for other in sets)}


def _meeting_points(lines: Sequence[LineString], reach: float) -> NDArray[np.float64]:
    vertices = np.unique(np.concatenate([shapely.get_coordinates(line) for line in lines]), axis=0)
    sides = [side for line in lines for side in _sides(shapely.get_coordinates(line), reach)]
    found = [vertices + offset for offset in reach * np.array([[0, 0], [1, 0], [-1, 0], [0, 1], [0, -1]])]
    found += [start[None] for start, _ in sides]
    for (start, along), (other, across) in combinations(sides, 2):
        sine = along[0] * across[1] - along[1] * across[0]
        if abs(sine) > 1e-12:
            gap = other - start
            found.append((start + (gap[0] * across[1] - gap[1] * across[0]) / sine * along)[None])
    for start, along in sides:
        gap = vertices - start
        foot, height = gap @ along, gap @ np.array([-along[1], along[0]])
        is_met = np.abs(height) <= reach
        half = np.sqrt(reach**2 - height[is_met] ** 2)
        found += [start + (foot[is_met] + sign * half)[:, None] * along for sign in (-1, 1)]
    one, other = np.triu_indices(len(vertices), 1)
    gap = vertices[other] - vertices[one]
    is_met = np.hypot(*gap.T) <= 2 * reach
    middle, gap = (vertices[one] + vertices[other])[is_met] / 2, gap[is_met]
    length = np.hypot(*gap.T)
    height = np.sqrt(np.maximum(reach**2 - length**2 / 4, 0))[:, None]
    across = np.column_stack([-gap[:, 1], gap[:, 0]]) / length[:, None]
    return np.concatenate([*found, middle + height * across, middle - height * across])


def _sides(xy: NDArray[np.float64], reach: float) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    sides = []
    for start, end in pairwise(xy):
        length = float(np.hypot(*(end - start)))
        if length:
            along = (end - start) / length
            sides += [(start + sign * reach * np.array([-along[1], along[0]]), along) for sign in (-1, 1)]
    return sides
