"""Planes that touch the ground: maps around a centre that show distances near it true.

The map is azimuthal equidistant: from the centre, directions and distances are true. Between a point p at distance
a from the centre and any other point, distances are too long by at most a factor of about 1 + a**2 / (6 * R**2), R
the Earth's radius, however far the other point is (Snyder, "Map projections: a working manual", 1987, chapter 25):
0.03 % at 250 km.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from pyproj import Geod

from planner.risk.ragged import FloatArray, IntArray

_GEOD = Geod(ellps="WGS84")
EARTH_RADIUS_M = 6_371_000.0


def to_globe(lonlat: FloatArray) -> FloatArray:
    """(n, 3) geocentric coordinates, in metres, of (n, 2) longitudes and latitudes on the WGS84 ellipsoid."""
    lon, lat = np.radians(lonlat).T
    normal = _GEOD.a / np.sqrt(1 - _GEOD.es * np.sin(lat) ** 2)
    return np.column_stack(
        [
            normal * np.cos(lat) * np.cos(lon),
            normal * np.cos(lat) * np.sin(lon),
            normal * (1 - _GEOD.es) * np.sin(lat),
        ]
    )


def from_globe(globe: FloatArray) -> FloatArray:
    """(n, 2) longitude and latitude of (n, 3) geocentric coordinates on the ellipsoid."""
    x, y, z = globe.T
    lat = np.arctan2(z, (1 - _GEOD.es) * np.hypot(x, y))
    return np.degrees(np.column_stack([np.arctan2(y, x), lat]))


@dataclass(frozen=True, slots=True, eq=False)
class Centres:
    """Centres of maps, one per row.

    Parameters
    ----------
    lonlat
        (n, 2) longitude and latitude.
    place
        (n, 3) geocentric coordinates.
    east, north
        (n, 3) unit vectors along the ground.
    radius_m
        (n,) of the sphere that fits the ellipsoid best there.
    """

    lonlat: FloatArray
    place: FloatArray
    east: FloatArray
    north: FloatArray
    radius_m: FloatArray

    def take(self, rows: IntArray) -> Centres:
        """Some of the centres, repeated as asked for."""
        return Centres(self.lonlat[rows], self.place[rows], self.east[rows], self.north[rows], self.radius_m[rows])


def to_centres(lonlat: FloatArray) -> Centres:
    """Set up maps around places."""
    lon, lat = np.radians(lonlat).T
    zero = np.zeros(len(lon))
    east = np.column_stack([-np.sin(lon), np.cos(lon), zero])
    north = np.column_stack([-np.sin(lat) * np.cos(lon), -np.sin(lat) * np.sin(lon), np.cos(lat)])
    # Gaussian radius: the geometric mean of the two principal radii of curvature
    radius = _GEOD.a * np.sqrt(1 - _GEOD.es) / (1 - _GEOD.es * np.sin(lat) ** 2)
    return Centres(lonlat, to_globe(lonlat), east, north, radius)


def to_map(globe: FloatArray, centres: Centres) -> FloatArray:
    """(n, 2) metres east and north of each place, on the map around its centre.

    The arc is had from the chord as on the sphere that fits best; over 1,000 km that is true to 1e-5.
    """
    away = globe - centres.place
    east, north = (away * centres.east).sum(axis=1), (away * centres.north).sum(axis=1)
    chord = np.sqrt((away**2).sum(axis=1))
    arc = 2 * centres.radius_m * np.arcsin(np.minimum(chord / (2 * centres.radius_m), 1.0))
    scale = arc / np.maximum(np.sqrt(east**2 + north**2), 1e-12)
    return np.column_stack([east * scale, north * scale])


def to_lonlat(xy: FloatArray, centres: Centres) -> FloatArray:
    """(n, 2) longitude and latitude of places on maps."""
    lonlat = _follow(xy, centres)
    # `to_map` takes the arc from a sphere; what that leaves at 200 km, 0.2 m, is gone after one more step
    return _follow(2 * xy - to_map(to_globe(lonlat), centres), centres)


def _follow(xy: FloatArray, centres: Centres) -> FloatArray:
    azimuth, distance = np.degrees(np.arctan2(xy[:, 0], xy[:, 1])), np.hypot(xy[:, 0], xy[:, 1])
    lon, lat, _ = _GEOD.fwd(centres.lonlat[:, 0], centres.lonlat[:, 1], azimuth, distance)
    return np.column_stack([lon, lat])
