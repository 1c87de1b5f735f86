"""The planned network as a package of the Open Fibre Data Standard, version 0.4."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from planner.export.ofds_fields import NODE_FIELDS, SPAN_FIELDS, Register, to_fields
from planner.export.plain import to_json, to_plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

SCHEMA = "https://standard.ofds.info/en/0__4__0/network-schema.json"
CRS84 = {"name": "urn:ogc:def:crs:OGC::CRS84", "uri": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}
STATUS = {"existing": "operational", "new": "proposed"}
DECIMALS = 7  # of a degree: a centimetre
OWNER, OLD_OWNER = "transmissionMediumOwner", "physicalInfrastructureProvider"
# references, which the standard keeps in lists of their own
_REFERENCES = ("phase", "supplier", "networkProviders", OWNER, OLD_OWNER)
_RESERVED = {"internationalConnections", "wayleaves"}  # a table's text cannot fit them


def to_ofds(title: str, sites: gpd.GeoDataFrame, spans: gpd.GeoDataFrame) -> str:
    """Sites as nodes and spans as spans: those that exist operational, new ones proposed.

    Parameters
    ----------
    title
        Name of the network; its id is made from it, so the same study has the same id.
    sites, spans
        Layers ``sites`` and ``spans`` of a run.

    Returns
    -------
    str
        JSON. Columns that are fields of the standard become those, version 0.3's ``physicalInfrastructureProvider`` and
        ``operator`` become ``transmissionMediumOwner``; all other columns stay beside them under their own names.

    Notes
    -----
    https://standard.ofds.info/en/0__4__0/reference/schema.html
    """
    organisations, phases = Register(), Register()
    nodes = [_to_node(cells, place, organisations, phases) for cells, place in _iterate(sites)]
    links = [_to_span(cells, place, organisations, phases) for cells, place in _iterate(spans)]
    lists = {"nodes": nodes, "spans": links, "phases": phases.to_list(), "organisations": organisations.to_list()}
    network = {
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{SCHEMA}#{title}")),
        "name": title,
        **{name: items for name, items in lists.items() if items},
        "crs": CRS84,
        "links": [{"href": SCHEMA, "rel": "describedby"}],
    }
    return to_json({"networks": [network]}, indent=1) + "\n"


def _to_node(
    cells: dict[str, Any], place: BaseGeometry | None, organisations: Register, phases: Register
) -> dict[str, Any]:
    record = {"id": cells.pop("id"), **_to_place("location", place), **_to_references(cells, organisations, phases)}
    return record | to_fields(cells, NODE_FIELDS, record | dict.fromkeys(_RESERVED))


def _to_span(
    cells: dict[str, Any], place: BaseGeometry | None, organisations: Register, phases: Register
) -> dict[str, Any]:
    record = {
        "id": cells.pop("span_id"),
        "status": STATUS[cells.pop("status")],
        "start": cells.pop("a"),
        "end": cells.pop("b"),
        **_to_place("route", place),
    }
    operator = cells.get("operator")
    record |= _to_references(cells, organisations, phases)
    if operator and OWNER not in record:
        record[OWNER] = organisations.refer(operator, operator)
    return record | to_fields(cells, SPAN_FIELDS, record | dict.fromkeys(_RESERVED))


def _to_references(cells: dict[str, Any], organisations: Register, phases: Register) -> dict[str, Any]:
    """What names a phase or an organisation, taken out of the cells."""
    found: dict[str, Any] = {}
    for name in _REFERENCES:
        value, identifier = cells.pop(name, None), cells.pop(f"{name}_id", None)
        if not isinstance(value, str) or not value:
            continue
        if name == "networkProviders":
            found[name] = [organisations.refer(one, one) for one in dict.fromkeys(value.split("; ")) if one]
        else:
            register = phases if name == "phase" else organisations
            field = OWNER if name == OLD_OWNER else name
            found.setdefault(field, register.refer(str(identifier or value), value))
    return {name: value for name, value in found.items() if value}


def _to_place(field: str, place: BaseGeometry | None) -> Mapping[str, Any]:
    if place is None or place.is_empty:
        return {}
    geometry = shapely.geometry.mapping(place)
    return {field: {"type": geometry["type"], "coordinates": geometry["coordinates"]}}


def _iterate(frame: gpd.GeoDataFrame) -> Iterator[tuple[dict[str, Any], BaseGeometry | None]]:
    """Each row with plain values and its place in longitude and latitude, whole also across the antimeridian."""
    names = [str(name) for name in frame.columns if name != frame.geometry.name]
    lonlat = frame.geometry.to_crs("EPSG:4326").to_numpy()
    places = shapely.transform(lonlat, lambda points: np.round(points, DECIMALS))
    for values, place in zip(zip(*(frame[name] for name in names), strict=True), places, strict=True):
        yield dict(zip(names, map(to_plain, values), strict=True)), place
