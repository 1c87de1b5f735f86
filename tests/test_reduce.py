from __future__ import annotations

import brute
import numpy as np
from hypothesis import given, settings
from problems import problems

from planner.optimise.reduce import Reduced, reduce
from planner.problem import Problem

KEYS = ("cost", "routes")


def reduced(problem: Problem) -> Reduced:
    ones = np.where(problem.is_candidate, 1.0, 0.0)
    return reduce(problem, [np.where(problem.is_candidate, problem.route_cost, 0.0), ones])


def to_problem(ends: list[tuple[int, int]], num_existing: int, terminals: list[int], **more: object) -> Problem:
    """Every span its own route, the first ones existing; candidates cost 1, 2, 4 and so on."""
    costs = [0.0] * num_existing + [2.0**i for i in range(len(ends) - num_existing)]
    return Problem(
        num_sites=max(map(max, ends)) + 1,
        span_ends=ends,
        route_of_span=range(len(ends)),
        route_cost=costs,
        is_candidate=[i >= num_existing for i in range(len(ends))],
        groups=more.pop("groups", []),  # type: ignore[arg-type]
        terminals=[[site] for site in terminals],
        required_cuts=[1] * len(terminals),
        **more,  # type: ignore[arg-type]
    )


def test_dead_ends_go() -> None:
    r"""
    0 === 1 --- 2 --- 3        only 0 and 1 owe
    """
    small = reduced(to_problem([(0, 1), (1, 2), (2, 3)], 1, [0, 1])).problem
    assert (small.num_spans, small.num_sites) == (1, 2)


def test_ways_in_series_are_one_with_the_risks_of_both() -> None:
    r"""
    0 ======= 1        the section 0-2 shares a trench with 0=1, the section 3-1 is hardened
     \       /
      2 --- 3
    """
    problem = to_problem(
        [(0, 1), (0, 2), (2, 3), (3, 1)], 1, [0, 1], groups=[[0, 1]], is_cuttable=[True, True, True, False]
    )
    small = reduced(problem)
    assert small.problem.span_ends.tolist() == [[0, 1], [0, 1]]
    assert [group.tolist() for group in small.problem.groups] == [[0, 1]]
    assert small.problem.is_cuttable.tolist() == [True, True]
    assert small.expand([int(small.problem.candidates[0])]) == (1, 2, 3)
    assert small.sum_up(np.ones(4)).tolist() == [0.0, 3.0]


def test_an_existing_stub_goes_with_the_candidate_that_goes_on() -> None:
    r"""
    0 === 2 --- 1        the way exists as far as 2, which owes nothing
    """
    small = reduced(to_problem([(0, 2), (2, 1)], 1, [0, 1]))
    assert small.problem.is_candidate.tolist() == [True]
    assert small.expand([0]) == (1,)


def test_as_many_parallels_stay_as_cuts_can_sever_and_one() -> None:
    r"""
    0 --- 1    four times, at 1, 2, 4 and 8: for one cut the two cheapest do
    """
    small = reduced(to_problem([(0, 1)] * 4, 0, [0, 1]))
    assert sorted(small.expand(small.problem.candidates.tolist())) == [0, 1]


def test_a_parallel_without_the_risk_of_the_others_stays() -> None:
    small = reduced(to_problem([(0, 1)] * 4, 0, [0, 1], groups=[[0, 1]]))
    assert sorted(small.expand(small.problem.candidates.tolist())) == [0, 1, 2, 3]


def test_sites_that_no_cut_of_what_exists_parts_are_one() -> None:
    r"""
    0 === 1        twice, on their own: 1 and 0 are one for one cut, and the third way between them is needless
     \   /
       2
    """
    small = reduced(to_problem([(0, 1), (0, 1), (0, 1), (0, 2), (1, 2)], 2, [0, 1, 2]))
    assert small.problem.num_sites == 2
    assert sorted(small.expand(small.problem.candidates.tolist())) == [3, 4]
    risky = reduced(to_problem([(0, 1), (0, 1), (0, 1), (0, 2), (1, 2)], 2, [0, 1, 2], groups=[[0, 1]]))
    assert risky.problem.num_sites == 3


@settings(max_examples=300, deadline=None)
@given(problems(max_spans=9, sites_fall=None))
def test_the_best_plans_stay_the_best(problem: Problem) -> None:
    small = reduced(problem)
    best = brute.best_values(problem, KEYS)
    values = {"cost": problem.route_cost, "routes": np.ones(problem.num_routes)}
    weights = [small.sum_up(np.where(problem.is_candidate, values[key], 0.0)) for key in KEYS]
    found = brute.best_of(small.problem, weights)
    assert (found is None) == (best is None)
    if found is not None and best is not None:
        routes = small.expand(found[1])
        assert found[0] == best
        assert tuple(float(values[key][list(routes)].sum()) for key in KEYS) == best
        assert brute.is_met(problem, routes)
