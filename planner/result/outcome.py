"""All that `planner solve` found out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from planner.drawing.shown import Shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from planner.drawing.layer import Layer
    from planner.invest.model import Investment
    from planner.invest.options import Options
    from planner.network.model import Network
    from planner.optimise.alternatives import Alternatives
    from planner.result.aftermath import Aftermath
    from planner.result.detours import DetourReport
    from planner.result.plan import CorridorRecord, OtherMode, SharedTrench, SolvedPlan, SolverRecord, Status
    from planner.result.survey import Survey
    from planner.result.survival import PlacedCutSet, Survival
    from planner.risk.model import RiskGroups
    from planner.study import Study


@dataclass(frozen=True, slots=True, repr=False)
class Outcome(Shown):
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
    trenches
        What the new routes dig together; empty unless `candidates.share_trench`.
    other_mode
        The same planned the other way; None where that was not asked for.
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

    Examples
    --------
    >>> outcome = planner.solve("towns")
    >>> outcome.status, outcome.plan.objective["routes"], outcome.plan.gap
    ('optimal', 2, 0.0)
    >>> outcome.new_routes["route_id"].tolist()
    ['N2', 'N4']
    >>> axes = outcome.plot()
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
    trenches: tuple[SharedTrench, ...] = ()
    other_mode: OtherMode | None = None
    investment: Investment | None = None
    options: Options | None = None
    aftermaths: tuple[Aftermath, ...] = ()

    @property
    def built(self) -> SolvedPlan | None:
        """The plan to show: the plan itself, else the one that protects most, else None."""
        return self.plan or self.protect_most

    @property
    def new_routes(self) -> gpd.GeoDataFrame:
        """Routes to build, in the study's CRS: what they cost, share and defend; empty where there are none."""
        from planner.result.frames.layers import to_new_routes_layer
        from planner.result.frames.view import to_view

        return to_new_routes_layer(to_view(self)).to_crs(self.network.crs)

    @property
    def critical_cuts(self) -> gpd.GeoDataFrame:
        """A point per cut of each critical cut set, in the study's CRS: when it hurts, its rank, whom it isolates."""
        from planner.result.frames.risk_layers import to_critical_cuts_layer
        from planner.result.frames.view import to_view

        return to_critical_cuts_layer(to_view(self)).to_crs(self.network.crs)

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
        return f"<Outcome of {self.study.study.name!r}: {self.status}>"

    def _repr_html_(self) -> str:
        from planner.result.cards import to_outcome_card

        return to_outcome_card(self)
