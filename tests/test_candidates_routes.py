"""Routes along corridors: the cheapest, those apart from it, across cut sets, and where there is no corridor.

        n1 ----------- n2          y = 10
       /                 \\
    A ------- m --------- B        y = 0      (kilometres)
       \\                 /
        s1 ----------- s2          y = -6
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from network_cases import route, site, square, write_geojson, write_study
from pyproj import CRS

import planner
from planner.candidates import CorridorNetwork, find_corridors, propose_routes
from planner.candidates.apart import Diversity
from planner.candidates.backtrack import doubles_back
from planner.candidates.free import find_way_around
from planner.candidates.paths import PathFinder
from planner.errors import InputError
from planner.network.costs import to_present_value
from planner.run.laying import lay_candidates
from planner.study import Study

NORTH = ((0, 0), (4, 10), (26, 10), (30, 0))
MIDDLE = ((0, 0), (15, 0), (30, 0))
SOUTH = ((0, 0), (4, -6), (26, -6), (30, 0))
SITES = {"A": (0, 0), "B": (30, 0)}
LAYING = 'corridors = [{ file = "rail.geojson", kind = "rail" }]\n'
CUTS = "radius_m = 100\nsite_clearance_m = 1000"


def study_of(
    folder: Path,
    corridors: dict[str, Any],
    existing: tuple[Any, ...] = MIDDLE,
    sites: dict[str, Any] = SITES,
    **extra: str,
) -> Study:
    write_geojson(folder / "rail.geojson", [route(one, *course) for one, course in corridors.items()])
    texts = {"candidates_": LAYING, "costs": "per_km = { rail = 1000 }", "cuts": CUTS} | extra
    texts["study"] = 'crs = "EPSG:2154"'
    rows = [site(one, place) for one, place in sites.items()]
    return write_study(folder, rows, [route("old", *existing, a="A", b="B")], **texts)


def new_ids(outcome: planner.Outcome) -> list[str]:
    return [one.route_id for one in outcome.plan.routes]


def lay(study: Study) -> gpd.GeoDataFrame:
    return lay_candidates(study)


def test_where_a_span_is_there_the_routes_keep_apart_from_it(tmp_path: Path) -> None:
    found = lay(study_of(tmp_path, {"n": NORTH, "m": MIDDLE, "s": SOUTH}))
    assert sorted(found["reason"]) == ["apart", "apart"]
    middles = shapely.line_interpolate_point(found.geometry.to_numpy(), 0.5, normalized=True)
    assert sorted(np.round(shapely.get_y(middles) / 1000 - 6600).tolist()) == [-6, 10]
    assert found["a"].tolist() == ["A", "A"]
    assert found["b"].tolist() == ["B", "B"]
    length_m = shapely.length(found.geometry.to_numpy())
    assert found["cost"].to_numpy() == pytest.approx(length_m, abs=0.02)


def test_ids_do_not_hang_on_what_else_there_is(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "other").mkdir()
    one = lay(study_of(tmp_path / "one", {"n": NORTH, "s": SOUTH}))
    other = lay(study_of(tmp_path / "other", {"s": SOUTH[::-1], "m": MIDDLE, "n": NORTH}))
    assert one["id"].tolist() == other["id"].tolist()
    assert len(set(one["id"])) == 2


def test_a_corridor_within_reach_of_the_same_cut_is_no_alternative(tmp_path: Path) -> None:
    # 150 m beside the span: one cut of 100 m severs both
    beside = ((0, 0), (2, 0.15), (28, 0.15), (30, 0))
    found = lay(study_of(tmp_path, {"beside": beside, "s": SOUTH}))
    assert len(found) == 1
    assert shapely.get_y(found.geometry.iloc[0].centroid) < 6_600_000


def test_every_route_apart_shares_no_risk_group_with_the_span(tmp_path: Path) -> None:
    study = study_of(tmp_path, {"n": NORTH, "m": MIDDLE, "s": SOUTH})
    outcome = planner.solve(study)
    assert outcome.status == "optimal"
    assert len(new_ids(outcome)) == 1
    assert all(len(spans) == 1 for spans in outcome.risk_groups.spans)


def test_candidates_can_be_required_by_the_id_that_they_are_given(tmp_path: Path) -> None:
    (north,) = [one for one in lay(study_of(tmp_path, {"n": NORTH, "s": SOUTH})).itertuples() if one.cost > 37_000]
    required = LAYING + f'required = ["{north.id}"]'
    outcome = planner.solve(study_of(tmp_path, {"n": NORTH, "s": SOUTH}, candidates_=required))
    assert new_ids(outcome) == [north.id]


def test_decisions_of_a_map_reach_routes_that_are_laid(tmp_path: Path) -> None:
    corridors = {"n": NORTH, "s": SOUTH}
    first = planner.solve(study_of(tmp_path, corridors))
    (taken,) = new_ids(first)
    decided = LAYING + 'decisions = "decided.geojson"'
    write_geojson(tmp_path / "decided.geojson", [route(taken, *SOUTH) | {"decision": "reject"}])
    (other,) = new_ids(planner.solve(study_of(tmp_path, corridors, candidates_=decided)))
    assert other != taken
    write_geojson(tmp_path / "decided.geojson", [route("A-B-nowhere", *SOUTH) | {"decision": "accept"}])
    with pytest.raises(InputError, match=r"with decided\.geojson: no route has an id that matches 'A-B-nowhere'"):
        planner.solve(study_of(tmp_path, corridors, candidates_=decided))


def test_no_route_comes_near_a_site_that_it_does_not_end_at(tmp_path: Path) -> None:
    sites = SITES | {"C": (15, 0.1)}
    found = lay(study_of(tmp_path, {"n": NORTH, "m": MIDDLE, "s": SOUTH}, existing=NORTH, sites=sites))
    apart_m = shapely.distance(found.geometry.to_numpy(), shapely.Point(715_000, 6_600_100))
    joins_c = ((found["a"] == "C") | (found["b"] == "C")).to_numpy()
    assert joins_c.any()
    assert (~joins_c).any()
    assert (apart_m[~joins_c] > 250).all()


def test_routes_are_laid_across_a_cut_set_beyond_the_neighbours(tmp_path: Path) -> None:
    sites = {"A": (0, 0), "B": (30, 0)}
    laying = LAYING + "neighbours = 0\ndetour = 1.0\n"
    found = lay(study_of(tmp_path, {"n": NORTH, "m": MIDDLE}, sites=sites, candidates_=laying))
    assert found["reason"].tolist() == ["across a cut set"]
    assert shapely.get_y(found.geometry.iloc[0].centroid) > 6_600_000


def test_zones_multiply_what_lies_in_them_and_crossings_are_paid(tmp_path: Path) -> None:
    zones = '{ file = "town.geojson", factor = 3 }, { file = "town.geojson", factor = 1, name = "again" }'
    costs = f"per_km = {{ rail = 1000 }}\nzones = [{zones}]\n"
    costs += 'crossings = [{ file = "river.geojson", price = 500 }]'
    study = study_of(tmp_path, {"m": MIDDLE}, existing=NORTH, costs=costs)
    # 10 km of the 30 km, in two squares that overlap
    write_geojson(tmp_path / "town.geojson", [square("a", (5, -3), 6), square("b", (9, -3), 6)])
    write_geojson(tmp_path / "river.geojson", [route("r", (20, -5), (20, 5), (21, 5), (21, -5))])
    sections = find_corridors(study, planner.read_network(study)).sections
    assert sections["cost"].sum() == pytest.approx(20 * 1000 + 10 * 3000 + 2 * 500)


def test_no_route_enters_a_forbidden_zone(tmp_path: Path) -> None:
    costs = 'per_km = { rail = 1000 }\nzones = [{ file = "park.geojson", forbidden = true }]'
    study = study_of(tmp_path, {"n": NORTH, "s": SOUTH}, costs=costs)
    write_geojson(tmp_path / "park.geojson", [square("park", (10, -8), 4)])
    found = lay(study)
    assert len(found) == 1
    assert shapely.get_y(found.geometry.iloc[0].centroid) > 6_600_000
    remarks = planner.check(study).remarks
    assert any(remark.kind == "forbidden_zone" for remark in remarks)


def test_where_there_is_no_corridor_lines_are_laid_freely_around_zones(tmp_path: Path) -> None:
    sites = SITES | {"C": (15, -40)}
    costs = 'per_km = { rail = 1000, free = 2000 }\nzones = [{ file = "lake.geojson", forbidden = true }]'
    study = study_of(tmp_path, {"n": NORTH}, sites=sites, candidates_=LAYING + "free = true", costs=costs)
    write_geojson(tmp_path / "lake.geojson", [square("lake", (2, -25), 8)])
    found = lay(study)
    free = found[found["kind"] == "free"]
    assert set(zip(free["a"], free["b"], strict=True)) >= {("A", "C"), ("B", "C")}
    lake = shapely.box(702_000, 6_575_000, 710_000, 6_583_000)
    assert not shapely.intersects(free.geometry.to_numpy(), lake).any()
    assert free["cost"].to_numpy() == pytest.approx(2 * shapely.length(free.geometry.to_numpy()), rel=1e-6)


def test_leased_fibre_is_priced_at_its_present_value(tmp_path: Path) -> None:
    costs = "lease_per_km_year = { rail = 100 }"
    invest = "horizon_years = 3\ndiscount_rate = 0.1"
    found = lay(study_of(tmp_path, {"s": SOUTH}, costs=costs, invest=invest))
    per_km = 100 * (1 + 1 / 1.1 + 1 / 1.21)
    assert found["cost"].to_numpy() == pytest.approx(
        per_km * shapely.length(found.geometry.to_numpy()) / 1000, abs=0.01
    )
    assert to_present_value(100, 3, 0.0) == 300


def test_a_study_without_corridors_has_none_to_lay(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the study names no corridors"):
        lay(study_of(tmp_path, {"s": SOUTH}, candidates_=""))


def test_ways_that_come_back_beside_themselves_are_told_apart() -> None:
    assert doubles_back(shapely.LineString([(0, 0), (5000, 0), (5000, 100), (0, 100)]))
    assert not doubles_back(shapely.LineString([(0, 0), (5000, 0), (5000, 5000), (0, 5000)]))


def test_the_shortest_way_around_passes_the_nearer_corner() -> None:
    box = np.array([shapely.box(4_000, -1_000, 6_000, 8_000)])
    way = find_way_around(np.array([[0.0, 0.0], [10_000.0, 0.0]]), box)
    assert way is not None
    assert len(way) == 4
    assert way[1:3, 1] == pytest.approx(-1100)
    assert find_way_around(np.array([[5_000.0, 0.0], [10_000.0, 0.0]]), box) is None


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=4, max_size=16, unique=True), st.data())
def test_what_shares_a_risk_is_what_comes_near_outside_the_ends(places: list[tuple[int, int]], data: Any) -> None:
    xy = np.array(places, dtype=float) * 100
    num = len(xy)
    ends = [(0, 1), *((int(i), data.draw(st.integers(0, int(i) - 1))) for i in range(2, num))]
    lines = shapely.linestrings([[xy[a], xy[b]] for a, b in ends])
    sections = gpd.GeoDataFrame(
        {
            "section_id": [str(row) for row in range(len(ends))],
            "kind": "rail",
            "start": [a for a, _ in ends],
            "end": [b for _, b in ends],
            "length_m": shapely.length(lines),
            "cost": shapely.length(lines),
        },
        geometry=lines,
        crs=CRS.from_epsg(2154),
    )
    site = np.where(np.arange(num) < 2, np.arange(num), -1)
    junctions = gpd.GeoDataFrame({"junction_id": range(num), "site": site}, geometry=shapely.points(xy), crs=2154)
    finder = PathFinder(CorridorNetwork(sections, junctions))
    path = finder.find_path(num - 1, 0, forbidden=np.zeros(len(ends), dtype=bool))
    assert path is not None
    found = Diversity(finder, 300.0, 500.0).find_sharing([path], (0, num - 1))
    discs = shapely.union_all(shapely.buffer(shapely.points(xy[[0, num - 1]]), 500.0, quad_segs=32))
    outside = shapely.difference(lines, discs)
    used = outside[list(path.sections)]
    expected = [any(not a.is_empty and not b.is_empty and a.distance(b) <= 303.0 for b in used) for a in outside]
    assert found.tolist() == expected


def test_laying_is_the_same_again(tmp_path: Path) -> None:
    study = study_of(tmp_path, {"n": NORTH, "m": MIDDLE, "s": SOUTH})
    network = planner.read_network(study)
    one, other = (propose_routes(find_corridors(study, network), network, study) for _ in range(2))
    assert one.to_wkt().equals(other.to_wkt())
