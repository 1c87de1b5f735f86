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
