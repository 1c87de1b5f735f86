"""The final model again, cold, on another solver: whether it finds the same."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from planner.errors import SolverFailedError
from planner.optimise.kinds import find_kind
from planner.optimise.master import Master, MasterAnswer
from planner.optimise.plan import CrossCheck
from planner.optimise.solvers import find_version
from planner.problem import FloatArray

_SAME = 1e-6  # relative: objectives this near to each other are equal


@dataclass(frozen=True, slots=True)
class Claim:
    """What the search says of one objective: the plan's value, and no plan is below `floor`."""

    weights: FloatArray
    value: float
    floor: float


def find_checker(solver: str, wanted: str) -> str:
    """The solver to check with, empty for none: HiGHS for a solver that reports no bound, unless another is wanted.

    Such a solver finds a plan and proves nothing by itself.
    """
    kind = find_kind(solver)
    proves = kind.pulp_name == "HiGHS" or kind.read_bound is not None
    return wanted or ("" if proves else "HiGHS")


def cross_check(master: Master, claims: Mapping[str, Claim], solver: str) -> CrossCheck:
    """Solve the final model again with another solver, objective after objective, each from nothing.

    Parameters
    ----------
    master
        Its rows, settings and progress, whose time limit holds here too.
    claims
        Key of `Plan.objective` to what is to be checked, most important first.
    solver
        The other solver.
    """
    started = time.perf_counter()
    other = Master(master.problem, replace(master.settings, solver=solver, gap=0.0), master.progress)
    other.add_rows(master.rows)
    objective: dict[str, float | None] = {}
    bound: dict[str, float | None] = {}
    verdicts: list[bool | None] = []
    for key, claim in claims.items():
        answer = _solve(other, claim.weights)
        found = None if answer is None or answer.x is None else float(math.fsum(claim.weights * answer.x))
        objective[key] = found
        bound[key] = answer.bound if answer is not None and answer.has_bound else None
        verdicts.append(_judge(claim, answer, found))
        other.keep_at_most(claim.weights, claim.value)
    agrees = False if False in verdicts else None if None in verdicts else True
    seconds = round(time.perf_counter() - started, 3)
    return CrossCheck(solver, find_version(solver), objective, bound, agrees, seconds)


def to_checked_bounds(claims: Sequence[Claim], bounds: Sequence[float], check: CrossCheck) -> list[float]:
    """The bounds that hold after a check: the larger where both solvers agree, the smallest where they do not."""
    checked = []
    for claim, ours, key in zip(claims, bounds, check.objective, strict=True):
        theirs, found = check.bound[key], check.objective[key]
        if check.agrees is False:
            checked.append(min(ours, *(one for one in (theirs, found) if one is not None)))
        elif theirs is None:
            checked.append(ours)
        else:
            is_closed = claim.value - theirs <= _SAME * max(1.0, claim.value)
            checked.append(claim.value if is_closed else max(ours, theirs))
    return checked


def _solve(other: Master, weights: FloatArray) -> MasterAnswer | None:
    if other.progress.should_stop:
        return None
    other.minimise(weights)
    try:
        return other.solve(0.0)
    except SolverFailedError:
        return None


def _judge(claim: Claim, answer: MasterAnswer | None, found: float | None) -> bool | None:
    """Whether a second answer agrees with the first; None where it says too little."""
    if answer is None:
        return None
    slack = _SAME * max(1.0, claim.value)
    is_below = found is not None and found < claim.floor - slack
    is_above = answer.bound > claim.value + slack
    if answer.is_infeasible or is_below or is_above:
        return False
    if not answer.is_optimal or found is None:
        return None
    return found <= claim.value + slack
