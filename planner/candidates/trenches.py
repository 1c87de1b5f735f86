"""Finds where candidates would share a trench."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array

from planner.network import Network
from planner.network.trenches import Trenches
from planner.problem import FloatArray, IntArray

_PIECE_M = 50.0
_SHORTEST_KM = 0.25  # lines that merely cross are near each other too
_MM = 3


def with_trenches(network: Network, within_m: float, per_route: float) -> Network:
    """Say of a network where its candidates would share a trench.

    Parameters
    ----------
    network
        The network.
    within_m
        Lines this near each other, in metres, lie in one trench.
    per_route
        What of a route's cost is not for digging.

    Returns
    -------
    Network
        With `Network.trenches`.

    Notes
    -----
    Lines are looked at in pieces of at most 50 m, by their middles, so a trench may be found that much too long or too
    short at either end. Of routes that measure a shared stretch differently the shortest counts, and what comes to less
    than 250 m for the same routes is no trench.
    """
    candidates = np.flatnonzero(network.routes["status"] == "candidate")
    lines = network.routes.geometry.to_numpy()[candidates]
    true_m = network.routes["length_km"].to_numpy(dtype=np.float64)[candidates] * 1000
    ends, route = _to_pieces(lines)
    scale = true_m / np.maximum(shapely.length(lines), 1.0)
    length_km = np.hypot(*(ends[:, 1] - ends[:, 0]).T) * scale[route] / 1000
    places, piece = _find_distinct(ends)
    routes_of = _find_routes(places, piece, route, len(lines), within_m)
    found: dict[tuple[int, ...], float] = {}
    for routes, rows in _group(routes_of, piece).items():
        own_km = np.bincount(route[rows], length_km[rows], minlength=len(lines))
        if len(routes) > 1 and own_km[list(routes)].min() >= _SHORTEST_KM:
            found[tuple(candidates[list(routes)].tolist())] = float(own_km[list(routes)].min())
    kept = sorted(found)
    return replace(network, trenches=Trenches(tuple(kept), tuple(found[routes] for routes in kept), per_route))


def _to_pieces(lines: NDArray[Any]) -> tuple[FloatArray, IntArray]:
    """Ends of the pieces (p, 2, 2), the lesser first, and the line of each."""
    xy, line = shapely.get_coordinates(lines, return_index=True)
    is_segment = line[1:] == line[:-1]
    start, end, owner = xy[:-1][is_segment], xy[1:][is_segment], line[1:][is_segment]
    is_back = (start[:, 0] > end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1]))
    start, end = np.where(is_back[:, None], end, start), np.where(is_back[:, None], start, end)
    num = np.maximum(1, np.ceil(np.hypot(*(end - start).T) / _PIECE_M)).astype(np.int64)
    segment = np.repeat(np.arange(len(num)), num)
    step = np.arange(len(segment)) - np.repeat(np.cumsum(num) - num, num)
    low, high = (step / num[segment])[:, None], ((step + 1) / num[segment])[:, None]
    along = (end - start)[segment]
    return np.stack([start[segment] + low * along, start[segment] + high * along], axis=1), owner[segment]


def _find_distinct(ends: FloatArray) -> tuple[FloatArray, IntArray]:
    """Pieces that differ by a millimetre or more, as `ends`, and which of them each piece is."""
    _, first, number = np.unique(np.round(ends, _MM).reshape(-1, 4), axis=0, return_index=True, return_inverse=True)
    return ends[first], number.ravel()


def _find_routes(
    places: FloatArray, piece: IntArray, route: IntArray, num_routes: int, within_m: float
) -> list[tuple[int, ...]]:
    """Per distinct piece the routes that come near its middle, ascending."""
    num = len(places)
    lying = csr_array((np.ones(len(piece), dtype=np.int32), (piece, route)), shape=(num, num_routes))
    segments: NDArray[Any] = np.asarray(shapely.linestrings(places))
    tree = shapely.STRtree(segments)
    middle, near = tree.query(shapely.points(places.mean(axis=1)), predicate="dwithin", distance=within_m)
    beside = csr_array((np.ones(len(near), dtype=np.int32), (middle, near)), shape=(num, num)) @ lying
    beside.sort_indices()
    return [tuple(row.tolist()) for row in np.split(beside.indices, beside.indptr[1:-1])]


def _group(routes_of: list[tuple[int, ...]], piece: IntArray) -> dict[tuple[int, ...], IntArray]:
    """Sets of routes to the pieces, doubles counted, that have them beside them."""
    number_of = {routes: number for number, routes in enumerate(sorted(set(routes_of)))}
    number = np.array([number_of[routes] for routes in routes_of], dtype=np.int64)[piece]
    order = np.argsort(number, kind="stable")
    parts = np.split(order, np.cumsum(np.bincount(number, minlength=len(number_of)))[:-1])
    return dict(zip(number_of, parts, strict=True))
