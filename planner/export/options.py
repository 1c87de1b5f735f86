"""Other choices for plan.json."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.export.plain import to_plain

if TYPE_CHECKING:
    from planner.invest.options import Blocking, Choice
    from planner.result import Outcome


def to_options(outcome: Outcome) -> dict[str, Any]:
    """``{"options": …}`` as ``schemas/plan.schema.json`` describes it; empty where the study asks for none."""
    found = outcome.options
    if found is None:
        return {}
    return {
        "options": {
            "cuts": [{"cuts": point.cuts, **_to_choice(point.choice)} for point in found.cuts],
            "budgets": [{"budget": to_plain(point.budget), **_to_choice(point.choice)} for point in found.budgets],
            "variants": [
                {
                    "variant": one.key,
                    "capex": to_plain(one.capex),
                    "per_year": to_plain(one.per_year),
                    "present_cost": to_plain(one.present_cost),
                    "held_weight": to_plain(one.held_weight),
                    "person_hours": to_plain(one.person_hours),
                    "present_benefit": to_plain(one.present_benefit),
                    **_to_choice(one.choice),
                }
                for one in found.variants
            ],
            "swings": [
                {
                    "factor": swing.factor,
                    "name": to_plain(swing.name) or None,
                    "value": to_plain(swing.value),
                    **_to_choice(swing.choice),
                }
                for swing in found.swings
            ],
            "num_plans": found.num_plans,
            "shared_km": to_plain(found.shared_km),
            "num_plans_of_route": {to_plain(route_id): count for route_id, count in sorted(found.counts)},
            "no_regret": sorted(to_plain(route_id) for route_id in found.no_regret),
        }
    }


def _to_choice(choice: Choice) -> dict[str, Any]:
    return {
        "status": choice.status,
        "selected": to_plain(choice.routes),
        "objective": to_plain(dict(choice.objective)) if choice.objective else None,
        "bound": to_plain(dict(choice.bound)),
        "gap": to_plain(choice.gap),
        "protected_weight": to_plain(choice.weight),
        "protected_weight_bound": to_plain(choice.weight_bound),
        "unheld_regions": to_plain(choice.unheld),
        "cut_off_regions": to_plain(choice.cut_off),
        "blocking": _to_blocking(choice.blocking),
    }


def _to_blocking(blocking: Blocking | None) -> dict[str, Any] | None:
    if blocking is None:
        return None
    return {
        "cuts": blocking.num_cuts,
        "span_ids": to_plain(blocking.spans),
        "site_ids": to_plain(blocking.sites),
        "isolated_regions": to_plain(blocking.isolated),
    }
