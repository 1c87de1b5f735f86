"""Reads the XML of SNDlib, the library of survivable network design."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.network.formats.graph_frame import Link, Node, to_raw
from planner.network.formats.safe_xml import read_xml
from planner.network.formats.source import FormatError, Raw, Source

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

# what a link says of itself, by its place in the file
CELLS = {
    "capacity": "preInstalledModule/capacity",
    "setup_cost": "setupCost",
    "routing_cost": "routingCost",
}
LISTS = {"module_capacity": "additionalModules/addModule/capacity", "module_cost": "additionalModules/addModule/cost"}


def read_sndlib(source: Source) -> Raw:
    """Read the nodes or links of a network; demands are left out.

    Raises
    ------
    FormatError
        Where its coordinates are pixels and the study does not say what CRS they are to count as.
    """
    root = read_xml(source.path)
    for element in root.iter():
        element.tag = str(element.tag).rpartition("}")[2]  # with and without the namespace
    nodes = root.find("networkStructure/nodes")
    if nodes is None:
        raise FormatError("is no network of SNDlib: it has no nodes", "give a file with a networkStructure")
    if nodes.get("coordinatesType") == "pixel" and source.crs is None:
        raise FormatError(
            "its coordinates are pixels of a picture, not places",
            'give the places, or name network.file_crs and distances = "plane" to take pixels for metres',
        )
    links = root.findall("networkStructure/links/link")
    return to_raw([_to_node(node) for node in nodes.findall("node")], [_to_link(link) for link in links], source)


def _to_node(node: Element) -> Node:
    return Node(node.get("id", ""), _text(node, "coordinates/x"), _text(node, "coordinates/y"), {})


def _to_link(link: Element) -> Link:
    cells: dict[str, Any] = {name: _text(link, place) for name, place in CELLS.items()}
    for name, place in LISTS.items():
        cells[name] = "; ".join(one.text.strip() for one in link.findall(place) if one.text) or None
    cells = {name: cell for name, cell in cells.items() if cell is not None}
    return Link(link.get("id"), _text(link, "source") or "", _text(link, "target") or "", cells)


def _text(element: Element, place: str) -> str | None:
    return (element.findtext(place) or "").strip() or None
