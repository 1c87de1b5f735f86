"""All that `planner solve` found out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

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
