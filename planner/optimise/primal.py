"""Plans that hold at once: complete a choice that is too small, leave out what it can do without."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from planner.optimise.ascent import Ascent
from planner.optimise.detour_rows import DetourRowMaker
from planner.optimise.reduce import reduce
from planner.optimise.rows import Row, RowMaker
from planner.optimise.violated import find_violated_rows, find_violating_cuts
from planner.problem import BoolArray, FloatArray, Problem
from planner.progress import Progress
from planner.survival.active import to_active_graph
from planner.survival.long_ways import has_long_way
from planner.survival.verify import verify

_MAX_ROUNDS = 50
_MAX_CHECKED_SPANS = 80_000  # checks times spans: a count, not a clock, so that the same input gives the same plan


@dataclass(frozen=True, slots=True, eq=False)
class Completed:
    """A plan that meets every requirement, ascending; and the rows and the cut sets that led to it."""

    routes: tuple[int, ...]
    rows: list[Row]
    cut_sets: list[tuple[int, ...]]


def complete(
    maker: RowMaker, detours: DetourRowMaker, x: FloatArray, weights: FloatArray, progress: Progress
) -> Completed | None:
    """Make a plan of a point.

    Where most sites owe nothing, the cheapest ways are built between what cuts part, the more of a route the point
    holds the cheaper. Else routes are added to those that the point holds at least half of, each time those that mend
    the most rows for their weight.

    Parameters
    ----------
    maker, detours
        Make the rows that say what is missing.
    x
        (n,) a value per route; required routes are built whatever it says, forbidden ones are not.
    weights
        (n,) the objective's weight of each route.
    progress
        Asked whether to stop.

    Returns
    -------
    Completed or None
        None when stopped before.
    """
    x = np.where(maker.problem.is_required, 1.0, x)
    if not maker.is_sparse:
        return _fill_up(maker, detours, x, weights, progress)
    joined = _join_up(maker, x, weights, progress)
    if joined is None or not detours.is_needed:
        return joined
    x = np.zeros(len(x))
    x[list(joined.routes)] = 1.0
    return _fill_up(maker, detours, x, weights, progress)


def _join_up(maker: RowMaker, x: FloatArray, weights: FloatArray, progress: Progress) -> Completed | None:
    ascent = Ascent(maker, weights * (1.0 - x))
    found: dict[tuple[int, ...], None] = {}
    for _ in range(_MAX_ROUNDS):
        cut_sets = find_violating_cuts(maker, ascent.built)
        if not cut_sets:
            return Completed(tuple(ascent.built.tolist()), [], list(found))
        if progress.should_stop:
            return None
        found.update(dict.fromkeys(cut_sets))
        for cuts in cut_sets:
            ascent.join(cuts)
    return None


def _fill_up(
    maker: RowMaker, detours: DetourRowMaker, x: FloatArray, weights: FloatArray, progress: Progress
) -> Completed | None:
    x = np.where(x > 0.5, 1.0, 0.0)
    may_build = ~maker.problem.is_forbidden
    found: list[Row] = []
    for _ in range(_MAX_ROUNDS):
        rows = find_violated_rows(maker, detours, x)
        if not rows:
            return Completed(tuple(np.flatnonzero(x > 0.5).tolist()), found, [row.cuts for row in found])
        if progress.should_stop:
            return None
        found += rows
        _cover(rows, x, weights, may_build)
    return None


def _cover(rows: Sequence[Row], x: FloatArray, weights: FloatArray, may_build: BoolArray) -> None:
    """Set routes of `x` to one until all rows hold, the best value first."""
    missing = {number: row.shortfall(x) for number, row in enumerate(rows)}
    helps: dict[int, list[tuple[int, int]]] = {}
    for number, row in enumerate(rows):
        for route, coefficient in zip(row.routes, row.coefficients, strict=True):
            if x[route] < 0.5 and may_build[route]:
                helps.setdefault(route, []).append((number, coefficient))
    floor = 1e-9 * (1.0 + float(weights.max(initial=0.0)))
    while missing and helps:
        best = max(helps, key=lambda route: (_worth(helps[route], missing) / (weights[route] + floor), -route))
        x[best] = 1.0
        for number, coefficient in helps.pop(best):
            if number in missing:
                missing[number] -= coefficient
                if missing[number] <= 1e-9:
                    del missing[number]


def _worth(helps: Sequence[tuple[int, int]], missing: dict[int, float]) -> float:
    return sum(min(coefficient, missing[number]) for number, coefficient in helps if number in missing)


def trim(problem: Problem, routes: Iterable[int], order: FloatArray, progress: Progress) -> tuple[int, ...]:
    """Drop routes that a plan can do without, those of the highest `order` first.

    Blocks of routes are tried at once, and halved where they cannot all go, so that a plan far too large shrinks in
    few checks. The number of checks is limited: what is left is a plan all the same.

    Parameters
    ----------
    problem
        The problem.
    routes
        A plan that meets every requirement.
    order
        (n,) a number per route, such as its cost; routes of negative order stay, and so do required ones.
    progress
        Asked whether to stop.

    Returns
    -------
    tuple of int
        A plan that meets every requirement, ascending.
    """
    order = np.where(problem.is_required, -1.0, order)
    routes = tuple(sorted(int(route) for route in routes))
    if (order[list(routes)] < 0).any():
        return _trim(problem, routes, order, progress)
    # ways in series go or stay together: few checks of a small network do
    is_left_out = np.ones(problem.num_routes, dtype=bool)
    is_left_out[list(routes)] = False
    small = reduce(replace(problem, is_forbidden=is_left_out & problem.is_candidate), [order])
    trimmed = small.expand(_trim(small.problem, small.problem.buildable, small.sum_up(order), progress))
    return trimmed if _is_plan(problem, trimmed) else routes


def _trim(problem: Problem, routes: Iterable[int], order: FloatArray, progress: Progress) -> tuple[int, ...]:
    kept = {int(route) for route in routes}
    checks_left = _MAX_CHECKED_SPANS // max(1, problem.num_spans)
    blocks = [sorted((route for route in kept if order[route] >= 0), key=lambda route: (-order[route], route))]
    while blocks and checks_left > 0 and not progress.should_stop:
        checks_left -= 1
        block = blocks.pop()
        rest = kept.difference(block)
        if _is_plan(problem, sorted(rest)):
            kept = rest
        elif len(block) > 1:
            half = len(block) // 2
            blocks += [block[half:], block[:half]]
    return tuple(sorted(kept))


def _is_plan(problem: Problem, routes: Sequence[int]) -> bool:
    if not verify(problem.without_limits(), routes).survives:
        return False
    return not len(problem.limit_km) or not has_long_way(problem, to_active_graph(problem, routes))
