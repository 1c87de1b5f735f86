"""How much weight can be held at a level at most, where the search for exactly how much would take too long."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from planner.optimise.master import Settings
from planner.optimise.plan import LimitHit
from planner.optimise.protect import find_highest_levels, region_levels, with_levels
from planner.problem import BoolArray, Problem
from planner.progress import Progress
from planner.survival.active import to_active_graph


@dataclass(frozen=True, eq=False)
class Ceiling:
    """Weight that no plan passes, and (regions,) whether cuts within its level sever every span at a region."""

    weight: float
    is_cut_off: BoolArray


def find_ceiling(problem: Problem, depth: int, settings: Settings, progress: Progress) -> Ceiling | None:
    """Find a proved upper bound on the weight of the regions that every candidate built holds at their level.

    Parameters
    ----------
    problem
        A problem that no choice of candidates satisfies.
    depth
        Cut sets of up to so many cuts are looked at: who is held after more cuts is held after these.
    settings, progress
        As for `optimise`.

    Returns
    -------
    Ceiling or None
        None where time ran out.

    Notes
    -----
    A region of which cuts within its level sever every span is held by nothing, or alone. The others are held no
    further than at `depth`, so the most weight held there, theirs alone counted, bounds what is held at the level.
    """
    levels = region_levels(problem)
    is_lone = find_cut_off(problem)
    lone = problem.region_weight * (is_lone & (levels > depth))
    shallow = with_levels(problem.without_limits(), np.minimum(levels, depth))
    shallow = replace(shallow, region_weight=problem.region_weight - lone)
    try:
        held = find_highest_levels(shallow, settings, progress)
    except LimitHit:
        return None
    weight = float(shallow.region_weight[(held == np.minimum(levels, depth)) & (levels >= 0)].sum())
    return Ceiling(max(weight, float(lone.max(initial=0.0))), is_lone)


def find_cut_off(problem: Problem) -> BoolArray:
    """(regions,) whether cuts within its level, chosen greedily, sever every span at the region's sites."""
    graph = to_active_graph(problem, problem.buildable)
    levels = region_levels(problem)
    is_lone = np.zeros(len(levels), dtype=bool)
    if any(len(sites) for sites in graph.cut_sites):
        return is_lone  # cuts that take sites also take who owes
    ends = problem.span_ends[graph.spans]
    cuts = [set(graph.cuts[cut].tolist()) for cut in range(len(graph.cuts))]
    is_shared = np.bincount(problem.terminals.items, minlength=problem.num_sites) > 1
    for region, level in enumerate(levels.tolist()):
        sites = problem.terminals.items[problem.region_of[problem.terminals.row_of_item] == region]
        left = set(np.flatnonzero(np.isin(ends, sites).any(axis=1)).tolist())
        for _ in range(max(0, level)):
            left -= max(cuts, key=lambda cut: len(cut & left), default=set())
        is_lone[region] = not left and level >= 0 and not is_shared[sites].any()
    return is_lone
