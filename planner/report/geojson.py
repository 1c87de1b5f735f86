"""Map layers as GeoJSON for the page: simplified for the screen, rounded, in longitude and latitude."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry import mapping

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pyproj import CRS
    from shapely.geometry.base import BaseGeometry

    from planner.report.model import Feature, Layer

TOLERANCE_M = 100.0
"""How far a drawn line may run from the true one; well under a pixel on a map of a country."""

MAX_VERTICES = 40_000
"""Beyond this many vertices lines are drawn coarser, so that the page stays small."""

DECIMALS = 5


def to_geojson(layers: tuple[Layer, ...], crs: CRS) -> dict[str, dict[str, Any]]:
    """Per layer a feature collection; properties are short, since they are many.

    ``t`` title, ``f`` facts, ``k`` key, ``l`` label, ``s`` whether held before and after.
    """
    drawn = simplify_layers([[feature.geometry for feature in layer.features] for layer in layers])
    transformer = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)

    def to_degrees(points: NDArray[np.float64]) -> NDArray[np.float64]:
        lon, lat = transformer.transform(points[:, 0], points[:, 1])
        return np.round(np.column_stack([lon, lat]), DECIMALS)

    collections = {}
    for layer, geometries in zip(layers, drawn, strict=True):
        degrees = shapely.transform(np.array(geometries, dtype=object), to_degrees)
        features = [
            {"type": "Feature", "geometry": mapping(geometry), "properties": _to_properties(feature)}
            for feature, geometry in zip(layer.features, degrees, strict=True)
        ]
        collections[layer.key] = {"type": "FeatureCollection", "features": features}
    return collections


def simplify_layers(
    layers: list[list[BaseGeometry]], *, tolerance_m: float = TOLERANCE_M, max_vertices: int = MAX_VERTICES
) -> list[list[BaseGeometry]]:
    """Draw lines and outlines coarser until there are few enough vertices, or no more can be dropped."""
    while True:
        drawn = [_simplify(layer, tolerance_m) for layer in layers]
        num_vertices = sum(int(np.sum(shapely.get_num_coordinates(layer))) for layer in drawn if layer)
        if num_vertices <= max_vertices or tolerance_m > 10_000:
            return drawn
        tolerance_m *= 2


def _simplify(geometries: list[BaseGeometry], tolerance_m: float) -> list[BaseGeometry]:
    """One layer simplified; what would vanish altogether stays as it is."""
    flat = shapely.force_2d(np.array(geometries, dtype=object))
    simple = shapely.simplify(flat, tolerance_m)
    return list(np.where(shapely.is_empty(simple), flat, simple))


def _to_properties(feature: Feature) -> dict[str, Any]:
    properties: dict[str, Any] = {"t": feature.title}
    if feature.facts:
        properties["f"] = feature.facts
    if feature.key:
        properties["k"] = feature.key
    if feature.label:
        properties["l"] = feature.label
    if feature.states:
        properties["s"] = [int(state) for state in feature.states]
    return properties
