from __future__ import annotations

import brute
from hypothesis import given, settings
from problems import problems

from planner.problem import Problem
from planner.survival.regions import find_endurance


@settings(max_examples=200, deadline=None)
@given(problems(max_spans=8, sites_fall=None))
def test_equals_enumeration(problem: Problem) -> None:
    routes = problem.candidates.tolist()[::2]
    found = find_endurance(problem, routes, 3)
    assert [endurance.survives for endurance in found] == brute.endurance(problem, routes, 3)
    for region, endurance in enumerate(found):
        if endurance.witness is not None:
            assert len(endurance.witness) == endurance.survives + 1
            witness = zip(endurance.witness, endurance.witness_sites, strict=True)
            assert region in brute.isolated_regions(problem, witness, routes)


def test_a_region_elsewhere_that_loses_a_site_can_make_another_part_the_main_one() -> None:
    # no span: A = all of 0 and 1, B = 3, C = any of 0, 1, 3; where site 0 falls, 1 holds A and C, as much as 3 does
    problem = Problem(
        num_sites=4,
        span_ends=[],
        route_of_span=[],
        route_cost=[],
        is_candidate=[],
        groups=[[]],
        group_sites=[[0]],
        terminals=[[0], [1], [3], [0, 1, 3]],
        required_cuts=[1, 1, 1, 1],
        region_of=[0, 0, 1, 2],
    )
    assert [endurance.survives for endurance in find_endurance(problem, (), 2)] == [-1, 0, 2]
