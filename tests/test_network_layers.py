"""Files of every format: how they are read, and what is said of those that cannot be."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from network_cases import SITES, faults_of, read, remarks_of, route, site, write_geojson, write_study

from planner.errors import InputError
from planner.network import Network, read_network
from planner.study import Study, read_study

LONLAT = {"Lille": (3.06, 50.63), "Lyon": (4.84, 45.76), "Paris": (2.35, 48.86)}
LINES = {"L-P": ("Lille", "Paris"), "P-Y": ("Paris", "Lyon")}
MINIMAL = '[study]\ncrs = "EPSG:2154"\n[network]\nsites = "{0}"\nroutes = "{1}"\n[cuts]\nsimultaneous = 1\n'


def frames(crs: str) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    points = gpd.GeoDataFrame({"id": list(LONLAT)}, geometry=[*map(shapely.Point, LONLAT.values())], crs=4326)
    lines = [shapely.LineString([LONLAT[a], LONLAT[b]]) for a, b in LINES.values()]
    routes = gpd.GeoDataFrame({"id": list(LINES)}, geometry=lines, crs=4326)
    return points.to_crs(crs), routes.to_crs(crs)


def study_of(folder: Path, sites: str, routes: str) -> Study:
    (folder / "study.toml").write_text(MINIMAL.format(sites, routes), encoding="utf-8")
    return read_study(folder)


def faults_in(study: Study) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_network(study)
    return [str(fault) for fault in caught.value.faults]


def same_network(one: Network, other: Network) -> None:
    np.testing.assert_allclose(
        shapely.get_coordinates(one.spans.geometry), shapely.get_coordinates(other.spans.geometry), atol=0.01
    )
    np.testing.assert_allclose(one.spans["length_m"], other.spans["length_m"], rtol=1e-6)
    assert one.spans["span_id"].tolist() == other.spans["span_id"].tolist()


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:2154", "EPSG:3857"])
@pytest.mark.parametrize("suffix", ["geojson", "gpkg", "shp", "fgb"])
def test_format_and_crs_do_not_matter(tmp_path: Path, suffix: str, crs: str) -> None:
    for name in ("4326", suffix):
        (tmp_path / name).mkdir()
    sites, routes = frames("EPSG:4326")
    sites.to_file(tmp_path / "4326" / "s.geojson")
    routes.to_file(tmp_path / "4326" / "r.geojson")
    expected = read_network(study_of(tmp_path / "4326", "s.geojson", "r.geojson"))
    sites, routes = frames(crs)
    sites.to_file(tmp_path / suffix / f"s.{suffix}")
    routes.to_file(tmp_path / suffix / f"r.{suffix}")
    same_network(read_network(study_of(tmp_path / suffix, f"s.{suffix}", f"r.{suffix}")), expected)


def test_geojson_without_crs_is_longitude_latitude(tmp_path: Path) -> None:
    rows = [{"geometry": {"type": "Point", "coordinates": place}, "id": one} for one, place in LONLAT.items()]
    write_geojson(tmp_path / "s.geojson", rows, crs=None)
    frames("EPSG:4326")[1].to_file(tmp_path / "r.geojson")
    network = read_network(study_of(tmp_path, "s.geojson", "r.geojson"))
    np.testing.assert_allclose(network.sites.to_crs(4326).geometry.x, [3.06, 4.84, 2.35], atol=1e-9)


def test_layers_of_one_geopackage(tmp_path: Path) -> None:
    sites, routes = frames("EPSG:2154")
    sites.to_file(tmp_path / "data.gpkg", layer="points")
    routes.to_file(tmp_path / "data.gpkg", layer="lines")
    assert len(read_network(study_of(tmp_path, "data.gpkg#points", "data.gpkg#lines")).spans) == 2
    faults = faults_in(study_of(tmp_path, "data.gpkg", "data.gpkg#line"))
    assert faults == [
        "data.gpkg: the file has 2 layers; name one of them, as in data.gpkg#points: points, lines",
        "data.gpkg#line: there is no layer 'line'; name one of them, as in data.gpkg#points: points, lines",
    ]


def test_missing_files_are_all_named(tmp_path: Path) -> None:
    frames("EPSG:4326")[0].to_file(tmp_path / "sites.geojson")
    faults = faults_in(study_of(tmp_path, "site.geojson", "nowhere/routes.gpkg"))
    assert faults == [
        "site.geojson: there is no such file; did you mean sites.geojson?",
        "nowhere/routes.gpkg: there is no such file; paths are relative to the study's folder",
    ]


@pytest.mark.parametrize("text", ["", "{", '{"type": "Feature', '{"a": 1}', "\x00\x01\x02"])
def test_file_that_is_no_map(tmp_path: Path, text: str) -> None:
    frames("EPSG:4326")[1].to_file(tmp_path / "r.geojson")
    (tmp_path / "s.geojson").write_text(text, encoding="utf-8")
    (fault,) = faults_in(study_of(tmp_path, "s.geojson", "r.geojson"))
    assert fault.startswith("s.geojson: cannot be read: ")


def test_table_without_places(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("id,name\n1,Paris\n", encoding="utf-8")
    frames("EPSG:4326")[1].to_file(tmp_path / "r.geojson")
    (fault,) = faults_in(study_of(tmp_path, "s.csv", "r.geojson"))
    assert fault.startswith("s.csv: has no geometry; give it a column wkt, or columns lon and lat")


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
@pytest.mark.parametrize("suffix", ["gpkg", "shp"])
def test_missing_crs_is_a_fault(tmp_path: Path, suffix: str) -> None:
    sites, routes = frames("EPSG:2154")
    sites.set_crs(None, allow_override=True).to_file(tmp_path / f"s.{suffix}")
    routes.to_file(tmp_path / "r.gpkg")
    (fault,) = faults_in(study_of(tmp_path, f"s.{suffix}", "r.gpkg"))
    assert fault.startswith(f"s.{suffix}: does not say which CRS its coordinates are in; write it with its CRS")


def test_missing_id_column_names_the_nearest(tmp_path: Path) -> None:
    rows = [{**row, "ident": row["id"], "label": "x"} for row in SITES]
    for row in rows:
        del row["id"]
    assert faults_of(tmp_path, rows, [route("r", (0, 0), (10, 0))]) == [
        "sites.geojson: there is no column 'id'; did you mean 'ident'? (its columns: ident, label)"
    ]


def test_id_of_a_geojson_feature(tmp_path: Path) -> None:
    """RFC 7946 puts a feature's id beside its properties."""
    write_study(tmp_path, SITES, [route("r", (0, 0), (10, 0))])
    document = json.loads((tmp_path / "sites.geojson").read_text())
    for feature in document["features"]:
        feature["id"] = feature["properties"].pop("id")
        feature["properties"]["name"] = "x"
    (tmp_path / "sites.geojson").write_text(json.dumps(document))
    assert read_network(read_study(tmp_path)).sites["site_id"].tolist() == ["A", "B", "C"]


def test_key_of_a_database_named_id(tmp_path: Path) -> None:
    sites, routes = frames("EPSG:2154")
    sites.drop(columns="id").to_file(tmp_path / "s.gpkg", layer_options={"FID": "id"})
    routes.to_file(tmp_path / "r.gpkg")
    assert read_network(study_of(tmp_path, "s.gpkg", "r.gpkg")).sites["site_id"].tolist() == ["1", "2", "3"]


def test_letters_of_known_columns_may_be_of_any_case(tmp_path: Path) -> None:
    rows = [{"geometry": row["geometry"], "ID": row["id"], "Name": f"Site {row['id']}"} for row in SITES]
    network = read(tmp_path, rows, [{**route("r", (0, 0), (10, 0)), "STATUS": "candidate"}])
    assert network.sites["name"].tolist() == ["Site A", "Site B", "Site C"]
    assert network.routes["status"].tolist() == ["candidate"]


def test_heights_are_left_out_and_said(tmp_path: Path) -> None:
    network = read(tmp_path, [site("A", (0, 0, 50)), *SITES[1:]], [route("r", (0, 0, 5), (10, 0, 7))])
    assert not network.sites.geometry.has_z.any()
    assert not network.spans.geometry.has_z.any()
    assert remarks_of(network, "dropped_z") == [
        "sites.geojson: The heights of 1 row were left out.",
        "routes.geojson: The heights of 1 row were left out.",
    ]


def test_line_of_one_vertex_does_not_hide_the_others(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, SITES, [route("r", (0, 0)), route("s", (0, 0), (10, 0)), route("t", (5, 50), (6, 60))])
    assert faults[0] == "routes.geojson, row 1 (id 'r'): has no line, or a broken one; draw the line or remove the row"
    assert "row 3 (id 't'): no site lies within" in faults[1]


def test_nested_cells_become_text(tmp_path: Path) -> None:
    network = read(tmp_path, SITES, [route("r", (0, 0), (10, 0), owner={"name": "Telco"}, tags=["a", "b"])])
    assert network.routes["owner"].tolist() == ['{"name": "Telco"}']
    assert network.routes["tags"].tolist() == ['["a", "b"]']


def test_empty_files(tmp_path: Path) -> None:
    assert faults_of(tmp_path, [], []) == ["sites.geojson: has no rows; give at least one site"]
    network = read(tmp_path, SITES, [])
    assert (len(network.routes), len(network.spans), len(network.regions)) == (0, 0, 3)
