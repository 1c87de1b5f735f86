"""The working CRS, and distances in it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from network_cases import SITES, faults_of, read, route, site, warnings_of
from pyproj import CRS, Geod, Proj

from planner.network.crs import choose_crs
from planner.network.ruler import LONLAT, Ruler, transform

GEOD = Geod(ellps="WGS84")
PLACES = {
    "France": [(-4.8, 48.4), (7.8, 48.6), (2.4, 51.0), (3.1, 42.5)],
    "Chile": [(-70.3, -18.5), (-73.0, -41.5), (-70.9, -53.2)],
    "United States": [(-124.0, 48.0), (-70.0, 44.0), (-80.2, 25.8), (-117.2, 32.7)],
    "Indonesia": [(95.3, 5.5), (140.7, -2.6), (106.8, -6.2)],
    "Fiji and Samoa": [(178.4, -18.1), (-171.8, -13.8), (-175.2, -21.1)],
    "Svalbard to Lapland": [(15.6, 78.2), (11.9, 78.9), (25.8, 71.0), (24.0, 68.0)],
    "Kenya": [(34.0, 4.0), (41.8, -4.0), (39.7, -4.05)],
}


@pytest.mark.parametrize(
    ("places", "name"),
    [
        ([(2.3, 48.9), (2.4, 48.8)], "WGS 84 / UTM zone 31N"),
        ([(151.2, -33.9), (151.8, -32.9)], "WGS 84 / UTM zone 56S"),
        ([(179.9, -16.5), (-179.9, -16.8)], "WGS 84 / UTM zone 1S"),
        ([(5.9, 45.0), (6.1, 45.1)], "WGS 84 / UTM zone 32N"),
    ],
)
def test_small_extents_take_their_utm_zone(places: list[tuple[float, float]], name: str) -> None:
    assert choose_crs(np.array(places)).name == name


@pytest.mark.parametrize("country", sorted(PLACES))
def test_large_extents_take_an_even_conformal_crs(country: str) -> None:
    lonlat = np.array(PLACES[country])
    crs = choose_crs(lonlat)
    assert "centred on" in crs.name
    factors = Proj(crs).get_factors(lonlat[:, 0], lonlat[:, 1])
    np.testing.assert_allclose(factors.meridional_scale, factors.parallel_scale, rtol=1e-6)
    assert factors.meridional_scale.max() / factors.meridional_scale.min() < 1.05
    xy = shapely.get_coordinates(transform(shapely.points(lonlat), LONLAT, crs))
    # across the antimeridian neighbours stay neighbours
    for one, other in [(0, 1), (1, 2)]:
        true_m = GEOD.inv(*lonlat[one], *lonlat[other])[2]
        assert np.hypot(*(xy[one] - xy[other])) == pytest.approx(true_m, rel=0.06)


def test_choice_does_not_depend_on_the_order() -> None:
    for places in PLACES.values():
        assert choose_crs(np.array(places)) == choose_crs(np.array(places[::-1]))


def test_one_place() -> None:
    assert choose_crs(np.array([(2.3, 48.9)])).name == "WGS 84 / UTM zone 31N"


lonlats = st.tuples(st.floats(-180, 180), st.floats(-80, 80))


@settings(max_examples=60, deadline=None)
@given(st.lists(lonlats, min_size=1, max_size=6))
def test_any_places_have_a_crs(places: list[tuple[float, float]]) -> None:
    crs = choose_crs(np.array(places))
    assert crs.is_projected
    assert crs.axis_info[0].unit_name == "metre"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(-4, 8), st.floats(42, 51)), min_size=2, max_size=8))
def test_lengths_on_the_ground_are_geodesic(places: list[tuple[float, float]]) -> None:
    line = shapely.LineString(places)
    crs = CRS.from_epsg(2154)
    (length,) = Ruler(crs, is_planar=False).lengths_m(transform(np.array([line]), LONLAT, crs))
    assert length == pytest.approx(GEOD.geometry_length(line), abs=1e-3)


def test_lengths_of_several_lines() -> None:
    crs = CRS.from_epsg(2154)
    lines = np.array([shapely.LineString([(0, 0), (3, 4), (3, 5)]), shapely.LineString([(1, 1), (1, 9)])])
    assert Ruler(crs, is_planar=True).lengths_m(lines).tolist() == [6, 8]
    assert Ruler(crs, is_planar=False).lengths_m(lines[:0]).tolist() == []


def test_reach_holds_everything_near() -> None:
    """250 m on the ground are 500 m in EPSG:3857 at 60 degrees north."""
    mercator = CRS.from_epsg(3857)
    xy = shapely.get_coordinates(transform(shapely.points([(10.0, 60.0), (10.0, 0.0)]), LONLAT, mercator))
    assert 500 <= Ruler(mercator, is_planar=False).reach(xy, 250) < 510
    assert Ruler(mercator, is_planar=True).reach(xy, 250) == 250


def test_ground_and_plane_lengths(tmp_path: Path) -> None:
    """In EPSG:3857 a line at 60 degrees north is twice as long on the plane as on the ground."""
    sites = [{"geometry": {"type": "Point", "coordinates": [x, 60.0]}, "id": one} for one, x in (("A", 10), ("B", 11))]
    line = {"geometry": {"type": "LineString", "coordinates": [[10, 60], [11, 60]]}, "id": "r"}
    mercator = 'crs = "EPSG:3857"'
    ground = read(tmp_path, sites, [line], crs=None, study=mercator)
    plane = read(tmp_path, sites, [line], crs=None, study=f'{mercator}\ndistances = "plane"')
    true_km = GEOD.inv(10, 60, 11, 60)[2] / 1000
    assert (ground.is_planar, plane.is_planar) == (False, True)
    assert ground.routes["length_km"][0] == pytest.approx(true_km, rel=1e-9)
    assert plane.routes["length_km"][0] == pytest.approx(111.3195, rel=1e-4)


def test_default_crs_comes_from_the_extent(tmp_path: Path) -> None:
    sites = [{"geometry": {"type": "Point", "coordinates": [x, 48.0]}, "id": one} for one, x in (("A", 2), ("B", 4))]
    line = {"geometry": {"type": "LineString", "coordinates": [[2, 48], [4, 48]]}, "id": "r"}
    assert read(tmp_path, sites, [line], crs=None).crs == CRS.from_epsg(32631)


def test_route_over_the_antimeridian(tmp_path: Path) -> None:
    """RFC 7946 cuts a line at 180 degrees: its halves are one line again."""
    sites = [
        {"geometry": {"type": "Point", "coordinates": place}, "id": one}
        for one, place in {"Suva": [178.44, -18.14], "Apia": [-171.77, -13.83]}.items()
    ]
    halves = [[[178.44, -18.14], [180.0, -17.45]], [[-180.0, -17.45], [-171.77, -13.83]]]
    line = {"geometry": {"type": "MultiLineString", "coordinates": halves}, "id": "r"}
    network = read(tmp_path, sites, [line], crs=None)
    true_km = (GEOD.inv(178.44, -18.14, 180, -17.45)[2] + GEOD.inv(180, -17.45, 188.23, -13.83)[2]) / 1000
    assert network.routes["length_km"][0] == pytest.approx(true_km, rel=1e-6)
    assert network.routes.length[0] / 1000 == pytest.approx(true_km, rel=0.01)


@pytest.mark.parametrize(
    ("crs", "fault"),
    [
        ("EPSG:4326", "WGS 84 is in degrees; set study.crs to a projected CRS in metres, like EPSG:2154"),
        ("EPSG:99999", "'EPSG:99999' is no known CRS; write it like EPSG:2154"),
        ("Lambert", "'Lambert' is no known CRS"),
        ("EPSG:2263", "NAD83 / New York Long Island (ftUS) is in US survey foot; set study.crs to"),
        ("EPSG:4978", "WGS 84 is not projected"),
    ],
)
def test_crs_that_is_not_metric(tmp_path: Path, crs: str, fault: str) -> None:
    (found,) = faults_of(tmp_path, SITES, [route("r", (0, 0), (10, 0))], study=f'crs = "{crs}"')
    assert found.startswith(f"study.toml, study.crs: {fault}")


def test_plane_needs_a_plane(tmp_path: Path) -> None:
    rows = [{"geometry": {"type": "Point", "coordinates": [2, 48]}, "id": "A"}]
    (fault,) = faults_of(tmp_path, rows, [], crs=None, study='distances = "plane"')
    assert fault == (
        "sites.geojson, with distances = 'plane': WGS 84 is in degrees; set study.crs to a projected CRS in "
        "metres, like "
        "EPSG:2154"
    )


def test_plane_takes_the_crs_of_the_sites(tmp_path: Path) -> None:
    assert read(tmp_path, SITES, [route("r", (0, 0), (10, 0))]).crs == CRS.from_epsg(2154)


def test_place_that_the_crs_cannot_show(tmp_path: Path) -> None:
    rows = [{"geometry": {"type": "Point", "coordinates": [x, y]}, "id": f"{x} {y}"} for x, y in ((2, 48), (3, -90))]
    (fault,) = faults_of(tmp_path, rows, [], crs=None, study='crs = "EPSG:2154"')
    assert fault.startswith("sites.geojson, row 2 (id '3 -90'): lies where RGF93 v1 / Lambert-93 cannot show it; ")


def test_one_site_alone(tmp_path: Path) -> None:
    assert len(read(tmp_path, [site("A", (0, 0))], []).sites) == 1


def test_crs_that_distorts_is_doubted(tmp_path: Path) -> None:
    sites = [{"geometry": {"type": "Point", "coordinates": [10, y]}, "id": f"{y}"} for y in (60, 61)]
    line = {"geometry": {"type": "LineString", "coordinates": [[10, 60], [10, 61]]}, "id": "r"}
    (doubt,) = warnings_of(read(tmp_path, sites, [line], crs=None, study='crs = "EPSG:3857"'))
    assert doubt.startswith("WGS 84 / Pseudo-Mercator: It draws distances at some site 2.06 times as long as they are")
    assert warnings_of(read(tmp_path, sites, [line], crs=None, study='crs = "EPSG:25832"')) == []
