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
from pyproj import CRS

from planner.errors import Fault, FaultList, InputError
from planner.network.columns import to_text
from planner.risk.ragged import FloatArray

_GEOJSON = (".geojson", ".json", ".geojsonl", ".geojsons")
_TYPES = (shapely.GeometryType.POINT, shapely.GeometryType.LINESTRING)
_MULTI_TYPES = (shapely.GeometryType.MULTIPOINT, shapely.GeometryType.MULTILINESTRING)


def read_incident(path: str | Path, crs: CRS) -> gpd.GeoDataFrame:
    """Read the cuts of an incident.

    Parameters
    ----------
    path
        Any vector file of points or lines, one feature per cut; ``file.gpkg#layer`` names a layer. A line stands
        for everything along it. Columns ``id``, ``name``, ``time`` and ``radius_m`` may be there.
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
        With every fault: no such file, no geometry, polygons, a radius that is no number of 0 or more, ids used
        twice.
    """
    frame = _read(Path(path))
    file = Path(path).name
    faults = FaultList()
    columns = {str(name).strip().casefold(): frame[name] for name in frame.columns if name != frame.geometry.name}
    wheres = [f"{file}, row {row}" for row in range(1, len(frame) + 1)]
    geometry = shapely.force_2d(frame.geometry.to_numpy())
    _check_geometry(geometry, wheres, faults)
    ids = _to_cells(columns, "id", len(frame))
    ids = [cell or str(row) for row, cell in enumerate(ids, start=1)]
    for row, one in enumerate(ids):
        if ids.index(one) < row:
            faults.add(wheres[row], f"row {ids.index(one) + 1} has the same id '{one}'", "give every cut its own id")
    radius = _to_radius(_to_cells(columns, "radius_m", len(frame)), wheres, faults)
    faults.raise_if_any()
    names = [name or one for name, one in zip(_to_cells(columns, "name", len(frame)), ids, strict=True)]
    times = _to_cells(columns, "time", len(frame))
    table = pd.DataFrame({"id": ids, "name": names, "time": pd.Series(times, dtype=object), "radius_m": radius})
    cuts = gpd.GeoDataFrame(table, geometry=geometry, crs=frame.crs).to_crs(crs)
    _check_place(cuts, wheres, crs)
    return cuts


def _read(path: Path) -> gpd.GeoDataFrame:
    file, _, layer = str(path).partition("#")
    name = Path(file).name
    if not Path(file).exists():
        raise InputError([Fault(str(path), "there is no such file")])
    try:
        layers = [str(row[0]) for row in pyogrio.list_layers(file)]
        if layer not in layers and (layer or len(layers) != 1):
            what = f"there is no layer {layer!r}" if layer else f"the file has {len(layers)} layers"
            raise InputError([Fault(name, what, f"name one of them behind a #: {', '.join(layers)}")])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # GDAL's remarks about ids and M values
            frame = pyogrio.read_dataframe(file, layer=layer or layers[0], datetime_as_string=True)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError, OSError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError([Fault(name, "cannot be read", "give a GeoJSON or a GeoPackage")]) from error
    if not isinstance(frame, gpd.GeoDataFrame) or not len(frame):
        raise InputError([Fault(name, "has no cut in it", "draw each cut as a point or a line")])
    if frame.crs is None and Path(file).suffix.lower() in _GEOJSON:
        frame = frame.set_crs(4326)  # RFC 7946: GeoJSON has no other
    if frame.crs is None:
        raise InputError([Fault(name, "does not say which CRS its coordinates are in", "write it with its CRS")])
    return frame


def _check_geometry(geometry: Any, wheres: list[str], faults: FaultList) -> None:
    is_missing = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    type_ids = shapely.get_type_id(geometry)
    for row, where in enumerate(wheres):
        if is_missing[row]:
            faults.add(where, "has no point and no line", "draw it or remove the row")
        elif type_ids[row] not in (*_TYPES, *_MULTI_TYPES):
            noun = shapely.GeometryType(type_ids[row]).name.capitalize()
            faults.add(where, f"is a {noun}, not a point or a line", "draw where the ground was opened")


def _check_place(cuts: gpd.GeoDataFrame, wheres: list[str], crs: CRS) -> None:
    faults = FaultList()
    for where, bounds in zip(wheres, cuts.bounds.to_numpy(), strict=True):
        if not np.isfinite(bounds).all():
            faults.add(where, f"lies where {crs.name} cannot show it", "check its coordinates")
    faults.raise_if_any()


def _to_cells(columns: dict[str, pd.Series], name: str, num: int) -> list[str | None]:
    return list(to_text(columns[name])) if name in columns else [None] * num


def _to_radius(cells: list[str | None], wheres: list[str], faults: FaultList) -> FloatArray:
    radius = pd.to_numeric(pd.Series(cells, dtype=object), errors="coerce").to_numpy(dtype=np.float64)
    for cell, value, where in zip(cells, radius, wheres, strict=True):
        if cell is not None and not (np.isfinite(value) and value >= 0):
            faults.add(where, f"radius_m is {cell!r}", "give a number of 0 or more, or leave the cell empty")
    return radius
