"""Map files: what is in each layer."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pytest
from export_cases import (
    LAYERS,
    NASTY,
    change_network,
    nasty_outcome,
    outcome_apart_from_the_start,
    outcome_without_polygons,
    read_features,
    read_properties,
)
from sample import sample_audit, sample_infeasible_outcome, sample_outcome

from planner.export import write_gis
from planner.result import AuditOutcome, Outcome

CASES = {
    "solved": sample_outcome,
    "infeasible": sample_infeasible_outcome,
    "bare": lambda: sample_infeasible_outcome(with_protect_most=False),
    "nasty": nasty_outcome,
    "without polygons": outcome_without_polygons,
    "mixed": lambda: outcome_without_polygons(rows=slice(2)),
    "apart": outcome_apart_from_the_start,
    "audit": sample_audit,
}


def to_hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


@pytest.mark.parametrize("case", CASES)
def test_files_are_valid_complete_and_equal_byte_for_byte(case: str, tmp_path: Path) -> None:
    outcome: Outcome | AuditOutcome = CASES[case]()
    hashes = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        write_gis(outcome, tmp_path / name)
        hashes.append(to_hashes(tmp_path / name))
    assert hashes[0] == hashes[1]
    layers = [layer for layer in LAYERS if layer != ("new_routes" if case == "audit" else "critical_stretches")]
    styles = {name for name in hashes[0] if name.endswith(".qml")}
    assert set(hashes[0]) - styles == {"plan.gpkg", "plan.kmz", *(f"{layer}.geojson" for layer in layers)}
    assert styles == {
        f"{layer}.qml"
        for layer in layers
        if layer != "network"
        and read_features(tmp_path / "first" / f"{layer}.geojson")
        and not (case == "mixed" and layer == "regions")
    }
    for layer in layers:
        features = read_features(tmp_path / "first" / f"{layer}.geojson")
        assert len(gpd.read_file(tmp_path / "first" / f"{layer}.geojson")) == len(features)


def test_files_do_not_depend_on_the_hash_seed(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from sample import sample_outcome;"
        "from planner.export import write_gis, write_plan_json;"
        "folder = Path(sys.argv[1]); folder.mkdir(); outcome = sample_outcome();"
        "write_gis(outcome, folder); write_plan_json(outcome, folder)"
    )
    paths = os.pathsep.join([str(Path(__file__).parent), *filter(None, sys.path), str(Path.cwd())])
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": paths}
        subprocess.run([sys.executable, "-P", "-c", script, tmp_path / seed], check=True, env=environment)
    assert to_hashes(tmp_path / "1") == to_hashes(tmp_path / "2")


def test_network_has_sites_and_spans_but_no_rejected_candidates(tmp_path: Path) -> None:
    write_gis(sample_outcome(), tmp_path)
    features = read_features(tmp_path / "network.geojson")
    sites = [f["properties"] for f in features if f["geometry"]["type"] == "Point"]
    spans = {f["properties"]["span_id"]: f["properties"] for f in features if f["geometry"]["type"] == "LineString"}
    assert sites[1] == {"id": "LIL", "name": "Lille", "region": "32", "weight": 236_000, "terminal": True}
    existing = {"E-BOR", "E-LIL", "E-LYO-2", "E-STR", "E-SUD#1", "E-SUD#2"}
    assert set(spans) == existing | {"C-BOR-MRS", "C-LIL-STR"}
    assert {span_id for span_id, span in spans.items() if span["status"] == "new"} == {
        "C-BOR-MRS",
        "C-LIL-STR",
    }
    assert spans["E-SUD#2"] | {"length_km": 0} == {
        "span_id": "E-SUD#2",
        "route_id": "E-SUD",
        "a": "LYO",
        "b": "MRS",
        "status": "existing",
        "kind": "rail",
        "operator": "Telco A",
        "cuttable": True,
        "length_km": 0,
    }


def test_new_routes_say_what_they_share_and_defend(tmp_path: Path) -> None:
    write_gis(sample_outcome(ground="granite"), tmp_path)
    first, second = read_properties(tmp_path / "new_routes.geojson")
    assert (first["route_id"], first["id"], first["a"], first["b_name"]) == (
        "C-BOR-MRS",
        "C-BOR-MRS",
        "BOR",
        "Marseille",
    )
    assert first["shares_with"] == ["E-LYO-2"]
    assert first["defends"] == ["75", "84", "93"]
    assert first["currency"] == "EUR"
    assert first["cost"] == pytest.approx(first["length_km"] * 60_000, rel=1e-6)
    assert second["ground"] == "granite"


def test_users_words_and_columns_come_through(tmp_path: Path) -> None:
    write_gis(nasty_outcome(), tmp_path)
    routes = {row["route_id"]: row for row in read_properties(tmp_path / "new_routes.geojson")}
    assert NASTY in routes
    assert routes[NASTY]["input_Defends"] == ["x", None]
    assert routes[NASTY]["fid"] == "text"
    assert {row["span_id"] for row in read_properties(tmp_path / "network.geojson") if "span_id" in row} > {NASTY}
    table = gpd.read_file(tmp_path / "plan.gpkg", layer="new_routes")
    assert NASTY in set(table["route_id"])
    assert set(table["input_fid"]) == {"text"}
    assert set(table["input_Defends"]) == {'["x",null]'}
    assert set(gpd.read_file(tmp_path / "plan.gpkg", layer="sites")["input_FID"]) == {"their own"}


def test_critical_cuts_before_after_and_blocking(tmp_path: Path) -> None:
    outcome = sample_infeasible_outcome()
    write_gis(outcome, tmp_path)
    rows = read_properties(tmp_path / "critical_cuts.geojson")
    assert [row["when"] for row in rows] == sorted(
        (row["when"] for row in rows), key=["before", "after", "blocking"].index
    )
    assert {row["within_requirement"] for row in rows} == {True}
    blocking = [row for row in rows if row["when"] == "blocking"]
    assert [row["cut"] for row in blocking] == [1, 2]
    assert {row["num_cuts"] for row in blocking} == {2}
    assert len({row["cut_set"] for row in blocking}) == 1
    first = rows[0]
    assert (first["cut_set"], first["rank"], first["span_ids"]) == (1, 1, ["E-LYO-2", "E-SUD#1"])
    assert (first["isolated_regions"], first["isolated_sites"]) == (["84", "93"], ["LYO", "MRS"])
    assert first["isolated_weight"] == 13_220_000


def test_cuts_beyond_the_requirement_are_marked(tmp_path: Path) -> None:
    write_gis(sample_outcome(), tmp_path)
    rows = read_properties(tmp_path / "critical_cuts.geojson")
    assert {(row["num_cuts"] == 1) == row["within_requirement"] for row in rows} == {True}
    assert {row["num_cuts"] for row in rows if row["when"] == "after"} == {2}


def test_a_network_that_falls_apart_uncut_is_not_forgotten(tmp_path: Path) -> None:
    write_gis(outcome_apart_from_the_start(), tmp_path)
    feature = next(
        f for f in read_features(tmp_path / "critical_cuts.geojson") if f["properties"]["when"] == "blocking"
    )
    assert feature["geometry"] is None
    assert (feature["properties"]["num_cuts"], feature["properties"]["isolated_sites"]) == (0, ["BOR"])


def test_regions_are_polygons_or_their_sites(tmp_path: Path) -> None:
    write_gis(outcome_without_polygons(rows=slice(2)), tmp_path)
    features = read_features(tmp_path / "regions.geojson")
    kinds = [feature["geometry"]["type"] for feature in features]
    assert kinds == ["MultiPoint"] * 2 + ["Polygon"] * 4
    assert features[1]["properties"] == {
        "region_id": "32",
        "name": "Hauts-de-France",
        "weight": 6_000_000,
        "required_cuts": 1,
        "survives_before": 0,
        "survives_after": 1,
        "reach": "any",
        "site_ids": ["LIL"],
    }


def test_a_region_without_sites_has_no_place(tmp_path: Path) -> None:
    outcome = outcome_without_polygons()
    regions = outcome.network.regions.copy()
    regions["sites"] = [(), *regions["sites"][1:]]
    write_gis(replace(outcome, network=replace(outcome.network, regions=regions)), tmp_path)
    assert read_features(tmp_path / "regions.geojson")[0]["geometry"] is None


def test_register_of_shared_risks(tmp_path: Path) -> None:
    write_gis(sample_outcome(), tmp_path)
    rows = {tuple(row["span_ids"]): row for row in read_properties(tmp_path / "risk_groups.geojson")}
    assert len(rows) == 8
    shared = rows["C-LIL-PAR", "E-LIL"]
    assert (shared["cause"], shared["num_spans"]) == ("trench", 2)
    assert shared["unbuilt_span_ids"] == ["C-LIL-PAR"]
    assert shared["route_ids"] == ["C-LIL-PAR", "E-LIL"]
    assert shared["owners"] == ["Telco A", "new"]
    assert rows["E-SUD#2",]["cause"] == "declared conduit_id=D7"


@pytest.mark.parametrize("nobody", [None, float("nan")])
def test_register_of_routes_without_an_operator(tmp_path: Path, nobody: object) -> None:
    """Every group has its place, cause, spans, routes and owners, in the register and in the GeoPackage alike."""
    outcome = sample_outcome()
    routes = outcome.network.routes.copy()
    routes["operator"] = [nobody if one.startswith("E-") else "new" for one in routes["route_id"]]
    write_gis(change_network(outcome, routes=routes), tmp_path)
    features = read_features(tmp_path / "risk_groups.geojson")
    rows = {tuple(feature["properties"]["span_ids"]): feature for feature in features}
    assert rows["C-LIL-PAR", "E-LIL"]["properties"]["owners"] == ["new"]
    assert rows["E-LYO-2", "E-SUD#1"]["properties"]["owners"] == []
    table = gpd.read_file(tmp_path / "plan.gpkg", layer="risk_groups")
    assert len(table) == len(features) == 8
    for feature, (_, row) in zip(features, table.iterrows(), strict=True):
        ours = feature["properties"]
        for name in ("span_ids", "unbuilt_span_ids", "route_ids", "owners", "site_ids"):
            assert json.loads(row[name]) == ours[name]
        assert (row["group_id"], row["cause"], row["num_spans"]) == (ours["group_id"], ours["cause"], ours["num_spans"])
    places = table.geometry.to_crs("EPSG:4326")
    drawn = [feature["geometry"]["coordinates"] for feature in features]
    assert [[place.x, place.y] for place in places] == [pytest.approx(xy, abs=2e-7) for xy in drawn]


def test_protected_sites_and_accuracies_come_through(tmp_path: Path) -> None:
    outcome = sample_outcome()
    network = outcome.network
    accuracy_m = {one: 20.0 if one.startswith("C-") else 0.0 for one in network.routes["route_id"]}
    changed = change_network(
        outcome,
        sites=network.sites.assign(protected=network.sites["site_id"] == "PAR"),
        routes=network.routes.assign(accuracy_m=network.routes["route_id"].map(accuracy_m)),
        spans=network.spans.assign(accuracy_m=network.spans["route_id"].map(accuracy_m)),
    )
    write_gis(changed, tmp_path)
    rows = read_properties(tmp_path / "network.geojson")
    protected = {row["id"]: row["protected"] for row in rows if "span_id" not in row}
    assert protected == {one: one == "PAR" for one in network.sites["site_id"]}
    assert {row["span_id"]: row["accuracy_m"] for row in rows if "span_id" in row} == {
        row["span_id"]: accuracy_m[row["route_id"]] for row in rows if "span_id" in row
    }
    assert [row["accuracy_m"] for row in read_properties(tmp_path / "new_routes.geojson")] == [20.0, 20.0]
    sites = gpd.read_file(tmp_path / "plan.gpkg", layer="sites")
    assert dict(zip(sites["id"], sites["protected"], strict=True)) == protected
    for layer in ("spans", "new_routes", "rejected_routes"):
        table = gpd.read_file(tmp_path / "plan.gpkg", layer=layer)
        assert table["accuracy_m"].tolist() == [accuracy_m[route_id] for route_id in table["route_id"]]


def test_columns_that_nobody_set_are_left_out(tmp_path: Path) -> None:
    outcome = sample_outcome()
    network = outcome.network
    write_gis(outcome, tmp_path)
    names = {name for row in read_properties(tmp_path / "network.geojson") for name in row}
    assert not names & {"protected", "accuracy_m"}
    (tmp_path / "unset").mkdir()
    unset = change_network(
        outcome,
        sites=network.sites.assign(protected=False),
        routes=network.routes.assign(accuracy_m=0.0),
        spans=network.spans.assign(accuracy_m=0.0),
    )
    write_gis(unset, tmp_path / "unset")
    for path in sorted((tmp_path / "unset").glob("*[!l]")):
        assert path.read_bytes() == (tmp_path / path.name).read_bytes()


def test_nothing_to_build_is_an_empty_collection(tmp_path: Path) -> None:
    write_gis(sample_infeasible_outcome(with_protect_most=False), tmp_path)
    assert read_features(tmp_path / "new_routes.geojson") == []
    assert len(gpd.read_file(tmp_path / "plan.gpkg", layer="rejected_routes")) == 4
    assert {row["survives_after"] for row in read_properties(tmp_path / "regions.geojson")} == {None}


def test_an_audit_shows_the_network_as_it_is(tmp_path: Path) -> None:
    write_gis(sample_audit(), tmp_path)
    rows = read_properties(tmp_path / "network.geojson")
    assert {row["status"] for row in rows if "span_id" in row} == {"existing"}
    assert {row["when"] for row in read_properties(tmp_path / "critical_cuts.geojson")} == {"before"}
    assert {row["survives_before"] for row in read_properties(tmp_path / "regions.geojson")} == {0, 2}


def test_critical_stretches_are_lines_with_what_they_isolate(tmp_path: Path) -> None:
    outcome = sample_audit()
    write_gis(outcome, tmp_path)
    alone, together = read_features(tmp_path / "critical_stretches.geojson")
    assert {feature["geometry"]["type"] for feature in (alone, together)} == {"LineString"}
    assert alone["properties"] == {
        "span_id": "E-BOR",
        "route_id": "E-BOR",
        "from_m": 1000,
        "to_m": 450_000,
        "length_m": 449_000,
        "num_cuts": 1,
        "isolated_weight": 6_050_000,
        "isolated_regions": ["75"],
        "span_ids": ["E-BOR"],
        "partner_group_id": None,
        "partner_lon": None,
        "partner_lat": None,
    }
    partner = {"num_cuts": 2, "partner_lon": 3.09, "partner_lat": 45.78}
    assert partner.items() <= together["properties"].items()
    assert together["properties"]["partner_group_id"] in outcome.risk_groups.group_ids
    table = gpd.read_file(tmp_path / "plan.gpkg", layer="critical_stretches")
    assert table.crs == outcome.network.crs
    assert list(table["isolated_regions"]) == ['["75"]', '["84","93"]']


def test_no_critical_stretch_is_an_empty_layer(tmp_path: Path) -> None:
    write_gis(replace(sample_audit(), critical_stretches=()), tmp_path)
    assert read_features(tmp_path / "critical_stretches.geojson") == []
    assert gpd.read_file(tmp_path / "plan.gpkg", layer="critical_stretches").empty
