"""Finds the regions, and the sites that count in each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.network.columns import to_objects
from planner.network.notes import Notes, join_ids
from planner.network.polygons import PolygonTable, find_regions_on_map, to_shown_polygons
from planner.network.sites import SiteTable
from planner.study import Study

if TYPE_CHECKING:
    from pyproj import CRS


@dataclass(frozen=True)
class RegionTable:
    """The regions before anything is required of them, sorted by id.

    Parameters
    ----------
    file
        Where they come from, for messages.
    columns
        ``region_id``, ``name``, ``weight``, ``shape`` (polygon in the working CRS, or None).
    of_site
        (n,) region id of each site, or None.
    """

    file: str
    columns: pd.DataFrame
    of_site: NDArray[Any]


def find_regions(sites: SiteTable, polygons: PolygonTable | None, crs: CRS, notes: Notes) -> RegionTable:
    """Find the regions: polygons where there are some, else the sites' column, else every site that counts.

    Parameters
    ----------
    sites
        The sites.
    polygons
        Regions as polygons; None where the study names none.
    crs
        The working CRS.
    notes
        Takes warnings: sites that count and are in no region, sites that name a region that is not there.

    Returns
    -------
    RegionTable
        With polygons a site is in the region that its column names, else in the one that it lies in. Without, a
        region's weight is the sum over its sites that count, or 1 where sites have no weights.
    """
    if polygons is not None:
        table = _from_polygons(sites, polygons, crs, notes)
    elif not pd.isna(sites.columns["region"]).all():
        table = _from_column(sites)
    else:
        return _from_sites(sites)
    lost = np.flatnonzero(pd.isna(table.of_site) & sites.columns["terminal"].to_numpy(dtype=bool))
    what = "It lies in no region" if polygons is not None else "It names no region"
    notes.remark_rows(
        "other",
        sites.file,
        f"{len(lost)} sites are in no region, so nothing is required for them: {join_ids(list(sites.ids[lost]))}.",
        list(sites.wheres[lost]),
        [f"{what}, so nothing is required for it."] * len(lost),
        is_warning=True,
    )
    return table


def to_frame(regions: RegionTable, sites: SiteTable, required_cuts: dict[str, int], crs: CRS) -> gpd.GeoDataFrame:
    """Regions as the network's frame, those without a level left out.

    Parameters
    ----------
    regions
        The regions.
    sites
        The sites.
    required_cuts
        Region id to its level; excluded regions are not in it.
    crs
        The working CRS.

    Returns
    -------
    GeoDataFrame
        As `Network.regions` says.
    """
    sites_of: dict[str, list[int]] = {}
    for site in np.flatnonzero(sites.columns["terminal"].to_numpy(dtype=bool)).tolist():
        sites_of.setdefault(regions.of_site[site], []).append(site)
    rows = regions.columns[regions.columns["region_id"].isin(list(required_cuts))].reset_index(drop=True)
    members = np.empty(len(rows), dtype=object)
    members[:] = [tuple(sites_of.get(one, ())) for one in rows["region_id"]]
    columns = {
        "region_id": rows["region_id"],
        "name": rows["name"],
        "weight": rows["weight"].to_numpy(dtype=np.float64),
        "required_cuts": np.array([required_cuts[one] for one in rows["region_id"]], dtype=np.int64),
        "sites": to_objects(members),
    }
    return gpd.GeoDataFrame(columns, geometry=list(rows["shape"]), crs=crs)


def known_region_ids(study: Study, sites: SiteTable, polygons: PolygonTable | None) -> frozenset[str] | None:
    """Every region id that a setting may name; None where faults leave it open which these are."""
    if study.regions.polygons is not None:
        return polygons.known_ids if polygons is not None else None
    if not sites.is_complete:
        return None
    return frozenset(one for one in _from_column_or_sites(sites).of_site if one is not None)


def _from_column_or_sites(sites: SiteTable) -> RegionTable:
    return _from_sites(sites) if pd.isna(sites.columns["region"]).all() else _from_column(sites)


def _from_polygons(sites: SiteTable, polygons: PolygonTable, crs: CRS, notes: Notes) -> RegionTable:
    own = sites.columns["region"].to_numpy(dtype=object)
    is_known = np.isin(np.where(pd.isna(own), "", own).astype(str), polygons.ids.astype(str))
    strange = np.flatnonzero(~pd.isna(own) & ~is_known)
    notes.remark_rows(
        "other",
        sites.file,
        f"{len(strange)} sites name a region that {polygons.file} does not have; they were placed by the map.",
        list(sites.wheres[strange]),
        [f"Its region '{own[site]}' is not in {polygons.file}; it was placed by the map." for site in strange],
        is_warning=True,
    )
    columns = {
        "region_id": to_objects(polygons.ids),
        "name": to_objects(polygons.names),
        "weight": polygons.weights,
        "shape": to_objects(to_shown_polygons(polygons, crs, notes)),
    }
    of_site = np.where(is_known, own, find_regions_on_map(sites, polygons))
    return RegionTable(polygons.file, pd.DataFrame(columns), of_site)


def _from_column(sites: SiteTable) -> RegionTable:
    of_site = sites.columns["region"].to_numpy(dtype=object)
    ids = sorted({one for one in of_site if one is not None})
    weights = np.ones(len(ids))
    if sites.counted_weight is not None:
        counted = np.flatnonzero(~pd.isna(of_site) & sites.columns["terminal"].to_numpy(dtype=bool))
        row_of = {one: row for row, one in enumerate(ids)}
        rows = np.array([row_of[one] for one in of_site[counted]], dtype=np.int64)
        weights = np.bincount(rows, weights=sites.counted_weight[counted], minlength=len(ids))
    columns = {
        "region_id": to_objects(ids),
        "name": to_objects(ids),
        "weight": weights,
        "shape": to_objects([None] * len(ids)),
    }
    return RegionTable(sites.file, pd.DataFrame(columns), of_site)


def _from_sites(sites: SiteTable) -> RegionTable:
    counts = sites.columns["terminal"].to_numpy(dtype=bool)
    weights = np.ones(len(sites)) if sites.counted_weight is None else sites.counted_weight
    of_site = sites.ids.copy()
    of_site[~counts] = None
    columns = {
        "region_id": to_objects(sites.ids[counts]),
        "name": to_objects(sites.columns["name"].to_numpy(dtype=object)[counts]),
        "weight": weights[counts],
        "shape": to_objects([None] * int(counts.sum())),
    }
    return RegionTable(sites.file, pd.DataFrame(columns), of_site)
