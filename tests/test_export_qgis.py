"""The map files in the programs that they are for: QGIS and GDAL's own tools."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio
import pytest
from export_cases import NASTY, change_network, nasty_outcome, outcome_without_polygons
from sample import sample_audit, sample_infeasible_outcome, sample_outcome

from planner.drawing import palette
from planner.export import write_gis, write_plan_json
from planner.export.exports import export_run
from planner.result import AuditOutcome, Outcome

SYSTEM_PYTHON = Path("/usr/bin/python3")
HEAD = """
import json
import os
import sys
from qgis.core import (
    QgsApplication, QgsMapRendererParallelJob, QgsMapSettings, QgsProject, QgsSymbol, QgsVectorLayer
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

app = QgsApplication([], False)
app.initQgis()


def to_facts(layer):
    extent = layer.extent()
    bounds = [extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()]
    return dict(
        name=layer.name(), valid=layer.isValid(), count=layer.featureCount(), crs=layer.crs().authid(), bounds=bounds
    )


def render(layers, crs, extent, picture):
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(crs)
    settings.setBackgroundColor(QColor("white"))
    settings.setOutputSize(QSize(400, 350))
    settings.setExtent(extent)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    assert not job.errors(), [error.message for error in job.errors()]
    image = job.renderedImage()
    image.save(picture)
    colours = {}
    for x in range(400):
        for y in range(350):
            name = image.pixelColor(x, y).name()
            colours[name] = colours.get(name, 0) + 1
    return colours


def finish(facts):
    print(json.dumps(facts), flush=True)
    os._exit(0)  # QGIS may crash while Python takes it down
"""
PROJECT = """
project = QgsProject.instance()
assert project.read(f"geopackage:{sys.argv[1]}?projectName=plan"), project.error()
tree = project.layerTreeRoot()
layers = [layer for layer in tree.layerOrder() if tree.findLayer(layer.id()).isVisible()]
extent = project.viewSettings().defaultViewExtent()
finish(dict(
    title=project.title(),
    crs=project.crs().authid(),
    groups={group.name(): [layer.name() for layer in group.children()] for group in tree.children()},
    layers=[to_facts(layer) for layer in tree.layerOrder()],
    labels={layer.name(): layer.labelsEnabled() for layer in layers},
    rules={layer.name(): len(layer.renderer().rootRule().children()) for layer in layers},
    extent=[extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()],
    colours=render(layers, project.crs(), extent, sys.argv[2]),
))
"""
LAYERS = """
facts = []
for uri in sys.argv[2:]:
    layer = QgsVectorLayer(uri, uri.rpartition("/")[2], "ogr")
    colours = {}
    if layer.isValid() and layer.featureCount():
        extent = layer.extent()
        extent.grow(0.1 * max(extent.width(), extent.height()))
        colours = render([layer], layer.crs(), extent, sys.argv[1])
    num_drawn = sum(colours.values()) - colours.get("#ffffff", 0)
    renderer = layer.renderer().type() if layer.isValid() and layer.renderer() else ""
    facts.append({**to_facts(layer), "num_drawn": num_drawn, "renderer": renderer, "colours": colours})
finish(facts)
"""
CASES = {
    "solved": sample_outcome,
    "infeasible": sample_infeasible_outcome,
    "nasty": nasty_outcome,
    "without polygons": outcome_without_polygons,
    "mixed": lambda: outcome_without_polygons(rows=slice(2)),
    "audit": sample_audit,
}
# in the order of the legend: the folders of the KMZ
GROUPS = {
    "Existing": ["Sites", "Spans"],
    "New": ["New routes", "Rejected routes"],
    "Critical cuts": ["Critical cuts", "Risk groups"],
    "Regions": ["Regions"],
}


def has_qgis() -> bool:
    if not SYSTEM_PYTHON.exists():
        return False
    probe = [SYSTEM_PYTHON, "-c", "import qgis.core"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


@cache
def has_parquet() -> bool:
    """Whether the system's GDAL reads GeoParquet: Debian's 3.6 does not."""
    if shutil.which("ogrinfo") is None:
        return False
    known = subprocess.run(["ogrinfo", "--formats"], capture_output=True, text=True, check=True).stdout
    return "Parquet" in known


needs_qgis = pytest.mark.skipif(not has_qgis(), reason="QGIS is not installed")
needs_ogrinfo = pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="ogrinfo (gdal-bin) is not installed")


def ask_qgis(script: str, home: Path, *arguments: str | Path) -> Any:
    run = subprocess.run(
        [SYSTEM_PYTHON, "-c", HEAD + script, *map(str, arguments)],
        capture_output=True,
        text=True,
        env={"QT_QPA_PLATFORM": "offscreen", "HOME": str(home), "PATH": "/usr/bin:/bin"},
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.strip().splitlines()[-1])


def write_run(outcome: Outcome | AuditOutcome, folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    write_gis(outcome, folder)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return add_exports(write_run(sample_outcome(), tmp_path_factory.mktemp("run")))


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return add_exports(write_run(sample_audit(), tmp_path_factory.mktemp("audit")))


def add_exports(folder: Path) -> Path:
    """Every layer that holds anything in every further format of maps that GDAL of Debian knows."""
    for layer, kind in pyogrio.list_layers(folder / "plan.gpkg"):
        if kind is not None and pyogrio.read_info(folder / "plan.gpkg", layer=layer)["features"]:
            export_run(folder, "flatgeobuf", folder / f"{layer}.fgb", layer=layer)
    return folder


def iterate_layers(folder: Path) -> Iterator[tuple[Path, str, gpd.GeoDataFrame]]:
    """Every layer of every file, as pyogrio's own GDAL reads it."""
    for path in sorted(folder.glob("*[!l]")):
        for name, kind in pyogrio.list_layers(path):
            if kind is not None:
                yield path, str(name), pyogrio.read_dataframe(path, layer=name)


def read_project(path: Path) -> ET.Element:
    with closing(sqlite3.connect(path)) as database:
        name, metadata, content = database.execute("SELECT name, metadata, content FROM qgis_projects").fetchone()
    assert name == path.stem
    assert json.loads(metadata)["last_modified_user"] == "planner"
    with zipfile.ZipFile(BytesIO(bytes.fromhex(content))) as archive:
        assert archive.namelist() == ["plan.qgs"]
        return ET.fromstring(archive.read("plan.qgs"))


@pytest.mark.parametrize("case", CASES)
def test_the_project_shows_every_layer_that_holds_anything(case: str, tmp_path: Path) -> None:
    path = write_run(CASES[case](), tmp_path) / "plan.gpkg"
    project = read_project(path)
    layers = {name for _, name, frame in iterate_layers(tmp_path) if len(frame)} & {
        str(name) for name, _ in pyogrio.list_layers(path)
    }
    shown = {
        str(node.text).partition("|layername=")[2] for node in project.iterfind("projectlayers/maplayer/datasource")
    }
    assert shown == {name for name in layers if pyogrio.read_info(path, layer=name)["features"]}
    ids = [node.text for node in project.iterfind("projectlayers/maplayer/id")]
    assert sorted(map(str, ids)) == sorted(node.get("id", "") for node in project.iter("layer-tree-layer"))
    assert [node.text for node in project.iter("item")] == ids[::-1]
    for node in project.iter("layer-tree-layer"):
        # QGIS replaces ids of ten characters or fewer
        assert len(node.get("id", "")) > 10


def test_a_title_cannot_break_the_project(tmp_path: Path) -> None:
    outcome = sample_outcome()
    study = outcome.study.model_copy(
        update={"study": outcome.study.study.model_copy(update={"name": NASTY + "\u202ecba"})}
    )
    project = read_project(write_run(replace(outcome, study=study), tmp_path) / "plan.gpkg")
    assert project.findtext("title") == project.get("projectname") == NASTY.replace("\x07", "\ufffd") + "\u202ecba"


@needs_qgis
def test_qgis_opens_the_geopackage_as_a_finished_map(folder: Path, tmp_path: Path) -> None:
    facts = ask_qgis(PROJECT, tmp_path, folder / "plan.gpkg", tmp_path / "map.png")
    assert (facts["title"], facts["crs"]) == (sample_outcome().study.study.name, "EPSG:2154")
    assert facts["groups"] == GROUPS
    assert [layer["name"] for layer in facts["layers"]] == [
        "Sites",
        "Critical cuts",
        "Risk groups",
        "New routes",
        "Spans",
        "Rejected routes",
        "Regions",
    ]
    assert all(layer["valid"] and layer["count"] and layer["crs"] == "EPSG:2154" for layer in facts["layers"])
    west, south, east, north = facts["extent"]
    for layer in facts["layers"]:
        left, low, right, high = layer["bounds"]
        assert west < left <= right < east
        assert south < low <= high < north
    assert [name for name, is_on in facts["labels"].items() if is_on] == ["Sites", "New routes"]
    assert facts["rules"]["Critical cuts"] == 5
    for colour in (palette.EXISTING, palette.NEW, palette.CRITICAL["before"]):
        assert facts["colours"].get(colour, 0) > 50
    assert palette.RISK_GROUP not in facts["colours"]


@needs_qgis
@pytest.mark.parametrize("case", ["nasty", "mixed", "audit"])
def test_qgis_opens_other_projects(case: str, tmp_path: Path) -> None:
    outcome = CASES[case]()
    if case == "nasty":  # a name that HTML, formulas and writing from the right meet in
        sites = outcome.network.sites.copy()
        sites.loc[1, "name"] = '=HYPERLINK("http://x","[% getpid() %]")<script>alert(1)</script> \u202eשל\u05d5ם'
        outcome = change_network(outcome, sites=sites)  # type: ignore[arg-type]
    path = write_run(outcome, tmp_path / "run") / "plan.gpkg"
    facts = ask_qgis(PROJECT, tmp_path, path, tmp_path / "map.png")
    assert all(layer["valid"] and layer["count"] for layer in facts["layers"])
    assert facts["colours"].get(palette.EXISTING, 0) > 50
    assert ("Regions without polygon" in facts["groups"]["Regions"]) == (case == "mixed")
    assert ("New" in facts["groups"]) == (case != "audit")


def to_uris(path: Path, name: str, frame: gpd.GeoDataFrame) -> dict[str, gpd.GeoDataFrame]:
    """How QGIS is given a layer: one kind of geometry after the other where it holds several."""
    uri = f"{path}|layername={name}"
    kinds = frame.geom_type.str.removeprefix("Multi").fillna("")
    if path.suffix not in (".geojson", ".kmz") or len(set(kinds)) == 1:
        return {str(path) if path.suffix == ".geojson" else uri: frame}
    zed = "25D" if path.suffix == ".kmz" else ""
    return {f"{uri}|geometrytype={kind}{zed}": frame[kinds == kind] for kind in sorted(set(kinds)) if kind}


@needs_qgis
@pytest.mark.parametrize("run", ["folder", "audited"])
def test_qgis_opens_and_draws_every_export(run: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    folder = request.getfixturevalue(run)
    wanted = {
        uri: (path, part)
        for path, name, frame in iterate_layers(folder)
        if len(frame)
        for uri, part in to_uris(path, name, frame).items()
    }
    facts = ask_qgis(LAYERS, tmp_path, tmp_path / "map.png", *wanted)
    assert {path.suffix for path, _ in wanted.values()} == {".geojson", ".gpkg", ".kmz", ".fgb"}
    for (uri, (path, frame)), seen in zip(wanted.items(), facts, strict=True):
        assert seen["valid"], uri
        assert seen["count"] == len(frame), uri
        assert seen["crs"] == ("EPSG:4326" if path.suffix in (".geojson", ".kmz") else "EPSG:2154")
        if not (path.name == "network.geojson" or path.suffix == ".kmz"):  # there QGIS says the whole file's
            assert seen["bounds"] == pytest.approx(list(frame.total_bounds), rel=1e-9)
        assert seen["num_drawn"] > 20, uri
        if path.suffix == ".gpkg" or (path.suffix == ".geojson" and path.with_suffix(".qml").exists()):
            assert seen["renderer"] == "RuleRenderer", uri


@needs_qgis
@pytest.mark.skipif(not has_parquet(), reason="GDAL of this system has no driver for Parquet")
def test_qgis_opens_geoparquet(folder: Path, tmp_path: Path) -> None:
    export_run(folder, "geoparquet", tmp_path / "spans.parquet")
    (seen,) = ask_qgis(LAYERS, tmp_path, tmp_path / "map.png", tmp_path / "spans.parquet")
    assert (seen["valid"], seen["crs"]) == (True, "EPSG:2154")
    assert seen["count"] == pyogrio.read_info(folder / "plan.gpkg", layer="spans")["features"]
    assert seen["num_drawn"] > 20


@needs_qgis
def test_geojson_wears_the_style_beside_it(folder: Path, tmp_path: Path) -> None:
    (seen,) = ask_qgis(LAYERS, tmp_path, tmp_path / "map.png", folder / "new_routes.geojson")
    assert seen["colours"].get(palette.NEW, 0) > 50
    lone = shutil.copy(folder / "new_routes.geojson", tmp_path / "lone.geojson")
    (seen,) = ask_qgis(LAYERS, tmp_path, tmp_path / "map.png", lone)
    assert palette.NEW not in seen["colours"]


@needs_ogrinfo
@pytest.mark.parametrize("case", ["solved", "nasty", "audit"])
def test_ogrinfo_agrees_on_every_layer(case: str, tmp_path: Path) -> None:
    write_run(CASES[case](), tmp_path)
    export_run(tmp_path, "flatgeobuf", tmp_path / "spans.fgb")
    wanted = {(path.name, name): frame for path, name, frame in iterate_layers(tmp_path)}
    seen = {}
    for path in sorted(tmp_path.glob("*[!l]")):  # all but styles
        run = subprocess.run(["ogrinfo", "-ro", "-so", "-al", path], capture_output=True, text=True, check=True)
        assert "ERROR" not in run.stderr + run.stdout
        assert "Warning" not in run.stderr, run.stderr
        for text in re.split(r"(?m)^(?=Layer name: )", run.stdout)[1:]:
            if "\nGeometry: None" not in text:
                name = text.splitlines()[0].removeprefix("Layer name: ")
                seen[path.name, name] = text
    assert set(seen) == set(wanted)
    for key, frame in wanted.items():
        text = seen[key]
        assert f"\nFeature Count: {len(frame)}\n" in text, key
        code = 2154 if key[0].endswith((".gpkg", ".fgb")) else 4326
        assert re.search(rf'\n    ID\["EPSG",{code}\]\]', text), key
        if len(frame) and not frame.geometry.isna().all():
            extent = re.search(r"\nExtent: \((\S+), (\S+)\) - \((\S+), (\S+)\)", text)
            assert extent is not None, key
            assert [float(number) for number in extent.groups()] == pytest.approx(list(frame.total_bounds), abs=2e-6)


@needs_qgis
def test_a_project_moves_with_its_folder(folder: Path, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere"
    shutil.copytree(folder, moved)
    facts = ask_qgis(PROJECT, tmp_path, moved / "plan.gpkg", tmp_path / "map.png")
    assert all(layer["valid"] for layer in facts["layers"])
    assert str(folder) not in json.dumps(facts)


def test_a_plan_on_disk_still_verifies_with_more_columns(tmp_path: Path) -> None:
    from planner.export import read_run

    outcome = sample_outcome(ground="granite")
    write_plan_json(outcome, tmp_path)
    write_gis(outcome, tmp_path)
    assert len(read_run(tmp_path).new_routes) == 2
