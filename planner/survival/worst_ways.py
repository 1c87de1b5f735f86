"""The longest way that cuts leave between two regions, and the cuts that make it so."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from planner.problem import BoolArray, FloatArray, IntArray, Problem
from planner.survival.active import ActiveGraph
from planner.survival.long_ways import NOTHING_CUT, WaySearch, by_value


@dataclass(frozen=True, eq=False)
class WorstWays:
    """Per limited pair the longest of its shortest ways, with nothing cut and after the cuts that it is limited after.

    Parameters
    ----------
    length_km
        (p,) infinite where there is none.
    cut
        (p,) the cut after which it is so; `NOTHING_CUT` where none makes it longer.
    """

    length_km: FloatArray
    cut: IntArray


def find_worst_ways(problem: Problem, graph: ActiveGraph) -> WorstWays:
    """The worst single cut for each limited pair of regions, of equal ones the first.

    Parameters
    ----------
    problem
        Names the pairs; how long their ways may be plays no part.
    graph
        What stands.
    """
    return _find_worst(problem, graph, problem.levels_of_pairs > 0)


def find_worst_of_two(problem: Problem, graph: ActiveGraph, pair: int) -> tuple[float, tuple[int, ...]]:
    """The longest way that at most two cuts leave one limited pair, in km, and these cuts, ascending.

    Notes
    -----
    One of the two severs the shortest way of the pair, or neither changes it. The other then severs the shortest way
    that the first leaves, or adds nothing.
    """
    alone = replace(problem, limited_pairs=problem.limited_pairs[[pair]], limit_km=problem.limit_km[[pair]])
    search = WaySearch(alone, graph, np.zeros(1, dtype=np.int64))
    best: tuple[float, tuple[int, ...]] = (float(search.length_km[0]), ())
    for first in sorted(set(search.find_hits(np.ones(1, dtype=bool))[0].tolist())):
        found = _find_worst(alone, graph.without(first), np.ones(1, dtype=bool))
        second = int(found.cut[0])
        cuts = (first,) if second == NOTHING_CUT else tuple(sorted((first, second)))
        best = max(best, (float(found.length_km[0]), cuts), key=lambda one: one[0])
    return best


def _find_worst(problem: Problem, graph: ActiveGraph, is_asked: BoolArray) -> WorstWays:
    search = WaySearch(problem, graph, np.arange(len(problem.limit_km)))
    length_km, cut = search.length_km.copy(), np.full(len(problem.limit_km), NOTHING_CUT)
    for number, ways in by_value(*search.find_hits(is_asked)):
        after_km = search.find_lengths(number, ways)
        is_longer = after_km > length_km[ways]
        length_km[ways[is_longer]], cut[ways[is_longer]] = after_km[is_longer], number
    return WorstWays(length_km, cut)
