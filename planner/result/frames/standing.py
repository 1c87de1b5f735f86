"""How far the plan depends on each of its routes, as columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.result.frames.view import MapView


def to_route_columns(routes: Sequence[int], view: MapView) -> dict[str, list[Any]]:
    """Columns of chosen routes: what they are to the plan, what could be built instead, what the rest costs more."""
    found = view.alternatives
    swaps = [found.replaceable.get(route) if found else None for route in routes]
    prices = [found.prices.get(route) if found else None for route in routes]
    differences = [price.difference if price else {} for price in prices]
    return {
        "standing": [find_standing(route, view) for route in routes],
        "instead": [to_sorted_ids(swap.builds, view) if swap else [] for swap in swaps],
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


def to_sorted_ids(routes: Sequence[int], view: MapView) -> list[str]:
    """Ids of routes, sorted."""
    return sorted(view.route_ids[route] for route in routes)
