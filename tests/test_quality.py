"""Doubts about places and lengths: what is odd in the data is said, what cannot be is a fault."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from format_cases import CUTS, write_text
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import InputError
from planner.network import Network, read_network
from planner.study import read_study

TOWNS = {"B": (-1.68, 48.11), "L": (4.84, 45.76), "M": (5.37, 43.30), "N": (-1.55, 47.22), "P": (2.35, 48.86)}
CHAIN = [("B", "N"), ("N", "P"), ("P", "L"), ("L", "M")]


def read(folder: Path, towns: dict[str, tuple[float, float]], lengths: dict[str, list[float]] | None = None) -> Network:
    """A chain of towns, lines drawn to where the towns truly are."""
    gpd.GeoDataFrame({"id": list(towns)}, geometry=[*map(shapely.Point, towns.values())], crs=4326).to_file(
        folder / "sites.geojson"
    )
    lines = [shapely.LineString([TOWNS[a], TOWNS[b]]) for a, b in CHAIN]
    columns = {"id": [a + b for a, b in CHAIN], **(lengths or {})}
    gpd.GeoDataFrame(columns, geometry=lines, crs=4326).to_file(folder / "routes.geojson")
    text = '[study]\nname = "x"\n[network]\nsites = "sites.geojson"\nroutes = "routes.geojson"\n'
    write_text(folder, "study.toml", text + CUTS)
    return read_network(read_study(folder))


def doubts(network: Network, kind: str) -> list[str]:
    found = [remark for remark in network.remarks if remark.kind == kind]
    assert all(remark.is_warning for remark in found)
    return [remark.what for remark in found]


def test_good_network_raises_no_doubt(tmp_path: Path) -> None:
    network = read(tmp_path, TOWNS, {"km": [105, 360, 400, 300]})
    assert not doubts(network, "place")
    assert not doubts(network, "length")


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ((151.2, -33.9), "km from the middle of the sites, at longitude 151.2, latitude -33.9."),
        ((48.5, 2.1), "latitude 2.1, and would be among them with longitude and latitude swapped."),
        ((0.0, 0.0), "Its longitude and latitude are 0, in the sea off Africa: its place is likely missing."),
    ],
)
def test_site_that_is_likely_elsewhere(tmp_path: Path, place: tuple[float, float], expected: str) -> None:
    (doubt,) = doubts(read(tmp_path, {**TOWNS, "X": place}), "place")
    assert doubt.endswith(expected)


def test_far_department_of_a_country_is_only_a_doubt(tmp_path: Path) -> None:
    assert len(doubts(read(tmp_path, {**TOWNS, "Reunion": (55.5, -21.1)}), "place")) == 1


def test_swapped_file_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, {one: (y, x) for one, (x, y) in TOWNS.items()})
    assert str(caught.value.faults[0]) == (
        "sites.geojson: longitude and latitude are swapped, in it or in the routes: no site lies where the routes do; "
        "give longitude first"
    )


def test_swapped_beyond_the_pole_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="they look swapped: give longitude first, then latitude"):
        read(tmp_path, {**TOWNS, "X": (35.7, 139.7)})


def test_places_like_pixels(tmp_path: Path) -> None:
    pixels = {one: (float(n), float(40 + n)) for n, one in enumerate("FGHIJK")}
    gpd.GeoDataFrame({"id": list(pixels)}, geometry=[*map(shapely.Point, pixels.values())], crs=4326).to_file(
        tmp_path / "sites.geojson"
    )
    lines = [shapely.LineString([pixels["F"], pixels["G"]])]
    gpd.GeoDataFrame({"id": ["FG"]}, geometry=lines, crs=4326).to_file(tmp_path / "routes.geojson")
    text = '[study]\nname = "x"\n[network]\nsites = "sites.geojson"\nroutes = "routes.geojson"\n'
    write_text(tmp_path, "study.toml", text + CUTS)
    (doubt,) = doubts(read_network(read_study(tmp_path)), "place")
    assert doubt.startswith("All coordinates are whole numbers: pixels of a picture")


def test_length_far_from_the_line(tmp_path: Path) -> None:
    (doubt,) = doubts(read(tmp_path, TOWNS, {"km": [105, 360, 4000, 300]}), "length")
    assert doubt == "It has 4,000.0 km by its column 'km' and 392.7 km by its line."


@pytest.mark.parametrize(
    ("lengths", "unit"),
    [
        ({"km": [99_000, 350_000, 395_000, 277_000]}, "metres"),
        ({"length_km": [62, 216, 244, 173]}, "miles"),
    ],
)
def test_lengths_in_another_unit_are_said_once(tmp_path: Path, lengths: dict[str, list[float]], unit: str) -> None:
    (doubt,) = doubts(read(tmp_path, TOWNS, lengths), "length")
    assert doubt == f"Its column {next(iter(lengths))!r} seems to be in {unit}: lengths were taken from the lines."


@given(st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=1, max_size=12))
def test_places_are_judged_without_a_stumble(places: list[tuple[float, float]]) -> None:
    import numpy as np
    from pyproj import CRS

    from planner.network.columns import to_objects
    from planner.network.notes import Notes
    from planner.network.places import remark_places
    from planner.network.sites import SiteTable

    notes, lonlat = Notes(), np.array(places)
    frame = gpd.pd.DataFrame({"site_id": to_objects([str(row) for row in range(len(places))])})
    points = np.array([shapely.Point(place) for place in places], dtype=object)
    wheres = np.array(frame["site_id"], dtype=object)
    sites = SiteTable("s", frame, points, CRS.from_epsg(4326), wheres, frozenset(), True, None)
    remark_places(sites, lonlat, notes)
    # a quarter of the sites at most can lie far from where three quarters of them lie
    assert sum("km from the middle" in remark.what for remark in notes.remarks) <= len(places) / 4 + 1
