"""The search for cut sets in parts comes to the same as the search in one piece."""

from __future__ import annotations

import pickle

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from problems import problems

from planner.problem import Problem
from planner.survival.active import to_active_graph
from planner.survival.cutsets import count_separating_sets, find_separating_sets
from planner.survival.ranking import rank_cut_sets
from planner.survival.split import SplitSearch


@settings(max_examples=150, deadline=None)
@given(
    problems(sites_fall=None),
    st.integers(0, 4),
    st.integers(1, 12),
    st.sampled_from([None, 0, 1, 3, 10]),
)
def test_any_number_of_parts_comes_to_the_same(problem: Problem, cuts: int, num_parts: int, limit: int | None) -> None:
    graph = to_active_graph(problem, problem.candidates)
    search = SplitSearch.of(graph, problem.terminals, cuts, limit)
    found = [pickle.loads(pickle.dumps(search)).run(part) for part in search.parts(num_parts)]
    sets, by_size = search.put_together(found)
    expected = find_separating_sets(graph, problem.terminals, cuts, limit=limit)
    assert sets == expected
    assert by_size == count_separating_sets(graph, problem.terminals, cuts).by_size
    if len(expected) and expected != [()]:
        assert rank_cut_sets(problem, graph, sets) == rank_cut_sets(problem, graph, expected)


def to_tangle(num_sites: int, seed: int) -> Problem:
    """Two rings with rungs between them, trenches of two to four spans, and two large ones of nine."""
    rng = np.random.default_rng(seed)
    ends = [(a, (a + 1) % num_sites) for a in range(num_sites)]
    ends += [(a + num_sites, b + num_sites) for a, b in ends]
    ends += [(a, a + num_sites) for a in rng.choice(num_sites, num_sites // 3, replace=False).tolist()]
    sizes = [*rng.integers(2, 5, num_sites // 4).tolist(), 9, 9]
    groups = [rng.choice(len(ends), size, replace=False).tolist() for size in sizes]
    return Problem(
        num_sites=2 * num_sites,
        span_ends=ends,
        route_of_span=list(range(len(ends))),
        route_cost=[0] * len(ends),
        is_candidate=[False] * len(ends),
        groups=groups,
        terminals=[[site] for site in range(2 * num_sites)],
        required_cuts=[3] * (2 * num_sites),
    )


@settings(max_examples=20, deadline=None)
@given(st.integers(12, 30), st.integers(0, 1000), st.integers(2, 40))
def test_triples_of_trenches(num_sites: int, seed: int, num_parts: int) -> None:
    """Sets of several groups are found in several parts, and count in the first."""
    problem = to_tangle(num_sites, seed)
    graph = to_active_graph(problem)
    search = SplitSearch.of(graph, problem.terminals, 3, 50)
    parts = search.parts(num_parts)
    assert len(parts) > 3
    sets, by_size = search.put_together([search.run(part) for part in parts])
    assert sets == find_separating_sets(graph, problem.terminals, 3, limit=50)
    assert by_size == count_separating_sets(graph, problem.terminals, 3).by_size


def test_results_are_bounded_by_the_limit_in_each_part() -> None:
    problem = to_tangle(30, 1)
    search = SplitSearch.of(to_active_graph(problem), problem.terminals, 3, 5)
    found = [search.run(part) for part in search.parts(7)]
    assert max(len(one.sets) for one in found) == 5
    assert max(one.num_sets for one in found) > 5
