"""Plans near a point of the relaxation: an integer program over the few candidates that it is undecided about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from planner.optimise.detour_rows import DetourRowMaker
from planner.optimise.master import Master, Settings
from planner.optimise.rows import Row, RowMaker
from planner.optimise.violated import find_violated_rows
from planner.problem import FloatArray
from planner.progress import Progress

_MOST_UNDECIDED = 300
_MAX_ROUNDS = 8
_GAP = 0.01
_LOOSE = 0.5
_BUILT, _NOT_BUILT = 0.97, 0.01


@dataclass(frozen=True, slots=True, eq=False)
class Near:
    """A point of whole numbers, and the rows that it breaks; none where it is a plan."""

    x: FloatArray
    rows: Sequence[Row]


def find_near(
    makers: tuple[RowMaker, DetourRowMaker],
    rows: Sequence[Row],
    x: FloatArray,
    weights: FloatArray,
    best: Sequence[int],
    settings: Settings,
    progress: Progress,
) -> Iterator[Near]:
    """Find points near one of the relaxation that break fewer and fewer rows.

    Candidates that the point builds all but whole are built, and of the others only those stay that it builds most of,
    and those of the best plan: a neighbourhood in the sense of Danna, Rothberg and Le Pape (2005).

    Parameters
    ----------
    makers
        Make the rows that a point breaks.
    rows
        Rows known.
    x
        (n,) the point.
    weights
        (n,) the objective.
    best
        The best plan known.
    settings, progress
        Of the solver.

    Yields
    ------
    Near
        Until one breaks no row, and after eight at the latest.
    """
    problem = makers[0].problem
    is_built = (x > _BUILT) | problem.is_required
    is_open = np.zeros(problem.num_routes, dtype=bool)
    undecided = np.flatnonzero((x > _NOT_BUILT) & ~is_built)
    is_open[undecided[np.argsort(-x[undecided], kind="stable")[:_MOST_UNDECIDED]]] = True
    is_open[list(best)] = True
    is_open |= is_built | problem.is_trench
    small = replace(
        problem,
        is_required=is_built & ~problem.is_forbidden & problem.is_candidate,
        is_forbidden=problem.is_forbidden | (problem.is_candidate & ~is_open),
    )
    master = Master(small, replace(settings, gap=0.0), progress)
    master.add_rows(row for row in rows if row.shortfall(x) > -_LOOSE)
    master.minimise(weights)
    for _ in range(_MAX_ROUNDS):
        if progress.should_stop:
            return
        answer = master.solve(_GAP)
        if answer.x is None:
            return
        broken = find_violated_rows(*makers, answer.x)
        yield Near(answer.x, broken)
        if not broken:
            return
        master.add_rows(broken)
