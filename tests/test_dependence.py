"""How far a plan depends on its routes, from a study to every file that says so."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from network_cases import SITES, route, write_study
from sample import sample_outcome
from test_alternatives import ladder

import planner
from planner.optimise.alternatives import Alternatives, Price, Swap
from planner.optimise.master import Settings
from planner.progress import Progress
from planner.report.model import Table
from planner.report.view import to_report
from planner.result import Outcome
from planner.run import dependence
from planner.run.write import write_solve
from planner.study import Study

# A ---- B ---- C along a line; the candidates close the ring, or one half of it
ROUTES = [route("E-1", (0, 0), (10, 0)), route("E-2", (10, 0), (20, 0))]
CANDIDATES = [
    route("north", (0, 0), (10, 9), (20, 0), cost=5),
    route("far-north", (0, 0), (10, 12), (20, 0), cost=5),
    route("south", (0, 0), (10, -9), (20, 0), cost=7),
    route("west", (0, 0), (5, 3), (10, 0), cost=1),
]


def solve(folder: Path, **settings: str) -> Outcome:
    return planner.solve(write_study(folder, SITES, ROUTES, candidates=CANDIDATES, **settings))


def read_all(outcome: Outcome, folder: Path) -> tuple[dict[str, Any], dict[str, dict[str, Any]], str]:
    write_solve(outcome, folder, Progress())
    document = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    schema = json.loads((files("planner.export") / "schemas" / "plan.schema.json").read_text("utf-8"))
    jsonschema.validate(document, schema)
    features = json.loads((folder / "new_routes.geojson").read_text(encoding="utf-8"))["features"]
    rows = {feature["properties"]["route_id"]: feature["properties"] for feature in features}
    return document, rows, (folder / "report.md").read_text(encoding="utf-8")


def test_a_route_that_could_be_replaced(tmp_path: Path) -> None:
    outcome = solve(tmp_path, objective="others = 2")
    document, rows, report = read_all(outcome, tmp_path / "out")
    (chosen,) = document["selected"]
    (twin,) = {"north", "far-north"} - {chosen}
    found = document["alternatives"]["routes"][chosen]
    assert found["standing"] == "replaceable"
    assert found["swap"] == {"leaves_out": [chosen], "builds": [twin], "is_nearest": True}
    assert found["without"]["difference"] == pytest.approx({"routes": 0, "cost": 0, "length_km": 0}, abs=6)
    assert document["alternatives"]["others"] == [found["swap"]]
    assert (document["alternatives"]["has_all_others"], document["alternatives"]["note"]) == (True, None)
    assert (rows[chosen]["standing"], rows[chosen]["instead"], rows[chosen]["without_cost"]) == (
        "replaceable",
        [twin],
        0,
    )
    assert f"Could be replaced by {twin} with as few routes and the same cost." in report
    assert "There is no further one." in report


def test_a_route_that_every_optimal_plan_builds(tmp_path: Path) -> None:
    outcome = solve(tmp_path, candidates_='forbidden = ["far-*"]\nrequired = ["west"]')
    document, rows, report = read_all(outcome, tmp_path / "out")
    assert (document["selected"], document["required"], document["forbidden"]) == (
        ["north", "west"],
        ["west"],
        ["far-north"],
    )
    found = document["alternatives"]["routes"]
    assert (found["north"]["standing"], found["west"]["standing"]) == ("needed", "required")
    assert found["north"]["without"]["selected"] == ["south", "west"]
    assert (rows["north"]["without_routes"], rows["north"]["without_cost"]) == (0, 2)
    assert (rows["west"]["without_routes"], rows["west"]["without_cost"]) == (-1, -1)
    assert "In every optimal plan; the best plan without it takes EUR 2 more." in report
    assert "The study requires it; the best plan without it takes 1 new route less and EUR 1 less." in report
    assert "Every plan with as few routes and the same cost builds all of them." in report


def test_every_sentence_on_a_route() -> None:
    outcome = sample_outcome()
    first, second = (new.route for new in outcome.plan.routes) if outcome.plan else (0, 0)
    said = []
    for found in (
        Alternatives(needed=(first, second), prices={first: Price(False, "infeasible")}),
        Alternatives(needed=(first, second), prices={first: Price(False, "no_plan", at_least={"routes": 2})}),
        Alternatives(needed=(first, second), unpriced=(first, second)),
        Alternatives(needed=(second,), replaceable={first: Swap((first,), ())}),
        Alternatives(undecided=(first, second)),
    ):
        report = to_report(replace(outcome, alternatives=found, alternatives_note="A note."))
        (section,) = (section for section in report.sections if section.key == "routes")
        assert "A note." in section.blocks
        (table,) = (
            block
            for block in section.blocks
            if isinstance(block, Table) and "Without it" in [column.label for column in block.columns]
        )
        said.append(dict(zip([c.label for c in table.columns], table.rows[0], strict=True))["Without it"])
    assert said == [
        "No plan does without it.",
        "In every optimal plan; without it at least 2 new routes more.",
        "In every optimal plan.",
        "Could be left out with as few routes and the same cost.",
        "",
    ]


def test_what_is_left_open_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study: Study = write_study(tmp_path, SITES, ROUTES, objective="others = 1")
    problem = ladder()
    plan = planner.optimise(problem, minimise=("cost",))
    monkeypatch.setattr(dependence, "_MAX_ROUND_SPANS", -100)
    monkeypatch.setattr(dependence, "_MIN_ROUNDS", -1)
    found, note = dependence.find_dependence(problem, plan, study, Settings(), Progress())
    assert found is not None
    assert found.undecided == plan.routes
    assert note.startswith("Not found out within the limits: whether every optimal plan builds it (for ")
    assert note.endswith("the other optimal plans.")
    for other, why in ((replace(plan, status="feasible"), "not proved optimal"), (replace(plan, routes=()), "")):
        found, note = dependence.find_dependence(problem, other, study, Settings(), Progress())
        assert found is None
        assert why in note
