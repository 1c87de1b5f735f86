"""Groups with pairs put apart, against every subset tried."""

from __future__ import annotations

from itertools import chain, combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from problems import problems

from planner.problem import Problem
from planner.run import apart
from planner.run.apart import Pair, put_apart

type Taken = tuple[tuple[int, ...], tuple[int, ...]]


def to_taken(problem: Problem) -> list[Taken]:
    """Per group its sites and spans."""
    groups = [tuple(group.tolist()) for group in problem.groups]
    sites = (
        [tuple(row.tolist()) for row in problem.group_sites] if problem.group_sites is not None else [()] * len(groups)
    )
    return list(zip(sites, groups, strict=True))


def largest_parts(group: tuple[int, ...], pairs: list[Pair]) -> set[tuple[int, ...]]:
    """The subsets that hold no pair and are in no other such subset."""
    subsets = chain.from_iterable(combinations(group, size) for size in range(len(group) + 1))
    free = [set(one) for one in subsets if not any(set(pair) <= set(one) for pair in pairs)]
    return {tuple(sorted(one)) for one in free if not any(one < other for other in free)}


@settings(max_examples=300, deadline=None)
@given(problems(max_spans=9, sites_fall=None), st.data())
def test_parts_are_the_largest_without_a_pair(problem: Problem, data: st.DataObject) -> None:
    everything = list(combinations(range(problem.num_spans), 2))
    pairs = data.draw(st.lists(st.sampled_from(everything), max_size=8, unique=True)) if everything else []
    changed = put_apart(problem, pairs)
    wanted = {(sites, part) for sites, group in to_taken(problem) for part in largest_parts(group, pairs)}
    found = to_taken(changed)
    assert set(found) == wanted
    assert len(found) == len(wanted)
    assert changed.span_ends.tolist() == problem.span_ends.tolist()


def square(*groups: tuple[int, ...]) -> Problem:
    """0 - 1 - 2 - 3 - 0."""
    return Problem(
        num_sites=4,
        span_ends=[(0, 1), (1, 2), (2, 3), (0, 3)],
        route_of_span=range(4),
        route_cost=[0] * 4,
        is_candidate=[False] * 4,
        groups=groups,
        terminals=[[0], [2]],
        required_cuts=[1, 1],
    )


def test_no_pair_changes_no_group_and_keeps_their_order() -> None:
    problem = square((1, 2, 3), (0, 1))
    assert to_taken(put_apart(problem, [])) == to_taken(problem)
    assert to_taken(put_apart(problem, [(0, 2)])) == to_taken(problem)


def test_a_group_of_too_many_parts_stays_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = [(0, 1), (2, 3)]
    parts = [((), one) for one in ((0, 2), (0, 3), (1, 2), (1, 3))]
    monkeypatch.setattr(apart, "MAX_PARTS", 4)
    assert to_taken(put_apart(square((0, 1, 2, 3)), pairs)) == parts
    monkeypatch.setattr(apart, "MAX_PARTS", 3)
    assert to_taken(put_apart(square((0, 1, 2, 3)), pairs)) == [((), (0, 1, 2, 3))]
