"""All that `planner audit` found out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from planner.drawing.shown import Shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    from shapely import LineString

    from planner.drawing.layer import Layer
    from planner.network.model import Network
    from planner.result.survival import Survival
    from planner.risk.model import RiskGroups
    from planner.study import Study


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


@dataclass(frozen=True, slots=True, repr=False)
class AuditOutcome(Shown):
    """Everything that `planner audit` found out about the network as it is.

    Parameters
    ----------
    critical_stretches
        The metres that isolate somebody, those that do so alone first, then by weight.
    stretches_note
        What was left out of them for size; empty where nothing was.
    radii
        The same audit at other radii, ascending; empty unless asked for.

    Examples
    --------
    >>> outcome = planner.audit("towns")
    >>> outcome.survival.num_cut_sets
    {0: 0, 1: 4, 2: 1}
    >>> outcome.stretches[["span_id", "length_m"]].values.tolist()[:2]
    [['M1', 6060.425], ['M2', 6060.425]]
    >>> axes = outcome.plot()
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

    @property
    def cut_sets(self) -> gpd.GeoDataFrame:
        """A point per cut of each cut set that isolates, in the study's CRS, by the weight isolated."""
        from planner.result.frames.risk_layers import to_critical_cuts_layer
        from planner.result.frames.view import to_view

        return to_critical_cuts_layer(to_view(self)).to_crs(self.network.crs)

    @property
    def stretches(self) -> gpd.GeoDataFrame:
        """A line per critical stretch, in the study's CRS, those that isolate alone first."""
        from planner.result.frames.stretch_layer import to_critical_stretches_layer
        from planner.result.frames.view import to_view

        return to_critical_stretches_layer(to_view(self)).to_crs(self.network.crs)

    @property
    def regions(self) -> gpd.GeoDataFrame:
        """Regions with what they survive, in the study's CRS; those without polygon as their sites."""
        from planner.result.frames.risk_layers import to_regions_layer
        from planner.result.frames.view import to_view

        return to_regions_layer(to_view(self)).to_crs(self.network.crs)

    @property
    def layers(self) -> dict[str, gpd.GeoDataFrame]:
        """Every layer of the map files by the name it has in plan.gpkg, in the study's CRS."""
        from planner.result.frames.every import to_layers
        from planner.result.frames.view import to_view

        return {name: frame.to_crs(self.network.crs) for name, frame in to_layers(to_view(self)).items()}

    def _find_drawing(self) -> tuple[str, Any, list[Layer]]:
        from planner.result.drawn import to_result_layers

        return self.study.study.name, self.network.crs, to_result_layers(self)

    def __repr__(self) -> str:
        return f"<AuditOutcome of {self.study.study.name!r}: {self.cuts} cuts>"

    def _repr_html_(self) -> str:
        from planner.result.cards import to_audit_card

        return to_audit_card(self)
