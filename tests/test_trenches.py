"""Routes that share a trench dig it once: plans, alternatives, budgets and phases against every choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import brute
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from problems import limited_problems, problems
from test_alternatives import MINIMISE, check_split
from test_budget import most_held

import planner
from planner.errors import InputError
from planner.invest.phases import find_phasing
from planner.optimise.master import Settings
from planner.optimise.plan import OBJECTIVE_FIELD
from planner.optimise.protect import region_levels
from planner.problem import Problem
from planner.progress import Progress


@st.composite
def dug_problems(draw: st.DrawFn, *, max_spans: int = 8, max_level: int = 2) -> Problem:
    """Problems, some with limits on ways, with up to three trenches beneath their candidates."""
    problem = draw(problems(max_spans=max_spans, max_level=max_level) | limited_problems())
    candidates = problem.candidates.tolist()
    if not candidates:
        return problem
    lying = st.lists(st.sampled_from(candidates), min_size=1, max_size=4, unique=True)
    trenches = draw(st.lists(st.tuples(lying, st.integers(0, 9)), max_size=3))
    return with_needs(problem, trenches)


def with_needs(problem: Problem, trenches: Sequence[tuple[Sequence[int], float]]) -> Problem:
    """The problem with one trench more for each pair of the routes that lie in it and its cost."""
    num, num_new = problem.num_routes, len(trenches)
    more = np.zeros(num_new)
    return replace(
        problem,
        route_cost=np.append(problem.route_cost, [cost for _, cost in trenches]),
        is_candidate=np.append(problem.is_candidate, more == 0),
        route_length_km=np.append(problem.route_length_km, more),
        is_required=np.append(problem.is_required, more > 0),
        is_forbidden=np.append(problem.is_forbidden, more > 0),
        needs=[(route, num + row) for row, (routes, _) in enumerate(trenches) for route in routes],
    )


def two_ways() -> Problem:
    r"""
    Each of 1 and 2 is to have a second way to 0: alone the direct ones (2 and 3, 4 each) are the cheapest, but both
    long ones (4 and 5) lie in one trench of 5, with 1 for each on top.

    1 ---0--- 0 ---1--- 2
    """
    problem = Problem(
        num_sites=3,
        span_ends=[(0, 1), (0, 2), (0, 1), (0, 2), (0, 1), (0, 2)],
        route_of_span=range(6),
        route_cost=[0, 0, 4, 4, 1, 1],
        is_candidate=[False, False, True, True, True, True],
        groups=[],
        terminals=[[0], [1], [2]],
        required_cuts=[1, 1, 1],
    )
    return with_needs(problem, [([4, 5], 5.0)])


def test_digging_once_changes_the_plan() -> None:
    plan = planner.optimise(two_ways())
    assert (plan.status, plan.routes) == ("optimal", (4, 5))
    assert plan.objective == {"routes": 2.0, "cost": 7.0, "length_km": 0.0}
    assert plan.bound == {"routes": 2.0, "cost": 7.0}


def test_alternatives_speak_of_routes_alone() -> None:
    problem = two_ways()
    found = planner.explain(problem, planner.optimise(problem), num_others=3, prices="all")
    assert found.needed == (4, 5)
    assert found.others == ()
    assert {route: price.difference["cost"] for route, price in found.prices.items()} == dict.fromkeys(range(2, 6), 1.0)


def test_a_trench_has_no_spans() -> None:
    with pytest.raises(InputError, match="needs, row 0: 4 has spans"):
        replace(two_ways(), needs=[(5, 4)])
    with pytest.raises(InputError, match="names a route that is no candidate"):
        replace(two_ways(), needs=[(0, 6)])


@settings(max_examples=150, deadline=None)
@given(dug_problems(), st.sampled_from([*MINIMISE, ("routes", "length"), ("cost", "length")]))
def test_plans_are_optimal(problem: Problem, minimise: tuple[str, ...]) -> None:
    plan = planner.optimise(problem, minimise=minimise)
    best = brute.best_values(problem, minimise)
    if best is None:
        assert plan.status == "infeasible"
        return
    assert plan.status == "optimal"
    assert plan.routes in brute.optimal_choices(problem, minimise)
    assert tuple(plan.objective[OBJECTIVE_FIELD[key]] for key in minimise) == pytest.approx(best)


@settings(max_examples=60, deadline=None)
@given(dug_problems(max_spans=6), st.sampled_from(MINIMISE))
def test_alternatives_match_every_choice(problem: Problem, minimise: tuple[str, ...]) -> None:
    plan = planner.optimise(problem, minimise=minimise)
    if plan.status == "optimal":
        check_split(problem, minimise, plan, planner.explain(problem, plan, prices="none"))


@settings(max_examples=60, deadline=None)
@given(dug_problems(max_spans=6), st.integers(0, 20))
def test_budgets_pay_for_trenches_once(problem: Problem, budget: int) -> None:
    problem = problem.without_limits()
    plan = planner.optimise(problem, minimise=("cost", "routes"), budget=budget)
    assert plan.protection is not None
    required = region_levels(problem).tolist()
    owing = [region for region, level in enumerate(required) if level >= 0]
    found = []
    for routes in brute.choices(problem):
        cost = brute.values(problem, ("cost",), routes)[0]
        if cost <= budget:
            found.append((-most_held(problem, routes, owing, required), cost, len(routes)))
    weight, cost, size = min(found)
    assert (-plan.protection.weight, plan.objective["cost"], len(plan.routes)) == pytest.approx((weight, cost, size))


def test_who_builds_first_pays_for_the_trench() -> None:
    problem = two_ways()
    phasing, year_of = find_phasing(
        problem, (4, 5), [str(route) for route in range(7)], [6.0, 1.0], 5, Settings(), Progress()
    )
    assert [phase.spent for phase in phasing.phases] == [6.0, 1.0]
    assert sorted(year_of.values()) == [0, 1]
