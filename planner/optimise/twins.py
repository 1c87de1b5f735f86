"""Finds one route that stands in for another: a look at the rows instead of an integer program."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from planner.optimise.again import to_value
from planner.optimise.rows import Row
from planner.problem import FloatArray, Problem
from planner.survival.verify import verify

_MAX_TRIED = 4


def find_twin(
    problem: Problem,
    rows: Iterable[Row],
    routes: Sequence[int],
    route: int,
    objectives: Sequence[FloatArray],
) -> int | None:
    """A candidate that can take the place of one route of a plan, with every objective as it is.

    Parameters
    ----------
    problem
        The problem.
    rows
        Rows that hold for every plan.
    routes, route
        A plan, and the route of it to be replaced.
    objectives
        (n,) weights each.

    Returns
    -------
    int or None
        None where none was found, which proves nothing. Else no other optimal plan without the route is nearer: the
        rows that its loss breaks show that it cannot simply be left out.
    """
    x = np.zeros(problem.num_routes)
    x[[other for other in routes if other != route]] = 1.0
    broken = [row for row in rows if row.is_violated(x)]
    if not broken:
        return None
    can = ~problem.is_forbidden & (x < 0.5)
    can[route] = False
    for row in broken:
        helps = np.zeros(problem.num_routes, dtype=bool)
        helps[[r for r, c in zip(row.routes, row.coefficients, strict=True) if c >= row.shortfall(x)]] = True
        can &= helps
    rest = [other for other in routes if other != route]
    ours = [to_value(weights, routes) for weights in objectives]
    alike = [
        other
        for other in np.flatnonzero(can).tolist()
        if [to_value(weights, [*rest, other]) for weights in objectives] == ours
    ]
    return next((other for other in alike[:_MAX_TRIED] if verify(problem, sorted([*rest, other])).survives), None)
