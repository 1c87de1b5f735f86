"""What cuts do to a network: cut sets on the map, survival per region, the worst attack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class PlacedCutSet:
    """Simultaneous cuts on the map, and what they isolate.

    Parameters
    ----------
    groups
        Index into `RiskGroups` of each cut's risk group, ascending. Empty when the network falls apart uncut.
    places
        Longitude and latitude of each cut, in the order of `groups`.
    spans
        Indices of every span severed that is part of the network looked at, ascending.
    isolated_regions
        Ids of the regions that the main component does not hold, sorted.
    isolated_weight
        Their total weight.
    isolated_sites
        Indices of the sites outside the main component, ascending; those that fell are not among them.
    fallen_sites
        Indices of the sites that fall with the cuts, ascending: they owe nothing, so a region of which every site
        fell is not isolated.
    """

    groups: tuple[int, ...]
    places: tuple[tuple[float, float], ...]
    spans: tuple[int, ...]
    isolated_regions: tuple[str, ...]
    isolated_weight: float
    isolated_sites: tuple[int, ...]
    fallen_sites: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RegionSurvival:
    """How many cuts a region survives, and cuts that it does not.

    Parameters
    ----------
    survives
        The largest number of simultaneous cuts, up to `searched`, after which the region is still held; -1 when it
        is isolated while nothing is cut.
    searched
        Cut sets up to this size were searched: where `witness` is None the region survives all of them, and
        `survives` equals `searched`.
    witness
        `survives` + 1 cuts that isolate the region, or None where none of that size exists.
    """

    region_id: str
    survives: int
    searched: int
    witness: PlacedCutSet | None


@dataclass(frozen=True, slots=True)
class PlacedAttack:
    """The simultaneous cuts that isolate the most region weight.

    Parameters
    ----------
    cuts
        How many cuts were allowed; the attack may need fewer.
    cut_set
        The attack.
    bound
        No attack of so many cuts isolates more.
    is_proved
        Whether the attack is known to be the worst.
    """

    cuts: int
    cut_set: PlacedCutSet
    bound: float
    is_proved: bool


@dataclass(frozen=True, slots=True)
class Survival:
    """What cuts do to one network: existing alone, or existing with a plan's new routes.

    Parameters
    ----------
    regions
        One entry per region, in the order of `Network.regions`.
    cut_sets
        Every minimal cut set of one or two cuts that separates regions, ranked by isolated weight, then by number of
        cuts; cut off at `limit` entries.
    num_cut_sets
        How many there are in total, by number of cuts: ``{0: …, 1: …, 2: …}``.
    worst_attack
        The cuts that isolate most; None where they were not sought.
    """

    regions: tuple[RegionSurvival, ...]
    cut_sets: tuple[PlacedCutSet, ...]
    num_cut_sets: Mapping[int, int]
    worst_attack: PlacedAttack | None = None
