"""How far the plan depends on each of its routes, as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.export.view import MapView
    from planner.optimise.alternatives import Price, Swap
    from planner.result import Outcome


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


def to_route_columns(routes: Sequence[int], view: MapView) -> dict[str, list[Any]]:
    """Columns of chosen routes: what they are to the plan, what could be built instead, what the rest costs more."""
    found = view.alternatives
    swaps = [found.replaceable.get(route) if found else None for route in routes]
    prices = [found.prices.get(route) if found else None for route in routes]
    differences = [price.difference if price else {} for price in prices]
    return {
        "standing": [find_standing(route, view) for route in routes],
        "instead": [_to_ids(swap.builds, view) if swap else [] for swap in swaps],
        "without_routes": [int(by["routes"]) if by else None for by in differences],
        "without_cost": [float(by["cost"]) if by else None for by in differences],
    }


def find_standing(route: int, view: MapView) -> str | None:
    """``required`` by the study, ``needed`` in every optimal plan, or ``replaceable``; None where nobody knows."""
    if route in view.network.required:
        return "required"
    found = view.alternatives
    if found is None or route in found.undecided:
        return None
    return "replaceable" if route in found.replaceable else "needed"


def _to_swap(swap: Swap, view: MapView) -> dict[str, Any]:
    return {
        "leaves_out": _to_ids(swap.leaves_out, view),
        "builds": _to_ids(swap.builds, view),
        "is_nearest": swap.is_nearest,
    }


def _to_price(price: Price, view: MapView) -> dict[str, Any]:
    return {
        "status": price.status,
        "selected": _to_ids(price.routes, view) if price.status == "optimal" else None,
        "difference": _to_totals(price.difference) if price.difference else None,
        "at_least": _to_totals(price.at_least),
    }


def _to_totals(totals: Any) -> dict[str, Any]:
    return {name: int(value) if value == int(value) else float(value) for name, value in totals.items()}


def _to_ids(routes: Sequence[int], view: MapView) -> list[str]:
    return sorted(view.route_ids[route] for route in routes)
