"""What a plan costs over the years and what it is worth, discounted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from planner.invest.model import NOTHING, Money, Range, RouteMoney
from planner.network.columns import to_text
from planner.study.terrain import find_figure

if TYPE_CHECKING:
    from planner.network.model import Network
    from planner.study.goals import CostsSection
    from planner.study.invest import InvestSection


def find_money(
    network: Network,
    routes: Sequence[int],
    figures: InvestSection,
    costs: CostsSection,
    *,
    year_of: Mapping[int, int],
    saved_hours: Sequence[float],
    protected_weight: float | None,
) -> Money:
    """Work out the investment case of a plan.

    Parameters
    ----------
    network
        Its routes with their costs.
    routes
        Rows of the routes of the plan.
    figures, costs
        The study's figures and prices.
    year_of
        Route to the year at whose beginning it is built; a route that is not in it is not built within the horizon.
    saved_hours
        Per year of the horizon the person-hours of isolation avoided; empty where that is not known.
    protected_weight
        Weight that the plan holds and the network as it is does not.

    Notes
    -----
    Building is paid at the beginning of a year, upkeep and leases at the end of each year that a route has stood, and
    what isolation would have cost is saved at the end of each year.
    """
    rows = [_to_route(route, network, figures, costs, year_of.get(route)) for route in routes]
    rows.sort(key=lambda row: (row.year is None, row.year or 0, row.route))
    cost = sum((row.present_cost for row in rows), NOTHING)
    benefit = _to_benefit(saved_hours, figures) if saved_hours else None
    return Money(
        routes=tuple(rows),
        capex=sum((row.capex for row in rows), NOTHING),
        opex_per_year=sum((row.opex_per_year for row in rows), NOTHING),
        lease_per_year=sum(row.lease_per_year for row in rows),
        present_cost=cost,
        saved_hours=tuple(saved_hours),
        present_benefit=benefit,
        net_present_value=_to_net(benefit, cost) if benefit else None,
        benefit_cost_ratio=_to_ratio(benefit, cost) if benefit and cost.low > 0 else None,
        protected_weight=protected_weight,
    )


def to_factor(rate: float, year: int) -> float:
    """What an amount at the end of a year is worth at the beginning of year 0: ``(1 + rate) ** -year``."""
    return float((1 + rate) ** -year)


def to_yearly(money: Money, figures: InvestSection) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Present cost and present benefit summed up to each year's beginning, from year 0 to the horizon."""
    years = range(figures.horizon_years + 1)
    paid, saved = [0.0] * len(years), [0.0] * len(years)
    for row in money.routes:
        if row.year is not None:
            paid[row.year] += row.capex.middle * to_factor(figures.discount_rate, row.year)
            for year in range(row.year + 1, len(years)):
                kept = row.opex_per_year.middle + row.lease_per_year
                paid[year] += kept * to_factor(figures.discount_rate, year)
    for year, hours in enumerate(money.saved_hours, start=1):
        saved[year] = hours * figures.person_hour_value * to_factor(figures.discount_rate, year)
    return tuple(accumulate(paid)), tuple(accumulate(saved))


def _to_route(
    route: int, network: Network, figures: InvestSection, costs: CostsSection, year: int | None
) -> RouteMoney:
    row = network.routes.iloc[route]
    kind, terrain = (_to_text(row[name]) if name in network.routes.columns else "" for name in ("kind", "terrain"))
    length_km, cost = float(row["length_km"]), float(row["cost"])
    price = find_figure(costs.per_km, kind, terrain)
    is_priced = price is not None and abs(cost - price * length_km - costs.per_route) <= 1e-6 * max(1.0, cost)
    capex = _to_capex(cost, price, find_figure(figures.price_range_per_km, kind, terrain))
    per_km = (find_figure(figures.opex_per_km, kind, terrain) or 0.0) * length_km
    opex = capex.times(find_figure(figures.opex_share, kind, terrain) or 0.0) + Range(per_km, per_km, per_km)
    lease = (find_figure(figures.lease_per_km, kind, terrain) or 0.0) * length_km
    return RouteMoney(
        route=route,
        route_id=str(row["route_id"]),
        kind=kind,
        terrain=terrain,
        length_km=length_km,
        price_per_km=price if is_priced else None,
        capex=capex,
        opex_per_year=opex,
        lease_per_year=lease,
        year=year,
        present_cost=_to_present(capex, opex + Range(lease, lease, lease), year, figures),
    )


def _to_capex(cost: float, price: float | None, limits: tuple[float, ...] | None) -> Range:
    """The cost, and what it is when its kind's price is low or high."""
    if not limits or not price:
        return Range(cost, cost, cost)
    low, high = (cost * limit / price for limit in limits)
    return Range(min(low, cost), cost, max(high, cost))


def _to_present(capex: Range, yearly: Range, year: int | None, figures: InvestSection) -> Range:
    if year is None:
        return NOTHING
    kept = sum(to_factor(figures.discount_rate, y) for y in range(year + 1, figures.horizon_years + 1))
    return capex.times(to_factor(figures.discount_rate, year)) + yearly.times(kept)


def _to_benefit(saved_hours: Sequence[float], figures: InvestSection) -> Range:
    saved = sum(hours * to_factor(figures.discount_rate, year) for year, hours in enumerate(saved_hours, start=1))
    return Range(*sorted(saved * value for value in figures.person_hour_values))


def _to_net(benefit: Range, cost: Range) -> Range:
    return Range(benefit.low - cost.high, benefit.middle - cost.middle, benefit.high - cost.low)


def _to_ratio(benefit: Range, cost: Range) -> Range:
    return Range(benefit.low / cost.high, benefit.middle / cost.middle, benefit.high / cost.low)


def _to_text(value: Any) -> str:
    return str(to_text([value])[0] or "")
