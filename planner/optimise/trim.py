"""Plans that hold at once: leave routes out one by one as long as every requirement is met."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from planner.problem import FloatArray, Problem
from planner.progress import Progress
from planner.survival.verify import verify


def trim(problem: Problem, routes: Iterable[int], order: FloatArray, progress: Progress) -> tuple[int, ...]:
    """Drop routes that the plan can do without, those of the highest `order` first.

    Blocks of routes are tried at once, and halved where they cannot all go, so that a plan far too large shrinks in
    few checks.

    Parameters
    ----------
    problem
        The problem.
    routes
        A plan that meets every requirement.
    order
        (n,) a number per route, such as its cost.
    progress
        Asked whether to stop.

    Returns
    -------
    tuple of int
        A plan that meets every requirement, ascending. Unless stopped, no route of it can be left out.
    """
    kept = set(routes)
    by_order = sorted(kept, key=lambda route: (-order[route], route))
    blocks = [by_order]
    while blocks and not progress.should_stop:
        block = blocks.pop()
        rest = kept.difference(block)
        if verify(problem, sorted(rest)).survives:
            kept = rest
        elif len(block) > 1:
            half = len(block) // 2
            blocks += [block[half:], block[:half]]
    return tuple(int(route) for route in np.sort(np.array(sorted(kept), dtype=np.int64)))
