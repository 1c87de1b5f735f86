"""A build order for yearly budgets: after every year the network holds as much as the money so far can make it hold."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from planner.invest.model import Phase, Phasing
from planner.optimise.budget import solve_budget
from planner.optimise.master import Settings
from planner.optimise.plan import Plan, Protection
from planner.problem import Problem
from planner.progress import Progress

_ROUNDING = 1 + 1e-9


def find_phasing(
    problem: Problem,
    routes: Sequence[int],
    route_ids: Sequence[str],
    budgets: Sequence[float],
    num_years: int,
    settings: Settings,
    progress: Progress,
) -> tuple[Phasing, dict[int, int]]:
    """Find in which year to build each route of a plan.

    Parameters
    ----------
    problem
        The problem that the plan was made for.
    routes
        The plan.
    route_ids
        Of every route of the problem.
    budgets
        Money of each year; the last is repeated. What a year leaves is there in the next.
    num_years
        No year after these is planned.
    settings, progress
        Of the solver. Where time runs out, bounds stay open and say so.

    Returns
    -------
    phasing
        The years.
    year_of
        Route to the year in which it is built; routes that no budget pays for are not in it.

    Notes
    -----
    Year by year the routes of the plan are chosen that, beside those already built, hold the most region weight at the
    level asked for the money there is, and of those the cheapest, so that the rest is saved. That is exact for each
    year given the years before it, not over all years together. Only routes of the plan are built, so none is
    regretted. In hindsight any candidate may be built for all the money so far.
    """
    return _Builder(problem, routes, route_ids, settings, progress).build(budgets, num_years)


def find_held_weight(problem: Problem, routes: Sequence[int], settings: Settings, progress: Progress) -> float:
    """The most region weight that a network with exactly these routes holds at the level asked."""
    return _choose(without_choice(problem), routes, (), 0.0, settings, progress)[1].weight


class _Builder:
    def __init__(
        self,
        problem: Problem,
        routes: Sequence[int],
        route_ids: Sequence[str],
        settings: Settings,
        progress: Progress,
    ) -> None:
        self.all = [int(route) for route in problem.buildable]
        self.problem = without_choice(problem)
        self.routes, self.route_ids = list(problem.without_trenches(routes)), route_ids
        self.settings, self.progress = settings, progress
        self.built: list[int] = []
        self.cash = self.money = 0.0

    def build(self, budgets: Sequence[float], num_years: int) -> tuple[Phasing, dict[int, int]]:
        before = self._choose((), (), 0.0)[1].weight
        phases: list[Phase] = []
        year_of: dict[int, int] = {}
        while len(self.built) < len(self.routes) and len(phases) < num_years:
            phase, new = self._add_year(len(phases), budgets[min(len(phases), len(budgets) - 1)], phases)
            year_of |= dict.fromkeys(new, phase.year)
            phases.append(phase)
        unpaid = sorted(self.route_ids[route] for route in self.routes if route not in year_of)
        return Phasing(before, tuple(phases), tuple(unpaid)), year_of

    def _add_year(self, year: int, budget: float, phases: Sequence[Phase]) -> tuple[Phase, list[int]]:
        self.cash += budget
        self.money += budget
        left = [route for route in self.routes if route not in self.built]
        if self._cost(left) <= self.cash * _ROUNDING:
            new, held = left, self._choose(self.routes, (), 0.0)[1]
        else:
            plan, held = self._choose(self.built, left, self.cash)
            new = list(plan.routes)
        hindsight = self._look_back() if budget or not phases else None
        spent = self._cost(new)
        self.built += new
        self.cash = max(0.0, self.cash - spent)
        weight, bound = (
            (hindsight.weight, hindsight.bound)
            if hindsight
            else (phases[-1].hindsight_weight, phases[-1].hindsight_bound)
        )
        ids = tuple(sorted(self.route_ids[route] for route in new))
        return Phase(year, budget, spent, self.cash, ids, held.weight, held.bound, weight, bound), new

    def _look_back(self) -> Protection:
        return self._choose((), self.all, self.money)[1]

    def _choose(self, built: Sequence[int], allowed: Sequence[int], money: float) -> tuple[Plan, Protection]:
        return _choose(self.problem, built, allowed, money, self.settings, self.progress)

    def _cost(self, routes: Sequence[int]) -> float:
        """What routes cost beside those built already; no trench is paid for twice."""
        built = self.problem.with_trenches(self.built)
        new = set(self.problem.with_trenches([*self.built, *routes])).difference(built)
        return math.fsum(self.problem.route_cost[sorted(new)])


def without_choice(problem: Problem) -> Problem:
    """The problem without limits on ways, required and forbidden routes, which do not go with budgets."""
    none = np.zeros(problem.num_routes, dtype=bool)
    return replace(problem.without_limits(), is_required=none, is_forbidden=none)


def _choose(
    problem: Problem,
    built: Sequence[int],
    allowed: Sequence[int],
    money: float,
    settings: Settings,
    progress: Progress,
) -> tuple[Plan, Protection]:
    """The most weight for the money beside what is built, from the allowed routes."""
    is_candidate, cost = problem.is_candidate.copy(), np.full(problem.num_routes, 2 * money + 1)
    standing = problem.with_trenches(built)
    is_candidate[list(standing)] = False
    cost[list(allowed)] = problem.route_cost[list(allowed)]
    cost[problem.is_trench] = problem.route_cost[problem.is_trench]
    needs = problem.needs[~np.isin(problem.needs, standing).any(axis=1)]
    small = replace(problem, is_candidate=is_candidate, route_cost=cost, needs=needs)
    plan = solve_budget(small, money, ("cost", "routes"), replace(settings, cross_check=""), progress)
    if plan.protection is None:
        raise AssertionError("a plan for a budget says what it holds")
    return plan, plan.protection
