"""The 0-1 model of a budget: which routes to build and which regions to hold."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pulp

from planner.optimise.held_rows import HeldRow
from planner.optimise.master import Settings, to_scale
from planner.optimise.protect import region_levels
from planner.optimise.solvers import run
from planner.problem import BoolArray, FloatArray, Problem
from planner.progress import Progress


@dataclass(frozen=True, eq=False)
class BudgetAnswer:
    """Routes and regions held (None where there are none), and a bound in the objective's units."""

    x: FloatArray | None
    is_held: BoolArray
    bound: float


class BudgetMaster:
    """``x[route]``: it is built; ``y[region]``: it is held at the level it requires.

    A row that holds where regions R are held reads ``sum(c * x) >= a * (1 - sum(1 - y[r] for r in R))``.

    Parameters
    ----------
    problem
        Its candidates within the budget and its regions that owe something become variables.
    budget
        The routes built cost no more.
    settings, progress
        As for `Master`.
    """

    def __init__(self, problem: Problem, budget: float, settings: Settings, progress: Progress) -> None:
        self.problem = problem
        self.settings = settings
        self.progress = progress
        self.num_rounds = 0
        self._rows: dict[HeldRow, None] = {}
        self._lp = pulp.LpProblem("most_for_the_money", pulp.LpMinimize)
        affordable = problem.candidates[problem.route_cost[problem.candidates] <= budget].tolist()
        self._x = {route: self._lp.add_variable(f"x{route}", 0, 1, cat="Integer") for route in affordable}
        owing = np.flatnonzero(region_levels(problem) >= 0).tolist()
        for route, trench in problem.needs.tolist():
            if route in self._x:
                built = self._x.get(trench, 0.0)
                self._lp.addConstraint(self._x[route] - built <= 0)
        self._y = {region: self._lp.add_variable(f"y{region}", 0, 1, cat="Integer") for region in owing}
        self._unit = 1.0
        self._budget = budget
        self._prover = replace(settings, solver="HiGHS")
        self.keep_at_most(problem.route_cost, budget)

    @property
    def num_rows(self) -> int:
        """Rows so far."""
        return len(self._rows)

    def add_rows(self, rows: Iterable[HeldRow]) -> int:
        """Add the rows that are new; return how many were."""
        fresh = [row for row in dict.fromkeys(rows) if row not in self._rows]
        for held in fresh:
            row, at_least = held.row, float(held.row.at_least)
            terms = [(self._x[r], float(c)) for r, c in zip(row.routes, row.coefficients, strict=True) if r in self._x]
            terms += [(self._y[region], -at_least) for region in held.regions]
            expression = pulp.LpAffineExpression.from_list(terms)
            self._lp.addConstraint(expression >= at_least * (1 - len(held.regions)))
        self._rows.update(dict.fromkeys(fresh))
        return len(fresh)

    def protect_most(self) -> None:
        """Set the objective: the weight that is held, as large as possible."""
        scale = to_scale(self.problem.region_weight)
        self._unit = -1.0 / scale
        self._lp.setObjective(self._protected(-scale))

    def minimise(self, weights: FloatArray) -> None:
        """Set the objective: ``weights @ x``."""
        scale = to_scale(weights)
        self._unit = 1.0 / scale
        self._lp.setObjective(self._weighted(weights * scale))

    def keep_weight(self, weight: float) -> None:
        """From now on the weight that is held may not be less."""
        scale = to_scale(self.problem.region_weight)
        self._lp.addConstraint(self._protected(scale) >= weight * scale - 1e-6 * max(1.0, weight * scale))

    def keep_at_most(self, weights: FloatArray, value: float) -> None:
        """From now on ``weights @ x`` may not exceed `value`."""
        scale = to_scale(weights[list(self._x)])
        self._lp.addConstraint(self._weighted(weights * scale) <= value * scale)

    def solve(self, gap: float, routes: Sequence[int], is_held: BoolArray) -> BudgetAnswer:
        """Solve to a relative gap, from a known plan and the regions that it holds."""
        self.num_rounds += 1
        chosen = set(routes)
        for route, variable in self._x.items():
            variable.setInitialValue(1 if route in chosen else 0)
        for region, variable in self._y.items():
            variable.setInitialValue(int(is_held[region]))
        answer = run(self._lp, self.settings, self.progress, gap, warm_start=True)
        x, held = self._read(len(is_held))
        if answer.has_solution and math.fsum(self.problem.route_cost * x) > self._budget * (1 + 1e-9):
            self._forbid(x)
            return self.solve(gap, routes, is_held)
        if answer.bound is None:  # the solver reports none
            answer = replace(
                run(self._lp, self._prover, self.progress, gap, warm_start=True), has_solution=answer.has_solution
            )
        bound = (math.inf if self._unit < 0 else 0.0) if answer.bound is None else answer.bound * self._unit
        return BudgetAnswer(x if answer.has_solution else None, held, bound)

    def _read(self, num_regions: int) -> tuple[FloatArray, BoolArray]:
        x, held = np.zeros(self.problem.num_routes), np.zeros(num_regions, dtype=bool)
        for route, variable in self._x.items():
            x[route] = round(variable.varValue or 0.0)
        for region, variable in self._y.items():
            held[region] = (variable.varValue or 0.0) > 0.5
        return x, held

    def _forbid(self, x: FloatArray) -> None:
        """Routes that the solver's tolerance let pass although together they cost too much."""
        chosen = [self._x[route] for route in np.flatnonzero(x > 0.5).tolist()]
        self._lp.addConstraint(pulp.LpAffineExpression.from_list([(v, 1.0) for v in chosen]) <= len(chosen) - 1)

    def _protected(self, factor: float) -> pulp.LpAffineExpression:
        weights = self.problem.region_weight
        return pulp.LpAffineExpression.from_list(
            [(y, factor * float(weights[region])) for region, y in self._y.items()]
        )

    def _weighted(self, weights: FloatArray) -> pulp.LpAffineExpression:
        return pulp.LpAffineExpression.from_list([(x, float(weights[route])) for route, x in self._x.items()])
