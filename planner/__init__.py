"""Finds the fewest new fibre routes that keep every region connected after any k cuts, and proves it.

The notebook API: everything here is imported when it is first used. In the examples ``towns`` is the folder that
``planner init towns`` writes, ``incident.geojson`` one point on the trench of its routes M1 and M2, ``run`` an empty
folder, and ``problem`` the example of `Problem`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

# The package `planner.optimise` and the function share a name. Imported here, the name is the function for good.
from planner.optimise import explain, optimise
from planner.version import __version__

if TYPE_CHECKING:
    from planner.batch.notebook import sweep
    from planner.batch.result import SweepResult
    from planner.errors import Fault, InputError, PlannerError
    from planner.export import write_audit_json, write_gis, write_plan_json
    from planner.export.exports import export_run
    from planner.network import Network, Remark, read_network
    from planner.network.graph import to_graph
    from planner.optimise.alternatives import Alternatives
    from planner.optimise.plan import Plan
    from planner.problem import Problem, to_problem
    from planner.progress import Progress
    from planner.report import write_audit_report, write_report
    from planner.result import AuditOutcome, Outcome, ReplayOutcome
    from planner.risk import find_risk_groups
    from planner.risk.model import RiskGroups
    from planner.run import audit, check, replay, solve, verify_run
    from planner.study import Study, read_study
    from planner.survival.attack import WorstAttack, find_worst_attack
    from planner.survival.cutsets import (
        CutSetCount,
        count_separating_cut_sets,
        iter_separating_cut_sets,
        separating_cut_sets,
    )
    from planner.survival.verify import Verification, verify

__all__ = [
    "Alternatives",
    "AuditOutcome",
    "CutSetCount",
    "Fault",
    "InputError",
    "Network",
    "Outcome",
    "Plan",
    "PlannerError",
    "Problem",
    "Progress",
    "Remark",
    "ReplayOutcome",
    "RiskGroups",
    "Study",
    "SweepResult",
    "Verification",
    "WorstAttack",
    "__version__",
    "audit",
    "check",
    "count_separating_cut_sets",
    "explain",
    "export_run",
    "find_risk_groups",
    "find_worst_attack",
    "iter_separating_cut_sets",
    "optimise",
    "read_network",
    "read_study",
    "replay",
    "separating_cut_sets",
    "solve",
    "sweep",
    "to_graph",
    "to_problem",
    "verify",
    "verify_run",
    "write_audit_json",
    "write_audit_report",
    "write_gis",
    "write_plan_json",
    "write_report",
]

_HOME = {
    "Alternatives": "optimise.alternatives",
    "AuditOutcome": "result",
    "CutSetCount": "survival.cutsets",
    "Fault": "errors",
    "InputError": "errors",
    "Network": "network",
    "Outcome": "result",
    "Plan": "optimise.plan",
    "PlannerError": "errors",
    "Problem": "problem",
    "Progress": "progress",
    "Remark": "network",
    "ReplayOutcome": "result",
    "RiskGroups": "risk.model",
    "Study": "study",
    "SweepResult": "batch.result",
    "Verification": "survival.verify",
    "WorstAttack": "survival.attack",
    "audit": "run",
    "check": "run",
    "count_separating_cut_sets": "survival.cutsets",
    "export_run": "export.exports",
    "find_risk_groups": "risk",
    "find_worst_attack": "survival.attack",
    "iter_separating_cut_sets": "survival.cutsets",
    "read_network": "network",
    "read_study": "study",
    "replay": "run",
    "separating_cut_sets": "survival.cutsets",
    "solve": "run",
    "sweep": "batch.notebook",
    "to_graph": "network.graph",
    "to_problem": "problem",
    "verify": "survival.verify",
    "verify_run": "run",
    "write_audit_json": "export",
    "write_audit_report": "report",
    "write_gis": "export",
    "write_plan_json": "export",
    "write_report": "report",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'planner' has no attribute {name!r}")
    value = getattr(import_module(f"planner.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
