"""Reads region polygons, and finds which sites lie in which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from planner.network.columns import check_ids, number_column, text_column
from planner.network.geometry import POLYGONS, check_geometry, has_finite_vertices
from planner.network.layer import Layer, check_column
from planner.network.notes import Notes
from planner.network.ruler import transform
from planner.network.sites import SiteTable
from planner.study import Study


@dataclass(frozen=True)
class PolygonTable:
    """The region polygons that could be read, sorted by id.

    Parameters
    ----------
    file
        Their file.
    ids, names
        (r,) text.
    weights
        (r,) weight of each.
    polygons
        (r,) polygons and multipolygons in the file's CRS.
    crs
        That CRS.
    wheres
        (r,) where each stands.
    known_ids
        Every id of the file, those of faulty rows too; None where the file has no column of ids.
    """

    file: str
    ids: NDArray[Any]
    names: NDArray[Any]
    weights: NDArray[np.float64]
    polygons: NDArray[Any]
    crs: CRS | None
    wheres: NDArray[Any]
    known_ids: frozenset[str] | None


def read_polygons(layer: Layer, study: Study, notes: Notes) -> PolygonTable:
    """Read the regions of a layer.

    Parameters
    ----------
    layer
        Polygons, with the columns that ``[regions]`` names.
    study
        Names the columns.
    notes
        Takes faults: columns that are not there, ids that are missing or used twice, no polygon, weights that are
        empty or no numbers. Takes a remark for each outline that was repaired.

    Returns
    -------
    PolygonTable
        The rows without a fault.
    """
    settings = study.regions
    if not len(layer):
        notes.fault(layer.file, "has no rows", "give at least one region, or leave regions.polygons out")
    has_id = check_ids(layer, notes)
    is_usable = check_geometry(layer, POLYGONS, notes)
    if settings.name is not None:
        check_column(layer, settings.name, "regions.name", notes)
    name = text_column(layer, settings.name or "name")
    good = np.flatnonzero(has_id & is_usable)
    good = good[np.argsort(layer.ids[good], kind="stable")]
    wheres = np.array(layer.wheres(good), dtype=object)
    return PolygonTable(
        file=layer.file,
        ids=layer.ids[good],
        names=np.where(pd.isna(name), layer.ids, name)[good],
        weights=_read_weights(layer, settings.weight, notes)[good],
        polygons=_repair(layer.geometry[good], wheres, layer.file, notes),
        crs=layer.crs,
        wheres=wheres,
        known_ids=frozenset(one for one in layer.ids if one is not None) if layer.id_column in layer.columns else None,
    )


def find_regions_on_map(sites: SiteTable, regions: PolygonTable) -> NDArray[Any]:
    """Find the region that each site lies in, its border included; of several the one whose id comes first.

    Looked up in the polygons' own CRS, where their borders are straight.

    Returns
    -------
    ndarray
        (n,) region ids, None for sites in no polygon.
    """
    assert sites.crs is not None
    assert regions.crs is not None
    points = transform(sites.points, sites.crs, regions.crs)
    region, site = shapely.STRtree(points).query(regions.polygons, predicate="intersects")
    order = np.lexsort((region, site))
    held, first = np.unique(site[order], return_index=True)
    found = np.full(len(sites), None, dtype=object)
    found[held] = regions.ids[region[order][first]]
    return found


def to_shown_polygons(regions: PolygonTable, crs: CRS, notes: Notes) -> NDArray[Any]:
    """(r,) the polygons in the working CRS, None with a warning where it cannot show one."""
    assert regions.crs is not None
    shown = transform(regions.polygons, regions.crs, crs)
    is_lost = ~has_finite_vertices(shown)
    notes.remark_rows(
        "other",
        regions.file,
        f"{np.count_nonzero(is_lost)} regions lie where {crs.name} cannot show them.",
        list(regions.wheres[is_lost]),
        [f"It lies where {crs.name} cannot show it, and is left out of the maps."] * int(np.count_nonzero(is_lost)),
        is_warning=True,
    )
    shown = shown.copy()
    shown[is_lost] = None
    return shown


def _read_weights(layer: Layer, column: str | None, notes: Notes) -> NDArray[np.float64]:
    if column is None or not check_column(layer, column, "regions.weight", notes):
        return np.ones(len(layer))
    is_empty = pd.isna(text_column(layer, column))
    empty = np.flatnonzero(is_empty)
    notes.fault_rows(layer.file, layer.wheres(empty), [f"{column} is empty"] * len(empty), "give a weight, or 0")
    return np.nan_to_num(number_column(layer, column, notes, rows=~is_empty))


def _repair(polygons: NDArray[Any], wheres: NDArray[Any], file: str, notes: Notes) -> NDArray[Any]:
    is_wrong = ~shapely.is_valid(polygons)
    num_wrong = int(np.count_nonzero(is_wrong))
    notes.remark_rows(
        "other",
        file,
        f"{num_wrong} outlines touch or cross themselves and were repaired.",
        list(wheres[is_wrong]),
        ["Its outline touches or crosses itself and was repaired."] * num_wrong,
    )
    repaired = polygons.copy()
    repaired[is_wrong] = shapely.make_valid(polygons[is_wrong], method="structure", keep_collapsed=False)
    return repaired
