"""Where not every region can be held: the levels that hold the largest total weight."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from planner.optimise.master import LevelMaster, Settings
from planner.optimise.plan import LimitHit
from planner.problem import BoolArray, IntArray, Problem
from planner.progress import Progress
from planner.survival.active import ActiveGraph, to_active_graph
from planner.survival.cutsets import components, find_separating_sets, terminals_at_level
from planner.survival.isolation import RegionIndex

_CUT_SETS_AT_ONCE, _MOST_CUT_SETS = 200, 200_000


def find_highest_levels(problem: Problem, settings: Settings, progress: Progress) -> IntArray:
    """(regions,) the level at which each region can be held when every candidate is built that may be.

    The largest total weight is held at the level required; what cannot be held falls to its highest possible level,
    -1 where it cannot even be connected.

    Parameters
    ----------
    problem
        A problem that no choice of candidates satisfies.
    settings, progress
        As for `optimise`.

    Raises
    ------
    LimitHit
        Where time ran out before the levels were found.

    Notes
    -----
    Building more never hurts while only spans fail, so the network with every such candidate decides. Cut sets that
    separate it are found for the levels chosen so far, and the choice is made again until none is left.
    """
    required = region_levels(problem)
    index = RegionIndex(problem)
    graph = to_active_graph(problem, problem.buildable)
    master = LevelMaster(required.tolist(), settings, progress)
    known: set[tuple[int, ...]] = set()
    levels = required
    while fresh := find_fresh_sets(with_levels(problem, levels), graph, known, progress):
        for cut_set in fresh:
            master.add_cut_set(len(cut_set), held_after(index, graph, cut_set))
        if progress.should_stop:
            raise LimitHit
        known.update(fresh)
        levels = np.array(master.solve(problem.region_weight), dtype=np.int64)
        progress.tell("levels", cut_sets=len(known), held=float(problem.region_weight[levels == required].sum()))
    return levels


def held_after(index: RegionIndex, graph: ActiveGraph, cut_set: tuple[int, ...]) -> BoolArray:
    """(components, regions) what is held after a cut set; a region of which every site fell owes nothing."""
    for cut in cut_set:
        graph = graph.without(cut)
    held = index.held(components(graph), graph.fallen)
    held[:, ~index.owes(graph.fallen)] = True
    return held


def region_levels(problem: Problem) -> IntArray:
    """(regions,) the level that each region requires; -1 for one without entries."""
    levels = np.full(len(problem.region_weight), -1, dtype=np.int64)
    np.maximum.at(levels, problem.region_of, problem.required_cuts)
    return levels


def with_levels(problem: Problem, levels: IntArray) -> Problem:
    """The same problem with other levels, one per region."""
    return replace(problem, required_cuts=levels[problem.region_of])


def find_fresh_sets(
    problem: Problem, graph: ActiveGraph, known: set[tuple[int, ...]], progress: Progress
) -> list[tuple[int, ...]]:
    """Cut sets that separate regions of the levels at hand, at most some hundreds, the smallest first.

    Raises
    ------
    LimitHit
        Where time ran out before.
    """

    def watch() -> None:
        if progress.should_stop:
            raise LimitHit

    fresh: dict[tuple[int, ...], None] = {}
    for level in sorted({int(level) for level in problem.required_cuts if level >= 0}):
        terminals = terminals_at_level(problem, level)
        for size in range(level + 1):
            sets = find_separating_sets(graph, terminals, size, limit=_MOST_CUT_SETS, watch=watch)
            found = [cut_set for cut_set in sets if cut_set not in known]
            if found:
                fresh.update(dict.fromkeys(found))
                break
    return list(fresh)[:_CUT_SETS_AT_ONCE]
