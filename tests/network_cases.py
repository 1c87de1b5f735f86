"""Writes small studies for the tests of the network stage, and reads them.

Places are kilometres from one point of France on the plane of EPSG:2154, so that lengths are plain to see.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from planner.errors import InputError
from planner.network import Network, read_network
from planner.study import Study, read_study

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ORIGIN = (700_000.0, 6_600_000.0)
Place = tuple[float, float]
Row = dict[str, Any]


def to_xy(place: Sequence[float]) -> list[float]:
    """Kilometres to coordinates of EPSG:2154."""
    return [ORIGIN[0] + 1000 * place[0], ORIGIN[1] + 1000 * place[1], *place[2:]]


def site(one: str, place: Place, **cells: Any) -> Row:
    return {"geometry": {"type": "Point", "coordinates": to_xy(place)}, "id": one, **cells}


def route(one: str, *places: Sequence[float], **cells: Any) -> Row:
    return {"geometry": {"type": "LineString", "coordinates": [*map(to_xy, places)]}, "id": one, **cells}


def multi(one: str, *parts: Sequence[Place], **cells: Any) -> Row:
    coordinates = [[*map(to_xy, part)] for part in parts]
    return {"geometry": {"type": "MultiLineString", "coordinates": coordinates}, "id": one, **cells}


def square(one: str, corner: Place, size: float, **cells: Any) -> Row:
    (x, y), s = corner, size
    ring = [*map(to_xy, [(x, y), (x + s, y), (x + s, y + s), (x, y + s), (x, y)])]
    return {"geometry": {"type": "Polygon", "coordinates": [ring]}, "id": one, **cells}


def write_geojson(path: Path, rows: Iterable[Row], crs: str | None = "EPSG:2154") -> None:
    """Write rows as GeoJSON: every key but geometry is a property."""
    features = [
        {
            "type": "Feature",
            "properties": {key: value for key, value in row.items() if key != "geometry"},
            "geometry": row["geometry"],
        }
        for row in rows
    ]
    document: dict[str, Any] = {"type": "FeatureCollection", "features": features}
    if crs is not None:
        document["crs"] = {"type": "name", "properties": {"name": crs}}
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


def write_study(
    folder: Path,
    sites: Iterable[Row] | None = None,
    routes: Iterable[Row] | None = None,
    *,
    candidates: Iterable[Row] | None = None,
    polygons: Iterable[Row] | None = None,
    crs: str | None = "EPSG:2154",
    **settings: str,
) -> Study:
    """Write a study's files and read its study.toml; each setting is lines of the section of that name.

    ``candidates_`` are lines of the section, for `candidates` are rows.
    """
    files = {"sites": sites, "routes": routes, "candidates": candidates, "regions": polygons}
    for name, rows in files.items():
        if rows is not None:
            write_geojson(folder / f"{name}.geojson", rows, crs)
    sections = {
        "study": 'distances = "plane"' if crs == "EPSG:2154" else "",
        "network": 'sites = "sites.geojson"\nroutes = "routes.geojson"',
        "candidates": "" if candidates is None else 'routes = "candidates.geojson"',
        "regions": "" if polygons is None else 'polygons = "regions.geojson"',
        "cuts": "simultaneous = 1",
    }
    for name, lines in settings.items():
        section = name.rstrip("_")
        sections[section] = f"{sections.get(section, '')}\n{lines}"
    text = "\n".join(f"[{name}]\n{lines}" for name, lines in sections.items() if lines or name in {"study"})
    (folder / "study.toml").write_text(text, encoding="utf-8")
    return read_study(folder)


def read(folder: Path, *args: Any, **kwargs: Any) -> Network:
    """Write a study's files and read its network."""
    return read_network(write_study(folder, *args, **kwargs))


def faults_of(folder: Path, *args: Any, **kwargs: Any) -> list[str]:
    """Write a study's files and return the faults found in them."""
    study = write_study(folder, *args, **kwargs)
    with pytest.raises(InputError) as caught:
        read_network(study)
    return [str(fault) for fault in caught.value.faults]


def remarks_of(network: Network, kind: str) -> list[str]:
    return [f"{remark.where}: {remark.what}" for remark in network.remarks if remark.kind == kind]


def warnings_of(network: Network) -> list[str]:
    return [f"{remark.where}: {remark.what}" for remark in network.remarks if remark.is_warning]


SITES = [site("A", (0, 0)), site("B", (10, 0)), site("C", (20, 0))]
"""``A - 10 km - B - 10 km - C``"""
