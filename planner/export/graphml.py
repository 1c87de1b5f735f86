"""The planned network as GraphML."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from planner.errors import Fault, InputError
from planner.export.plain import to_json, to_plain, to_xml_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd
    import networkx as nx

DECIMALS = 7  # of a degree: a centimetre


def to_graphml(title: str, sites: gpd.GeoDataFrame, spans: gpd.GeoDataFrame) -> bytes:
    """Sites as nodes with ``Longitude`` and ``Latitude``, spans as edges with their line as ``wkt``.

    Parameters
    ----------
    title
        Name of the graph.
    sites, spans
        Layers ``sites`` and ``spans`` of a run; their columns become attributes, empty cells none.

    Raises
    ------
    InputError
        When ids differ in nothing that XML can hold.
    """
    import networkx as nx

    graph: nx.MultiGraph[Any] = nx.MultiGraph(name=to_xml_text(title))
    names = _to_names(sites["id"], "site")
    places = sites.geometry.to_crs("EPSG:4326")
    for cells, place in zip(sites.drop(columns=sites.geometry.name).to_dict("records"), places, strict=True):
        graph.add_node(names[cells.pop("id")], **_to_attributes({**cells, **_to_lonlat(place)}))
    keys = _to_names(spans["span_id"], "span")
    lines = spans.geometry.to_crs("EPSG:4326").to_wkt(rounding_precision=DECIMALS)
    for cells, line in zip(spans.drop(columns=spans.geometry.name).to_dict("records"), lines, strict=True):
        span, a, b = (cells.pop(name) for name in ("span_id", "a", "b"))
        graph.add_edge(names[a], names[b], key=keys[span], **_to_attributes({**cells, "wkt": line}))
    return _to_bytes(graph)


def _to_lonlat(place: Any) -> dict[str, float]:
    if place is None or place.is_empty:
        return {}
    return {"Longitude": round(place.x, DECIMALS), "Latitude": round(place.y, DECIMALS)}


def _to_bytes(graph: nx.MultiGraph[Any]) -> bytes:
    import networkx as nx

    out = io.BytesIO()
    nx.write_graphml_xml(graph, out, named_key_ids=False)
    return out.getvalue() + b"\n"


def _to_names(ids: Iterable[str], what: str) -> dict[str, str]:
    """Ids as XML can hold them, each still its own."""
    names = {one: to_xml_text(one) for one in ids}
    if len(set(names.values())) < len(names):
        where = f"{what} ids"
        raise InputError([Fault(where, "some differ only in control characters, which XML cannot hold", "rename them")])
    return names


def _to_attributes(cells: dict[Any, Any]) -> dict[str, Any]:
    plain = {to_xml_text(name): to_plain(cell) for name, cell in cells.items()}
    return {
        # the names of networkx's own parameters
        (f"input_{name}" if name in ("key", "node_for_adding", "u_for_edge", "v_for_edge") else name): _to_value(cell)
        for name, cell in plain.items()
        if cell is not None
    }


def _to_value(cell: Any) -> Any:
    if isinstance(cell, bool | int | float):
        return cell
    return to_xml_text(cell if isinstance(cell, str) else to_json(cell))
