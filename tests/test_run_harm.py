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


def expected(problem: Problem, spans: tuple[int, ...]) -> tuple[int, set[int], float] | None:
    """Number of cuts, regions and weight by trying every second cut; regions only where one cut is enough."""
    uncut = brute.isolated_regions(problem, [], ())
    alone = brute.isolated_regions(problem, [(spans, ())], ()) - uncut
    weigh = problem.region_weight
    if alone:
        return 1, alone, sum(weigh[region] for region in alone)
    best = None
    for cut in brute.maximal_cuts(problem, ()):
        both = brute.isolated_regions(problem, [(spans, ()), cut], ())
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
