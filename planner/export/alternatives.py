"""How far the plan depends on each of its routes, as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.result.frames.standing import find_standing, to_sorted_ids

if TYPE_CHECKING:
    from planner.optimise.alternatives import Price, Swap
    from planner.result import Outcome
    from planner.result.frames.view import MapView


def to_alternatives(outcome: Outcome, view: MapView) -> dict[str, Any] | None:
    """Per chosen route its standing, its substitutes and what the plan would be without it; other optimal plans."""
    found = outcome.alternatives
    if found is None:
        return None
    routes = [new.route for new in view.built]
    return {
        "routes": {
            view.route_ids[route]: {
                "standing": find_standing(route, view),
                "swap": _to_swap(found.replaceable[route], view) if route in found.replaceable else None,
                "without": _to_price(found.prices[route], view) if route in found.prices else None,
            }
            for route in routes
        },
        "others": [_to_swap(swap, view) for swap in found.others],
        "has_all_others": found.has_all_others,
        "note": outcome.alternatives_note or None,
    }


def _to_swap(swap: Swap, view: MapView) -> dict[str, Any]:
    return {
        "leaves_out": to_sorted_ids(swap.leaves_out, view),
        "builds": to_sorted_ids(swap.builds, view),
        "is_nearest": swap.is_nearest,
    }


def _to_price(price: Price, view: MapView) -> dict[str, Any]:
    return {
        "status": price.status,
        "selected": to_sorted_ids(price.routes, view) if price.status == "optimal" else None,
        "difference": _to_totals(price.difference) if price.difference else None,
        "at_least": _to_totals(price.at_least),
    }


def _to_totals(totals: Any) -> dict[str, Any]:
    return {name: int(value) if value == int(value) else float(value) for name, value in totals.items()}
