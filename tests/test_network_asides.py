"""The user's columns beside the planner's own of the same names, file after file."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from network_cases import read, route, site

import planner
from planner.export.exports import export_run
from planner.network.asides import put_aside
from planner.starter import write_starter


def test_names_give_way_one_after_the_other() -> None:
    frame = pd.DataFrame([range(5)], columns=["a", "a_input", "a_input_2", "b", "b_input"])
    renamed = put_aside(frame, ["a", "x"])
    assert renamed.columns.tolist() == ["a_input", "a_input_2", "a_input_3", "b", "b_input"]
    assert renamed.iloc[0].tolist() == [*range(5)]


def test_both_names_in_one_file(tmp_path: Path) -> None:
    routes = [route("AB", (0, 0), (10, 0), length_km=10, length_km_input=11, route_id="x", route_id_input="y")]
    network = read(tmp_path, [site("A", (0, 0)), site("B", (10, 0))], routes)
    row = network.routes.iloc[0]
    assert (row["length_km_input"], row["length_km_input_2"]) == (10, 11)
    assert (row["route_id_input"], row["route_id_input_2"]) == ("x", "y")


def test_a_package_goes_round_three_times(tmp_path: Path) -> None:
    write_starter(tmp_path / "towns")
    study: Path = tmp_path / "towns" / "study.toml"
    settings = {"invest": None, "failures": None, "options": None}
    for turn in range(3):
        outcome = planner.solve(planner.read_study(study).replace(settings if turn == 0 else {}))
        run = tmp_path / f"run{turn}"
        run.mkdir()
        planner.write_plan_json(outcome, run)
        planner.write_report(outcome, run)
        planner.write_gis(outcome, run)
        export_run(run, "ofds", tmp_path / f"net{turn}.json")
        study = tmp_path / f"study{turn}.toml"
        study.write_text(
            f'[study]\n[network]\nsites = "net{turn}.json"\nroutes = "net{turn}.json"\nplanned = "existing"\n'
            "[cuts]\nsimultaneous = 1\nradius_m = 50\nsite_clearance_m = 1000\n"
        )
    assert planner.solve(study).status == "optimal"
