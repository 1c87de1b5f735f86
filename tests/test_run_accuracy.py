"""A run of inaccurate data carries what its proof needs, and its map files say how accurate the data are."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import geopandas as gpd
import pytest
from export_cases import read_properties
from network_cases import site, write_study
from test_vague import CLEARANCE_M, beside

from planner.export import read_run, to_run_problem
from planner.progress import Progress
from planner.result import Outcome
from planner.run import solve, verify_run
from planner.run.write import write_solve


def solve_and_write(folder: Path, accuracy_m: float, cuts: str = "") -> Outcome:
    """E and the cheap C1 are drawn 120 m apart; C2 is surely apart, and dearer. Writes `folder`/run.

    The accuracy stands in the study for the existing route, in their rows for the candidates.
    """
    folder.mkdir()
    study = write_study(
        folder,
        [site("A", (0, 0), protected=True), site("B", (20, 0))],
        [beside("E", 0)],
        candidates=[
            beside("C1", 120, cost=10, accuracy_m=2 * accuracy_m),
            beside("C2", 3000, cost=25, accuracy_m=accuracy_m),
        ],
        cuts=f"radius_m = 50\nsite_clearance_m = {CLEARANCE_M}\n{cuts}",
        network=f"accuracy_m = {accuracy_m}",
    )
    outcome = solve(study)
    write_solve(outcome, folder / "run", Progress())
    return outcome


def to_register(outcome: Outcome) -> set[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The spans and sites of every group of the outcome."""
    span_ids, site_ids = outcome.network.spans["span_id"], outcome.network.sites["site_id"]
    groups = outcome.risk_groups
    sites = groups.sites or [()] * len(groups.spans)
    return {
        (tuple(sorted(span_ids.iloc[list(spans)])), tuple(site_ids.iloc[list(fallen)]))
        for spans, fallen in zip(groups.spans, sites, strict=True)
    }


@pytest.mark.parametrize("cuts", ["", 'sites_fail = "single"'])
def test_nothing_of_the_risk_is_lost_on_the_way_to_the_proof(tmp_path: Path, cuts: str) -> None:
    outcome = solve_and_write(tmp_path / "study", 10, cuts)
    folder = tmp_path / "study" / "run"
    rows = read_properties(folder / "risk_groups.geojson")
    register = {(tuple(row["span_ids"]), tuple(row["site_ids"])) for row in rows}
    assert register == to_register(outcome)
    assert (("C1", "E"), ()) in register
    run = read_run(folder)
    assert [run.route_ids[route] for route in run.new_routes] == ["C2"]
    sites = run.group_sites or [()] * len(run.groups)
    proved = {
        (tuple(sorted(run.span_ids[span] for span in spans)), tuple(run.site_ids[site] for site in fallen))
        for spans, fallen in zip(run.groups, sites, strict=True)
    }
    assert proved == {(tuple(one for one in spans if one != "C1"), fallen) for spans, fallen in register}
    assert len(to_run_problem(run).groups) == len(proved)
    assert verify_run(folder).survives


def test_a_plan_of_exact_data_does_not_survive_the_risk_of_inaccurate_ones(tmp_path: Path) -> None:
    """Exact data let C1 be built; with the register of inaccurate ones that plan must fail its proof."""
    solve_and_write(tmp_path / "vague", 10)
    solve_and_write(tmp_path / "exact", 0)
    folder = tmp_path / "exact" / "run"
    assert verify_run(folder).survives
    shutil.copy(tmp_path / "vague" / "run" / "risk_groups.geojson", folder)
    register = json.loads((folder / "risk_groups.geojson").read_text(encoding="utf-8"))
    for feature in register["features"]:
        row = feature["properties"]
        row["unbuilt_span_ids"] = [one for one in row["span_ids"] if one == "C2"]
    (folder / "risk_groups.geojson").write_text(json.dumps(register), encoding="utf-8")
    verdict = verify_run(folder)
    assert not verdict.survives
    assert verdict.witness == (("C1", "E"),)


def test_map_files_say_how_accurate_the_data_are(tmp_path: Path) -> None:
    solve_and_write(tmp_path / "study", 10)
    folder = tmp_path / "study" / "run"
    rows = read_properties(folder / "network.geojson")
    assert {row["span_id"]: row["accuracy_m"] for row in rows if "span_id" in row} == {"E": 10.0, "C2": 10.0}
    assert {row["id"]: row["protected"] for row in rows if "span_id" not in row} == {"A": True, "B": False}
    assert [row["accuracy_m"] for row in read_properties(folder / "new_routes.geojson")] == [10.0]
    rejected = gpd.read_file(folder / "plan.gpkg", layer="rejected_routes")
    assert (rejected["id"].tolist(), rejected["accuracy_m"].tolist()) == (["C1"], [20.0])
    assert gpd.read_file(folder / "plan.gpkg", layer="sites")["protected"].tolist() == [True, False]


def test_a_register_of_routes_that_nobody_owns(tmp_path: Path) -> None:
    solve_and_write(tmp_path / "study", 10)
    for row in read_properties(tmp_path / "study" / "run" / "risk_groups.geojson"):
        assert row["owners"] == []
        assert row["route_ids"] == row["span_ids"] != []
        assert row["cause"] in ("trench", "single")
