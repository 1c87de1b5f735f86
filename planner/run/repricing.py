"""Costs of the candidates at other prices: one kind cheaper or dearer, or leased by the year."""

from __future__ import annotations

import numpy as np

from planner.network import Network
from planner.network.columns import to_text
from planner.problem import FloatArray
from planner.study.goals import CostsSection
from planner.study.terrain import find_figure, find_key


def find_kinds(network: Network, costs: CostsSection) -> list[str]:
    """Keys of ``costs.per_km`` by which candidates are priced, sorted."""
    return sorted({key for key in _to_keys(network, costs) if key})


def scale_price(network: Network, costs: CostsSection, kind: str, factor: float) -> FloatArray:
    """(routes,) cost of each route with one price per km multiplied; routes with a cost of their own keep it."""
    cost = network.routes["cost"].to_numpy(dtype=np.float64, copy=True)
    is_priced = np.array([key == kind for key in _to_keys(network, costs)], dtype=bool)
    cost[is_priced] = (cost[is_priced] - costs.per_route) * factor + costs.per_route
    return cost


def find_leases(network: Network, per_km: dict[str, float]) -> FloatArray:
    """(routes,) price of leasing each route for a year; NaN where its kind cannot be leased."""
    routes = network.routes
    prices = [find_figure(per_km, kind, terrain) for kind, terrain in _to_kinds(network)]
    found = np.array([np.nan if price is None else price for price in prices], dtype=np.float64)
    yearly: FloatArray = found * routes["length_km"].to_numpy(dtype=np.float64)
    return yearly


def _to_keys(network: Network, costs: CostsSection) -> list[str]:
    """Per route the key that its cost comes from; empty where it is no candidate or has a cost of its own."""
    routes = network.routes
    columns = (routes[name].tolist() for name in ("status", "cost", "length_km"))
    keys = []
    for (kind, terrain), status, cost, length_km in zip(_to_kinds(network), *columns, strict=True):
        key = find_key(costs.per_km, kind, terrain)
        priced = costs.per_km[key] * length_km + costs.per_route if key else None
        is_priced = status == "candidate" and priced is not None and abs(cost - priced) <= 1e-6 * max(1.0, cost)
        keys.append(key if key and is_priced else "")
    return keys


def _to_kinds(network: Network) -> list[tuple[str, str]]:
    """Per route its kind and terrain."""
    routes = network.routes
    blank = [""] * len(routes)
    kinds = [text or "" for text in to_text(routes["kind"])] if "kind" in routes.columns else blank
    terrains = [text or "" for text in to_text(routes["terrain"])] if "terrain" in routes.columns else blank
    return list(zip(kinds, terrains, strict=True))
