"""Solves a problem again with other routes forced in or out, from the rows that are known already."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from planner.errors import SolverFailedError
from planner.optimise.detour_rows import DetourRowMaker
from planner.optimise.fractional import FractionalSeparator
from planner.optimise.master import Master, Settings
from planner.optimise.plan import LimitHit
from planner.optimise.rows import Row, RowMaker
from planner.optimise.violated import find_violated_rows
from planner.problem import FloatArray, Problem
from planner.progress import Progress

CLOSED = 1e-7  # relative: what a 64-bit sum of costs can tell apart
_ROUNDS_BEFORE_RELAXATION = 20


@dataclass(frozen=True, slots=True)
class Stage:
    """One objective brought to its end, or to a limit: the best routes (None without any) and a proved bound."""

    routes: tuple[int, ...] | None
    bound: float
    is_closed: bool


class SearchAgain:
    """Integer rounds over a master problem whose rows outlast every search.

    A row holds for every plan, whatever is forced in or out. So each search begins with all rows that those before it
    found, and few new ones are needed.

    Parameters
    ----------
    problem
        The problem whose rows these are.
    rows
        Rows known from the start.
    settings, progress
        As for `optimise`. A limit ends a search with `LimitHit` or a stage that is not closed.
    max_rounds
        Integer rounds of all searches together: a limit that is the same on every machine; None for none.
    """

    def __init__(
        self,
        problem: Problem,
        rows: Sequence[Row],
        settings: Settings,
        progress: Progress,
        max_rounds: int | None = None,
    ) -> None:
        self.progress = progress
        self.num_rounds = 0
        self._max_rounds = math.inf if max_rounds is None else max_rounds
        self._settings = replace(settings, gap=0.0)
        self._rows = dict.fromkeys(rows)
        self._maker = RowMaker(problem)
        self._detours = DetourRowMaker(self._maker)
        self._fractional = FractionalSeparator(self._maker)
        self._fractional.add_cuts(row.cuts for row in rows)

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every row known by now."""
        return tuple(self._rows)

    @property
    def should_stop(self) -> bool:
        """Whether the user, the clock or the number of rounds says to stop."""
        return self.progress.should_stop or self.num_rounds >= self._max_rounds

    def minimise(self, problem: Problem, objectives: Sequence[FloatArray]) -> Iterator[Stage]:
        """Minimise one objective after the other; the last stage is the first that is not closed.

        Parameters
        ----------
        problem
            The same problem with other routes required or forbidden; some plan must exist.
        objectives
            (n,) weights each.
        """
        master = self._to_master(problem)
        start: tuple[int, ...] | None = None
        for weights in objectives:
            stage = self._close(master, weights, start)
            yield stage
            if not stage.is_closed or stage.routes is None:
                return
            start = stage.routes
            master.keep_at_most(weights, to_value(weights, start))

    def find_within(
        self,
        problem: Problem,
        kept: Sequence[tuple[FloatArray, float]],
        weights: FloatArray,
        *,
        start: Sequence[int] | None = None,
        unlike: Sequence[Row] = (),
    ) -> tuple[int, ...] | None:
        """The plan of least weight of those that exceed no kept value; None where there is none.

        Parameters
        ----------
        problem
            The same problem with other routes required or forbidden.
        kept
            Objectives, (n,) weights each, with the values that must not be exceeded.
        weights
            (n,) whole numbers.
        start
            A plan that is known to do.
        unlike
            More rows, for this search alone.

        Raises
        ------
        LimitHit
            Where a limit was hit first.
        """
        if not all(row.routes for row in unlike):
            return None
        if self.should_stop:
            raise LimitHit
        master = self._to_master(problem)
        master.add_rows(unlike)
        for objective, value in kept:
            master.keep_at_most(objective, value)
        while True:
            stage = self._close(master, weights, start)
            if not stage.is_closed:
                raise LimitHit
            if stage.routes is None or all(_is_kept(objective, value, stage.routes) for objective, value in kept):
                return stage.routes
            # within the solver's tolerance only: look for another
            row = to_unlike(problem, stage.routes, [objective for objective, _ in kept])
            if not row.routes:
                return None
            master.add_rows([row])
            start = None

    def _to_master(self, problem: Problem) -> Master:
        master = Master(problem, self._settings, self.progress)
        master.add_rows(self._rows)
        return master

    def _close(self, master: Master, weights: FloatArray, start: Sequence[int] | None) -> Stage:
        master.minimise(weights)
        bound, begun = 0.0, self.num_rounds
        while not self.should_stop:
            if self.num_rounds == begun + _ROUNDS_BEFORE_RELAXATION:
                self._separate_fractional(master)  # rows from whole points alone may creep outward for ever
            self.num_rounds += 1
            self.progress.tell("alternatives", round=self.num_rounds, rows=master.num_rows)
            answer = master.solve(0.0, start)
            if answer.x is None:
                return self._end(answer.is_infeasible, bound)
            bound = max(bound, answer.bound)
            rows = find_violated_rows(self._maker, self._detours, answer.x)
            if not rows:
                routes = master.problem.with_trenches(np.flatnonzero(answer.x > 0.5).tolist())
                value = to_value(weights, routes)
                is_closed = value - bound <= CLOSED * max(1.0, value)
                return Stage(routes, value if is_closed else bound, is_closed)
            self._add(master, rows)
        return Stage(None, bound, is_closed=False)

    def _separate_fractional(self, master: Master) -> None:
        while not self.progress.should_stop:
            answer = master.relax()
            rows = [] if answer.x is None else self._fractional.find_violated_rows(answer.x)
            if not rows:
                return
            self._add(master, rows)

    def _add(self, master: Master, rows: Sequence[Row]) -> None:
        master.add_rows(rows)
        self._fractional.add_cuts(row.cuts for row in rows)
        self._rows.update(dict.fromkeys(rows))

    def _end(self, is_infeasible: bool, bound: float) -> Stage:
        if not is_infeasible and not self.progress.should_stop and self.progress.remaining_s > 1.0:
            raise SolverFailedError("the solver gave neither a plan nor a reason; try solver.threads = 1")
        return Stage(None, bound, is_closed=is_infeasible)


def to_value(weights: FloatArray, routes: Sequence[int]) -> float:
    """The objective's value of a choice of routes."""
    return math.fsum(weights[list(routes)])


def to_unlike(problem: Problem, routes: Sequence[int], objectives: Sequence[FloatArray]) -> Row:
    """The row that every plan as good keeps, but for this choice and those that differ from it in weightless routes.

    Another plan of the same value builds some route that this one does not and that has a weight: were its weighty
    routes a part of this one's, it would be better.
    """
    counts = np.logical_or.reduce([weights > 0 for weights in objectives]) & problem.is_candidate
    counts[list(routes)] = False
    others = np.flatnonzero(counts)
    return Row(tuple(others.tolist()), (1,) * len(others), 1)


def _is_kept(objective: FloatArray, value: float, routes: Sequence[int]) -> bool:
    return to_value(objective, routes) <= value + CLOSED * max(1.0, value)
