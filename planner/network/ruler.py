"""Measures in metres, on the ground or in the plane."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Geod, Proj, Transformer

LONLAT = CRS.from_epsg(4326)
GEOD = Geod(ellps="WGS84")

type FloatArray = NDArray[np.float64]


@lru_cache
def find_transformer(source: CRS, target: CRS) -> Transformer:
    """Find the transformation between two CRS, longitude or easting first."""
    return Transformer.from_crs(source, target, always_xy=True)


def transform(geometry: NDArray[Any], source: CRS, target: CRS) -> NDArray[Any]:
    """Bring geometries into another CRS, vertex by vertex; vertices that it cannot hold become infinite."""
    if source.equals(target, ignore_axis_order=True) or not len(geometry):
        return geometry
    to_target = find_transformer(source, target)

    def move(xy: FloatArray) -> FloatArray:
        return np.column_stack(to_target.transform(xy[:, 0], xy[:, 1]))

    moved: NDArray[Any] = shapely.transform(geometry, move)
    return moved


@dataclass(frozen=True)
class Ruler:
    """Distances and lengths between places given in a metric CRS.

    Parameters
    ----------
    crs
        CRS of every coordinate given.
    is_planar
        True: straight in the CRS's plane. False: geodesic on the WGS84 ellipsoid (Karney 2013, by pyproj).
    """

    crs: CRS
    is_planar: bool

    def to_lonlat(self, xy: FloatArray) -> FloatArray:
        """(n, 2) longitude and latitude of (n, 2) places."""
        lon, lat = find_transformer(self.crs, LONLAT).transform(xy[:, 0], xy[:, 1])
        return np.column_stack([lon, lat])

    def distances_m(self, from_xy: FloatArray, to_xy: FloatArray) -> FloatArray:
        """(n,) distance of each place from its counterpart."""
        if self.is_planar:
            straight: FloatArray = np.hypot(*(to_xy - from_xy).T)
            return straight
        return _geodesics_m(self.to_lonlat(from_xy), self.to_lonlat(to_xy))

    def lengths_m(self, lines: NDArray[Any]) -> FloatArray:
        """(n,) length of each line: the sum over its vertices."""
        if self.is_planar:
            lengths: FloatArray = shapely.length(lines)
            return lengths
        xy, line = shapely.get_coordinates(lines, return_index=True)
        lonlat = self.to_lonlat(xy)
        is_inside = line[1:] == line[:-1]
        parts = _geodesics_m(lonlat[:-1][is_inside], lonlat[1:][is_inside])
        return np.bincount(line[1:][is_inside], weights=parts, minlength=len(lines))

    def scales(self, xy: FloatArray) -> FloatArray:
        """(n,) largest length in the plane of a metre at each place; 1 in the plane, infinite where it has none."""
        if self.is_planar or not len(xy):
            return np.ones(len(xy))
        lonlat = self.to_lonlat(xy)
        factors = Proj(self.crs).get_factors(lonlat[:, 0], lonlat[:, 1], errcheck=False)
        return np.asarray(factors.tissot_semimajor, dtype=np.float64)

    def reach(self, xy: FloatArray, distance_m: float) -> float:
        """A distance in the plane within which everything lies that is within `distance_m` of these places."""
        scales = self.scales(xy)
        known = scales[np.isfinite(scales)]
        # a little more than the largest scale, since it grows on the way to a neighbour
        margin = 1.0 if self.is_planar else 1.01
        return distance_m * margin * float(known.max() if len(known) else 1.0)


def _geodesics_m(from_lonlat: FloatArray, to_lonlat: FloatArray) -> FloatArray:
    if not len(from_lonlat):
        return np.zeros(0)
    distances: FloatArray = GEOD.inv(from_lonlat[:, 0], from_lonlat[:, 1], to_lonlat[:, 0], to_lonlat[:, 1])[2]
    return distances
