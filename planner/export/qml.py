"""QGIS styles (QML) made from the palette."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

# Old enough for every QGIS that reads a GeoPackage's styles, new enough not to be converted.
QGIS_VERSION = "3.22.0"
DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"

Shape = Literal["marker", "line", "fill"]
_LAYER_CLASS = {"marker": "SimpleMarker", "line": "SimpleLine", "fill": "SimpleFill"}

# QGIS's numbers: 6 is beside a point, best place first; 2 is along a line (flags: above and below it)
_PLACEMENTS = {
    "marker": {"placement": "6", "predefinedPositionOrder": "TR,TL,BR,BL,R,L,TSR,BSR", "offsetType": "1"},
    "line": {"placement": "2", "placementFlags": "10"},
    "fill": {"placement": "1"},
}


@dataclass(frozen=True, slots=True)
class Symbol:
    """One symbol: what kind of geometry it draws, QGIS's own settings for it, and its opacity."""

    shape: Shape
    settings: Mapping[str, str]
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Rule:
    """A symbol for the features that a QGIS expression picks.

    Parameters
    ----------
    filter
        QGIS expression; empty for all.
    label
        Text in the legend.
    is_shown
        False for features that the reader switches on.
    """

    filter: str
    label: str
    symbol: Symbol
    is_shown: bool = True


@dataclass(frozen=True, slots=True)
class Style:
    """Rules of a layer, and the column that labels its features, if any."""

    rules: Sequence[Rule] = field(default_factory=tuple)
    label_column: str = ""
    label_colour: str = "#000000"


def to_marker(colour: str, size_mm: float, *, outline: str = "#ffffff", opacity: float = 1.0) -> Symbol:
    """A disc."""
    settings = {
        "name": "circle",
        "color": _to_rgba(colour),
        "outline_color": _to_rgba(outline),
        "outline_width": "0.3",
        "size": f"{size_mm:g}",
        "size_unit": "MM",
    }
    return Symbol("marker", settings, opacity)


def to_line(colour: str, width_mm: float, *, is_dashed: bool = False) -> Symbol:
    """A line, dashed or drawn through."""
    settings = {
        "line_color": _to_rgba(colour),
        "line_width": f"{width_mm:g}",
        "line_width_unit": "MM",
        "line_style": "dash" if is_dashed else "solid",
        "capstyle": "round",
        "joinstyle": "round",
    }
    return Symbol("line", settings)


def to_fill(colour: str, *, opacity: float = 1.0) -> Symbol:
    """A filled area with a thin grey edge."""
    settings = {
        "color": _to_rgba(colour),
        "style": "solid",
        "outline_color": _to_rgba("#808080"),
        "outline_style": "solid",
        "outline_width": "0.2",
        "outline_width_unit": "MM",
    }
    return Symbol("fill", settings, opacity)


def to_qml(style: Style) -> str:
    """A style as the text of a QML document."""
    root = ET.Element("qgis", version=QGIS_VERSION, styleCategories="Symbology|Labeling")
    add_style(root, style)
    return DOCTYPE + ET.tostring(root, encoding="unicode")


def add_style(parent: ET.Element, style: Style) -> None:
    """Add a style to the root of a QML document or to a layer of a QGIS project: both hold it in the same form."""
    parent.set("labelsEnabled", "1" if style.label_column else "0")
    renderer = ET.SubElement(
        parent, "renderer-v2", type="RuleRenderer", symbollevels="0", enableorderby="0", forceraster="0"
    )
    rules = ET.SubElement(renderer, "rules", key="{rules}")
    symbols = ET.SubElement(renderer, "symbols")
    for number, rule in enumerate(style.rules):
        node = ET.SubElement(rules, "rule", key=f"{{rule-{number}}}", symbol=str(number), label=rule.label)
        if rule.filter:
            node.set("filter", rule.filter)
        if not rule.is_shown:
            node.set("checkstate", "0")
        _add_symbol(symbols, str(number), rule.symbol)
    if style.label_column:
        _add_labels(parent, style)


def _add_symbol(parent: ET.Element, name: str, symbol: Symbol) -> None:
    node = ET.SubElement(
        parent, "symbol", name=name, type=symbol.shape, alpha=f"{symbol.opacity:g}", clip_to_extent="1"
    )
    kind = _LAYER_CLASS[symbol.shape]
    layer = ET.SubElement(node, "layer", {"class": kind, "enabled": "1", "pass": "0", "locked": "0"})
    options = ET.SubElement(layer, "Option", type="Map")
    for key, value in symbol.settings.items():
        ET.SubElement(options, "Option", name=key, type="QString", value=value)


def _add_labels(root: ET.Element, style: Style) -> None:
    labeling = ET.SubElement(root, "labeling", type="simple")
    settings = ET.SubElement(labeling, "settings", calloutType="simple")
    text = ET.SubElement(settings, "text-style", fieldName=style.label_column, isExpression="0")
    text.attrib |= {
        "fontSize": "9",
        "fontSizeUnit": "Point",
        "textColor": _to_rgba(style.label_colour),
        "textOpacity": "1",
    }
    ET.SubElement(
        text,
        "text-buffer",
        bufferDraw="1",
        bufferSize="0.8",
        bufferSizeUnits="MM",
        bufferColor=_to_rgba("#ffffff"),
    )
    placement = ET.SubElement(settings, "placement", dist="1.5", distUnits="MM")
    placement.attrib |= _PLACEMENTS[style.rules[0].symbol.shape]
    # labels may lie over lines: a dense network would leave no room for them otherwise
    ET.SubElement(settings, "rendering", obstacle="0", drawLabels="1")


def _to_rgba(colour: str) -> str:
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return f"{red},{green},{blue},255"
