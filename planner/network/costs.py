"""Prices candidate routes."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.network.columns import to_text
from planner.network.notes import Notes
from planner.network.route_table import RouteTable
from planner.study import Study, find_nearest
from planner.study.invest import InvestSection
from planner.study.terrain import find_figure

type FloatArray = NDArray[np.float64]


def to_present_value(per_year: float, years: int, rate: float) -> float:
    """What a yearly payment is worth today, the first of them due at once.

    Parameters
    ----------
    per_year
        The payment.
    years
        How many payments there are.
    rate
        Discount rate per year; 0.05 is five per cent.
    """
    return per_year * sum((1 + rate) ** -year for year in range(years))


def find_prices(study: Study) -> dict[str, float]:
    """Price per km of each kind, that of leased fibre being the present value of its rent."""
    costs, terms = study.costs, study.invest or InvestSection()
    leased = {
        kind: to_present_value(per_year, terms.horizon_years, terms.discount_rate)
        for kind, per_year in costs.lease_per_km_year.items()
    }
    return {**costs.per_km, **leased}


def find_costs(routes: RouteTable, length_km: FloatArray, study: Study, notes: Notes) -> FloatArray:
    """Find what each route costs.

    A route's own cost wins; else its kind's price per km (of kind and terrain where there is a column ``terrain`` and a
    price ``"kind/terrain"``) times its length plus ``costs.per_route``. Where a study
    says nothing of money at all (no price, no route with a cost, no ``objective.minimise``), candidates cost 0.

    Parameters
    ----------
    routes
        The routes.
    length_km
        (n,) their lengths.
    study
        Its prices and objective.
    notes
        Takes a fault for each candidate without a price, or one warning where nothing has a price.

    Returns
    -------
    ndarray
        (n,) cost, 0 for existing routes.
    """
    costs, prices = study.costs, find_prices(study)
    is_candidate = (routes.columns["status"] == "candidate").to_numpy()
    own_cost = routes.columns["own_cost"].to_numpy(dtype=np.float64)
    per_km = _find_prices(routes, prices)
    cost = np.where(np.isnan(own_cost), per_km * length_km + costs.per_route, own_cost)
    unpriced = np.flatnonzero(is_candidate & np.isnan(cost))
    if len(unpriced) and _is_without_money(study, own_cost):
        cost[unpriced] = 0.0
        notes.remark(
            "other",
            routes.file,
            "No candidate has a price, so each costs 0: give costs.per_km or a column cost.",
            is_warning=True,
        )
    else:
        whats = [_say_why(kind, prices) for kind in routes.columns["kind"].iloc[unpriced]]
        remedy = "add its kind to costs.per_km, or give the route a cost"
        notes.fault_rows(routes.file, list(routes.wheres[unpriced]), whats, remedy)
    return np.where(is_candidate, cost, 0.0)


def _find_prices(routes: RouteTable, per_km: dict[str, float]) -> FloatArray:
    """(n,) price per km of each route, NaN where there is none."""
    kinds = routes.columns["kind"]
    if "terrain" not in routes.columns.columns:
        return np.asarray(kinds.map(per_km), dtype=np.float64)
    terrains = to_text(routes.columns["terrain"])
    found = [find_figure(per_km, kind or "", text or "") for kind, text in zip(to_text(kinds), terrains, strict=True)]
    return np.array([np.nan if price is None else price for price in found], dtype=np.float64)


def _is_without_money(study: Study, own_cost: FloatArray) -> bool:
    says_price = bool(find_prices(study)) or study.costs.per_route > 0 or not np.isnan(own_cost).all()
    asks_for_cost = "minimise" in study.objective.model_fields_set and "cost" in study.objective.minimise
    return not says_price and not asks_for_cost


def _say_why(kind: str | None, per_km: dict[str, float]) -> str:
    if pd.isna(kind):
        return "has neither a cost nor a kind to price it by"
    nearest = find_nearest(str(kind), per_km)
    return f"there is no price for kind '{kind}'" + (f" (did you mean '{nearest}'?)" if nearest else "")
