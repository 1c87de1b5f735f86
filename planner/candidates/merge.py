"""Junctions that lie near each other taken as one."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from planner.candidates.graph import Chains
from planner.problem import FloatArray, IntArray


def merge_junctions(chains: Chains, xy: FloatArray, sites: IntArray, merge_m: float) -> Chains:
    """Take junctions that lie within a distance of a busier one as that one, and lead their lines there.

    Parameters
    ----------
    chains
        Ways between junctions.
    xy
        (n, 2) where the vertices are.
    sites
        (s,) vertices of sites, which stay as they are; -1 for none.
    merge_m
        The distance; at 0 nothing changes.

    Returns
    -------
    Chains
        Without the ways that both began and ended there.
    """
    if not merge_m:
        return chains
    stands_for = _find_stand_ins(chains, xy, sites, merge_m)
    ends = stands_for[chains.ends]
    is_left = ends[:, 0] != ends[:, 1]
    lines = _lead(chains.lines[is_left], xy[ends[is_left]])
    return Chains(ends[is_left], chains.kind[is_left], lines)


def _find_stand_ins(chains: Chains, xy: FloatArray, sites: IntArray, merge_m: float) -> IntArray:
    """(n,) the junction that each is taken as: the busiest first takes all within the distance that are free."""
    degree = np.bincount(chains.ends.ravel(), minlength=len(xy))
    degree[sites[sites >= 0]] = 0
    junctions = np.flatnonzero(degree)
    order = np.lexsort((xy[junctions, 1], xy[junctions, 0], -degree[junctions]))
    near = cKDTree(xy[junctions]).query_ball_point(xy[junctions], merge_m)
    stands_for = np.arange(len(xy))
    is_free = np.ones(len(junctions), dtype=bool)
    for row in order.tolist():
        if is_free[row]:
            taken = [other for other in near[row] if is_free[other]]
            is_free[taken] = False
            stands_for[junctions[taken]] = junctions[row]
    return stands_for


def _lead(lines: NDArray[Any], ends_xy: FloatArray) -> NDArray[Any]:
    """Lines with their first and last vertex moved, so that they meet in the middle of what was merged."""
    coordinates, line = shapely.get_coordinates(lines, return_index=True)
    first = np.searchsorted(line, np.arange(len(lines)))
    last = np.append(first[1:], len(line)) - 1
    coordinates[first], coordinates[last] = ends_xy[:, 0], ends_xy[:, 1]
    return np.asarray(shapely.linestrings(coordinates, indices=line))
