from __future__ import annotations

import brute
import numpy as np
from hypothesis import given, settings
from problems import problems

import planner
from planner.optimise.ascent import Ascent
from planner.optimise.rows import RowMaker
from planner.optimise.violated import find_violating_cuts
from planner.problem import Problem


def corridors() -> Problem:
    r"""
    0 === 1            existing 0-1, in the trench of the section 2-3
    |     |
    2 --- 3            sections 0-2 (3), 2-3 (1), 3-1 (4), and the long way 0-4 (9), 4-1 (9)
    """
    return Problem(
        num_sites=5,
        span_ends=[(0, 1), (0, 2), (2, 3), (3, 1), (0, 4), (4, 1)],
        route_of_span=range(6),
        route_cost=[0, 3, 1, 4, 9, 9],
        is_candidate=[False] + [True] * 5,
        groups=[[0, 2]],
        terminals=[[0], [1]],
        required_cuts=[1, 1],
    )


def test_joins_by_the_cheapest_way_that_the_cut_spares() -> None:
    maker = RowMaker(corridors())
    ascent = Ascent(maker, corridors().route_cost)
    (cuts,) = find_violating_cuts(maker, ascent.built)
    ascent.join(cuts)
    assert ascent.built.tolist() == [4, 5]


def test_pays_what_the_cheapest_way_costs() -> None:
    maker = RowMaker(corridors())
    ascent = Ascent(maker, corridors().route_cost)
    (cuts,) = find_violating_cuts(maker, ascent.built)
    rows = ascent.pay(cuts)
    # 0 grows to 2 (at 3), then to 4 (at 9), then to 1 (at 18); the trench 2-3 is severed
    assert [(row.routes, row.at_least) for row in rows] == [((1, 4), 1), ((4,), 1), ((5,), 1)]
    assert ascent.price[[4, 5]].tolist() == [0.0, 0.0]


def test_most_sites_owing_nothing_is_noticed() -> None:
    assert RowMaker(corridors()).is_sparse


@settings(max_examples=150, deadline=None)
@given(problems(sites_fall=None))
def test_its_rows_hold_for_every_plan(problem: Problem) -> None:
    everything = problem.candidates
    maker = RowMaker(problem)
    ascent = Ascent(maker, problem.route_cost + 1.0)
    rows = [row for cuts in find_violating_cuts(maker, ascent.built) for row in ascent.pay(cuts)]
    for mask in range(1 << len(everything)) if rows else ():
        routes = [int(route) for bit, route in enumerate(everything) if mask >> bit & 1]
        x = np.zeros(problem.num_routes)
        x[routes] = 1.0
        if any(row.is_violated(x) for row in rows):
            assert not brute.is_met(problem, routes)


def test_sections_of_corridors_are_proved_from_few_rounds() -> None:
    """A grid of 12 by 12 junctions, four towns in its corners and no network yet."""
    side = 12
    at = np.arange(side * side).reshape(side, side)
    ends = np.concatenate(
        [np.column_stack((at[:, :-1].ravel(), at[:, 1:].ravel())), np.column_stack((at[:-1].ravel(), at[1:].ravel()))]
    )
    towns = [int(at[0, 0]), int(at[0, -1]), int(at[-1, 0]), int(at[-1, -1])]
    problem = Problem(
        num_sites=side * side,
        span_ends=ends,
        route_of_span=range(len(ends)),
        route_cost=np.ones(len(ends)),
        is_candidate=np.ones(len(ends), dtype=bool),
        groups=[],
        terminals=[[town] for town in towns],
        required_cuts=[1] * 4,
    )
    plan = planner.optimise(problem, minimise=("cost",))
    assert (plan.status, plan.objective["cost"]) == ("optimal", 4 * (side - 1))
