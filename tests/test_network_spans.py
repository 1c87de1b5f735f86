"""Spans: routes split at the sites that they pass, whatever way those lie."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from network_cases import SITES, faults_of, multi, read, remarks_of, route, site, to_xy
from pyproj import CRS

from planner.network.notes import Notes
from planner.network.passes import drop_loops, find_passes
from planner.network.route_table import RouteTable
from planner.network.ruler import Ruler
from planner.network.site_map import SiteMap
from planner.network.sites import SiteTable
from planner.network.spans import Spans, to_spans


def xy_of(network_geometry: object) -> list[list[list[float]]]:
    return [shapely.get_coordinates(line).tolist() for line in network_geometry]  # type: ignore[attr-defined]


def test_route_is_split_at_a_site_on_it(tmp_path: Path) -> None:
    """``A - - B - - C`` as one route is two spans."""
    network = read(tmp_path, SITES, [route("r", (0, 0), (20, 0))])
    assert network.spans["span_id"].tolist() == ["r#1", "r#2"]
    assert network.spans[["a", "b", "route"]].to_numpy().tolist() == [[0, 1, 0], [1, 2, 0]]
    assert network.spans["length_m"].tolist() == [10_000, 10_000]
    assert xy_of(network.spans.geometry) == [[to_xy((0, 0)), to_xy((10, 0))], [to_xy((10, 0)), to_xy((20, 0))]]
    assert network.routes["length_km"].tolist() == [20]
    assert remarks_of(network, "split") == ["routes.geojson, row 1 (id 'r'): Split at site 'B' into 2 spans."]


def test_site_beside_the_line_is_reached_by_a_stub(tmp_path: Path) -> None:
    """
    ```
    A - - - - - - - C     the line keeps its course and goes to B and back
            B
    ```
    """
    network = read(
        tmp_path, [site("A", (0, 0)), site("B", (10, -0.2)), site("C", (20, 0))], [route("r", (0, 0), (20, 0))]
    )
    first, second = xy_of(network.spans.geometry)
    assert first == [to_xy((0, 0)), to_xy((10, 0)), to_xy((10, -0.2))]
    assert second == [to_xy((10, -0.2)), to_xy((10, 0)), to_xy((20, 0))]
    assert network.routes["length_km"].tolist() == pytest.approx([20.4])


def test_site_farther_than_the_snap_is_not_passed(tmp_path: Path) -> None:
    sites = [site("A", (0, 0)), site("B", (10, -0.3)), site("C", (20, 0))]
    assert len(read(tmp_path, sites, [route("r", (0, 0), (20, 0))]).spans) == 1
    assert len(read(tmp_path, sites, [route("r", (0, 0), (20, 0))], network="site_snap_m = 301").spans) == 2


def test_crossing_routes_are_not_joined(tmp_path: Path) -> None:
    """
    ```
        C
    A - + - B     fibre connects only at sites
        D
    ```
    """
    sites = [site("A", (0, 0)), site("B", (10, 0)), site("C", (5, 5)), site("D", (5, -5))]
    assert len(read(tmp_path, sites, [route("r", (0, 0), (10, 0)), route("s", (5, 5), (5, -5))]).spans) == 2


def test_site_beside_an_end_is_not_passed(tmp_path: Path) -> None:
    """
    ```
    D
    A - - - - B     D stands 200 m from A, beside the line's end rather than along it
    ```
    """
    network = read(tmp_path, [*SITES, site("D", (0.05, 0.2))], [route("r", (0, 0), (10, 0), a="A", b="B")])
    assert len(network.spans) == 1
    network = read(tmp_path, [*SITES, site("D", (0.2, 0.05))], [route("r", (0, 0), (10, 0), a="A", b="B")])
    assert len(network.spans) == 2


def test_site_passed_twice_splits_once(tmp_path: Path) -> None:
    """A spur: the line runs past B to a turning point and back past it."""
    network = read(tmp_path, SITES, [route("r", (0, 0), (15, 0), (5, 0.01), (20, 0))])
    assert network.spans[["a", "b"]].to_numpy().tolist() == [[0, 1], [1, 2]]
    assert network.routes["length_km"][0] == pytest.approx(40, abs=0.1)


def test_sites_at_one_place_of_the_line(tmp_path: Path) -> None:
    """
    ```
            B
    A - - - - - - C     B and D on either side, the same place of the line: B first, by id
            D
    ```
    """
    sites = [site("A", (0, 0)), site("B", (10, 0.1)), site("C", (20, 0)), site("D", (10, -0.1))]
    network = read(tmp_path, sites, [route("r", (0, 0), (20, 0))])
    assert network.spans[["a", "b"]].to_numpy().tolist() == [[0, 1], [1, 3], [3, 2]]
    assert network.spans["length_m"].tolist() == pytest.approx([10_100, 200, 10_100])


def test_ring_through_other_sites(tmp_path: Path) -> None:
    network = read(tmp_path, SITES, [route("r", (0, 0), (10, 0), (20, 0), (10, 8), (0, 0))])
    assert network.spans[["a", "b"]].to_numpy().tolist() == [[0, 1], [1, 2], [2, 0]]


def test_spans_are_sorted_as_text(tmp_path: Path) -> None:
    sites = [site(f"S{number:02}", (number * 10, 0)) for number in range(12)]
    network = read(tmp_path, sites, [route("r", (0, 0), (110, 0))])
    assert network.spans["span_id"].tolist() == sorted(f"r#{number}" for number in range(1, 12))
    assert network.spans.loc[1, ["span_id", "a", "b"]].tolist() == ["r#10", 9, 10]


def test_span_id_that_is_another_routes_id(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, SITES, [route("r", (0, 0), (20, 0)), route("r#1", (0, 0), (10, 0))])
    assert faults == [
        f"routes.geojson, row {row} (id '{one}'): 'r#1' is the id of a route and of a span of another; give the route "
        "another id"
        for row, one in [(1, "r"), (2, "r#1")]
    ]


def test_multiline_is_split_like_a_line(tmp_path: Path) -> None:
    network = read(tmp_path, SITES, [multi("r", [(0, 0), (10, 0)], [(10, 0), (20, 0)])])
    assert network.spans["span_id"].tolist() == ["r#1", "r#2"]


Pair = tuple[int, int]
coordinates = st.tuples(st.integers(-50, 50), st.integers(-50, 50))


def span_up(lines: list[list[Pair]], sites: list[Pair], snap: float) -> tuple[Spans, RouteTable]:
    """Routes between the first two sites, whose places replace the lines' ends."""
    xy = np.array(sites, dtype=float) * 100
    columns = pd.DataFrame({"route_id": [f"r{row}" for row in range(len(lines))]})
    table = RouteTable(
        file="routes",
        columns=columns,
        lines=np.array([shapely.LineString([xy[0], *np.array(line) * 100.0 + 1e4, xy[1]]) for line in lines]),
        crs=None,
        a=np.zeros(len(lines), dtype=np.int64),
        b=np.ones(len(lines), dtype=np.int64),
        wheres=columns["route_id"].to_numpy(dtype=object),
    )
    ruler = Ruler(CRS.from_epsg(2154), is_planar=True)
    site_map = SiteMap(site_table(xy), shapely.points(xy), np.zeros(len(xy), dtype=bool), ruler, max(snap, 0.001))
    table, passes = drop_loops(table, find_passes(table, site_map), site_map, Notes())
    return to_spans(table, passes, site_map), table


def site_table(xy: np.ndarray) -> SiteTable:
    ids = [f"s{row:02}" for row in range(len(xy))]
    return SiteTable("sites", pd.DataFrame({"site_id": ids}), shapely.points(xy), None, np.array(ids), None, True, None)


@settings(max_examples=150, deadline=None)
@given(
    lines=st.lists(st.lists(coordinates, max_size=5), min_size=1, max_size=4),
    sites=st.lists(coordinates, min_size=2, max_size=12, unique=True),
    snap=st.sampled_from([0.0, 30.0, 250.0, 2000.0]),
)
def test_spans_make_up_their_route(lines: list[list[Pair]], sites: list[Pair], snap: float) -> None:
    spans, table = span_up(lines, sites, snap)
    xy = np.array(sites, dtype=float) * 100
    for row in range(len(table)):
        own = np.flatnonzero(spans.route == row)
        assert spans.number[own].tolist() == list(range(1, len(own) + 1))
        assert (spans.a[own[0]], spans.b[own[-1]]) == (0, 1)
        assert all(spans.b[one] == spans.a[other] for one, other in pairwise(own))
        passed = spans.b[own[:-1]].tolist()
        assert len(set(passed)) == len(passed)
        # the drawn line is all there, but for vertices within a metre of a site
        assert table.lines[row].difference(spans.route_lines[row].buffer(1.5)).length < 1e-6
        stubs = sum(2 * table.lines[row].distance(shapely.Point(xy[one])) for one in passed)
        assert spans.length_m[own].sum() == pytest.approx(table.lines[row].length + stubs, abs=2 + 4 * len(passed))
        assert spans.route_lines[row].length == pytest.approx(spans.length_m[own].sum())
    for span, line in enumerate(spans.lines):
        ends = shapely.get_coordinates(line)[[0, -1]]
        np.testing.assert_array_equal(ends, xy[[spans.a[span], spans.b[span]]])


@settings(max_examples=60, deadline=None)
@given(
    line=st.lists(coordinates, max_size=5),
    sites=st.lists(coordinates, min_size=2, max_size=12, unique=True),
    snap=st.sampled_from([30.0, 2000.0]),
)
def test_passed_sites_are_those_near_the_line(line: list[Pair], sites: list[Pair], snap: float) -> None:
    spans, table = span_up([line], sites, snap)
    xy = np.array(sites, dtype=float) * 100
    near = []
    for one in range(2, len(xy)):
        point = shapely.Point(xy[one])
        aside, along = table.lines[0].distance(point), table.lines[0].project(point)
        if aside <= snap and min(along, table.lines[0].length - along) > max(aside, 1.0):
            near.append(one)
    assert sorted(spans.b[:-1].tolist()) == near
