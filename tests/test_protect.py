from __future__ import annotations

from itertools import product

import brute
import numpy as np
import pytest
from hypothesis import given, settings
from problems import problems

import planner
from planner.optimise.master import Settings
from planner.optimise.plan import LimitHit
from planner.optimise.protect import find_highest_levels, region_levels, with_levels
from planner.problem import Problem
from planner.progress import Progress


def best_levels(problem: Problem) -> tuple[float, float, int]:
    """Weight held at the level required, weight times level, and levels: the best over every choice of levels."""
    required = region_levels(problem).tolist()
    weights = problem.region_weight
    found = []
    for levels in product(*(range(-1, level + 1) for level in required)):
        if brute.is_met(with_levels(problem, np.array(levels)), problem.candidates.tolist()):
            full = sum(weights[r] for r, level in enumerate(levels) if level == required[r] >= 0)
            found.append((full, sum(weights[r] * (level + 1) for r, level in enumerate(levels)), sum(levels)))
    return max(found)


@settings(max_examples=60, deadline=None)
@given(problems(max_spans=6, max_level=2, sites_fall=None))
def test_equals_enumeration(problem: Problem) -> None:
    levels = find_highest_levels(problem, Settings(), Progress())
    required = region_levels(problem)
    assert brute.is_met(with_levels(problem, levels), problem.candidates.tolist())
    full = float(problem.region_weight[(levels == required) & (required >= 0)].sum())
    partial = float((problem.region_weight * (levels + 1)).sum())
    assert (full, partial, int(levels.sum())) == best_levels(problem)


def test_what_was_best_before_more_cut_sets_were_known_binds_nobody() -> None:
    """
    0 --- 1    2 --- 3    uncut, the heavier pair is held; that one cut parts it too is found out afterwards
    """
    problem = Problem(
        num_sites=4,
        span_ends=[(0, 1), (2, 3)],
        route_of_span=[0, 1],
        route_cost=[0, 0],
        is_candidate=[False, False],
        groups=[],
        terminals=[[0], [1], [2], [3]],
        required_cuts=[1, 1, 1, 1],
        region_weight=[1, 1, 5, 5],
    )
    levels = find_highest_levels(problem, Settings(), Progress()).tolist()
    assert (levels[:2], sorted(levels[2:])) == ([-1, -1], [0, 1])


def test_a_search_that_finds_nothing_ends_with_its_time() -> None:
    """Regions of three sites each, and single sites that cuts part from the others without harm."""
    num = 24
    ring = [(i, (i + step) % num) for step in (1, 2) for i in range(num)]
    problem = Problem(
        num_sites=num,
        span_ends=ring,
        route_of_span=[0] * len(ring),
        route_cost=[0.0],
        is_candidate=[False],
        groups=[],
        terminals=[[3 * i, 3 * i + 1, 3 * i + 2] for i in range(num // 3)],
        required_cuts=[4] * (num // 3),
    )
    assert find_highest_levels(problem, Settings(), Progress()).tolist() == [4] * (num // 3)
    with pytest.raises(LimitHit):
        find_highest_levels(problem, Settings(), Progress(0.0))
    plan = planner.optimise(problem, budget=1.0, progress=Progress(0.0))
    assert plan.protection is not None
    assert (plan.status, plan.protection.weight, plan.protection.bound) == ("feasible", 0.0, 8.0)
