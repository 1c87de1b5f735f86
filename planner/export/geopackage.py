"""All layers in one GeoPackage, with QGIS styles and a QGIS project inside."""

from __future__ import annotations

import errno
import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import pandas as pd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from planner.export.plain import to_json, to_sql_value
from planner.export.qml import to_qml
from planner.result.frames.columns import to_unique_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import geopandas as gpd

    from planner.export.qml import Style

# GDAL's default is newer than what QGIS 3.22 opens without a warning.
GPKG_VERSION = "1.2"
FIXED_DATE = "2000-01-01T00:00:00.000Z"
GEOMETRY_COLUMN = "geom"
_SETTINGS = {"OGR_CURRENT_DATE": FIXED_DATE, "OGR_SQLITE_SYNCHRONOUS": "OFF"}


def write_geopackage(
    layers: Mapping[str, gpd.GeoDataFrame],
    types: Mapping[str, str],
    styles: Mapping[str, Style],
    path: Path,
    *,
    project: bytes | None = None,
) -> None:
    """Write layers in their own CRS, in the order given; the same layers give the same bytes.

    Parameters
    ----------
    layers
        Layer name to frame. Lists in cells become JSON text.
    types
        Layer name to geometry type: what an empty layer cannot tell.
    styles
        Layer name to style; becomes QGIS's ``layer_styles`` table.
    path
        File to write; it must not exist.
    project
        A QGIS project as a zip archive; becomes the one named after the file, in QGIS's ``qgis_projects`` table.

    Raises
    ------
    OSError
        When the file does not hold what was written, as on a full disk.
    """
    try:
        with _gdal_settings():
            for name, frame in layers.items():
                _write_layer(frame, name, types[name], path)
            # the table counts as a layer: without styles a file of one layer stays one
            if chosen := {name: styles[name] for name in layers if name in styles}:
                _write_styles(chosen, path)
        if project is not None:
            _write_project(project, path)
        _check_written(layers, path)
    except (DataSourceError, DataLayerError, sqlite3.DatabaseError) as error:
        message = f"{path.name} could not be written whole: {error}; is the disk full?"
        raise OSError(errno.EIO, message) from error  # a fault of the disk, which a sweep does not go on from


def _write_layer(frame: gpd.GeoDataFrame, name: str, geometry_type: str, path: Path) -> None:
    pyogrio.write_dataframe(
        _to_table(frame),
        path,
        layer=name,
        driver="GPKG",
        geometry_type=geometry_type,
        promote_to_multi=geometry_type.startswith("Multi"),
        append=path.exists(),
        dataset_options={"VERSION": GPKG_VERSION},
        layer_options={"GEOMETRY_NAME": GEOMETRY_COLUMN},
    )


def _to_table(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Cells that SQLite can hold, under names that do not clash with the table's own columns."""
    names = [name for name in frame.columns if name != frame.geometry.name]
    table = frame.rename(columns=dict(zip(names, to_unique_names(names, {"fid", GEOMETRY_COLUMN}), strict=True)))
    for column in table.columns:
        if table[column].dtype == object:
            cells = [to_sql_value(value) for value in table[column]]
            table[column] = pd.Series(cells, index=table.index, dtype=object).map(_to_text, na_action="ignore")
    return table


def _to_text(value: object) -> str:
    return value if isinstance(value, str) else str(value)


def _write_styles(styles: Mapping[str, Style], path: Path) -> None:
    """The table in which QGIS looks for a layer's style."""
    table = pd.DataFrame(
        {
            "f_table_catalog": "",
            "f_table_schema": "",
            "f_table_name": list(styles),
            "f_geometry_column": GEOMETRY_COLUMN,
            "styleName": [f"{name} (planner)" for name in styles],
            "styleQML": [to_qml(style) for style in styles.values()],
            "styleSLD": "",
            "useAsDefault": True,
            "description": "",
            "owner": "",
            "ui": "",
            "update_time": pd.Timestamp(FIXED_DATE),
        }
    )
    pyogrio.write_dataframe(table, path, layer="layer_styles", driver="GPKG", append=True, layer_options={"FID": "id"})


def _write_project(project: bytes, path: Path) -> None:
    """The table in which QGIS looks for projects: it keeps the archive as hexadecimal text."""
    metadata = to_json({"last_modified_time": FIXED_DATE[:19], "last_modified_user": "planner"})
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE qgis_projects(name TEXT PRIMARY KEY, metadata BLOB, content BLOB)")
        database.execute("INSERT INTO qgis_projects VALUES (?, ?, ?)", (path.stem, metadata, project.hex()))


def _check_written(layers: Mapping[str, gpd.GeoDataFrame], path: Path) -> None:
    """GDAL says nothing when the disk fills up while it closes the file: look for ourselves."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
        (verdict,) = database.execute("PRAGMA quick_check").fetchone()
        if verdict != "ok":
            raise sqlite3.DatabaseError(verdict)
        for name, frame in layers.items():
            (num_written,) = database.execute(f'SELECT count(*) FROM "{name}"').fetchone()
            if num_written != len(frame):
                raise sqlite3.DatabaseError(f"layer {name} holds {num_written} of {len(frame)} features")


@contextmanager
def _gdal_settings() -> Iterator[None]:
    """Let GDAL write the same date always, and wait for the disk not after every layer; its settings are put back."""
    before = {name: pyogrio.get_gdal_config_option(name) for name in _SETTINGS}
    pyogrio.set_gdal_config_options(_SETTINGS)
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(before)
