"""Cut generation, one objective after the other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import count

import numpy as np

from planner.errors import FaultList, SolverFailedError
from planner.optimise.ascent import Ascent
from planner.optimise.cross_check import Claim, cross_check, find_checker, to_checked_bounds
from planner.optimise.detour_rows import DetourRowMaker
from planner.optimise.dive import find_near
from planner.optimise.fractional import FractionalSeparator
from planner.optimise.halves import find_half_rows
from planner.optimise.master import Master, MasterAnswer, Settings
from planner.optimise.plan import OBJECTIVE_FIELD, CrossCheck, Effort, Plan
from planner.optimise.primal import complete, trim
from planner.optimise.reduce import reduce
from planner.optimise.rows import Row, RowMaker
from planner.optimise.solvers import check_solver, find_version
from planner.optimise.violated import find_violated_rows
from planner.problem import FloatArray, Problem
from planner.progress import Progress
from planner.survival.verify import verify

_EARLY_GAP, _LITTLE = 0.01, 0.002
_STEP, _PATIENCE = 1e-4, 3  # rows of halves are sought until they raised the bound by less, so many times in turn
_SLOW = 0.01
_FIRST_DIVE = 64
_ROUNDINGS = 8  # plans are made of every so many points of the relaxation on the way
_CLOSED = 1e-7  # relative: what a 64-bit sum of costs can tell apart


def solve(problem: Problem, minimise: Sequence[str], settings: Settings, progress: Progress) -> Plan:
    """See `planner.optimise.optimise`."""
    check_minimise(minimise)
    for name in dict.fromkeys((settings.solver, find_checker(settings.solver, settings.cross_check))):
        if name:
            check_solver(name)
    everything = verify(problem, problem.buildable.tolist())
    if not everything.survives:
        blocking, sites = everything.witness, everything.witness_sites
        plan = Plan("infeasible", blocking=blocking, blocking_sites=sites, blocking_way=everything.long_way)
        return replace(plan, effort=_effort(None, settings, progress))
    weights = [to_weights(problem, key) for key in minimise]
    small = reduce(problem, weights)
    search = _Search(small.problem, settings, progress, [small.sum_up(column) for column in weights])
    bounds = [search.run_stage(column) for column in search.weights]
    check, bounds = _cross_check(search, minimise, bounds)
    plan = _to_plan(problem, small.expand(search.best), minimise, bounds)
    if check is not None and check.agrees is False:
        plan = replace(plan, status="feasible")
    effort = _effort(search.master, settings, progress)
    return replace(plan, cross_check=check, effort=effort, rows=small.expand_rows(search.master.rows))


def check_minimise(minimise: Sequence[str]) -> None:
    """Raise an `InputError` for objectives that do not exist, or none."""
    faults = FaultList()
    if not minimise or len(set(minimise)) < len(minimise):
        faults.add("minimise", f"{list(minimise)} is empty or repeats itself", "name distinct objectives")
    for key in minimise:
        if key not in OBJECTIVE_FIELD:
            faults.add("minimise", f"{key!r} is no objective", f"use one of {', '.join(OBJECTIVE_FIELD)}")
    faults.raise_if_any()


def to_weights(problem: Problem, key: str) -> FloatArray:
    """(n,) what each candidate adds to an objective; zero for routes that exist."""
    columns = {
        "routes": np.where(problem.is_trench, 0.0, 1.0),
        "cost": problem.route_cost,
        "length": problem.route_length_km,
    }
    return np.where(problem.is_candidate, columns[key], 0.0)


@dataclass
class _Search:
    """The master problem, the best plan so far, and what separates new rows."""

    problem: Problem
    settings: Settings
    progress: Progress
    weights: list[FloatArray]
    best: tuple[int, ...] = ()
    master: Master = field(init=False)
    maker: RowMaker = field(init=False)
    fractional: FractionalSeparator = field(init=False)
    detours: DetourRowMaker = field(init=False)

    def __post_init__(self) -> None:
        self.master = Master(self.problem, self.settings, self.progress)
        self.maker = RowMaker(self.problem)
        self.fractional = FractionalSeparator(self.maker)
        self.detours = DetourRowMaker(self.maker)
        self.best = tuple(self.problem.buildable.tolist())
        self.master.add_rows(self._rows_of_single_sites())
        if self.maker.is_sparse:
            self._round(np.zeros(self.problem.num_routes), self.weights[0])
            self._climb(self.weights[0])

    def _climb(self, price: FloatArray) -> int:
        """Add rows from a dual ascent over all cut sets known; return how many."""
        ascent = Ascent(self.maker, price)
        return sum(self.master.add_rows(ascent.pay(cuts)) for cuts in self.fractional.pool)

    def run_stage(self, weights: FloatArray) -> float:
        """Minimise one objective with those before it kept; return its proved lower bound."""
        self.master.minimise(weights)
        bound = self._close(weights, self._separate_fractional(weights))
        value = _value(weights, self.best)
        if value - bound <= _CLOSED * max(1.0, value):
            bound = value
        self.master.keep_at_most(weights, value)
        return bound

    def _rows_of_single_sites(self) -> list[Row]:
        """What must reach each site that is all that its region has: rows that nearly every plan needs."""
        rows = []
        for sites in self.problem.terminals:
            inside = np.zeros(self.problem.num_sites, dtype=bool)
            inside[sites] = True
            rows.append(self.maker.row(inside, ()))
        return [row for row in rows if row is not None]

    def _separate_fractional(self, weights: FloatArray) -> float:
        """Solve the relaxation until no row is violated; return its value, a lower bound."""
        bound, before, reached, patience, next_dive = 0.0, 0.0, 0.0, _PATIENCE, _FIRST_DIVE
        for number in count(1) if not self.progress.should_stop else ():
            answer = self.master.relax()
            if answer.x is None:
                break
            bound = max(bound, self._round_up(weights, answer.bound))
            self._tell("relaxation", weights, bound)
            if self._is_closed(weights, bound) or self.progress.should_stop:
                self.master.keep_tight_rows(answer.x)
                break
            is_slow, reached = answer.bound < reached * (1 + _SLOW), max(reached, answer.bound)
            if self.master.add_rows(self.fractional.find_violated_rows(answer.x, is_slow=is_slow)):
                if self.maker.is_sparse and number % _ROUNDINGS == 0:
                    self._round(answer.x, weights)
                if self.maker.is_sparse and is_slow and number >= next_dive:
                    next_dive = number + number // 2
                    self._dive(answer.x, weights, bound)
                continue
            if self.master.add_rows(self.detours.find_fractional_rows(answer.x, bound)):
                continue
            patience = _PATIENCE if answer.bound > before * (1 + _STEP) else patience - 1
            before = max(before, answer.bound)
            if patience > 0 and self.master.add_passing_rows(find_half_rows(self.master.all_rows, answer.x)):
                continue
            if not self._round(answer.x, weights) or not self.maker.is_sparse:
                self._leave_out(answer, weights)
                self.master.keep_tight_rows(answer.x)
                break
        return bound

    def _leave_out(self, answer: MasterAnswer, weights: FloatArray) -> None:
        """Forget routes whose reduced cost says that with them no plan is as good as the best one known."""
        value = _value(weights, self.best)
        spare = value - answer.bound + 1e-6 * max(1.0, value)
        if answer.price is not None:
            self.master.leave_out(np.setdiff1d(np.flatnonzero(answer.price > spare), self.best))

    def _close(self, weights: FloatArray, bound: float) -> float:
        """Integer rounds until the best plan meets the bound, or a limit is hit; return the bound."""
        gap = self._early_gap(weights, bound)
        while not self._is_closed(weights, bound) and not self.progress.should_stop:
            answer = self.master.solve(gap, self.best)
            bound = max(bound, self._round_up(weights, answer.bound))
            if answer.x is None:
                if self.progress.remaining_s > 1.0 and not self.progress.should_stop:
                    raise SolverFailedError(
                        f"{self.settings.solver} gave neither a plan nor a reason;"
                        " try another solver.name, or solver.threads = 1"
                    )
                break
            rows = find_violated_rows(self.maker, self.detours, answer.x)
            if rows:
                self.fractional.add_cuts(row.cuts for row in rows)
                if not self.master.add_rows(rows):
                    raise AssertionError("a violated row was in the master problem already")
                self._round(answer.x, weights)
            elif gap <= self.settings.gap:
                self._offer(answer.x)
                break
            else:
                self._offer(answer.x)
                gap = self.settings.gap
            self._tell("rounds", weights, bound)
        return bound

    def _early_gap(self, weights: FloatArray, bound: float) -> float:
        """A gap that asks for some progress and not for all of it, until little is left."""
        value = _value(weights, self.best)
        left = (value - bound) / value if value > 0 else 0.0
        return self.settings.gap if left < _LITTLE else max(self.settings.gap, min(_EARLY_GAP, left / 2))

    def _round(self, x: FloatArray, weights: FloatArray) -> int:
        """Make a plan of a point, then leave out what it can do without; return how many cut sets that brought up."""
        completed = complete(self.maker, self.detours, x, weights, self.progress)
        if completed is None:
            return 0
        num_new = self.fractional.add_cuts(completed.cut_sets)
        self.master.add_rows(completed.rows)
        order = weights * (1.0 - x) if self.maker.is_sparse else np.where(x > 0.5, -1.0, weights)
        self._offer_routes(trim(self.problem, completed.routes, order, self.progress))
        return num_new

    def _dive(self, x: FloatArray, weights: FloatArray, bound: float) -> None:
        """Look for better plans near a point of the relaxation, where much is left between the best and the bound."""
        if self._early_gap(weights, bound) <= self.settings.gap:
            return
        makers = (self.maker, self.detours)
        for near in find_near(makers, self.master.rows, x, weights, self.best, self.settings, self.progress):
            if not near.rows:
                self._offer(near.x)
                return
            self.fractional.add_cuts(row.cuts for row in near.rows)
            self.master.add_rows(near.rows)
            self._round(near.x, weights)
            self._tell("relaxation", weights, bound)

    def _offer(self, x: FloatArray) -> None:
        self._offer_routes(tuple(np.flatnonzero(x > 0.5).tolist()))

    def _offer_routes(self, routes: tuple[int, ...]) -> None:
        """Keep a plan that meets the requirements if it is better, objective by objective."""
        routes = self.problem.with_trenches(routes)
        for weights in self.weights:
            new, old = _value(weights, routes), _value(weights, self.best)
            if new < old - _CLOSED * max(1.0, old):
                self.best = routes
                return
            if new > old + _CLOSED * max(1.0, old):
                return

    def _tell(self, stage: str, weights: FloatArray, bound: float) -> None:
        master, best = self.master, _value(weights, self.best)
        gap = (best - bound) / best if best > bound else 0.0
        self.progress.tell(stage, round=master.num_rounds, rows=master.num_rows, bound=bound, best=best, gap=gap)

    def _is_closed(self, weights: FloatArray, bound: float) -> bool:
        value = _value(weights, self.best)
        return value - bound <= max(_CLOSED * max(1.0, value), self.settings.gap * value)

    def _round_up(self, weights: FloatArray, bound: float) -> float:
        """Where all weights are whole numbers, so is the objective: a bound between two is the upper one."""
        is_whole = bool((weights == np.round(weights)).all()) and weights.sum() < 2**50
        return float(math.ceil(bound - 1e-6 * max(1.0, bound))) if is_whole else bound


def _value(weights: FloatArray, routes: Sequence[int]) -> float:
    return math.fsum(weights[list(routes)])


def _cross_check(
    search: _Search, minimise: Sequence[str], bounds: list[float]
) -> tuple[CrossCheck | None, list[float]]:
    """The verdict of another solver where one is wanted or needed, and the bounds that hold with it."""
    values = [_value(weights, search.best) for weights in search.weights]
    settings, is_open = search.settings, any(v > b for v, b in zip(values, bounds, strict=True))
    checker = find_checker(settings.solver, settings.cross_check)
    if not checker or not len(search.problem.candidates) or not (settings.cross_check or is_open):
        return None, bounds
    claims = {
        OBJECTIVE_FIELD[key]: Claim(weights, value, bound if settings.gap else value)
        for key, weights, value, bound in zip(minimise, search.weights, values, bounds, strict=True)
    }
    check = cross_check(search.master, claims, checker)
    return check, to_checked_bounds(list(claims.values()), bounds, check)


def _to_plan(problem: Problem, routes: tuple[int, ...], minimise: Sequence[str], bounds: Sequence[float]) -> Plan:
    routes = problem.with_trenches(routes)
    verification = verify(problem, routes)
    objective = {OBJECTIVE_FIELD[key]: _value(to_weights(problem, key), routes) for key in ("routes", "cost", "length")}
    bound, gaps = {}, []
    for name, value in zip((OBJECTIVE_FIELD[key] for key in minimise), bounds, strict=True):
        is_closed = objective[name] - value <= _CLOSED * max(1.0, objective[name])
        bound[name] = objective[name] if is_closed else value
        gaps += [] if is_closed else [(objective[name] - value) / objective[name]]
    is_optimal = verification.survives and not gaps
    return Plan(
        "optimal" if is_optimal else "feasible",
        problem.without_trenches(routes),
        objective,
        bound,
        gaps[0] if gaps else 0.0,
        verification,
    )


def _effort(master: Master | None, settings: Settings, progress: Progress) -> Effort:
    rounds, rows = (master.num_rounds, master.num_rows) if master else (0, 0)
    return Effort(rounds, rows, progress.elapsed_s, settings.solver, find_version(settings.solver))
