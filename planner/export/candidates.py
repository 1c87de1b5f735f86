"""Candidate routes as a layer that a GIS tool can edit and a study can name."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from planner.errors import Fault, InputError
from planner.export.geojson import write_geojson
from planner.export.geopackage import write_geopackage

if TYPE_CHECKING:
    import geopandas as gpd

LAYER = "candidates"
SUFFIXES = (".geojson", ".gpkg")


def check_layer_file(path: Path) -> None:
    """Check that a layer can be written to a path, before the work that it takes to make it.

    Raises
    ------
    InputError
        For another ending than those of GeoJSON and GeoPackage, or a folder that is not there.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise InputError([Fault(str(path), "has no ending that names a format", f"use {' or '.join(SUFFIXES)}")])
    if not path.parent.is_dir():
        raise InputError([Fault(str(path), "its folder is not there", "make it first")])


def write_candidates(candidates: gpd.GeoDataFrame, path: Path) -> None:
    """Write candidate routes: GeoJSON in longitude and latitude, GeoPackage in their own CRS, by the file's ending.

    Parameters
    ----------
    candidates
        The routes.
    path
        File to write, whole or not at all; one that is there is replaced.

    Raises
    ------
    InputError
        For another ending, or a folder that is not there.
    """
    check_layer_file(path)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".candidates-") as folder:
        # under the same name: GeoJSON holds it
        draft = Path(folder) / path.name
        if path.suffix.lower() == ".gpkg":
            write_geopackage({LAYER: candidates}, {LAYER: "LineString"}, {}, draft)
        else:
            write_geojson([candidates], draft)
        draft.replace(path)
