"""Synthetic national networks: seeded, Delaunay candidates, a tree with some rings as what exists, trenches."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial import Delaunay

from planner.problem import Problem


def to_national(
    num_sites: int, cuts: int, *, seed: int = 1, trench_share: float = 0.0, ring_share: float = 0.15
) -> Problem:
    """A country of random towns, each of which must stay connected.

    Parameters
    ----------
    num_sites
        Number of towns.
    cuts
        Level that every town requires.
    seed
        Of the random numbers.
    trench_share
        Share of the towns at which two spans leave in one trench.
    ring_share
        Existing spans beyond a spanning tree, as a share of the number of towns; -1 for a network from nothing.
    """
    rng = np.random.default_rng(seed)
    places = rng.random((num_sites, 2)) * 1000
    triangles = Delaunay(places).simplices
    sides = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [0, 2]]])
    ends = np.unique(np.sort(sides, axis=1), axis=0)
    length = np.hypot(*(places[ends[:, 0]] - places[ends[:, 1]]).T)
    is_existing = _tree(ends, length * (0.5 + rng.random(len(ends))), num_sites)
    spare = np.flatnonzero(~is_existing)
    is_existing[rng.choice(spare, max(0, int(ring_share * num_sites)), replace=False)] = True
    if ring_share < 0:
        is_existing[:] = False
    return Problem(
        num_sites=num_sites,
        span_ends=ends,
        route_of_span=np.arange(len(ends)),
        route_cost=np.round(length, 1),
        is_candidate=~is_existing,
        groups=_trenches(ends, num_sites, trench_share, rng),
        terminals=[[site] for site in range(num_sites)],
        required_cuts=np.full(num_sites, cuts),
        route_length_km=length,
    )


def _tree(ends: np.ndarray, weight: np.ndarray, num_sites: int) -> np.ndarray:
    tree = minimum_spanning_tree(csr_matrix((weight, (ends[:, 0], ends[:, 1])), shape=(num_sites, num_sites))).tocoo()
    chosen = np.sort(np.column_stack((tree.row, tree.col)), axis=1)
    key = ends[:, 0] * num_sites + ends[:, 1]
    return np.isin(key, chosen[:, 0].astype(np.int64) * num_sites + chosen[:, 1])


def _trenches(ends: np.ndarray, num_sites: int, share: float, rng: np.random.Generator) -> list[list[int]]:
    at_site: list[list[int]] = [[] for _ in range(num_sites)]
    for span, (a, b) in enumerate(ends.tolist()):
        at_site[a].append(span)
        at_site[b].append(span)
    towns = rng.choice(num_sites, int(share * num_sites), replace=False)
    return [rng.choice(at_site[town], 2, replace=False).tolist() for town in towns if len(at_site[town]) >= 4]
