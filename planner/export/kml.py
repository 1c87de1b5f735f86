"""The map as a KML document: folders Existing, New, Critical cuts and Regions."""

from __future__ import annotations

import html
import io
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from planner.drawing import palette
from planner.export.kml_marks import to_critical, to_existing, to_new, to_regions
from planner.export.plain import to_xml_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from planner.export.kml_marks import Mark

NAMESPACE = "http://www.opengis.net/kml/2.2"


def to_kml(title: str, layers: Mapping[str, gpd.GeoDataFrame], *, survives_column: str) -> bytes:
    """Draw the layers as KML, which needs nothing from a network.

    Parameters
    ----------
    title
        Name of the document.
    layers
        As `planner.result.frames.every.to_layers` makes them.
    survives_column
        Column that colours the regions.
    """
    root = ET.Element("kml", xmlns=NAMESPACE)
    document = ET.SubElement(root, "Document")
    _add_text(document, "name", title)
    _add_styles(document)
    folders = {
        "Existing": to_existing(layers),
        "New": to_new(layers),
        "Critical cuts": to_critical(layers),
        "Regions": to_regions(layers, survives_column),
    }
    for name, marks in folders.items():
        folder = ET.SubElement(document, "Folder")
        _add_text(folder, "name", name)
        for mark in marks:
            _add_mark(folder, mark)
    out = io.BytesIO()
    ET.ElementTree(root).write(out, encoding="utf-8", xml_declaration=True)
    return out.getvalue()


def _add_text(parent: ET.Element, tag: str, text: object) -> None:
    ET.SubElement(parent, tag).text = to_xml_text(text)


def _add_styles(document: ET.Element) -> None:
    for name, colour, width in (("existing", palette.EXISTING, 2), ("new", palette.NEW, 4)):
        line = ET.SubElement(_add_style(document, name), "LineStyle")
        _add_text(line, "color", _to_abgr(colour))
        _add_text(line, "width", width)
    for when, colour in palette.CRITICAL.items():
        _add_icon(_add_style(document, f"critical_{when}"), colour, 1.0)
    fills = {f"region{survives}": colour for survives, colour in palette.SURVIVES.items()}
    for name, colour in {**fills, "region": palette.UNKNOWN}.items():
        style = _add_style(document, name)
        _add_icon(style, colour, 0.7)
        line = ET.SubElement(style, "LineStyle")
        _add_text(line, "color", "ff808080")
        _add_text(ET.SubElement(style, "PolyStyle"), "color", _to_abgr(colour, alpha=0x99))


def _add_style(document: ET.Element, name: str) -> ET.Element:
    return ET.SubElement(document, "Style", id=name)


def _add_icon(style: ET.Element, colour: str, scale: float) -> None:
    """Colour the viewer's own pin: a picture of ours would have to be fetched."""
    icon = ET.SubElement(style, "IconStyle")
    _add_text(icon, "color", _to_abgr(colour))
    _add_text(icon, "scale", scale)


def _to_abgr(colour: str, *, alpha: int = 0xFF) -> str:
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return f"{alpha:02x}{blue:02x}{green:02x}{red:02x}"


def _add_mark(folder: ET.Element, mark: Mark) -> None:
    node = ET.SubElement(folder, "Placemark")
    _add_text(node, "name", mark.name)
    if not mark.is_shown:
        _add_text(node, "visibility", 0)
    _add_text(node, "description", _to_description(mark.facts))
    _add_text(node, "styleUrl", f"#{mark.style}")
    data = ET.SubElement(node, "ExtendedData")
    for name, value in mark.ids.items():
        _add_text(ET.SubElement(data, "Data", name=name), "value", value)
    if mark.shape is not None:
        _add_shape(node, mark.shape)


def _to_description(facts: Mapping[str, str]) -> str:
    """A table in HTML, which viewers render: so the user's words are escaped here, and once more as XML."""
    rows = (
        f"<tr><th align='left'>{html.escape(name)}</th><td>{html.escape(to_xml_text(value))}</td></tr>"
        for name, value in facts.items()
        if value
    )
    return f"<table>{''.join(rows)}</table>"


def _add_shape(parent: ET.Element, shape: BaseGeometry) -> None:
    if hasattr(shape, "geoms"):
        several = ET.SubElement(parent, "MultiGeometry")
        for part in shape.geoms:
            _add_shape(several, part)
        return
    node = ET.SubElement(parent, shape.geom_type)
    if shape.geom_type != "Point":
        _add_text(node, "tessellate", 1)
    if isinstance(shape, shapely.Polygon):
        _add_ring(ET.SubElement(node, "outerBoundaryIs"), shape.exterior)
        for hole in shape.interiors:
            _add_ring(ET.SubElement(node, "innerBoundaryIs"), hole)
    else:
        _add_text(node, "coordinates", _to_coordinates(shape))


def _add_ring(parent: ET.Element, ring: Any) -> None:
    _add_text(ET.SubElement(parent, "LinearRing"), "coordinates", _to_coordinates(ring))


def _to_coordinates(shape: BaseGeometry) -> str:
    """Plain decimals: KML readers trip over exponents such as 1e-07."""
    points = shapely.get_coordinates(shape)
    return " ".join(",".join(np.format_float_positional(number, trim="-") for number in point) for point in points)
