"""Another solver solves the final model again: what it says reaches the plan, its status, its bound and the report."""

from __future__ import annotations

from dataclasses import replace

import jsonschema
import numpy as np
import pytest
from sample import sample_outcome
from test_export_document import read_schema
from test_solvers import HERE, dear

import planner
from planner.export import to_plan_document
from planner.optimise.cross_check import Claim, to_checked_bounds
from planner.optimise.master import Master, MasterAnswer
from planner.optimise.plan import CrossCheck
from planner.report import to_summary
from planner.report.proof import to_proof_section
from planner.report.view import to_basis

needs_cbc = pytest.mark.skipif("CBC" not in HERE, reason="CBC is not installed")


def answer(monkeypatch: pytest.MonkeyPatch, **changes: object) -> None:
    """Let the other solver, which starts from nothing, answer something else than what it found."""
    solve = Master.solve

    def lie(self: Master, gap: float, start: tuple[int, ...] | None = None) -> MasterAnswer:
        found = solve(self, gap, start)
        return replace(found, **changes) if start is None else found

    monkeypatch.setattr(Master, "solve", lie)


@needs_cbc
def test_another_solver_agrees_on_every_objective() -> None:
    plan = planner.optimise(dear(), minimise=("routes", "cost"), cross_check="CBC")
    check = plan.cross_check
    assert check is not None
    assert (plan.status, check.solver, check.agrees) == ("optimal", "CBC", True)
    assert check.objective == {key: plan.objective[key] for key in ("routes", "cost")}
    assert check.bound == {"routes": None, "cost": None}
    assert check.seconds > 0


@needs_cbc
def test_highs_proves_what_a_solver_without_a_bound_finds() -> None:
    plan = planner.optimise(dear(), minimise=("cost",), solver="CBC")
    assert plan.cross_check is not None
    assert (plan.status, plan.cross_check.solver, plan.cross_check.agrees) == ("optimal", "HiGHS", True)
    assert plan.bound == {"cost": plan.objective["cost"]}


def test_no_other_solver_runs_unless_asked() -> None:
    assert planner.optimise(dear()).cross_check is None


def test_a_cheaper_answer_takes_the_proof_away(monkeypatch: pytest.MonkeyPatch) -> None:
    num = dear().num_routes
    answer(monkeypatch, x=np.zeros(num), bound=0.0)
    plan = planner.optimise(dear(), minimise=("cost",), cross_check="HiGHS")
    assert plan.cross_check is not None
    assert plan.cross_check.agrees is False
    assert (plan.status, plan.bound["cost"], plan.gap) == ("feasible", 0.0, 1.0)


@pytest.mark.parametrize("changes", [{"bound": 1e6}, {"x": None, "is_infeasible": True}])
def test_a_dearer_answer_takes_the_proof_away(monkeypatch: pytest.MonkeyPatch, changes: dict[str, object]) -> None:
    answer(monkeypatch, **changes)
    plan = planner.optimise(dear(), minimise=("cost",), cross_check="HiGHS")
    assert plan.cross_check is not None
    assert (plan.status, plan.cross_check.agrees) == ("feasible", False)
    assert plan.bound["cost"] <= plan.objective["cost"]


def test_a_check_that_does_not_finish_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, x=None, bound=0.0, is_optimal=False)
    plan = planner.optimise(dear(), minimise=("cost",), cross_check="HiGHS")
    assert plan.cross_check is not None
    assert (plan.status, plan.cross_check.agrees) == ("optimal", None)


def test_a_stop_leaves_no_time_for_a_check() -> None:
    progress = planner.progress.Progress()
    progress.interrupt()
    plan = planner.optimise(dear(), progress=progress, cross_check="HiGHS")
    assert plan.cross_check is not None
    assert (plan.cross_check.agrees, plan.cross_check.objective) == (None, {"routes": None, "cost": None})


def test_bounds_after_a_check() -> None:
    claims = [Claim(np.ones(1), 10.0, 10.0)]

    def checked(agrees: bool, objective: float | None, bound: float | None) -> list[float]:
        check = CrossCheck("HiGHS", "1", {"cost": objective}, {"cost": bound}, agrees, 0.0)
        return to_checked_bounds(claims, [8.0], check)

    assert checked(True, 10.0, 10.0 - 1e-9) == [10.0]
    assert checked(True, 10.0, 9.0) == [9.0]
    assert checked(True, 10.0, None) == [8.0]
    assert checked(False, 7.0, None) == [7.0]
    assert checked(False, 12.0, 11.0) == [8.0]


@pytest.mark.parametrize(
    ("agrees", "said", "fact"),
    [
        (True, "CBC 2.9 solved the final model of HiGHS again from nothing and found the same.", "found the same"),
        (None, "CBC was to solve the final model of HiGHS again and did not finish", "did not finish"),
        (False, "TWO SOLVERS DISAGREE: CBC 2.9", "DISAGREES"),
    ],
)
def test_the_report_and_plan_json_say_it(agrees: bool | None, said: str, fact: str) -> None:
    outcome = sample_outcome()
    assert outcome.plan is not None
    check = CrossCheck("CBC", "2.9", {"routes": 2.0, "cost": None}, {"routes": None, "cost": None}, agrees, 0.5)
    status = "feasible" if agrees is False else "optimal"
    outcome = replace(outcome, status=status, plan=replace(outcome.plan, status=status, cross_check=check))
    assert any(said in line for line in to_summary(outcome))
    assert any("two solvers disagree" in line for line in to_summary(outcome)) == (agrees is False)
    section = str(to_proof_section(outcome, to_basis(outcome)))
    assert said in section
    assert f"CBC 2.9 {fact}, 0.50 s" in section
    document = to_plan_document(outcome)
    jsonschema.validate(document, read_schema("plan.schema.json"))
    assert document["cross_check"]["agrees"] is agrees
