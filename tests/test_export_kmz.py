"""The map for Google Earth."""

from __future__ import annotations

import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
from export_cases import nasty_outcome, outcome_apart_from_the_start, outcome_without_polygons
from sample import sample_audit, sample_outcome
from shapely import LineString

from planner.drawing import palette
from planner.export import write_gis
from planner.export.kml import to_kml
from planner.result.frames.layers import to_spans_layer
from planner.result.frames.view import to_view

KML = {"k": "http://www.opengis.net/kml/2.2"}


def read_kml(folder: Path) -> ET.Element:
    with zipfile.ZipFile(folder / "plan.kmz") as archive:
        assert archive.namelist() == ["doc.kml"]
        return ET.fromstring(archive.read("doc.kml"))


def find_marks(root: ET.Element, folder: str) -> list[ET.Element]:
    return root.findall(f".//k:Folder[k:name='{folder}']/k:Placemark", KML)


def test_folders_styles_and_what_is_shown(tmp_path: Path) -> None:
    write_gis(sample_outcome(), tmp_path)
    root = read_kml(tmp_path)
    folders = [name.text for name in root.findall("k:Document/k:Folder/k:name", KML)]
    assert folders == ["Existing", "New", "Critical cuts", "Regions"]
    assert [len(find_marks(root, folder)) for folder in folders] == [6, 2, 23, 6]
    styles = {style.get("id") for style in root.iter(f"{{{KML['k']}}}Style")}
    used = {str(url.text).removeprefix("#") for url in root.iter(f"{{{KML['k']}}}styleUrl")}
    assert used <= styles
    colour = root.findtext(".//k:Style[@id='new']/k:LineStyle/k:color", "", KML)
    assert (colour[:2], "#" + colour[6:8] + colour[4:6] + colour[2:4]) == ("ff", palette.NEW)
    cuts = find_marks(root, "Critical cuts")
    hidden = [mark.findtext("k:visibility", "1", KML) for mark in cuts]
    assert [name.split()[3].rstrip(",") for name in (m.findtext("k:name", "", KML) for m in cuts)] == [
        "1" if shown == "1" else "2" for shown in hidden
    ]


def test_gdal_reads_it(tmp_path: Path) -> None:
    if "LIBKML" not in pyogrio.list_drivers():
        pytest.skip("GDAL was built without LIBKML")
    write_gis(sample_outcome(), tmp_path)
    new = gpd.read_file(tmp_path / "plan.kmz", layer="New")
    assert list(new["Name"]) == ["C-BOR-MRS", "C-LIL-STR"]
    line = gpd.read_file(tmp_path / "new_routes.geojson").geometry[1]
    assert new.geometry[1].equals(line)
    regions = gpd.read_file(tmp_path / "plan.kmz", layer="Regions")
    assert set(regions.geom_type) == {"Polygon"}


def test_users_words_are_escaped_twice(tmp_path: Path) -> None:
    write_gis(nasty_outcome(), tmp_path)
    root = read_kml(tmp_path)
    mark = next(m for m in find_marks(root, "New") if m.findtext("k:name", "", KML) != "C-BOR-MRS")
    assert mark.findtext("k:name", "", KML) == 'L\'Été "<b>&amp;</b>" \ufffd ]]> \\ 東'
    description = find_marks(root, "New")[0].findtext("k:description", "", KML)
    assert "L&#x27;Été &quot;&lt;b&gt;&amp;amp;&lt;/b&gt;&quot; \ufffd" in description
    assert "<b>" not in description


def test_regions_as_points_and_cuts_without_a_place(tmp_path: Path) -> None:
    write_gis(outcome_without_polygons(), tmp_path)
    points = [mark.find("k:MultiGeometry/k:Point", KML) for mark in find_marks(read_kml(tmp_path), "Regions")]
    assert None not in points
    write_again = tmp_path / "apart"
    write_again.mkdir()
    write_gis(outcome_apart_from_the_start(), write_again)
    names = [m.findtext("k:name", "", KML) for m in find_marks(read_kml(write_again), "Critical cuts")]
    assert names[-1].startswith("Cut 0 of 0")


def test_an_audit_has_nothing_new(tmp_path: Path) -> None:
    write_gis(sample_audit(), tmp_path)
    root = read_kml(tmp_path)
    assert find_marks(root, "New") == []
    assert len(find_marks(root, "Existing")) == 6


def test_coordinates_have_no_exponents() -> None:
    view = to_view(sample_audit())
    layers = {"spans": to_spans_layer(view).to_crs(4326)}
    layers["spans"].geometry = [LineString([(1e-7, 0), (1, 1)])] * len(layers["spans"])
    empty = layers["spans"].iloc[:0]
    kml = to_kml("x", {**layers, "critical_cuts": empty, "regions": empty}, survives_column="survives_before")
    assert b"<coordinates>0.0000001,0 1,1</coordinates>" in kml
