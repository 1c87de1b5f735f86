"""What another solver said of the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.report.language import mark, say, to_local
from planner.report.words import to_clauses, to_seconds

if TYPE_CHECKING:
    from planner.result import Outcome, SolvedPlan


_GOALS = {"routes": mark("new routes"), "cost": mark("cost"), "length_km": mark("length in km")}


def has_disagreement(plan: SolvedPlan) -> bool:
    """Whether another solver contradicts the plan."""
    return plan.cross_check is not None and plan.cross_check.agrees is False


def to_cross_check_sentence(outcome: Outcome, plan: SolvedPlan) -> str:
    """Whether the other solver found the same; empty where none was asked."""
    check, name = plan.cross_check, outcome.solver.name
    if check is None:
        return ""
    if check.agrees is False:
        return say(
            "TWO SOLVERS DISAGREE: {solver} {version} solved the final model of {name} again and found"
            " something else ({findings}). One of them is wrong, so nothing more than the smaller bound"
            " is taken as proved.",
            solver=check.solver,
            version=check.version,
            name=name,
            findings=_to_findings(plan),
        )
    if check.agrees is None:
        return say(
            "{solver} was to solve the final model of {name} again and did not finish in the time that was left.",
            solver=check.solver,
            name=name,
        )
    return say(
        "{solver} {version} solved the final model of {name} again from nothing and found the same.",
        solver=check.solver,
        version=check.version,
        name=name,
    )


def to_cross_check_facts(plan: SolvedPlan) -> list[tuple[str, str]]:
    """Name and verdict of the other solver, as facts; none where none was asked."""
    check = plan.cross_check
    if check is None:
        return []
    verdict = {True: say("found the same"), False: say("DISAGREES"), None: say("did not finish")}[check.agrees]
    return [(say("Cross-check"), f"{check.solver} {check.version} {verdict}, {to_seconds(check.seconds)}")]


def _to_findings(plan: SolvedPlan) -> str:
    check = plan.cross_check
    found = check.objective if check else {}
    return to_clauses(
        [
            say(
                "{what} {found}, this plan {value}",
                what=say(_GOALS[key]),
                found=say("no plan at all") if theirs is None else to_local(f"{theirs:,.10g}"),
                value=to_local(f"{float(plan.objective[key]):,.10g}"),
            )
            for key, theirs in found.items()
        ]
    )
