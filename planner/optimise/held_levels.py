"""The levels at which given routes hold regions, found by giving way to the heaviest side of each cut set."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planner.optimise.protect import find_fresh_sets, held_after, region_levels, with_levels
from planner.problem import BoolArray, IntArray, Problem
from planner.progress import Progress
from planner.survival.active import to_active_graph
from planner.survival.isolation import RegionIndex


def find_held_levels(problem: Problem, routes: Sequence[int], is_promised: BoolArray, progress: Progress) -> IntArray:
    """(regions,) levels at which routes hold the regions together: good ones, not always the best.

    Every cut set that separates is decided for the side that holds the most weight; the others fall below its size.

    Parameters
    ----------
    problem
        The problem.
    routes
        The candidates that are built.
    is_promised
        (regions,) regions known to be held at the levels that they require: they stay.
    progress
        Asked whether to stop.

    Raises
    ------
    LimitHit
        Where time ran out before the levels were found.
    """
    required = region_levels(problem)
    levels, index, graph = required, RegionIndex(problem), to_active_graph(problem, routes)
    while fresh := find_fresh_sets(with_levels(problem, levels), graph, set(), progress):
        for cut_set in fresh:
            held, owes = held_after(index, graph, cut_set), levels >= len(cut_set)
            full = problem.region_weight * (owes & (levels == required))
            promised = held @ (owes & is_promised).astype(np.int64)
            main = np.lexsort((held @ (problem.region_weight * owes), held @ full, promised))[-1]
            levels = np.where(owes & ~held[main], len(cut_set) - 1, levels)
    return levels
