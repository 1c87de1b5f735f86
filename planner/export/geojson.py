"""Frames to RFC 7946 files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shapely

from planner.export.lonlat import to_lonlat
from planner.export.plain import to_json, to_plain

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry


def write_geojson(frames: Iterable[gpd.GeoDataFrame], path: Path) -> None:
    """Write frames as one FeatureCollection: WGS84, seven decimals, a feature per line.

    Parameters
    ----------
    frames
        One after the other; each in a CRS of its own. Lists in cells become JSON arrays.
    path
        File to write; its stem is the collection's name.
    """
    features = [feature for frame in frames for feature in to_features(frame)]
    head = f'{{"type":"FeatureCollection","name":{to_json(path.stem)},"features":['
    body = ",\n".join(to_json(feature) for feature in features)
    path.write_text(f"{head}\n{body}\n]}}\n" if features else f"{head}]}}\n", encoding="utf-8", newline="\n")


def to_features(frame: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """GeoJSON features in the order of the rows."""
    names = [str(name) for name in frame.columns if name != frame.geometry.name]
    rows = zip(*(frame[name] for name in names), strict=True)
    return [
        {
            "type": "Feature",
            "properties": dict(zip(names, map(to_plain, row), strict=True)),
            "geometry": _to_geometry(shape),
        }
        for row, shape in zip(rows, to_lonlat(frame.geometry), strict=True)
    ]


def _to_geometry(shape: BaseGeometry | None) -> dict[str, Any] | None:
    if shape is None:
        return None
    geometry: dict[str, Any] = shapely.geometry.mapping(shape)
    return {"type": geometry["type"], "coordinates": geometry["coordinates"]}
