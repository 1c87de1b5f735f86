"""The same map as a still drawing, for paper and for readers without scripts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from planner.report.geojson import simplify_layers
from planner.report.style import STYLES, Style, to_mark_size

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from planner.report.model import Feature, Layer

WIDTH = 640.0
MARGIN = 24.0
FONT_SIZE = 13.0
MAX_LABELS = 60
MAX_VERTICES = 15_000


@dataclass(frozen=True, slots=True)
class Shape:
    """One path or mark, in the drawing's pixels."""

    path: str
    is_weak: bool
    x: float = 0.0
    y: float = 0.0


@dataclass(frozen=True, slots=True)
class Group:
    """One layer's shapes with their look; marks are drawn `size` pixels wide."""

    key: str
    style: Style
    size: float
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Label:
    """A site's name beside its mark; `anchor` says on which side the text starts."""

    text: str
    x: float
    y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything that the SVG template draws."""

    width: float
    height: float
    groups: tuple[Group, ...]
    labels: tuple[Label, ...]


def to_drawing(layers: tuple[Layer, ...]) -> Drawing:
    """Lay the layers that are on out on a sheet of fixed width, in the study's own projection."""
    shown = [layer for layer in layers if layer.is_on and layer.features]
    geometries = [feature.geometry for layer in shown for feature in layer.features]
    if not geometries:
        return Drawing(WIDTH, 0.0, (), ())
    to_pixels, scale, height = to_projection(shapely.total_bounds(np.array(geometries, dtype=object)), WIDTH, MARGIN)
    groups = tuple(to_group(layer, to_pixels, tolerance_m=0.4 / scale) for layer in shown)
    sites = next((layer.features for layer in shown if layer.key == "sites"), ())
    return Drawing(WIDTH, height, groups, place_labels(sites, to_pixels, WIDTH, height))


def to_projection(
    bounds: NDArray[np.float64], width: float, margin: float
) -> tuple[Callable[[NDArray[np.float64]], NDArray[np.float64]], float, float]:
    """Metres to pixels (y downwards), with pixels per metre and the sheet's height."""
    x0, y0, x1, y1 = bounds
    inner = width - 2 * margin
    scale = min(inner / max(x1 - x0, 1.0), inner / max(y1 - y0, 1.0))
    height = round((y1 - y0) * scale + 2 * margin, 1)
    left = (width - (x1 - x0) * scale) / 2

    def to_pixels(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack([left + (points[:, 0] - x0) * scale, margin + (y1 - points[:, 1]) * scale])

    return to_pixels, scale, height


def to_group(
    layer: Layer, to_pixels: Callable[[NDArray[np.float64]], NDArray[np.float64]], *, tolerance_m: float
) -> Group:
    """One layer's shapes in pixels, drawn as fine as a tolerance asks."""
    lines = [feature.geometry for feature in layer.features]
    drawn = simplify_layers([lines], tolerance_m=tolerance_m, max_vertices=MAX_VERTICES)[0]
    shapes = []
    for feature, geometry in zip(layer.features, drawn, strict=True):
        pixels = shapely.transform(geometry, to_pixels)
        is_weak = bool(feature.states and not feature.states[1])
        if STYLES[layer.key].shape in ("site", "mark"):
            x, y = np.round(shapely.get_coordinates(pixels)[0], 1).tolist()
            shapes.append(Shape("", is_weak, x, y))
        else:
            shapes.append(Shape(_to_path(pixels), is_weak))
    return Group(layer.key, STYLES[layer.key], to_mark_size(len(shapes)), tuple(shapes))


def _to_path(geometry: BaseGeometry) -> str:
    """SVG path data of lines and polygons, rings closed."""
    parts = []
    for part in shapely.get_parts(geometry):
        is_area = part.geom_type == "Polygon"
        rings = [part.exterior, *part.interiors] if is_area else [part]
        for ring in rings:
            points = np.round(shapely.get_coordinates(ring), 1)
            steps = np.round(np.diff(points, axis=0), 1).tolist()
            moves = "".join(f"l{x:g} {y:g}" for x, y in steps if x or y)
            parts.append(f"M{points[0, 0]:g} {points[0, 1]:g}{moves}" + ("Z" if is_area else ""))
    return "".join(parts)


def place_labels(
    sites: tuple[Feature, ...],
    to_pixels: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    width: float,
    height: float,
) -> tuple[Label, ...]:
    """Name sites in their order, each right or left of its mark, wherever no other name stands already."""
    taken: list[tuple[float, float, float, float]] = []
    labels: list[Label] = []
    for site in sites:
        if not site.label or len(labels) == MAX_LABELS:
            continue
        x, y = to_pixels(shapely.get_coordinates(site.geometry)[:1])[0].tolist()
        for label, box in _to_label_choices(site.label, x, y):
            inside = box[0] >= 0 and box[2] <= width and box[1] >= 0 and box[3] <= height
            if inside and not any(_overlap(box, other) for other in taken):
                taken.append(box)
                labels.append(label)
                break
    return tuple(labels)


def _to_label_choices(text: str, x: float, y: float) -> list[tuple[Label, tuple[float, float, float, float]]]:
    width = len(text) * FONT_SIZE * 0.58
    top, bottom = y - FONT_SIZE * 0.7, y + FONT_SIZE * 0.7
    base = round(y + FONT_SIZE * 0.35, 1)
    right = Label(text, round(x + 9, 1), base, "start"), (x + 7, top, x + 11 + width, bottom)
    left = Label(text, round(x - 9, 1), base, "end"), (x - 11 - width, top, x - 7, bottom)
    return [right, left]


def _overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
