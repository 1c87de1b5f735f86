"""Geometry as RFC 7946 wants it."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely import LineString, MultiPoint, MultiPolygon, Point, Polygon

from planner.export.lonlat import to_lonlat

FIJI = "EPSG:3460"  # metric; Fiji lies on both sides of the antimeridian
WGS84 = Geod(ellps="WGS84")


def to_one(shape: Any, crs: str = "EPSG:4326") -> Any:
    return to_lonlat(gpd.GeoSeries([shape], crs=crs))[0]


def test_line_across_the_antimeridian_is_two_lines() -> None:
    line = gpd.GeoSeries([LineString([(178.5, -18.0), (-179.5, -17.0)])], crs="EPSG:4326").to_crs(FIJI)
    (cut,) = to_lonlat(line)
    assert cut.geom_type == "MultiLineString"
    (*_, end), (start, *_) = (list(part.coords) for part in cut.geoms)
    assert (end[0], start[0]) == (180.0, -180.0)
    assert end[1] == start[1] == pytest.approx(-17.25)


@pytest.mark.parametrize(
    ("given_points", "points"),
    [
        ([(180, -18), (-180, -17)], [(-180, -18), (-180, -17)]),
        ([(180, 0), (-179, 0)], [(-180, 0), (-179, 0)]),
        ([(-180, 0), (179, 0)], [(180, 0), (179, 0)]),
        ([(-179, 0), (180, 0)], [(-179, 0), (-180, 0)]),
        ([(-100, 0), (90, 0)], None),
    ],
)
def test_line_that_only_touches_the_antimeridian_stays_one(
    given_points: list[tuple[float, float]], points: list[tuple[float, float]] | None
) -> None:
    line = to_one(LineString(given_points))
    if points is None:  # 190 degrees apart: the short way leads across
        assert line.geom_type == "MultiLineString"
    else:
        assert list(line.coords) == points


def test_polygon_with_a_hole_across_the_antimeridian() -> None:
    shell = [(177, -19), (-177, -19), (-177, -15), (177, -15)]
    hole = [(-179, -18), (-178, -18), (-178, -16), (-179, -16)]
    cut = to_one(Polygon(shell, [hole]))
    assert isinstance(cut, MultiPolygon)
    assert cut.is_valid
    assert cut.area == pytest.approx(6 * 4 - 1 * 2)
    assert sorted(part.bounds[::2] for part in cut.geoms) == [(-180, -177), (177, 180)]
    assert all(part.exterior.is_ccw for part in cut.geoms)


def test_polygon_round_a_pole_is_left_as_it_is() -> None:
    ring = Polygon([(-120, 80), (0, 80), (120, 80)])
    assert to_one(ring).equals(ring)


def test_points_beyond_and_ring_order_and_zero() -> None:
    assert to_one(Polygon([(0, 0), (0, 1), (1, 1), (1, 0)])).exterior.is_ccw
    assert str(to_one(Point(-1e-9, 1.123456789))) == "POINT (0 1.1234568)"
    assert to_one(LineString([(0, 0, 5), (1, 1, 6)])).has_z is False
    assert to_one(MultiPoint([(179, 0), (-179, 0)])).geom_type == "MultiPoint"


@pytest.mark.parametrize("shape", [None, Point(), Point(1e30, 1e30)])
def test_what_has_no_place_has_no_geometry(shape: Point | None) -> None:
    assert to_one(shape, "EPSG:32631") is None


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.floats(160, 200) | st.just(180.0), st.floats(-60, 60)), min_size=2, max_size=8).filter(
        lambda points: len({(round(x, 3), round(y, 3)) for x, y in points}) == len(points)
    )
)
def test_cut_lines_have_the_same_length_and_no_leap(points: list[tuple[float, float]]) -> None:
    wrapped = LineString([((x + 180) % 360 - 180, y) for x, y in points])
    cut = to_one(wrapped)
    assert cut is not None
    for part in shapely.get_parts(cut):
        steps = np.abs(np.diff(shapely.get_coordinates(part)[:, 0]))
        assert (steps <= 180).all()
    assert cut.length == pytest.approx(LineString(points).length, abs=1e-5)
