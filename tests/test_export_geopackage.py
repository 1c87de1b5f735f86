"""The GeoPackage: layers, CRS, styles, and no half file."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
from export_cases import outcome_without_polygons
from sample import sample_audit, sample_infeasible_outcome, sample_outcome
from shapely import Point

from planner.drawing import palette
from planner.export import geopackage, write_gis
from planner.export.geopackage import write_geopackage

LAYERS = ["regions", "rejected_routes", "spans", "new_routes", "risk_groups", "critical_cuts", "sites"]
SYSTEM_PYTHON = Path("/usr/bin/python3")
RENDER = """
import os
import sys
from qgis.core import QgsApplication, QgsMapRendererParallelJob, QgsMapSettings, QgsVectorLayer
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor
path, picture, *names = sys.argv[1:]
app = QgsApplication([], False)
app.initQgis()
layers = [QgsVectorLayer(f"{path}|layername={name}", name, "ogr") for name in names]
for layer in layers:
    rules = layer.renderer().rootRule().children()
    print(layer.name(), layer.isValid(), layer.crs().authid(), len(rules), layer.labelsEnabled())
settings = QgsMapSettings()
settings.setLayers(layers[::-1])
settings.setDestinationCrs(layers[0].crs())
settings.setBackgroundColor(QColor("white"))
settings.setOutputSize(QSize(800, 700))
settings.setExtent(settings.fullExtent())
job = QgsMapRendererParallelJob(settings)
job.start()
job.waitForFinished()
assert not job.errors(), job.errors()
image = job.renderedImage()
image.save(picture)
colours = {image.pixelColor(x, y).name() for x in range(800) for y in range(700)}
print(*sorted(colours), flush=True)
os._exit(0)  # QGIS may crash while Python takes it down
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run to look at."""
    folder = tmp_path_factory.mktemp("run")
    write_gis(sample_outcome(), folder)
    return folder


def query(path: Path, sql: str) -> list[tuple[object, ...]]:
    database = sqlite3.connect(path)
    try:
        return database.execute(sql).fetchall()
    finally:
        database.close()


def test_layers_in_the_study_crs(folder: Path) -> None:
    path = folder / "plan.gpkg"
    assert [name for name, _ in pyogrio.list_layers(path)] == [*LAYERS, "layer_styles"]
    for layer in LAYERS:
        info = pyogrio.read_info(path, layer=layer)
        assert info["crs"] == "EPSG:2154", layer
        assert info["features"] > 0, layer
    assert query(path, "PRAGMA user_version") == [(10200,)]
    assert set(query(path, "SELECT last_change FROM gpkg_contents")) == {("2000-01-01T00:00:00.000Z",)}
    sites = gpd.read_file(path, layer="sites").to_crs(4326)
    assert sites.geometry[1].distance(Point(3.06, 50.63)) < 1e-9


def test_types_of_columns(folder: Path) -> None:
    spans = pyogrio.read_info(folder / "plan.gpkg", layer="spans")
    fields = dict(zip(spans["fields"], spans["dtypes"], strict=True))
    assert (fields["cuttable"], fields["length_km"]) == ("bool", "float64")
    cuts = gpd.read_file(folder / "plan.gpkg", layer="critical_cuts")
    assert cuts["isolated_regions"][0] == '["84","93"]'
    assert cuts["within_requirement"][0]


def test_styles_name_layers_and_columns_that_exist(folder: Path) -> None:
    path = folder / "plan.gpkg"
    rows = query(path, "SELECT f_table_name, f_geometry_column, useAsDefault, styleQML FROM layer_styles ORDER BY id")
    assert [row[:3] for row in rows] == [(layer, "geom", 1) for layer in LAYERS]
    for layer, _, _, qml in rows:
        root = ET.fromstring(str(qml))
        fields = set(pyogrio.read_info(path, layer=layer)["fields"])
        for rule in root.iter("rule"):
            for word in rule.get("filter", "").split('"')[1::2]:
                assert word in fields, (layer, word)
        for text in root.iter("text-style"):
            assert text.get("fieldName") in fields


def test_audit_and_empty_layers(tmp_path: Path) -> None:
    write_gis(sample_audit(), tmp_path)
    names = [name for name, _ in pyogrio.list_layers(tmp_path / "plan.gpkg")]
    assert names == [
        "regions",
        "spans",
        "critical_stretches",
        "risk_groups",
        "critical_cuts",
        "sites",
        "layer_styles",
    ]
    (style,) = query(tmp_path / "plan.gpkg", "SELECT styleQML FROM layer_styles WHERE f_table_name = 'regions'")
    assert "survives_before" in str(style)
    bare = tmp_path / "bare"
    bare.mkdir()
    write_gis(sample_infeasible_outcome(with_protect_most=False), bare)
    info = pyogrio.read_info(bare / "plan.gpkg", layer="new_routes")
    assert (info["features"], info["geometry_type"]) == (0, "LineString")


def test_regions_without_polygons_are_points_in_a_layer_of_their_own(tmp_path: Path) -> None:
    kinds = {}
    for name, rows in (("all", slice(None)), ("some", slice(2))):
        (tmp_path / name).mkdir()
        write_gis(outcome_without_polygons(rows=rows), tmp_path / name)
        found = dict(pyogrio.list_layers(tmp_path / name / "plan.gpkg"))
        kinds[name] = {layer: kind for layer, kind in found.items() if "regions" in layer}
    assert kinds["all"] == {"regions": "MultiPoint"}
    assert kinds["some"] == {"regions": "MultiPolygon", "regions_without_polygon": "MultiPoint"}


def test_mixed_cells_become_text(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame({"mixed": [1.5, "a", None, ["b"]]}, geometry=[None] * 4, crs=2154)
    write_geopackage({"layer": frame}, {"layer": "Point"}, {}, tmp_path / "mixed.gpkg")
    assert list(gpd.read_file(tmp_path / "mixed.gpkg", layer="layer")["mixed"].fillna("-")) == [
        "1.5",
        "a",
        "-",
        '["b"]',
    ]


def test_gdal_settings_are_put_back(tmp_path: Path) -> None:
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "1999-09-09T00:00:00.000Z"})
    try:
        write_gis(sample_outcome(), tmp_path)
        assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") == "1999-09-09T00:00:00.000Z"
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


@pytest.mark.parametrize("damage", ["rows", "pages"])
def test_a_file_that_is_not_whole_is_refused(damage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """GDAL does not always say that the disk is full."""
    write_styles = geopackage._write_styles

    def write_styles_and_lose_some(styles: object, path: Path) -> None:
        write_styles(styles, path)
        if damage == "rows":
            database = sqlite3.connect(path)
            database.execute("DROP TRIGGER trigger_delete_feature_count_rejected_routes")
            database.execute("DELETE FROM rejected_routes WHERE fid = 1")
            database.commit()
            database.close()
        else:
            os.truncate(path, path.stat().st_size // 8192 * 4096)

    monkeypatch.setattr(geopackage, "_write_styles", write_styles_and_lose_some)
    with pytest.raises(OSError, match="could not be written whole"):
        write_gis(sample_outcome(), tmp_path)


def has_qgis() -> bool:
    if not SYSTEM_PYTHON.exists():
        return False
    probe = [SYSTEM_PYTHON, "-c", "import qgis.core"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not has_qgis(), reason="QGIS is not installed")
def test_qgis_draws_the_styles(folder: Path, tmp_path: Path) -> None:
    run = subprocess.run(
        [SYSTEM_PYTHON, "-c", RENDER, folder / "plan.gpkg", tmp_path / "map.png", *LAYERS],
        capture_output=True,
        text=True,
        env={"QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        check=False,
    )
    assert run.returncode == 0, run.stderr
    *layers, colours = run.stdout.strip().splitlines()
    assert layers == [
        "regions True EPSG:2154 6 False",
        "rejected_routes True EPSG:2154 1 False",
        "spans True EPSG:2154 2 False",
        "new_routes True EPSG:2154 1 True",
        "risk_groups True EPSG:2154 1 False",
        "critical_cuts True EPSG:2154 5 False",
        "sites True EPSG:2154 2 True",
    ]
    drawn = set(colours.split())
    assert {palette.EXISTING, palette.NEW, palette.CRITICAL["before"], palette.RISK_GROUP} <= drawn
