"""The most protected weight for the money, then the least money: routes and regions are chosen together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np

from planner.errors import FaultList, SolverFailedError
from planner.optimise.budget_master import BudgetAnswer, BudgetMaster
from planner.optimise.held_levels import find_held_levels
from planner.optimise.held_rows import find_violated_held_rows, to_first_rows
from planner.optimise.master import Settings
from planner.optimise.plan import OBJECTIVE_FIELD, Effort, LimitHit, Plan, Protection
from planner.optimise.primal import trim
from planner.optimise.protect import region_levels, with_levels
from planner.optimise.solvers import check_solver, find_version
from planner.optimise.stages import check_minimise, to_weights
from planner.problem import BoolArray, FloatArray, IntArray, Problem
from planner.progress import Progress
from planner.survival.verify import verify

_CLOSED = 1e-7  # relative: what a 64-bit sum of costs can tell apart


def solve_budget(
    problem: Problem, budget: float, minimise: Sequence[str], settings: Settings, progress: Progress
) -> Plan:
    """Find the plan that holds the largest total weight of regions at their levels for the money.

    Of the plans that hold as much it costs the least, and of those it is the best by the other objectives. Regions
    that it does not hold at their level are reported at the highest level that it happens to give them.

    Parameters
    ----------
    problem
        The problem.
    budget
        The largest cost, in the unit of `Problem.route_cost`.
    minimise
        Objectives beside the cost, in order of importance.
    settings, progress
        As for `optimise`.

    Raises
    ------
    InputError
        For a budget that is no amount, for objectives that do not exist, and for what does not go with a budget: a
        cross-check, detour limits, required and forbidden routes.
    """
    faults = FaultList()
    if not budget >= 0 or math.isinf(budget):
        faults.add("budget", f"{budget} is no amount", "give a finite number of 0 or more")
    if settings.cross_check:
        faults.add("solver.cross_check", "does not go with a budget", "leave one of the two out")
    if len(problem.limit_km):
        faults.add("detours", "limits do not go with a budget", "leave one of the two out")
    if problem.is_required.any() or problem.is_forbidden.any():
        faults.add("candidates", "required or forbidden ones do not go with a budget", "leave one of the two out")
    faults.raise_if_any()
    check_minimise(minimise)
    check_solver(settings.solver)
    search = _Search(problem, budget, settings, progress)
    weight_bound = search.protect_most()
    bounds = {OBJECTIVE_FIELD[key]: search.minimise(key) for key in to_keys(minimise)}
    return search.to_plan(weight_bound, bounds)


def to_keys(minimise: Sequence[str]) -> tuple[str, ...]:
    """What is minimised once the weight is held: the cost, then the rest."""
    return ("cost", *(key for key in minimise if key != "cost"))


@dataclass
class _Search:
    """The best plan so far, the regions that it holds, and the master problem."""

    problem: Problem
    budget: float
    settings: Settings
    progress: Progress
    routes: tuple[int, ...] = ()
    required: IntArray = field(init=False)
    levels: IntArray = field(init=False)
    master: BudgetMaster = field(init=False)

    def __post_init__(self) -> None:
        self.required = region_levels(self.problem)
        self.levels = np.full_like(self.required, -1)
        self.master = BudgetMaster(self.problem, self.budget, self.settings, self.progress)
        self.master.add_rows(to_first_rows(self.problem))
        self._offer_what_holds(())

    @property
    def is_held(self) -> BoolArray:
        """(regions,) whether the best plan holds them at their level."""
        is_held: BoolArray = (self.levels == self.required) & (self.required >= 0)
        return is_held

    @property
    def weight(self) -> float:
        """The weight that the best plan holds."""
        return math.fsum(self.problem.region_weight[self.is_held])

    def protect_most(self) -> float:
        """Find the plan that holds the most; return the proved upper bound on its weight."""
        bound = math.fsum(self.problem.region_weight[self.required >= 0])
        self.master.protect_most()
        while not _is_closed(self.weight, bound, self.settings.gap) and not self.progress.should_stop:
            answer = self._solve()
            bound = max(self.weight, min(bound, answer.bound))
            if answer.x is None:
                break
            routes = self._to_routes(answer.x)
            if not self.master.add_rows(find_violated_held_rows(self.problem, answer.x, answer.is_held)):
                self._offer(routes, np.where(answer.is_held, self.required, -1))
                break
            self._offer_what_holds(routes)
            self._tell("protected weight", bound, self.weight)
        if _is_closed(self.weight, bound, 0.0):
            bound = self.weight
        self.master.keep_weight(self.weight)
        return bound

    def minimise(self, key: str) -> float:
        """Minimise one objective with what came before it kept; return its proved lower bound."""
        weights = to_weights(self.problem, key)
        self.levels = np.where(self.is_held, self.required, -1)
        trimmed = trim(with_levels(self.problem, self.levels), self.routes, weights, self.progress)
        self.routes = self.problem.with_trenches(trimmed)
        self.master.minimise(weights)
        bound = 0.0
        while not _is_closed(bound, self._value(weights), self.settings.gap) and not self.progress.should_stop:
            answer = self._solve()
            bound = min(self._value(weights), max(bound, answer.bound))
            if answer.x is None:
                break
            if not self.master.add_rows(find_violated_held_rows(self.problem, answer.x, answer.is_held)):
                self.routes = self._to_routes(answer.x)
                self.levels = np.where(answer.is_held, self.required, -1)
                bound = min(bound, self._value(weights))
                break
            self._tell(key, bound, self._value(weights))
        if _is_closed(bound, self._value(weights), 0.0):
            bound = self._value(weights)
        self.master.keep_at_most(weights, self._value(weights))
        return bound

    def to_plan(self, weight_bound: float, bounds: dict[str, float]) -> Plan:
        """The best plan, proved again at the levels at which it holds the regions."""
        self._offer_what_holds(self.routes)
        verification = verify(with_levels(self.problem, self.levels), self.routes)
        values = {name: self._value(to_weights(self.problem, key)) for key, name in OBJECTIVE_FIELD.items()}
        gaps = [(weight_bound - self.weight) / weight_bound] if weight_bound > self.weight else []
        gaps += [(values[key] - bound) / values[key] for key, bound in bounds.items() if values[key] > bound]
        master, settings = self.master, self.settings
        return Plan(
            "optimal" if not gaps and verification.survives else "feasible",
            self.problem.without_trenches(self.routes),
            values,
            bounds,
            gaps[0] if gaps else 0.0,
            verification,
            effort=Effort(
                master.num_rounds,
                master.num_rows,
                self.progress.elapsed_s,
                settings.solver,
                find_version(settings.solver),
            ),
            protection=Protection(tuple(self.levels.tolist()), self.weight, weight_bound, self.budget),
        )

    def _solve(self) -> BudgetAnswer:
        answer = self.master.solve(self.settings.gap, self.routes, self.is_held)
        if answer.x is None and self.progress.remaining_s > 1.0 and not self.progress.should_stop:
            raise SolverFailedError(f"{self.settings.solver} gave neither a plan nor a reason; try another solver.name")
        return answer

    def _offer_what_holds(self, routes: tuple[int, ...]) -> None:
        """Take routes for the best plan if what they hold weighs as much or more; leave it where time has run out."""
        is_promised = self.is_held & (routes == self.routes)
        with suppress(LimitHit):
            self._offer(routes, find_held_levels(self.problem, routes, is_promised, self.progress))

    def _offer(self, routes: tuple[int, ...], levels: IntArray) -> None:
        weight = math.fsum(self.problem.region_weight[(levels == self.required) & (self.required >= 0)])
        if weight > self.weight or (weight == self.weight and routes == self.routes):
            self.routes, self.levels = routes, levels

    def _to_routes(self, x: FloatArray) -> tuple[int, ...]:
        return self.problem.with_trenches(np.flatnonzero(x > 0.5).tolist())

    def _value(self, weights: FloatArray) -> float:
        return math.fsum(weights[list(self.routes)])

    def _tell(self, stage: str, bound: float, best: float) -> None:
        self.progress.tell(stage, round=self.master.num_rounds, rows=self.master.num_rows, bound=bound, best=best)


def _is_closed(low: float, high: float, gap: float) -> bool:
    return high - low <= max(_CLOSED * max(1.0, high), gap * high)
