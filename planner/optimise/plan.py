"""A plan: routes to build, with bound, gap and verification."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from planner.optimise.rows import Row
from planner.survival.verify import Verification
from planner.survival.verify_ways import LongWay

type Key = Literal["routes", "cost", "length"]

OBJECTIVE_FIELD: dict[str, str] = {"routes": "routes", "cost": "cost", "length": "length_km"}
"""Keys of `minimise` to the keys of `Plan.objective` and `Plan.bound`."""


class LimitHit(Exception):  # noqa: N818 - it is no error
    """A limit was hit before an answer was found."""


@dataclass(frozen=True, slots=True)
class Effort:
    """What the search took: master problems solved, rows in the last one, seconds; the solver and its version."""

    rounds: int = 0
    rows: int = 0
    seconds: float = 0.0
    solver: str = ""
    solver_version: str = ""


@dataclass(frozen=True, slots=True)
class CrossCheck:
    """What another solver made of the final model.

    Parameters
    ----------
    solver, version
        The other solver.
    objective, bound
        By the keys of `Plan.bound`: the value that it found and the bound that it proved; None where it has none.
    agrees
        Whether it found the same, to one part in a million; None where it did not finish.
    seconds
        How long it took.
    """

    solver: str
    version: str
    objective: Mapping[str, float | None]
    bound: Mapping[str, float | None]
    agrees: bool | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Protection:
    """What a plan within a budget holds.

    Parameters
    ----------
    levels
        (regions,) the level at which each region is held; -1 for one that owes nothing or cannot even be connected.
    weight
        Total weight of the regions held at the level that they require.
    bound
        Proved upper bound on that weight for the money.
    budget
        The money.
    """

    levels: tuple[int, ...]
    weight: float
    bound: float
    budget: float


@dataclass(frozen=True, slots=True)
class Plan:
    """What the optimiser found.

    Parameters
    ----------
    status
        ``"optimal"``: every bound closed and the plan re-proved by the second algorithm. ``"feasible"``: re-proved,
        but a limit was hit first. ``"infeasible"``: no choice of candidates suffices. ``"no_plan"``: a limit was hit
        before any plan was found.
    routes
        Indices of the routes to build, ascending.
    objective
        ``routes``, ``cost`` and ``length_km`` of the plan, summed over its routes; empty without a plan.
    bound
        Proved lower bound of each objective that was minimised, by the same keys.
    gap
        ``(best - bound) / best`` of the first objective that is not closed, else 0.0; None without a plan.
    verification
        What the second algorithm says of the plan; None without one.
    blocking
        Where infeasible: cuts that separate regions with every candidate built, each as the spans it severs.
    blocking_sites
        Per cut of `blocking` the sites that fall with it.
    blocking_way
        The way that these cuts make too long, where they separate nobody.
    effort
        What the search took.
    cross_check
        What another solver said of it; None where none was asked. Where it disagrees the status is ``"feasible"``.
    protection
        What is held for the money; None without a budget.
    rows
        Rows found on the way. They hold whatever is required or forbidden, so another search can begin with them.

    Examples
    --------
    >>> plan = planner.optimise(problem)
    >>> plan.status, plan.routes, plan.objective["cost"], plan.bound["cost"], plan.gap
    ('optimal', (3,), 12.5, 12.5, 0.0)
    """

    status: Literal["optimal", "feasible", "infeasible", "no_plan"]
    routes: tuple[int, ...] = ()
    objective: Mapping[str, float] = field(default_factory=dict)
    bound: Mapping[str, float] = field(default_factory=dict)
    gap: float | None = None
    verification: Verification | None = None
    blocking: tuple[tuple[int, ...], ...] | None = None
    blocking_sites: tuple[tuple[int, ...], ...] = ()
    blocking_way: LongWay | None = None
    effort: Effort = Effort()
    cross_check: CrossCheck | None = None
    protection: Protection | None = None
    rows: tuple[Row, ...] = field(default=(), repr=False, compare=False)
