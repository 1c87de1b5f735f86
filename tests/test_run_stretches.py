"""Critical stretches of whole studies: exact metres, and every point against all cuts tried one by one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import brute
import geopandas as gpd
import numpy as np
import pytest
from network_cases import Row, read, route, site
from pyproj import Geod

from planner.network import Network, read_network
from planner.problem import Problem, to_problem
from planner.result import CriticalStretch
from planner.risk import find_risk_groups
from planner.risk.model import RiskGroups
from planner.risk.stretches import find_stretches
from planner.run import stretches as module
from planner.run.stretches import find_critical_stretches
from planner.starter import write_starter
from planner.study import read_study


def to_groups(network: Network, *sets: Sequence[int], causes: Sequence[str] = ()) -> RiskGroups:
    """Groups by hand; every other existing cuttable span is one of its own."""
    usable = np.flatnonzero(network.spans["is_cuttable"]).tolist()
    rest = [(span,) for span in usable if not any(span in spans for spans in sets)]
    spans = tuple(tuple(spans) for spans in (*sets, *rest))
    named = (*causes, *["trench" if len(group) > 1 else "single" for group in spans[len(causes) :]])
    places = np.column_stack([np.arange(len(spans), dtype=float), np.zeros(len(spans))])
    return RiskGroups(spans, tuple(f"G{number}" for number in range(len(spans))), places, named)


def found_in(network: Network, groups: RiskGroups) -> tuple[CriticalStretch, ...]:
    problem = to_problem(network, groups)
    found, note = find_critical_stretches(problem, network, groups, radius_m=50, site_clearance_m=1000)
    assert note == ""
    return found


def shown(network: Network, found: Sequence[CriticalStretch]) -> list[tuple[str, float, float, int, tuple[str, ...]]]:
    names = network.spans["span_id"].tolist()
    return [(names[s.span], s.from_m, s.to_m, s.num_cuts, s.isolated_regions) for s in found]


TRIANGLE = [site("A", (0, 0)), site("B", (20, 0)), site("C", (0, 20))]


def test_ring_with_a_trench(tmp_path: Path) -> None:
    """B-C and A-C share a trench for 5 km: cut there, C is alone; anywhere else it takes two.

    C
    | 2 and 3 side by side between y = 10 km and 15 km
    |  .
    A --- B
       1
    """
    routes = [
        route("1", (0, 0), (20, 0)),
        route("2", (0, 0), (0, 20)),
        route("3", (20, 0), (20, 10), (0.04, 10), (0.04, 15), (3, 15), (3, 20), (0, 20)),
    ]
    network = read(tmp_path, TRIANGLE, routes)
    found = found_in(network, to_groups(network, (1, 2)))
    assert shown(network, found)[:2] == [("2", 9970, 15_030, 1, ("C",)), ("3", 29_950, 34_970, 1, ("C",))]
    assert {one.severed for one in found[:2]} == {(1, 2)}
    by_span = dict.fromkeys("123", 0.0)
    for name, from_m, to_m, num_cuts, _ in shown(network, found)[2:]:
        assert num_cuts == 2
        by_span[name] += to_m - from_m
    # outside of the clearance everything else takes one more cut
    lengths = dict(zip("123", network.spans["length_m"] - 2000, strict=True))
    assert by_span == pytest.approx({"1": lengths["1"], "2": lengths["2"] - 5060, "3": lengths["3"] - 5020})
    assert all(one.partner is not None and one.partner_place is not None for one in found[2:])
    assert found[0].line.length == pytest.approx(5060)


def test_bridge_and_its_far_side(tmp_path: Path) -> None:
    """A - B - C with C twice joined: only the bridge is critical alone, only the pair together."""
    routes = [
        route("1", (0, 0), (20, 0)),
        route("2", (0, 0), (0, 20)),
        route("3", (0, 0), (5, 5), (5, 15), (0, 20)),
    ]
    network = read(tmp_path, TRIANGLE, routes)
    found = found_in(network, to_groups(network))
    assert shown(network, found) == [
        ("1", 1000, 19_000, 1, ("B",)),
        ("2", 1000, 19_000, 2, ("C",)),
        ("3", 1000, pytest.approx(network.spans["length_m"][2] - 1000, abs=0.001), 2, ("C",)),
    ]
    assert [one.partner for one in found] == [None, 2, 1]


def test_declared_group_falls_along_the_whole_of_its_members(tmp_path: Path) -> None:
    routes = [
        route("1", (0, 0), (20, 0)),
        route("2", (0, 0), (0, 20)),
        route("3", (20, 0), (20, 20), (0, 20)),
    ]
    network = read(tmp_path, TRIANGLE, routes)
    found = found_in(network, to_groups(network, (0, 2), causes=["declared conduit_id=D7"]))
    assert shown(network, found)[:2] == [("1", 1000, 19_000, 1, ("B",)), ("3", 1000, 39_000, 1, ("B",))]
    assert {one.severed for one in found[:2]} == {(0, 2)}
    assert shown(network, found)[2:] == [("2", 1000, 19_000, 2, ("C",))]


def test_nobody_is_isolated(tmp_path: Path) -> None:
    routes = [route(f"{i}", (0, 0), (5, 5 * i), (15, 5 * i), (20, 0)) for i in range(1, 4)]
    network = read(tmp_path, TRIANGLE[:2], routes)
    assert found_in(network, to_groups(network)) == ()


def test_the_worst_are_kept_and_the_rest_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_STRETCHES", 1)
    network = read(tmp_path, TRIANGLE, [route("1", (0, 0), (20, 0)), route("2", (0, 0), (0, 20))])
    groups = to_groups(network)
    problem = to_problem(network, groups)
    found, note = find_critical_stretches(problem, network, groups, radius_m=50, site_clearance_m=1000)
    assert len(found) == 1
    assert note == "The 1 worst of 2 critical stretches are kept."


@pytest.mark.parametrize("seed", range(12))
def test_equals_trying_all_cuts_at_sampled_points(seed: int, tmp_path: Path) -> None:
    """Spans on a coarse grid, so that many meet, cross and run together."""
    rng = np.random.default_rng(seed)
    places = [(0.0, 0.0), (30.0, 0.0), (0.0, 30.0), (30.0, 30.0), (60.0, 15.0)]
    sites = [site(f"S{i}", place, weight=int(rng.integers(1, 5))) for i, place in enumerate(places)]
    routes: list[Row] = []
    for number in range(8):
        a, b = rng.choice(len(places), 2, replace=False)
        ways = [tuple(float(v) for v in 10 * rng.integers(1, 6, 2) + rng.choice([0, 0.03, 0.06])) for _ in range(2)]
        routes.append(route(f"R{number}", places[a], *ways, places[b]))
    settings = {"network": "site_snap_m = 1", "regions": 'weight = "weight"', "cuts": "radius_m = 50"}
    network = read(tmp_path, sites, routes, **settings)
    sets = find_stretches(network, radius_m=50, site_clearance_m=1000).sets
    largest = [spans for spans in sets if not any(set(spans) < set(other) for other in sets)]
    groups = to_groups(network, *largest)
    problem = to_problem(network, groups)
    found = found_in(network, groups)
    shapes = list(network.spans.geometry)
    ends = network.spans[["a", "b"]].to_numpy()
    discs = [point.buffer(1000, 256) for point in network.sites.geometry]
    clear = [shape.difference(discs[a]).difference(discs[b]) for shape, (a, b) in zip(shapes, ends, strict=True)]
    for span, shape in enumerate(shapes):
        for share in rng.random(12):
            point = shape.interpolate(share, normalized=True)
            if not point.distance(clear[span]) < 1e-6:
                continue
            severed = tuple(i for i, other in enumerate(clear) if point.distance(other) <= 50)
            mine = [one for one in found if one.span == span and one.from_m < share * shape.length < one.to_m]
            _check(problem, network, severed, mine)


def _check(problem: Problem, network: Network, severed: tuple[int, ...], mine: list[CriticalStretch]) -> None:
    cuts = brute.maximal_cuts(problem, ())
    uncut = brute.isolated_regions(problem, [], ())
    weights = problem.region_weight
    region_ids = network.regions["region_id"].tolist()

    def isolated(*chosen: brute.Cut) -> set[int]:
        return brute.isolated_regions(problem, chosen, ()) - uncut

    here: brute.Cut = (severed, ())
    alone = isolated(here)
    together = [isolated(here, cut) - isolated(cut) for cut in cuts]
    worst = max((sum(weights[list(regions)]) for regions in together), default=0.0)
    if not alone and not worst:
        assert mine == []
        return
    (one,) = mine
    assert one.severed == severed
    assert one.num_cuts == (1 if alone else 2)
    assert one.isolated_weight == pytest.approx(sum(weights[list(alone)]) if alone else worst)
    if alone:
        assert set(one.isolated_regions) == {region_ids[region] for region in alone}


def test_what_is_severed_is_part_of_a_risk_group(tmp_path: Path) -> None:
    """The stretches and the groups are found apart from each other; on the ground, in a CRS of degrees at first."""
    write_starter(tmp_path / "towns")
    network = read_network(read_study(tmp_path / "towns"))
    for radius_m in (0, 50, 5000):
        groups = find_risk_groups(network, radius_m=radius_m, site_clearance_m=1000)
        stretches = find_stretches(network, radius_m=radius_m, site_clearance_m=1000)
        assert all(any(set(spans) <= set(group) for group in groups.spans) for spans in stretches.sets)
        found, _ = find_critical_stretches(
            to_problem(network, groups), network, groups, radius_m=radius_m, site_clearance_m=1000
        )
        for one in found:
            geodesic_m = Geod(ellps="WGS84").geometry_length(gpd.GeoSeries([one.line], crs=network.crs).to_crs(4326)[0])
            assert geodesic_m == pytest.approx(one.length_m, rel=1e-4)
