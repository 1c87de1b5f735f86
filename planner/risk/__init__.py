"""Network to risk groups: what one cut severs."""

from __future__ import annotations

from planner.risk.groups import find_risk_groups
from planner.risk.incident import read_incident
from planner.risk.model import RiskGroups
from planner.risk.severed import find_severed_spans
from planner.risk.taken import find_taken_sites

__all__ = ["RiskGroups", "find_risk_groups", "find_severed_spans", "find_taken_sites", "read_incident"]
