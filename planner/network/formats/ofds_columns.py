"""Spreads the nested fields of the Open Fibre Data Standard over plain columns."""

from __future__ import annotations

import json
from typing import Any

import geopandas as gpd
import numpy as np

from planner.network.columns import to_objects

# fields that are objects with a name, and whose id is kept beside it
NAMED = ("phase", "physicalInfrastructureProvider", "transmissionMediumOwner", "supplier")
# who runs a span: version 0.4 of the standard has another word for it than those before
PROVIDERS = ("physicalInfrastructureProvider", "transmissionMediumOwner", "networkProviders")


def flatten(record: dict[str, Any]) -> dict[str, Any]:
    """One node or span as flat cells.

    The ends of a span become ``start_id`` and ``start_name``, ``end_id`` and ``end_name``; organisations and phases
    their names, with ``…_id`` beside; lists of words one text with ``; `` between; ``operator`` the provider, or the
    first network provider.
    """
    cells: dict[str, Any] = {}
    for key, value in record.items():
        if key in NAMED and isinstance(value, dict):
            cells[key] = value.get("name") or value.get("id")
            cells[f"{key}_id"] = value.get("id")
        elif key == "networkProviders" and isinstance(value, list):
            cells[key] = "; ".join(str(one.get("name") or one.get("id")) for one in value if isinstance(one, dict))
        elif isinstance(value, list) and all(isinstance(one, str) for one in value):
            cells[key] = "; ".join(value)
        elif key in ("start", "end") and isinstance(value, str | dict):
            cells[f"{key}_id"] = value.get("id") if isinstance(value, dict) else value
            cells[f"{key}_name"] = value.get("name") if isinstance(value, dict) else None
        else:
            cells[key] = value
    provider = next((cells[name] for name in PROVIDERS if cells.get(name)), None)
    if "operator" not in cells and isinstance(provider, str):
        cells["operator"] = provider.split("; ")[0]
    return cells


def to_ofds_columns(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Spans or nodes as GeoJSON: GDAL gives their nested fields as JSON text.

    Columns a, b and operator that the file has itself are left as they are.
    """
    geometry = str(frame.geometry.name)
    records = frame.drop(columns=geometry).to_dict("records")
    flat = [flatten({str(key): _from_json(cell) for key, cell in record.items()}) for record in records]
    if not any("start_id" in cells for cells in flat):
        return frame
    places = frame.geometry.to_numpy()
    for cells, place in zip(flat, places, strict=True):
        name_ends(cells, is_drawn=place is not None and not place.is_empty)
    names = dict.fromkeys(name for cells in flat for name in cells)
    columns = {name: to_objects([cells.get(name) for cells in flat]) for name in names}
    return gpd.GeoDataFrame(columns, geometry=places, crs=frame.crs)


def name_ends(cells: dict[str, Any], *, is_drawn: bool) -> None:
    """Give a span without a line its ends in columns a and b; where a line is drawn, that says where it ends."""
    if not is_drawn:
        cells.setdefault("a", cells.get("start_id"))
        cells.setdefault("b", cells.get("end_id"))


def _from_json(cell: Any) -> Any:
    """A nested field that GDAL gives as text, or a list that it gives as an array; all else as it is."""
    if isinstance(cell, np.ndarray):
        return cell.tolist()
    if not isinstance(cell, str) or not cell.lstrip().startswith(("{", "[")):
        return cell
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        return cell
