"""What severed sets do alone and with one more cut, against the definition."""

from __future__ import annotations

import brute
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from problems import problems

from planner.problem import Problem
from planner.run.harm import find_harms
from planner.survival.active import to_active_graph


def expected(
    problem: Problem, spans: tuple[int, ...], sites: tuple[int, ...] = ()
) -> tuple[int, set[int], float] | None:
    """Number of cuts, regions and weight by trying every second cut; regions only where one cut is enough."""
    uncut = brute.isolated_regions(problem, [], ())
    alone = brute.isolated_regions(problem, [(spans, sites)], ()) - uncut
    weigh = problem.region_weight
    if alone:
        return 1, alone, sum(weigh[region] for region in alone)
    best = None
    for cut in brute.maximal_cuts(problem, ()):
        both = brute.isolated_regions(problem, [(spans, sites), cut], ())
        regions = both - brute.isolated_regions(problem, [cut], ()) - uncut
        weight = sum(weigh[region] for region in regions)
        if regions and (best is None or weight > best[2]):
            best = 2, regions, weight
    return best


def with_regions(problem: Problem, *, single_sites: bool) -> Problem:
    """The same network without ties: no two sets of regions weigh the same. Every site a region, or as drawn."""
    terminals = [[site] for site in range(problem.num_sites)] if single_sites else problem.terminals
    region_of = range(problem.num_sites) if single_sites else problem.region_of
    return Problem(
        num_sites=problem.num_sites,
        span_ends=problem.span_ends,
        route_of_span=problem.route_of_span,
        route_cost=problem.route_cost,
        is_candidate=np.zeros(problem.num_routes, dtype=bool),
        groups=problem.groups,
        terminals=terminals,
        required_cuts=[1] * len(terminals),
        is_cuttable=problem.is_cuttable,
        group_sites=problem.group_sites,
        region_of=region_of,
        region_weight=[2**region for region in range(max(region_of) + 1)],
    )


@settings(max_examples=300, deadline=None)
@given(problems(max_spans=12), st.booleans(), st.data())
def test_equals_trying_every_second_cut(drawn: Problem, single_sites: bool, data: st.DataObject) -> None:
    problem = with_regions(drawn, single_sites=single_sites)
    graph = to_active_graph(problem)
    cuttable = [span for span in graph.spans.tolist() if problem.is_cuttable[span]]
    if not cuttable:
        return
    some = st.lists(st.sampled_from(cuttable), min_size=1, max_size=4, unique=True).map(lambda s: tuple(sorted(s)))
    sets = data.draw(st.lists(some, min_size=1, max_size=4, unique=True))
    harms = find_harms(problem, graph, sets)
    assert harms.num_cut_short == 0
    # apart from the start, the main part may change over to an equal one although nothing that matters is parted
    is_whole = not brute.isolated_regions(problem, [], ())
    for spans, harm in zip(sets, harms.of_set, strict=True):
        wanted = expected(problem, spans)
        if harm is None:
            assert wanted is None or not is_whole
            continue
        assert wanted is not None
        num_cuts, regions, weight = wanted
        if is_whole:
            assert (harm.partner is None) == (num_cuts == 1)
            assert harm.weight == pytest.approx(weight)
        if harm.partner is None:
            assert set(harm.regions) == regions
        else:
            cut = (tuple(graph.spans[graph.cuts[harm.partner]].tolist()), ())
            both = brute.isolated_regions(problem, [(spans, ()), cut], ())
            uncut = brute.isolated_regions(problem, [], ())
            assert set(harm.regions) == both - brute.isolated_regions(problem, [cut], ()) - uncut


@settings(max_examples=150, deadline=None)
@given(problems(max_spans=12, sites_fall=True), st.booleans(), st.data())
def test_equals_trying_every_second_cut_where_sites_fall(
    drawn: Problem, single_sites: bool, data: st.DataObject
) -> None:
    """Sets and cuts of both kinds: a site that falls owes nothing, and its weight is gone from the main part."""
    problem = with_regions(drawn, single_sites=single_sites)
    graph = to_active_graph(problem)
    ends = problem.span_ends.tolist()
    some_sites = st.lists(st.integers(0, problem.num_sites - 1), max_size=2, unique=True)
    some_spans = st.lists(st.sampled_from(range(problem.num_spans)), max_size=3, unique=True)
    sets: dict[tuple[tuple[int, ...], tuple[int, ...]], None] = {}
    for _ in range(3):
        sites, spans = data.draw(some_sites), data.draw(some_spans)
        cut = {span for span in spans if problem.is_cuttable[span]}
        cut |= {span for span, pair in enumerate(ends) if set(pair) & set(sites)}
        if cut:
            sets[tuple(sorted(sites)), tuple(sorted(cut))] = None
    if not sets or brute.isolated_regions(problem, [], ()):
        return
    harms = find_harms(problem, graph, [spans for _, spans in sets], [sites for sites, _ in sets])
    assert harms.num_cut_short == 0
    for (sites, spans), harm in zip(sets, harms.of_set, strict=True):
        wanted = expected(problem, spans, sites)
        if wanted is None or harm is None:
            assert harm == wanted
            continue
        num_cuts, regions, weight = wanted
        assert (1 if harm.partner is None else 2, harm.weight) == (num_cuts, pytest.approx(weight))
        assert harm.partner is not None or set(harm.regions) == regions


def test_a_heavy_hub_that_falls_hands_over_the_main_part() -> None:
    """The cut of 1 - 2 leaves 10 + 1 against 2 + 3; with 0 fallen the right half is the main part.

    0 --- 1 --- 2 --- 3      weights 10, 1, 2, 3
    """
    problem = Problem(
        num_sites=4,
        span_ends=[(0, 1), (1, 2), (2, 3)],
        route_of_span=[0, 1, 2],
        route_cost=[0] * 3,
        is_candidate=[False] * 3,
        groups=[[0], [1], [2], []],
        group_sites=[[], [], [], [0]],
        terminals=[[site] for site in range(4)],
        required_cuts=[1] * 4,
        region_weight=[10, 1, 2, 3],
    )
    graph = to_active_graph(problem)
    harms = find_harms(problem, graph, [(1,), (0,)], [(), (0,)])
    alone, hub = harms.of_set
    assert alone is not None
    assert hub is not None
    assert (alone.regions, alone.partner) == ((2, 3), None)
    # the hub isolates nobody alone; with 1 - 2 cut, 1 is isolated, which neither is alone
    assert (hub.regions, hub.weight) == ((1,), 1.0)
    assert hub.partner is not None
    assert graph.cuts[hub.partner].tolist() == [1]


def ring(num_sites: int, **changes: object) -> Problem:
    ends = [(i, (i + 1) % num_sites) for i in range(num_sites)]
    arguments: dict[str, object] = {
        "num_sites": num_sites,
        "span_ends": ends,
        "route_of_span": list(range(num_sites)),
        "route_cost": [0] * num_sites,
        "is_candidate": [False] * num_sites,
        "groups": [],
        "terminals": [[site] for site in range(num_sites)],
        "required_cuts": [1] * num_sites,
    }
    return Problem(**(arguments | changes))  # type: ignore[arg-type]


def test_on_a_ring_the_opposite_span_is_the_worst_partner() -> None:
    problem = ring(200)
    harms = find_harms(problem, to_active_graph(problem), [(span,) for span in range(200)], max_trials=400)
    assert harms.num_cut_short == 0
    assert {harm.weight for harm in harms.of_set if harm} == {100.0}
    assert [harm.partner for harm in harms.of_set[:2] if harm] == [100, 101]


def test_says_when_pairs_were_left_out() -> None:
    problem = ring(20)
    harms = find_harms(problem, to_active_graph(problem), [(span,) for span in range(20)], max_trials=3)
    assert harms.num_cut_short == 17
    assert sum(harm is None for harm in harms.of_set) == 17
