"""Finds between which sites routes are worth laying."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
from scipy.spatial import Delaunay, QhullError

from planner.candidates.paths import PathFinder
from planner.problem import FloatArray


def find_neighbours(
    finder: PathFinder, site_xy: FloatArray, num_nearest: int, max_m: float, detour: float
) -> list[tuple[int, int]]:
    """Pairs of sites that are neighbours in the Delaunay triangulation, or among each other's nearest along corridors.

    Parameters
    ----------
    finder
        The corridors.
    site_xy
        (s, 2) where the sites are.
    num_nearest
        How many of the nearest count.
    max_m
        How far apart two sites may be.
    detour
        How many times as far the way along corridors may be.

    Returns
    -------
    list
        Pairs of rows of sites, the lower first, sorted; those that corridors do not reach are in it too.
    """
    pairs = _find_delaunay(site_xy)
    sites = np.array(sorted(finder.junction_of), dtype=np.int64)
    junctions = np.array([finder.junction_of[site] for site in sites.tolist()], dtype=np.int64)
    away_m = finder.find_lengths_m(junctions, max_m * detour)
    np.fill_diagonal(away_m, np.inf)
    nearest = np.argsort(away_m, axis=1, kind="stable")[:, :num_nearest]
    for row, others in enumerate(nearest.tolist()):
        reached = [other for other in others if np.isfinite(away_m[row, other])]
        ends = [(int(sites[row]), int(sites[other])) for other in reached]
        pairs |= {(min(pair), max(pair)) for pair in ends}
    return [pair for pair in sorted(pairs) if np.hypot(*(site_xy[pair[0]] - site_xy[pair[1]])) <= max_m]


def _find_delaunay(site_xy: FloatArray) -> set[tuple[int, int]]:
    try:
        corners = Delaunay(site_xy).simplices.tolist()
    except (QhullError, ValueError):
        # too few, or all in one line: each with the next along it
        order = np.lexsort((site_xy[:, 1], site_xy[:, 0])).tolist()
        corners = [list(pair) for pair in pairwise(order)]
    return {(min(pair), max(pair)) for some in corners for pair in combinations(some, 2)}
