"""The 0-1 models in PuLP: which routes to build, and which levels to hold. Nothing else imports pulp."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pulp

from planner.errors import SolverFailedError
from planner.optimise.plan import LimitHit
from planner.optimise.rows import Row
from planner.optimise.solvers import run, share_threads
from planner.problem import BoolArray, FloatArray, Problem
from planner.progress import Progress

# objectives are scaled to it, so that the solver's absolute tolerances mean the same everywhere
_LARGEST_COEFFICIENT = 1000.0
_TIGHT = 1e-6
_SWEEP = 8


@dataclass(frozen=True, slots=True)
class Settings:
    """How to solve.

    Parameters
    ----------
    solver
        PuLP's name of the solver.
    gap
        Relative gap at which to be content.
    threads, seed
        Handed to the solver.
    cross_check
        Another solver, for the final model; empty for none.
    """

    solver: str = "HiGHS"
    gap: float = 0.0
    threads: int = 1
    seed: int = 1
    cross_check: str = ""


@dataclass(frozen=True, eq=False)
class MasterAnswer:
    """A point (None where there is none) and a lower bound, in the objective's units; 0 where the solver has none.

    `price` says of a relaxation what building more of each route would add: its reduced costs, (n,) and >= 0.
    """

    x: FloatArray | None
    bound: float
    is_infeasible: bool = False
    price: FloatArray | None = None
    is_optimal: bool = False
    has_bound: bool = True


class Master:
    """Rows and one objective at a time; objectives solved before are kept by a row each.

    Parameters
    ----------
    problem
        Its candidates become variables.
    settings
        Solver and tolerances.
    progress
        Asked whether to stop, also while the solver runs.
    """

    def __init__(self, problem: Problem, settings: Settings, progress: Progress) -> None:
        self.problem = problem
        self.settings = settings
        self.progress = progress
        self.num_rows = 0
        self.num_rounds = 0
        self._rows: dict[Row, None] = {}
        self._passing: dict[Row, None] = {}
        self._lp = pulp.LpProblem("fewest_new_routes", pulp.LpMinimize)
        low, high = problem.is_required.astype(int).tolist(), (~problem.is_forbidden).astype(int).tolist()
        self._x = {
            r: self._lp.add_variable(f"x{r}", low[r], high[r], cat="Integer") for r in problem.candidates.tolist()
        }
        for route, trench in problem.needs.tolist():
            self._lp.addConstraint(self._x[trench] - self._x[route] >= 0)
        self._weights = np.zeros(problem.num_routes)
        self._scale = 1.0
        self._relaxation: _LiveRelaxation | None = None

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows, in the order in which they came."""
        return tuple(self._rows)

    def add_rows(self, rows: Iterable[Row]) -> int:
        """Add the rows that are new; return how many were, to the integer program or to the relaxation."""
        rows = list(dict.fromkeys(rows))
        fresh = [row for row in rows if row not in self._rows]
        for row in fresh:
            terms = [(self._x[r], float(c)) for r, c in zip(row.routes, row.coefficients, strict=True)]
            self._lp.addConstraint(pulp.LpAffineExpression.from_list(terms) >= row.at_least)
        self._rows.update(dict.fromkeys(fresh))
        self.num_rows += len(fresh)
        return max(len(fresh), self._tighten(rows))

    @property
    def all_rows(self) -> list[Row]:
        """The rows of the relaxation."""
        return [*self._rows, *self._passing]

    def add_passing_rows(self, rows: Iterable[Row]) -> int:
        """Add rows to the relaxation alone; those that are tight in the end join the integer program."""
        fresh = [row for row in dict.fromkeys(rows) if row not in self._rows and row not in self._passing]
        self._passing.update(dict.fromkeys(fresh))
        self._tighten(fresh)
        return len(fresh)

    def keep_tight_rows(self, x: FloatArray) -> None:
        """Let the passing rows that a point of the relaxation meets exactly stay, and forget the others."""
        passing, self._passing = self._passing, {}
        self._relaxation = None
        self.add_rows(row for row in passing if row.shortfall(x) > -_TIGHT)

    def _tighten(self, rows: Sequence[Row]) -> int:
        """Add to the relaxation, where there is one, the rows that are not in it."""
        return 0 if self._relaxation is None else self._relaxation.add_rows(rows)

    def minimise(self, weights: FloatArray) -> None:
        """Set the objective: ``weights @ x``, one weight per route."""
        self._weights = weights
        self._scale = to_scale(weights)
        self._lp.setObjective(self._weighted(weights * self._scale))
        self._relaxation = None

    def keep_at_most(self, weights: FloatArray, value: float) -> None:
        """From now on ``weights @ x`` may not exceed `value`."""
        scale = to_scale(weights)
        self._lp.addConstraint(self._weighted(weights * scale) <= value * scale + 1e-6 * max(1.0, value * scale))

    def leave_out(self, routes: Iterable[int]) -> None:
        """From now on these routes are not built."""
        for route in routes:
            self._x[int(route)].upBound = 0

    def relax(self) -> MasterAnswer:
        """Solve the linear relaxation, from the last basis where the solver keeps one."""
        if self._relaxation is None:
            self._relaxation = _LiveRelaxation(self._lp, list(self._x), self.settings, self._rows)
        else:
            self._relaxation.run()
        x = self._relaxation.point(self.problem.num_routes)
        if x is None:
            return MasterAnswer(None, 0.0, is_infeasible=True)
        price = self._relaxation.price(self.problem.num_routes) / self._scale
        return MasterAnswer(x, float(self._weights @ x), price=price)

    def solve(self, gap: float, start: Sequence[int] | None = None) -> MasterAnswer:
        """Solve the integer program to a relative gap, from a known plan if there is one."""
        self.num_rounds += 1
        chosen = set(start or ())
        for route, variable in self._x.items() if start is not None else ():
            variable.setInitialValue(1 if route in chosen else 0)
        answer = run(self._lp, self.settings, self.progress, gap, warm_start=start is not None)
        bound = 0.0 if answer.bound is None else max(0.0, answer.bound / self._scale)
        if start is not None:
            self._check_bound(bound, math.fsum(self._weights[list(start)]))
        if not answer.has_solution:
            return MasterAnswer(None, bound, answer.status == pulp.LpSolveStatus.Infeasible)
        x = np.zeros(self.problem.num_routes)
        for route, variable in self._x.items():
            x[route] = round(variable.varValue or 0.0)
        self._check_point(x)
        is_optimal = answer.status == pulp.LpSolveStatus.Optimal
        return MasterAnswer(x, bound, is_optimal=is_optimal, has_bound=answer.bound is not None)

    def _check_bound(self, bound: float, known: float) -> None:
        if bound > known + 1e-5 * max(known, 1.0 / self._scale):
            raise SolverFailedError(
                f"{self.settings.solver} claims a bound of {bound:.12g}, and a plan of {known:.12g} is known;"
                " try another solver.name"
            )

    def _check_point(self, x: FloatArray) -> None:
        if any(row.is_violated(x) for row in self._rows):
            raise SolverFailedError(
                f"{self.settings.solver} gave a plan that breaks the rows of its model; try another solver.name"
            )

    def _weighted(self, weights: FloatArray) -> pulp.LpAffineExpression:
        return pulp.LpAffineExpression.from_list([(x, float(weights[route])) for route, x in self._x.items()])


class _LiveRelaxation:
    """The linear relaxation, kept in the solver so that added rows are solved from the last basis."""

    def __init__(self, lp: pulp.LpProblem, routes: list[int], settings: Settings, rows: Iterable[Row]) -> None:
        self._known = set(rows)
        self._added: list[Row] = []
        self._idle = np.zeros(0, dtype=np.int64)  # rounds for which each added row has not been met exactly
        self._num_rounds = 0
        self._routes = np.array(routes, dtype=np.int64)
        self._column = {route: column for column, route in enumerate(routes)}
        share_threads(settings.threads)
        lp.solve(pulp.HiGHS(mip=False, msg=False, threads=settings.threads))
        highs: Any = lp.solverModel
        self._highs = highs
        self._first = int(self._highs.getNumRow())  # rows from here on were added, and may be dropped again
        self._value = self._value_then = float(self._highs.getInfo().objective_function_value)

    def add_rows(self, rows: Sequence[Row]) -> int:
        """Add the rows that are not there; return how many."""
        rows = [row for row in rows if row not in self._known]
        if not rows:
            return 0
        self._known.update(rows)
        self._added += rows
        self._idle = np.append(self._idle, np.zeros(len(rows), dtype=np.int64))
        starts = np.cumsum([0, *(len(row.routes) for row in rows)])[:-1]
        self._highs.addRows(
            len(rows),
            np.array([row.at_least for row in rows], dtype=np.float64),
            np.full(len(rows), np.inf),
            sum(len(row.routes) for row in rows),
            starts.astype(np.int32),
            np.array([self._column[r] for row in rows for r in row.routes], dtype=np.int32),
            np.array([c for row in rows for c in row.coefficients], dtype=np.float64),
        )
        return len(rows)

    def run(self) -> None:
        """Solve again, and from time to time forget rows that have not mattered for long: they can come back."""
        # the value has to rise before rows go again: so none comes and goes for ever
        if self._num_rounds % _SWEEP == 0 and self._value > self._value_then * (1 + _TIGHT) + _TIGHT:
            self._value_then = self._value
            self._drop([number for number, rounds in enumerate(self._idle) if rounds >= _SWEEP])
        self._highs.run()
        self._num_rounds += 1
        self._value = self._highs.getInfo().objective_function_value
        value = np.array(self._highs.getSolution().row_value[self._first :])
        at_least = np.array([row.at_least for row in self._added])
        self._idle = np.where(value > at_least + _TIGHT, self._idle + 1, 0)

    def _drop(self, numbers: list[int]) -> None:
        if not numbers:
            return
        gone = set(numbers)
        self._highs.deleteRows(len(numbers), np.array(numbers, dtype=np.int32) + self._first)
        self._known.difference_update(self._added[number] for number in numbers)
        self._added = [row for number, row in enumerate(self._added) if number not in gone]
        self._idle = np.delete(self._idle, numbers)

    def point(self, num_routes: int) -> FloatArray | None:
        """(num_routes,) the LP's solution, or None where it has none."""
        import highspy

        if len(self._routes) and self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        x = np.zeros(num_routes)
        x[self._routes] = np.clip(self._highs.getSolution().col_value, 0.0, 1.0) if len(self._routes) else 0.0
        return x

    def price(self, num_routes: int) -> FloatArray:
        """(num_routes,) reduced costs, none below zero."""
        price = np.zeros(num_routes)
        if len(self._routes):
            price[self._routes] = np.maximum(self._highs.getSolution().col_dual, 0.0)
        return price


class LevelMaster:
    """Which regions to hold at which level where not all can be held at theirs.

    ``y[r, j]`` says that region r is held at level j or more. For each cut set that separates, one of the components
    that it leaves is chosen, and the regions held at a level of so many cuts must be in it.

    Parameters
    ----------
    levels
        Per region the level it requires, -1 for none.
    settings, progress
        As for `Master`.
    """

    def __init__(self, levels: Sequence[int], settings: Settings, progress: Progress) -> None:
        self.levels = levels
        self.settings = settings
        self.progress = progress
        self._lp = pulp.LpProblem("most_protected", pulp.LpMaximize)
        self._num_cut_sets = 0
        self._y = {
            (region, level): self._lp.add_variable(f"y{region}_{level}", 0, 1, cat="Integer")
            for region, highest in enumerate(levels)
            for level in range(highest + 1)
        }
        for (region, level), y in self._y.items():
            if level > 0:
                self._lp.addConstraint(y - self._y[region, level - 1] <= 0)

    def add_cut_set(self, num_cuts: int, held: BoolArray) -> None:
        """Add a cut set of so many cuts; `held` (components, regions) says what each component then holds."""
        number = self._num_cut_sets
        self._num_cut_sets += 1
        useful = np.unique(held, axis=0)
        z = [self._lp.add_variable(f"z{number}_{c}", 0, 1, cat="Integer") for c in range(len(useful))]
        self._lp.addConstraint(pulp.LpAffineExpression.from_list([(chosen, 1.0) for chosen in z]) <= 1)
        for region, highest in enumerate(self.levels):
            if highest >= num_cuts:
                terms = [(z[c], -1.0) for c in np.flatnonzero(useful[:, region])]
                y = self._y[region, num_cuts]
                self._lp.addConstraint(pulp.LpAffineExpression.from_list([(y, 1.0), *terms]) <= 0)

    def solve(self, weights: FloatArray) -> list[int]:
        """Levels that hold the most weight at the level required, then the most weight times level."""
        full = {key: float(weights[key[0]]) * (key[1] == self.levels[key[0]]) for key in self._y}
        partial = {key: float(weights[key[0]]) for key in self._y}
        worths = (full, partial, dict.fromkeys(self._y, 1.0))
        for number in range(len(worths)):
            self._keep(number, 0.0)  # what was best before more cut sets were known
        for number, worth in enumerate(worths):
            scale = to_scale(np.array(list(worth.values())))
            objective = pulp.LpAffineExpression.from_list([(y, worth[key] * scale) for key, y in self._y.items()])
            self._lp.setObjective(objective)
            answer = run(self._lp, self.settings, self.progress, 0.0, warm_start=False)
            if answer.status != pulp.LpSolveStatus.Optimal:
                raise LimitHit
            values = {key: round(y.varValue or 0.0) for key, y in self._y.items()}
            best = sum(worth[key] * scale * value for key, value in values.items())
            if self._lp.get_constraint_by_name(f"kept{number}") is None:
                kept = pulp.LpAffineExpression.from_list([(y, worth[key] * scale) for key, y in self._y.items()])
                self._lp.addConstraint(kept >= 0.0, f"kept{number}")
            self._keep(number, best - 1e-6 * max(1.0, best))
        return [
            sum(values[region, level] for level in range(highest + 1)) - 1 for region, highest in enumerate(self.levels)
        ]

    def _keep(self, number: int, at_least: float) -> None:
        """From now on an objective solved before may not fall below a value."""
        row = self._lp.get_constraint_by_name(f"kept{number}")
        if row is not None:
            row.changeRHS(at_least)


def to_scale(weights: FloatArray) -> float:
    """The factor that brings the largest weight to a thousand."""
    largest = float(weights.max(initial=0.0))
    return _LARGEST_COEFFICIENT / largest if largest > 0 else 1.0
