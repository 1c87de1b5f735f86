"""Looks for sites that are likely not where they are said to be."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from planner.network.notes import Notes
from planner.network.route_table import RouteTable
from planner.network.ruler import LONLAT, transform
from planner.network.sites import SiteTable

# fewer places say nothing about where the rest lie
MIN_SITES = 5
# a site is far from the rest beyond so many times what three quarters of the sites are from their middle, and so far
FAR_TIMES = 4.0
FAR_KM = 500.0
EARTH_KM = 6371.0
# sites this many degrees outside of what the routes span are not on them
MARGIN_DEGREES = 1.0

type FloatArray = NDArray[np.float64]


def remark_places(sites: SiteTable, lonlat: FloatArray, notes: Notes) -> None:
    """Remark sites far from all others, sites where longitude and latitude are 0, and places like pixels.

    Parameters
    ----------
    sites
        The sites.
    lonlat
        (n, 2) longitude and latitude of each; none where their CRS is unknown.
    notes
        Takes a warning for each.
    """
    if not len(lonlat) or not np.isfinite(lonlat).all():
        return
    is_null = (np.abs(lonlat) < 1e-9).all(axis=1)
    null = np.flatnonzero(is_null)
    notes.remark_rows(
        "place",
        sites.file,
        f"{len(null)} sites have longitude 0 and latitude 0: their places are likely missing.",
        list(sites.wheres[null]),
        ["Its longitude and latitude are 0, in the sea off Africa: its place is likely missing."] * len(null),
        is_warning=True,
    )
    _remark_far(sites, lonlat, ~is_null, notes)
    if _is_geographic(sites) and len(sites) >= MIN_SITES and (lonlat == np.round(lonlat)).all():
        what = "All coordinates are whole numbers: pixels of a picture, or degrees rounded by up to 50 km."
        notes.remark("place", sites.file, what, is_warning=True)


def check_swapped(sites: SiteTable, tables: list[RouteTable], notes: Notes) -> None:
    """Note a fault where no site lies where the routes do, and most would with latitude and longitude swapped."""
    lines = [table for table in tables if len(table) and table.crs is not None]
    if not len(sites) or not lines or sites.crs is None:
        return
    xy = shapely.get_coordinates(transform(sites.points, sites.crs, LONLAT))
    drawn = [
        shapely.total_bounds(transform(table.lines, table.crs, LONLAT)) for table in lines if table.crs is not None
    ]
    bounds = np.array(drawn)
    low, high = bounds[:, :2].min(axis=0) - MARGIN_DEGREES, bounds[:, 2:].max(axis=0) + MARGIN_DEGREES
    is_on = ((xy >= low) & (xy <= high)).all(axis=1)
    is_on_swapped = ((xy[:, ::-1] >= low) & (xy[:, ::-1] <= high)).all(axis=1)
    if np.isfinite(bounds).all() and not is_on.any() and is_on_swapped.mean() > 0.5:
        what = "longitude and latitude are swapped, in it or in the routes: no site lies where the routes do"
        notes.fault(sites.file, what, "give longitude first")


def _remark_far(sites: SiteTable, lonlat: FloatArray, is_placed: NDArray[np.bool_], notes: Notes) -> None:
    if np.count_nonzero(is_placed) < MIN_SITES:
        return
    xyz = _to_xyz(lonlat)
    middle = np.median(xyz[is_placed], axis=0)
    distance_km = _distances_km(xyz, middle)
    limit_km = max(FAR_KM, FAR_TIMES * float(np.quantile(distance_km[is_placed], 0.75)))
    far = np.flatnonzero(is_placed & (distance_km > limit_km))
    swapped = lonlat[:, ::-1]
    would_fit = (np.abs(swapped[:, 1]) <= 90) & (_distances_km(_to_xyz(swapped), middle) <= limit_km)
    notes.remark_rows(
        "place",
        sites.file,
        f"{len(far)} sites lie very far from the others.",
        list(sites.wheres[far]),
        [_to_sentence(lonlat[row], distance_km[row], bool(would_fit[row])) for row in far],
        is_warning=True,
    )


def _to_sentence(place: Any, distance_km: float, would_fit: bool) -> str:
    swapped = ", and would be among them with longitude and latitude swapped" if would_fit else ""
    return (
        f"It lies {distance_km:,.0f} km from the middle of the sites, at longitude {place[0]:.5g}, latitude "
        f"{place[1]:.5g}{swapped}."
    )


def _to_xyz(lonlat: FloatArray) -> FloatArray:
    lon, lat = np.radians(lonlat).T
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def _distances_km(xyz: FloatArray, middle: FloatArray) -> FloatArray:
    """Distances on the globe; the middle need not lie on it."""
    norm = float(np.linalg.norm(middle)) or 1.0
    chord = np.linalg.norm(xyz - middle / norm, axis=1)
    return np.asarray(2 * EARTH_KM * np.arcsin(np.clip(chord / 2, 0, 1)))


def _is_geographic(sites: SiteTable) -> bool:
    return sites.crs is not None and bool(sites.crs.is_geographic)
