"""Routes that enter a site on the same side."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from network_cases import route, site, write_study
from pyproj import CRS, Geod
from shapely import LineString, Point

from planner.network import Network, Remark, entrances
from planner.network.entrances import find_entrances
from planner.run import check

HUB = site("H", (0, 0))


def far(name: str, degrees: float, km: float = 9) -> tuple[float, float]:
    """A place so far from the hub, in this direction from north."""
    angle = np.radians(degrees)
    return round(km * float(np.sin(angle)), 9), round(km * float(np.cos(angle)), 9)


def star(folder: Path, ways: dict[str, float], *, clearance_m: float = 1000, **kwargs: Any) -> list[Remark]:
    """What check says of entrances where straight routes leave the hub in these directions."""
    sites = [HUB, *(site(f"far {one}", far(one, degrees)) for one, degrees in ways.items())]
    rows = [route(one, (0, 0), far(one, degrees)) for one, degrees in ways.items()]
    return entrances_of(folder, sites, rows, clearance_m=clearance_m, **kwargs)


def entrances_of(
    folder: Path, *args: Any, clearance_m: float = 1000, radius_m: float = 50, **kwargs: Any
) -> list[Remark]:
    cuts = f"site_clearance_m = {clearance_m}\nradius_m = {radius_m}"
    network = check(write_study(folder, *args, cuts=cuts, **kwargs))
    return [remark for remark in network.remarks if remark.kind == "entrance"]


@pytest.mark.parametrize(
    ("degrees", "is_same"), [(0.1, True), (28.9, True), (29.0, False), (60, False), (180, False), (331.2, True)]
)
@pytest.mark.parametrize("clearance_m", [0, 150, 1000, 5000])
def test_straight_ways_by_their_angle(tmp_path: Path, degrees: float, is_same: bool, clearance_m: float) -> None:
    """With the surroundings of the building at twice the radius the limit is 2 arcsin(1/4) = 28.96 degrees."""
    assert bool(star(tmp_path, {"1": 0, "2": degrees}, clearance_m=clearance_m)) == is_same


def test_ways_that_part_beyond_the_building(tmp_path: Path) -> None:
    """
    F ------.   .------ G
            |   |          they run 20 m apart for 600 m, then part
            H---'
    """
    sites = [HUB, site("F", (-9, 0.7)), site("G", (9, 0.7))]
    rows = [
        route("1", (0, 0), (0, 0.6), (-9, 0.7)),
        route("2", (0, 0), (0.02, 0.1), (0.02, 0.6), (9, 0.7)),
    ]
    summary, one = entrances_of(tmp_path, sites, rows)
    assert summary.is_warning
    assert one.is_warning
    assert summary.where == "sites.geojson"
    assert summary.what == (
        "At 1 of 1 sites with several routes some enter on the same side: 100 to 1,000 m from the site they come "
        "within 50 m of each other (the radius of a cut), so that one dig may take both. At 1 all existing routes do. "
        "What lies within cuts.site_clearance_m (1,000 m) of a site is not cut, so no plan answers for it. "
        "Where the building has separate entrances, draw the last stretch of every route as it lies."
    )
    assert one.where == "sites.geojson (id 'H')"
    head, measured = one.what.split(" (beside each other for ")
    length_m, angle = measured.removesuffix("° apart where they leave).").split(" m, ")
    assert head == "All existing routes enter on the same side: '1' and '2'"
    assert 500 <= float(length_m) <= 560
    # at 1 km from H they are at (-0.79, 0.609) and (0.801, 0.609): 52 degrees either side of north
    assert float(angle) == pytest.approx(105, abs=2)


def test_ways_that_meet_only_at_the_building_or_beyond_the_clearance(tmp_path: Path) -> None:
    """They leave H to either side and come together 3 km further north, in one trench from there."""
    sites = [HUB, site("F", (0, 9)), site("G", (0.1, 9))]
    rows = [
        route("1", (0, 0), (-1, 0), (-1, 3), (0, 3), (0, 9)),
        route("2", (0, 0), (1, 0), (1, 3), (0, 3), (0, 8), (0.1, 9)),
    ]
    assert entrances_of(tmp_path, sites, rows) == []
    assert entrances_of(tmp_path, sites, rows, clearance_m=4000)


def test_ways_past_the_other_end_do_not_count(tmp_path: Path) -> None:
    """Both sites are within each other's clearance: neither building's surroundings make one side of two."""
    sites = [HUB, site("F", (0, 0.5))]
    rows = [route("1", (0, 0), (-0.3, 0.25), (0, 0.5)), route("2", (0, 0), (0.3, 0.25), (0, 0.5))]
    assert entrances_of(tmp_path, sites, rows) == []


def test_hardened_ways_are_no_pairs(tmp_path: Path) -> None:
    """1 and 2 leave H side by side; a hardened one is a side of its own."""
    sites = [HUB, site("F", (0, 9)), site("G", (1, 9)), site("K", (0.5, 9))]
    rows = [route("1", (0, 0), (0, 9)), route("2", (0, 0), (1, 9), cuttable=False)]
    assert entrances_of(tmp_path, sites, rows) == []
    _, one = entrances_of(tmp_path, sites, [*rows, route("3", (0, 0), (0.5, 9))])
    assert one.what.startswith("Routes enter on the same side: '1' and '3' (")


def test_only_terminals_count(tmp_path: Path) -> None:
    sites = [site("H", (0, 0), terminal=False), site("F", (0, 9)), site("G", (1, 9))]
    rows = [route("1", (0, 0), (0, 9)), route("2", (0, 0), (1, 9))]
    assert entrances_of(tmp_path, sites, rows) == []


def test_one_route_is_no_pair(tmp_path: Path) -> None:
    """A route to F by way of H, which it leaves as it came, beside one that leaves elsewhere."""
    sites = [HUB, site("F", (0, 9)), site("G", (1, 9)), site("S", (0, -9))]
    rows = [route("1", (0, 9), (0, 0), (1, 9)), route("2", (0, 0), (0, -9))]
    assert entrances_of(tmp_path, sites, rows) == []


@pytest.mark.parametrize(("accuracy_m", "is_same"), [(0, False), (29, False), (31, True)])
def test_accuracies_are_added(tmp_path: Path, accuracy_m: float, is_same: bool) -> None:
    """Two ways 110 m apart."""
    sites = [HUB, site("F", (-5, 5)), site("G", (5, 5))]
    rows = [
        route("1", (0, 0), (0, 2), (-5, 5), accuracy_m=accuracy_m),
        route("2", (0, 0), (0.11, 0), (0.11, 2), (5, 5), accuracy_m=accuracy_m),
    ]
    remarks = entrances_of(tmp_path, sites, rows)
    assert bool(remarks) == is_same
    if is_same:
        assert "within 112 m of each other (their accuracies added to the radius)" in remarks[0].what


def test_candidates_are_counted_apart(tmp_path: Path) -> None:
    """r and s leave to the north, c beside them, d to the south."""
    sites = [HUB, *(site(one, far(one, degrees)) for one, degrees in {"N": 0, "M": 5, "O": 2, "S": 180}.items())]
    rows = [route("r", (0, 0), far("N", 0)), route("s", (0, 0), far("M", 5))]
    candidates = [route("c", (0, 0), far("O", 2), cost=1), route("d", (0, 0), far("S", 180), cost=1)]
    _, one = entrances_of(tmp_path, sites, rows, candidates=candidates)
    assert one.what.startswith("All existing routes enter on the same side: 'r' and 's' (beside each other for ")
    assert one.what.endswith(" There are 2 pairs with candidates; 1 of 2 candidates enters elsewhere.")
    _, one = entrances_of(tmp_path, sites, rows[:1], candidates=candidates)
    assert one.what.startswith("Candidates enter on the same side as other routes: 'r' and 'c' (")


def test_worst_first_and_ten_at_most(tmp_path: Path) -> None:
    """Twelve hubs with two ways side by side; at the last, the heaviest but one, a third way leaves elsewhere."""
    sites, rows = [], []
    for number in range(12):
        x, name = 50.0 * number, f"{number:02}"
        sites += [site(f"H{name}", (x, 0), weight=number), site(f"A{name}", (x, 9)), site(f"B{name}", (x + 1, 9))]
        rows += [route(f"a{name}", (x, 0), (x, 9)), route(f"b{name}", (x, 0), (x + 1, 9))]
    sites.append(site("C11", (550, -9)))
    rows.append(route("c11", (550, 0), (550, -9)))
    _, *named, rest = entrances_of(tmp_path, sites, rows)
    order = [*range(10, -1, -1), 11]
    assert [one.where for one in named] == [f"sites.geojson (id 'H{number:02}')" for number in order[:10]]
    assert rest.what == "Routes enter on the same side at 2 more sites: 'H00', 'H11'."
    assert all(one.is_warning for one in [*named, rest])


def test_crowded_points_are_left_out_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entrances, "MAX_SPANS", 2)
    (only,) = star(tmp_path, {"1": 0, "2": 5, "3": 10})
    assert not only.is_warning
    assert only.what.endswith("spans were not searched for shared entrances: 'H'.")


def test_only_check_says_so(tmp_path: Path) -> None:
    from planner.network import read_network

    study = write_study(tmp_path, [HUB, site("F", (0, 9)), site("G", (1, 9))], [route("1", (0, 0), (0, 9))])
    assert not any(remark.kind == "entrance" for remark in read_network(study).remarks)


@pytest.mark.parametrize("latitude", [0.0, 47.0, 71.0])
@pytest.mark.parametrize(("degrees", "is_same"), [(28, True), (30, False)])
def test_on_the_ground_bearings_are_geodesic(tmp_path: Path, latitude: float, degrees: float, is_same: bool) -> None:
    """In degrees, far from the equator, the ways would lie at quite another angle."""
    geod = Geod(ellps="WGS84")

    def to_point(bearing: float) -> list[float]:
        return list(geod.fwd(25.0, latitude, bearing, 9000)[:2])

    places = {"H": [25.0, latitude], "F": to_point(80), "G": to_point(80 + degrees)}
    sites = [{"id": one, "geometry": {"type": "Point", "coordinates": place}} for one, place in places.items()]
    rows = [
        {"id": f"H{one}", "geometry": {"type": "LineString", "coordinates": [places["H"], places[one]]}}
        for one in ("F", "G")
    ]
    assert bool(entrances_of(tmp_path, sites, rows, crs=None)) == is_same


def test_the_command_prints_them_as_json(tmp_path: Path) -> None:
    from planner.run.summary import to_check_document

    study = write_study(tmp_path, [HUB, site("F", (0, 9)), site("G", (1, 9))], [route("1", (0, 0), (0, 9))])
    assert "entrance" not in to_check_document(check(study))["remark_counts"]
    rows = [route("1", (0, 0), (0, 9)), route("2", (0, 0), (1, 9))]
    document = to_check_document(check(write_study(tmp_path, [HUB, site("F", (0, 9)), site("G", (1, 9))], rows)))
    assert document["remark_counts"]["entrance"] == 2
    json.dumps(document, allow_nan=False)


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Crooked spans between a few sites within 2 km, each its own route."""
    xy = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda place: (50.0 * place[0], 50.0 * place[1]))
    places = draw(st.lists(xy, min_size=2, max_size=4, unique=True))
    ends = st.permutations(range(len(places))).map(lambda order: tuple(order[:2]))
    drawn = draw(st.lists(st.tuples(ends, st.lists(xy, max_size=3)), min_size=2, max_size=5))
    lines = [LineString([places[a], *course, places[b]]) for (a, b), course in drawn]
    n, crs, frame = len(lines), CRS.from_epsg(2154), gpd.GeoDataFrame
    spans = {
        "span_id": [f"S{i}" for i in range(n)],
        "route": range(n),
        "a": [a for (a, _), _ in drawn],
        "b": [b for (_, b), _ in drawn],
        "is_candidate": draw(st.lists(st.booleans(), min_size=n, max_size=n)),
        "is_cuttable": draw(st.lists(st.sampled_from([True, True, True, False]), min_size=n, max_size=n)),
        "accuracy_m": draw(st.lists(st.sampled_from([0.0, 0.0, 25.0]), min_size=n, max_size=n)),
    }
    sites = {"site_id": range(len(places)), "terminal": True, "weight": 1.0}
    return Network(
        crs=crs,
        is_planar=True,
        sites=frame(sites, geometry=[Point(place) for place in places], crs=crs),
        routes=frame({"route_id": range(n)}, geometry=lines, crs=crs),
        spans=frame(spans, geometry=lines, crs=crs),
        regions=frame({"region_id": []}, geometry=[], crs=crs),
        reach="any",
    )


def walk(network: Network, span: int, end: int, radius_m: float, clearance_m: float, step_m: float) -> Any:
    """Places every so many metres along a span from one of its sites, and its vertices, as the definition has them."""
    row = network.spans.iloc[span]
    line = row.geometry if end == 0 else row.geometry.reverse()
    inner_m = 2 * (radius_m + 2 * row["accuracy_m"])
    vertices = np.cumsum([0, *np.hypot(*np.diff(shapely.get_coordinates(line), axis=0).T)])
    along = shapely.line_interpolate_point(line, np.sort([*np.arange(0, line.length, step_m), *vertices]))
    here, there = Point(line.coords[0]), Point(line.coords[-1])
    away = shapely.distance(along, here)
    is_out = away > max(clearance_m, 2 * inner_m, 50)
    before = np.cumsum(is_out) == 0
    return shapely.MultiPoint(along[before & (away >= inner_m) & (shapely.distance(along, there) >= inner_m)])


@settings(deadline=None)
@given(networks(), st.sampled_from([20.0, 60.0]), st.sampled_from([0.0, 150.0, 900.0]))
def test_pairs_are_those_found_by_walking_along(network: Network, radius_m: float, clearance_m: float) -> None:
    pairs = pairs_of(network, radius_m, clearance_m)
    ends, is_cuttable = network.spans[["a", "b"]].to_numpy(), network.spans["is_cuttable"].tolist()
    accuracy_m = network.spans["accuracy_m"].tolist()
    for where in range(len(network.sites)):
        ways = [(span, end) for span, end in np.argwhere(ends == where).tolist() if is_cuttable[span]]
        for (one, its_end), (other, other_end) in combinations(ways, 2):
            is_pair = (where, one, other) in pairs
            reach_m = radius_m + accuracy_m[one] + accuracy_m[other]
            for step_m in (5.0, 0.5):  # shorter ones where the first find nothing left, or do not settle it
                courses = [
                    walk(network, *way, radius_m, clearance_m, step_m) for way in ((one, its_end), (other, other_end))
                ]
                away_m = np.inf if any(course.is_empty for course in courses) else courses[0].distance(courses[1])
                if is_pair == (away_m <= reach_m):
                    break
            else:
                assert is_pair, "steps come near that the search does not find"
                assert np.isinf(away_m) or away_m <= reach_m + 2 * step_m  # what is left may be shorter than a step


def pairs_of(network: Network, radius_m: float, clearance_m: float) -> set[tuple[int, int, int]]:
    """Site and routes of each pair; none twice."""
    found = find_entrances(network, radius_m, clearance_m)
    routes = found.approaches.route[np.column_stack([found.first, found.second])]
    low, high = routes.min(axis=1, initial=10**6), routes.max(axis=1, initial=-1)
    pairs = set(zip(found.site.tolist(), low.tolist(), high.tolist(), strict=True))
    assert len(pairs) == len(found.first)
    return pairs


@settings(deadline=None)
@given(networks())
def test_the_order_of_the_rows_and_the_direction_of_lines_change_nothing(network: Network) -> None:
    turned = network.spans.iloc[::-1].reset_index(drop=True)
    turned = turned.assign(a=turned["b"], b=turned["a"], geometry=shapely.reverse(turned.geometry.to_numpy()))
    assert pairs_of(replace(network, spans=turned), 50, 500) == pairs_of(network, 50, 500)
