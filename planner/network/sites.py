"""Reads the sites: their ids, places and what they count for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from shapely import GeometryType

from planner.network.columns import check_ids, flag_column, number_column, text_column, to_objects
from planner.network.geometry import POINTS, check_geometry
from planner.network.layer import Layer, check_column, other_columns
from planner.network.notes import Notes
from planner.network.ruler import LONLAT, transform
from planner.study import Study

SITE_COLUMNS = ("id", "name", "region", "weight", "terminal", "protected")


@dataclass(frozen=True)
class SiteTable:
    """The sites that could be read, sorted by id.

    Parameters
    ----------
    file
        Their file, for messages.
    columns
        ``site_id``, ``name``, ``region`` (as the file says, or None), ``weight``, ``terminal``, ``protected``, then
        the user's others.
    points
        (n,) points in the file's CRS.
    crs
        That CRS.
    wheres
        (n,) where each stands.
    known_ids
        Every id of the file, those of faulty rows too; None where the file has no column of ids.
    is_complete
        Whether every row of the file could be read.
    counted_weight
        (n,) weight of each towards its region where there are no polygons; None where the file has no such column.
    left_out
        Ids of rows that the study leaves out.
    """

    file: str
    columns: pd.DataFrame
    points: NDArray[Any]
    crs: CRS | None
    wheres: NDArray[Any]
    known_ids: frozenset[str] | None
    is_complete: bool
    counted_weight: NDArray[np.float64] | None
    left_out: frozenset[str] = frozenset()

    def __len__(self) -> int:
        return len(self.points)

    @cached_property
    def ids(self) -> NDArray[Any]:
        """(n,) site ids."""
        return self.columns["site_id"].to_numpy(dtype=object)


def read_sites(layer: Layer, study: Study, notes: Notes) -> SiteTable:
    """Read the sites of a layer.

    Parameters
    ----------
    layer
        Points, with the columns of `SITE_COLUMNS`; all but the id may be absent.
    study
        Names the column of weights where it names no polygons.
    notes
        Takes faults: ids that are missing or used twice, no point, places off the globe, wrong numbers or flags.

    Returns
    -------
    SiteTable
        The rows without a fault.
    """
    if not len(layer):
        notes.fault(layer.file, "has no rows", "give at least one site")
    has_id = check_ids(layer, notes)
    is_usable = check_geometry(layer, POINTS, notes)
    points, is_usable = _to_single_points(layer, is_usable, notes)
    weight, counted = _read_weights(layer, study, notes)
    terminal = flag_column(layer, "terminal", notes, default=True)
    name = text_column(layer, "name")
    columns = pd.DataFrame(
        {
            "site_id": to_objects(layer.ids),
            "name": to_objects(np.where(pd.isna(name), layer.ids, name)),
            "region": to_objects(text_column(layer, "region")),
            "weight": weight,
            "terminal": terminal,
            "protected": flag_column(layer, "protected", notes, default=False),
        }
    )
    others = other_columns(layer, SITE_COLUMNS, [*columns, "geometry"])
    good = np.flatnonzero(has_id & is_usable)
    good = good[np.argsort(layer.ids[good], kind="stable")]
    return SiteTable(
        file=layer.file,
        columns=pd.concat([columns, others], axis="columns").iloc[good].reset_index(drop=True),
        points=points[good],
        crs=layer.crs,
        wheres=np.array(layer.wheres(good), dtype=object),
        known_ids=frozenset(one for one in layer.ids if one is not None) if layer.id_column in layer.columns else None,
        is_complete=len(good) == len(layer),
        counted_weight=None if counted is None else counted[good],
        left_out=layer.left_out - frozenset(one for one in layer.ids if one is not None),
    )


def to_lonlat(sites: SiteTable) -> NDArray[np.float64]:
    """(n, 2) longitude and latitude of the sites; none where their CRS is unknown."""
    if sites.crs is None:
        return np.zeros((0, 2))
    return shapely.get_coordinates(transform(sites.points, sites.crs, LONLAT))


def _read_weights(layer: Layer, study: Study, notes: Notes) -> tuple[NDArray[np.float64], NDArray[np.float64] | None]:
    """Weight of each site, and towards its region; an empty cell is 1."""
    rows = np.ones(len(layer), dtype=bool)
    weight = number_column(layer, "weight", notes, rows=rows)
    weight[np.isnan(weight)] = 1.0
    column = study.regions.weight
    if column is None or column == "weight" or study.regions.polygons is not None:
        return weight, weight if "weight" in layer.columns else None
    if not check_column(layer, column, "regions.weight", notes):
        return weight, None
    counted = number_column(layer, column, notes, rows=rows)
    return weight, np.where(np.isnan(counted), 1.0, counted)


def _to_single_points(
    layer: Layer, is_usable: NDArray[np.bool_], notes: Notes
) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    is_multi = is_usable & (shapely.get_type_id(layer.geometry) == GeometryType.MULTIPOINT)
    num_points = shapely.get_num_geometries(layer.geometry)
    several = np.flatnonzero(is_multi & (num_points > 1))
    notes.fault_rows(
        layer.file,
        layer.wheres(several),
        [f"has {num_points[row]} points" for row in several],
        "give each site one point",
    )
    points = np.where(is_multi, shapely.get_geometry(layer.geometry, 0), layer.geometry)
    return points, is_usable & ~(is_multi & (num_points > 1))
