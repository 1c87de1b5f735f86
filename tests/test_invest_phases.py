"""The build order, against every choice of routes of every year."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from problems import problems
from test_budget import best_for_the_money

from planner.invest.phases import find_held_weight, find_phasing
from planner.optimise.master import Settings
from planner.problem import Problem
from planner.progress import Progress


def restricted(problem: Problem, built: list[int], allowed: list[int]) -> Problem:
    """What is built exists; the routes not allowed are gone: their spans join a site to itself."""
    is_candidate, cost = problem.is_candidate.copy(), problem.route_cost.copy()
    is_candidate[built] = False
    gone = [r for r in range(problem.num_routes) if problem.is_candidate[r] and r not in built and r not in allowed]
    cost[gone] = 1e6
    return replace(problem, is_candidate=is_candidate, route_cost=cost)


@settings(max_examples=50, deadline=None)
@given(problems(max_spans=7, max_level=2), st.lists(st.integers(0, 6), min_size=1, max_size=3), st.data())
def test_every_year_is_the_best_reachable(problem: Problem, budgets: list[int], data: st.DataObject) -> None:
    candidates = problem.candidates.tolist()
    assume(candidates)
    routes = data.draw(st.lists(st.sampled_from(candidates), unique=True))
    ids = [f"r{route}" for route in range(problem.num_routes)]
    phasing, year_of = find_phasing(problem, routes, ids, budgets, 4, Settings(), Progress())
    built: list[int] = []
    cash = money = 0.0
    for phase in phasing.phases:
        cash, money = cash + phase.budget, money + phase.budget
        left = [route for route in routes if route not in built]
        weight, cost, _ = best_for_the_money(restricted(problem, built, left), cash)
        new = [route for route, year in year_of.items() if year == phase.year]
        assert phase.routes == tuple(sorted(ids[route] for route in new))
        assert phase.protected_weight == phase.bound == weight
        assert phase.spent == pytest.approx(problem.route_cost[new].sum())
        is_last = len(built) + len(new) == len(routes)
        assert phase.spent == cost or (is_last and phase.spent <= cash)
        assert phase.hindsight_weight == phase.hindsight_bound == best_for_the_money(problem, money)[0]
        assert phase.loss >= 0
        built += new
        cash -= phase.spent
        assert phase.left == pytest.approx(cash)
    assert sorted(built) == sorted(set(routes) - {ids.index(r) for r in phasing.unpaid})
    assert not phasing.unpaid or len(phasing.phases) == 4
    assert phasing.before_weight == find_held_weight(problem, (), Settings(), Progress())


def two_arms(costs: tuple[float, float, float]) -> Problem:
    """
    ```
    0 === 1     hub 0; sites 1, 2 hang on it by one span each, 3 by nothing: candidates 0-1, 0-2, 0-3
    0 === 2     weights 5, 9 and 1, any one cut for 1 and 2, none for 3
    0     3
    ```
    """
    return Problem(
        num_sites=4,
        span_ends=[(0, 1), (0, 2), (0, 1), (0, 2), (0, 3)],
        route_of_span=[0, 1, 2, 3, 4],
        route_cost=[0, 0, *costs],
        is_candidate=[False, False, True, True, True],
        groups=[],
        terminals=[[0], [1], [2], [3]],
        required_cuts=[1, 1, 1, 0],
        region_weight=[20, 5, 9, 1],
    )


def test_heaviest_first_and_money_is_saved() -> None:
    problem = two_arms((4.0, 6.0, 1.0))
    ids = ["a", "b", "c1", "c2", "c3"]
    phasing, year_of = find_phasing(problem, (2, 3, 4), ids, (4.0,), 20, Settings(), Progress())
    assert [(p.routes, p.spent, p.left) for p in phasing.phases] == [
        (("c1",), 4.0, 0.0),  # all that 4 can do beside c3, which is worth less
        (("c3",), 1.0, 3.0),
        (("c2",), 6.0, 1.0),
    ]
    assert [p.protected_weight for p in phasing.phases] == [25, 26, 35]
    assert [p.hindsight_weight for p in phasing.phases] == [25, 30, 35]
    assert [p.loss for p in phasing.phases] == [0, 4, 0]
    assert year_of == {2: 0, 4: 1, 3: 2}
    assert phasing.before_weight == 20


def test_what_no_budget_pays_for_is_named() -> None:
    phasing, year_of = find_phasing(
        two_arms((4.0, 6.0, 1.0)), (2, 3), ["a", "b", "c1", "c2", "c3"], (4.0, 0.0), 3, Settings(), Progress()
    )
    assert phasing.unpaid == ("c2",)
    assert year_of == {2: 0}
    assert len(phasing.phases) == 3
    assert np.unique([p.hindsight_weight for p in phasing.phases]).tolist() == [25]


def test_no_plan_has_no_years() -> None:
    phasing, _ = find_phasing(two_arms((4.0, 6.0, 1.0)), (), ["a"] * 5, (4.0,), 3, Settings(), Progress())
    assert phasing.phases == ()
