"""A run in further formats: valid, nothing lost, and the same network when it is read back."""

from __future__ import annotations

import io
import json
import os
import re
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import geopandas as gpd
import networkx as nx
import pytest
from click.testing import CliRunner
from export_cases import NASTY, change_network, nasty_outcome, read_features, read_properties
from libcoveofds.jsonschemavalidate import JSONSchemaValidator
from libcoveofds.python_validate import PythonValidate
from libcoveofds.schema import OFDSSchema
from sample import sample_audit, sample_outcome

import planner
from planner.cli import commands
from planner.errors import InputError
from planner.export import write_audit_json, write_gis, write_plan_json
from planner.export.exports import export_run
from planner.export.graphml import to_graphml
from planner.export.ofds import to_ofds
from planner.result import Outcome
from planner.starter import write_starter

FORMATS = {"ofds": "json", "graphml": "graphml", "geoparquet": "parquet", "flatgeobuf": "fgb"}
ROOT = Path(__file__).parent.parent
# what a user may know of a route, and in what form the package has it
THEIRS: dict[str, tuple[Any, Any]] = {
    "conduit_id": ("K7", "K7"),
    "deployment": ("belowGround", ["belowGround"]),
    "capacity": ("400", 400),
    "fibreCount": (96, 96),
    "fibreType": ("G.652", "G.652"),
    "technologies": ("dwdm; otn", ["dwdm", "otn"]),
    "darkFibre": (True, True),
    "physicalInfrastructureProvider": ("Réseau شبكة", None),
    "networkProviders": (
        "Telco A; Telco B",
        [{"id": "Telco A", "name": "Telco A"}, {"id": "Telco B", "name": "Telco B"}],
    ),
    "phase": ("South", {"id": "South", "name": "South"}),
    "start": ("1999", None),
    "codeployment": ("rail", "rail"),
}


@dataclass(frozen=True)
class Run:
    """A solved study and where its files are."""

    study: Path
    folder: Path
    outcome: Outcome


def check_against_the_standard(text: str) -> dict[str, Any]:
    document = json.loads(text)
    assert [fault.json() for fault in JSONSchemaValidator(OFDSSchema()).validate(document)] == []
    assert PythonValidate(OFDSSchema()).validate(document) == []
    network: dict[str, Any] = document["networks"][0]
    return network


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The starting study with columns of the user's own, solved for conduits that cuts sever as a whole."""
    study = tmp_path_factory.mktemp("study")
    write_starter(study / "towns")
    for name in ("routes", "candidates"):
        path = study / "towns" / f"{name}.geojson"
        collection = json.loads(path.read_text(encoding="utf-8"))
        for number, feature in enumerate(collection["features"]):
            feature["properties"] |= {column: value for column, (value, _) in THEIRS.items()}
            feature["properties"]["conduit_id"] = f"K{number}" if number > 1 else "K7"
        path.write_text(json.dumps(collection), encoding="utf-8")
    settings = study / "towns" / "study.toml"
    text = settings.read_text(encoding="utf-8").replace("[cuts]", '[cuts]\ndeclared = ["conduit_id"]')
    settings.write_text(text, encoding="utf-8")
    outcome = planner.solve(settings)
    folder = study / "run"
    folder.mkdir()
    write_plan_json(outcome, folder)
    write_gis(outcome, folder)
    return Run(settings, folder, outcome)


def to_lines(text: str, **lines: str) -> str:
    for key, line in lines.items():
        text = re.sub(rf"^{key} = .*$", line, text, count=1, flags=re.M)
    return text


def read_back(run: Run, tmp_path: Path, sites: str, routes: str, more: str = "") -> planner.AuditOutcome:
    """Audit the study on its planned network, without candidates."""
    text = run.study.read_text(encoding="utf-8").replace("[candidates]\n", "")
    text = re.sub(r"^routes = .candidates.*$", "", text, flags=re.M)
    text = to_lines(text, sites=f"sites = {sites!r}", routes=f"routes = {routes!r}\n{more}")
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    return planner.audit(tmp_path)


def check_same(run: Run, again: planner.AuditOutcome) -> None:
    """The same sites, spans, their columns, and what they survive."""
    plan = run.outcome.built
    assert plan is not None
    assert plan.routes
    assert {one.region_id: one.survives for one in again.survival.regions} == {
        one.region_id: one.survives for one in plan.after.regions
    }
    assert again.survival.num_cut_sets == plan.after.num_cut_sets
    before = run.outcome.network
    built = [new.route for new in plan.routes]
    present = before.spans[~before.spans["is_candidate"] | before.spans["route"].isin(built)]
    assert sorted(again.network.spans["span_id"]) == sorted(present["span_id"])
    assert sorted(again.network.sites["site_id"]) == sorted(before.sites["site_id"])
    assert set(again.network.sites["name"]) == set(before.sites["name"])
    conduits = dict(zip(before.routes["route_id"], before.routes["conduit_id"], strict=True))
    theirs = again.network.routes
    assert [conduits[one] for one in theirs["route_id"]] == list(theirs["conduit_id"])
    assert {str(float(one)) for one in theirs["capacity"]} == {"400.0"}


def test_the_geopackage_reads_back_as_a_study_to_build_on(run: Run, tmp_path: Path) -> None:
    path = run.folder / "plan.gpkg"
    again = read_back(run, tmp_path, f"{path}#sites", f"{path}#spans", 'route_columns = { id = "span_id" }')
    check_same(run, again)
    assert set(again.network.routes["technologies"]) == {"dwdm; otn"}


def test_the_geojson_reads_back_as_a_study_to_build_on(run: Run, tmp_path: Path) -> None:
    path = run.folder / "network.geojson"
    again = read_back(run, tmp_path, str(path), str(path), 'route_columns = { id = "span_id" }')
    check_same(run, again)
    assert set(again.network.routes["technologies"]) == {"dwdm; otn"}


def test_ofds_reads_back_as_a_study_with_its_proposals_built(run: Run, tmp_path: Path) -> None:
    export_run(run.folder, "ofds", tmp_path / "plan.json")
    again = read_back(run, tmp_path, "plan.json", "plan.json", 'planned = "existing"')
    check_same(run, again)
    routes = again.network.routes
    assert set(routes["transmissionMediumOwner"]) == {THEIRS["physicalInfrastructureProvider"][0]}
    assert set(routes["networkProviders"]) == {"Telco A; Telco B"}


def test_ofds_without_more_has_the_proposals_as_candidates(run: Run, tmp_path: Path) -> None:
    export_run(run.folder, "ofds", tmp_path / "plan.json")
    again = read_back(run, tmp_path, "plan.json", "plan.json")
    plan = run.outcome.built
    assert plan is not None
    candidates = again.network.routes[again.network.routes["status"] == "candidate"]
    assert list(candidates["route_id"]) == sorted(new.route_id for new in plan.routes)


@pytest.mark.parametrize("name", ["geoparquet", "flatgeobuf"])
def test_layers_read_back(name: str, run: Run, tmp_path: Path) -> None:
    sites, spans = (f"{layer}.{FORMATS[name]}" for layer in ("sites", "spans"))
    export_run(run.folder, name, tmp_path / sites, layer="sites")  # type: ignore[arg-type]
    export_run(run.folder, name, tmp_path / spans)  # type: ignore[arg-type]
    check_same(run, read_back(run, tmp_path, sites, spans, 'route_columns = { id = "span_id" }'))


def test_ofds_is_valid_and_keeps_what_the_user_knows(run: Run, tmp_path: Path) -> None:
    export_run(run.folder, "ofds", tmp_path / "plan.json")
    network = check_against_the_standard((tmp_path / "plan.json").read_text(encoding="utf-8"))
    plan = run.outcome.built
    assert plan is not None
    assert network["name"] == run.outcome.study.study.name
    proposed = {span["route_id"] for span in network["spans"] if span["status"] == "proposed"}
    assert proposed == {new.route_id for new in plan.routes}
    assert {span["status"] for span in network["spans"]} == {"proposed", "operational"}
    span = network["spans"][-1]
    expected = {name: want for name, (_, want) in THEIRS.items() if want is not None and name != "conduit_id"}
    assert {name: span.get(name) for name in expected} == expected
    provider = THEIRS["physicalInfrastructureProvider"][0]
    assert span["transmissionMediumOwner"] == {"id": provider, "name": provider}
    assert span["input_start"] == "1999"
    assert provider in {one["name"] for one in network["organisations"]}
    assert network["phases"] == [{"id": "South", "name": "South"}]
    ids = {node["id"] for node in network["nodes"]}
    assert all(span["start"] in ids and span["end"] in ids for span in network["spans"])


def test_what_does_not_fit_a_field_is_kept_beside_it() -> None:
    sites = gpd.GeoDataFrame(
        {
            "id": ["A", "B"],
            "name": ["A", ""],
            "status": ["closed", "planned"],
            "address": ["5 High St", '{"locality":"B"}'],
        },
        geometry=gpd.points_from_xy([179.9, -179.9], [0.0, 0.0]),
        crs=4326,
    )
    spans = gpd.GeoDataFrame(
        {
            "span_id": ["S"],
            "a": ["A"],
            "b": ["B"],
            "status": ["new"],
            "capacity": ["100G"],
            "fibreCount": [1.5],
            "deployment": ["buried"],
            "readyForServiceDate": ["soon"],
            "wayleaves": ["W1"],
            "input_capacity": [7],
            "countries": ["FJ"],
            "supplier": ["Acme"],
            "supplier_id": ["X-1"],
        },
        geometry=gpd.GeoSeries.from_wkt(["LINESTRING (179.9 0, 180.1 0)"]),
        crs=4326,
    )
    network = check_against_the_standard(to_ofds("T", sites, spans))
    span = network["spans"][0]
    assert span["route"] == {"type": "LineString", "coordinates": [[179.9, 0], [180.1, 0]]}
    kept = ("input_fibreCount", "input_deployment", "input_readyForServiceDate", "input_wayleaves")
    assert [span[name] for name in kept] == [1.5, "buried", "soon", "W1"]
    assert (span["input_input_capacity"], span["input_capacity"], span["countries"]) == ("100G", 7, ["FJ"])
    assert span["supplier"] == {"id": "X-1", "name": "Acme"}
    assert network["nodes"][0]["input_status"] == "closed"
    assert network["nodes"][0]["input_address"] == "5 High St"
    assert network["nodes"][1] | {"location": 0} == {
        "id": "B",
        "location": 0,
        "status": "planned",
        "address": {"locality": "B"},
    }


def test_graphml_is_the_planned_network(run: Run, tmp_path: Path) -> None:
    export_run(run.folder, "graphml", tmp_path / "plan.graphml")
    graph = nx.read_graphml(tmp_path / "plan.graphml", force_multigraph=True)
    spans = gpd.read_file(run.folder / "plan.gpkg", layer="spans")
    assert {(key, frozenset((a, b))) for a, b, key in graph.edges(keys=True)} == {
        (span, frozenset((a, b))) for span, a, b in zip(spans["span_id"], spans["a"], spans["b"], strict=True)
    }
    cells = next(cells for _, _, cells in graph.edges(data=True) if cells["status"] == "new")
    assert cells["fibreCount"] == 96
    assert cells["wkt"].startswith("LINESTRING")
    read = read_back(run, tmp_path, "plan.graphml", "plan.graphml")
    assert sorted(read.network.spans["span_id"]) == sorted(spans["span_id"])


def test_graphml_refuses_ids_that_it_cannot_tell_apart() -> None:
    sites = gpd.GeoDataFrame({"id": ["A\x01", "A\x02"]}, geometry=gpd.points_from_xy([0, 1], [0, 0]), crs=4326)
    spans = gpd.GeoDataFrame({"span_id": [], "a": [], "b": []}, geometry=[], crs=4326)
    with pytest.raises(InputError, match="differ only in control characters"):
        to_graphml("T", sites, spans)


@pytest.fixture(scope="module")
def nasty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run whose names break what is not escaped."""
    folder = tmp_path_factory.mktemp("nasty")
    write_plan_json(nasty_outcome(), folder)
    write_gis(nasty_outcome(), folder)
    return folder


@pytest.fixture(scope="module")
def again(nasty: Path) -> Path:
    """What a process with another hash seed exports of it."""
    lines = [f"run('{name}', '1.{ending}')" for name, ending in FORMATS.items()]
    run = "run = lambda name, file: export_run(Path('.'), name, Path(file))"
    script = "\n".join(["from pathlib import Path", "from planner.export.exports import export_run", run, *lines])
    environment = os.environ | {"PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", script], env=environment, cwd=nasty, check=True)
    return nasty


@pytest.mark.parametrize("name", FORMATS)
def test_same_bytes_and_nasty_names(name: str, nasty: Path, again: Path, tmp_path: Path) -> None:
    files = [tmp_path / f"1.{FORMATS[name]}", again / f"1.{FORMATS[name]}"]
    export_run(nasty, name, files[0])  # type: ignore[arg-type]
    assert files[0].read_bytes() == files[1].read_bytes()
    assert len(list(tmp_path.iterdir())) == 1
    if name == "ofds":
        network = check_against_the_standard(files[0].read_text(encoding="utf-8"))
        assert NASTY in {span["id"] for span in network["spans"]}
        assert NASTY in {node.get("name") for node in network["nodes"]}
    elif name == "graphml":
        graph = nx.read_graphml(files[0], force_multigraph=True)
        assert NASTY.replace("\x07", "\ufffd") in {key for *_, key in graph.edges(keys=True)}
    else:
        frame = gpd.read_parquet(files[0]) if name == "geoparquet" else gpd.read_file(files[0])
        assert NASTY in set(frame["span_id"])
        assert frame.crs == nasty_outcome().network.crs


def test_the_command_writes_a_layer(nasty: Path, tmp_path: Path) -> None:
    file = tmp_path / "sites.fgb"
    words = ["export", str(nasty), "--format", "flatgeobuf", "--layer", "sites", "--out", str(file)]
    result = CliRunner().invoke(commands, words, standalone_mode=False)
    assert (result.return_value, result.output) == (0, f"wrote {file}\n")
    assert len(gpd.read_file(file)) == 6


def test_an_audit_is_exported_too(tmp_path: Path) -> None:
    write_audit_json(sample_audit(), tmp_path)
    write_gis(sample_audit(), tmp_path)
    export_run(tmp_path, "ofds", tmp_path / "out.json")
    network = check_against_the_standard((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert {span["status"] for span in network["spans"]} == {"operational"}


def test_what_cannot_be_exported_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"plan\.gpkg: is missing"):
        export_run(tmp_path, "ofds", tmp_path / "out.json")
    write_gis(sample_outcome(), tmp_path)
    with pytest.raises(InputError, match="layers there: regions, rejected_routes, spans"):
        export_run(tmp_path, "flatgeobuf", tmp_path / "out.fgb", layer="span")
    with pytest.raises(InputError, match="is no map"):
        export_run(tmp_path, "flatgeobuf", tmp_path / "out.fgb", layer="layer_styles")
    (tmp_path / "plan.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match=r"plan\.json: is cut short"):
        export_run(tmp_path, "graphml", tmp_path / "out.graphml")
    with pytest.raises(OSError, match="nowhere"):
        export_run(tmp_path, "flatgeobuf", tmp_path / "nowhere" / "out.fgb")
    assert not list(tmp_path.glob("*out.*"))


def test_user_columns_of_routes_are_on_every_span(run: Run) -> None:
    spans = gpd.read_file(run.folder / "plan.gpkg", layer="spans")
    assert set(THEIRS) <= set(spans)
    assert set(spans["fibreCount"]) == {96}


EVIL = "<img src=x onerror=\"alert(1)\">=cmd|'/C calc'!A1 [% getpid() %] ]]> &lt; \x07\x1b \u202eשל\u05d5ם \u2066\ufffe"


@pytest.fixture(scope="module")
def evil(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run whose title, names and columns are all made to harm, in every output."""
    folder = tmp_path_factory.mktemp("evil")
    outcome = sample_outcome(ground=EVIL)
    network = outcome.network
    sites, routes, regions = network.sites.copy(), network.routes.copy(), network.regions.copy()
    sites["name"] = [f"{EVIL} {number}" for number in range(len(sites))]
    regions["name"] = EVIL
    routes["operator"] = routes["kind"] = routes["supplier"] = routes[EVIL] = EVIL
    title = outcome.study.study.model_copy(update={"name": EVIL})
    outcome = replace(
        change_network(outcome, sites=sites, routes=routes, regions=regions),
        study=outcome.study.model_copy(update={"study": title}),
    )
    write_plan_json(outcome, folder)
    write_gis(outcome, folder)
    export_run(folder, "ofds", folder / "ofds.json")
    export_run(folder, "graphml", folder / "plan.graphml")
    return folder


def read_xml_texts(folder: Path) -> dict[str, bytes]:
    """Every XML document of a run."""
    with closing(sqlite3.connect(folder / "plan.gpkg")) as database:
        styles = database.execute("SELECT f_table_name, styleQML FROM layer_styles").fetchall()
        ((project,),) = database.execute("SELECT content FROM qgis_projects").fetchall()
    with zipfile.ZipFile(io.BytesIO(bytes.fromhex(project))) as archive:
        texts = {"project": archive.read("plan.qgs")}
    with zipfile.ZipFile(folder / "plan.kmz") as archive:
        texts["kml"] = archive.read("doc.kml")
    texts["graphml"] = (folder / "plan.graphml").read_bytes()
    return texts | {f"style of {name}": text.encode() for name, text in styles}


def test_harmful_names_break_no_xml_and_stay_text(evil: Path) -> None:
    texts = read_xml_texts(evil)
    assert len(texts) == 10
    roots = {name: ElementTree.fromstring(text) for name, text in texts.items()}
    shown = EVIL.replace("\x07", "\ufffd").replace("\x1b", "\ufffd").replace("\ufffe", "\ufffd")
    assert roots["project"].findtext("title") == shown
    assert {node.tag for root in roots.values() for node in root.iter()}.isdisjoint({"img", "script"})
    kml = "{http://www.opengis.net/kml/2.2}"
    assert roots["kml"].findtext(f"{kml}Document/{kml}name") == shown
    balloons = [str(node.text) for node in roots["kml"].iter(f"{kml}description")]
    assert any("onerror" in text for text in balloons)
    # viewers render a balloon as HTML: of tags it has only ours
    assert {tag for text in balloons for tag in re.findall(r"<\s*/?\s*(\w+)", text)} == {"table", "tr", "th", "td"}
    nodes = nx.read_graphml(evil / "plan.graphml", force_multigraph=True).nodes(data="name")
    assert dict(nodes)["BOR"] == f"{shown} 0"


def test_harmful_names_are_whole_in_json_and_tables(evil: Path) -> None:
    network = check_against_the_standard((evil / "ofds.json").read_text(encoding="utf-8"))
    assert network["name"] == network["spans"][0]["operator"] == network["spans"][0][EVIL] == EVIL
    assert network["spans"][0]["supplier"] == {"id": EVIL, "name": EVIL}
    assert network["nodes"][0]["name"] == f"{EVIL} 0"
    spans = [row for row in read_properties(evil / "network.geojson") if "span_id" in row]
    assert {row["kind"] for row in spans} == {row[EVIL] for row in spans} == {EVIL}
    assert set(gpd.read_file(evil / "plan.gpkg", layer="spans")["operator"]) == {EVIL}
    for path in sorted(evil.glob("*.geojson")):
        read_features(path)


def test_new_routes_as_candidates_are_candidates_once_more(run: Run, tmp_path: Path) -> None:
    text = to_lines(run.study.read_text(encoding="utf-8"), sites=f"sites = {str(run.study.parent / 'sites.geojson')!r}")
    existing, candidates = (
        str(path) for path in (run.study.parent / "routes.geojson", run.folder / "new_routes.geojson")
    )
    text = text.replace('"routes.geojson"', repr(existing)).replace('"candidates.geojson"', repr(candidates))
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    routes = planner.check(tmp_path).routes
    plan = run.outcome.built
    assert plan is not None
    assert set(routes["route_id"][routes["status"] == "candidate"]) == {new.route_id for new in plan.routes}
