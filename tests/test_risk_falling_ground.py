"""Sites that fall, by distances on the ground: far north, over the date line, and across a continent."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from pyproj import Geod, Transformer
from risk_cases import to_network
from shapely import LineString
from test_risk_ground import PLACES, to_ruler, walk

from planner.network import Network
from planner.risk import find_risk_groups

GEOD = Geod(ellps="WGS84")
HERE = ["70 degrees north, UTM", "70 degrees north, Mercator", "over the date line", "over the pole", "a continent"]


def draw(name: str, accuracy_m: float) -> Network:
    """Random lines, whose ends are sites; every third line is less accurate than the others."""
    crs, middle, size_m, _ = PLACES[name]
    network = to_network(walk(crs, middle, size_m, num_lines=12, seed=3), crs=crs, is_planar=False)
    accuracies = accuracy_m * (np.arange(12) % 3 == 0)
    return replace(network, spans=network.spans.assign(accuracy_m=accuracies))


@pytest.mark.parametrize(("name", "share"), [*((name, 0.3) for name in HERE), (HERE[0], 0.0)])
def test_every_sample_is_in_a_group_and_every_place_is_true(name: str, share: float) -> None:
    crs, _, _, radius_m = PLACES[name]
    network = draw(name, share * radius_m)
    groups = find_risk_groups(network, radius_m=radius_m, site_clearance_m=0, sites_fail="disc")
    reach_m = radius_m + network.spans["accuracy_m"].to_numpy()
    rulers = [to_ruler(crs, line, radius_m * (1 + share)) for line in network.spans.geometry]
    forth = Transformer.from_crs(crs, 4326, always_xy=True)
    lonlat = np.column_stack(forth.transform(*shapely.get_coordinates(network.sites.geometry.to_numpy()).T))

    def measure(lon: float, lat: float) -> tuple[np.ndarray, np.ndarray]:
        to_site = GEOD.inv(np.full(len(lonlat), lon), np.full(len(lonlat), lat), *lonlat.T)[2]
        return np.array([ruler(lon, lat) for ruler in rulers]) / reach_m, to_site / radius_m

    ends, rng = network.spans[["a", "b"]].to_numpy(), np.random.default_rng(4)
    for row in rng.permutation(len(groups.spans))[:12]:
        if groups.causes[row] != "single":
            span, site = measure(*groups.places[row])
            sites = list(groups.sites[row])
            falling = np.isin(ends, sites).any(axis=1)
            assert set(np.flatnonzero(site <= 0.999)) <= set(sites) <= set(np.flatnonzero(site <= 1.001))
            assert set(groups.spans[row]) <= set(np.flatnonzero((span <= 1.001) | falling))
    num_sure = 0
    for _ in range(15):
        start = lonlat[rng.integers(len(lonlat))]
        lon, lat, _ = GEOD.fwd(*start, rng.uniform(0, 360), radius_m * rng.uniform(0, 1.3))
        span, site = measure(lon, lat)
        if (np.abs(site - 1) > 1e-3).all():
            num_sure += 1
            sites, hit = tuple(np.flatnonzero(site < 1).tolist()), set(np.flatnonzero(span <= 0.999).tolist())
            same = [set(one) for one, other in zip(groups.spans, groups.sites, strict=True) if other == sites]
            assert any(hit <= one for one in same)
    assert num_sure > 9


@pytest.mark.parametrize(("crs", "lon", "lat"), [(32633, 15.0, 70.0), (3857, 15.0, 70.0), (3832, 180.0, -17.0)])
@pytest.mark.parametrize(("distance_m", "is_taken"), [(99.8, True), (100.2, False)])
def test_a_site_beside_a_line(crs: int, lon: float, lat: float, distance_m: float, is_taken: bool) -> None:
    """A line along a meridian, and a site so far east of it, over the date line perhaps: discs of 50 m."""
    forth = Transformer.from_crs(4326, crs, always_xy=True)
    west = GEOD.fwd(lon, lat, 270, distance_m / 2)[0]
    east = GEOD.fwd(lon, lat, 90, distance_m / 2)[0]
    far = GEOD.fwd(lon, lat, 90, 3000.0)[0]
    spans = [[(west, lat - 0.01), (west, lat + 0.01)], [(east, lat), (far, lat)]]
    network = to_network(
        [LineString([forth.transform(*xy) for xy in span]) for span in spans], crs=crs, is_planar=False
    )
    near = network.spans["a"].tolist()[1]
    groups = find_risk_groups(network, radius_m=50, site_clearance_m=0, sites_fail="disc")
    found = dict(zip(groups.sites, groups.spans, strict=True))
    assert found[(near,)] == ((0, 1) if is_taken else (1,))
    assert sorted(site for one in found for site in one) == list(range(len(network.sites)))


def test_radius_zero_on_the_ground() -> None:
    """``0`` and ``1`` end at one site, and 2 crosses 0 far from its vertices."""
    lines = [LineString([(2e5, 6.5e6), (9e5, 6.7e6)]), LineString([(9e5, 6.7e6), (9.5e5, 6.5e6)])]
    lines.append(LineString([(4e5, 7e6), lines[0].interpolate(2e5)]))
    network = to_network(lines, is_planar=False)
    groups = find_risk_groups(network, radius_m=0, site_clearance_m=0, sites_fail="disc")
    a, b = network.spans["a"].tolist(), network.spans["b"].tolist()
    assert set(zip(groups.sites, groups.spans, strict=True)) == {
        ((a[0],), (0,)), ((b[0],), (0, 1)), ((b[1],), (1,)),
        ((a[2],), (2,)), ((b[2],), (0, 2)), ((), (0,)), ((), (1,)), ((), (2,)),
    }  # fmt: skip
