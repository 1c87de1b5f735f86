"""Problem to plan: the fewest, cheapest or shortest new routes that meet every requirement.

The package's name doubles as the function's: ``planner.optimise(problem)``. So nothing heavy is imported before a call.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planner.optimise.plan import Plan
    from planner.problem import Problem
    from planner.progress import Progress


def optimise(
    problem: Problem,
    *,
    minimise: Sequence[str] = ("routes", "cost"),
    time_limit_s: float | None = None,
    gap: float = 0.0,
    threads: int = 1,
    seed: int = 1,
    solver: str = "HiGHS",
    progress: Progress | None = None,
) -> Plan:
    """Find the best routes to build, prove it, and re-prove that the plan survives.

    Parameters
    ----------
    problem
        Sites, spans, risk groups and requirements.
    minimise
        Objectives in order of importance, out of ``"routes"``, ``"cost"`` and ``"length"``.
    time_limit_s
        Seconds for everything, verification included; None for no limit.
    gap
        Relative gap at which to be content; 0.0 asks for a proved optimum.
    threads, seed, solver
        Handed to the solver.
    progress
        Told what goes on, and asked whether to stop; its time limit wins over `time_limit_s`.

    Returns
    -------
    Plan
        With status ``"optimal"``, ``"feasible"`` (a limit was hit), ``"infeasible"`` or ``"no_plan"``.

    Raises
    ------
    InputError
        For objectives that do not exist.

    Notes
    -----
    A covering problem over the candidates is solved again and again, each time with the rows that the cut sets
    found ask for: first on the linear relaxation, then in whole numbers. No cut set is listed beforehand.
    """
    from planner.optimise.master import Settings
    from planner.optimise.stages import solve
    from planner.progress import Progress

    settings = Settings(solver=solver, gap=gap, threads=threads, seed=seed)
    return solve(problem, minimise, settings, progress or Progress(time_limit_s))


__all__ = ["optimise"]
