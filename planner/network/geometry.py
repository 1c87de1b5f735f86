"""Checks geometries row by row: there, of the right sort, finite, on the globe."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from shapely import GeometryType

from planner.network.layer import Layer
from planner.network.notes import Notes
from planner.network.ruler import transform

POINTS = (GeometryType.POINT, GeometryType.MULTIPOINT)
LINES = (GeometryType.LINESTRING, GeometryType.MULTILINESTRING)
POLYGONS = (GeometryType.POLYGON, GeometryType.MULTIPOLYGON)
NOUNS: dict[tuple[GeometryType, ...], str] = {POINTS: "point", LINES: "line", POLYGONS: "polygon"}

type BoolArray = NDArray[np.bool_]


def check_geometry(layer: Layer, types: tuple[GeometryType, ...], notes: Notes) -> BoolArray:
    """Tell which rows have a usable geometry; a fault for each that has not.

    Parameters
    ----------
    layer
        Where the geometries stand.
    types
        `POINTS`, `LINES` or `POLYGONS`.
    notes
        Takes the faults.

    Returns
    -------
    ndarray
        (n,) true for usable rows.
    """
    geometry, noun = layer.geometry, NOUNS[types]
    is_missing = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    type_ids = shapely.get_type_id(geometry)
    is_other = ~is_missing & ~np.isin(type_ids, [int(one) for one in types])
    is_infinite = ~is_missing & ~has_finite_vertices(geometry)
    is_outside = ~is_missing & ~is_other & ~is_infinite & _is_off_globe(geometry, layer.crs)
    missing, other, infinite, outside = map(np.flatnonzero, (is_missing, is_other, is_infinite & ~is_other, is_outside))
    notes.fault_rows(
        layer.file,
        layer.wheres(missing),
        [f"has no {noun}, or a broken one"] * len(missing),
        f"draw the {noun} or remove the row",
    )
    notes.fault_rows(
        layer.file,
        layer.wheres(other),
        [f"is a {GeometryType(type_ids[row]).name.capitalize()}, not a {noun}" for row in other],
        f"give a file of {noun}s",
    )
    notes.fault_rows(
        layer.file,
        layer.wheres(infinite),
        ["has a coordinate that is no finite number"] * len(infinite),
        f"draw the {noun} anew",
    )
    notes.fault_rows(
        layer.file,
        layer.wheres(outside),
        [f"{_worst_vertex(geometry[row])} is outside of ±180, ±90" for row in outside],
        _outside_remedy(geometry[outside]),
    )
    is_usable: BoolArray = ~(is_missing | is_other | is_infinite | is_outside)
    return is_usable


def to_working_crs(
    geometry: NDArray[Any], source: CRS, target: CRS, file: str, wheres: NDArray[Any], notes: Notes
) -> tuple[NDArray[Any], BoolArray]:
    """Bring geometries into the working CRS.

    Parameters
    ----------
    geometry
        (n,) geometries in `source`.
    source, target
        Their CRS, and the working CRS.
    file
        Where they come from.
    wheres
        (n,) where each stands.
    notes
        Takes a fault for each row that the CRS cannot hold.

    Returns
    -------
    geometry, is_held
        The geometries in `target`, and which of them it holds.
    """
    moved = transform(geometry, source, target)
    is_held = has_finite_vertices(moved)
    lost = wheres[~is_held]
    notes.fault_rows(
        file,
        list(lost),
        [f"lies where {target.name} cannot show it"] * len(lost),
        "name another study.crs, or mend the coordinates",
    )
    return moved, is_held


def has_finite_vertices(geometry: NDArray[Any]) -> BoolArray:
    """(n,) true where no vertex is infinite or not a number."""
    xy, row = shapely.get_coordinates(geometry, return_index=True)
    num_wrong = np.bincount(row, weights=~np.isfinite(xy).all(axis=1), minlength=len(geometry))
    return np.asarray(num_wrong == 0)


def _is_off_globe(geometry: NDArray[Any], crs: CRS | None) -> BoolArray:
    if crs is None or not crs.is_geographic or crs.axis_info[0].unit_name != "degree":
        return np.zeros(len(geometry), dtype=bool)
    west, south, east, north = np.nan_to_num(shapely.bounds(geometry)).T
    return np.asarray((west < -180) | (east > 180) | (south < -90) | (north > 90))


def _outside_remedy(geometry: NDArray[Any]) -> str:
    xy = np.abs(shapely.get_coordinates(geometry))
    if len(xy) and (xy[:, 0] <= 90).all() and (xy[:, 1] <= 180).all():
        return "they look swapped: give longitude first, then latitude"
    return "give degrees, longitude first; metres need their own CRS named, and pixels are no places"


def _worst_vertex(geometry: Any) -> str:
    xy = shapely.get_coordinates(geometry)
    x, y = xy[np.argmax(np.maximum(np.abs(xy[:, 0]) / 180, np.abs(xy[:, 1]) / 90))]
    return f"longitude {x:.10g}, latitude {y:.10g}"
