"""Plans against two peers: networkx's augmentation, and one model that lists every scenario."""

from __future__ import annotations

from typing import Any

import brute
import pytest
from augmentation import find_cost
from hypothesis import given, settings
from national import to_national
from problems import problems
from scenarios import find_maximal_cuts, solve_scenarios

import planner
from planner.problem import Problem

SMALL: list[tuple[int, int, dict[str, Any]]] = [
    (15, 1, {}),
    (12, 1, {"trench_share": 0.4, "ring_share": -1}),
    (15, 1, {"sites_per_region": 2, "trench_share": 0.3}),
    (15, 1, {"sites_per_region": 3, "level_shares": (0.5, 0.5), "ring_share": 0.0}),
    (8, 2, {"num_nearest": 4}),
]


@pytest.mark.parametrize(("num_sites", "cuts", "kind"), SMALL)
def test_the_model_of_all_scenarios_has_the_same_optimum(num_sites: int, cuts: int, kind: dict[str, Any]) -> None:
    problem = to_national(num_sites, cuts, **kind)
    plan = planner.optimise(problem, minimise=("cost",))
    theirs = solve_scenarios(problem, time_limit_s=60)
    assert (plan.status, theirs.is_optimal) == ("optimal", True)
    assert plan.objective["cost"] == pytest.approx(theirs.cost)
    assert plan.objective["cost"] > 0


@settings(max_examples=60, deadline=None)
@given(problems(max_spans=7, max_level=2))
def test_scenarios_are_right_on_small_tangles(problem: Problem) -> None:
    best = brute.best_values(problem, ("cost",))
    found = solve_scenarios(problem, time_limit_s=60)
    assert found.is_optimal == (best is not None)
    if best is not None:
        assert found.cost == pytest.approx(best[0])


def test_cuts_are_maximal() -> None:
    problem = Problem(2, [(0, 1)] * 5, range(5), [1] * 5, [True] * 5, [[0, 1], [0, 1, 2], [3]], [[0], [1]], [1, 1])
    assert find_maximal_cuts(problem) == [(0, 1, 2), (3,), (4,)]


@pytest.mark.parametrize("cuts", [1, 2])
@pytest.mark.parametrize("seed", range(4))
def test_never_dearer_than_networkx(seed: int, cuts: int) -> None:
    problem = to_national(40, cuts, seed=seed, num_nearest=4)
    plan = planner.optimise(problem, minimise=("cost",))
    assert plan.status == "optimal"
    assert 0 < plan.objective["cost"] <= find_cost(problem) + 1e-6


def test_networkx_refuses_what_it_does_not_know() -> None:
    with pytest.raises(ValueError, match="neither risk groups"):
        find_cost(to_national(40, 1, trench_share=0.5))
