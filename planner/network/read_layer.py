"""Reads one layer of any vector file, rows in file order."""

from __future__ import annotations

import json
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from planner.network.columns import to_objects, to_text
from planner.network.layer import Layer, suggest_column
from planner.network.notes import Notes
from planner.study import find_nearest

if TYPE_CHECKING:
    from planner.study import Study

GEOJSON_SUFFIXES = (".geojson", ".json", ".geojsonl", ".geojsons")


def read_layer(
    study: Study, name: str, notes: Notes, *, known: Sequence[str], id_column: str = "id", setting: str = ""
) -> Layer | None:
    """Read one layer.

    Parameters
    ----------
    study
        Paths are relative to its folder.
    name
        File as the study spells it; ``file.gpkg#layer`` names a layer.
    notes
        Takes faults: no such file or layer, not readable, no geometry, no CRS, no id column.
    known
        Columns that mean something; they are found whatever the case of their letters.
    id_column
        The column that holds the ids.
    setting
        The setting that names it, if one does.

    Returns
    -------
    Layer or None
        None where nothing could be read.
    """
    path, layer = study.locate(name)
    layer = _find_layer(path, layer, name, notes)
    if layer is None:
        return None
    frame = _read_frame(path, layer, name, notes)
    if frame is None:
        return None
    crs = frame.crs
    if crs is None and path.suffix.lower() in GEOJSON_SUFFIXES:
        crs = CRS.from_epsg(4326)  # RFC 7946: GeoJSON has no other
    if crs is None and len(frame):
        notes.fault(name, "does not say which CRS its coordinates are in", "write it with its CRS (.prj, GeoPackage)")
    columns = _to_known_columns(pd.DataFrame(frame.drop(columns=frame.geometry.name)), (id_column, *known))
    if id_column not in columns and len(frame):
        where = f"{name}, {setting}" if setting else name
        notes.fault(where, f"there is no column {id_column!r}", suggest_column(id_column, columns))
    geometry = shapely.force_2d(frame.geometry.to_numpy())
    _remark_z(name, frame.geometry.to_numpy(), notes)
    ids = to_text(columns[id_column]) if id_column in columns else np.full(len(frame), None, dtype=object)
    return Layer(name, columns, geometry, crs, id_column, ids)


def _find_layer(path: Path, layer: str | None, name: str, notes: Notes) -> str | None:
    if not path.exists():
        nearby = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
        nearest = find_nearest(path.name, nearby)
        remedy = f"did you mean {nearest}?" if nearest else "paths are relative to the study's folder"
        notes.fault(name, "there is no such file", remedy)
        return None
    try:
        layers = [str(row[0]) for row in pyogrio.list_layers(path)]
    except (pyogrio.errors.DataSourceError, OSError) as error:
        notes.fault(name, f"cannot be read: {_first_sentence(error)}", "give a GeoJSON, GeoPackage or Shapefile")
        return None
    if layer is None and len(layers) == 1:
        return layers[0]
    if layer in layers:
        return layer
    what = f"there is no layer {layer!r}" if layer else f"the file has {len(layers)} layers"
    notes.fault(name, what, f"name one of them, as in {path.name}#{layers[0]}: {', '.join(layers)}")
    return None


def _read_frame(path: Path, layer: str, name: str, notes: Notes) -> gpd.GeoDataFrame | None:
    try:
        with warnings.catch_warnings():
            # GDAL's remarks about repeated integer ids and M values: both are dealt with here
            warnings.simplefilter("ignore")
            frame = pyogrio.read_dataframe(path, layer=layer, on_invalid="ignore", datetime_as_string=True)
            fid_column = str(pyogrio.read_info(path, layer=layer)["fid_column"])
            if fid_column.lower() == "id" and fid_column not in frame:
                # a database's own key named id is no column to GDAL, but it is to its owner
                frame[fid_column] = pyogrio.read_dataframe(
                    path, layer=layer, columns=[], read_geometry=False, fid_as_index=True
                ).index
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError, OSError) as error:
        notes.fault(name, f"cannot be read: {_first_sentence(error)}", "open it in a GIS and save it anew")
        return None
    if not isinstance(frame, gpd.GeoDataFrame):
        notes.fault(name, "has no geometry", "give a file with points, lines or polygons on the map")
        return None
    return frame


def _first_sentence(error: Exception) -> str:
    return str(error).split(";", maxsplit=1)[0].split("\n", maxsplit=1)[0].rstrip(". ")


def _to_known_columns(columns: pd.DataFrame, known: Sequence[str]) -> pd.DataFrame:
    """Give columns their known spelling; nested values become JSON text, since no table can hold them."""
    spellings: dict[str, list[str]] = {}
    for column in columns:
        spellings.setdefault(str(column).strip().casefold(), []).append(str(column))
    renames = {
        spellings[word.casefold()][0]: word
        for word in known
        if word not in columns and len(spellings.get(word.casefold(), [])) == 1
    }
    columns = columns.rename(columns=renames)
    for column in [name for name, dtype in columns.dtypes.items() if dtype.kind == "O"]:
        columns[column] = to_objects([_to_flat(cell) for cell in columns[column]])
    return columns


def _to_flat(cell: Any) -> Any:
    if isinstance(cell, dict | list | np.ndarray):
        return json.dumps(cell, ensure_ascii=False, default=np.ndarray.tolist)
    return cell


def _remark_z(file: str, geometry: NDArray[Any], notes: Notes) -> None:
    if num := int(np.count_nonzero(shapely.has_z(geometry))):
        notes.remark("dropped_z", file, f"The heights of {num} {'row' if num == 1 else 'rows'} were left out.")
