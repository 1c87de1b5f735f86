from __future__ import annotations

from itertools import islice

import brute
from hypothesis import given, settings
from hypothesis import strategies as st
from problems import problems

import planner
from planner.problem import Problem


@settings(max_examples=300, deadline=None)
@given(problems(sites_fall=None), st.integers(0, 4), st.sampled_from([None, 0, 1, 2]), st.data())
def test_equals_enumeration(problem: Problem, cuts: int, level: int | None, data: st.DataObject) -> None:
    routes = [route for route in problem.candidates.tolist() if data.draw(st.booleans())]
    found = planner.separating_cut_sets(problem, cuts=cuts, routes=routes, level=level)
    assert found == brute.separating_cut_sets(problem, cuts, routes, level)


@settings(max_examples=150, deadline=None)
@given(problems(sites_fall=None), st.integers(0, 3), st.integers(0, 6))
def test_some_of_them_and_how_many(problem: Problem, cuts: int, limit: int) -> None:
    every = planner.separating_cut_sets(problem, cuts=cuts)
    listed = list(planner.iter_separating_cut_sets(problem, cuts=cuts))
    assert len(listed) == len(every)
    assert sorted(listed, key=lambda cut_set: (len(cut_set), cut_set)) == every
    assert [len(cut_set) for cut_set in listed] == [len(cut_set) for cut_set in every]
    some = planner.separating_cut_sets(problem, cuts=cuts, limit=limit)
    assert set(some) <= set(every)
    assert [len(cut_set) for cut_set in some] == [len(cut_set) for cut_set in every][:limit]
    count = planner.count_separating_cut_sets(problem, cuts=cuts)
    assert count.is_exact
    assert count.by_size == {size: sum(len(cut_set) == size for cut_set in every) for size in range(cuts + 1)}


def plain(num_sites: int, ends: list[tuple[int, int]], **changes: object) -> Problem:
    arguments: dict[str, object] = {
        "num_sites": num_sites,
        "span_ends": ends,
        "route_of_span": list(range(len(ends))),
        "route_cost": [0] * len(ends),
        "is_candidate": [False] * len(ends),
        "groups": [],
        "terminals": [[site] for site in range(num_sites)],
        "required_cuts": [1] * num_sites,
    }
    return Problem(**(arguments | changes))  # type: ignore[arg-type]


def test_separated_while_nothing_is_cut() -> None:
    #  0 --- 1     2
    assert planner.separating_cut_sets(plain(3, [(0, 1)]), cuts=2) == [()]


def test_ring_has_every_pair() -> None:
    num_sites = 40
    ring = plain(num_sites, [(i, (i + 1) % num_sites) for i in range(num_sites)])
    found = planner.separating_cut_sets(ring, cuts=2)
    assert len(found) == num_sites * (num_sites - 1) // 2
    assert found[0] == ((0,), (1,))


def test_shared_span_of_two_groups_is_no_cut_by_itself() -> None:
    #  0 === 1   three parallel spans; both groups hold span 0, together they hold all
    problem = plain(2, [(0, 1)] * 3, groups=[[0, 1], [0, 2]])
    assert planner.separating_cut_sets(problem, cuts=2) == [((0, 1), (0, 2))]


def test_union_of_cuts_harmless_one_by_one() -> None:
    r"""Three regions of two sites each around a ring, A B C A B C: no two cuts separate, three do.

    0A - 1B - 2C
     |         |
    5C - 4B - 3A
    """
    ring = plain(6, [(i, (i + 1) % 6) for i in range(6)], terminals=[[0, 3], [1, 4], [2, 5]], required_cuts=[3, 3, 3])
    assert planner.separating_cut_sets(ring, cuts=2) == []
    assert planner.separating_cut_sets(ring, cuts=3) == brute.separating_cut_sets(ring, 3)
    assert len(planner.separating_cut_sets(ring, cuts=3)) > 0


def test_minimality_is_per_level() -> None:
    # 0 = 1 - 2: the single cut 2 isolates site 2, which owes nothing at level 2; the pair 0, 1 parts 0 from 1
    problem = plain(3, [(0, 1), (0, 1), (1, 2)], required_cuts=[2, 2, 0])
    assert planner.separating_cut_sets(problem, cuts=2) == [((2,),), ((0,), (1,))]
    assert planner.separating_cut_sets(problem, cuts=2, level=1) == [((0,), (1,))]


def test_a_group_of_many_independent_spans() -> None:
    """A group too large to list its subsets is failed first: a wheel whose rim is one group."""
    num_rim = 9
    rim = [(i, (i + 1) % num_rim) for i in range(num_rim)]
    spokes = [(i, num_rim) for i in range(num_rim)]
    wheel = plain(num_rim + 1, rim + spokes, groups=[list(range(num_rim))])
    found = planner.separating_cut_sets(wheel, cuts=2)
    assert found == brute.separating_cut_sets(wheel, 2)
    assert found == [(tuple(range(num_rim)), (num_rim + i,)) for i in range(num_rim)]


def test_more_pairs_than_memory_holds() -> None:
    # a ring of 20,000 sites; then with 500 trenches of two spans, each of which separates alone
    num_sites = 20_000
    ends = [(i, (i + 1) % num_sites) for i in range(num_sites)]
    ring = plain(num_sites, ends)
    num_pairs = num_sites * (num_sites - 1) // 2
    first = list(islice(planner.iter_separating_cut_sets(ring, cuts=3), 1000))
    assert first == [((0,), (other,)) for other in range(1, 1001)]
    assert planner.count_separating_cut_sets(ring, cuts=3).by_size == {0: 0, 1: 0, 2: num_pairs, 3: 0}
    trenches = [[i, i + 2] for i in range(0, 2000, 4)]
    shared = planner.count_separating_cut_sets(plain(num_sites, ends, groups=trenches), cuts=2)
    assert shared.by_size == {0: 0, 1: 500, 2: 19_000 * 18_999 // 2}


def test_a_count_that_stops_at_a_limit() -> None:
    # two sites joined by four chains of two spans, each of which must be cut once
    ends = [(0, 1 + chain) for chain in range(4)] + [(1 + chain, 5) for chain in range(4)]
    problem = plain(6, ends, terminals=[[0], [5]], required_cuts=[1, 1])
    whole = planner.count_separating_cut_sets(problem, cuts=4)
    assert (whole.by_size[4], whole.is_exact) == (2**4, True)
    part = planner.count_separating_cut_sets(problem, cuts=4, limit=5)
    assert not part.is_exact
    assert 5 <= part.by_size[4] <= 16
