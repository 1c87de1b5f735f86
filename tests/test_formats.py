"""Every format that is read gives the same network, sniffed or named; columns that standards know are kept."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from format_cases import (
    CUTS,
    LINKS,
    SITES,
    WRITERS,
    route_frame,
    site_frame,
    to_kml,
    to_package,
    to_study,
    write_sample,
    write_text,
)

from planner.errors import InputError
from planner.network import Network, read_network
from planner.network.formats.sniff import find_format
from planner.study import read_study

DATA = Path(__file__).parent.parent.parent / "shared" / "data"


def read(folder: Path) -> Network:
    return read_network(read_study(folder))


def faults_in(folder: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(folder)
    return [str(fault) for fault in caught.value.faults]


def study_in(folder: Path, sites: str, routes: str, settings: str = "") -> Path:
    write_text(folder, "study.toml", to_study(sites, routes, settings))
    return folder


@pytest.mark.parametrize("name", sorted(WRITERS))
def test_every_format_gives_the_same_network(tmp_path: Path, name: str) -> None:
    expected = read(write_sample(tmp_path / "expected", "geojson"))
    folder = write_sample(tmp_path / name, name)
    before = sorted(folder.iterdir())
    network = read(folder)
    assert sorted(folder.iterdir()) == before
    assert network.routes["route_id"].tolist() == expected.routes["route_id"].tolist()
    assert set(network.sites["name"]) <= {"Nantes", "Paris", "Reims", "Lyon", *"NPRL"}
    np.testing.assert_allclose(network.routes["length_km"], expected.routes["length_km"], rtol=1e-5)


@pytest.mark.parametrize(
    ("name", "file", "expected"),
    [
        ("csv", "sites.csv", "csv"),
        ("fgb", "sites.fgb", "fgb"),
        ("gml", "sites.gml", "gml"),
        ("gpkg", "net.gpkg", "gpkg"),
        ("graphml", "net.graphml", "graphml"),
        ("kml", "net.kml", "kml"),
        ("kmz", "net.kmz", "zip"),
        ("ofds", "net.json", "ofds"),
        ("parquet", "sites.parquet", "parquet"),
        ("shp", "sites.shp", "shp"),
        ("sndlib", "net.xml", "sndlib"),
        ("zoo", "net.gml", "zoo"),
    ],
)
def test_format_is_told_by_content(tmp_path: Path, name: str, file: str, expected: str) -> None:
    folder = write_sample(tmp_path, name)
    assert find_format(folder / file) == expected
    if name not in ("csv", "shp"):
        disguised = (folder / file).rename(folder / "data.bin")
        assert find_format(disguised) == expected


def test_format_can_be_named(tmp_path: Path) -> None:
    write_sample(tmp_path, "csv")
    (tmp_path / "links.csv").rename(tmp_path / "links.dat")
    (tmp_path / "sites.csv").rename(tmp_path / "sites.dat")
    settings = 'site_columns = { id = "ref" }\nroute_columns = { a = "from", b = "to" }\n'
    study_in(tmp_path, "csv:sites.dat", "csv:links.dat", settings)
    assert len(read(tmp_path).routes) == len(LINKS)
    assert [path.name for path in read_study(tmp_path).input_files] == ["study.toml", "sites.dat", "links.dat"]


def test_one_map_of_points_and_lines(tmp_path: Path) -> None:
    features = [
        feature
        for frame in (site_frame(), route_frame())
        for feature in json.loads(frame.to_json(drop_id=True))["features"]
    ]
    write_text(tmp_path, "net.geojson", json.dumps({"type": "FeatureCollection", "features": features}))
    network = read(study_in(tmp_path, "net.geojson", "net.geojson"))
    assert (len(network.sites), len(network.routes)) == (4, 6)


def test_zip_with_several_maps_wants_a_name(tmp_path: Path) -> None:
    write_sample(tmp_path, "zip")
    assert faults_in(study_in(tmp_path, "net.zip", "net.zip#links")) == [
        "net.zip: holds 2 maps; name one of them, as in net.zip#routes: routes, sites",
        "net.zip#links: holds no map 'links'; name one of them, as in net.zip#routes: routes, sites",
    ]


def test_ofds_fields_are_kept_as_columns(tmp_path: Path) -> None:
    for name in ("ofds", "ofds-geojson"):
        network = read(write_sample(tmp_path / name, name))
        span = network.routes.set_index("route_id").loc["PR"]
        assert span["operator"] == span["physicalInfrastructureProvider"] == "Arcep Fibre"
        assert span["physicalInfrastructureProvider_id"] == "FR-1"
        assert (span["deployment"], float(span["capacity"])) == ("belowGround; aboveGround", 400)
        assert span["phase"] == ("First phase" if name == "ofds" else "1")
        assert (span["start_id"], span["end_id"]) == ("P", "R")


def test_network_of_a_package_by_name(tmp_path: Path) -> None:
    package = to_package()
    package["networks"] = [*package["networks"], {"id": "n2", "name": "Other", "nodes": [], "spans": []}]  # type: ignore[misc]
    write_text(tmp_path, "net.json", json.dumps(package))
    assert len(read(study_in(tmp_path, "net.json#Net", "net.json#n1")).routes) == 6
    assert faults_in(study_in(tmp_path, "net.json#Other", "net.json#x")) == [
        "net.json#Other: holds no nodes; name a file that does",
        "net.json#x: there is no network 'x'; name one of them by name or id: Net, Other",
    ]


def test_span_that_is_said_to_end_elsewhere_is_doubted(tmp_path: Path) -> None:
    package = to_package()
    package["networks"][0]["spans"][0]["end"] = "L"  # type: ignore[index]
    write_text(tmp_path, "net.json", json.dumps(package))
    remarks = read(study_in(tmp_path, "net.json", "net.json")).remarks
    what = "It ends at 'P' and 'R' by its line, which counts, and at 'P' and 'L' by its columns."
    assert [remark.is_warning for remark in remarks if remark.what == what] == [True]


def test_graph_without_places_needs_a_choice(tmp_path: Path) -> None:
    write_sample(tmp_path, "zoo")
    text = (tmp_path / "net.gml").read_text(encoding="utf-8").replace("    Longitude -1.55\n", "")
    write_text(tmp_path, "net.gml", text)
    (fault,) = faults_in(tmp_path)
    assert fault.startswith("net.gml, row 1 (id '0'): has no point")
    network = read(study_in(tmp_path, "net.gml", "net.gml", 'unplaced = "drop"\n'))
    assert network.routes["route_id"].tolist() == ["PL", "PR", "RL"]
    assert [remark.what for remark in network.remarks if remark.kind == "dropped"] == [
        "It has no coordinates and was left out, as network.unplaced asks.",
        "3 routes were left out, since they end at sites that were left out.",
        *["It ends at a site that was left out, and so was it."] * 3,
    ]


def test_pixels_are_no_places_but_may_be_taken_for_metres(tmp_path: Path) -> None:
    write_sample(tmp_path, "sndlib")
    write_text(tmp_path, "net.xml", (tmp_path / "net.xml").read_text(encoding="utf-8").replace("geographical", "pixel"))
    assert faults_in(tmp_path)[0].startswith("net.xml: its coordinates are pixels of a picture, not places; ")
    plane = '[study]\nname = "x"\ndistances = "plane"\n[network]\nsites = "net.xml"\nroutes = "net.xml"\n'
    write_text(tmp_path, "study.toml", f'{plane}file_crs = "EPSG:3857"\nsite_snap_m = 0.1\n{CUTS}')
    assert read(tmp_path).routes["length_km"].max() < 0.01


@pytest.mark.parametrize("crs", ["EPSG:2154", None])
def test_coordinates_without_crs_take_the_one_named(tmp_path: Path, crs: str | None) -> None:
    frame = site_frame("EPSG:2154")
    rows = [f"{one},{place.x},{place.y}" for one, place in zip(frame["id"], frame.geometry, strict=True)]
    write_text(tmp_path, "sites.csv", "\n".join(["id,x,y", *rows]))
    route_frame().to_file(tmp_path / "routes.geojson")
    settings = f'file_crs = "{crs}"\n' if crs else ""
    study_in(tmp_path, "sites.csv", "routes.geojson", settings)
    if crs:
        assert len(read(tmp_path).routes) == 6
    else:
        assert "metres need their own CRS named" in faults_in(tmp_path)[0]


def test_property_called_geometry_is_one_more_column(tmp_path: Path) -> None:
    write_sample(tmp_path, "geojson")
    text = (tmp_path / "sites.geojson").read_text(encoding="utf-8")
    write_text(tmp_path, "sites.geojson", text.replace('"name": "Paris"', '"name": "Paris", "geometry": "mine"'))
    assert len(read(tmp_path).sites) == 4


@pytest.mark.skipif(not DATA.is_dir(), reason="the real files are not here")
@pytest.mark.parametrize(
    ("file", "num_sites", "num_routes"),
    [
        ("zoo/Geant2012.gml", 37, 58),
        ("zoo/Renater2010.gml", 37, 48),
        ("zoo/Bellcanada.gml", 48, 65),
        ("sndlib/abilene.xml", 12, 15),
        ("sndlib/cost266.xml", 37, 57),
        ("sndlib/nobel-eu.xml", 28, 41),
    ],
)
def test_real_graphs(tmp_path: Path, file: str, num_sites: int, num_routes: int) -> None:
    path = str(DATA / file)
    network = read(_auto_crs(study_in(tmp_path, path, path, 'unplaced = "drop"\n')))
    assert (len(network.sites), len(network.routes)) == (num_sites, num_routes)


@pytest.mark.skipif(not DATA.is_dir(), reason="the real files are not here")
def test_real_lines_of_mali_need_no_renaming(tmp_path: Path) -> None:
    settings = (
        'site_columns = { id = "node_id" }\nsite_snap_m = 3000\nroute_where = { status = "operational" }\n'
        'route_columns = { id = "line_id", a = "from", b = "to", operator = "operator_name", length_m = "distance" }\n'
    )
    files = [str(DATA / "watra" / "mali" / f"MAL_{part}.geojson") for part in ("nodes", "lines")]
    network = read(_auto_crs(study_in(tmp_path, *files, settings)))
    assert set(network.routes["status"]) == {"existing"}
    assert network.routes["operator"].notna().all()
    # the user's own column stays beside the one that it stands for
    assert (network.routes["operator_name"] == network.routes["operator"]).all()
    assert not [remark for remark in network.remarks if remark.kind == "length"]


@pytest.mark.skipif(not DATA.is_dir(), reason="the real files are not here")
def test_real_pixels_are_refused(tmp_path: Path) -> None:
    path = str(DATA / "sndlib" / "france.xml")
    assert "pixels of a picture" in faults_in(study_in(tmp_path, path, path))[0]


def _auto_crs(folder: Path) -> Path:
    text = (folder / "study.toml").read_text(encoding="utf-8").replace('crs = "EPSG:2154"\n', "")
    write_text(folder, "study.toml", text)
    return folder


def test_zipped_package_and_geopackage(tmp_path: Path) -> None:
    write_sample(tmp_path, "gpkg")
    with zipfile.ZipFile(tmp_path / "net.zip", "w") as archive:
        archive.write(tmp_path / "net.gpkg", "deep/er/net.gpkg")
    network = read(study_in(tmp_path, "net.zip#sites", "net.zip#routes"))
    assert len(network.routes) == 6
    assert isinstance(network.sites.geometry.iloc[0], shapely.Point)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("12,5", 12.5), ("1 234,5", 1234.5), ("1\u202f234", 1234.0), ("1\u00a0234,25", 1234.25), ("7", 7.0), ("2.5", 2.5)],
)
def test_numbers_as_the_french_write_them(tmp_path: Path, cell: str, expected: float) -> None:
    folder = study_in(tmp_path, "sites.csv", "links.csv", 'site_columns = { id = "ref" }\n')
    write_sample(tmp_path / "sample", "csv")
    (folder / "sites.csv").write_bytes((tmp_path / "sample" / "sites.csv").read_bytes())
    rows = [f"{a}{b};{a};{b};Aérien;{cell}" for a, b in LINKS]
    text = "\r\n".join(["id;a;b;Pose;km", *rows])
    (folder / "links.csv").write_bytes(text.encode("utf-8-sig"))
    text = (folder / "study.toml").read_text(encoding="utf-8") + '[candidates]\nroutes = "more.csv"\n'
    write_text(folder, "study.toml", text)
    write_text(folder, "more.csv", f"id;a;b;cost\nx;P;R;{cell}\n")
    routes = read(folder).routes.set_index("route_id")
    assert routes.loc["x", "cost"] == expected
    assert routes.loc["PR", "Pose"] == "Aérien"


def test_number_that_may_be_two_is_a_fault(tmp_path: Path) -> None:
    folder = write_sample(tmp_path, "csv")
    text = (folder / "study.toml").read_text(encoding="utf-8") + '[candidates]\nroutes = "more.csv"\n'
    write_text(folder, "study.toml", text)
    write_text(folder, "more.csv", "id;a;b;cost\nx;P;R;1,234\n")
    (fault,) = faults_in(folder)
    assert "cost is '1,234'" in fault


def test_what_a_spreadsheet_saves(tmp_path: Path) -> None:
    folder = study_in(tmp_path, "sites.txt", "links.csv")
    write_text(folder, "links.csv", "id,a,b\n")
    (folder / "sites.txt").write_bytes("id\tlon\tlat\n".encode("utf-16"))
    assert faults_in(folder)[0] == "sites.txt: is UTF-16 text; save it as UTF-8 (in Excel: CSV UTF-8)"
    (folder / "sites.txt").write_bytes("id\tname\tlon\tlat\nN\tN\u00eemes\t1\t2\n".encode("cp1252"))
    assert faults_in(folder)[0] == "sites.txt: is not UTF-8 text (byte 19); save it as UTF-8 (in Excel: CSV UTF-8)"
    with zipfile.ZipFile(folder / "sites.txt", "w") as archive:
        for name in ("[Content_Types].xml", "xl/workbook.xml"):
            archive.writestr(name, "<x/>")
    assert faults_in(folder)[0] == "sites.txt: is a workbook, not a map; save its sheet as CSV UTF-8"


def test_shapefile_in_latin_1(tmp_path: Path) -> None:
    folder = write_sample(tmp_path, "shp")
    frame = site_frame()
    frame["name"] = "Nîmes"
    frame.to_file(folder / "sites.shp", encoding="ISO-8859-1")
    for file in folder.glob("*.cpg"):
        file.unlink()
    assert set(read(folder).sites["name"]) == {"Nîmes"}


@pytest.mark.parametrize("version", ["GML2", "GML3", "GML3.2"])
@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:2154"])
def test_gml_of_each_version(tmp_path: Path, version: str, crs: str) -> None:
    """Version 3 has latitude first where the CRS has."""
    folder = write_sample(tmp_path, "geojson")
    for part, frame in (("sites", site_frame(crs)), ("routes", route_frame(crs))):
        pyogrio.write_dataframe(frame, folder / f"{part}.gml", driver="GML", dataset_options={"FORMAT": version})
    write_text(folder, "study.toml", to_study("sites.gml", "routes.gml"))
    sites = read(folder).sites.to_crs(4326).set_index("site_id")
    assert sites.geometry["P"].distance(shapely.Point(*SITES["P"])) < 1e-6


@pytest.mark.parametrize("head", ["<Folder><name>France</name>", ""])
def test_folders_of_a_kml_in_each_other_and_none(tmp_path: Path, head: str) -> None:
    settings = 'site_columns = { id = "Name" }\nroute_columns = { id = "Name" }\n'
    text = to_kml().replace("<Document>", f"<Document><name>All</name>{head}")
    names = ("net.kml#sites", "net.kml#routes")
    if head:
        text = text.replace("</Document>", "</Folder></Document>")
    else:
        text, names = re.sub(r"</?Folder>|<name>(sites|routes)</name>", "", text), ("net.kml", "net.kml")
    folder = study_in(tmp_path, *names, settings)
    write_text(folder, "net.kml", text)
    network = read(folder)
    assert (len(network.sites), len(network.routes)) == (4, 6)
