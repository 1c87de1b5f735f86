"""The most protected weight for the money, against every subset of candidates."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import combinations, product
from pathlib import Path

import brute
import jsonschema
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from problems import problems
from sample import sample_outcome
from test_export_document import read_schema
from test_problem import square
from test_solvers import HERE

import planner
from planner.errors import InputError
from planner.optimise.plan import Protection
from planner.optimise.protect import region_levels, with_levels
from planner.problem import Problem
from planner.progress import Progress
from planner.report import to_summary
from planner.run import verify_run
from planner.run.write import write_solve
from planner.starter import write_starter


def best_for_the_money(problem: Problem, budget: float) -> tuple[float, float, int]:
    """The most weight held at its level, the least cost of that, and the fewest routes of that."""
    required = region_levels(problem).tolist()
    owing = [region for region, level in enumerate(required) if level >= 0]
    candidates = problem.candidates.tolist()
    found = []
    for size in range(len(candidates) + 1):
        for routes in combinations(candidates, size):
            cost = float(problem.route_cost[list(routes)].sum())
            if cost <= budget:
                found.append((-most_held(problem, routes, owing, required), cost, size))
    weight, cost, size = min(found)
    return -weight, cost, size


def most_held(problem: Problem, routes: tuple[int, ...], owing: list[int], required: list[int]) -> float:
    best = 0.0
    for choice in product([False, True], repeat=len(owing)):
        held = [region for region, is_held in zip(owing, choice, strict=True) if is_held]
        weight = float(problem.region_weight[held].sum())
        levels = np.full(len(required), -1)
        levels[held] = np.array(required)[held]
        if weight > best and brute.is_met(with_levels(problem, levels), routes):
            best = weight
    return best


@settings(max_examples=70, deadline=None)
@given(problems(max_spans=7, max_level=2, sites_fall=None), st.integers(0, 15))
def test_equals_enumeration(problem: Problem, budget: int) -> None:
    plan = planner.optimise(problem, budget=budget, minimise=("routes",))
    assert plan.protection is not None
    assert plan.status == "optimal"
    found = (plan.protection.weight, plan.objective["cost"], plan.objective["routes"])
    assert found == best_for_the_money(problem, budget)
    assert plan.protection.bound == plan.protection.weight
    assert plan.bound == {"cost": plan.objective["cost"], "routes": plan.objective["routes"]}
    levels = np.array(plan.protection.levels)
    required = region_levels(problem)
    assert (levels <= required).all()
    assert brute.is_met(with_levels(problem, levels), plan.routes)
    is_held = (levels == required) & (required >= 0)
    assert plan.protection.weight == problem.region_weight[is_held].sum()


def two_towns(budget: float, **settings: object) -> planner.Plan:
    r"""
    0 --- 1      2 --- 3     towns 0 and 1 are joined, 2 and 3 too; 0-1 and 2-3 may each be doubled for 5 and 7,
                             and 1-2 built for 4; the weights are 1, 1, 5 and 5
    """
    problem = Problem(
        num_sites=4,
        span_ends=[(0, 1), (2, 3), (0, 1), (2, 3), (1, 2)],
        route_of_span=range(5),
        route_cost=[0, 0, 5, 7, 4],
        is_candidate=[False, False, True, True, True],
        groups=[],
        terminals=[[0], [1], [2], [3]],
        required_cuts=[1, 1, 1, 1],
        region_weight=[1, 1, 5, 5],
    )
    return planner.optimise(problem, budget=budget, **settings)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("budget", "routes", "weight", "levels"),
    [(0, (), 5, (-1, -1, 1, 0)), (6.9, (), 5, (-1, -1, 1, 0)), (7, (3,), 10, (-1, -1, 1, 1)), (15, (3,), 10, None)],
)
def test_the_heavier_side_is_held(
    budget: float, routes: tuple[int, ...], weight: float, levels: tuple[int, ...] | None
) -> None:
    plan = two_towns(budget)
    assert plan.protection is not None
    assert (plan.status, plan.routes, plan.protection.weight) == ("optimal", routes, weight)
    if levels is not None:
        assert sorted(plan.protection.levels) == sorted(levels)


def test_routes_of_pennies_do_not_slip_past_the_budget() -> None:
    """Both of a pair are needed, and together they cost a ten-millionth more than there is."""
    problem = square(
        span_ends=[(0, 1), (1, 2), (2, 3), (0, 3), (1, 3)],
        route_of_span=[0, 1, 2, 3, 4],
        route_cost=[0, 0, 1.0, 1.0 + 1e-7, 1.0],
        is_candidate=[False, False, True, True, True],
        groups=[],
    )
    full = planner.optimise(problem, budget=3.0)
    assert full.protection is not None
    short = planner.optimise(problem, budget=full.objective["cost"] - 1e-7)
    assert short.protection is not None
    assert short.objective["cost"] <= full.objective["cost"] - 1e-7
    assert short.protection.weight < full.protection.weight


def test_a_stop_leaves_a_true_bound() -> None:
    progress = Progress()
    progress.interrupt()
    plan = two_towns(7, progress=progress)
    assert plan.protection is not None
    assert plan.status == "feasible"
    assert plan.protection.weight <= 10 <= plan.protection.bound
    assert plan.gap is not None
    assert plan.gap > 0
    assert plan.verification is not None
    assert plan.verification.survives


@pytest.mark.parametrize("name", [name for name in HERE if name in ("CBC", "SCIP")])
def test_other_solvers_find_the_same(name: str) -> None:
    plan = two_towns(7, solver=name)
    assert (plan.status, plan.routes) == ("optimal", (3,))


@pytest.mark.parametrize(
    ("settings", "fault"),
    [
        ({"budget": -1.0}, "budget: -1.0 is no amount"),
        ({"budget": float("nan")}, "budget: nan is no amount"),
        ({"budget": 1.0, "cross_check": "HiGHS"}, "solver.cross_check: does not go with a budget"),
        ({"budget": 1.0, "minimise": ("price",)}, "'price' is no objective"),
    ],
)
def test_faults_are_named(settings: dict[str, object], fault: str) -> None:
    with pytest.raises(InputError, match=fault):
        planner.optimise(square(), **settings)  # type: ignore[arg-type]


def test_a_study_with_a_budget(tmp_path: Path) -> None:
    """From study.toml to plan.json, the report, and the second proof of the run folder."""
    write_starter(tmp_path)
    text = (tmp_path / "study.toml").read_text(encoding="utf-8")
    assert text.count("[objective]\n") == 1
    text = text.replace("[objective]\n", "[objective]\nbudget = 0\n")
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    outcome = planner.solve(tmp_path)
    write_solve(outcome, tmp_path / "run", Progress())
    document = json.loads((tmp_path / "run" / "plan.json").read_text(encoding="utf-8"))
    jsonschema.validate(document, read_schema("plan.schema.json"))
    budget = document["budget"]
    assert (document["status"], document["selected"], list(document["bound"])) == ("optimal", [], ["cost", "routes"])
    held = [r for r, level in budget["required_cuts"].items() if level >= document["regions"][r]["required_cuts"]]
    weight = sum(document["regions"][region]["weight"] for region in held)
    assert 0 < len(held) < len(document["regions"])
    assert budget["protected_weight"] == budget["protected_weight_bound"] == weight
    assert verify_run(tmp_path / "run").survives
    headline = (tmp_path / "run" / "report.md").read_text(encoding="utf-8").split("\n", 1)[0]
    assert headline.startswith(f"# Build nothing: {len(held)} of {len(document['regions'])} ")
    assert "for at most EUR 0; " in headline
    names = sorted(region["name"] for id_, region in document["regions"].items() if id_ not in held)
    assert all(name in headline for name in names)


def test_a_weight_that_is_not_proved_is_said() -> None:
    outcome = sample_outcome()
    assert outcome.plan is not None
    protection = Protection((1, 1), 3e6, 4e6, 5e6)
    plan = replace(outcome.plan, status="feasible", gap=0.25, protection=protection)
    lines = to_summary(replace(outcome, status="feasible", plan=plan))
    assert "no plan for the money holds" in " ".join(lines)
    assert "more than 4 million, this one 3 million" in " ".join(lines)
    lines = to_summary(
        replace(outcome, status="feasible", plan=replace(plan, protection=replace(protection, bound=3e6)))
    )
    assert "That none costs less is not proved" in " ".join(lines)
