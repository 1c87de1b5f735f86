from __future__ import annotations

from importlib import import_module
from unittest.mock import patch

import brute
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from problems import problems
from test_problem import square

import planner
from planner.optimise.plan import OBJECTIVE_FIELD
from planner.problem import Problem
from planner.progress import Progress

stages = import_module("planner.optimise.stages")
rows = import_module("planner.optimise.rows")  # the name of its package is that of a function too


@settings(max_examples=250, deadline=None)
@given(
    problems(sites_fall=None, has_choice=True),
    st.sampled_from([("routes", "cost"), ("cost", "routes"), ("length",), ("cost", "length", "routes")]),
    st.booleans(),
)
def test_equals_enumeration(problem: Problem, minimise: tuple[str, ...], is_sparse: bool) -> None:
    with patch.object(rows, "_is_sparse", lambda _: is_sparse):
        plan = planner.optimise(problem, minimise=minimise)
    best = brute.best_values(problem, minimise)
    if best is None:
        assert plan.status == "infeasible"
        assert plan.blocking is not None
        everything = problem.buildable.tolist()
        levels = [int(level) for level in problem.required_cuts if level >= len(plan.blocking)]
        blocking = list(zip(plan.blocking, plan.blocking_sites, strict=True))
        assert any(brute.separates(problem, blocking, everything, level) for level in levels)
    else:
        assert plan.status == "optimal"
        assert tuple(plan.objective[OBJECTIVE_FIELD[key]] for key in minimise) == pytest.approx(best)
        assert plan.bound == pytest.approx({OBJECTIVE_FIELD[k]: v for k, v in zip(minimise, best, strict=True)})
        assert plan.gap == 0.0
        assert set(np.flatnonzero(problem.is_required)) <= set(plan.routes) <= set(problem.buildable)


def test_a_network_that_survives_needs_nothing() -> None:
    plan = planner.optimise(square(is_candidate=[False] * 4))
    assert (plan.status, plan.routes, plan.objective["routes"]) == ("optimal", (), 0)


def test_a_route_of_two_spans_is_bought_once() -> None:
    r"""
    0 --0-- 1 --1-- 2     candidate 2: 0-3-2 in two spans; candidate 3: 0-3; candidate 4: 3-2
     \             /
      ----- 3 -----       site 3 is a junction that owes nothing
    """
    problem = Problem(
        num_sites=4,
        span_ends=[(0, 1), (1, 2), (0, 3), (3, 2), (0, 3), (3, 2)],
        route_of_span=[0, 1, 2, 2, 3, 4],
        route_cost=[0, 0, 9, 4, 4],
        is_candidate=[False, False, True, True, True],
        groups=[],
        terminals=[[0], [1], [2]],
        required_cuts=[1, 1, 1],
    )
    assert planner.optimise(problem, minimise=("routes", "cost")).routes == (2,)
    assert planner.optimise(problem, minimise=("cost", "routes")).routes == (3, 4)


def test_a_new_route_in_the_old_trench_earns_nothing() -> None:
    # candidate 3 lies in the trench of spans 1 and 2; candidate 4 costs more and lies alone
    problem = square(
        span_ends=[(0, 1), (1, 2), (2, 3), (0, 3), (0, 3)],
        route_of_span=[0, 1, 2, 3, 4],
        route_cost=[0, 0, 0, 1.0, 50.0],
        is_candidate=[False, False, False, True, True],
        groups=[[1, 2, 3]],
    )
    assert planner.optimise(problem).routes == (4,)


def test_regions_that_are_not_connected_yet() -> None:
    #  0 - 1    2 - 3     and one candidate for each of 1-2, 0-3, 0-2
    problem = Problem(
        num_sites=4,
        span_ends=[(0, 1), (2, 3), (1, 2), (0, 3), (0, 2)],
        route_of_span=range(5),
        route_cost=[0, 0, 3, 4, 1],
        is_candidate=[False, False, True, True, True],
        groups=[],
        terminals=[[0], [1], [2], [3]],
        required_cuts=[0, 0, 0, 0],
    )
    assert planner.optimise(problem).routes == (4,)


def test_required_and_forbidden_routes() -> None:
    """
    0 - 1 - 2    and candidates 0-2 (2: cheap, 3: dear), 1-2 (4: of no use alone)
    """
    given = {
        "num_sites": 3,
        "span_ends": [(0, 1), (1, 2), (0, 2), (0, 2), (1, 2)],
        "route_of_span": range(5),
        "route_cost": [0, 0, 1, 5, 2],
        "is_candidate": [False, False, True, True, True],
        "groups": [],
        "terminals": [[0], [1], [2]],
        "required_cuts": [1, 1, 1],
    }
    assert planner.optimise(Problem(**given)).routes == (2,)
    assert planner.optimise(Problem(**given, is_forbidden=[0, 0, 1, 0, 0])).routes == (3,)
    plan = planner.optimise(Problem(**given, is_required=[0, 0, 0, 0, 1]))
    assert (plan.status, plan.routes, plan.objective["cost"], plan.bound["routes"]) == ("optimal", (2, 4), 3, 2)
    plan = planner.optimise(Problem(**given, is_forbidden=[0, 0, 1, 1, 0]))
    assert (plan.status, plan.blocking) == ("infeasible", ((0,),))


def test_a_stop_builds_what_is_required_and_nothing_forbidden() -> None:
    progress = Progress()
    progress.interrupt()
    problem = square(
        span_ends=[(0, 1), (1, 2), (2, 3), (0, 3), (0, 3), (0, 3)],
        route_of_span=range(6),
        route_cost=[0, 0, 0, 1, 2, 3],
        is_candidate=[False, False, False, True, True, True],
        is_required=[0, 0, 0, 0, 0, 1],
        is_forbidden=[0, 0, 0, 1, 0, 0],
    )
    assert planner.optimise(problem, progress=progress).routes == (4, 5)
    assert planner.optimise(problem).routes == (5,)


def test_levels_per_region() -> None:
    # two cuts must not part 0 from 1; site 2 only has to be connected while nothing is cut
    problem = Problem(
        num_sites=3,
        span_ends=[(0, 1), (0, 1), (0, 1), (1, 2), (1, 2)],
        route_of_span=range(5),
        route_cost=[0, 0, 5, 2, 3],
        is_candidate=[False, False, True, True, True],
        groups=[],
        terminals=[[0], [1], [2]],
        required_cuts=[2, 2, 0],
    )
    assert planner.optimise(problem).routes == (2, 3)
    assert planner.optimise(problem, minimise=("cost",)).objective["cost"] == 7


def test_a_stop_gives_a_plan_with_a_true_bound() -> None:
    progress = Progress()
    progress.interrupt()
    plan = planner.optimise(square(), progress=progress)
    assert plan.status == "feasible"
    assert plan.verification is not None
    assert plan.verification.survives
    assert plan.bound["routes"] <= 1 <= plan.objective["routes"]
    assert plan.gap is not None
    assert 0 < plan.gap <= 1


@pytest.mark.parametrize("minimise", [(), ("routes", "routes"), ("price",)])
def test_objectives_that_do_not_exist(minimise: tuple[str, ...]) -> None:
    with pytest.raises(planner.InputError, match="minimise"):
        planner.optimise(square(), minimise=minimise)


def test_another_number_of_threads_in_the_same_process() -> None:
    """HiGHS keeps one pool of threads per process: a second call with another number must solve all the same."""
    from itertools import combinations

    ends = list(combinations(range(9), 2))
    problem = Problem(
        num_sites=9,
        span_ends=ends,
        route_of_span=range(len(ends)),
        route_cost=[10 + (7 * a * b + a) % 13 for a, b in ends],
        is_candidate=[True] * len(ends),
        groups=[[i, i + 9] for i in range(9)],
        terminals=[[site] for site in range(9)],
        required_cuts=[2] * 9,
    )
    with patch.object(stages, "find_half_rows", lambda *_: []):  # they close it before the integer program runs
        plans = [planner.optimise(problem, minimise=("cost",), threads=threads) for threads in (1, 2, 1)]
    assert [plan.status for plan in plans] == ["optimal"] * 3
    assert plans[0].effort.rounds > 0
    assert len({plan.objective["cost"] for plan in plans}) == 1


def test_is_never_dearer_than_networkx() -> None:
    import networkx as nx

    graph = nx.connected_watts_strogatz_graph(14, 2, 0.3, seed=3)
    spare = [(a, b, {"weight": 1 + (7 * a + 3 * b) % 10}) for a, b in nx.non_edges(graph)]
    theirs = sum(
        {(a, b): d["weight"] for a, b, d in spare}[tuple(sorted(edge))]
        for edge in nx.k_edge_augmentation(graph, 2, [(a, b, d["weight"]) for a, b, d in spare])
    )
    ends = [*graph.edges, *((a, b) for a, b, _ in spare)]
    problem = Problem(
        num_sites=14,
        span_ends=ends,
        route_of_span=range(len(ends)),
        route_cost=[0] * graph.number_of_edges() + [d["weight"] for _, _, d in spare],
        is_candidate=[False] * graph.number_of_edges() + [True] * len(spare),
        groups=[],
        terminals=[[site] for site in range(14)],
        required_cuts=[1] * 14,
    )
    plan = planner.optimise(problem, minimise=("cost",))
    assert plan.status == "optimal"
    assert plan.objective["cost"] <= theirs
