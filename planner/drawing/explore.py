"""Layers as a map to move in, in a browser."""

from __future__ import annotations

import html
import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.drawing.extra import import_extra

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from planner.drawing.layer import Layer

_EMPTY_WORLD = [[-60.0, -180.0], [75.0, 180.0]]


def explore_layers(layers: Sequence[Layer], *, tiles: Any = None) -> Any:
    """Make a map with a switch per layer and a tooltip per shape.

    Parameters
    ----------
    layers
        What to show, the first at the bottom.
    tiles
        Background: a name or an URL of tiles as folium takes it, such as ``"OpenStreetMap"``; none unless given, so
        that no tile server is asked.

    Returns
    -------
    folium.Map
        To be shown in a notebook, or written with its ``save``.

    Raises
    ------
    MissingExtraError
        Where folium is not installed.
    """
    folium = import_extra("folium")
    chart = folium.Map(tiles=tiles, control_scale=True, prefer_canvas=True)
    frames = [(layer, layer.placed.to_crs("EPSG:4326")) for layer in layers]
    shown = [(layer, frame) for layer, frame in frames if len(frame)]
    for layer, frame in shown:
        _to_geojson(folium, layer, frame).add_to(chart)
    chart.fit_bounds(_find_bounds([frame for _, frame in shown]))
    folium.LayerControl(collapsed=False).add_to(chart)
    return chart


def _to_geojson(folium: Any, layer: Layer, frame: gpd.GeoDataFrame) -> Any:
    columns = [name for name in layer.columns if name in frame]
    told = frame[[*columns, frame.geometry.name]].copy()
    for name in columns:
        told[name] = [_to_text(value) for value in frame[name]]
    labels = [name.replace("_", " ") for name in columns]
    return folium.GeoJson(
        told.to_json(),
        name=layer.name,
        style_function=_to_style(layer),
        marker=folium.CircleMarker(radius=layer.width / 2),
        tooltip=folium.GeoJsonTooltip(fields=columns, aliases=labels) if columns else None,
        show=layer.is_shown,
    )


def _to_style(layer: Layer) -> Any:
    is_line = layer.shape == "line"
    style = {
        "color": layer.colour if is_line else layer.outline or layer.colour,
        "weight": layer.width if is_line else 1.0,
        "fill": not is_line,
        "fillColor": layer.colour,
        "fillOpacity": layer.opacity,
        "dashArray": "4 4" if layer.is_dashed else None,
    }
    return lambda _feature: style


def _to_text(value: Any) -> str:
    """Text that a tooltip can show: what it is given it takes for HTML."""
    if isinstance(value, list | tuple):
        return html.escape(", ".join(str(one) for one in value))
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:,.10g}"
    return "" if value is None or value is pd.NA else html.escape(str(value))


def _find_bounds(frames: Sequence[gpd.GeoDataFrame]) -> list[list[float]]:
    if not frames:
        return _EMPTY_WORLD
    bounds = [frame.total_bounds.tolist() for frame in frames]
    west, south = min(box[0] for box in bounds), min(box[1] for box in bounds)
    east, north = max(box[2] for box in bounds), max(box[3] for box in bounds)
    return [[south, west], [north, east]]
