"""Incidents read from files, and what their cuts sever."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS, Geod, Transformer
from risk_cases import to_network
from shapely import LineString, Point

from planner.errors import InputError
from planner.risk import find_severed_spans, read_incident

L93 = CRS.from_epsg(2154)
X, Y = 650_000.0, 6_860_000.0
ORIGIN = np.array([X, Y])
TO_LONLAT = Transformer.from_crs(2154, 4326, always_xy=True)


def line(*xy: tuple[float, float]) -> LineString:
    return LineString([(X + x, Y + y) for x, y in xy])


def cuts(*shapes: Any, **columns: list[Any]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=L93)


LINES = [line((0, 0), (1000, 0)), line((0, 40), (1000, 40)), line((500, -500), (500, 500)), line((0, 500), (1000, 500))]
"""
```
3 ----------+---- 3        0 and 1 are 40 m apart, 2 crosses both
1 ----------|---- 1        and ends on 3
0 ----------|---- 0
            2
```
"""


@pytest.mark.parametrize("is_planar", [True, False])
def test_points_and_lines(is_planar: bool) -> None:
    network = to_network(LINES, is_planar=is_planar, hardened=[3])
    incident = cuts(
        Point(X + 100, Y), Point(X + 100, Y + 20), Point(X + 500, Y + 480), line((200, 20), (600, 20)), Point(X, Y - 90)
    )
    expected = ((0,), (0, 1), (2,), (0, 1, 2), ())
    assert find_severed_spans(network, incident, radius_m=25) == expected
    assert find_severed_spans(network, incident.to_crs(4326), radius_m=25) == expected


def test_discs_are_closed_and_a_cut_may_have_its_own_radius() -> None:
    network = to_network(LINES)
    here = Point(X + 100, Y - 10)
    incident = cuts(here, here, here, radius_m=[np.nan, 50.0, 9.999])
    assert find_severed_spans(network, incident, radius_m=10) == ((0,), (0, 1), ())
    on_it = cuts(Point(X + 100, Y), Point(X + 100, Y + 1e-5))
    assert find_severed_spans(network, on_it, radius_m=0) == ((0,), ())
    assert find_severed_spans(to_network(LINES, is_planar=False), on_it, radius_m=0)[0] == (0,)


def test_near_sites_what_happened_happened() -> None:
    """A cut at the site takes what ends there, unless a clearance is asked for."""
    network = to_network(LINES)
    for planar in (network, to_network(LINES, is_planar=False)):
        incident = cuts(Point(X, Y))
        assert find_severed_spans(planar, incident, radius_m=30) == ((0,),)
        assert find_severed_spans(planar, incident, radius_m=30, site_clearance_m=31) == ((),)
        assert find_severed_spans(planar, incident, radius_m=30, site_clearance_m=29) == ((0,),)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_against_shapes(seed: int) -> None:
    rng = np.random.default_rng(seed)
    lines = [LineString(rng.integers(0, 20, (3, 2)) + ORIGIN) for _ in range(6)]
    shapes = [Point(rng.integers(0, 20, 2) + ORIGIN) for _ in range(5)]
    shapes += [LineString(rng.integers(0, 20, (3, 2)) + ORIGIN) for _ in range(5)]
    radius_m = float(rng.choice([0, 1, 2.5]))
    expected = shapely.distance(np.array(shapes)[:, None], np.array(lines)[None, :]) <= radius_m + 1e-7
    severed = find_severed_spans(to_network(lines), cuts(*shapes), radius_m=radius_m)
    assert severed == tuple(tuple(np.flatnonzero(row).tolist()) for row in expected)


def test_radius_is_true_on_the_ground() -> None:
    """At 70 degrees north, in Mercator: a span 100 m east of the cut, by the map 292 m. And a long line as a cut."""
    geod = Geod(ellps="WGS84")
    east, far = (geod.fwd(15.0, 70.0, 90, away_m)[0] for away_m in (100.0, 400_000.0))
    forth = Transformer.from_crs(4326, 3857, always_xy=True)
    lines = [LineString([forth.transform(lon, lat) for lat in (69.99, 70.01)]) for lon in (east, far)]
    network = to_network(lines, crs=3857, is_planar=False)
    at, along = Point(15, 70), LineString([(15, 70), (far + 1, 70)])
    incident = gpd.GeoDataFrame(geometry=[at, at, along], crs=4326).assign(radius_m=[99.95, 100.05, 0.0])
    assert find_severed_spans(network, incident, radius_m=1) == ((), (0,), (0, 1))


def test_no_cuts_and_no_spans() -> None:
    for is_planar in (True, False):
        assert find_severed_spans(to_network(LINES, is_planar=is_planar), cuts(), radius_m=1) == ()
        nothing = to_network(LINES, is_planar=is_planar, hardened=range(4))
        assert find_severed_spans(nothing, cuts(Point(X, Y)), radius_m=1) == ((),)


def write(path: Path, features: list[tuple[dict[str, Any], dict[str, Any] | None]]) -> Path:
    rows = [{"type": "Feature", "properties": columns, "geometry": shape} for columns, shape in features]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": rows}), encoding="utf-8")
    return path


def point(x: float, y: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": list(TO_LONLAT.transform(X + x, Y + y))}


def test_read_geojson(tmp_path: Path) -> None:
    path = write(
        tmp_path / "night.geojson",
        [
            ({"ID": 7, "name": "Meaux", "time": "2022-04-27T03:20:00", "radius_m": 10}, point(0, 0)),
            ({"ID": None, "name": None, "time": None, "radius_m": None}, point(5, 5)),
        ],
    )
    frame = read_incident(path, L93)
    assert frame.crs == L93
    assert frame["id"].tolist() == ["7", "2"]
    assert frame["name"].tolist() == ["Meaux", "2"]
    assert frame["time"].tolist()[0].startswith("2022-04-27")
    assert frame["time"].tolist()[1] is None
    assert frame["radius_m"][0] == 10
    assert np.isnan(frame["radius_m"][1])
    assert frame.geometry.iloc[1].distance(Point(X + 5, Y + 5)) < 1e-6


def test_read_geopackage_with_layers(tmp_path: Path) -> None:
    path = tmp_path / "cuts.gpkg"
    cuts(line((0, 0), (10, 0)), name=["ditch"]).to_file(path, layer="lines")
    assert read_incident(path, L93)["name"].tolist() == ["ditch"]
    cuts(Point(X, Y), name=["hatch"]).to_file(path, layer="points")
    assert read_incident(f"{path}#points", L93)["name"].tolist() == ["hatch"]
    with pytest.raises(InputError, match="2 layers"):
        read_incident(path, L93)
    with pytest.raises(InputError, match="no layer 'polygons'"):
        read_incident(f"{path}#polygons", L93)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    ring = {"type": "Polygon", "coordinates": [[[2, 48], [3, 48], [3, 49], [2, 48]]]}
    features = [
        ({"id": "a", "radius_m": "wide"}, point(0, 0)),
        ({"id": "a", "radius_m": "-1"}, ring),
        ({"id": "b", "radius_m": None}, None),
    ]
    with pytest.raises(InputError) as caught:
        read_incident(write(tmp_path / "cuts.geojson", features), L93)
    assert [str(fault).split(": ", 1)[0] for fault in caught.value.faults] == [
        "cuts.geojson, row 2 (id 'a')",
        "cuts.geojson, row 3 (id 'b')",
        "cuts.geojson, row 2 (id 'a')",
        "cuts.geojson, row 1 (id 'a')",
        "cuts.geojson, row 2 (id 'a')",
    ]


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_incident(tmp_path / "none.geojson", L93)
    (tmp_path / "broken.geojson").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be read"):
        read_incident(tmp_path / "broken.geojson", L93)
    with pytest.raises(InputError, match="no cut"):
        read_incident(write(tmp_path / "empty.geojson", []), L93)
    pixels = {"type": "Point", "coordinates": [1200, 800]}
    with pytest.raises(InputError, match="outside of ±180, ±90"):
        read_incident(write(tmp_path / "pixels.geojson", [({}, pixels)]), L93)
    (tmp_path / "table.csv").write_text("id,name\n1,a\n", encoding="utf-8")
    with pytest.raises(InputError, match="no geometry"):
        read_incident(tmp_path / "table.csv", L93)
