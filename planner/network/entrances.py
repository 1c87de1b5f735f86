"""Finds spans of different routes that enter a site on the same side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from planner.network.approaches import Approaches, BoolArray, FloatArray, IntArray, find_approaches

if TYPE_CHECKING:
    from planner.network.model import Network

MAX_SPANS = 300
"""Sites with more spans than this are not compared: such a point is no building."""

_TOLERANCE_M = 1e-6  # the reach is closed


@dataclass(frozen=True, slots=True, eq=False)
class Entrances:
    """Pairs of ways into one site that run together, the pairs of a site side by side.

    Parameters
    ----------
    approaches
        The ways in.
    first, second
        (p,) rows of `approaches`, of one site and of two routes, each pair of routes once per site: pairs of existing
        routes first, then those with a candidate; within these the smaller angle first.
    angle
        (p,) degrees between the bearings at which they leave.
    num_candidates
        (p,) how many of the two are candidates; where it is one, that is `second`.
    is_compared, is_crowded
        (s,) sites with two routes or more whose ways in were compared, and those with too many.
    has_one_side
        (s,) sites with two or more existing spans, all of them on one side.
    """

    approaches: Approaches
    first: IntArray
    second: IntArray
    angle: FloatArray
    num_candidates: IntArray
    is_compared: BoolArray
    is_crowded: BoolArray
    has_one_side: BoolArray

    @property
    def site(self) -> IntArray:
        """(p,) the site of each pair."""
        return self.approaches.site[self.first]

    def lengths_m(self, pairs: IntArray) -> FloatArray:
        """Over how many metres the first of each of these pairs runs beside the second, to about 1 %."""
        own = self.approaches
        first, second = self.first[pairs], self.second[pairs]
        beside = shapely.buffer(own.parts[second], own.reach_m[first] + own.reach_m[second] + _TOLERANCE_M)
        lengths: FloatArray = shapely.length(shapely.intersection(own.parts[first], beside))
        return lengths


def find_entrances(network: Network, radius_m: float, site_clearance_m: float) -> Entrances:
    """Find pairs of spans that enter a site on the same side.

    Two spans enter on the same side where, outside the surroundings of the building and before both have left its
    clearance, they come within the radius of a cut of each other, their accuracies added: then who digs up one may
    dig up the other. The surroundings of the building are what is within ``2 * (radius + 2 * accuracy)`` of it, so two
    straight ways enter on the same side where they leave at less than 29 degrees of each other; ways that set out
    together and part later do so too. Distances and bearings are true on the ground (in the plane with
    ``distances = "plane"``).

    Parameters
    ----------
    network
        Its existing spans and candidates count, but for hardened ones; of its sites the terminals.
    radius_m
        Radius of a cut; at least 1 m is taken.
    site_clearance_m
        How far from the site to look, and at least 4 radii and 50 m.
    """
    is_wanted, is_crowded = _find_wanted(network)
    ways = find_approaches(network, is_wanted, radius_m, site_clearance_m)
    first, second = _find_together(ways)
    is_candidate = network.spans["is_candidate"].to_numpy(dtype=bool)[ways.span]
    angle = np.abs((ways.bearing[first] - ways.bearing[second] + 180) % 360 - 180)
    num_candidates = is_candidate[first].astype(np.int64) + is_candidate[second]
    first, second = np.where(is_candidate[first], [second, first], [first, second])
    chosen = _choose_pairs(ways, first, second, angle, num_candidates)
    return Entrances(
        approaches=ways,
        first=first[chosen],
        second=second[chosen],
        angle=angle[chosen],
        num_candidates=num_candidates[chosen],
        is_compared=is_wanted,
        is_crowded=is_crowded,
        has_one_side=_has_one_side(network, ways, first, second, is_candidate),
    )


def _find_wanted(network: Network) -> tuple[BoolArray, BoolArray]:
    """(s,) terminals with spans of two routes or more: those to compare, and those with too many spans for that."""
    ends = network.spans[["a", "b"]].to_numpy(dtype=np.int64)
    route = np.repeat(network.spans["route"].to_numpy(dtype=np.int64), 2)
    num_sites = len(network.sites)
    routes_at = np.unique(ends.ravel() * len(network.routes) + route) // len(network.routes)
    is_wanted = network.sites["terminal"].to_numpy(dtype=bool) & (np.bincount(routes_at, minlength=num_sites) > 1)
    is_many = np.bincount(ends.ravel(), minlength=num_sites) > MAX_SPANS
    return is_wanted & ~is_many, is_wanted & is_many


def _find_together(ways: Approaches) -> tuple[IntArray, IntArray]:
    """Pairs of ways into one site, of two routes, that come within reach of each other."""
    apart = _put_sites_apart(ways)
    widest = ways.reach_m.max(initial=0.0)
    first, second = shapely.STRtree(apart).query(
        apart, predicate="dwithin", distance=ways.reach_m + widest + _TOLERANCE_M
    )
    is_pair = (first < second) & (ways.route[first] != ways.route[second])
    first, second = first[is_pair], second[is_pair]
    reach_m = ways.reach_m[first] + ways.reach_m[second] + _TOLERANCE_M
    is_near = shapely.distance(apart[first], apart[second]) <= reach_m
    return first[is_near].astype(np.int64), second[is_near].astype(np.int64)


def _put_sites_apart(ways: Approaches) -> NDArray[Any]:
    """The ways of all sites in one plane, each site in a square of its own, out of reach of the others."""
    place = np.unique(ways.site, return_inverse=True)[1]
    num_columns = int(np.ceil(np.sqrt(place.max(initial=0) + 1)))
    spacing_m = 2 * (ways.edge_m.max(initial=0.0) + ways.reach_m.max(initial=0.0)) + 1
    corner = spacing_m * np.column_stack(np.divmod(place, num_columns))
    xy, row = shapely.get_coordinates(ways.parts, return_index=True)
    apart: NDArray[Any] = shapely.set_coordinates(ways.parts.copy(), xy + corner[row])
    return apart


def _choose_pairs(
    ways: Approaches, first: IntArray, second: IntArray, angle: FloatArray, num_candidates: IntArray
) -> IntArray:
    """Each pair of routes once per site, in the order to name them."""
    routes = np.sort(np.column_stack([ways.route[first], ways.route[second]]), axis=1)
    order = np.lexsort(
        (second, first, routes[:, 1], routes[:, 0], np.round(angle, 6), num_candidates, ways.site[first])
    )
    keys = np.column_stack([ways.site[first], routes])[order]
    chosen: IntArray = order[np.sort(np.unique(keys, axis=0, return_index=True)[1])]
    return chosen


def _has_one_side(
    network: Network, ways: Approaches, first: IntArray, second: IntArray, is_candidate: BoolArray
) -> BoolArray:
    """(s,) true where all existing spans, hardened ones too, hang together by pairs, and there are two or more."""
    num_sites = len(network.sites)
    ends = network.spans[["a", "b"]].to_numpy(dtype=np.int64)[~network.spans["is_candidate"].to_numpy(dtype=bool)]
    num_existing = np.bincount(ends.ravel(), minlength=num_sites)
    is_existing = ~(is_candidate[first] | is_candidate[second])
    edges = (first[is_existing], second[is_existing])
    graph = coo_array((np.ones(len(edges[0])), edges), shape=(len(ways), len(ways)))
    side = connected_components(graph, directed=False)[1]
    sides_at = np.unique((ways.site * max(len(ways), 1) + side)[~is_candidate]) // max(len(ways), 1)
    num_sides = np.bincount(sides_at, minlength=num_sites)
    # a hardened span is no way that a cut takes: it counts as a side of its own
    num_sides += num_existing - np.bincount(ways.site[~is_candidate], minlength=num_sites)
    has_one: BoolArray = (num_existing > 1) & (num_sides == 1)
    return has_one
