"""Reads a network package of the Open Fibre Data Standard: JSON with nodes and spans."""

from __future__ import annotations

import json
from typing import Any

import geopandas as gpd
import shapely
from shapely.errors import ShapelyError

from planner.network.columns import to_objects
from planner.network.formats.ofds_columns import flatten, name_ends
from planner.network.formats.source import LONLAT_CRS, FormatError, Raw, Source


def read_ofds(source: Source) -> Raw:
    """Read the nodes or the spans of every network of a package.

    Parameters
    ----------
    source
        Its layer may name one network of several, by id or name.

    Raises
    ------
    FormatError
        No package, no such network, nothing in it.
    """
    records: list[tuple[dict[str, Any], Any]] = [
        _to_cells(record, network, source)
        for network in _find_networks(source)
        for record in _records(network, "nodes" if source.part == "sites" else "spans")
    ]
    if not records:
        raise FormatError(f"holds no {'nodes' if source.part == 'sites' else 'spans'}", "name a file that does")
    names = dict.fromkeys(name for cells, _ in records for name in cells)
    columns = {name: to_objects([cells.get(name) for cells, _ in records]) for name in names}
    geometry = [shape for _, shape in records]
    return Raw(gpd.GeoDataFrame(columns, geometry=geometry, crs=LONLAT_CRS), is_schematic=True)


def _find_networks(source: Source) -> list[dict[str, Any]]:
    try:
        document = json.loads(source.path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise FormatError(f"cannot be read: it is broken JSON ({error})", "export it anew") from error
    networks = document.get("networks") if isinstance(document, dict) else None
    if not isinstance(networks, list) or not all(isinstance(network, dict) for network in networks):
        raise FormatError("is no network package: it has no list of networks", "give the package or its GeoJSON")
    if source.layer is None:
        return networks
    found = [network for network in networks if source.layer in (network.get("id"), network.get("name"))]
    if not found:
        there = ", ".join(str(network.get("name") or network.get("id")) for network in networks)
        raise FormatError(f"there is no network {source.layer!r}", f"name one of them by name or id: {there}")
    return found


def _records(network: dict[str, Any], key: str) -> list[dict[str, Any]]:
    records = network.get(key) or []
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise FormatError(f"is no network package: its {key} are no list of objects", "check it against the standard")
    return records


def _to_cells(record: dict[str, Any], network: dict[str, Any], source: Source) -> tuple[dict[str, Any], Any]:
    """The columns of a record, with the name of its network and of its phase, and its place."""
    place = record.get("location" if source.part == "sites" else "route")
    phases = network.get("phases")
    names = {
        phase["id"]: phase.get("name")
        for phase in (phases if isinstance(phases, list) else [])
        if isinstance(phase, dict) and isinstance(phase.get("id"), str)
    }
    cells = flatten({key: value for key, value in record.items() if key not in ("location", "route")})
    if isinstance(cells.get("phase_id"), str) and cells["phase"] == cells["phase_id"]:
        cells["phase"] = names.get(cells["phase_id"]) or cells["phase"]
    shape = _to_shape(place)
    if source.part == "routes":
        name_ends(cells, is_drawn=shape is not None and not shape.is_empty)
    return cells | {"network": network.get("name") or network.get("id")}, shape


def _to_shape(place: Any) -> Any:
    """A GeoJSON geometry as a shape; None for what is none."""
    if not isinstance(place, dict):
        return None
    try:
        return shapely.from_geojson(json.dumps(place), on_invalid="raise")
    except (ShapelyError, ValueError, RecursionError):
        return None
