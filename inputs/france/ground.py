"""Between longitude and latitude and the metric plane that distances are measured in, and the files of features."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

# Lambert-93: the French national grid, true to about 0.1 % in the mainland
METRIC_CRS = "EPSG:2154"
DECIMALS = 5

_TO_METRIC = Transformer.from_crs("EPSG:4326", METRIC_CRS, always_xy=True)
_TO_LONLAT = Transformer.from_crs(METRIC_CRS, "EPSG:4326", always_xy=True)


def to_metric(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, 2) metres in Lambert-93 of (n, 2) degrees."""
    return np.column_stack(_TO_METRIC.transform(lonlat[:, 0], lonlat[:, 1]))


def to_lonlat(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, 2) degrees of (n, 2) metres in Lambert-93."""
    return np.column_stack(_TO_LONLAT.transform(xy[:, 0], xy[:, 1]))


def to_feature(properties: Mapping[str, Any], geometry: shapely.Geometry) -> dict[str, Any]:
    """One GeoJSON feature of a geometry in degrees, rounded to about a metre."""
    return {"type": "Feature", "properties": dict(properties), "geometry": _to_geojson(geometry)}


def write_features(path: Path, features: Iterable[Mapping[str, Any]]) -> None:
    """Write a FeatureCollection, one feature a line, so that versions of the file can be compared."""
    lines = [json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in features]
    text = '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"
    path.write_text(text, encoding="utf-8", newline="\n")


def _to_geojson(geometry: shapely.Geometry) -> dict[str, Any]:
    mapping = shapely.geometry.mapping(geometry)
    return {"type": mapping["type"], "coordinates": _rounded(mapping["coordinates"])}


def _rounded(coordinates: Any) -> Any:
    if isinstance(coordinates, float):
        # whole numbers without ".0"
        value = round(coordinates, DECIMALS)
        return int(value) if value == int(value) else value
    return [_rounded(part) for part in coordinates]
