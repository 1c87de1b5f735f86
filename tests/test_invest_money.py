"""Present values, benefit and cost, against sums done by hand."""

from __future__ import annotations

import geopandas as gpd
import pytest
from pyproj import CRS
from shapely import LineString

from planner.invest.model import Range
from planner.invest.money import find_money
from planner.network.model import Network
from planner.study.goals import CostsSection
from planner.study.invest import InvestSection

COSTS = CostsSection(per_km={"rail": 100.0, "road": 200.0}, per_route=50.0)


def network(**more: list[str | None]) -> Network:
    """R1: 10 km of rail at its price; R2: 5 km of road with a cost of its own; R3: no kind."""
    lines = [LineString([(0, i), (1, i)]) for i in range(3)]
    routes = gpd.GeoDataFrame(
        {"route_id": ["R1", "R2", "R3"], "kind": ["rail", "road", None]}
        | {"length_km": [10.0, 5.0, 2.0], "cost": [1050.0, 400.0, 30.0]}
        | more,
        geometry=lines,
        crs=2154,
    )
    empty = gpd.GeoDataFrame({"region_id": []}, geometry=[], crs=2154)
    return Network(CRS.from_epsg(2154), True, empty, routes, empty, empty, "any")


def same(found: Range | None, low: float, middle: float, high: float) -> None:
    assert found is not None
    assert (found.low, found.middle, found.high) == pytest.approx((low, middle, high))


def test_by_hand() -> None:
    """
    Two years at 100 %, so that a year's end counts a half and the next a quarter.

    R1 is built at once: 1050 + upkeep (10 % of 1050 + 10 km at 2 + lease 10 km at 1 = 135) * (1/2 + 1/4) = 1151.25
    R2 a year later: 400 / 2 + (5 km at 3) / 4 = 203.75; saved: 100 h / 2 + 300 h / 4 = 125 h at 8, 10 and 20.
    """
    figures = InvestSection(
        horizon_years=2,
        discount_rate=0.999999999,
        opex_share={"rail": 0.1},
        opex_per_km={"rail": 2.0},
        lease_per_km={"rail": 1.0, "road": 3.0},
        price_range_per_km={"rail": (50.0, 300.0), "road": (250.0, 400.0)},
        person_hour_value=10.0,
        person_hour_range=(8.0, 20.0),
    )
    money = find_money(
        network(), (0, 1), figures, COSTS, year_of={0: 0, 1: 1}, saved_hours=[100, 300], protected_weight=50.0
    )
    one, two = money.routes
    same(one.capex, 525.0, 1050.0, 3150.0)
    same(one.opex_per_year, 72.5, 125.0, 335.0)
    assert one.lease_per_year == 10.0
    same(one.present_cost, 525 + 82.5 * 0.75, 1151.25, 3150 + 345 * 0.75)
    same(two.capex, 400.0, 400.0, 800.0)  # 250 to 400 per km where 200 is the price: dearer at most
    same(two.present_cost, 203.75, 203.75, 403.75)
    assert (one.price_per_km, two.price_per_km) == (100.0, None)
    assert (one.year, two.year) == (0, 1)
    same(money.present_benefit, 1000.0, 1250.0, 2500.0)
    same(money.net_present_value, 1000 - 3408.75 - 403.75, 1250 - 1355.0, 2500 - 586.875 - 203.75)
    same(money.benefit_cost_ratio, 1000 / 3812.5, 1250 / 1355, 2500 / 790.625)
    assert money.cost_per_protected == pytest.approx(1355 / 50)
    same(money.capex, 925.0, 1450.0, 3950.0)


def test_route_that_no_budget_pays_for_costs_nothing_yet() -> None:
    money = find_money(network(), (2, 0), InvestSection(), COSTS, year_of={0: 3}, saved_hours=(), protected_weight=None)
    assert [(row.route_id, row.year) for row in money.routes] == [("R1", 3), ("R3", None)]
    same(money.routes[1].present_cost, 0, 0, 0)
    same(money.routes[1].capex, 30, 30, 30)
    same(money.present_cost, *[1050 * 1.05**-3] * 3)
    assert money.net_present_value is None
    assert money.cost_per_protected is None


def test_nothing_to_build() -> None:
    money = find_money(network(), (), InvestSection(), COSTS, year_of={}, saved_hours=[0.0] * 20, protected_weight=0.0)
    same(money.net_present_value, 0, 0, 0)
    assert money.benefit_cost_ratio is None
    assert money.cost_per_protected is None


def test_plan_that_makes_things_worse_is_worst_at_the_highest_worth() -> None:
    figures = InvestSection(horizon_years=1, discount_rate=0.0, person_hour_value=2.0, person_hour_range=(1.0, 3.0))
    money = find_money(network(), (), figures, COSTS, year_of={}, saved_hours=[-10.0], protected_weight=0.0)
    same(money.present_benefit, -30, -20, -10)


def test_terrain_is_kept_where_the_data_have_it() -> None:
    money = find_money(
        network(terrain=["rock", None, None]),
        (0, 1),
        InvestSection(),
        COSTS,
        year_of={0: 0, 1: 0},
        saved_hours=(),
        protected_weight=None,
    )
    assert [row.terrain for row in money.routes] == ["rock", ""]


def test_figures_by_kind_and_terrain_win() -> None:
    """R1 costs 1050: not 10 km at 100 and 50 once as rail does, but 10 km of rail in rock at 90 would cost 950."""
    costs = CostsSection(per_km={"rail": 100.0, "rail/rock": 90.0}, per_route=150.0)
    figures = InvestSection(
        horizon_years=1,
        discount_rate=0.0,
        opex_share={"rail": 0.1, "rail/rock": 0.2, "rail/clay": 0.9},
        lease_per_km={"rail": 7.0, "road/rock": 9.0},
        price_range_per_km={"rail/rock": (45.0, 180.0)},
    )
    known = {"year_of": {0: 0}, "saved_hours": (), "protected_weight": None}
    money = find_money(network(terrain=["rock", "rock", None]), (0,), figures, costs, **known)  # type: ignore[arg-type]
    (row,) = money.routes
    assert row.price_per_km == 90.0
    same(row.capex, 525.0, 1050.0, 2100.0)
    assert row.opex_per_year.middle == pytest.approx(210.0)
    assert row.lease_per_year == 70.0
