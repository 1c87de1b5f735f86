"""What another solver said of the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.report.words import to_seconds

if TYPE_CHECKING:
    from planner.result import Outcome, SolvedPlan


def has_disagreement(plan: SolvedPlan) -> bool:
    """Whether another solver contradicts the plan."""
    return plan.cross_check is not None and plan.cross_check.agrees is False


def to_cross_check_sentence(outcome: Outcome, plan: SolvedPlan) -> str:
    """Whether the other solver found the same; empty where none was asked."""
    check, name = plan.cross_check, outcome.solver.name
    if check is None:
        return ""
    if check.agrees is False:
        return (
            f"TWO SOLVERS DISAGREE: {check.solver} {check.version} solved the final model of {name} again and found"
            f" something else ({_to_findings(plan)}). One of them is wrong, so nothing more than the smaller bound is"
            " taken as proved."
        )
    if check.agrees is None:
        return (
            f"{check.solver} was to solve the final model of {name} again and did not finish in the time that was left."
        )
    return f"{check.solver} {check.version} solved the final model of {name} again from nothing and found the same."


def to_cross_check_facts(plan: SolvedPlan) -> list[tuple[str, str]]:
    """Name and verdict of the other solver, as facts; none where none was asked."""
    check = plan.cross_check
    if check is None:
        return []
    verdict = {True: "found the same", False: "DISAGREES", None: "did not finish"}[check.agrees]
    return [("Cross-check", f"{check.solver} {check.version} {verdict}, {to_seconds(check.seconds)}")]


def _to_findings(plan: SolvedPlan) -> str:
    check = plan.cross_check
    found = check.objective if check else {}
    return "; ".join(
        f"{key.replace('_', ' ')} {'no plan at all' if theirs is None else f'{theirs:,.10g}'},"
        f" this plan {float(plan.objective[key]):,.10g}"
        for key, theirs in found.items()
    )
