"""Candidates that a study requires or forbids."""

from __future__ import annotations

from pathlib import Path

from network_cases import SITES, faults_of, read, route, write_study

from planner.problem import to_problem
from planner.risk.model import RiskGroups
from planner.run import solve

# A ---- B ---- C along a line; the candidates lie beside it
ROUTES = [route("E-1", (0, 0), (10, 0)), route("E-2", (10, 0), (20, 0))]
CANDIDATES = [
    route("rail-1", (0, 0), (5, 3), (10, 0), cost=1),
    route("rail-2", (10, 0), (15, 3), (20, 0), cost=1),
    route("road-1", (0, 0), (10, -9), (20, 0), cost=5),
    route("road-2", (0, 0), (10, -6), (20, 0), cost=3, status="planned"),
]


def test_ids_and_patterns_name_candidates(tmp_path: Path) -> None:
    lines = 'required = ["rail-*"]\nforbidden = ["road-[2-9]"]'
    network = read(tmp_path, SITES, ROUTES, candidates=CANDIDATES, candidates_=lines)
    ids = network.routes["route_id"].tolist()
    assert [ids[row] for row in network.required] == ["rail-1", "rail-2"]
    assert [ids[row] for row in network.forbidden] == ["road-2"]
    problem = to_problem(network, RiskGroups.none())
    assert [ids[row] for row in problem.buildable] == ["rail-1", "rail-2", "road-1"]
    assert problem.is_required.nonzero()[0].tolist() == list(network.required)


def test_a_pattern_speaks_of_candidates_alone(tmp_path: Path) -> None:
    network = read(tmp_path, SITES, ROUTES, candidates=CANDIDATES, candidates_='forbidden = ["*-1"]')
    assert network.routes["route_id"].iloc[list(network.forbidden)].tolist() == ["rail-1", "road-1"]


def test_faults_of_patterns_are_said_at_once(tmp_path: Path) -> None:
    lines = 'required = ["rial-1", "RAIL-1", "E-1", "rail-1"]\nforbidden = ["canal-*", "rail-*"]'
    assert faults_of(tmp_path, SITES, ROUTES, candidates=CANDIDATES, candidates_=lines) == [
        "study.toml, candidates.required: no route has an id that matches 'rial-1'; the nearest ids are 'rail-1',"
        " 'road-1', 'rail-2'",
        "study.toml, candidates.required: no route has an id that matches 'RAIL-1'; the nearest ids are 'rail-1',"
        " 'rail-2', 'road-1'",
        "study.toml, candidates.required: 'E-1' names 'E-1', which exists already; name candidates",
        "study.toml, candidates.forbidden: no route has an id that matches 'canal-*'; the ids are 'E-1', 'E-2',"
        " 'rail-1', 'rail-2', 'road-1', 'road-2'",
        "study.toml, candidates: 'rail-1' is both required and forbidden; take each out of one of the two lists",
    ]


def test_an_id_with_brackets_names_itself(tmp_path: Path) -> None:
    odd = [{**CANDIDATES[0], "id": "rail[1]"}, *CANDIDATES[1:]]
    network = read(tmp_path, SITES, ROUTES, candidates=odd, candidates_='required = ["rail[1]"]')
    assert network.routes["route_id"].iloc[list(network.required)].tolist() == ["rail[1]"]


def test_planned_routes_that_are_ignored_cannot_be_required(tmp_path: Path) -> None:
    settings = {"network": 'planned = "ignore"', "candidates_": 'required = ["road-2"]'}
    (fault,) = faults_of(tmp_path, SITES, ROUTES, candidates=CANDIDATES, **settings)
    assert fault.startswith("study.toml, candidates.required: every candidate that matches 'road-2' was left out")


def test_a_row_with_a_fault_of_its_own_brings_up_no_other(tmp_path: Path) -> None:
    broken = [*CANDIDATES[1:], {**CANDIDATES[0], "cuttable": "perhaps"}, route("x", (0, 0), (9, 9), a="nowhere")]
    faults = faults_of(tmp_path, SITES, ROUTES, candidates=broken, candidates_='required = ["rail-1", "x"]')
    assert len(faults) > 0
    assert not [fault for fault in faults if "required" in fault]


def test_a_solve_builds_what_is_required_and_says_so(tmp_path: Path) -> None:
    lines = 'required = ["rail-1"]\nforbidden = ["road-2"]'
    outcome = solve(write_study(tmp_path, SITES, ROUTES, candidates=CANDIDATES, candidates_=lines))
    assert outcome.plan is not None
    assert [new.route_id for new in outcome.plan.routes] == ["rail-1", "rail-2"]
    assert outcome.plan.status == "optimal"
    lines = 'forbidden = ["r*"]'
    outcome = solve(write_study(tmp_path, SITES, ROUTES, candidates=CANDIDATES, candidates_=lines))
    assert (outcome.status, outcome.is_blocked_by_choice) == ("infeasible", True)
