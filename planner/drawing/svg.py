"""Layers as a small map in SVG: no script, no network, no text from the input."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from planner.drawing.layer import find_drawn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from planner.drawing.layer import Layer

    type ToPixels = Callable[[NDArray[np.float64]], NDArray[np.float64]]

WIDTH, HEIGHT, MARGIN = 420.0, 320.0, 8.0
MAX_SHAPES = 4000
"""Of a layer: of more the largest are drawn."""


def to_svg(layers: Sequence[Layer], crs: Any) -> str:
    """Draw layers, the first at the bottom.

    Parameters
    ----------
    layers
        What to draw.
    crs
        Metric CRS of the drawing.

    Returns
    -------
    str
        An ``<svg>`` element of at most 420 by 320 pixels with a legend below; empty where nothing has a place.
    """
    drawn = find_drawn(layers, crs)
    if not drawn:
        return ""
    bounds = np.array([frame.total_bounds for _, frame in drawn])
    low, high = bounds[:, :2].min(axis=0), bounds[:, 2:].max(axis=0)
    room = np.array([WIDTH, HEIGHT]) - 2 * MARGIN
    scale = float((room / np.maximum(high - low, 1.0)).min())
    width, height = ((high - low) * scale + 2 * MARGIN).round(1).tolist()

    def to_pixels(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack([points[:, 0] - low[0], high[1] - points[:, 1]]) * scale + MARGIN

    shapes = "".join(_to_path(layer, _to_shapes(frame, 0.5 / scale), to_pixels) for layer, frame in drawn)
    size = f'viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}"'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="map" {size}>{shapes}</svg>'
    return f'<div style="background:#fff;max-width:{WIDTH:g}px">{svg}{_to_legend([layer for layer, _ in drawn])}</div>'


def _to_shapes(frame: gpd.GeoDataFrame, tolerance_m: float) -> list[BaseGeometry]:
    shapes = shapely.get_parts(frame.geometry.to_numpy(dtype=object))
    if len(shapes) > MAX_SHAPES:
        size = np.ptp(shapely.bounds(shapes).reshape(-1, 2, 2), axis=1).max(axis=1)
        shapes = shapes[np.sort(np.argsort(-size, kind="stable")[:MAX_SHAPES])]
    return list(shapely.simplify(shapes, tolerance_m, preserve_topology=False))


def _to_path(layer: Layer, shapes: Sequence[BaseGeometry], to_pixels: ToPixels) -> str:
    moved = [shapely.transform(shape, to_pixels) for shape in shapes if not shape.is_empty]
    points = "".join(_to_moves(points, is_ring=False) + "h0" for shape in moved for points in _iter_points(shape))
    lines = "".join(_to_moves(line, is_ring=False) for shape in moved for line in _iter_lines(shape))
    rings = "".join(_to_moves(ring, is_ring=True) for shape in moved for ring in _iter_rings(shape))
    colour, outline = layer.colour, layer.outline or layer.colour
    dash = ' stroke-dasharray="3 3"' if layer.is_dashed else ""
    parts = []
    if rings:
        fill = f'fill="{colour}" fill-opacity="{layer.opacity:g}" fill-rule="evenodd"'
        parts.append(f'<path d="{rings}" {fill} stroke="{outline}" stroke-width="0.5"/>')
    if lines:
        parts.append(f'<path d="{lines}" fill="none" stroke="{colour}" stroke-width="{layer.width:g}"{dash}/>')
    if points:  # a round cap makes a dot of a line of no length
        caps = f'<path d="{points}" fill="none" stroke-linecap="round"'
        parts.append(f'{caps} stroke="{outline}" stroke-width="{layer.width + 1.5:g}"/>' if layer.outline else "")
        parts.append(f'{caps} stroke="{colour}" stroke-opacity="{layer.opacity:g}" stroke-width="{layer.width:g}"/>')
    return "".join(parts)


def _iter_points(shape: BaseGeometry) -> Iterator[NDArray[np.float64]]:
    if shape.geom_type == "Point":
        yield shapely.get_coordinates(shape)


def _iter_lines(shape: BaseGeometry) -> Iterator[NDArray[np.float64]]:
    if shape.geom_type in ("LineString", "LinearRing"):
        yield shapely.get_coordinates(shape)


def _iter_rings(shape: BaseGeometry) -> Iterator[NDArray[np.float64]]:
    for part in shapely.get_parts(shape):  # simplifying may have made several of one
        if part.geom_type == "Polygon":
            yield from (shapely.get_coordinates(ring) for ring in shapely.get_rings(part))


def _to_moves(points: NDArray[np.float64], *, is_ring: bool) -> str:
    rounded = np.round(points, 1) + 0.0
    kept = np.r_[True, (np.diff(rounded, axis=0) != 0).any(axis=1)]
    rest = "".join(f"L{x:g} {y:g}" for x, y in rounded[kept][1:].tolist())
    return f"M{rounded[0, 0]:g} {rounded[0, 1]:g}{rest}" + ("Z" if is_ring else "")


def _to_legend(layers: Sequence[Layer]) -> str:
    marks = "".join(
        f'<span style="margin-right:1em;white-space:nowrap"><span style="display:inline-block;width:1em;'
        f"height:{'0.25em' if layer.shape == 'line' else '0.7em'};vertical-align:middle;margin-right:0.3em;"
        f"border-radius:{'50%' if layer.shape == 'point' else '0'};"
        f'background:{layer.colour};border:1px solid {layer.outline or layer.colour}"></span>'
        f"{html.escape(layer.name)}</span>"
        for layer in layers
    )
    return f'<div style="font-size:85%;color:#1b2229;white-space:normal">{marks}</div>'
