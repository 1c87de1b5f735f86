"""A solved plan: its new routes, its bound and its proof."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.optimise.plan import CrossCheck, Protection
    from planner.result.survival import PlacedCutSet, Survival

Status = Literal["optimal", "feasible", "infeasible", "no_plan"]


@dataclass(frozen=True, slots=True)
class NewRoute:
    """One chosen route and why it is in the plan.

    Parameters
    ----------
    route
        Row in `Network.routes`.
    shares_with
        Ids of other existing or chosen routes that one cut severs together with it, sorted.
    defends
        Ids of the regions that some cut set within the requirement would isolate were this route not built, sorted.
    defends_against
        One such cut set: without this route it separates regions.
    """

    route: int
    route_id: str
    shares_with: tuple[str, ...]
    defends: tuple[str, ...]
    defends_against: PlacedCutSet | None


@dataclass(frozen=True, slots=True)
class ProofOfSurvival:
    """What the second algorithm said.

    Parameters
    ----------
    method
        Name of the algorithm, for the report.
    survives
        True when no cut set within the requirement separates.
    cut_sets_covered
        Number of cut sets (of up to the required number of cuts) that the proof speaks of.
    witness
        Where `survives` is false, cuts that separate.
    """

    method: str
    survives: bool
    cut_sets_covered: int
    witness: PlacedCutSet | None = None


@dataclass(frozen=True, slots=True)
class SolvedPlan:
    """New routes with their objective, bound and proof.

    Parameters
    ----------
    status
        ``"optimal"`` only with the bound closed and the plan re-proved; ``"feasible"`` after a limit.
    objective
        ``{"routes": int, "cost": float, "length_km": float}``, recomputed from the chosen routes.
    bound
        Proved lower bound of every objective that was minimised, in the same units.
    gap
        ``(best - bound) / best`` of the first objective not closed; 0.0 when all are.
    required_cuts
        Region id to the level it is held at.
    after
        What cuts do to the network with these routes built.
    cross_check
        What another solver said; None where none was asked.
    protection
        The weight held for a budget, and its bound; None without a budget.
    """

    status: Literal["optimal", "feasible"]
    routes: tuple[NewRoute, ...]
    objective: Mapping[str, float]
    bound: Mapping[str, float]
    gap: float
    proof: ProofOfSurvival
    required_cuts: Mapping[str, int]
    after: Survival
    cross_check: CrossCheck | None = None
    protection: Protection | None = None


@dataclass(frozen=True, slots=True)
class SolverRecord:
    """Which solver ran and for how long. `rows` are the rows of the final master problem."""

    name: str
    version: str
    seconds: float
    rounds: int
    rows: int


@dataclass(frozen=True, slots=True)
class SharedTrench:
    """A stretch of ground in which several new routes lie.

    Parameters
    ----------
    route_ids
        Theirs, sorted; two or more.
    length_km
        How long it is.
    cost
        What digging it costs, once.
    saved
        What digging it for each of them would cost more.
    """

    route_ids: tuple[str, ...]
    length_km: float
    cost: float
    saved: float


@dataclass(frozen=True, slots=True)
class CorridorRecord:
    """How much a plan over every section of corridors could choose from."""

    num_sections: int
    num_junctions: int
    length_km: float


@dataclass(frozen=True, slots=True)
class OtherMode:
    """What the plan would be in the other of the two ways to choose: from a list of routes, or along all corridors.

    Parameters
    ----------
    mode
        ``"routes"`` or ``"sections"``.
    status
        As of `Outcome`.
    num_candidates
        How many routes or sections there were to choose from.
    routes
        Ids of the routes to build, sorted.
    objective
        As of `SolvedPlan`; empty without a plan.
    gap
        As of `SolvedPlan`; None without a plan.
    is_protecting
        True where no plan holds everybody, and this is the one that protects most.
    """

    mode: Literal["routes", "sections"]
    status: Status
    num_candidates: int
    routes: tuple[str, ...]
    objective: Mapping[str, float]
    gap: float | None
    is_protecting: bool = False
