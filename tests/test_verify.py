from __future__ import annotations

import brute
from hypothesis import given, settings
from hypothesis import strategies as st
from problems import problems
from test_problem import square

import planner
from planner.problem import Problem


@settings(max_examples=400, deadline=None)
@given(problems(sites_fall=None), st.data())
def test_agrees_with_enumeration(problem: Problem, data: st.DataObject) -> None:
    routes = [route for route in problem.candidates.tolist() if data.draw(st.booleans())]
    verdict = planner.verify(problem, routes)
    assert verdict.survives == brute.is_met(problem, routes)
    if verdict.witness is not None:
        levels = [int(level) for level in problem.required_cuts if level >= len(verdict.witness)]
        witness = list(zip(verdict.witness, verdict.witness_sites, strict=True))
        assert any(brute.separates(problem, witness, routes, level) for level in levels)
        assert set(witness) <= set(brute.maximal_cuts(problem, routes))


@settings(max_examples=100, deadline=None)
@given(problems(sites_fall=None))
def test_rejects_a_plan_with_a_route_removed(problem: Problem) -> None:
    plan = planner.optimise(problem, minimise=("routes",))
    if plan.status != "optimal":
        return
    assert planner.verify(problem, plan).survives
    for route in plan.routes:
        rest = [other for other in plan.routes if other != route]
        assert not planner.verify(problem, rest).survives


def test_covers_every_cut_set_of_maximal_groups() -> None:
    verdict = planner.verify(square(), [3])
    assert (verdict.survives, verdict.witness) == (True, None)
    assert verdict.cut_sets_covered == 1 + 3  # nothing cut; spans 0 and 3 alone, and the group of 1 and 2


def test_never_raises_on_a_bad_plan() -> None:
    assert not planner.verify(square(), [99, -5]).survives
    assert planner.verify(square(), []).witness is not None
