"""planner diff, and decisions on a map that go back into the study."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pytest

from planner.batch.difference import find_difference, to_difference_document, to_difference_lines
from planner.batch.difference_layer import write_difference_layer
from planner.errors import InputError
from planner.network import read_network
from planner.progress import Progress
from planner.run import solve
from planner.run.write import write_solve
from planner.starter import write_starter
from planner.study import read_study


@pytest.fixture
def towns(tmp_path: Path) -> Path:
    write_starter(tmp_path / "towns")
    return tmp_path / "towns"


def run(study: Path, out: Path) -> None:
    write_solve(solve(study), out, Progress())


def change(study: Path, old: str, new: str) -> None:
    file = study / "study.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def decide(study: Path, out: Path, decisions: dict[str, str], name: str = "decided.geojson") -> None:
    """What a GIS tool does: a column more in new_routes.geojson, saved elsewhere."""
    layer = gpd.read_file(out / "new_routes.geojson")
    layer["Decision"] = [decisions.get(route) for route in layer["route_id"]]
    layer.to_file(study / name, driver="GeoJSON")
    change(study, "[candidates]\n", f'[candidates]\ndecisions = "{name}"\n')


def test_a_rejected_route_is_not_built_again(towns: Path, tmp_path: Path) -> None:
    run(towns, tmp_path / "a")
    assert json.loads((tmp_path / "a" / "plan.json").read_text())["selected"] == ["N2", "N4"]
    decide(towns, tmp_path / "a", {"N4": " Reject", "N2": "accept"})
    run(towns, tmp_path / "b")
    document = json.loads((tmp_path / "b" / "plan.json").read_text())
    assert (document["required"], document["forbidden"]) == (["N2"], ["N4"])
    assert "decided.geojson" in document["inputs"]
    found = find_difference(tmp_path / "a", tmp_path / "b")
    assert found.routes_kept == ("N2",)
    assert found.routes_removed == ("N4",)
    assert found.routes_added == tuple(sorted(set(document["selected"]) - {"N2"})) != ()
    assert found.settings["candidates.decisions"].b == "decided.geojson"
    assert set(found.inputs) == {"study.toml", "decided.geojson"}
    lines = to_difference_lines(found)
    assert "no longer built: N4" in lines
    assert "input decided.geojson is new" in lines
    json.dumps(to_difference_document(found), allow_nan=False)
    write_difference_layer(tmp_path / "a", tmp_path / "b", tmp_path / "change.geojson")
    layer = gpd.read_file(tmp_path / "change.geojson").set_index("route_id")["change"]
    assert layer.to_dict() == {"N2": "kept", "N4": "removed", **dict.fromkeys(found.routes_added, "added")}


def test_nothing_changed(towns: Path, tmp_path: Path) -> None:
    run(towns, tmp_path / "a")
    assert to_difference_lines(find_difference(tmp_path / "a", tmp_path / "a")) == ["nothing changed"]


def test_more_cuts_change_survival(towns: Path, tmp_path: Path) -> None:
    run(towns, tmp_path / "a")
    change(towns, "simultaneous = 1", "simultaneous = 2")
    run(towns, tmp_path / "b")
    found = find_difference(tmp_path / "a", tmp_path / "b")
    assert (found.figures["cuts"].a, found.figures["cuts"].b) == (1, 2)
    assert found.figures["cost"].b > found.figures["cost"].a
    assert {(change.a, change.b) for change in found.required_cuts.values()} == {(1, 2)}
    assert all(change.b > change.a for change in found.survives.values())
    assert found.survives


def test_no_run_folder(towns: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"plan\.json"):
        find_difference(towns, tmp_path)


def test_bad_decisions_are_all_named(towns: Path, tmp_path: Path) -> None:
    run(towns, tmp_path / "a")
    decide(towns, tmp_path / "a", {"N2": "maybe", "N4": "yes"})
    with pytest.raises(InputError) as caught:
        read_network(read_study(towns))
    assert [str(fault) for fault in caught.value.faults] == [
        "decided.geojson, row 1 (id 'N2'): decision is 'maybe'; write accept or reject, or leave it empty",
        "decided.geojson, row 2 (id 'N4'): decision is 'yes'; write accept or reject, or leave it empty",
    ]


def test_decisions_on_routes_that_are_no_more(towns: Path, tmp_path: Path) -> None:
    run(towns, tmp_path / "a")
    decide(towns, tmp_path / "a", {"N2": "accept"})
    file = towns / "decided.geojson"
    file.write_text(file.read_text(encoding="utf-8").replace('"id": "N2"', '"id": "X*"'), encoding="utf-8")
    with pytest.raises(
        InputError, match=r"study\.toml, candidates\.required with decided\.geojson: no route has an id"
    ):
        read_network(read_study(towns))


def test_a_layer_without_decisions(towns: Path) -> None:
    change(towns, "[candidates]\n", '[candidates]\ndecisions = "candidates.geojson"\n')
    with pytest.raises(InputError, match="there is no column 'decision'"):
        read_network(read_study(towns))
