"""Pairs of spans that inaccurate data cannot tell apart, and what they do to risk groups."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from network_cases import SITES, Row, faults_of, read, route, site, write_study
from pyproj import CRS
from shapely import LineString, Point

from planner.network import Network
from planner.risk import find_risk_groups
from planner.risk.vague import find_vague_pairs
from planner.run import check

CLEARANCE_M = 2010


def beside(one: str, y_m: float, **cells: object) -> Row:
    """A way from A to B that runs so many metres north of the straight one from 2 km behind A to 2 km before B."""
    return route(one, (0, 0), (2, y_m / 1000), (18, y_m / 1000), (20, 0), **cells)


def two_ways(folder: Path, y_m: float, accuracy_m: object) -> Network:
    network = read(folder, [site("A", (0, 0)), site("B", (20, 0))], [beside("1", 0), beside("2", y_m)])
    return with_accuracy(network, accuracy_m)


def with_accuracy(network: Network, accuracy_m: object) -> Network:
    return replace(network, spans=network.spans.assign(accuracy_m=np.asarray(accuracy_m, dtype=float)))


def groups_of(network: Network, radius_m: float) -> tuple[tuple[int, ...], ...]:
    return find_risk_groups(network, radius_m=radius_m, site_clearance_m=CLEARANCE_M).spans


@pytest.mark.parametrize(
    ("radius_m", "accuracy_m", "kind"),
    [
        (50, (10, 10), "shared"),  # 80 + 20 = 2 * 50
        (50, (10, 10.01), "cannot tell"),
        (50, (20, 30), "cannot tell"),
        (50, (0, 30), "cannot tell"),
        (30, (10, 10), "cannot tell"),  # 80 - 20 = 2 * 30
        (30, (10, 9.99), "diverse"),
        (15, (20, 30), "cannot tell"),  # 80 - 50 = 2 * 15
        (14.9, (20, 30), "diverse"),
        (0, (40, 40), "cannot tell"),
        (0, (40, 39.9), "diverse"),
    ],
)
def test_eighty_metres_apart(tmp_path: Path, radius_m: float, accuracy_m: tuple[float, float], kind: str) -> None:
    """
    A ---- 1 ---- B
      '--- 2 ---'    80 m
    """
    network = two_ways(tmp_path, 80, accuracy_m)
    found = find_vague_pairs(network, radius_m, CLEARANCE_M)
    assert (found.num_shared, len(found)) == {"shared": (1, 0), "cannot tell": (0, 1), "diverse": (0, 0)}[kind]
    assert groups_of(network, radius_m) == (((0,), (1,)) if kind == "diverse" else ((0, 1),))
    if kind == "cannot tell":
        assert (found.first.tolist(), found.second.tolist()) == ([0], [1])
        assert found.distance_m == pytest.approx([80], abs=1e-6)
        assert found.accuracy_m == pytest.approx([sum(accuracy_m)])


def test_exact_data_leave_nothing_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    network = two_ways(tmp_path, 80, (0, 0))
    monkeypatch.setattr("planner.risk.vague.draw_spans", None)  # nothing is measured
    found = find_vague_pairs(network, 50, CLEARANCE_M)
    assert (len(found), found.num_shared) == (0, 0)


def test_on_the_ground_as_in_the_plane(tmp_path: Path) -> None:
    network = replace(two_ways(tmp_path, 80, (20, 30)), is_planar=False)
    found = find_vague_pairs(network, 50, CLEARANCE_M)
    assert found.distance_m == pytest.approx([80], rel=2e-3)  # the scale of Lambert-93 there is 1 within 0.1 %


def test_hardened_spans_are_in_no_pair(tmp_path: Path) -> None:
    network = two_ways(tmp_path, 80, (20, 30))
    network = replace(network, spans=network.spans.assign(is_cuttable=[True, False]))
    found = find_vague_pairs(network, 50, CLEARANCE_M)
    assert (len(found), found.num_shared) == (0, 0)


def test_a_row_wins_over_its_file(tmp_path: Path) -> None:
    network = read(
        tmp_path,
        SITES,
        [route("1", (0, 0), (10, 0)), route("2", (0, 0), (10, 0), (20, 0), accuracy_m=0)],
        candidates=[route("3", (0, 0), (0, 3), (20, 3), (20, 0)), route("4", (0, 0), (20, 0), accuracy_m="2.5")],
        network="accuracy_m = 10",
    )
    assert network.routes.set_index("route_id")["accuracy_m"].to_dict() == {"1": 10, "2": 0, "3": 0, "4": 2.5}
    spans = network.spans.set_index("span_id")["accuracy_m"]
    assert spans.to_dict() == {"1": 10, "2#1": 0, "2#2": 0, "3": 0, "4#1": 2.5, "4#2": 2.5}


def test_wrong_accuracies_are_faults(tmp_path: Path) -> None:
    routes = [
        route("1", (0, 0), (10, 0), accuracy_m=-1),
        route("2", (10, 0), (20, 0), accuracy_m="good"),
        route("3", (0, 0), (0, 3), (20, 0), accuracy_m=5),
    ]
    remedy = "give a number of 0 or more, or leave the cell empty"
    assert faults_of(tmp_path, SITES, routes) == [
        f"routes.geojson, row 1 (id '1'): accuracy_m is '-1'; {remedy}",
        f"routes.geojson, row 2 (id '2'): accuracy_m is 'good'; {remedy}",
    ]


def said_of(folder: Path, *accuracies: object, settings: str = "") -> list[tuple[str, bool]]:
    """What check says of ways 0, 80, 160, … m north of each other with these accuracies."""
    rows = [
        beside(str(number), 80 * number, **({} if cell is None else {"accuracy_m": cell}))
        for number, cell in enumerate(accuracies)
    ]
    cuts = f"radius_m = 50\nsite_clearance_m = {CLEARANCE_M}"
    study = write_study(folder, [site("A", (0, 0)), site("B", (20, 0))], rows, cuts=cuts, network=settings)
    network = check(study)
    assert all(one.where == "routes.geojson" for one in network.remarks if one.kind == "accuracy")
    return [(one.what, one.is_warning) for one in network.remarks if one.kind == "accuracy"]


def test_check_counts_the_pairs(tmp_path: Path) -> None:
    """0 and 1 are surely shared: 80 + 20 <= 100. 1 and 2: 80 + 70 > 100 >= 80 - 70; 0 and 2: 160 - 70 <= 100."""
    assert said_of(tmp_path, 10, 10, 60) == [
        (
            "As accurate as the data are (accuracy_m), 1 pair of spans surely falls to one cut, and of 2 pairs the "
            "data cannot tell: such pairs are planned as shared. Survey their routes and give them a smaller "
            "accuracy_m; planner solve says which pairs would change the plan. Likeliest to lie apart: "
            "'0' and '2' (drawn 160 m apart, accurate to 70 m together); "
            "'1' and '2' (drawn 80 m apart, accurate to 70 m together).",
            True,
        )
    ]


def test_check_says_where_nothing_is_open_or_nothing_is_known(tmp_path: Path) -> None:
    ((said, is_warning),) = said_of(tmp_path, 10, 10)
    assert not is_warning
    assert said.endswith("1 pair of spans surely falls to one cut, and of 0 pairs the data cannot tell.")
    assert said_of(tmp_path, None, None) == said_of(tmp_path, 0, 0) == []
    ((said, _),) = said_of(tmp_path, None, None, settings="accuracy_m = 30")
    assert "of 1 pair the data cannot tell" in said


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """A few crooked spans within a kilometre, drawn in the plane; sites where they end."""
    xy = st.tuples(st.integers(0, 40), st.integers(0, 40))
    courses = draw(st.lists(st.lists(xy, min_size=2, max_size=4, unique=True), min_size=1, max_size=6))
    lines = [LineString([(25.0 * x, 25.0 * y) for x, y in course]) for course in courses]
    n = len(lines)
    points = [Point(line.coords[end]) for line in lines for end in (0, -1)]
    spans = {
        "span_id": [f"S{i}" for i in range(n)],
        "a": range(0, 2 * n, 2),
        "b": range(1, 2 * n, 2),
        "route": range(n),
        "is_cuttable": True,
        "accuracy_m": draw(st.lists(st.sampled_from([0.0, 7.0, 30.0, 61.0]), min_size=n, max_size=n)),
    }
    crs = CRS.from_epsg(2154)
    frame = gpd.GeoDataFrame
    return Network(
        crs=crs,
        is_planar=True,
        sites=frame({"site_id": range(2 * n)}, geometry=points, crs=crs),
        routes=frame({"route_id": range(n)}, geometry=lines, crs=crs),
        spans=frame(spans, geometry=lines, crs=crs),
        regions=frame({"region_id": []}, geometry=[], crs=crs),
        reach="any",
    )


def near(network: Network, radius_m: float, clearance_m: float = 0.0) -> tuple[tuple[int, ...], ...]:
    return find_risk_groups(network, radius_m=radius_m, site_clearance_m=clearance_m).spans


@given(networks(), st.sampled_from([0.0, 13.0, 50.0]))
def test_accuracy_of_nothing_is_none_at_all(network: Network, radius_m: float) -> None:
    plain = replace(network, spans=network.spans.drop(columns="accuracy_m"))
    assert near(with_accuracy(network, np.zeros(len(network.spans))), radius_m) == near(plain, radius_m)


@given(networks(), st.sampled_from([0.0, 13.0, 50.0]), st.sampled_from([1.0, 20.0, 75.0]))
def test_one_accuracy_for_all_is_a_larger_radius(network: Network, radius_m: float, accuracy_m: float) -> None:
    plain = replace(network, spans=network.spans.drop(columns="accuracy_m"))
    uniform = with_accuracy(network, np.full(len(network.spans), accuracy_m))
    assert near(uniform, radius_m) == near(plain, radius_m + accuracy_m)


@given(networks(), st.sampled_from([0.0, 13.0, 50.0]))
def test_pairs_are_those_of_their_distances(network: Network, radius_m: float) -> None:
    """All pairs measured one by one; every pair that is not diverse is in some risk group."""
    found = find_vague_pairs(network, radius_m, 0.0)
    lines, accuracy_m = network.spans.geometry.tolist(), network.spans["accuracy_m"].tolist()
    ends = [shapely.MultiPoint([line.coords[0], line.coords[-1]]).buffer(1e-6) for line in lines]
    left = [line.difference(end) for line, end in zip(lines, ends, strict=True)]
    groups = near(network, radius_m)
    vague, num_shared = set(zip(found.first.tolist(), found.second.tolist(), strict=True)), 0
    for i in range(len(lines)):
        for j in range(i + 1, len(lines)):
            distance_m, doubt_m = left[i].distance(left[j]), accuracy_m[i] + accuracy_m[j]
            slack_m = min(abs(distance_m + sign * doubt_m - 2 * radius_m) for sign in (-1, 1))
            if slack_m < 1e-5:
                continue
            is_vague = distance_m - doubt_m <= 2 * radius_m < distance_m + doubt_m
            assert ((i, j) in vague) == is_vague
            is_diverse = distance_m - doubt_m > 2 * radius_m
            assert any(i in group and j in group for group in groups) == (not is_diverse)
            num_shared += distance_m + doubt_m <= 2 * radius_m
    if any(accuracy_m):
        assert found.num_shared >= num_shared
