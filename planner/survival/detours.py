"""Shortest ways between regions, before and after cuts."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from planner.problem import BoolArray, FloatArray, IntArray, Problem


def find_distances(
    problem: Problem, spans: IntArray, length_km: FloatArray, fallen: BoolArray | None = None
) -> FloatArray:
    """(regions, regions) length in km of the shortest way between any sites of two regions.

    Parameters
    ----------
    problem
        The problem.
    spans
        Indices of the spans that stand.
    length_km
        (m,) length of every span.
    fallen
        (num_sites,) true for sites that no way may begin or end at; the spans at them are not among `spans`.

    Returns
    -------
    float array
        Infinite where two regions are not connected; zero on the diagonal.
    """
    num_regions = len(problem.region_weight)
    is_left = np.ones(len(problem.terminals.items), dtype=bool) if fallen is None else ~fallen[problem.terminals.items]
    region_of_site = problem.region_of[problem.terminals.row_of_item[is_left]]
    sites, position = np.unique(problem.terminals.items[is_left], return_inverse=True)
    if not len(sites):
        return np.where(np.eye(num_regions, dtype=bool), 0.0, np.inf)
    between_sites = csgraph.dijkstra(_to_matrix(problem, spans, length_km), directed=False, indices=sites)[:, sites]
    shortest = np.full((num_regions, num_regions), np.inf)
    rows, columns = np.meshgrid(np.arange(len(position)), np.arange(len(position)), indexing="ij")
    np.minimum.at(
        shortest,
        (region_of_site[rows], region_of_site[columns]),
        between_sites[position[rows], position[columns]],
    )
    np.fill_diagonal(shortest, 0.0)
    return shortest


def _to_matrix(problem: Problem, spans: IntArray, length_km: FloatArray) -> sparse.csr_matrix:
    """Lengths between sites; of parallel spans the shortest. A length of zero would read as no span."""
    ends = np.sort(problem.span_ends[spans], axis=1)
    order = np.lexsort((length_km[spans], ends[:, 1], ends[:, 0]))
    ends, lengths = ends[order], np.maximum(length_km[spans][order], 1e-9)
    _, first = np.unique(ends, axis=0, return_index=True)
    shape = (problem.num_sites, problem.num_sites)
    return sparse.csr_matrix((lengths[first], (ends[first, 0], ends[first, 1])), shape=shape)
