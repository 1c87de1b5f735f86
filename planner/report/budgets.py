"""What a plan within a budget holds for the money, and what it has to let go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.report.language import say, say_many
from planner.report.words import to_clauses, to_magnitude, to_money, to_percent, to_sentence_list

if TYPE_CHECKING:
    from planner.optimise.plan import Protection
    from planner.report.basis import Basis
    from planner.result import SolvedPlan

_SAME = 1e-9


def to_held_for_money(plan: SolvedPlan, basis: Basis) -> str:
    """``"35 of 36 sites (99% of weight) are then held as asked for at most EUR 5 million; Nice is not"``."""
    held = [i for i in basis.required if _holds(plan, i, basis)]
    lost = basis.labels.to_regions(i for i in basis.required if not _holds(plan, i, basis))
    weight = f" ({basis.to_weight(sum(basis.weights[i] for i in held))})" if basis.has_weights else ""
    said = say(
        "{held} of {regions}{weight} are then held as asked for at most {budget}",
        held=len(held),
        regions=basis.to_regions(len(basis.required)),
        weight=weight,
        budget=_to_budget(plan, basis),
    )
    return (
        to_clauses([said, say_many("{names} is not", "{names} are not", len(lost), names=to_sentence_list(lost))])
        if lost
        else said
    )


def to_budget_optimality(plan: SolvedPlan, protection: Protection, basis: Basis) -> str:
    """What is proved about the weight that the money can hold."""
    if plan.status == "optimal":
        return say(
            "No choice of candidates for at most {budget} holds more at their level; of those that hold"
            " as much, none costs less.",
            budget=_to_budget(plan, basis),
        )
    if protection.bound > protection.weight + _SAME * max(1.0, protection.weight):
        return say(
            "Not proved optimal: the search stopped at a limit with a gap of {percent}. What is proved:"
            " no plan for the money holds a {weight} of more than {magnitude}, this one"
            " {most}.",
            percent=to_percent(plan.gap),
            weight=basis.weight_label,
            magnitude=to_magnitude(protection.bound),
            most=to_magnitude(protection.weight),
        )
    return say(
        "No plan for the money holds more at their level. That none costs less is not proved: the"
        " search stopped at a limit with a gap of {percent}.",
        percent=to_percent(plan.gap),
    )


def to_weight_sentence(protection: Protection, basis: Basis) -> str:
    """The weight that is held beside its proved bound."""
    return say(
        "First of all the {weight} held at the level asked was made as large as the money"
        " allows: {magnitude}, and at most {most} is possible.",
        weight=basis.weight_label,
        magnitude=to_magnitude(protection.weight),
        most=to_magnitude(protection.bound),
    )


def _to_budget(plan: SolvedPlan, basis: Basis) -> str:
    return to_money(plan.protection.budget if plan.protection else 0.0, basis.settings.currency)


def _holds(plan: SolvedPlan, region_id: str, basis: Basis) -> bool:
    return plan.required_cuts.get(region_id, 0) >= basis.required[region_id]
