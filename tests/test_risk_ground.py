"""Distances on the ground: far north, over the date line, across a continent, in CRS that stretch what they show."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from pyproj import Geod, Transformer
from risk_cases import to_network
from shapely import LineString

from planner.risk import find_risk_groups
from planner.risk.drawing import find_tiling
from planner.risk.ground import from_globe, to_centres, to_globe, to_lonlat, to_map

GEOD = Geod(ellps="WGS84")

# name: CRS, middle, size of the place, radius, all in metres or degrees
PLACES = {
    "70 degrees north, UTM": (32633, (15.0, 70.0), 20e3, 500.0),
    "70 degrees north, Mercator": (3857, (15.0, 70.0), 60e3, 500.0),
    "far from the middle of an equal-area map": (3035, (-9.0, 38.0), 60e3, 500.0),
    "over the date line": (3832, (180.0, -17.0), 100e3, 2000.0),
    "over the date line, far north": (3995, (180.0, 70.0), 100e3, 2000.0),
    "over the pole": (3995, (0.0, 89.9), 100e3, 5000.0),
    "a continent": (3035, (10.0, 50.0), 3e6, 200e3),
    "a larger one": (5070, (-96.0, 40.0), 4e6, 500e3),
    "Mercator": (3395, (0.0, 50.0), 8e6, 300e3),
    "trenches along straight lines of 100 km": (2154, (3.0, 46.5), 3e5, 50.0),
    "5 m": (2154, (-4.0, 48.0), 3e3, 5.0),
}


def walk(crs: int, middle: tuple[float, float], size_m: float, num_lines: int, seed: int) -> list[LineString]:
    rng = np.random.default_rng(seed)
    centre = np.array(Transformer.from_crs(4326, crs, always_xy=True).transform(*middle))
    starts = rng.uniform(-size_m / 2, size_m / 2, (num_lines, 1, 2))
    steps = rng.normal(0, size_m / 6, (num_lines, 3, 2))
    return [LineString(centre + xy) for xy in np.concatenate([starts, starts + np.cumsum(steps, axis=1)], axis=1)]


def to_ruler(crs: int, line: LineString, radius_m: float) -> Callable[[float, float], float]:
    """Measures the geodesic distance of a place from a line, straight in its CRS, by ever closer points on the line."""
    forth = Transformer.from_crs(crs, 4326, always_xy=True)
    back = Transformer.from_crs(4326, crs, always_xy=True)
    vertices = np.array([line.project(shapely.Point(xy)) for xy in line.coords])

    def measure(lon: float, lat: float) -> float:
        near = line.project(shapely.Point(back.transform(lon, lat)))
        low, high = max(0.0, near - 9 * radius_m), min(line.length, near + 9 * radius_m)
        best = np.inf
        for _ in range(5):
            along = np.concatenate([np.linspace(low, high, 150), vertices])
            xy = shapely.get_coordinates(shapely.line_interpolate_point(line, along))
            lons, lats = forth.transform(*xy.T)
            distance = GEOD.inv(np.full(len(along), lon), np.full(len(along), lat), lons, lats)[2]
            best = min(best, float(distance.min()))
            least, step = along[int(np.argmin(distance))], (high - low) / 50
            low, high = max(0.0, least - step), min(line.length, least + step)
        return best

    return measure


@pytest.mark.parametrize("name", PLACES)
def test_radius_is_true_to_a_thousandth(name: str) -> None:
    crs, middle, size_m, radius_m = PLACES[name]
    lines = walk(crs, middle, size_m, num_lines=16, seed=1)
    rulers = [to_ruler(crs, line, radius_m) for line in lines]
    network = to_network(lines, crs=crs, is_planar=False)
    groups = find_risk_groups(network, radius_m=radius_m, site_clearance_m=0)
    large = [(one, place) for one, place in zip(groups.spans, groups.places, strict=True) if len(one) > 1]
    assert len(large) > 3
    for members, (lon, lat) in large:
        assert max(rulers[member](lon, lat) for member in members) <= 1.001 * radius_m
    rng = np.random.default_rng(2)
    forth = Transformer.from_crs(crs, 4326, always_xy=True)
    for _ in range(10):
        members, place = large[rng.integers(len(large))]
        line = lines[members[rng.integers(len(members))]]
        on_line = forth.transform(*shapely.get_coordinates(line.interpolate(rng.uniform(0, line.length)))[0])
        start = place if rng.random() < 0.5 else on_line
        lon, lat, _ = GEOD.fwd(*start, rng.uniform(0, 360), radius_m * rng.uniform(0, 1))
        reached = {number for number, ruler in enumerate(rulers) if ruler(lon, lat) <= 0.999 * radius_m}
        assert any(reached <= set(one) for one in groups.spans)


@pytest.mark.parametrize(("crs", "lat"), [(32633, 70.0), (3857, 70.0), (3035, 38.0)])
def test_parallel_lines_just_within_and_just_out_of_reach(crs: int, lat: float) -> None:
    """Two lines along meridians, 100 m apart on the ground; in these CRS that is 100 m, 292 m or something else."""
    east = GEOD.fwd(15.0, lat, 90, 100.0)[0]
    forth = Transformer.from_crs(4326, crs, always_xy=True)
    lines = [LineString([forth.transform(lon, lat - 0.001), forth.transform(lon, lat + 0.001)]) for lon in (15.0, east)]
    network = to_network(lines, crs=crs, is_planar=False)
    assert find_risk_groups(network, radius_m=50.05, site_clearance_m=0).spans == ((0, 1),)
    assert find_risk_groups(network, radius_m=49.9, site_clearance_m=0).spans == ((0,), (1,))


def test_the_plane_is_taken_at_its_word() -> None:
    """The same lines in Mercator's plane are 292 m apart."""
    east = GEOD.fwd(15.0, 70.0, 90, 100.0)[0]
    forth = Transformer.from_crs(4326, 3857, always_xy=True)
    lines = [LineString([forth.transform(lon, 69.999), forth.transform(lon, 70.001)]) for lon in (15.0, east)]
    network = to_network(lines, crs=3857, is_planar=True)
    assert find_risk_groups(network, radius_m=140, site_clearance_m=0).spans == ((0,), (1,))
    assert find_risk_groups(network, radius_m=150, site_clearance_m=0).spans == ((0, 1),)


def test_clearance_is_true_on_the_ground() -> None:
    """At 70 degrees north in Mercator a crossing 1,000 m from a site, by the map 2,900 m."""
    forth = Transformer.from_crs(4326, 3857, always_xy=True)
    east, far = (GEOD.fwd(15.0, 70.0, 90, distance)[0] for distance in (1000.0, 9000.0))
    spans = [[(15.0, 70.0), (far, 70.0)], [(east, 69.9), (east, 70.1)]]
    lines = [LineString([forth.transform(*place) for place in span]) for span in spans]
    network = to_network(lines, crs=3857, is_planar=False)
    for radius_m in (0.0, 5.0):
        for clearance_m, expected in ((990.0, ((0, 1),)), (1000 + 2 * radius_m + 2, ((0,), (1,)))):
            groups = find_risk_groups(network, radius_m=radius_m, site_clearance_m=clearance_m)
            assert groups.spans == expected


def test_radius_zero_on_the_ground() -> None:
    """Lines that touch far from their vertices still do, whatever pieces a map would need."""
    lines = [LineString([(2e5, 6.5e6), (9e5, 6.7e6)]), LineString([(4e5, 6.5e6 + 4e5 / 7), (4e5, 7e6)])]
    network = to_network([lines[0], LineString([lines[0].interpolate(2e5), (4e5, 7e6)])], is_planar=False)
    groups = find_risk_groups(network, radius_m=0, site_clearance_m=0)
    assert groups.spans == ((0, 1),)
    place = Transformer.from_crs(4326, 2154, always_xy=True).transform(*groups.places[0])
    assert lines[0].distance(shapely.Point(place)) < 0.01


LONLAT = st.tuples(st.floats(-180, 180), st.floats(-89.9, 89.9))


@settings(max_examples=100, deadline=None)
@given(LONLAT, st.floats(0, 360), st.floats(0, 250e3), st.floats(0, 360), st.floats(1, 800e3))
def test_maps_are_true_near_their_centre(
    middle: tuple[float, float], turn: float, away_m: float, azimuth: float, distance_m: float
) -> None:
    """From a point up to 250 km from the centre, to any other point: 0.03 % too long at most."""
    here = GEOD.fwd(*middle, turn, away_m)[:2]
    there = GEOD.fwd(*here, azimuth, distance_m)[:2]
    centres = to_centres(np.array([middle, middle]))
    drawn = to_map(to_globe(np.array([here, there])), centres)
    assert -2e-5 <= np.hypot(*(drawn[1] - drawn[0])) / distance_m - 1 <= 3e-4
    back = to_lonlat(drawn[:1], centres.take(np.array([0])))[0]
    assert GEOD.inv(*back, *here)[2] < 1e-5


@given(LONLAT)
def test_globe_and_back(place: tuple[float, float]) -> None:
    assert GEOD.inv(*from_globe(to_globe(np.array([place])))[0], *place)[2] < 1e-6
    as_pyproj = Transformer.from_crs(4979, 4978, always_xy=True).transform(*place, 0.0)
    assert np.allclose(to_globe(np.array([place]))[0], as_pyproj, atol=1e-6)


@pytest.mark.parametrize("radius_m", [50.0, 100e3, 500e3])
def test_tiles_cover_the_globe(radius_m: float) -> None:
    tiling = find_tiling(radius_m)
    rng = np.random.default_rng(1)
    lonlat = np.column_stack([rng.uniform(-180, 180, 5000), np.degrees(np.arcsin(rng.uniform(-1, 1, 5000)))])
    lonlat = np.concatenate([lonlat, [[180, 0], [-180, 0], [180, 90], [0, -90], [360, 45], [-540, 45]]])
    tile = tiling.find_tiles(lonlat)
    centres = tiling.centres().take(tile)
    xy: NDArray[np.float64] = np.abs(to_map(to_globe(lonlat), centres))
    assert (xy.max(axis=1) <= tiling.half_sides_m(tile)).all()
    assert np.hypot(*xy.T).max() <= tiling.half_diagonal_m <= 250e3
    assert len(tiling.centres().lonlat) < 8 * 5.1e14 / tiling.half_diagonal_m**2
