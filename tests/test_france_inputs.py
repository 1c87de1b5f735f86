"""The French example is whole: what it ships can be read, joined up and replayed."""

from __future__ import annotations

import csv
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import Geod

from planner.study import read_study

FOLDER = Path(__file__).parents[1] / "inputs" / "france"
STUDIES = ("study.toml", "study-two-cuts.toml", "study-regions.toml", "study-sections.toml")
SNAP_M = 250
GEOD = Geod(ellps="WGS84")


def read_layer(name: str) -> gpd.GeoDataFrame:
    return gpd.read_file(FOLDER / f"{name}.geojson")


@pytest.fixture(scope="module")
def sites() -> gpd.GeoDataFrame:
    return read_layer("sites")


@pytest.fixture(scope="module")
def existing() -> gpd.GeoDataFrame:
    return read_layer("routes")


@pytest.fixture(scope="module")
def candidates() -> gpd.GeoDataFrame:
    return read_layer("candidates")


@pytest.fixture(scope="module")
def regions() -> gpd.GeoDataFrame:
    return read_layer("regions")


def test_counts(
    sites: gpd.GeoDataFrame, existing: gpd.GeoDataFrame, candidates: gpd.GeoDataFrame, regions: gpd.GeoDataFrame
) -> None:
    assert 36 <= len(sites) <= 50
    assert len(existing) == 47
    assert len(candidates) >= 200
    assert len(regions) == 12
    assert set(existing["status"]) == {"existing"}
    assert set(candidates["status"]) == {"candidate"}


def test_ids_are_unique(
    sites: gpd.GeoDataFrame, existing: gpd.GeoDataFrame, candidates: gpd.GeoDataFrame, regions: gpd.GeoDataFrame
) -> None:
    assert sites["id"].is_unique
    assert regions["code"].is_unique
    assert not {*existing["id"]} & {*candidates["id"]}
    assert existing["id"].is_unique
    assert candidates["id"].is_unique


def test_existing_routes_are_the_links(existing: gpd.GeoDataFrame) -> None:
    with (FOLDER / "links.csv").open(encoding="utf-8", newline="") as file:
        links = {(row["link"], row["end_a"], row["end_b"]) for row in csv.DictReader(file)}
    assert set(zip(existing["id"], existing["a"], existing["b"], strict=True)) == links


@pytest.mark.parametrize("layer", ["existing", "candidates"])
def test_routes_end_at_their_sites(layer: str, sites: gpd.GeoDataFrame, request: pytest.FixtureRequest) -> None:
    routes = request.getfixturevalue(layer)
    place = dict(zip(sites["id"], sites.geometry, strict=True))
    assert set(routes.geom_type) == {"LineString"}
    for end, position in (("a", 0), ("b", -1)):
        vertex = shapely.get_coordinates(shapely.get_point(routes.geometry.to_numpy(), position))
        site = shapely.get_coordinates([place[one] for one in routes[end]])
        _, _, distances_m = GEOD.inv(vertex[:, 0], vertex[:, 1], site[:, 0], site[:, 1])
        assert np.max(distances_m) <= SNAP_M


@pytest.mark.parametrize("layer", ["existing", "candidates"])
def test_routes_pass_no_other_site(layer: str, sites: gpd.GeoDataFrame, request: pytest.FixtureRequest) -> None:
    routes = request.getfixturevalue(layer).to_crs("EPSG:2154")
    points = sites.to_crs("EPSG:2154")
    pairs = points.sindex.query(routes.geometry, predicate="dwithin", distance=SNAP_M)
    passed = [
        (routes["id"].iloc[route], sites["id"].iloc[site])
        for route, site in pairs.T.tolist()
        if sites["id"].iloc[site] not in (routes["a"].iloc[route], routes["b"].iloc[route])
    ]
    assert passed == []


def test_routes_say_that_their_ground_is_inferred(existing: gpd.GeoDataFrame, candidates: gpd.GeoDataFrame) -> None:
    assert {*existing["ground"], *candidates["ground"]} == {"inferred"}
    assert {*existing["kind"], *candidates["kind"]} == {"rail", "road"}


def test_shared_trenches_are_identical(existing: gpd.GeoDataFrame) -> None:
    """Paris to Lille and Paris to Compiègne run in one trench for some 60 km: the very same pieces of line."""
    line_of = dict(zip(existing["id"], existing.geometry, strict=True))
    pieces = [
        {frozenset(piece) for piece in pairwise(line_of[route].coords)} for route in ("lille-paris", "compiegne-paris")
    ]
    shared = shapely.MultiLineString([sorted(piece) for piece in pieces[0] & pieces[1]])
    shared_m = GEOD.geometry_length(shared)
    assert shared_m > 40_000


def test_regions_share_their_borders_and_hold_the_cities(sites: gpd.GeoDataFrame, regions: gpd.GeoDataFrame) -> None:
    assert regions.is_valid.all()
    assert shapely.coverage_is_valid(regions.geometry.to_numpy())
    assert (regions["population"] > 1_000_000).all()
    found = sites.sjoin(regions, predicate="within")
    assert dict(zip(found["id"], found["code"], strict=True)) == {
        site: code for site, code in zip(sites["id"], sites["region_code"], strict=True) if site != "geneve"
    }
    assert set(found["code"]) == set(regions["code"])


def test_sites_have_weights_and_no_region_column(sites: gpd.GeoDataFrame) -> None:
    assert (sites["weight"] > 0).all()
    assert "region" not in sites.columns  # it would group the cities in the studies that name no regions


def test_incident_lies_on_the_routes_that_it_cut(existing: gpd.GeoDataFrame) -> None:
    cuts = read_layer("incident-2022-04-27")
    assert len(cuts) == 4
    assert set(cuts["artery"]) == {"Paris-Lille", "Paris-Lyon", "Paris-Strasbourg"}
    radius_m = read_study(FOLDER).cuts.radius_m
    route_of = existing.to_crs("EPSG:2154").set_index("id").geometry
    points = cuts.to_crs("EPSG:2154").geometry
    distances_m = shapely.distance(np.asarray(points), np.asarray(route_of.loc[cuts["route"]]))
    assert np.all(distances_m < radius_m / 10)


@pytest.mark.parametrize("name", STUDIES)
def test_studies_are_right_and_their_files_are_there(name: str) -> None:
    study = read_study(FOLDER / name)
    assert all(file.is_file() for file in study.input_files)
    assert study.cuts.site_clearance_m >= study.cuts.radius_m
    kinds = {*read_layer("candidates")["kind"]}
    assert kinds <= {*study.costs.per_km}


def test_folder_is_small() -> None:
    assert sum(file.stat().st_size for file in FOLDER.iterdir() if file.is_file()) < 3_000_000


def test_coordinates_are_rounded(candidates: gpd.GeoDataFrame) -> None:
    xy = shapely.get_coordinates(candidates.geometry.to_numpy())
    assert np.array_equal(xy, np.round(xy, 5))
