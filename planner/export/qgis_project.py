"""A QGIS project that shows the GeoPackage in which it lies as a finished map."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
import zipfile
from typing import TYPE_CHECKING

import numpy as np

from planner.export.plain import to_xml_text
from planner.export.qml import DOCTYPE, QGIS_VERSION, add_style
from planner.export.zips import to_zip_entry

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    from pyproj import CRS

    from planner.export.qml import Style

# top first; the folders of the KMZ, and what lies in each
GROUPS = {
    "Existing": ("sites", "spans"),
    "New": ("new_routes", "rejected_routes"),
    "Critical cuts": ("critical_cuts", "critical_stretches", "risk_groups"),
    "Regions": ("regions_without_polygon", "regions"),
}
# hundreds of these would lie over the plan: the reader switches them on
HIDDEN = frozenset({"rejected_routes", "risk_groups"})
_KINDS = {"Point": "Point", "LineString": "Line", "Polygon": "Polygon"}
_MARGIN = 0.05  # of the map's width and height, on each side


def to_qgz(
    title: str,
    file_name: str,
    crs: CRS,
    layers: Mapping[str, gpd.GeoDataFrame],
    types: Mapping[str, str],
    styles: Mapping[str, Style],
) -> bytes:
    """Make the project as a zip archive; the same layers give the same bytes.

    Parameters
    ----------
    title
        Title of the map.
    file_name
        Name of the GeoPackage that holds the layers and will hold the project.
    crs
        CRS of the map and of every layer.
    layers
        Layer name to frame, bottom layer first. Empty ones are left out.
    types
        Layer name to geometry type.
    styles
        Layer name to style.
    """
    shown = {name: frame for name, frame in layers.items() if not frame.geometry.isna().all()}
    root = ET.Element("qgis", version=QGIS_VERSION, projectname=to_xml_text(title))
    _add_text(root, "title", title)
    ET.SubElement(root, "trust", active="0")
    if shown:
        _add_crs(ET.SubElement(root, "projectCrs"), crs)
        _add_tree(root, list(shown), file_name)
        _add_canvas(root, shown, crs)
        projectlayers = ET.SubElement(root, "projectlayers")
        for name in shown:
            layer = _add_layer(projectlayers, name, _to_source(file_name, name), types[name], crs)
            add_style(layer, styles[name])
    properties = ET.SubElement(root, "properties")
    ET.SubElement(ET.SubElement(properties, "Paths"), "Absolute", type="bool").text = "false"
    # without this QGIS passes over the CRS of the project
    ET.SubElement(ET.SubElement(properties, "SpatialRefSys"), "ProjectionsEnabled", type="int").text = "1"
    return _to_zip(DOCTYPE + ET.tostring(root, encoding="unicode"))


def _add_tree(root: ET.Element, names: list[str], file_name: str) -> None:
    """The legend in groups, and the order of drawing, which is that of the layers and not of the groups."""
    tree = ET.SubElement(root, "layer-tree-group")
    for group, members in GROUPS.items():
        there = [name for name in members if name in names]
        if not there:
            continue
        node = ET.SubElement(tree, "layer-tree-group", name=group, checked="Qt::Checked", expanded="1")
        for name in there:
            entry = ET.SubElement(node, "layer-tree-layer", id=_to_id(name), name=_to_title(name), providerKey="ogr")
            entry.attrib |= {
                "source": _to_source(file_name, name),
                "checked": "Qt::Unchecked" if name in HIDDEN else "Qt::Checked",
                "expanded": "0",
            }
    order = ET.SubElement(tree, "custom-order", enabled="1")
    for name in reversed(names):
        _add_text(order, "item", _to_id(name))


def _add_canvas(root: ET.Element, layers: Mapping[str, gpd.GeoDataFrame], crs: CRS) -> None:
    canvas = ET.SubElement(root, "mapcanvas", name="theMapCanvas", annotationsVisible="1")
    _add_text(canvas, "units", "degrees" if crs.is_geographic else "meters")
    bounds = np.array([frame.total_bounds for frame in layers.values()])
    low, high = bounds[:, :2].min(axis=0), bounds[:, 2:].max(axis=0)
    margin = _MARGIN * (high - low)
    extent = ET.SubElement(canvas, "extent")
    corners = [f"{number:.6f}" for number in (*(low - margin), *(high + margin))]
    named = dict(zip(("xmin", "ymin", "xmax", "ymax"), corners, strict=True))
    for tag, number in named.items():
        _add_text(extent, tag, number)
    _add_text(canvas, "rotation", 0)
    _add_crs(ET.SubElement(canvas, "destinationsrs"), crs)
    # what "zoom full" shows, and programs without a window
    settings = ET.SubElement(root, "ProjectViewSettings", UseProjectScales="0")
    _add_crs(ET.SubElement(settings, "DefaultViewExtent", named), crs)


def _add_layer(parent: ET.Element, name: str, source: str, geometry_type: str, crs: CRS) -> ET.Element:
    kind = _KINDS[geometry_type.removeprefix("Multi")]
    layer = ET.SubElement(parent, "maplayer", type="vector", geometry=kind, wkbType=geometry_type)
    _add_text(layer, "id", _to_id(name))
    _add_text(layer, "datasource", source)
    _add_text(layer, "layername", _to_title(name))
    _add_crs(ET.SubElement(layer, "srs"), crs)
    ET.SubElement(layer, "provider", encoding="UTF-8").text = "ogr"
    return layer


def _add_crs(parent: ET.Element, crs: CRS) -> None:
    """By its name where it has one, and in full."""
    node = ET.SubElement(parent, "spatialrefsys")
    _add_text(node, "wkt", crs.to_wkt("WKT2_2019"))
    authority = crs.to_authority()
    _add_text(node, "authid", ":".join(authority) if authority else "")
    _add_text(node, "description", crs.name)


def _add_text(parent: ET.Element, tag: str, text: object) -> None:
    ET.SubElement(parent, tag).text = to_xml_text(text)


def _to_id(name: str) -> str:
    """QGIS replaces ids of ten characters or fewer by random ones."""
    return f"planner_{name}"


def _to_source(file_name: str, name: str) -> str:
    """Beside the project, which is in the file itself: so that the folder can be moved."""
    return f"./{file_name}|layername={name}"


def _to_title(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _to_zip(text: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(to_zip_entry("plan.qgs"), text.encode("utf-8"))
    return out.getvalue()
