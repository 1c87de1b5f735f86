"""What one cut takes where sites fall, against dense samples, and whole runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from network_cases import ORIGIN, read, route, site, write_study
from numpy.typing import NDArray
from pyproj import Transformer
from risk_cases import to_network
from shapely import LineString

import planner
from planner.network import Network
from planner.progress import Progress
from planner.risk import RiskGroups, find_risk_groups
from planner.run.write import write_solve
from planner.study import Study

TO_XY = Transformer.from_crs(4326, 2154, always_xy=True)
PLACES = st.tuples(st.integers(0, 6), st.integers(0, 6))


def draw_network(folder: Path, places: list[tuple[int, int]], pairs: list[tuple[int, int]]) -> Network:
    """Sites a multiple of 100 m apart, the first one protected."""
    sites = [site(f"S{i}", (x / 10, y / 10), protected=i == 0) for i, (x, y) in enumerate(places)]
    ends = [(sites[a]["id"], sites[b]["id"], places[a], places[b]) for a, b in pairs]
    routes = [
        route(f"R{i}", *[(x / 10, y / 10) for x, y in (start, end)], a=a, b=b)
        for i, (a, b, start, end) in enumerate(ends)
    ]
    return read(folder, sites, routes, network="site_snap_m = 1")


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Straight spans between sites a multiple of 100 m apart; every third is less accurate than the others."""
    pair = st.tuples(PLACES, PLACES).filter(lambda p: p[0] < p[1])
    pairs = draw(st.lists(pair, min_size=1, max_size=5, unique=True))
    network = to_network([LineString(np.array(ends) * 100.0 + ORIGIN) for ends in pairs])
    accuracy_m = draw(st.sampled_from([0.0, 0.0, 17.0, 60.0])) * (1 + (np.arange(len(pairs)) % 3 == 0))
    sites = network.sites.assign(protected=np.arange(len(network.sites)) == 0)
    return replace(network, sites=sites, spans=network.spans.assign(accuracy_m=accuracy_m))


def measure_all(network: Network, xy: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How far beyond its accuracy each span is from each point, and how far each site is; protected ones nowhere."""
    points = shapely.points(xy)[:, None]
    spans = shapely.distance(points, network.spans.geometry.to_numpy()[None]) - network.spans["accuracy_m"].to_numpy()
    sites = shapely.distance(points, network.sites.geometry.to_numpy()[None])
    sites[:, network.sites["protected"].to_numpy(dtype=bool)] = np.inf
    return spans, sites


@settings(max_examples=35, deadline=None)
@given(networks(), st.sampled_from([0.0, 40.0, 75.0, 130.0]))
def test_every_sample_is_in_a_group(network: Network, radius_m: float) -> None:
    groups = find_risk_groups(network, radius_m=radius_m, site_clearance_m=0, sites_fail="disc")
    low, high = np.array(network.sites.total_bounds).reshape(2, 2) + np.array([[-150], [150]])
    grid = np.stack(np.meshgrid(*np.linspace(low, high, 90).T), axis=-1).reshape(-1, 2)
    # where cells are thin: just within and just outside of a circle around a site
    angle = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    rim = np.column_stack([np.cos(angle), np.sin(angle)]) * (radius_m + np.array([-1e-4, 1e-4]))[:, None, None]
    around = (shapely.get_coordinates(network.sites.geometry.to_numpy())[:, None, None] + rim).reshape(-1, 2)
    beyond, away = measure_all(network, np.concatenate([grid, around]))
    known: dict[tuple[int, ...], list[set[int]]] = {}
    for spans, sites in zip(groups.spans, groups.sites, strict=True):
        known.setdefault(sites, []).append(set(spans))
    for row in np.unique(np.column_stack([away <= radius_m, beyond <= radius_m]), axis=0):
        sites = tuple(np.flatnonzero(row[: len(network.sites)]).tolist())
        hits = set(np.flatnonzero(row[len(network.sites) :]).tolist())
        assert not hits | set(sites) or any(hits <= group for group in known[sites])


def test_a_line_that_passes_the_end_of_another_in_the_very_middle() -> None:
    """The first cell of the search has its centre at the site where the shorter line ends."""
    lines = [LineString(np.array(ends) * 100.0 + ORIGIN) for ends in (((0, 0), (3, 3)), ((0, 0), (6, 6)))]
    network = to_network(lines)
    network = replace(
        network,
        sites=network.sites.assign(protected=[True, False, False]),
        spans=network.spans.assign(accuracy_m=[34.0, 17.0]),
    )
    groups = find_risk_groups(network, radius_m=40, site_clearance_m=0, sites_fail="disc")
    assert set(zip(groups.spans, groups.sites, strict=True)) == {((0, 1), ()), ((0, 1), (1,)), ((1,), (2,))}


@settings(max_examples=35, deadline=None)
@given(networks(), st.sampled_from([40.0, 75.0, 130.0]))
def test_every_place_takes_what_its_group_says(network: Network, radius_m: float) -> None:
    groups = find_risk_groups(network, radius_m=radius_m, site_clearance_m=0, sites_fail="disc")
    assert len(set(zip(groups.sites, groups.spans, strict=True))) == len(groups.spans)
    beyond, away = measure_all(network, np.column_stack(TO_XY.transform(*groups.places.T)))
    ends = network.spans[["a", "b"]].to_numpy()
    for row, (spans, sites) in enumerate(zip(groups.spans, groups.sites, strict=True)):
        peers = [set(one) for one, other in zip(groups.spans, groups.sites, strict=True) if other == sites]
        assert not any(set(spans) < peer for peer in peers)
        if groups.causes[row] != "single":
            assert set(np.flatnonzero(away[row] <= radius_m - 1e-5)) <= set(sites)
            assert set(sites) <= set(np.flatnonzero(away[row] <= radius_m + 1e-5))
            falling = set(np.flatnonzero(np.isin(ends, list(sites)).any(axis=1)).tolist())
            assert set(np.flatnonzero(beyond[row] <= radius_m - 1e-5)) <= set(spans)
            assert set(spans) - falling <= set(np.flatnonzero(beyond[row] <= radius_m + 1e-5))


def groups_of(network: Network, radius_m: float, **options: Any) -> set[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Sites and spans of every group of more than one span."""
    options = {"site_clearance_m": 0, "sites_fail": "disc"} | options
    groups = find_risk_groups(network, radius_m=radius_m, **options)
    return {one for one in zip(groups.sites, groups.spans, strict=True) if one[0] or len(one[1]) > 1}


@pytest.mark.parametrize(("accuracy_m", "is_shared"), [(0, False), (1.9, False), (2.1, True)])
def test_accuracy_is_of_lines_and_not_of_sites(tmp_path: Path, accuracy_m: float, is_shared: bool) -> None:
    """
    ```
    A ---- 0 ---- B
                           C and D are 60 m below, and as far apart: discs of 29 m would have to be of 30 m
       C - 1 - D
    ```
    """
    sites = [site("A", (0, 0)), site("B", (2, 0)), site("C", (1, -0.06)), site("D", (1.06, -0.06))]
    routes = [
        route("0", (0, 0), (2, 0), accuracy_m=accuracy_m),
        route("1", (1, -0.06), (1, -0.5), (1.06, -0.5), (1.06, -0.06)),
    ]
    network = read(tmp_path, sites, routes, network="site_snap_m = 1")
    with_both = {((2,), (0, 1)), ((3,), (0, 1))} if is_shared else {((2,), (1,)), ((3,), (1,))}
    assert groups_of(network, 29) == {((0,), (0,)), ((1,), (0,)), *with_both}
    assert ((2, 3), (1,)) in groups_of(network, 30)  # of sites 29 m is 29 m: they alone are not together there


def test_radius_zero(tmp_path: Path) -> None:
    """A star whose spans leave 45 degrees apart, and one that passes: a cut is at the hub, on a crossing or on a span.

    ```
    B  C          D ------ E crosses A - B
    | /
    A ---- D
    ```
    """
    network = draw_network(
        tmp_path, [(9, 9), (0, 0), (0, 6), (6, 6), (6, 0), (-3, 3)], [(1, 2), (1, 3), (1, 4), (4, 5)]
    )
    alone = {((1,), (0, 1, 2)), ((2,), (0,)), ((3,), (1,)), ((4,), (2, 3)), ((5,), (3,))}
    assert groups_of(network, 0) == alone | {((), (0, 3)), ((), (1, 3))}


def test_clearance_is_for_spans_alone(tmp_path: Path) -> None:
    """``A - B - C``, and D - E passes 30 m above B: near B a cut takes B, or D - E with what else is not near B."""
    sites = [site(*one) for one in (("A", (0, 0)), ("B", (5, 0)), ("C", (10, 0)), ("D", (0, 0.03)), ("E", (10, 0.03)))]
    routes = [route("AB", (0, 0), (5, 0)), route("BC", (5, 0), (10, 0)), route("DE", (0, 0.03), (10, 0.03))]
    network = read(tmp_path, sites, routes, network="site_snap_m = 1")
    assert groups_of(network, 20, site_clearance_m=6000) == {
        ((0,), (0,)), ((1,), (0, 1)), ((2,), (1,)), ((3,), (2,)), ((4,), (2,)), ((0, 3), (0, 2)), ((2, 4), (1, 2)),
    }  # fmt: skip
    near_b = {spans for sites, spans in groups_of(network, 20, site_clearance_m=100) if sites in {(), (1,)}}
    assert near_b == {(0, 2), (1, 2), (0, 1, 2)}
    assert ((), (0, 1, 2)) not in groups_of(network, 20, site_clearance_m=100)


def test_hardened_spans_fall_with_their_sites_alone(tmp_path: Path) -> None:
    sites = [site("A", (0, 0)), site("B", (5, 0)), site("C", (10, 0))]
    routes = [
        route("AB", (0, 0), (5, 0), cuttable=False),
        route("BC", (5, 0), (10, 0)),
        route("AC", (0, 0), (5, 3), (10, 0)),
    ]
    network = read(tmp_path, sites, routes)
    found = groups_of(network, 50)
    assert {one for one in found if one[0]} == {((0,), (0, 1)), ((1,), (0, 2)), ((2,), (1, 2))}
    assert {one for one in found if not one[0]} == {((), (1, 2))}  # beside C


def test_declared_groups_take_no_site(tmp_path: Path) -> None:
    sites = [site("A", (0, 0)), site("B", (5, 0)), site("C", (10, 0))]
    routes = [route("AB", (0, 0), (5, 0), duct="D1"), route("BC", (5, 0), (10, 0), duct="D1")]
    network = read(tmp_path, sites, routes)
    groups = find_risk_groups(network, radius_m=50, site_clearance_m=0, declared=["duct"], sites_fail="disc")
    assert dict(zip(zip(groups.sites, groups.spans, strict=True), groups.causes, strict=True)) == {
        ((), (0, 1)): "declared duct=D1",
        ((0,), (0,)): "site",
        ((1,), (0, 1)): "site",
        ((2,), (1,)): "site",
    }


def test_single_takes_each_site_that_is_not_protected(tmp_path: Path) -> None:
    network = draw_network(tmp_path, [(0, 0), (6, 0), (3, 6)], [(0, 1), (1, 2), (0, 2)])
    groups = find_risk_groups(network, radius_m=5, site_clearance_m=100, sites_fail="single")
    assert sorted(groups.sites) == [(), (), (), (1,), (2,)]
    assert {s: g for s, g in zip(groups.sites, groups.spans, strict=True) if s} == {(1,): (0, 1), (2,): (1, 2)}
    assert len(set(groups.group_ids)) == len(groups.spans)


def test_no_site_falls_unless_asked_for(tmp_path: Path) -> None:
    network = draw_network(tmp_path, [(0, 0), (6, 0)], [(0, 1)])
    groups: RiskGroups = find_risk_groups(network, radius_m=5, site_clearance_m=0)
    assert groups.sites == ()


@pytest.mark.parametrize("protected", [False, True])
@pytest.mark.parametrize("how", ["true", '"single"'])
def test_a_hub_that_falls_is_passed_by(tmp_path: Path, how: str, protected: bool) -> None:
    """``A - H - B`` stands until H falls; the candidate A - B passes it by."""
    sites = [site("A", (0, 0)), site("B", (20, 0)), site("H", (10, 0), terminal=False, protected=protected)]
    routes = [
        route("AH", (0, 0), (5, 2), (10, 0)),
        route("AH2", (0, 0), (5, -2), (10, 0)),
        route("HB", (10, 0), (15, 2), (20, 0)),
        route("HB2", (10, 0), (15, -2), (20, 0)),
    ]
    candidates = [route("AB", (0, 0), (10, 8), (20, 0), cost=5)]
    study = write_study(tmp_path, sites, routes, candidates=candidates, cuts=f"sites_fail = {how}")
    outcome = planner.solve(study)
    assert outcome.status == "optimal"
    assert outcome.plan is not None
    assert [new.route_id for new in outcome.plan.routes] == ([] if protected else ["AB"])
    write_solve(outcome, tmp_path / "run", Progress())
    assert planner.verify_run(tmp_path / "run").survives
    assert len(planner.audit(study).survival.cut_sets) >= (not protected)


def to_two_ways(folder: Path, cuts: str, apart_km: float, **settings: str) -> Study:
    """Both ways from X to Y leave X in one trench and come to Y from either side; C leaves X the other way.

    ```
       .--- 1 ---.
       |         |
       |   .-Y-. |          discs that take X leave Y alone, which owes nothing then;
       '---'   '-|-.        those that take the trench beside X part X from Y
         \\ 2 ____|_|
          X
          '-- C to Y
    ```
    """
    sites = [site("X", (0, 0)), site("Y", (0, 20))]
    routes = [
        route("1", (0, 0), (-apart_km, 0.4), (-apart_km, 2), (-9, 9), (-9, 20), (0, 20)),
        route("2", (0, 0), (apart_km, 0.4), (apart_km, 2), (9, 9), (9, 20), (0, 20)),
    ]
    candidates = [route("C", (0, 0), (0, -3), (30, -3), (30, 30), (0, 30), (0, 20), cost=7)]
    return write_study(folder, sites, routes, candidates=candidates, cuts=cuts, **settings)


def find_plan(study: Study) -> list[str]:
    outcome = planner.solve(study)
    assert outcome.status == "optimal"
    assert outcome.plan is not None
    assert outcome.plan.proof.survives
    return [new.route_id for new in outcome.plan.routes]


def test_a_smaller_disc_isolates_a_site_that_a_larger_one_takes(tmp_path: Path) -> None:
    study = to_two_ways(tmp_path, "site_clearance_m = 0\nsites_fail = true", 0)
    groups = groups_of(planner.read_network(study), 50)
    assert {((0,), (0, 1, 2)), ((), (0, 1))} < groups
    assert ((), (0, 1, 2)) not in groups
    assert len(planner.audit(study).survival.cut_sets) == 1
    assert find_plan(study) == ["C"]


@pytest.mark.parametrize(("accuracy_m", "expected"), [(0, []), (4, []), (15, ["C"])])
def test_ways_that_may_be_nearer_than_drawn(tmp_path: Path, accuracy_m: float, expected: list[str]) -> None:
    """The same, where the ways run 110 m apart."""
    cuts = "site_clearance_m = 500\nsites_fail = true"
    assert find_plan(to_two_ways(tmp_path, cuts, 0.055, network=f"accuracy_m = {accuracy_m}")) == expected


@pytest.mark.parametrize(("sites_fail", "expected"), [("false", ["AB2", "BC2", "CD2"]), ('"single"', ["DA"])])
def test_single_sites_of_a_ring(tmp_path: Path, sites_fail: str, expected: list[str]) -> None:
    """Doubling A - B - C - D is cheapest against cuts of spans; when B may fall, only closing the ring helps.

    ```
    A ==== B
    :      ‖
    D ==== C
    ```
    """
    places = {"A": (0, 20), "B": (20, 20), "C": (20, 0), "D": (0, 0)}
    sides = {"AB": (10, 25), "BC": (25, 10), "CD": (10, -5)}
    routes = [route(name, places[name[0]], places[name[1]]) for name in sides]
    candidates = [route(f"{one}2", places[one[0]], sides[one], places[one[1]], cost=1) for one in sides]
    candidates += [route("DA", places["D"], places["A"], cost=5)]
    study = write_study(
        tmp_path,
        [site(*one) for one in places.items()],
        routes,
        candidates=candidates,
        cuts=f"sites_fail = {sites_fail}",
        objective='minimise = ["cost"]',
    )
    assert find_plan(study) == expected
