"""One study from file to result: check, audit, solve, verify, replay."""

from __future__ import annotations

from planner.run.auditing import audit
from planner.run.checking import check
from planner.run.replaying import replay
from planner.run.solving import solve
from planner.run.verifying import RunVerification, verify_run

__all__ = ["RunVerification", "audit", "check", "replay", "solve", "verify_run"]
