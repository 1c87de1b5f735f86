"""What inaccurate data leave open."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.result.plan import Status


@dataclass(frozen=True, slots=True)
class OtherPlan:
    """What the plan would be were the data better.

    Parameters
    ----------
    status
        As of `Outcome`; under limits of its own.
    routes
        Ids of the routes it builds, sorted.
    objective
        As of `SolvedPlan`; empty without a plan.
    """

    status: Status
    routes: tuple[str, ...] = ()
    objective: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SurveyedPair:
    """Two spans that the data cannot tell apart, and the plan if a survey found them apart.

    Parameters
    ----------
    spans
        Rows in `Network.spans`, ascending.
    distance_m
        How near they are drawn to each other, outside the clearance of their sites.
    accuracy_m
        Their accuracies added.
    plan
        The plan with only this pair apart.
    """

    spans: tuple[int, int]
    distance_m: float
    accuracy_m: float
    plan: OtherPlan


@dataclass(frozen=True, slots=True)
class Survey:
    """What inaccurate data leave open, and what a survey would change.

    Parameters
    ----------
    num_shared_pairs
        Pairs of spans that one cut severs wherever they truly lie.
    num_cannot_tell_pairs
        Pairs of which nobody can tell; the plan takes them for shared.
    all_apart
        The plan if every such pair turned out to be apart; None where it was not sought.
    pairs
        The pairs whose survey alone would change the plan, the largest change first.
    num_tried
        For how many pairs that was tried.
    note
        Why not for all; empty where it was, or where no pair can change anything.
    """

    num_shared_pairs: int
    num_cannot_tell_pairs: int
    all_apart: OtherPlan | None = None
    pairs: tuple[SurveyedPair, ...] = ()
    num_tried: int = 0
    note: str = ""
