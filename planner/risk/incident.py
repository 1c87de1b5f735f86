"""Reads an incident: where cables were cut, as points or lines."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from planner.errors import Fault, FaultList, InputError
from planner.network.columns import to_text
from planner.risk.ragged import FloatArray

_GEOJSON = (".geojson", ".json", ".geojsonl", ".geojsons")
_TYPES = ("POINT", "MULTIPOINT", "LINESTRING", "MULTILINESTRING")


def read_incident(path: str | Path, crs: CRS) -> gpd.GeoDataFrame:
    """Read the cuts of an incident.

    Parameters
    ----------
    path
        Any vector file of points or lines, one feature per cut; ``file.gpkg#layer`` names a layer. A line stands for
        everything along it. Columns ``id``, ``name``, ``time`` and ``radius_m`` may be there.
    crs
        CRS to bring the cuts into: the study's.

    Returns
    -------
    GeoDataFrame
        Per cut, in file order: ``id`` str (its number in the file, from 1, where it has none), ``name`` str (the id
        where it has none), ``time`` str or None, ``radius_m`` float (NaN where the study's holds) and ``geometry``.

    Raises
    ------
    InputError
        With every fault: no such file, no geometry, polygons, places off the globe, a radius that is no number of 0
        or more, ids used twice.
    """
    frame = _read(str(path))
    file = Path(path).name
    cells = _Cells(frame)
    ids = np.array([cell or str(row) for row, cell in enumerate(cells.of("id"), start=1)], dtype=object)
    wheres = [f"{file}, row {row} (id '{one}')" for row, one in enumerate(ids, start=1)]
    geometry = shapely.force_2d(frame.geometry.to_numpy())
    faults = FaultList()
    _check_geometry(geometry, frame.crs, wheres, faults)
    _check_ids(ids, wheres, faults)
    radius = _to_radius(cells.of("radius_m"), wheres, faults)
    faults.raise_if_any()
    table = {
        "id": ids,
        "name": np.where(pd.isna(cells.of("name")), ids, cells.of("name")),
        "time": pd.Series(cells.of("time"), dtype=object),
        "radius_m": radius,
    }
    cuts = gpd.GeoDataFrame(pd.DataFrame(table), geometry=geometry, crs=frame.crs).to_crs(crs)
    for where in np.array(wheres)[~np.isfinite(cuts.bounds.to_numpy()).all(axis=1)]:
        faults.add(str(where), f"lies where {crs.name} cannot show it", "check its coordinates")
    faults.raise_if_any()
    return cuts


class _Cells:
    """The columns of a frame by name, whatever the case of their letters, as text."""

    def __init__(self, frame: gpd.GeoDataFrame) -> None:
        self._num = len(frame)
        self._columns = {
            str(name).strip().casefold(): frame[name] for name in frame.columns if name != frame.geometry.name
        }

    def of(self, name: str) -> NDArray[np.object_]:
        """(n,) str or None."""
        if name not in self._columns:
            return np.full(self._num, None, dtype=object)
        return np.asarray(to_text(self._columns[name]), dtype=object)


def _read(path: str) -> gpd.GeoDataFrame:
    file, _, layer = (path, "", "") if Path(path).exists() else path.rpartition("#")
    name = Path(path).name
    if not file or not Path(file).exists():
        raise InputError([Fault(path, "there is no such file")])
    layer = layer or _find_layer(file, name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # GDAL's remarks about ids and M values
            frame = pyogrio.read_dataframe(file, layer=layer, datetime_as_string=True)
    except pyogrio.errors.DataLayerError as error:
        layers = ", ".join(str(row[0]) for row in pyogrio.list_layers(file))
        raise InputError([Fault(name, f"there is no layer {layer!r}", f"name one of: {layers}")]) from error
    except (pyogrio.errors.DataSourceError, ValueError, OSError) as error:
        raise InputError([Fault(name, "cannot be read", "give a GeoJSON or a GeoPackage")]) from error
    if not isinstance(frame, gpd.GeoDataFrame):
        raise InputError([Fault(name, "has no geometry", "draw each cut as a point or a line")])
    if not len(frame):
        raise InputError([Fault(name, "has no cut in it", "draw each cut as a point or a line")])
    if frame.crs is None and Path(file).suffix.lower() in _GEOJSON:
        frame = frame.set_crs(4326)  # RFC 7946: GeoJSON has no other
    if frame.crs is None:
        raise InputError([Fault(name, "does not say which CRS its coordinates are in", "write it with its CRS")])
    return frame


def _find_layer(file: str, name: str) -> str:
    try:
        layers = [str(row[0]) for row in pyogrio.list_layers(file)]
    except (pyogrio.errors.DataSourceError, OSError) as error:
        raise InputError([Fault(name, "cannot be read", "give a GeoJSON or a GeoPackage")]) from error
    if len(layers) != 1:
        what, remedy = f"the file has {len(layers)} layers", f"name one of them behind a #: {', '.join(layers)}"
        raise InputError([Fault(name, what, remedy)])
    return layers[0]


def _check_geometry(geometry: NDArray[Any], crs: CRS | None, wheres: list[str], faults: FaultList) -> None:
    names = np.array([shapely.GeometryType(one).name for one in shapely.get_type_id(geometry)])
    is_missing = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    west, south, east, north = np.nan_to_num(shapely.bounds(geometry)).T
    is_outside = (west < -180) | (east > 180) | (south < -90) | (north > 90)
    for row, where in enumerate(wheres):
        if is_missing[row]:
            faults.add(where, "has no point and no line", "draw it or remove the row")
        elif names[row] not in _TYPES:
            faults.add(where, f"is a {names[row].capitalize()}, not a point or a line", "draw where the cut was")
        elif crs is not None and crs.is_geographic and is_outside[row]:
            faults.add(where, "has coordinates outside of ±180, ±90", "give degrees, longitude first")


def _check_ids(ids: NDArray[np.object_], wheres: list[str], faults: FaultList) -> None:
    first: dict[str, int] = {}
    for row, one in enumerate(ids):
        if first.setdefault(one, row) < row:
            faults.add(wheres[row], f"row {first[one] + 1} has the same id", "give every cut its own id")


def _to_radius(cells: NDArray[np.object_], wheres: list[str], faults: FaultList) -> FloatArray:
    radius = pd.to_numeric(pd.Series(cells, dtype=object), errors="coerce").to_numpy(dtype=np.float64)
    for cell, value, where in zip(cells, radius, wheres, strict=True):
        if cell is not None and not (np.isfinite(value) and value >= 0):
            faults.add(where, f"radius_m is {cell!r}", "give a number of 0 or more, or leave the cell empty")
    return radius
