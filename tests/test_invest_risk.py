"""Expected isolation, against every state of small networks and against the simulation."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from problems import problems

from planner.invest.coincide import find_coincidence
from planner.invest.hazards import Hazards
from planner.invest.isolating import Isolator
from planner.invest.risk import to_hazard_graph
from planner.invest.simulate import Happenings, simulate
from planner.problem import Problem, Rows
from planner.survival.cutsets import components
from planner.survival.isolation import RegionIndex


def hazards_of(problem: Problem, sets: list[list[int]], per_year: float = 20.0, hours: float = 30.0) -> Hazards:
    rows = Rows.of(sets)
    rates = per_year * (1 + np.arange(len(rows)))
    return Hazards(rows, rates, np.full(len(rows), hours))


@st.composite
def cases(draw: st.DrawFn) -> tuple[Problem, Hazards]:
    problem = draw(problems(max_spans=8))
    standing = problem.active_spans().tolist()
    if not standing:
        return problem, hazards_of(problem, [])
    subset = st.lists(st.sampled_from(standing), min_size=1, max_size=4, unique=True).map(lambda s: tuple(sorted(s)))
    return problem, hazards_of(problem, sorted(draw(st.lists(subset, max_size=7, unique=True))))


@settings(max_examples=150, deadline=None)
@given(cases())
def test_equals_every_state(case: tuple[Problem, Hazards]) -> None:
    """The sum over states of up to two kinds of cut, each looked at one by one; more lie within the bound."""
    problem, hazards = case
    graph = to_hazard_graph(problem, (), hazards)
    mean = hazards.per_year * hazards.hours / 8766
    found = find_coincidence(problem, graph, mean)
    index, there = RegionIndex(problem), 1 - np.exp(-mean)
    by_size = [np.zeros(len(problem.region_weight)) for _ in range(len(mean) + 1)]
    for size in range(len(mean) + 1):
        for cuts in combinations(range(len(mean)), size):
            chance = math.prod(there[e] if e in cuts else 1 - there[e] for e in range(len(mean)))
            by_size[size] += chance * index.isolation(components(graph, cuts)).is_isolated
    for size, part in enumerate((found.uncut, found.single, found.pairs)[: len(by_size)]):
        assert part == pytest.approx(by_size[size], abs=1e-12)
    beyond = sum(by_size[3:], np.zeros(len(problem.region_weight)))
    assert (beyond <= found.neglected + 1e-12).all()
    assert found.order == 2


@settings(max_examples=60, deadline=None)
@given(cases())
def test_many_sets_at_once_as_one_by_one(case: tuple[Problem, Hazards]) -> None:
    problem, hazards = case
    graph = to_hazard_graph(problem, (), hazards)
    isolated = Isolator(problem, graph).isolate(graph.cuts)
    index = RegionIndex(problem)
    for cut in range(len(graph.cuts)):
        assert (isolated[cut] == index.isolation(components(graph, (cut,))).is_isolated).all()


def ring() -> Problem:
    """
    ```
    0 --- 1
    |     |      4 hangs on 3 by one span
    3 --- 2
    |
    4
    ```
    """
    return Problem(
        num_sites=5,
        span_ends=[(0, 1), (1, 2), (2, 3), (0, 3), (3, 4)],
        route_of_span=[0, 1, 2, 3, 4],
        route_cost=[0] * 5,
        is_candidate=[False] * 5,
        groups=[],
        terminals=[[0], [1], [2], [3], [4]],
        required_cuts=[1] * 5,
        region_weight=[10, 1, 1, 1, 1],
    )


def test_ring_by_hand() -> None:
    """One cut isolates 4 alone, two part the ring; the part with site 0 is the main one."""
    problem = ring()
    hazards = Hazards(Rows.of([[0], [1], [2], [3], [4]]), np.full(5, 1.0), np.full(5, 87.66))
    found = find_coincidence(problem, to_hazard_graph(problem, (), hazards), np.full(5, 0.01))
    odds, none = math.expm1(0.01), math.exp(-0.05)
    assert found.single == pytest.approx([0, 0, 0, 0, none * odds])
    # of the ring's pairs 1 falls with 01-12, 01-23 and 01-03; 2 with 01-23, 12-23, 12-03 and 01-03; 3 as 1 does
    assert found.pairs[1] == pytest.approx(none * odds**2 * 3)
    assert found.pairs[2] == pytest.approx(none * odds**2 * 4)
    assert found.pairs[3] == pytest.approx(none * odds**2 * 3)
    # 4 falls with its own span beside any other, and with site 3
    assert found.pairs[4] == pytest.approx(none * odds**2 * (4 + 3))
    assert found.neglected == pytest.approx(1 - none * (1 + 5 * odds + 10 * odds**2))


def test_simulation_agrees() -> None:
    """Within four standard errors of an interval that holds the truth; and the same seed gives the same years."""
    problem = ring()
    hazards = Hazards(
        Rows.of([[0], [1], [2], [3], [4], [0, 1]]), np.full(6, 4.0), np.array([200, 90, 90, 60, 50, 30.0])
    )
    graph = to_hazard_graph(problem, (), hazards)
    happenings = Happenings(graph.cuts, hazards.per_year, hazards.hours)
    found = find_coincidence(problem, graph, happenings.mean_active)
    simulated = simulate(Isolator(problem, graph), happenings, 4000, seed=7)
    assert simulated is not None
    low = found.uncut + found.single + found.pairs
    assert (simulated.mean >= low - 4 * simulated.error).all()
    assert (simulated.mean <= low + found.neglected + 4 * simulated.error).all()
    assert (simulated.error[1:] > 0).all()
    assert (simulated.error[1:] < 0.1 * simulated.mean[1:]).all()
    again = simulate(Isolator(problem, graph), happenings, 4000, seed=7)
    assert again is not None
    assert (again.shares == simulated.shares).all()


def test_simulation_is_left_out_where_it_would_take_too_long() -> None:
    problem = ring()
    hazards = hazards_of(problem, [[0]], per_year=1e6)
    graph = to_hazard_graph(problem, (), hazards)
    happenings = Happenings(graph.cuts, hazards.per_year, hazards.hours)
    assert simulate(Isolator(problem, graph), happenings, 4000, seed=7) is None
