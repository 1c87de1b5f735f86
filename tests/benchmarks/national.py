"""Synthetic national networks: seeded towns, Delaunay candidates, a tree with some rings as what exists, trenches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial import Delaunay, cKDTree

from planner.problem import BoolArray, FloatArray, IntArray, Problem, Rows

_SIDE_KM = 1000.0
_TRENCH_SIZES = (2, 7)  # spans in one trench: from, to before


def to_national(
    num_sites: int,
    cuts: int,
    *,
    seed: int = 1,
    trench_share: float = 0.0,
    ring_share: float = 0.15,
    num_nearest: int = 0,
    sites_per_region: int = 1,
    reach: Literal["any", "all"] = "any",
    level_shares: Sequence[float] = (),
) -> Problem:
    """A country of random towns whose regions must stay connected.

    Parameters
    ----------
    num_sites
        Number of towns. There are three times as many spans, less a few.
    cuts
        Level that every region requires.
    seed
        Of the random numbers.
    trench_share
        Share of the towns at which two to six neighbouring spans leave in one trench: as many as leave a town of that
        many spans its level, where one trench can be all that a cut takes there.
    ring_share
        Existing spans beyond a spanning tree, as a share of the number of towns; -1 for a network from nothing.
    num_nearest
        Every town also has candidates to so many nearest towns; where Delaunay's alone do not suffice for the level.
    sites_per_region
        Towns per region, on average; 1 makes every town its own region.
    reach
        Whether any one site of a region must be held, or all.
    level_shares
        Shares of the regions that require 0, 1, ... cuts, at random, in place of `cuts` for all.
    """
    rng = np.random.default_rng(seed)
    places = rng.random((num_sites, 2)) * _SIDE_KM
    ends = to_candidate_ends(places, num_nearest)
    length_km = np.hypot(*(places[ends[:, 0]] - places[ends[:, 1]]).T)
    region_of_site = _regions(places, sites_per_region, rng)
    return Problem(
        num_sites=num_sites,
        span_ends=ends,
        route_of_span=np.arange(len(ends)),
        route_cost=np.round(length_km, 1),
        is_candidate=~_existing(ends, length_km, num_sites, ring_share, rng),
        groups=_trenches(places, ends, int(trench_share * num_sites), cuts, rng),
        route_length_km=length_km,
        **_requirements(region_of_site, reach, cuts, level_shares, rng),
    )


def to_candidate_ends(places: FloatArray, num_nearest: int = 0) -> IntArray:
    """(m, 2) ascending pairs of sites that Delaunay's triangles, or being near, join; sorted."""
    triangles = Delaunay(places).simplices
    pairs = [triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [0, 2]]]
    if num_nearest:
        near = cKDTree(places).query(places, k=num_nearest + 1)[1][:, 1:]
        pairs.append(np.column_stack((np.repeat(np.arange(len(places)), num_nearest), near.ravel())))
    return np.unique(np.sort(np.concatenate(pairs), axis=1), axis=0).astype(np.int64)


def to_tree(ends: IntArray, weight: FloatArray, num_sites: int) -> BoolArray:
    """(m,) whether each span is in the spanning tree of least weight."""
    tree = minimum_spanning_tree(csr_matrix((weight, (ends[:, 0], ends[:, 1])), shape=(num_sites, num_sites))).tocoo()
    chosen = np.sort(np.column_stack((tree.row, tree.col)), axis=1)
    key = ends[:, 0] * num_sites + ends[:, 1]
    return np.isin(key, chosen[:, 0].astype(np.int64) * num_sites + chosen[:, 1])


def _existing(
    ends: IntArray, length_km: FloatArray, num_sites: int, ring_share: float, rng: np.random.Generator
) -> BoolArray:
    if ring_share < 0:
        return np.zeros(len(ends), dtype=np.bool_)
    is_existing = to_tree(ends, length_km * (0.5 + rng.random(len(ends))), num_sites)
    spare = np.flatnonzero(~is_existing)
    is_existing[rng.choice(spare, int(ring_share * num_sites), replace=False)] = True
    return is_existing


def _trenches(places: FloatArray, ends: IntArray, num_towns: int, cuts: int, rng: np.random.Generator) -> Rows:
    """Per town chosen, spans that follow one another clockwise around it."""
    site, other = ends.T.ravel(), ends[:, ::-1].T.ravel()
    span = np.tile(np.arange(len(ends)), 2)
    east, north = (places[other] - places[site]).T
    clockwise = np.lexsort((span, np.arctan2(east, north), site))
    degree = np.bincount(site, minlength=len(places))
    first = np.concatenate(([0], np.cumsum(degree)[:-1]))
    towns = np.sort(rng.choice(len(places), num_towns, replace=False))
    sizes = np.minimum(rng.integers(*_TRENCH_SIZES, size=num_towns), degree[towns] - cuts)
    towns, sizes = towns[sizes > 1], sizes[sizes > 1]
    starts = np.concatenate(([0], np.cumsum(sizes)))
    town = np.repeat(towns, sizes)
    step = np.arange(starts[-1]) - np.repeat(starts[:-1], sizes) + np.repeat(rng.integers(0, 100, len(towns)), sizes)
    spans = span[clockwise[first[town] + step % degree[town]]]
    return Rows.group(np.repeat(np.arange(len(towns)), sizes), spans, len(towns))


def _regions(places: FloatArray, sites_per_region: int, rng: np.random.Generator) -> IntArray:
    """(n,) the region of each town: that of the nearest of some towns."""
    num_regions = len(places) // sites_per_region
    if num_regions == len(places):
        return np.arange(len(places))
    capitals = np.sort(rng.choice(len(places), num_regions, replace=False))
    nearest: NDArray[np.int64] = cKDTree(places[capitals]).query(places)[1]
    return nearest


def _requirements(
    region_of_site: IntArray, reach: str, cuts: int, level_shares: Sequence[float], rng: np.random.Generator
) -> dict[str, Any]:
    num_sites, num_regions = len(region_of_site), int(region_of_site.max()) + 1
    levels = np.full(num_regions, cuts)
    if level_shares:
        levels = rng.choice(len(level_shares), num_regions, p=np.array(level_shares) / sum(level_shares))
    by_site = reach == "all"
    region_of = region_of_site if by_site else np.arange(num_regions)
    rows = np.arange(num_sites) if by_site else region_of_site
    return {
        "terminals": Rows.group(rows, np.arange(num_sites), len(region_of)),
        "required_cuts": levels[region_of],
        "region_of": region_of,
        "region_weight": rng.integers(1, 1000, num_regions),
    }
