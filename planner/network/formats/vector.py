"""Reads what GDAL reads: GeoJSON, GeoPackage, Shapefile, FlatGeobuf, KML, GML and others."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio

from planner.network.formats.limits import check_table
from planner.network.formats.ofds_columns import to_ofds_columns
from planner.network.formats.safe_xml import check_xml
from planner.network.formats.source import LONLAT_CRS, FormatError, Raw, Source, name_uniquely

XML = ("kml", "gml")
DOWNLOAD = "GML_DOWNLOAD_SCHEMA"
ERRORS = (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError, OSError, OverflowError)


def read_vector(source: Source, format_name: str) -> Raw:
    """Read one layer with GDAL, rows in file order.

    Raises
    ------
    FormatError
        No such layer, several and none named, no geometry, fewer rows than the file says, or not readable.
    """
    if format_name in XML:
        check_xml(source.path)
    with _placed(source, format_name) as path:
        layer = _find_layer(path, source)
        _check_info(path, layer, source.max_bytes)
        frame = _read_frame(path, layer)
    if not isinstance(frame, gpd.GeoDataFrame):
        raise FormatError("has no geometry", "give a file with points, lines or polygons on the map")
    if frame.crs is None and format_name == "geojson":
        frame = frame.set_crs(LONLAT_CRS)  # RFC 7946: GeoJSON has no other
    if format_name == "geojson" and {"start", "end"} <= set(frame):
        return Raw(to_ofds_columns(frame), is_schematic=True)
    return Raw(frame)


@contextmanager
def _placed(source: Source, format_name: str) -> Iterator[Path]:
    """The file; of GML a copy, since GDAL writes the schema that it guessed beside it."""
    if format_name != "gml":
        yield source.path
        return
    with TemporaryDirectory(prefix="planner-") as folder:
        for file in (source.path, source.path.with_suffix(".xsd")):
            if file.is_file():
                shutil.copyfile(file, Path(folder) / file.name)
        with _offline():
            yield Path(folder) / source.path.name


@contextmanager
def _offline() -> Iterator[None]:
    """Keep GDAL from fetching the schema that a GML names; GDAL's options are the whole process's, so only so long."""
    before = pyogrio.get_gdal_config_option(DOWNLOAD)
    pyogrio.set_gdal_config_options({DOWNLOAD: False})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({DOWNLOAD: before})


def _find_layer(path: Path, source: Source) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            layers = [str(row[0]) for row in pyogrio.list_layers(path)]
    except ERRORS as error:
        raise FormatError(
            f"cannot be read: {first_sentence(error)}", "give a GeoJSON, GeoPackage or Shapefile"
        ) from error
    if not layers:
        raise FormatError("has no layers", "export it anew")
    if source.layer is None and len(layers) == 1:
        return layers[0]
    if source.layer in layers:
        return str(source.layer)
    what = f"there is no layer {source.layer!r}" if source.layer else f"the file has {len(layers)} layers"
    raise FormatError(what, f"name one of them, as in {source.path.name}#{layers[0]}: {', '.join(layers)}")


def _check_info(path: Path, layer: str, max_bytes: int) -> None:
    """Look how much there is before any of it is read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            info = pyogrio.read_info(path, layer=layer, force_feature_count=True)
    except ERRORS as error:
        raise FormatError(f"cannot be read: {first_sentence(error)}", "open it in a GIS and save it anew") from error
    check_table(int(info["features"]), len(info["fields"]), max_bytes)


def _read_frame(path: Path, layer: str) -> Any:
    try:
        with warnings.catch_warnings():
            # GDAL's remarks about repeated integer ids and M values: both are dealt with elsewhere
            warnings.simplefilter("ignore")
            frame = pyogrio.read_dataframe(path, layer=layer, on_invalid="ignore", datetime_as_string=True)
            info = pyogrio.read_info(path, layer=layer)
            fid_column = str(info["fid_column"])
            if fid_column.lower() == "id" and fid_column not in frame:
                # a database's own key named id is no column to GDAL, but it is to its owner
                keys = pyogrio.read_dataframe(path, layer=layer, columns=[], read_geometry=False, fid_as_index=True)
                frame[fid_column] = keys.index
    except ERRORS as error:
        raise FormatError(f"cannot be read: {first_sentence(error)}", "open it in a GIS and save it anew") from error
    frame.columns = pd.Index(name_uniquely(frame.columns))
    if len(frame) < int(info["features"]):
        what = f"is broken: of {info['features']} rows only {len(frame)} can be read"
        raise FormatError(what, "copy or export it anew")
    return frame


def first_sentence(error: Exception) -> str:
    """What a library says, without the advice for its own callers."""
    return str(error).split(";", maxsplit=1)[0].split("\n", maxsplit=1)[0].rstrip(". ")
