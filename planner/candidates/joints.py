"""What the planner draws itself: over gaps, between layers of corridors, from sites to corridors."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from planner.candidates.graph import VertexGraph
from planner.problem import FloatArray, IntArray

_NUM_DIRECTIONS = 6


def find_gaps(graph: VertexGraph, gap_m: float) -> IntArray:
    """(g, 2) vertices: each end of a line that breaks off, and the nearest vertex of another line within reach."""
    ends = np.flatnonzero(graph.degree == 1)
    if not len(ends) or not gap_m:
        return np.zeros((0, 2), dtype=np.int64)
    line_of = np.full(len(graph.xy), -1)
    line_of[graph.ends.ravel()] = np.repeat(graph.line, 2)
    beside = np.full(len(graph.xy), -1)
    beside[graph.ends] = graph.ends[:, ::-1]
    is_shared = graph.degree > 2
    found = []
    for end, near in zip(ends.tolist(), cKDTree(graph.xy).query_ball_point(graph.xy[ends], gap_m), strict=True):
        others = np.array([v for v in sorted(near) if is_shared[v] or line_of[v] != line_of[end]], dtype=np.int64)
        if len(others):
            away = np.hypot(*(graph.xy[others] - graph.xy[end]).T)
            nearest = int(others[np.argmin(away)])
            if nearest != beside[end]:
                found.append((min(end, nearest), max(end, nearest)))
    return np.array(sorted(set(found)), dtype=np.int64).reshape(-1, 2)


def find_connectors(graph: VertexGraph, connect_m: float, every_m: float) -> IntArray:
    """(c, 2) vertices of two layers that lie near each other, the nearest first, no two pairs near each other."""
    layers = np.unique(graph.layer[graph.layer >= 0]).tolist()
    vertices = {layer: np.unique(graph.ends[graph.layer == layer]) for layer in layers}
    found: list[tuple[int, int]] = []
    for rank, one in enumerate(layers):
        for other in layers[rank + 1 :]:
            found += _connect(graph.xy, vertices[one], vertices[other], connect_m, every_m)
    return np.array(found, dtype=np.int64).reshape(-1, 2)


def _connect(
    xy: FloatArray, some: IntArray, others: IntArray, connect_m: float, every_m: float
) -> list[tuple[int, int]]:
    away, nearest = cKDTree(xy[others]).query(xy[some], distance_upper_bound=connect_m)
    rows = np.flatnonzero(np.isfinite(away))
    rows = rows[np.lexsort((some[rows], away[rows]))]
    taken: dict[tuple[int, int], list[FloatArray]] = {}
    found = []
    for row in rows.tolist():
        a, b = int(some[row]), int(others[nearest[row]])
        middle = (xy[a] + xy[b]) / 2
        x, y = (int(cell) for cell in np.floor(middle / max(every_m, 1.0)))
        beside = [place for i in (-1, 0, 1) for j in (-1, 0, 1) for place in taken.get((x + i, y + j), ())]
        if a != b and all(np.hypot(*(middle - place)) > every_m for place in beside):
            taken.setdefault((x, y), []).append(middle)
            found.append((a, b))
    return found


def find_accesses(graph: VertexGraph, sites: FloatArray, attach_m: float) -> tuple[IntArray, FloatArray]:
    """Lead sites to corridors.

    Parameters
    ----------
    graph
        The corridors.
    sites
        (s, 2) where the sites are.
    attach_m
        How far a site may be from a corridor.

    Returns
    -------
    accesses, away_m
        (a, 2) site and vertex, for each site the nearest in each of six directions; (s,) metres from each site to the
        nearest vertex.
    """
    used = np.unique(graph.ends)
    tree = cKDTree(graph.xy[used])
    away_m, _ = tree.query(sites)
    found = []
    for site, near in enumerate(tree.query_ball_point(sites, attach_m)):
        offset = graph.xy[used[sorted(near)]] - sites[site]
        away = np.hypot(offset[:, 0], offset[:, 1])
        sector = np.floor(np.arctan2(offset[:, 1], offset[:, 0]) / (2 * np.pi) * _NUM_DIRECTIONS) % _NUM_DIRECTIONS
        order = np.argsort(away, kind="stable")
        _, first = np.unique(sector[order], return_index=True)
        found += [(site, int(used[sorted(near)[row]])) for row in np.sort(order[first]).tolist()]
    return np.array(found, dtype=np.int64).reshape(-1, 2), away_m


def find_own(graph: VertexGraph, sites: FloatArray, within_m: float) -> IntArray:
    """(s,) the vertex that each site lies on, -1 for none; of several sites the first has it."""
    used = np.unique(graph.ends)
    away_m, nearest = cKDTree(graph.xy[used]).query(sites)
    own = np.where(away_m <= within_m, used[nearest], -1)
    _, first = np.unique(own, return_index=True)
    is_first = np.isin(np.arange(len(own)), first)
    found: IntArray = np.where(is_first, own, -1)
    return found
