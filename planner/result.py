"""What a study came to: the types that the report and the map files are made from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shapely import LineString

    from planner.invest.model import Investment
    from planner.invest.options import Options
    from planner.network.model import Network
    from planner.optimise.alternatives import Alternatives
    from planner.optimise.plan import CrossCheck, Protection
    from planner.risk.model import RiskGroups
    from planner.study import Study

Status = Literal["optimal", "feasible", "infeasible", "no_plan"]


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


@dataclass(frozen=True, slots=True)
class CorridorRecord:
    """How much a plan over every section of corridors could choose from."""

    num_sections: int
    num_junctions: int
    length_km: float


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


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything that `planner solve` found out.

    Parameters
    ----------
    cuts
        The largest number of simultaneous cuts that any region must survive.
    plan
        The plan; None when there is none (infeasible, or a limit before any plan).
    blocking
        Where infeasible: cuts that separate regions even with every candidate built that may be.
    protect_most
        Where infeasible and asked for: the plan that holds the largest total region weight at its level.
    survey
        What inaccurate data leave open; None where all are taken to be exact.
    alternatives
        How far the plan depends on each of its routes, by rows of `Network.routes`; None where that was not sought.
    alternatives_note
        What of it a limit left open; empty where nothing was.
    is_blocked_by_choice
        Where infeasible: true when there is a plan once the forbidden routes are allowed.
    detours
        What became of detour limits; None where there are none.
    corridors
        What was chosen from where every section of corridors was a candidate; None where routes were.
    investment
        Money, risk and phases; None where the study has neither `[invest]` nor `[failures]`.
    options
        Other choices; None where the study has no `[options]`.
    aftermaths
        What the incident and the worst attack leave; empty where the study names neither an incident nor traffic.
    inputs
        File (relative to the study folder) to sha256 in hex.
    versions
        Library to version.
    seconds
        Stage to seconds.
    peak_mb
        Stage to the largest memory of the process by its end, in megabytes; empty where the system does not tell.
    """

    study: Study
    network: Network
    risk_groups: RiskGroups
    status: Status
    cuts: int
    minimise: tuple[str, ...]
    before: Survival
    plan: SolvedPlan | None
    blocking: PlacedCutSet | None
    protect_most: SolvedPlan | None
    solver: SolverRecord
    inputs: Mapping[str, str]
    versions: Mapping[str, str]
    seconds: Mapping[str, float] = field(default_factory=dict)
    peak_mb: Mapping[str, float] = field(default_factory=dict)
    survey: Survey | None = None
    is_blocked_by_choice: bool = False
    alternatives: Alternatives | None = None
    alternatives_note: str = ""
    detours: DetourReport | None = None
    corridors: CorridorRecord | None = None
    investment: Investment | None = None
    options: Options | None = None
    aftermaths: tuple[Aftermath, ...] = ()

    @property
    def built(self) -> SolvedPlan | None:
        """The plan to show: the plan itself, else the one that protects most, else None."""
        return self.plan or self.protect_most


@dataclass(frozen=True, slots=True)
class CriticalStretch:
    """Metres of one existing span: whoever digs anywhere on them isolates the same regions.

    Parameters
    ----------
    span
        Row in `Network.spans`.
    from_m, to_m
        Metres along the span, from its site a.
    num_cuts
        1 where a cut here isolates them alone, 2 where it takes one more cut elsewhere.
    isolated_regions
        Their ids, sorted; with 2 cuts those that neither cut isolates alone.
    isolated_weight
        Their total weight.
    severed
        Rows of the spans that a cut here severs, ascending.
    partner
        With 2 cuts the risk group of the other cut with which most weight is isolated.
    partner_place
        Longitude and latitude of that cut.
    line
        Where the stretch runs, in the study's CRS.
    fallen
        Rows of the sites that a cut here takes, ascending.
    """

    span: int
    from_m: float
    to_m: float
    num_cuts: int
    isolated_regions: tuple[str, ...]
    isolated_weight: float
    severed: tuple[int, ...]
    partner: int | None
    partner_place: tuple[float, float] | None
    line: LineString
    fallen: tuple[int, ...] = ()

    @property
    def length_m(self) -> float:
        """How long it is."""
        return self.to_m - self.from_m


@dataclass(frozen=True, slots=True)
class RadiusAudit:
    """What cuts of one radius do to the network as it is.

    Parameters
    ----------
    radius_m
        A cut severs every span within this distance.
    num_groups, num_shared_groups, largest_group
        How many risk groups existing spans make up, how many of them hold several spans, and the most spans in one.
    num_cut_sets
        Minimal sets of so many cuts that separate regions: ``{0: …, 1: …, 2: …}``. Where the network is separated while
        nothing is cut, that is the only set.
    num_surviving
        Number of regions that survive so many cuts: ``{0: …, 1: …, 2: …}``.
    worst_weight
        The most weight that one cut isolates.
    """

    radius_m: float
    num_groups: int
    num_shared_groups: int
    largest_group: int
    num_cut_sets: Mapping[int, int]
    num_surviving: Mapping[int, int]
    worst_weight: float


@dataclass(frozen=True, slots=True)
class AuditOutcome:
    """Everything that `planner audit` found out about the network as it is.

    Parameters
    ----------
    critical_stretches
        The metres that isolate somebody, those that do so alone first, then by weight.
    stretches_note
        What was left out of them for size; empty where nothing was.
    radii
        The same audit at other radii, ascending; empty unless asked for.
    """

    study: Study
    network: Network
    risk_groups: RiskGroups
    cuts: int
    survival: Survival
    inputs: Mapping[str, str]
    versions: Mapping[str, str]
    seconds: Mapping[str, float] = field(default_factory=dict)
    peak_mb: Mapping[str, float] = field(default_factory=dict)
    critical_stretches: tuple[CriticalStretch, ...] = ()
    stretches_note: str = ""
    radii: tuple[RadiusAudit, ...] = ()


@dataclass(frozen=True, slots=True)
class ReplayedCut:
    """One cut of an incident. `spans` and `sites` are the indices of what it severs and of what falls, ascending."""

    cut_id: str
    name: str
    place: tuple[float, float]
    spans: tuple[int, ...]
    sites: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Detour:
    """The way between two regions that are still connected: shortest length before and after the cuts, in km."""

    region_a: str
    region_b: str
    before_km: float
    after_km: float

    @property
    def factor(self) -> float:
        """How many times longer the way became."""
        return self.after_km / self.before_km if self.before_km > 0 else 1.0


@dataclass(frozen=True, slots=True)
class ReplayOutcome:
    """What given cuts did to a network.

    Parameters
    ----------
    plan_routes
        Ids of routes taken as built beside the existing ones; empty for the network as it is.
    cuts
        Each cut of the incident, what it severs and which sites fall with it.
    isolated
        What all cuts together isolate; its `groups` are empty, for these cuts need not be risk groups.
    fallen_regions
        Ids of the regions of which every site fell, sorted: nothing is left of them to be isolated.
    detours
        Pairs of regions whose shortest way became longer, the longest factor first.
    num_connected_pairs
        Number of pairs of regions connected before and after.
    aftermath
        The same cuts without and with `plan_routes`, with the traffic of the study; None for very many regions.
    """

    study: Study
    network: Network
    incident: str
    plan_routes: tuple[str, ...]
    cuts: tuple[ReplayedCut, ...]
    isolated: PlacedCutSet
    detours: tuple[Detour, ...]
    num_connected_pairs: int
    inputs: Mapping[str, str]
    versions: Mapping[str, str]
    fallen_regions: tuple[str, ...] = ()
    aftermath: Aftermath | None = None
