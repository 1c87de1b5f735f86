"""Finds out what else a plan could be: which routes every optimal plan builds, other optima, and prices of routes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from planner.errors import FaultList
from planner.optimise.again import SearchAgain, to_unlike, to_value
from planner.optimise.alternatives import Alternatives, Price, Priced, Swap
from planner.optimise.master import Settings
from planner.optimise.plan import OBJECTIVE_FIELD, LimitHit, Plan
from planner.optimise.stages import to_weights
from planner.optimise.twins import find_twin
from planner.problem import BoolArray, IntArray, Problem
from planner.progress import Progress
from planner.survival.verify import verify


def find_alternatives(
    problem: Problem,
    plan: Plan,
    settings: Settings,
    progress: Progress,
    *,
    num_others: int = 0,
    prices: Priced | Sequence[int] = "chosen",
    max_rounds: int | None = None,
) -> Alternatives:
    """See `planner.optimise.explain`."""
    priced = _to_routes(problem, plan, prices)
    plan = replace(plan, routes=problem.with_trenches(plan.routes))
    search = _Search(problem, plan, SearchAgain(problem, plan.rows, settings, progress, max_rounds))
    undecided = search.split()
    others = search.find_others(num_others)
    swaps = {route: search.find_swap(route) for route in sorted(search.known)}
    prices_found = {route: price for route in priced if (price := search.find_price(route)) is not None}
    return Alternatives(
        needed=tuple(sorted(set(search.routes) - set(search.known) - set(undecided))),
        replaceable=swaps,
        undecided=tuple(undecided),
        others=tuple(others),
        has_all_others=search.has_all_others,
        is_others_cut_short=len(others) < num_others and not search.has_all_others,
        prices=dict(sorted(prices_found.items())),
        unpriced=tuple(sorted(set(priced) - set(prices_found))),
        rounds=search.again.num_rounds,
    )


def _to_routes(problem: Problem, plan: Plan, prices: Priced | Sequence[int]) -> list[int]:
    """The routes to price, the dearest first; faults where they or the plan do not fit."""
    faults = FaultList()
    if plan.status != "optimal":
        remedy = "give a plan that is proved optimal: solve with more time, and with gap 0"
        faults.add("plan", f"its status is {plan.status!r}", remedy)
    if isinstance(prices, str):
        named = {"none": [], "chosen": list(plan.routes), "all": list(problem.without_trenches(problem.candidates))}
        if prices not in named:
            faults.add("prices", f"{prices!r} is unknown", f"use one of {', '.join(named)}, or route indices")
        routes = named.get(prices, [])
    else:
        routes = [int(route) for route in prices]
    candidates = set(problem.without_trenches(problem.candidates))
    for route in routes:
        if route not in candidates:
            faults.add("prices", f"route {route} is no candidate", "name candidates by their index")
    faults.raise_if_any()
    cost = problem.route_cost
    return sorted(set(routes), key=lambda route: (-cost[route], route))


class _Search:
    """One plan, and what is found out about the others on the way."""

    def __init__(self, problem: Problem, plan: Plan, again: SearchAgain) -> None:
        self.problem, self.plan, self.again = problem, plan, again
        self.known: dict[int, tuple[int, ...]] = {}
        self.has_all_others = False
        self.routes = problem.without_trenches(plan.routes)
        self._keys = [key for key, name in OBJECTIVE_FIELD.items() if name in plan.bound]
        self._keys.sort(key=lambda key: list(plan.bound).index(OBJECTIVE_FIELD[key]))
        self._objectives = [to_weights(problem, key) for key in self._keys]
        self._kept = [(weights, to_value(weights, plan.routes)) for weights in self._objectives]
        self._is_new = self._mask(problem.candidates) & ~self._mask(plan.routes) & ~problem.is_trench

    def split(self) -> list[int]:
        """Find for each route an optimal plan without it, `known`; return those of which nothing is known.

        Of the routes not yet left out by any, an optimal plan with the fewest is sought, until it has all of them:
        those are needed.
        """
        open_routes = [route for route in self.routes if not self.problem.is_required[route]]
        while open_routes:
            weights = self._mask(open_routes).astype(np.float64)
            try:
                other = self.again.find_within(self.problem, self._kept, weights, start=self.plan.routes)
            except LimitHit:
                return open_routes
            if other is None:  # the solver's tolerance hid the plan itself
                return open_routes
            gone = [route for route in open_routes if route not in set(other)]
            if not gone:
                break
            self.known.update(dict.fromkeys(gone, other))
            open_routes = [route for route in open_routes if route not in set(gone)]
        # with all of these routes and one more that has a weight no plan is optimal
        self.has_all_others = not self.known
        return []

    def find_swap(self, route: int) -> Swap:
        """The optimal plan without a replaceable route that builds the fewest routes which this plan does not."""
        start = self.known[route]
        twin = None
        if not self.again.progress.should_stop and not len(self.problem.needs):
            twin = find_twin(self.problem, self.again.rows, self.plan.routes, route, self._objectives)
        if twin is not None:
            self.known[route] = tuple(sorted({*self.plan.routes, twin} - {route}))
            return self._to_swap(self.known[route], is_nearest=True)
        try:
            other = self.again.find_within(
                self._force(route, is_in=False), self._kept, self._is_new.astype(np.float64), start=start
            )
        except LimitHit:
            return self._to_swap(start, is_nearest=False)
        if other is not None:
            self.known[route] = other
        return self._to_swap(self.known[route], is_nearest=other is not None)

    def find_others(self, num_others: int) -> list[Swap]:
        """So many other optimal plans, the nearest first; sets `has_all_others` where there is no further one."""
        swaps: list[Swap] = []
        unlike = [to_unlike(self.problem, self.plan.routes, self._objectives)]
        weights = self._is_new.astype(np.float64)
        while num_others > 0 and not self.has_all_others:
            try:
                other = self.again.find_within(self.problem, self._kept, weights, unlike=unlike)
            except LimitHit:
                break
            self.has_all_others = other is None
            if other is None or len(swaps) == num_others:
                break
            swaps.append(self._to_swap(other, is_nearest=True))
            unlike.append(to_unlike(self.problem, other, self._objectives))
        return swaps

    def find_price(self, route: int) -> Price | None:
        """The price of a route; None where a limit was hit before it was sought."""
        is_in = route not in set(self.routes)
        free = [other for other in self.known.values() if (route in other) == is_in]
        if free and not self.problem.is_required[route]:
            return self._to_price(is_in, free[0])
        if self.again.should_stop:
            return None
        problem = self._force(route, is_in=is_in)
        if not is_in and not verify(problem, problem.buildable.tolist()).survives:
            return Price(is_in, "infeasible")
        stages = list(self.again.minimise(problem, self._objectives))
        routes = stages[-1].routes
        is_lifted = bool(self.problem.is_required[route] or self.problem.is_forbidden[route])
        bounds = self._to_bounds([stage.bound for stage in stages], is_lifted=is_lifted)
        is_closed = len(stages) == len(self._objectives) and stages[-1].is_closed
        if routes is None or not is_closed or not verify(problem, routes).survives:
            return Price(is_in, "no_plan", at_least=bounds)
        return self._to_price(is_in, routes)

    def _to_price(self, is_in: bool, routes: tuple[int, ...]) -> Price:
        difference = {
            name: _difference(to_value(weights, routes), self.plan.objective[name])
            for name, weights in ((name, to_weights(self.problem, key)) for key, name in OBJECTIVE_FIELD.items())
        }
        at_least = {OBJECTIVE_FIELD[key]: difference[OBJECTIVE_FIELD[key]] for key in self._keys}
        return Price(is_in, "optimal", self.problem.without_trenches(routes), difference, at_least)

    def _to_bounds(self, bounds: Sequence[float], *, is_lifted: bool) -> dict[str, float]:
        """What each objective grows by at least; while those before it are equal, no less than nothing."""
        found: dict[str, float] = {}
        for key, bound in zip(self._keys, bounds, strict=False):
            name = OBJECTIVE_FIELD[key]
            difference = _difference(bound, self.plan.objective[name])
            found[name] = difference if is_lifted or any(found.values()) else max(0.0, difference)
        return found

    def _to_swap(self, routes: tuple[int, ...], *, is_nearest: bool) -> Swap:
        ours, theirs = set(self.routes), set(self.problem.without_trenches(routes))
        return Swap(tuple(sorted(ours - theirs)), tuple(sorted(theirs - ours)), is_nearest)

    def _force(self, route: int, *, is_in: bool) -> Problem:
        """The problem with one route forced in or out, whatever the study says of it."""
        one = self._mask([route])
        required, forbidden = self.problem.is_required & ~one, self.problem.is_forbidden & ~one
        return replace(self.problem, is_required=required | (one & is_in), is_forbidden=forbidden | (one & (not is_in)))

    def _mask(self, routes: Sequence[int] | IntArray) -> BoolArray:
        mask = np.zeros(self.problem.num_routes, dtype=np.bool_)
        mask[np.asarray(routes, dtype=np.int64)] = True
        return mask


def _difference(value: float, ours: float) -> float:
    """Zero where a sum of costs cannot tell them apart."""
    return 0.0 if abs(value - ours) <= 1e-9 * max(1.0, abs(ours)) else value - ours
