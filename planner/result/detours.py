"""Limits on detours, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planner.result.survival import PlacedCutSet


@dataclass(frozen=True, slots=True)
class LongestWay:
    """The longest of the shortest ways that cuts leave between two regions.

    Parameters
    ----------
    length_km
        Infinite where there is no way.
    cut_set
        The cuts after which it is so; None where none makes it longer than it is with nothing cut.
    """

    length_km: float
    cut_set: PlacedCutSet | None


@dataclass(frozen=True, slots=True)
class LimitedPair:
    """Two regions whose way to each other is limited.

    Parameters
    ----------
    region_a, region_b
        Their ids.
    limit_km
        How long the way may be.
    cuts
        After how many cuts the limit binds: 1, or 0 where one of them need not survive any.
    before, after
        The longest way with nothing cut and after so many cuts, in the network as it is and with the plan built;
        None where there is no plan.
    after_two
        The longest way after two cuts with the plan built, which nothing limits; None where it was not sought.
    """

    region_a: str
    region_b: str
    limit_km: float
    cuts: int
    before: LongestWay
    after: LongestWay | None = None
    after_two: LongestWay | None = None


@dataclass(frozen=True, slots=True)
class BrokenLimit:
    """A way between two regions that is too long. `length_km` is infinite where there is none."""

    region_a: str
    region_b: str
    length_km: float
    limit_km: float


@dataclass(frozen=True, slots=True)
class DetourReport:
    """What became of detour limits.

    Parameters
    ----------
    num_limited
        Number of pairs of regions with a limit.
    pairs
        Those with the least room, the least first: all of them, or as many as are listed.
    needed
        Ids of the routes of the plan without which a limit is broken, each with one of those.
    num_searched_for_two
        For how many of `pairs` two cuts were searched.
    blocking
        Where no plan keeps the limits, one that is broken with every candidate built after the cuts of
        `Outcome.blocking`.
    """

    num_limited: int
    pairs: tuple[LimitedPair, ...]
    needed: tuple[tuple[str, BrokenLimit], ...] = ()
    num_searched_for_two: int = 0
    blocking: BrokenLimit | None = None
