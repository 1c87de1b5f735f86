"""What became of detour limits: the longest way that cuts leave each limited pair, before and after."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from planner.optimise.plan import Plan
from planner.problem import IntArray, Problem
from planner.result import BrokenLimit, DetourReport, LimitedPair, LongestWay
from planner.run.placing import Placer
from planner.survival.active import ActiveGraph, to_active_graph
from planner.survival.long_ways import NOTHING_CUT, WaySearch, find_long_ways
from planner.survival.worst_ways import find_worst_of_two, find_worst_ways

MAX_PAIRS = 200
"""Pairs that are listed."""

MAX_PAIRS_FOR_TWO = 20
"""Pairs for which two cuts are searched."""


def find_detour_report(problem: Problem, plan: Plan, placer: Placer, route_ids: Sequence[str]) -> DetourReport | None:
    """Look at every limited pair again, in the network as it is and with the plan built.

    Parameters
    ----------
    problem
        Names the limits.
    plan
        What was found for it.
    placer
        Puts cuts on the map.
    route_ids
        Id of each route.

    Returns
    -------
    DetourReport or None
        None where nothing is limited. Listed are the pairs with the least room while nothing is cut, those first that
        have the least of it after the worst cut.
    """
    limited = np.flatnonzero(problem.levels_of_pairs >= 0)
    if not len(limited):
        return None
    is_built = plan.verification is not None
    now = to_active_graph(problem)
    then = to_active_graph(problem, plan.routes) if is_built else None
    listed = _find_tightest(problem, then or now, limited)
    few = replace(problem, limited_pairs=problem.limited_pairs[listed], limit_km=problem.limit_km[listed])
    pairs = _to_pairs(few, now, then, placer)
    return DetourReport(
        num_limited=len(limited),
        pairs=tuple(sorted(pairs, key=_find_room_km)),
        needed=_find_needed(problem, plan.routes, placer, route_ids) if is_built else (),
        num_searched_for_two=sum(pair.after_two is not None for pair in pairs),
        blocking=_to_blocking(plan, placer),
    )


def _to_pairs(problem: Problem, now: ActiveGraph, then: ActiveGraph | None, placer: Placer) -> list[LimitedPair]:
    before = _find_longest(problem, now, placer)
    after = _find_longest(problem, then, placer) if then else [None] * len(before)
    after_two = _find_after_two(problem, then, placer) if then else {}
    return [
        LimitedPair(
            *_to_ids(problem.limited_pairs[pair], placer),
            float(problem.limit_km[pair]),
            level,
            before[pair],
            after[pair],
            after_two.get(pair),
        )
        for pair, level in enumerate(problem.levels_of_pairs.tolist())
    ]


def _find_tightest(problem: Problem, graph: ActiveGraph, limited: IntArray) -> IntArray:
    room_km = problem.limit_km[limited] - WaySearch(problem, graph, limited).length_km
    return limited[np.lexsort((limited, room_km))][:MAX_PAIRS]


def _find_room_km(pair: LimitedPair) -> tuple[float, str, str]:
    return pair.limit_km - (pair.after or pair.before).length_km, pair.region_a, pair.region_b


def _find_longest(problem: Problem, graph: ActiveGraph, placer: Placer) -> list[LongestWay]:
    worst = find_worst_ways(problem, graph)
    return [
        LongestWay(length_km, None if cut == NOTHING_CUT else placer.place_numbered((cut,), graph))
        for length_km, cut in zip(worst.length_km.tolist(), worst.cut.tolist(), strict=True)
    ]


def _find_after_two(problem: Problem, graph: ActiveGraph, placer: Placer) -> dict[int, LongestWay]:
    """By pair, for those of which both regions must survive two cuts."""
    deeper = np.full(len(problem.region_weight), -1, dtype=np.int64)
    np.maximum.at(deeper, problem.region_of, problem.required_cuts)
    asked = np.flatnonzero((deeper[problem.limited_pairs] >= 2).all(axis=1))[:MAX_PAIRS_FOR_TWO]
    found = {}
    for pair in asked.tolist():
        length_km, cuts = find_worst_of_two(problem, graph, pair)
        found[pair] = LongestWay(length_km, placer.place_numbered(cuts, graph) if cuts else None)
    return found


def _find_needed(
    problem: Problem, routes: Sequence[int], placer: Placer, route_ids: Sequence[str]
) -> tuple[tuple[str, BrokenLimit], ...]:
    """Routes of the plan without which a limit is broken, each with one."""
    needed = []
    for route in routes:
        rest = to_active_graph(problem, [other for other in routes if other != route])
        ways = next(find_long_ways(problem, rest, is_cut_short=False), None)
        if ways is not None:
            pair = int(ways.pairs[0])
            ends = _to_ids(problem.limited_pairs[pair], placer)
            broken = BrokenLimit(*ends, float(ways.length_km[0]), float(problem.limit_km[pair]))
            needed.append((route_ids[route], broken))
    return tuple(needed)


def _to_blocking(plan: Plan, placer: Placer) -> BrokenLimit | None:
    way = plan.blocking_way
    return BrokenLimit(*_to_ids(way.regions, placer), way.length_km, way.limit_km) if way else None


def _to_ids(regions: Iterable[int], placer: Placer) -> tuple[str, str]:
    a, b = (placer.region_ids[region] for region in regions)
    return a, b
