"""Reads one layer of any vector file or database, rows in file order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError
from shapely import GeometryType

from planner.network.choose_rows import choose_rows
from planner.network.column_map import clean_text, map_columns, to_known_columns
from planner.network.columns import to_text
from planner.network.formats import FormatError, Raw, Source, check_places, read_database_table, read_source
from planner.network.layer import Layer, suggest_column
from planner.network.notes import Notes
from planner.network.roles import Role
from planner.network.ruler import LONLAT
from planner.study import find_nearest, is_database, is_there, split_name

if TYPE_CHECKING:
    from planner.study import Study


def read_layer(
    study: Study, name: str, notes: Notes, *, role: Role, known: Sequence[str], id_column: str = "id", setting: str = ""
) -> Layer | None:
    """Read one layer.

    Parameters
    ----------
    study
        Paths are relative to its folder.
    name
        Input as the study spells it: ``file.gpkg#layer`` names a layer, ``postgis:VARIABLE#table`` a table.
    notes
        Takes faults: no such file or layer, not readable, no geometry, no CRS, no id column, unknown columns. Takes
        remarks of what was left out or taken for granted.
    role
        What the input is for, and what the study says of its columns and rows.
    known
        Columns that mean something; they are found whatever the case of their letters.
    id_column
        The column that holds the ids; empty where none are needed.
    setting
        The setting that names it, if one does.

    Returns
    -------
    Layer or None
        None where nothing could be read.
    """
    raw = _read_raw(study, name, role, notes)
    if raw is None:
        return None
    frame = raw.frame
    has_places = isinstance(frame, gpd.GeoDataFrame)
    geometry = frame.geometry.to_numpy() if has_places else np.full(len(frame), None, dtype=object)
    crs = _find_crs(frame, study, name, notes) if isinstance(frame, gpd.GeoDataFrame) else None
    own = pd.DataFrame(frame.drop(columns=frame.geometry.name) if has_places else frame)
    words = tuple(dict.fromkeys(word for word in (id_column, *known) if word))
    columns = map_columns(clean_text(own, name, notes), role.columns, words, name, role.columns_key, notes)
    columns = to_known_columns(columns, words)
    if id_column and id_column not in columns and len(frame):
        where = f"{name}, {setting}" if setting else name
        notes.fault(where, f"there is no column {id_column!r}", suggest_column(id_column, columns))
    _remark_z(name, geometry, notes)
    ids = to_text(columns[id_column]) if id_column in columns else np.full(len(frame), None, dtype=object)
    with np.errstate(invalid="ignore"):  # infinite coordinates are found later
        geometry = shapely.force_2d(geometry)
    layer = Layer(name, columns, geometry, crs, id_column, ids, is_schematic=raw.is_schematic)
    layer = _choose(layer, study, role, notes)
    try:
        check_places(layer.geometry, _to_max_bytes(study))
    except FormatError as error:
        notes.fault(name, error.what, error.remedy)
        return None
    return layer


def _read_raw(study: Study, name: str, role: Role, notes: Notes) -> Raw | None:
    try:
        if is_database(name):
            variable, _, wanted = name.partition(":")[2].partition("#")
            raw = read_database_table(variable, wanted)
        else:
            source = _find_source(study, name, role, notes)
            if source is None:
                return None
            raw = read_source(source)
        if not isinstance(raw.frame, gpd.GeoDataFrame) and not (raw.is_schematic and role.part == "routes"):
            raise FormatError("has no geometry", "give a file with points, lines or polygons on the map")
    except FormatError as error:
        notes.fault(name, error.what, error.remedy)
        return None
    for what in raw.remarks:
        notes.remark("other", name, what)
    return _drop_other_types(raw, role)


def _find_source(study: Study, name: str, role: Role, notes: Notes) -> Source | None:
    format_name, path, layer = split_name(name, study.folder)
    if not is_there(path):
        nearby = (
            [entry.name for entry in path.parent.iterdir()] if is_there(path.parent) and path.parent.is_dir() else []
        )
        nearest = find_nearest(path.name, nearby)
        remedy = f"did you mean {nearest}?" if nearest else "paths are relative to the study's folder"
        notes.fault(name, "there is no such file", remedy)
        return None
    return Source(path, layer, role.part, format_name, study.network.file_crs, _to_max_bytes(study))


def _to_max_bytes(study: Study) -> int:
    return int(study.network.max_file_mb * 1e6)


def _drop_other_types(raw: Raw, role: Role) -> Raw:
    """Of a file that is asked for sites and for routes each gets its own; elsewhere wrong types are faults."""
    if not role.is_shared or not isinstance(raw.frame, gpd.GeoDataFrame):
        return raw
    types = shapely.get_type_id(raw.frame.geometry.to_numpy())
    is_own = np.isin(types, [int(GeometryType.MISSING), *(int(one) for one in role.types)])
    return replace(raw, frame=raw.frame[is_own].reset_index(drop=True)) if is_own.any() else raw


def _find_crs(frame: gpd.GeoDataFrame, study: Study, name: str, notes: Notes) -> CRS | None:
    """The CRS that the file names, else the one that the study names for such files."""
    if frame.crs is not None:
        return _check_crs(frame.crs, name, notes)
    if study.network.file_crs is None:
        if len(frame):
            remedy = "write it with its CRS (.prj, GeoPackage), or say it as network.file_crs"
            notes.fault(name, "does not say which CRS its coordinates are in", remedy)
        return None
    try:
        return _check_crs(CRS.from_user_input(study.network.file_crs), name, notes)
    except CRSError:
        where = f"{study.path.name}, network.file_crs"
        notes.fault(where, f"{study.network.file_crs!r} is no known CRS", "write it like EPSG:2154")
        return None


def _check_crs(crs: CRS, name: str, notes: Notes) -> CRS | None:
    """The CRS, if its coordinates can be brought to longitude and latitude."""
    try:
        Transformer.from_crs(crs, LONLAT)
    except ProjError:
        notes.fault(name, f"has coordinates in {crs.name}, which is on no map of the Earth", "name a CRS of the Earth")
        return None
    return crs


def _choose(layer: Layer, study: Study, role: Role, notes: Notes) -> Layer:
    """Only the rows that count; their numbers stay those of the file."""
    is_kept = choose_rows(layer.columns, role, layer.file, notes)
    if role.part == "sites" and study.network.unplaced == "drop":
        is_lost = is_kept & (shapely.is_missing(layer.geometry) | shapely.is_empty(layer.geometry))
        rows = np.flatnonzero(is_lost)
        notes.remark_rows(
            "dropped",
            layer.file,
            f"{len(rows)} sites have no coordinates and were left out, as network.unplaced asks.",
            layer.wheres(rows),
            ["It has no coordinates and was left out, as network.unplaced asks."] * len(rows),
            is_warning=True,
        )
        is_kept &= ~is_lost
    return layer if is_kept.all() else layer.take(is_kept)


def _remark_z(file: str, geometry: NDArray[Any], notes: Notes) -> None:
    if num := int(np.count_nonzero(shapely.has_z(geometry))):
        notes.remark("dropped_z", file, f"The heights of {num} {'row' if num == 1 else 'rows'} were left out.")
