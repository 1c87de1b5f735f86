"""Cut sets in order of the region weight that they isolate."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planner.problem import FloatArray, IntArray, Problem
from planner.survival.active import ActiveGraph
from planner.survival.damage import Damage
from planner.survival.sides import SideWeights


def rank_cut_sets(
    problem: Problem, graph: ActiveGraph, cut_sets: Sequence[tuple[int, ...]]
) -> list[tuple[float, tuple[int, ...]]]:
    """Weigh minimal separating sets and put the heaviest first; among equals the smaller sets, then their numbers.

    Parameters
    ----------
    problem, graph
        Regions, and the cuts that the sets name by number.
    cut_sets
        Minimal separating sets of `graph`.

    Returns
    -------
    list of (weight, cut set)

    Notes
    -----
    Where every region is one site and all are joined, one or two single spans are weighed all at once by the sums of a
    spanning tree; the others one by one.
    """
    weights = weigh_spans(problem, graph, cut_sets)
    damage = Damage(problem, graph)
    for row in np.flatnonzero(np.isnan(weights)).tolist():
        weights[row] = damage.weight(cut_sets[row])
    weighed = zip(weights.tolist(), cut_sets, strict=True)
    return sorted(weighed, key=lambda one: (-one[0], len(one[1]), one[1]))


def weigh_spans(problem: Problem, graph: ActiveGraph, cut_sets: Sequence[tuple[int, ...]]) -> FloatArray:
    """(sets,) the weight that each minimal separating set isolates; not a number where sums of sides do not tell.

    Parameters
    ----------
    problem, graph, cut_sets
        As for `rank_cut_sets`.
    """
    weights = np.full(len(cut_sets), np.nan)
    sides = SideWeights.of(problem, graph.ends, np.ones(len(graph.ends), dtype=bool))
    has_single_sites = (problem.terminals.sizes == 1).all() and (np.bincount(problem.region_of) <= 1).all()
    if not has_single_sites or not np.isfinite(sides.total) or len(graph.falling_cuts):
        return weights
    span = _only_spans(graph)
    size = np.array([len(cut_set) for cut_set in cut_sets], dtype=np.int64)
    for wanted in (1, 2):
        rows = np.flatnonzero(size == wanted)
        spans = span[np.array([cut_sets[row] for row in rows.tolist()], dtype=np.int64).reshape(-1, wanted)]
        is_known = (spans >= 0).all(axis=1)
        rows, spans = rows[is_known], spans[is_known]
        weights[rows] = sides.bound_bridges(spans[:, 0]) if wanted == 1 else sides.bound_pairs(*spans.T)
    return weights


def _only_spans(graph: ActiveGraph) -> IntArray:
    """Per cut its only span; -1 where it has several."""
    span = np.full(len(graph.cuts), -1, dtype=np.int64)
    single = np.flatnonzero(graph.cuts.sizes == 1)
    span[single] = graph.cuts.items[graph.cuts.starts[single]]
    return span
