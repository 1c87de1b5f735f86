"""Spans cut into stretches with one severed set each: exact metres, and every sampled point against the definition."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyproj import CRS, Geod
from shapely import LineString, Point

from planner.network.model import Network
from planner.risk.courses import to_courses
from planner.risk.stretches import Stretches, find_stretches
from planner.risk.within import find_part_near_point, find_part_near_segment

L93 = CRS.from_epsg(2154)
Line = list[tuple[float, float]]


def network(lines: list[Line], *, crs: CRS = L93, is_planar: bool = True, **columns: list[bool]) -> Network:
    """Only what the stretches look at: each line is a span between two sites of its own."""
    shapes = [LineString(line) for line in lines]
    n = len(shapes)
    lengths = [shape.length for shape in shapes]
    if not is_planar:
        lengths = [Geod(ellps="WGS84").geometry_length(s) for s in gpd.GeoSeries(shapes, crs=crs).to_crs(4326)]
    spans = {
        "a": [2 * i for i in range(n)],
        "b": [2 * i + 1 for i in range(n)],
        "is_candidate": [False] * n,
        "is_cuttable": [True] * n,
        "length_m": lengths,
    }
    sites = [Point(line[end]) for line in lines for end in (0, -1)]
    nothing = gpd.GeoDataFrame(geometry=[], crs=crs)
    return Network(
        crs=crs,
        is_planar=is_planar,
        sites=gpd.GeoDataFrame(geometry=sites, crs=crs),
        routes=nothing,
        spans=gpd.GeoDataFrame(spans | columns, geometry=shapes, crs=crs),
        regions=nothing,
        reach="any",
    )


def shown(stretches: Stretches) -> list[tuple[int, float, float, tuple[int, ...]]]:
    rows = zip(stretches.span, stretches.from_m, stretches.to_m, stretches.severed, strict=True)
    return [(int(span), round(a, 3), round(b, 3), stretches.sets[number]) for span, a, b, number in rows]


CROSSING = [[(-1000.0, 0.0), (1000.0, 0.0)], [(0.0, -1000.0), (0.0, 1000.0)]]


def test_crossing_is_shared_within_the_radius() -> None:
    #        |1
    #  0 ----+----   each 2,000 m long
    #        |
    found = find_stretches(network(CROSSING), radius_m=50, site_clearance_m=100)
    assert shown(found) == [
        (span, a, b, (0, 1) if a == 950 else (span,))
        for span in (0, 1)
        for a, b in ((100, 950), (950, 1050), (1050, 1900))
    ]


def test_trench_is_shared_as_far_as_it_goes() -> None:
    #  0 ------------------------
    #        ,________,              1 runs 30 m beside it between x = 300 and x = 700
    #  1 ___/          \___          and 530 m beside it elsewhere
    lines = [
        [(0.0, 30.0), (1000.0, 30.0)],
        [(0.0, -500.0), (300.0, -500.0), (300.0, 0.0), (700.0, 0.0), (700.0, -500.0)],
    ]
    found = find_stretches(network(lines), radius_m=50, site_clearance_m=0)
    assert shown(found) == [
        (0, 0, 260, (0,)),
        (0, 260, 740, (0, 1)),
        (0, 740, 1000, (0,)),
        (1, 0, 780, (1,)),  # 20 m below the corner it comes within 50 m
        (1, 780, 1220, (0, 1)),
        (1, 1220, 1700, (1,)),
    ]


def test_three_sets_along_one_span() -> None:
    #  2 ---------------   y = 80
    #  1 ---------------   y = 40
    #  0 ---------------   y = 0
    lines = [[(0.0, y), (500.0, y)] for y in (0.0, 40.0, 80.0)]
    found = find_stretches(network(lines), radius_m=50, site_clearance_m=0)
    assert shown(found) == [(0, 0, 500, (0, 1)), (1, 0, 500, (0, 1, 2)), (2, 0, 500, (1, 2))]


def test_distance_equal_to_the_radius_counts() -> None:
    lines = [[(0.0, 0.0), (500.0, 0.0)], [(0.0, 50.0), (500.0, 50.0)]]
    assert find_stretches(network(lines), radius_m=50, site_clearance_m=0).sets == ((0, 1),)
    assert find_stretches(network(lines), radius_m=49.99, site_clearance_m=0).sets == ((0,), (1,))


def test_what_is_near_its_own_end_is_not_severed() -> None:
    #  0 and 1 leave the same place side by side: the first 100 m of each are left out
    lines = [[(0.0, 0.0), (1000.0, 0.0)], [(0.0, 0.0), (0.0, 10.0), (1000.0, 10.0)]]
    found = find_stretches(network(lines), radius_m=20, site_clearance_m=100)
    assert found.from_m[0] == pytest.approx(100)
    assert found.from_m[1] == pytest.approx(10 + np.sqrt(100**2 - 10**2))
    assert found.sets == ((0, 1),)


def test_span_within_the_clearance_is_one_stretch_alone() -> None:
    lines = [[(0.0, 0.0), (150.0, 0.0)], [(0.0, 5.0), (1000.0, 5.0)]]
    found = find_stretches(network(lines), radius_m=50, site_clearance_m=100)
    assert shown(found) == [(0, 0, 150, (0,)), (1, 100, 900, (1,))]


def test_candidates_and_hardened_spans_do_not_count() -> None:
    hidden = {"is_candidate": [False, True], "is_cuttable": [True, True]}
    assert find_stretches(network(CROSSING, **hidden), radius_m=50, site_clearance_m=0).sets == ((0,),)
    hidden = {"is_candidate": [False, False], "is_cuttable": [False, True]}
    assert find_stretches(network(CROSSING, **hidden), radius_m=50, site_clearance_m=0).sets == ((1,),)


def test_nothing_to_cut() -> None:
    none = {"is_candidate": [True, True]}
    assert len(find_stretches(network(CROSSING, **none), radius_m=50, site_clearance_m=0)) == 0


def test_radius_zero_shares_only_what_coincides() -> None:
    lines = [[(0.0, 0.0), (1000.0, 0.0)], [(300.0, -100.0), (300.0, 0.0), (600.0, 0.0), (600.0, 100.0)]]
    found = find_stretches(network(lines), radius_m=0, site_clearance_m=0)
    assert [row for row in shown(found) if len(row[3]) > 1] == [(0, 300, 600, (0, 1)), (1, 100, 400, (0, 1))]


@pytest.mark.parametrize("epsg", [2154, 3857, 32631])
def test_metres_are_those_of_the_ground(epsg: int) -> None:
    """A crossing near Lille, 14 km from end to end: the shared metres end 500 true metres from it."""
    crs = CRS.from_epsg(epsg)
    ends = [Point(3.0, 50.6), Point(3.2, 50.6), Point(3.1, 50.5), Point(3.1, 50.7)]
    xy = [(point.x, point.y) for point in gpd.GeoSeries(ends, crs=4326).to_crs(crs)]
    net = network([xy[:2], xy[2:]], crs=crs, is_planar=False)
    found = find_stretches(net, radius_m=500, site_clearance_m=1000)
    shared = [row for row in shown(found) if len(row[3]) == 2]
    assert len(shared) == 2
    geod = Geod(ellps="WGS84")
    for span, from_m, to_m, _ in shared:
        line = gpd.GeoSeries([found.courses.cut_out(span, from_m, to_m)], crs=crs).to_crs(4326)[0]
        assert geod.geometry_length(line) == pytest.approx(to_m - from_m, abs=0.01)
        other = net.spans.geometry[1 - span]
        for place in (line.coords[0], line.coords[-1]):
            dense = gpd.GeoSeries([shapely.segmentize(other, 5)], crs=crs).to_crs(4326)[0]
            lon, lat = np.array(dense.coords).T
            away = geod.inv(np.full(len(lon), place[0]), np.full(len(lon), place[1]), lon, lat)[2]
            assert away.min() == pytest.approx(500, abs=0.1)
    clear = min(row[1] for row in shown(found))
    assert clear == pytest.approx(1000, abs=0.1 if epsg == 3857 else 0.005)


def test_cut_out_keeps_the_corners_in_between() -> None:
    net = network([[(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (9000.0, 100.0)]], is_planar=False)
    courses = to_courses(net, np.array([0]))
    assert len(courses) > 5  # divided for the sake of the scale
    share = net.spans["length_m"][0] / shapely.length(net.spans.geometry[0])
    line = courses.cut_out(0, 50 * share, 4200 * share)
    assert np.round(shapely.get_coordinates(line)).tolist() == [[50, 0], [100, 0], [100, 100], [4100, 100]]


place = st.integers(-12, 12)
lines = st.lists(st.lists(st.tuples(place, place), min_size=2, max_size=4, unique=True), min_size=1, max_size=4)


@settings(max_examples=150, deadline=None)
@given(lines, st.sampled_from([0.5, 1.0, 2.0, 3.7]), st.sampled_from([0.0, 1.0, 4.0]), st.data())
def test_equals_distances_at_sampled_points(
    drawn: list[list[tuple[int, int]]], radius: float, clearance: float, data: st.DataObject
) -> None:
    """On a grid of 100 m: along every span, what is severed is what is within the radius of the point."""
    net = network([[(100.0 * x, 100.0 * y) for x, y in line] for line in drawn])
    found = find_stretches(net, radius_m=100 * radius, site_clearance_m=100 * clearance)
    shapes, sites = list(net.spans.geometry), list(net.sites.geometry)
    clear = [
        shape.difference(sites[2 * i].buffer(100 * clearance, 512)).difference(
            sites[2 * i + 1].buffer(100 * clearance, 512)
        )
        if clearance
        else shape
        for i, shape in enumerate(shapes)
    ]
    for i, shape in enumerate(shapes):
        at = data.draw(st.floats(0.0, 1.0)) * shape.length
        point = shape.interpolate(at)
        mine = [k for k in np.flatnonzero(found.span == i) if found.from_m[k] <= at <= found.to_m[k]]
        ends = [end for k in np.flatnonzero(found.span == i) for end in (found.from_m[k], found.to_m[k])]
        assume(not any(abs(at - end) < 1 for end in ends))  # at a boundary either side is right
        to_site = min(point.distance(site) for site in sites[2 * i : 2 * i + 2])
        if clear[i].is_empty:
            assert [found.sets[found.severed[k]] for k in mine] == [(i,)]
        elif to_site <= 100 * clearance:
            assert mine == []
        else:
            assert len(mine) == 1
            severed = set(found.sets[found.severed[mine[0]]])
            # the clearance is a polygon here: what hangs on its last decimetre may go either way
            sure = {
                j for j, other in enumerate(clear) if not other.is_empty and point.distance(other) < 100 * radius - 0.5
            }
            maybe = {
                j for j, other in enumerate(clear) if not other.is_empty and point.distance(other) < 100 * radius + 0.5
            }
            assert sure <= severed - {i} | sure & {i}
            assert severed - {i} <= maybe
            assert i in severed


number = st.floats(-10, 10).map(lambda x: round(x, 2))
corner = st.tuples(number, number)


@settings(max_examples=200, deadline=None)
@given(corner, corner, corner, corner, st.floats(0.1, 8), st.floats(0, 1))
def test_part_of_a_segment_near_another(
    a: tuple[float, float], b: tuple[float, float], c: tuple[float, float], d: tuple[float, float], r: float, t: float
) -> None:
    start, end, one, two = (np.array([place]) for place in (a, b, c, d))
    point = Point(start[0] + t * (end[0] - start[0]))
    near_line = find_part_near_segment(start, end, one, two, r)
    near_point = find_part_near_point(start, end, one, r)
    for (low, high), other in ((near_line, LineString([c, d])), (near_point, Point(c))):
        away = point.distance(other)
        if abs(away - r) > 1e-6:
            assert (low[0] <= t <= high[0]) == (away < r)
