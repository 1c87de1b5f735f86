"""What cuts leave: ways between regions and the traffic on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planner.result.survival import PlacedCutSet

MAX_REGIONS = 1500
"""Of more, ways and loads of all pairs would take minutes: they are left out, and the report says so."""


@dataclass(frozen=True, slots=True)
class PairWays:
    """The ways between two regions with nothing cut, after cuts, and after the same cuts with the plan built.

    Parameters
    ----------
    share
        Of all traffic, or of all products of weights.
    uncut_km, cut_km, planned_km
        Lengths; infinite where there is no way, None without a plan.
    cut_sites, planned_sites
        Rows of the sites that the way after the cuts passes, ends included.
    """

    region_a: str
    region_b: str
    share: float
    uncut_km: float
    cut_km: float
    cut_sites: tuple[int, ...]
    planned_km: float | None
    planned_sites: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LoadedSpan:
    """A span with more traffic than it carries; `span` is its row."""

    span: int
    load_gbps: float
    capacity_gbps: float


@dataclass(frozen=True, slots=True)
class TrafficState:
    """Traffic laid on a network, each pair on its shortest way.

    Parameters
    ----------
    when
        ``"uncut"``, ``"cut"``, or ``"planned"``: after the cuts with the plan built.
    asked_gbps, lost_gbps
        All that has to move, and what finds no way.
    overloaded
        Spans with more than they carry, the worst first.
    num_unknown
        Spans in use of which no capacity is known.
    """

    when: str
    asked_gbps: float
    lost_gbps: float
    overloaded: tuple[LoadedSpan, ...]
    num_unknown: int


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What is left after cuts, without and with the plan.

    Parameters
    ----------
    key
        ``"incident"`` or ``"attack"``.
    name
        File of the incident.
    isolated, isolated_planned
        What the cuts isolate in the network as it is, and with the plan; None without one.
    pairs
        Pairs of regions whose way became longer or was lost, those with most traffic first, as far as listed.
    num_pairs
        How many there are.
    traffic
        Empty where the study gives no demands.
    """

    key: str
    name: str
    num_cuts: int
    isolated: PlacedCutSet
    isolated_planned: PlacedCutSet | None
    pairs: tuple[PairWays, ...]
    num_pairs: int
    traffic: tuple[TrafficState, ...] = ()
