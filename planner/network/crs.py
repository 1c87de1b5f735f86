"""Chooses the metric CRS to work in."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Proj
from pyproj.crs import ProjectedCRS
from pyproj.crs.coordinate_operation import (
    LambertConformalConic2SPConversion,
    StereographicConversion,
    TransverseMercatorConversion,
)
from pyproj.exceptions import CRSError, ProjError

from planner.network.notes import Notes
from planner.network.ruler import LONLAT
from planner.study import Study

# a UTM zone is 6 degrees wide; a little beyond it the scale is still within 0.2 %
MAX_UTM_DEGREES = 3.5

type FloatArray = NDArray[np.float64]


def find_crs(study: Study, sites_crs: CRS | None, sites_lonlat: FloatArray, notes: Notes) -> CRS | None:
    """Find the CRS to work in: the one that the study names, else one that suits the extent.

    Parameters
    ----------
    study
        Its ``study.crs`` and ``study.distances``.
    sites_crs
        CRS of the sites' file, None where it is unknown; ``distances = "plane"`` works in it
        unless the study names one.
    sites_lonlat
        (n, 2) longitude and latitude of the sites.
    notes
        Takes faults: an unknown CRS, or one that is not metric.

    Returns
    -------
    CRS or None
        None after a fault, or without sites.
    """
    file, name = study.path.name, study.study.crs
    if name is not None:
        try:
            return _check_metric(CRS.from_user_input(name), f"{file}, study.crs", notes)
        except CRSError:
            notes.fault(f"{file}, study.crs", f"{name!r} is no known CRS", "write it like EPSG:2154")
            return None
    if sites_crs is None:
        return None
    if study.study.distances == "plane":
        return _check_metric(sites_crs, f"{study.network.sites}, with distances = 'plane'", notes)
    return choose_crs(sites_lonlat) if len(sites_lonlat) else None


def choose_crs(lonlat: FloatArray) -> CRS:
    """Choose the conformal CRS in which these places are drawn most evenly.

    Parameters
    ----------
    lonlat
        (n, 2) longitude and latitude, n > 0; may lie on both sides of the antimeridian.

    Returns
    -------
    CRS
        The UTM zone where one holds everything; else the one of a transverse Mercator, a Lambert conformal conic
        and a stereographic projection, centred on the places, whose scale varies least over them.
    """
    middle, half_width = _find_middle(lonlat[:, 0])
    south, north = float(lonlat[:, 1].min()), float(lonlat[:, 1].max())
    zone = int((middle + 180) // 6) % 60 + 1
    offset = abs((middle - (zone * 6 - 183) + 180) % 360 - 180)
    if offset + half_width <= MAX_UTM_DEGREES and max(-south, north) <= 80:
        return CRS.from_epsg((32600 if south + north >= 0 else 32700) + zone)
    candidates = list(_centred(round(middle, 1), south, north))
    return min(candidates, key=lambda crs: _scale_spread(crs, lonlat))


def _check_metric(crs: CRS, where: str, notes: Notes) -> CRS | None:
    if not crs.is_projected:
        sort = "in degrees" if crs.is_geographic else "not projected"
        notes.fault(where, f"{crs.name} is {sort}", "set study.crs to a projected CRS in metres, like EPSG:2154")
        return None
    if any(abs(axis.unit_conversion_factor - 1) > 1e-12 for axis in crs.axis_info[:2]):
        unit = crs.axis_info[0].unit_name
        notes.fault(where, f"{crs.name} is in {unit}", "set study.crs to a projected CRS in metres")
        return None
    return crs


def _find_middle(lon: FloatArray) -> tuple[float, float]:
    """Middle and half the width of the shortest arc of longitudes that holds all: opposite the widest gap."""
    ordered = np.unique(lon % 360)
    gaps = np.diff(np.append(ordered, ordered[0] + 360))
    widest = int(np.argmax(gaps))
    half_width = (360 - float(gaps[widest])) / 2
    middle = float(ordered[(widest + 1) % len(ordered)]) + half_width
    return (middle + 180) % 360 - 180, half_width


def _centred(lon: float, south: float, north: float) -> Iterator[CRS]:
    lat = round((south + north) / 2, 1)
    # standard parallels a sixth of the way in, the usual choice (Snyder 1987, p. 99)
    low, high = round(south + (north - south) / 6, 1), round(north - (north - south) / 6, 1)
    conversions = {
        "Transverse Mercator": TransverseMercatorConversion(latitude_natural_origin=lat, longitude_natural_origin=lon),
        "Lambert conformal conic": LambertConformalConic2SPConversion(
            latitude_first_parallel=low,
            latitude_second_parallel=high,
            latitude_false_origin=lat,
            longitude_false_origin=lon,
        ),
        "Stereographic": StereographicConversion(latitude_natural_origin=lat, longitude_natural_origin=lon),
    }
    for name, conversion in conversions.items():
        yield ProjectedCRS(conversion, f"{name} centred on {lon:g}, {lat:g}", geodetic_crs=LONLAT)


def _scale_spread(crs: CRS, lonlat: FloatArray) -> float:
    """Largest over smallest scale at the places; infinite where one cannot be shown."""
    try:
        factors = Proj(crs).get_factors(lonlat[:, 0], lonlat[:, 1], errcheck=False)
    except ProjError:  # a cone whose parallels mirror each other at the equator
        return float("inf")
    scale = np.asarray(factors.meridional_scale, dtype=np.float64)
    if not (np.isfinite(scale) & (scale > 0)).all():
        return float("inf")
    return float(scale.max() / scale.min())
