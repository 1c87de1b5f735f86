"""Which sites fall with given cuts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from network_cases import ORIGIN, read, route, site
from risk_cases import to_network
from shapely import LineString, Point

from planner.network import Network
from planner.risk import find_taken_sites
from planner.study import SitesFail

SITES = [site("A", (0, 0)), site("B", (0.1, 0)), site("P", (0.05, 0), protected=True), site("Z", (1, 0))]
"""``A - 50 m - P - 50 m - B ----- 900 m ----- Z``; P is protected."""


@pytest.fixture
def network(tmp_path: Path) -> Network:
    return read(tmp_path, SITES, [route("AZ", (0, 0), (0.5, 0.3), (1, 0))], network="site_snap_m = 1")


def cuts(*shapes: Point | LineString, **columns: list[float]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=2154)


def at(x_m: float, y_m: float = 0.0) -> Point:
    return Point(ORIGIN[0] + x_m, ORIGIN[1] + y_m)


def along(*points: Point) -> LineString:
    return LineString(points)


@pytest.mark.parametrize(
    ("sites_fail", "expected"),
    [
        (False, ((), (), (), (), ())),
        ("disc", ((0,), (0, 1), (), (0, 1, 3), (3,))),
        ("single", ((0,), (1,), (), (0,), (3,))),
    ],
)
def test_points_and_lines(network: Network, sites_fail: SitesFail, expected: tuple[tuple[int, ...], ...]) -> None:
    incident = cuts(
        at(0, 50),  # the disc is closed
        at(60),  # B is nearer than A, and P nearer still
        at(0, 50.01),
        along(at(-10, 1), at(1010, 40)),
        at(900),
        radius_m=[50, 60, 50, 50, 100],
    )
    assert find_taken_sites(network, incident, radius_m=1, sites_fail=sites_fail) == expected
    assert find_taken_sites(network, incident.to_crs(4326), radius_m=1, sites_fail=sites_fail) == expected


def test_of_equally_near_sites_the_first_one_falls(network: Network) -> None:
    assert find_taken_sites(network, cuts(at(50, 10)), radius_m=60, sites_fail="single") == ((0,),)


def drawn(rng: np.random.Generator, num_points: int) -> Point | LineString:
    points = [at(x, y) for x, y in rng.integers(0, 20, (num_points, 2)).tolist()]
    return along(*points) if num_points > 1 else points[0]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_against_shapes(seed: int) -> None:
    rng = np.random.default_rng(seed)
    points = [at(x, y) for x, y in rng.integers(0, 20, (6, 2)).tolist()]
    sites = gpd.GeoDataFrame({"protected": rng.random(6) < 0.3}, geometry=points, crs=2154)
    network = replace(to_network([along(at(0), at(1))]), sites=sites)
    incident = cuts(*(drawn(rng, num) for num in (1, 1, 1, 3, 3)))
    radius_m = float(rng.choice([0, 1, 2.5, 6]))
    away_m = np.array([[cut.distance(site) for site in points] for cut in incident.geometry])
    away_m[:, sites["protected"]] = np.inf
    reached = [np.flatnonzero(row <= radius_m + 1e-7).tolist() for row in away_m]
    nearest = [
        [min(row, key=lambda site: (round(away[site], 7), site))] if row else []
        for row, away in zip(reached, away_m, strict=True)
    ]
    for sites_fail, expected in (("disc", reached), ("single", nearest)):
        found = find_taken_sites(network, incident, radius_m=radius_m, sites_fail=sites_fail)
        assert [list(taken) for taken in found] == expected


def test_radius_is_true_on_the_ground(tmp_path: Path) -> None:
    """At 70 degrees north, in Mercator: 100 m are 292 m on the map."""
    sites = [site("A", (0, 0)), site("B", (0, 0))]
    for one, lon in zip(sites, (15.0, 15.01), strict=True):
        one["geometry"]["coordinates"] = [lon, 70.0]
    line = {"geometry": {"type": "LineString", "coordinates": [[15.0, 70.0], [15.01, 70.0]]}, "id": "AB"}
    network = read(tmp_path, sites, [line], crs=None, study='crs = "EPSG:3857"')
    east_m = 100 / 382_000  # degrees of longitude in 100 m there: a degree has about 38.2 km
    incident = gpd.GeoDataFrame(geometry=[Point(15 - 10 * east_m, 70)] * 2, crs=4326).assign(radius_m=[99.0, 101.0])
    assert find_taken_sites(network, incident, radius_m=1, sites_fail="disc") == ((), (0,))
    assert find_taken_sites(network, incident, radius_m=1, sites_fail="single") == ((), (0,))


def test_no_cut(network: Network) -> None:
    assert find_taken_sites(network, cuts(), radius_m=1, sites_fail="disc") == ()
    assert np.shape(find_taken_sites(network, cuts(at(5000)), radius_m=1, sites_fail="single")) == (1, 0)
