"""Lays lines where there is no corridor: straight over the ground, around what is forbidden."""

from __future__ import annotations

import hashlib
from collections.abc import Set as AbstractSet
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from planner.candidates.lay import RouteLayer
from planner.candidates.model import FREE
from planner.candidates.neighbours import find_neighbours
from planner.candidates.zones import read_shapes, to_disjoint
from planner.network.costs import find_prices
from planner.network.model import Network
from planner.network.notes import Notes
from planner.network.ruler import GEOD, LONLAT, Ruler, find_transformer
from planner.problem import FloatArray
from planner.study import Study

# corners of forbidden zones are passed at this distance, and drawn this roughly
_OFF_M = 100.0
# a straight line over the ground has a vertex at least so often
_STEP_M = 50_000.0

type Rows = list[dict[str, object]]


def lay_free(
    joined: AbstractSet[tuple[int, int]], layer: RouteLayer, network: Network, study: Study
) -> tuple[Rows, list[Any]]:
    """Lay a line between all neighbours that no corridor joins.

    Parameters
    ----------
    joined
        Pairs of sites that have a route.
    layer
        Knows the sites and the spans that exist.
    network, study
        As they are; the price per km is that of the kind ``free``.

    Returns
    -------
    rows, lines
        As `propose_routes` has them.
    """
    settings, ruler = study.candidates, Ruler(network.crs, network.is_planar)
    obstacles = _read_obstacles(study, network)
    pairs = find_neighbours(
        layer.finder, layer.site_xy, settings.neighbours, settings.max_apart_km * 1000, settings.detour
    )
    site_ids = network.sites["site_id"].tolist()
    price = find_prices(study).get(FREE, max(find_prices(study).values(), default=0.0))
    rows: Rows = []
    lines: list[Any] = []
    for a, b in pairs:
        way = None if (a, b) in joined else find_way_around(layer.site_xy[[a, b]], obstacles)
        if way is None:
            continue
        line = _to_great_circles(way, network) if not network.is_planar else shapely.LineString(way)
        length_m = float(ruler.lengths_m(np.array([line]))[0])
        course = hashlib.sha256(np.round(way).astype("<i8").tobytes()).hexdigest()[:8]
        cost = round(price * length_m / 1000 + study.costs.per_route, 2)
        names = {"id": f"{site_ids[a]}-{site_ids[b]}-{course}", "a": site_ids[a], "b": site_ids[b]}
        rows.append({**names, "kind": FREE, "cost": cost, "reason": "no corridor"})
        lines.append(line)
    return rows, lines


def find_way_around(ends: FloatArray, obstacles: NDArray[Any]) -> FloatArray | None:
    """The shortest way between two places past the corners of polygons.

    Parameters
    ----------
    ends
        (2, 2) the places.
    obstacles
        Polygons that do not overlap.

    Returns
    -------
    ndarray or None
        (v, 2) its vertices; None where there is no way, as from inside of a polygon.

    Notes
    -----
    Shortest ways past polygons turn at their corners only (the visibility graph of Lozano-Pérez and Wesley, 1979).
    """
    straight = shapely.LineString(ends)
    tree = shapely.STRtree(obstacles)
    in_way = _find_in_way(tree, obstacles, straight)
    if not len(in_way):
        return ends
    corners = np.concatenate(
        [ends, shapely.get_coordinates(shapely.buffer(obstacles[in_way], _OFF_M, join_style="mitre"))]
    )
    one, other = np.triu_indices(len(corners), 1)
    sights = np.array(shapely.linestrings(np.stack([corners[one], corners[other]], axis=1)), dtype=object)
    sight, _ = tree.query(sights, predicate="intersects")
    is_clear = np.ones(len(sights), dtype=bool)
    is_clear[sight] = False
    one, other, length_m = one[is_clear], other[is_clear], shapely.length(sights[is_clear])
    graph = csr_array((length_m, (one, other)), shape=(len(corners), len(corners)))
    away, before = dijkstra(graph, directed=False, indices=0, return_predecessors=True)
    if not np.isfinite(away[1]):
        return None
    way = [1]
    while way[-1] != 0:
        way.append(int(before[way[-1]]))
    return corners[way[::-1]]


def _find_in_way(tree: shapely.STRtree, obstacles: NDArray[Any], straight: Any) -> NDArray[np.int64]:
    """Obstacles on the straight line, and all that lie within their reach: a way around one may meet the next."""
    found = tree.query(straight, predicate="intersects")
    while len(found):
        reach = shapely.union_all([straight, *shapely.envelope(obstacles[found])]).convex_hull
        more = tree.query(reach, predicate="intersects")
        if len(more) == len(found):
            break
        found = more
    return np.sort(found)


def _read_obstacles(study: Study, network: Network) -> NDArray[Any]:
    notes = Notes()
    shapes = [
        read_shapes(study, zone.file, network.crs, notes, are_lines=False)
        for zone in study.costs.zones
        if zone.forbidden
    ]
    notes.faults.raise_if_any()
    together = to_disjoint(np.concatenate([np.zeros(0, dtype=object), *shapes]))
    return np.asarray(shapely.simplify(together, _OFF_M / 4), dtype=object)


def _to_great_circles(way: FloatArray, network: Network) -> shapely.LineString:
    """The geodesics between vertices, drawn with vertices often enough."""
    to_crs = find_transformer(LONLAT, network.crs)
    lonlat = Ruler(network.crs, False).to_lonlat(way)
    parts = [way[:1]]
    for start, end, place in zip(lonlat[:-1], lonlat[1:], way[1:], strict=True):
        num = int(GEOD.inv(start[0], start[1], end[0], end[1])[2] // _STEP_M)
        inner = np.array(GEOD.npts(start[0], start[1], end[0], end[1], num), dtype=np.float64).reshape(-1, 2)
        parts += [np.column_stack(to_crs.transform(inner[:, 0], inner[:, 1])), place[None]]
    return shapely.LineString(np.concatenate(parts))
