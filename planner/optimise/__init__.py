"""Problem to plan: the fewest, cheapest or shortest new routes that meet every requirement.

The package's name doubles as the function's: ``planner.optimise(problem)``. So nothing heavy is imported before a call.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planner.optimise.alternatives import Alternatives, Priced
    from planner.optimise.plan import Plan
    from planner.problem import Problem
    from planner.progress import Progress


def optimise(
    problem: Problem,
    *,
    minimise: Sequence[str] = ("routes", "cost"),
    budget: float | None = None,
    time_limit_s: float | None = None,
    gap: float = 0.0,
    threads: int = 1,
    seed: int = 1,
    solver: str = "HiGHS",
    cross_check: str = "",
    progress: Progress | None = None,
) -> Plan:
    """Find the best routes to build, prove it, and re-prove that the plan survives.

    Parameters
    ----------
    problem
        Sites, spans, risk groups and requirements.
    minimise
        Objectives in order of importance, out of ``"routes"``, ``"cost"`` and ``"length"``.
    budget
        The largest cost. With it the plan holds the largest total weight of regions at their levels for the money,
        then costs the least, then comes `minimise`; `Plan.protection` says what it holds. None for no limit: every
        region is held.
    time_limit_s
        Seconds for everything, verification included; None for no limit.
    gap
        Relative gap at which to be content; 0.0 asks for a proved optimum.
    threads, seed, solver
        Handed to the solver. One that reports no bound of its own (CBC, GLPK) finds the plan, and HiGHS proves it.
    cross_check
        Another solver, which solves the final model again from nothing; where it disagrees the plan is not optimal.
    progress
        Told what goes on, and asked whether to stop; its time limit wins over `time_limit_s`.

    Returns
    -------
    Plan
        With status ``"optimal"``, ``"feasible"`` (a limit was hit), ``"infeasible"`` or ``"no_plan"``.

    Raises
    ------
    InputError
        For objectives and solvers that do not exist.
    MissingExtraError
        Where a solver is not installed.

    Notes
    -----
    A covering problem over the candidates is solved again and again, each time with the rows that the cut sets
    found ask for: first on the linear relaxation, then in whole numbers. No cut set is listed beforehand.

    Examples
    --------
    >>> plan = planner.optimise(problem, minimise=("cost",), time_limit_s=60)
    >>> plan.status, plan.routes
    ('optimal', (3,))
    """
    from planner.optimise.master import Settings
    from planner.optimise.solvers import tell_deafness
    from planner.optimise.stages import solve
    from planner.progress import Progress

    settings = Settings(solver=solver, gap=gap, threads=threads, seed=seed, cross_check=cross_check)
    tell_deafness(settings)
    if budget is not None:
        from planner.optimise.budget import solve_budget

        return solve_budget(problem, budget, minimise, settings, progress or Progress(time_limit_s))
    return solve(problem, minimise, settings, progress or Progress(time_limit_s))


def explain(
    problem: Problem,
    plan: Plan,
    *,
    num_others: int = 0,
    prices: Priced | Sequence[int] = "chosen",
    time_limit_s: float | None = None,
    max_rounds: int | None = None,
    threads: int = 1,
    seed: int = 1,
    solver: str = "HiGHS",
    progress: Progress | None = None,
) -> Alternatives:
    """Say which routes of an optimal plan every optimal plan builds, what can stand in for the others, and prices.

    Parameters
    ----------
    problem
        The problem that the plan was found for.
    plan
        A plan of `optimise`, proved optimal. Plans that equal it in every objective are optimal too.
    num_others
        How many other optimal plans to list, the nearest first.
    prices
        The routes for which to find out what forcing them in (those that the plan does not build) or out (those that
        it does) adds to each objective: ``"none"``, those ``"chosen"``, ``"all"`` candidates, or route indices. A
        route that the study requires or forbids is priced as if it did not.
    time_limit_s
        Seconds for everything; None for no limit.
    max_rounds
        Integer programs to solve at most: a limit that is the same on every machine.
    threads, seed, solver
        Handed to the solver.
    progress
        Told what goes on, and asked whether to stop; its time limit wins over `time_limit_s`.

    Returns
    -------
    Alternatives
        What was not found out before a limit stands in it as such.

    Raises
    ------
    InputError
        For a plan that is not optimal, and for prices of routes that are no candidates.

    Examples
    --------
    >>> plan = planner.optimise(problem)
    >>> planner.explain(problem, plan).needed
    (3,)
    """
    from planner.optimise.knowing import find_alternatives
    from planner.optimise.master import Settings
    from planner.progress import Progress

    settings = Settings(solver=solver, threads=threads, seed=seed)
    return find_alternatives(
        problem,
        plan,
        settings,
        progress or Progress(time_limit_s),
        num_others=num_others,
        prices=prices,
        max_rounds=max_rounds,
    )


__all__ = ["explain", "optimise"]
