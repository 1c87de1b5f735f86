"""What given cuts did to a network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planner.drawing.shown import Shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd

    from planner.drawing.layer import Layer
    from planner.network.model import Network
    from planner.result.aftermath import Aftermath
    from planner.result.survival import PlacedCutSet
    from planner.study import Study


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


@dataclass(frozen=True, slots=True, repr=False)
class ReplayOutcome(Shown):
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

    Examples
    --------
    >>> outcome = planner.replay("towns", "incident.geojson")
    >>> outcome.cuts_frame[["cut_id", "span_ids"]].values.tolist()
    [['dig', ['M1', 'M2']]]
    >>> outcome.isolated_sites["site_id"].tolist()
    ['hilltop', 'millbrook', 'southgate']
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

    @property
    def cuts_frame(self) -> gpd.GeoDataFrame:
        """A point per cut, in the study's CRS, with the ids of the spans that it severs and the sites that it takes."""
        from planner.result.frames.replay_layers import to_cuts_layer

        return to_cuts_layer(self)

    @property
    def severed_spans(self) -> gpd.GeoDataFrame:
        """Rows of `Network.spans` that some cut severs."""
        from planner.result.frames.replay_layers import find_severed_spans

        return find_severed_spans(self)

    @property
    def isolated_sites(self) -> gpd.GeoDataFrame:
        """Rows of `Network.sites` that the main component does not hold."""
        from planner.result.frames.replay_layers import find_isolated_sites

        return find_isolated_sites(self)

    @property
    def detours_frame(self) -> pd.DataFrame:
        """A row per pair of regions whose way became longer, the longest factor first."""
        from planner.result.frames.replay_layers import to_detours_frame

        return to_detours_frame(self)

    def _find_drawing(self) -> tuple[str, Any, list[Layer]]:
        from planner.result.drawn import to_replay_layers

        return self.study.study.name, self.network.crs, to_replay_layers(self)

    def __repr__(self) -> str:
        isolated = len(self.isolated.isolated_regions)
        return f"<ReplayOutcome of {self.incident!r}: {len(self.cuts)} cuts, {isolated} regions isolated>"

    def _repr_html_(self) -> str:
        from planner.result.cards import to_replay_card

        return to_replay_card(self)
