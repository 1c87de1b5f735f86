"""A run folder read back is the network, the plan and the risk it was written from; a damaged one is refused."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from export_cases import move_study
from sample import sample_audit, sample_infeasible_outcome, sample_outcome

from planner.errors import InputError
from planner.export import (
    find_input_states,
    read_run,
    to_run_problem,
    write_audit_json,
    write_gis,
    write_plan_json,
)
from planner.problem import Problem
from planner.result import Outcome


def write_run(outcome: Outcome, folder: Path) -> Path:
    write_gis(outcome, folder)
    write_plan_json(outcome, folder)
    return folder


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_run(sample_outcome(), tmp_path_factory.mktemp("run"))


@pytest.fixture
def folder(written: Path, tmp_path: Path) -> Path:
    """A run of one's own to damage."""
    return shutil.copytree(written, tmp_path / "run")


def survives(problem: Problem) -> bool:
    """Try every cut set against every level."""
    for num_cuts in range(problem.max_cuts + 1):
        regions = [t for t, level in zip(problem.terminals, problem.required_cuts, strict=True) if level >= num_cuts]
        for cuts in combinations(problem.groups, num_cuts):
            severed = {int(span) for cut in cuts for span in cut}
            graph = nx.Graph()
            graph.add_nodes_from(range(problem.num_sites))
            graph.add_edges_from(
                tuple(ends) for span, ends in enumerate(problem.span_ends.tolist()) if span not in severed
            )
            parts = list(nx.connected_components(graph))
            if not any(all(part & set(region.tolist()) for region in regions) for part in parts):
                return False
    return True


def test_a_run_reads_back(folder: Path) -> None:
    run = read_run(folder)
    assert run.site_ids == ("BOR", "LIL", "LYO", "MRS", "PAR", "STR")
    assert [run.route_ids[route] for route in run.new_routes] == ["C-BOR-MRS", "C-LIL-STR"]
    assert [run.span_ids[span] for span in range(len(run.span_ids)) if run.is_new[span]] == [
        "C-BOR-MRS",
        "C-LIL-STR",
    ]
    groups = {tuple(run.span_ids[span] for span in group) for group in run.groups}
    assert ("E-LIL",) in groups  # its neighbour in the trench is not built
    assert ("E-LYO-2", "E-SUD#1") in groups
    assert not any("C-LYO-STR" in group for group in groups)
    ends = [tuple(run.site_ids[site] for site in pair) for pair in run.span_ends]
    assert ends[run.span_ids.index("E-SUD#2")] == ("LYO", "MRS")
    assert run.required_cuts == (1,) * 6
    assert run.reach == "any"
    assert run.document["status"] == "optimal"


def test_the_files_suffice_for_the_proof(folder: Path) -> None:
    run = read_run(folder)
    problem = to_run_problem(run)
    assert tuple(problem.candidates) == run.new_routes
    assert survives(problem)
    rows = json.loads((folder / "network.geojson").read_text())
    rows["features"] = [f for f in rows["features"] if f["properties"].get("span_id") != "C-LIL-STR"]
    (folder / "network.geojson").write_text(json.dumps(rows))
    for name in ("selected", "unbuilt"):  # a careful forger changes them all
        change_file(folder, *FORGERIES[name])
    assert not survives(to_run_problem(read_run(folder)))


def test_protect_most_has_levels_of_its_own(tmp_path: Path) -> None:
    run = read_run(write_run(sample_infeasible_outcome(), tmp_path))
    assert run.required_cuts == (2, 1, 2, 1, 2, 1)
    assert len(run.new_routes) == 3
    assert run.has_plan
    assert survives(to_run_problem(run))


def test_an_infeasible_run_has_nothing_new(tmp_path: Path) -> None:
    run = read_run(write_run(sample_infeasible_outcome(with_protect_most=False), tmp_path))
    assert run.new_routes == ()
    assert not run.has_plan
    assert not survives(to_run_problem(run))


def change_file(folder: Path, name: str, change: Callable[[Any], object]) -> None:
    content = json.loads((folder / name).read_text(encoding="utf-8"))
    change(content if name == "plan.json" else [feature["properties"] for feature in content["features"]])
    (folder / name).write_text(json.dumps(content), encoding="utf-8")


FORGERIES: dict[str, tuple[str, Callable[[Any], object]]] = {
    "selected": ("plan.json", lambda plan: plan.update(selected=["C-BOR-MRS"])),
    "unbuilt": (
        "risk_groups.geojson",
        lambda rows: [row["unbuilt_span_ids"].append("C-LIL-STR") for row in rows if "C-LIL-STR" in row["span_ids"]],
    ),
}

DAMAGE: dict[str, tuple[str, Callable[[Any], object], str]] = {
    "not selected": (*FORGERIES["selected"], "draws new routes that plan.json does not select: 'C-LIL-STR'"),
    "not drawn": (
        "plan.json",
        lambda plan: plan["selected"].append("C-LYO-STR"),
        "plan.json: selects routes that network.geojson does not draw as new: 'C-LYO-STR'",
    ),
    "version": ("plan.json", lambda plan: plan.update(schema_version=9), "has schema_version 9, not 1"),
    "no cuts": ("plan.json", lambda plan: plan.pop("cuts"), "plan.json, object 1: lacks a proper cuts"),
    "region gone": (
        "plan.json",
        lambda plan: plan["regions"].pop("32"),
        "plan.json: and regions.geojson disagree on regions: '32'",
    ),
    "unknown site": (
        "network.geojson",
        lambda rows: rows[-1].update(a="ATLANTIS"),
        "network.geojson: spans end at sites that it lacks: 'ATLANTIS'",
    ),
    "double span": (
        "network.geojson",
        lambda rows: rows[-1].update(span_id="E-LIL"),
        "has the same span id twice: 'E-LIL'",
    ),
    "status": (
        "network.geojson",
        lambda rows: rows[-1].update(status="planned"),
        "spans have an unknown status: 'planned'",
    ),
    "no id": ("network.geojson", lambda rows: rows[0].pop("id"), "network.geojson, object 1: lacks a proper id"),
    "span unknown to groups": (
        "network.geojson",
        lambda rows: rows[-1].update(span_id="E-NEW"),
        "has no risk group for spans that can be cut: 'E-NEW'",
    ),
    "hardened": (
        "network.geojson",
        lambda rows: rows[-1].update(cuttable=False),
        "cuts spans that are hardened: 'E-SUD#2'",
    ),
    "groups cut short": (
        "risk_groups.geojson",
        lambda rows: [row.update(span_ids=[]) for row in rows],
        "has no risk group for spans that can be cut: 'C-BOR-MRS', 'C-LIL-STR', 'E-BOR' and 5 more",
    ),
    "groups of others": (
        "risk_groups.geojson",
        lambda rows: rows[0]["span_ids"].append("X"),
        "risk_groups.geojson: names spans that network.geojson lacks: 'X'",
    ),
    "groups as text": (
        "risk_groups.geojson",
        lambda rows: rows[0].update(span_ids='["a"]'),
        "risk_groups.geojson, object 1: lacks a proper span_ids",
    ),
    "region site": (
        "regions.geojson",
        lambda rows: rows[0]["site_ids"].append("X"),
        "regions.geojson: names sites that network.geojson lacks: 'X'",
    ),
}


@pytest.mark.parametrize("case", DAMAGE)
def test_files_that_do_not_fit_are_refused(case: str, folder: Path) -> None:
    name, change, message = DAMAGE[case]
    change_file(folder, name, change)
    with pytest.raises(InputError) as caught:
        read_run(folder)
    assert message in str(caught.value)
    assert all(fault.remedy for fault in caught.value.faults)


@pytest.mark.parametrize("name", ["plan.json", "network.geojson", "risk_groups.geojson", "regions.geojson"])
def test_missing_and_damaged_files_are_all_named(name: str, folder: Path) -> None:
    path = folder / name
    whole = path.read_text(encoding="utf-8")
    for content, message in (
        (whole[: len(whole) // 2].encode(), "is cut short or no JSON"),
        (b"", "is cut short or no JSON"),
        (b"\xff\xfe", "is no UTF-8 text"),
        (b"[]", "holds no JSON object"),
        (b"[" * 200_000, "is cut short or no JSON"),
        (b'{"type":"FeatureCollection","features":[1]}', "has schema" if name == "plan.json" else "is no Feature"),
    ):
        path.write_bytes(content)
        with pytest.raises(InputError, match=message) as caught:
            read_run(folder)
        assert [fault.where for fault in caught.value.faults] == [str(path)]
    path.unlink()
    (folder / "regions.geojson").unlink(missing_ok=True)
    with pytest.raises(InputError, match="is missing") as caught:
        read_run(folder)
    assert {Path(fault.where).name for fault in caught.value.faults} == {name, "regions.geojson"}


def test_an_audit_has_no_plan_to_prove(tmp_path: Path) -> None:
    write_gis(sample_audit(), tmp_path)
    write_audit_json(sample_audit(), tmp_path)
    with pytest.raises(InputError, match="holds an audit"):
        read_run(tmp_path)


def test_inputs_are_compared_with_what_they_were(tmp_path: Path) -> None:
    study_folder, folder = tmp_path / "study", tmp_path / "reports" / "study"
    study_folder.mkdir()
    folder.mkdir(parents=True)
    outcome = move_study(sample_outcome(), study_folder / "study.toml")
    noted = {"study.toml": "as it was", "routes.geojson": "as it was"}
    hashes = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in noted.items()}
    outcome = replace(outcome, inputs={**outcome.inputs, **hashes})
    for name, text in noted.items():
        (study_folder / name).write_text(text)
    (study_folder / "routes.geojson").write_text("changed since")
    states = find_input_states(read_run(write_run(outcome, folder)))
    assert states == {
        "candidates.geojson": "missing",
        "regions.geojson": "missing",
        "routes.geojson": "changed",
        "sites.geojson": "missing",
        "study.toml": "same",
    }
    change_file(folder, "plan.json", lambda plan: plan.update(study_file=None))
    assert set(find_input_states(read_run(folder)).values()) == {"missing"}
