"""How often what is cut, from lines on the ground; and the whole risk of a small network, attacks included."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
from pyproj import CRS
from shapely import LineString, Point

from planner.invest.attacks import find_attacks
from planner.invest.hazards import Hazards, find_ground, to_hazards
from planner.invest.risk import find_network_risk, to_hazard_graph
from planner.network.model import Network
from planner.problem import Problem, Rows
from planner.study import Study
from planner.study.failures import FailuresSection

L93 = CRS.from_epsg(2154)
Line = list[tuple[float, float]]


def network(lines: list[Line], kinds: list[str | None], built: int, **columns: list[Any]) -> Network:
    """Each line is a route of one span between two sites of its own; those from `built` on are candidates."""
    shapes, n = [LineString(line) for line in lines], len(lines)
    is_candidate = [i >= built for i in range(n)]
    spans = {"a": [2 * i for i in range(n)], "b": [2 * i + 1 for i in range(n)], "route": list(range(n))}
    spans |= {"is_candidate": is_candidate, "is_cuttable": [True] * n, "length_m": [s.length for s in shapes]}
    spans |= {name: values for name, values in columns.items() if name == "is_cuttable"}
    routes = {"route_id": [f"R{i}" for i in range(n)], "kind": kinds} | columns
    sites = [Point(line[end]) for line in lines for end in (0, -1)]
    empty = gpd.GeoDataFrame(geometry=[], crs=L93)
    return Network(
        L93,
        True,
        gpd.GeoDataFrame(geometry=sites, crs=L93),
        gpd.GeoDataFrame(routes, geometry=shapes, crs=L93),
        gpd.GeoDataFrame(spans, geometry=shapes, crs=L93),
        empty,
        "any",
    )


def problem_of(net: Network) -> Problem:
    n = len(net.routes)
    return Problem(
        num_sites=2 * n,
        span_ends=net.spans[["a", "b"]].to_numpy(),
        route_of_span=range(n),
        route_cost=[1] * n,
        is_candidate=net.spans["is_candidate"],
        groups=[],
        terminals=[[0]],
        required_cuts=[1],
        is_cuttable=net.spans["is_cuttable"],
    )


def study(failures: dict[str, Any], **cuts: Any) -> Study:
    tables = {
        "study": {"name": "x"},
        "network": {"sites": "s", "routes": "r"},
        "cuts": {"simultaneous": 1, "radius_m": 50.0, "site_clearance_m": 0.0} | cuts,
        "failures": failures,
        "path": Path("study.toml"),
    }
    return Study.model_validate(tables)


def rates(found: Hazards) -> dict[tuple[int, ...], float]:
    return {tuple(row.tolist()): rate for row, rate in zip(found.spans, found.per_year.tolist(), strict=True)}


TWO_RATES = {"cuts_per_1000_km": {"road": 3.0}, "default_cuts_per_1000_km": 1.0, "repair_hours": {"road": 8.0}}
TRENCH: list[Line] = [[(0.0, 0.0), (10_000.0, 0.0)], [(4000.0, 30.0), (14_000.0, 30.0)]]


def test_trench_is_dug_into_once() -> None:
    """
    ```
    0 ------------------          10 km, of another kind, 1 a year on 1,000 km
             1 ------------------ 10 km of road beside it from km 4 on, 3 a year
    ```
    6.04 km of each are within 50 m of the other: sqrt(50^2 - 30^2) = 40 m beyond the end.
    """
    net = network(TRENCH, ["rail", "road"], built=2)
    ground = find_ground(net, study(TWO_RATES), ())
    found = to_hazards(ground, problem_of(net), ())
    assert rates(found) == pytest.approx({(0,): 0.00396, (0, 1): (0.00604 + 3 * 0.00604) / 2, (1,): 3 * 0.00396})
    assert found.hours.tolist() == [12.0, 12.0, 8.0]  # what is shared is back when the slower kind is


def test_smaller_network_is_cut_out_of_the_ground() -> None:
    net = network(TRENCH, [None, "road"], built=1)
    ground = find_ground(net, study(TWO_RATES), (1,))
    assert rates(to_hazards(ground, problem_of(net), ())) == pytest.approx({(0,): 0.01})
    both = network(TRENCH, [None, "road"], built=2)
    alone = to_hazards(find_ground(both, study(TWO_RATES), ()), problem_of(both), ())
    assert rates(to_hazards(ground, problem_of(net), (1,))) == pytest.approx(rates(alone))


def test_ground_near_a_spans_own_ends_is_its_own() -> None:
    """With a clearance of 5 km both spans are near one of their ends wherever they run: nothing is shared."""
    net = network(TRENCH, [None, None], built=2)
    ground = find_ground(net, study(TWO_RATES, site_clearance_m=5000.0), ())
    assert rates(to_hazards(ground, problem_of(net), ())) == pytest.approx({(0,): 0.01, (1,): 0.01})


def test_hardened_spans_are_never_cut() -> None:
    net = network(TRENCH, [None, None], built=2, is_cuttable=[True, False])
    ground = find_ground(net, study(TWO_RATES), ())
    assert rates(to_hazards(ground, problem_of(net), ())) == pytest.approx({(0,): 0.01})


def test_declared_group_shares_as_much_as_its_shortest_span() -> None:
    """
    ```
    0 ------------------  10 km      1 ---- 4 km, far away: the column says they share a duct
    ```
    """
    lines: list[Line] = [[(0.0, 0.0), (10_000.0, 0.0)], [(0.0, 9000.0), (4000.0, 9000.0)]]
    net = network(lines, [None, "road"], built=2, duct=["D", "D"])
    ground = find_ground(net, study(TWO_RATES, declared=("duct",)), ())
    assert rates(to_hazards(ground, problem_of(net), ())) == pytest.approx({(0,): 0.006, (0, 1): 0.004 * 2})


def square() -> Problem:
    """
    ```
    0 === 1 --- 2     two spans from 0 to 1, one on to 2
    ```
    """
    return Problem(
        num_sites=3,
        span_ends=[(0, 1), (0, 1), (1, 2)],
        route_of_span=[0, 1, 2],
        route_cost=[0] * 3,
        is_candidate=[False] * 3,
        groups=[],
        terminals=[[0], [1], [2]],
        required_cuts=[1] * 3,
        region_weight=[10, 4, 1],
    )


def test_attacks_by_hand() -> None:
    """Two cuts: the worst part 0 from the rest; of the three choices one does that, two take span 2 beside another."""
    problem = square()
    graph = to_hazard_graph(problem, (), Hazards(Rows.of([[0]]), np.ones(1), np.ones(1)))
    worst = find_attacks(problem, graph, (), FailuresSection(attack_cuts=2), seed=1)
    assert worst.share.tolist() == [0, 1, 1]
    assert worst.is_proved
    at_random = find_attacks(problem, graph, (), FailuresSection(attack_cuts=2, attack_model="random"), seed=1)
    assert at_random.share.tolist() == pytest.approx([0, 1 / 3, 1])
    assert at_random.error == 0.0


@pytest.mark.parametrize("model", ["worst", "random"])
def test_sums_and_simulation_agree(model: str) -> None:
    """Everything together, for a network cut so often that the simulation sees every cause."""
    line = [(0.0, 0.0), (100_000.0, 0.0)]
    net = network([line, [(x, 5000.0) for x, _ in line], [(x, 9000.0) for x, _ in line]], [None] * 3, built=3)
    given = {"default_cuts_per_1000_km": 60.0, "attacks_per_year": 5.0, "attack_cuts": 2, "attack_model": model}
    settings = study(given | {"attack_repair_hours": 30.0, "simulated_years": 4000})
    problem = square()
    assert settings.failures is not None
    ground = find_ground(net, settings, ())
    risk = find_network_risk(problem, ground, (), settings.failures, ["a", "b", "c"], seed=3)
    assert risk.cuts_per_year == pytest.approx(18.0)
    assert risk.simulated_years == 4000
    for region in risk.regions:
        assert region.simulated_minutes is not None
        assert region.standard_error is not None
        assert region.minutes == pytest.approx(region.single_minutes + region.pair_minutes + region.attack_minutes)
        assert region.simulated_minutes >= region.minutes - 4 * region.standard_error
        assert region.simulated_minutes <= region.minutes + risk.neglected_minutes + 4 * region.standard_error
    assert risk.regions[1].attack_minutes > 0
    assert risk.regions[2].single_minutes > 0
    assert risk.person_hours == pytest.approx(sum(r.weight * r.minutes for r in risk.regions) / 60)
    assert risk.weighted_minutes == pytest.approx(risk.person_hours * 60 / 15)
    calm = settings.failures.model_copy(update={"attacks_per_year": 0.0, "simulated_years": 0})
    without = find_network_risk(problem, ground, (), calm, ["a", "b", "c"], seed=3)
    assert without.regions[1].attack_minutes == 0
    assert without.simulated_years == 0
    assert without.person_hours < risk.person_hours
