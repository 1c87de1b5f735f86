"""What a study came to: the types that the report and the map files are made from."""

from planner.result.aftermath import Aftermath, LoadedSpan, PairWays, TrafficState
from planner.result.audit import AuditOutcome, CriticalStretch, RadiusAudit
from planner.result.detours import BrokenLimit, DetourReport, LimitedPair, LongestWay
from planner.result.outcome import Outcome
from planner.result.plan import (
    CorridorRecord,
    NewRoute,
    OtherMode,
    ProofOfSurvival,
    SharedTrench,
    SolvedPlan,
    SolverRecord,
    Status,
)
from planner.result.replay import Detour, ReplayedCut, ReplayOutcome
from planner.result.survey import OtherPlan, Survey, SurveyedPair
from planner.result.survival import PlacedAttack, PlacedCutSet, RegionSurvival, Survival

__all__ = [
    "Aftermath",
    "AuditOutcome",
    "BrokenLimit",
    "CorridorRecord",
    "CriticalStretch",
    "Detour",
    "DetourReport",
    "LimitedPair",
    "LoadedSpan",
    "LongestWay",
    "NewRoute",
    "OtherMode",
    "OtherPlan",
    "Outcome",
    "PairWays",
    "PlacedAttack",
    "PlacedCutSet",
    "ProofOfSurvival",
    "RadiusAudit",
    "RegionSurvival",
    "ReplayOutcome",
    "ReplayedCut",
    "SharedTrench",
    "SolvedPlan",
    "SolverRecord",
    "Status",
    "Survey",
    "SurveyedPair",
    "Survival",
    "TrafficState",
]
