"""Report -> report.html: one file that needs no network, with its script and styles allowed by their hashes alone."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from planner.report.cells import is_numeric, to_text
from planner.report.chart import to_chart_drawing
from planner.report.frontier import to_frontier_drawing
from planner.report.gallery import to_gallery_drawing
from planner.report.geojson import to_geojson
from planner.report.language import LOCALES, say, to_language
from planner.report.model import Bullets, Chart, Facts, Frontier, Gallery, Table, Tornado
from planner.report.staticmap import to_drawing
from planner.report.style import STYLES, to_mark_size, to_style_dict
from planner.report.tornado import to_tornado_drawing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from planner.report.model import Report, Section


def write_html(report: Report, path: Path) -> None:
    """Write the report as one HTML file.

    Parameters
    ----------
    path
        File to write; replaced where it exists.
    """
    path.write_text(to_html(report), encoding="utf-8", newline="\n")


def to_html(report: Report) -> str:
    """The report as the text of an HTML page."""
    script, style = _to_script(), _to_css() + to_running_header(report.title)
    keys = {feature.key for layer in report.layers for feature in layer.features if feature.key}
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            report=report,
            locale=LOCALES[to_language()].replace("_", "-"),
            policy=_to_policy(script, style),
            script=Markup(script),
            style=Markup(style),
            map_data=Markup(_to_json(_to_map_data(report))),
            drawing=to_drawing(report.layers),
            styles=STYLES,
            find=lambda finds: _find_keys(finds, keys),
        )
    )


def to_plain_page(*, title: str, headline: str, statements: Sequence[str], sections: Sequence[Section]) -> str:
    """A page in the same style without a map of its own: sections under a headline, nothing that runs."""
    style = _to_css() + to_running_header(title)
    return (
        _environment()
        .get_template("plain.html.j2")
        .render(
            title=title,
            headline=headline,
            statements=statements,
            sections=sections,
            locale=LOCALES[to_language()].replace("_", "-"),
            policy=_to_policy("", style),
            style=Markup(style),
        )
    )


def to_running_header(title: str) -> str:
    """A rule that prints the study's name on every page but the first; every sign of the name escaped."""
    text = "".join(char if char.isascii() and char.isalnum() else f"\\{ord(char):06x}" for char in title)
    return f'\n@page {{ @top-left {{ content: "{text}" }} }}\n@page :first {{ @top-left {{ content: none }} }}\n'


def _to_map_data(report: Report) -> dict[str, Any]:
    collections = to_geojson(report.layers, report.crs)
    layers = [
        {"key": layer.key, "size": to_mark_size(len(layer.features)), "data": collections[layer.key]}
        for layer in report.layers
    ]
    words = {"zoom_in": say("Zoom in"), "zoom_out": say("Zoom out"), "close": say("Close")}
    return {"layers": layers, "styles": to_style_dict(), "has_after": report.has_after, "words": words}


def _to_json(data: dict[str, Any]) -> str:
    """JSON that cannot end the script element it stands in."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _find_keys(finds: tuple[str, ...], keys: set[str]) -> str:
    """Those of the map features that the map has, as a JSON list; empty for none."""
    known = [key for key in finds if key in keys]
    return json.dumps(known, ensure_ascii=False) if known else ""


def _to_policy(script: str, style: str) -> str:
    """Content-Security-Policy that allows these two texts and nothing else, no request of any kind included."""
    return (
        f"default-src 'none'; script-src '{_to_hash(script)}'; style-src '{_to_hash(style)}';"
        " base-uri 'none'; form-action 'none'"
    )


def _to_hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _to_script() -> str:
    """Leaflet with its licence, then the page's own script."""
    leaflet = _read("leaflet/leaflet.js").replace("//# sourceMappingURL=leaflet.js.map", "")
    return f"\n/*\n{_read('leaflet/LICENSE')}*/\n{leaflet}\n{_read('map.js')}"


@cache
def _to_css() -> str:
    """Leaflet's styles without their pictures, which are other files, then the page's own."""
    leaflet = re.sub(r"[^{};]*url\((?!#)[^)]*\)[^;}]*;?", "", _read("leaflet/leaflet.css"))
    return f"\n{leaflet}\n{_read('page.css')}\n{_read('print.css')}"


def _to_linked(text: str) -> Markup:
    """A sentence of our own with the names of the files beside the page as links."""
    return Markup(re.sub(r"(tables\.xlsx|report\.md)", r'<a href="\1">\1</a>', str(escape(text))))


def _read(name: str) -> str:
    return files("planner.report").joinpath("assets", name).read_text(encoding="utf-8").replace("\r\n", "\n")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("planner.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["say"] = say
    environment.filters["text"] = to_text
    environment.filters["linked"] = _to_linked
    environment.filters["drawn"] = to_chart_drawing
    environment.filters["plotted"] = to_frontier_drawing
    environment.filters["swung"] = to_tornado_drawing
    environment.filters["laid_out"] = to_gallery_drawing
    environment.tests["numeric"] = is_numeric
    for name, block in (
        ("table", Table),
        ("facts", Facts),
        ("bullets", Bullets),
        ("chart", Chart),
        ("tornado", Tornado),
        ("gallery", Gallery),
        ("frontier", Frontier),
    ):
        environment.tests[name] = lambda value, block=block: isinstance(value, block)
    return environment
