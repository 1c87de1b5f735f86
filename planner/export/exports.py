"""A finished run in further formats: Open Fibre Data Standard, GraphML, GeoParquet, FlatGeobuf."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any, Literal

import geopandas as gpd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from planner.errors import Fault, InputError, MissingExtraError
from planner.export.document import AUDIT_FILE, PLAN_FILE
from planner.export.graphml import to_graphml
from planner.export.ofds import to_ofds

ExportFormat = Literal["ofds", "graphml", "geoparquet", "flatgeobuf"]
GEOPACKAGE = "plan.gpkg"


def export_run(folder: str | Path, format_name: ExportFormat, file: str | Path, *, layer: str = "spans") -> None:
    """Write a run in another format; the same run gives the same bytes.

    Parameters
    ----------
    folder
        What ``planner solve`` or ``planner audit`` wrote; its ``plan.gpkg`` is read.
    format_name
        ``ofds`` and ``graphml`` hold the planned network; ``geoparquet`` and ``flatgeobuf`` hold one layer.
    file
        File to write, whole or not at all.
    layer
        Which layer of ``plan.gpkg``, for formats that hold one.

    Raises
    ------
    InputError
        When the run cannot be read or has no such layer.
    MissingExtraError
        When GeoParquet is asked for and pyarrow is not installed.
    OSError
        When the file cannot be written.

    Examples
    --------
    >>> planner.write_gis(planner.solve("towns"), "run")
    >>> planner.export_run("run", "graphml", "plan.graphml")
    """
    folder, file = Path(folder), Path(file)
    draft = file.with_name(f".{file.name[:200]}.new-{secrets.token_hex(4)}{file.suffix[:20]}")
    try:
        if format_name in ("ofds", "graphml"):
            draft.write_bytes(_to_network(folder, format_name))
        else:
            _write_layer(folder, layer, format_name, draft)
        draft.replace(file)
    except (DataSourceError, DataLayerError) as error:
        raise OSError(f"{file} could not be written: {error}") from error
    finally:
        draft.unlink(missing_ok=True)


def _to_network(folder: Path, format_name: ExportFormat) -> bytes:
    title, sites, spans = _read_title(folder), _read_layer(folder, "sites"), _read_layer(folder, "spans")
    if format_name == "ofds":
        return to_ofds(title, sites, spans).encode("utf-8")
    return to_graphml(title, sites, spans)


def _write_layer(folder: Path, layer: str, format_name: ExportFormat, path: Path) -> None:
    frame = _read_layer(folder, layer)
    if format_name == "flatgeobuf":
        geometry_type = pyogrio.read_info(folder / GEOPACKAGE, layer=layer)["geometry_type"]
        pyogrio.write_dataframe(frame, path, layer=layer, driver="FlatGeobuf", geometry_type=geometry_type)
        return
    try:
        frame.to_parquet(path)
    except ImportError as error:
        what = "GeoParquet needs pyarrow; install it with pip install 'fibre-resilience-planner[parquet]'"
        raise MissingExtraError(what) from error


def _read_layer(folder: Path, layer: str) -> gpd.GeoDataFrame:
    path = folder / GEOPACKAGE
    if not path.is_file():
        raise InputError([Fault(str(path), "is missing", "name the folder of a finished solve or audit")])
    try:
        frame = pyogrio.read_dataframe(path, layer=layer)
        if isinstance(frame, gpd.GeoDataFrame):
            return frame
        what = f"layer {layer} is no map"
    except (DataSourceError, DataLayerError) as error:
        what = f"cannot be read: {error}"
    there = ", ".join(_list_layers(path)) or "none"
    raise InputError([Fault(str(path), what, f"layers there: {there}")])


def _list_layers(path: Path) -> list[str]:
    try:
        return [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
    except DataSourceError:
        return []


def _read_title(folder: Path) -> str:
    """Name of the study, as the run's document says it; without one the folder's."""
    for name in (PLAN_FILE, AUDIT_FILE):
        if (folder / name).is_file():
            try:
                document: Any = json.loads((folder / name).read_text(encoding="utf-8"))
            except (ValueError, RecursionError) as error:
                fault = Fault(str(folder / name), f"is cut short or no JSON: {error}", "run the planner again")
                raise InputError([fault]) from error
            if isinstance(document, dict) and isinstance(document.get("study"), str):
                return str(document["study"]) or folder.name
    return folder.resolve().name
