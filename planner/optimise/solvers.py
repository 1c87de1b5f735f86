"""Runs a model on the solver of a name, and checks beforehand that it can."""

from __future__ import annotations

import inspect
import logging
import math
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

import numpy as np
import pulp

from planner.errors import MissingExtraError, SolverFailedError
from planner.optimise.kinds import Options, SolverKind, find_kind

if TYPE_CHECKING:
    from planner.optimise.master import Settings
    from planner.progress import Progress

_log = logging.getLogger(__name__)
_pool: dict[str, int] = {}  # the threads that HiGHS was last given in this process


@dataclass(frozen=True, slots=True)
class Answer:
    """What a solver says of a model; the values stand in the model's variables.

    Parameters
    ----------
    status
        Why it stopped.
    has_solution
        Whether the variables hold a point.
    bound
        The bound that it proved, in the model's units; None where it reports none.
    """

    status: pulp.LpSolveStatus
    has_solution: bool
    bound: float | None


def check_solver(name: str) -> None:
    """Raise where a solver cannot run here.

    Raises
    ------
    InputError
        Where there is no such solver.
    MissingExtraError
        Where it is not installed.
    """
    kind = find_kind(name)
    try:
        is_there = bool(pulp.getSolver(kind.pulp_name, msg=False).available())
    except Exception as error:  # licences fail in ways of their own
        raise MissingExtraError(f"solver.name: {name} cannot run here ({error}); {kind.remedy}") from error
    if not is_there:
        raise MissingExtraError(f"solver.name: {name} is not installed; {kind.remedy}")


def tell_deafness(settings: Settings) -> None:
    """Log what a solver cannot be told of the settings that differ from its ways."""
    deaf_to = [what for what in find_kind(settings.solver).deaf_to if what != "threads" or settings.threads > 1]
    if deaf_to:
        _log.warning("%s cannot be told %s: it goes its own way there", settings.solver, " and ".join(deaf_to))


def find_version(name: str) -> str:
    """Version of a solver, as its package has it."""
    try:
        package = find_kind(name).package
        return version(package) if package else f"through PuLP {version('pulp')}"
    except PackageNotFoundError:
        return "unknown"


def run(lp: pulp.LpProblem, settings: Settings, progress: Progress, gap: float, *, warm_start: bool) -> Answer:
    """Solve a model with the solver of the settings.

    Parameters
    ----------
    lp
        The model; with `warm_start` its variables' values are a point to start from.
    settings, progress
        Solver, threads and seed; time limit.
    gap
        Relative gap at which to be content.

    Raises
    ------
    SolverFailedError
        Where the solver breaks down.
    """
    kind = find_kind(settings.solver)
    solver = _to_solver(kind, settings, progress, gap, warm_start=warm_start)
    try:
        stats = lp.solve(solver)
    except Exception as error:  # each solver has errors of its own
        raise SolverFailedError(f"{settings.solver} failed: {error}; try another solver.name") from error
    if stats.status == pulp.LpSolveStatus.Interrupted:
        progress.interrupt()
    status = stats.status
    if status == pulp.LpSolveStatus.GapLimit and gap == 0:  # CBC's word for it, asked for no gap
        status = pulp.LpSolveStatus.Optimal
    bound = stats.best_bound if kind.pulp_name == "HiGHS" else _read_bound(kind, lp, solver)
    return Answer(status, stats.has_solution, bound)


def _read_bound(kind: SolverKind, lp: pulp.LpProblem, solver: pulp.LpSolver) -> float | None:
    model = getattr(lp, "solverModel", None) or getattr(solver, "solverModel", None)
    if kind.read_bound is None or model is None:
        return None
    try:
        bound = kind.read_bound(model)
    except Exception:  # no bound is known yet
        return None
    return bound if abs(bound) < 1e15 else None  # what solvers call infinite


def _to_solver(
    kind: SolverKind, settings: Settings, progress: Progress, gap: float, *, warm_start: bool
) -> pulp.LpSolver:
    shared: Options = {"msg": False, "threads": settings.threads, "gapRel": gap, "warmStart": warm_start}
    limit_s = progress.remaining_s
    if np.isfinite(limit_s):
        shared["timeLimit"] = max(limit_s, 0.01)
    if kind.pulp_name == "HiGHS":
        return _to_highs(shared, settings, progress)
    accepted = inspect.signature(type(pulp.getSolver(kind.pulp_name, msg=False)).__init__).parameters
    if kind.pulp_name in ("GLPK_CMD", "XPRESS_PY", "XPRESS") and "timeLimit" in shared:
        shared["timeLimit"] = math.ceil(shared["timeLimit"])  # whole seconds
    options = {key: value for key, value in shared.items() if key in accepted} | kind.tell(settings, gap)
    return pulp.getSolver(kind.pulp_name, **{key: value for key, value in options.items() if value is not None})


def _to_highs(shared: Options, settings: Settings, progress: Progress) -> pulp.LpSolver:
    def stop_when_asked(_kind: Any, _message: Any, _data_out: Any, data_in: Any, _user_data: Any) -> None:
        if progress.is_interrupted:
            data_in.user_interrupt = True

    share_threads(settings.threads)
    return pulp.HiGHS(
        **shared,
        random_seed=settings.seed,
        callbackTuple=(stop_when_asked, None),
        callbacksToActivate=_interrupt_callbacks(),
    )


def share_threads(threads: int) -> None:
    """Let HiGHS take another number of threads: it keeps one pool per process, and refuses to solve with another."""
    import highspy

    if _pool.get("threads", threads) != threads:
        highspy.Highs.resetGlobalScheduler(True)
    _pool["threads"] = threads


def _interrupt_callbacks() -> list[Any]:
    from highspy import cb

    kinds = cb.HighsCallbackType
    return [kinds.kCallbackMipInterrupt, kinds.kCallbackSimplexInterrupt]
