"""What a plan within a budget holds for the money, and what it has to let go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.report.words import to_magnitude, to_money, to_percent, to_sentence_list

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
    said = (
        f"{len(held):,} of {basis.to_regions(len(basis.required))}{weight} are then held as asked"
        f" for at most {_to_budget(plan, basis)}"
    )
    return f"{said}; {to_sentence_list(lost)} {'is' if len(lost) == 1 else 'are'} not" if lost else said


def to_budget_optimality(plan: SolvedPlan, protection: Protection, basis: Basis) -> str:
    """What is proved about the weight that the money can hold."""
    if plan.status == "optimal":
        return (
            f"No choice of candidates for at most {_to_budget(plan, basis)} holds more at their level; of those that"
            " hold as much, none costs less."
        )
    if protection.bound > protection.weight + _SAME * max(1.0, protection.weight):
        return (
            f"Not proved optimal: the search stopped at a limit with a gap of {to_percent(plan.gap)}. What is proved:"
            f" no plan for the money holds a {basis.weight_label} of more than {to_magnitude(protection.bound)},"
            f" this one {to_magnitude(protection.weight)}."
        )
    return (
        "No plan for the money holds more at their level. That none costs less is not proved: the search stopped at a"
        f" limit with a gap of {to_percent(plan.gap)}."
    )


def to_weight_sentence(protection: Protection, basis: Basis) -> str:
    """The weight that is held beside its proved bound."""
    return (
        f"First of all the {basis.weight_label} held at the level asked was made as large as the money allows:"
        f" {to_magnitude(protection.weight)}, and at most {to_magnitude(protection.bound)} is possible."
    )


def _to_budget(plan: SolvedPlan, basis: Basis) -> str:
    return to_money(plan.protection.budget if plan.protection else 0.0, basis.settings.currency)


def _holds(plan: SolvedPlan, region_id: str, basis: Basis) -> bool:
    return plan.required_cuts.get(region_id, 0) >= basis.required[region_id]
