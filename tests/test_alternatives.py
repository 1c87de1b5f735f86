"""Which routes every optimal plan builds, what can stand in for the others, and what routes cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import brute
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from problems import problems

import planner
from planner.optimise.plan import OBJECTIVE_FIELD
from planner.problem import Problem
from planner.progress import Progress

MINIMISE = [("routes", "cost"), ("routes",), ("cost", "routes"), ("cost",)]


def ladder(**changes: object) -> Problem:
    r"""
    0 ---0--- 1 ---1--- 2     a line, to become a ring: 2 costs 4, 3 and 4 cost 2 each way round by site 3
     \                 /
      3 ---- 3 ---- 4         6 is the twin of 2 in another trench
    """
    arguments: dict[str, object] = {
        "num_sites": 4,
        "span_ends": [(0, 1), (1, 2), (0, 2), (0, 3), (3, 2), (0, 1), (0, 2)],
        "route_of_span": range(7),
        "route_cost": [0, 0, 4, 2, 2, 1, 4],
        "is_candidate": [False, False, True, True, True, True, True],
        "groups": [],
        "terminals": [[0], [1], [2]],
        "required_cuts": [1, 1, 1],
    }
    return Problem(**(arguments | changes))  # type: ignore[arg-type]


def forced(problem: Problem, route: int, *, is_in: bool) -> Problem:
    one = np.arange(problem.num_routes) == route
    return replace(
        problem,
        is_required=(problem.is_required & ~one) | (one & is_in),
        is_forbidden=(problem.is_forbidden & ~one) | (one & (not is_in)),
    )


def check_split(problem: Problem, minimise: Sequence[str], plan: planner.Plan, found: planner.Alternatives) -> None:
    optima = brute.optimal_choices(problem, minimise)
    assert plan.routes in optima
    assert set(found.needed) == set.intersection(*(set(routes) for routes in optima))
    assert sorted([*found.needed, *found.replaceable]) == list(plan.routes)
    for route, swap in found.replaceable.items():
        there = tuple(sorted(set(plan.routes) - set(swap.leaves_out) | set(swap.builds)))
        assert there in optima
        assert route in swap.leaves_out
        without = [set(routes) - set(plan.routes) for routes in optima if route not in routes]
        assert len(swap.builds) == min(map(len, without))


def check_others(problem: Problem, minimise: Sequence[str], plan: planner.Plan, found: planner.Alternatives) -> None:
    columns = {"routes": np.ones(problem.num_routes), "cost": problem.route_cost}
    has_weight = np.logical_or.reduce([columns[key] > 0 for key in minimise])

    def weighty(routes: Sequence[int]) -> frozenset[int]:
        return frozenset(route for route in routes if has_weight[route])

    distinct = {weighty(routes) for routes in brute.optimal_choices(problem, minimise)}
    there = [weighty(sorted(set(plan.routes) - set(swap.leaves_out) | set(swap.builds))) for swap in found.others]
    assert len(set(there)) == len(there)
    assert set(there) <= distinct - {weighty(plan.routes)}
    assert len(there) == min(3, len(distinct) - 1)
    assert [len(swap.builds) for swap in found.others] == sorted(len(swap.builds) for swap in found.others)
    assert found.has_all_others or len(distinct) > 4


@settings(max_examples=80, deadline=None)
@given(problems(max_spans=8, sites_fall=None, has_choice=True), st.sampled_from(MINIMISE))
def test_equals_enumeration(problem: Problem, minimise: tuple[str, ...]) -> None:
    plan = planner.optimise(problem, minimise=minimise)
    assume(plan.status == "optimal")
    found = planner.explain(problem, plan, num_others=3, prices="all")
    assert found.is_complete
    check_split(problem, minimise, plan, found)
    check_others(problem, minimise, plan, found)
    assert sorted(found.prices) == problem.candidates.tolist()
    for route, price in found.prices.items():
        assert price.is_forced_in == (route not in plan.routes)
        best = brute.best_values(forced(problem, route, is_in=price.is_forced_in), minimise)
        if best is None:
            assert price.status == "infeasible"
            continue
        assert price.status == "optimal"
        differences = [price.difference[OBJECTIVE_FIELD[key]] for key in minimise]
        ours = [plan.objective[OBJECTIVE_FIELD[key]] for key in minimise]
        assert differences == pytest.approx([there - here for there, here in zip(best, ours, strict=True)])
        assert list(price.at_least.values()) == pytest.approx(differences)
        assert (route in price.routes) == price.is_forced_in


def test_a_twin_and_a_way_round_stand_in() -> None:
    plan = planner.optimise(ladder(), minimise=("cost",))
    found = planner.explain(ladder(), plan, num_others=5, prices="all")
    assert (found.needed, found.has_all_others, len(found.others)) == ((), True, 2)
    assert {tuple(sorted(set(plan.routes) - set(s.leaves_out) | set(s.builds))) for s in found.others} | {
        plan.routes
    } == {(2,), (3, 4), (6,)}
    assert [len(swap.builds) for swap in found.others] == sorted(len(swap.builds) for swap in found.others)
    assert found.prices[5].difference["cost"] == 1


def test_fewer_routes_break_the_tie() -> None:
    problem = ladder(is_forbidden=[0, 0, 0, 0, 0, 0, 1])
    plan = planner.optimise(problem)
    found = planner.explain(problem, plan, prices="all")
    assert (plan.routes, found.needed, found.has_all_others) == ((2,), (2,), True)
    assert found.prices[2].routes == (3, 4)
    assert dict(found.prices[2].difference) == {"routes": 1, "cost": 0, "length_km": 0}
    assert dict(found.prices[5].difference) == {"routes": 1, "cost": 1, "length_km": 0}
    assert dict(found.prices[6].difference) == {"routes": 0, "cost": 0, "length_km": 0}  # were it allowed


def test_what_a_requirement_costs() -> None:
    problem = ladder(is_required=[0, 0, 0, 0, 0, 1, 0])
    plan = planner.optimise(problem)
    found = planner.explain(problem, plan)
    assert 5 in found.needed
    assert (found.prices[5].difference["routes"], found.prices[5].difference["cost"]) == (-1, -1)


def test_a_route_without_which_there_is_no_plan() -> None:
    problem = ladder(is_forbidden=[0, 0, 0, 1, 0, 0, 1])
    found = planner.explain(problem, planner.optimise(problem))
    assert (found.needed, found.prices[2].status) == ((2,), "infeasible")


@pytest.mark.parametrize("how", ["clock", "rounds"])
def test_a_limit_is_said(how: str) -> None:
    problem = ladder(is_forbidden=[0, 0, 0, 0, 0, 0, 1])
    plan = planner.optimise(problem)
    progress = Progress(0.0 if how == "clock" else None)
    found = planner.explain(problem, plan, num_others=1, progress=progress, max_rounds=0 if how == "rounds" else None)
    assert (found.undecided, found.needed, found.unpriced, found.is_complete) == ((2,), (), (2,), False)
    assert (found.has_all_others, found.is_others_cut_short) == (False, True)


def test_a_price_that_is_not_closed_has_a_bound() -> None:
    problem = ladder(is_forbidden=[0, 0, 0, 0, 0, 0, 1])
    plan = planner.optimise(problem)
    found = planner.explain(problem, plan, max_rounds=3)
    assert found.needed == (2,)
    price = found.prices[2]
    assert (price.status, dict(price.difference)) == ("no_plan", {})
    assert 0 <= price.at_least["routes"] <= 1


def test_a_plan_that_is_not_optimal_and_routes_that_are_none() -> None:
    plan = replace(planner.optimise(ladder()), status="feasible")
    with pytest.raises(planner.InputError, match="its status is 'feasible'") as caught:
        planner.explain(ladder(), plan, prices=[0, 2, 99])
    assert len(caught.value.faults) == 3
    with pytest.raises(planner.InputError, match="'every' is unknown"):
        planner.explain(ladder(), plan, prices="every")  # type: ignore[arg-type]
