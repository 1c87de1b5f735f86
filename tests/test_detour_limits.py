"""Detour limits in problems: rows, plans, the first and the second opinion."""

from __future__ import annotations

from dataclasses import replace

import brute
import numpy as np
import pytest
from hypothesis import given, settings
from problems import limited_problems

import planner
from planner.problem import Problem
from planner.survival.active import to_active_graph
from planner.survival.long_ways import NOTHING_CUT, find_long_ways
from planner.survival.worst_ways import find_worst_of_two, find_worst_ways


def ring(**changes: object) -> Problem:
    r"""
    0 --100-- 1 --100-- 2
     \                 /       candidates 4: 0-2 of 250 km, 5: 0-1 beside span 0, of 120 km
      300           100
        \           /
         3 --------
    """
    arguments: dict[str, object] = {
        "num_sites": 4,
        "span_ends": [(0, 1), (1, 2), (2, 3), (3, 0), (0, 2), (0, 1)],
        "route_of_span": range(6),
        "route_cost": [0, 0, 0, 0, 25, 120],
        "is_candidate": [False] * 4 + [True] * 2,
        "groups": [],
        "terminals": [[0], [1], [2], [3]],
        "required_cuts": [1] * 4,
        "span_length_km": [100, 100, 100, 300, 250, 120],
        "limited_pairs": [(0, 1)],
        "limit_km": [500],
    }
    return Problem(**(arguments | changes))  # type: ignore[arg-type]


def test_a_limit_that_is_kept_builds_nothing() -> None:
    plan = planner.optimise(ring())
    assert (plan.status, plan.routes) == ("optimal", ())


@pytest.mark.parametrize(("limit_km", "routes"), [(499, (4,)), (350, (4,)), (349, (5,)), (120, (5,))])
def test_the_cheapest_route_that_keeps_the_limit(limit_km: float, routes: tuple[int, ...]) -> None:
    plan = planner.optimise(ring(limit_km=[limit_km]), minimise=("cost",))
    assert (plan.status, plan.routes) == ("optimal", routes)


def test_without_cuts_the_way_itself_is_limited() -> None:
    assert planner.optimise(ring(limit_km=[100], detour_cuts=0)).routes == ()
    assert planner.optimise(ring(limit_km=[99], detour_cuts=0)).status == "infeasible"


def test_a_limit_that_no_plan_keeps() -> None:
    plan = planner.optimise(ring(limit_km=[110]))
    assert (plan.status, plan.blocking) == ("infeasible", ((0,),))
    way = plan.blocking_way
    assert way is not None
    assert (way.regions, way.length_km, way.limit_km) == ((0, 1), 120, 110)


def test_a_region_that_need_not_survive_is_not_limited() -> None:
    problem = ring(limit_km=[110], required_cuts=[1, 0, 1, 1])
    assert problem.levels_of_pairs.tolist() == [0]
    assert planner.optimise(problem).routes == ()


def test_a_new_route_in_the_old_trench_shortens_nothing() -> None:
    plan = planner.optimise(ring(limit_km=[349], groups=[[0, 5]]))
    assert plan.status == "infeasible"
    assert plan.blocking == ((0, 5),)


def test_the_second_opinion_names_pair_cut_and_length() -> None:
    verdict = planner.verify(ring(limit_km=[499]), [])
    assert (verdict.survives, verdict.witness) == (False, ((0,),))
    assert verdict.long_way is not None
    assert verdict.long_way.length_km == 500


@pytest.mark.parametrize("order", [[0, 1, 2], [1, 0, 2], [2, 1, 0]])
def test_several_routes_together_are_one_way(order: list[int]) -> None:
    r"""
    0 -----100----- 1      and a long way round by site 2; candidates 0-3, 3-4, 4-1 of 30 km each,
     \             /       and 0-1 of 110 km, which costs more than the three together
      400 - 2 - 400
    """
    spans = [(0, 3), (3, 4), (4, 1)]
    problem = Problem(
        num_sites=5,
        span_ends=[(0, 1), (0, 2), (2, 1), *(spans[i] for i in order), (0, 1)],
        route_of_span=range(7),
        route_cost=[0, 0, 0, 1, 1, 1, 10],
        is_candidate=[False] * 3 + [True] * 4,
        groups=[],
        terminals=[[0], [1]],
        required_cuts=[1, 1],
        span_length_km=[100, 400, 400, 30, 30, 30, 110],
        limited_pairs=[(0, 1)],
        limit_km=[150],
    )
    assert planner.optimise(problem, minimise=("cost",)).routes == (3, 4, 5)
    assert planner.optimise(problem, minimise=("routes",)).routes == (6,)


def test_detours_around_two_spans_of_one_cut_add_up() -> None:
    """0 = 1 = 2, two spans each of 10 and 15 km; one cut takes both of 10 km."""
    problem = Problem(
        num_sites=3,
        span_ends=[(0, 1), (0, 1), (1, 2), (1, 2)],
        route_of_span=range(4),
        route_cost=[0] * 4,
        is_candidate=[False] * 4,
        groups=[[0, 2]],
        terminals=[[0], [2]],
        required_cuts=[1, 1],
        span_length_km=[10, 15, 10, 15],
        limited_pairs=[(0, 1)],
        limit_km=[29],
    )
    graph = to_active_graph(problem)
    (ways,) = find_long_ways(problem, graph, is_cut_short=False)
    assert graph.cuts[ways.cut].tolist() == [0, 2]
    assert ways.length_km.tolist() == [30]
    verdict = planner.verify(problem, [])
    assert (verdict.survives, verdict.witness) == (False, ((0, 2),))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"limited_pairs": [(0, 4)]}, "limited_pairs, item 0: 4 is out of range"),
        ({"limited_pairs": [(0, 0)]}, "limited_pairs, row 0: names one region twice"),
        ({"limited_pairs": [0, 1]}, r"limited_pairs: has shape \(2,\)"),
        ({"limit_km": [-1]}, "limit_km, row 0: -1.0 is not a finite number"),
        ({"span_length_km": [1]}, r"span_length_km: has shape \(1,\)"),
        ({"detour_cuts": 2}, "detour_cuts: is 2"),
    ],
)
def test_faults_are_named(changes: dict[str, object], message: str) -> None:
    with pytest.raises(planner.InputError, match=message):
        ring(**changes)


@settings(max_examples=120, deadline=None)
@given(limited_problems())
def test_equals_enumeration(problem: Problem) -> None:
    plan = planner.optimise(problem, minimise=("cost", "routes"))
    best = brute.best_values(problem, ("cost", "routes"))
    if best is None:
        assert plan.status == "infeasible"
        if plan.blocking_way is not None:
            way = plan.blocking_way
            found = {
                length
                for pair, _, length in brute.long_ways(problem, problem.candidates.tolist())
                if tuple(problem.limited_pairs[pair]) == way.regions and problem.limit_km[pair] == way.limit_km
            }
            assert way.length_km in found
    else:
        assert plan.status == "optimal"
        assert (plan.objective["cost"], plan.objective["routes"]) == pytest.approx(best)
        assert not brute.long_ways(problem, plan.routes)


@settings(max_examples=120, deadline=None)
@given(limited_problems())
def test_both_opinions_find_what_enumeration_finds(problem: Problem) -> None:
    routes = problem.candidates[::2]
    graph = to_active_graph(problem, routes)
    found = set()
    for ways in find_long_ways(problem, graph, is_cut_short=False):
        cut = () if ways.cut == NOTHING_CUT else (tuple(graph.spans[graph.cuts[ways.cut]].tolist()),)
        found |= {(pair, cut, km) for pair, km in zip(ways.pairs.tolist(), ways.length_km.tolist(), strict=True)}
    expected = {
        (pair, tuple(spans for spans, _ in cuts), length)
        for pair, cuts, length in brute.long_ways(problem, routes.tolist())
    }
    uncut = {pair for pair, cut, _ in expected if not cut}
    assert found == {one for one in expected if not one[1] or one[0] not in uncut}
    survival = planner.verify(problem.without_limits(), routes.tolist())
    verdict = planner.verify(problem, routes.tolist())
    assert verdict.survives == (survival.survives and not expected)
    if survival.survives and expected:
        assert verdict.long_way is not None
        way = verdict.long_way
        pairs = {pair for pair in range(len(problem.limit_km)) if tuple(problem.limited_pairs[pair]) == way.regions}
        assert any(pair in pairs and cut == verdict.witness and km == way.length_km for pair, cut, km in expected)


@settings(max_examples=80, deadline=None)
@given(limited_problems())
def test_the_worst_cuts(problem: Problem) -> None:
    routes = problem.candidates[::2]
    graph = to_active_graph(problem, routes)
    worst = find_worst_ways(problem, graph)
    for pair, level in enumerate(problem.levels_of_pairs.tolist()):
        ways = [brute.ways_after(problem, pair, routes.tolist(), cuts) for cuts in (0, 1, 2)]
        single = max(max(found.values(), default=0.0) for found in ways[: max(level, 0) + 1])
        assert worst.length_km[pair] == single
        length_km, cuts = find_worst_of_two(problem, graph, pair)
        assert length_km == max(max(found.values(), default=0.0) for found in ways)
        assert len(cuts) <= 2


def test_the_same_limits_in_another_order() -> None:
    problem = ring(limited_pairs=[(0, 1), (3, 1)], limit_km=[349, 310])
    turned = replace(problem, limited_pairs=np.array([(1, 3), (1, 0)]), limit_km=np.array([310, 349]))
    assert planner.optimise(problem).routes == planner.optimise(turned).routes
