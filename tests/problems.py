"""Small random problems: rings and tangles, trenches, several components, levels, regions of several sites."""

from __future__ import annotations

from hypothesis import strategies as st

from planner.problem import Problem


@st.composite
def problems(
    draw: st.DrawFn,
    *,
    max_spans: int = 9,
    max_level: int = 3,
    sites_fall: bool | None = False,
    has_choice: bool = False,
) -> Problem:
    """`has_choice` lets some candidates be required and some forbidden."""
    num_sites = draw(st.integers(2, 6))
    site = st.integers(0, num_sites - 1)
    is_ring = draw(st.booleans())
    ring = [(i, (i + 1) % num_sites) for i in range(num_sites)] if is_ring else []
    ends = (ring + draw(st.lists(st.tuples(site, site), min_size=1, max_size=max_spans)))[:max_spans]
    num_spans = len(ends)
    num_routes = draw(st.integers(max(1, num_spans - 3), num_spans))
    span = st.integers(0, num_spans - 1)
    route = st.integers(0, num_routes - 1)
    terminals = draw(st.lists(st.lists(site, min_size=1, max_size=3, unique=True), min_size=1, max_size=4))
    num_entries = len(terminals)
    shared = draw(st.booleans()) and num_entries > 1
    region_of = [0, 0, *range(1, num_entries - 1)] if shared else list(range(num_entries))
    level_of = draw(st.lists(st.sampled_from([-1, 0, 1, 1, 2, max_level]), min_size=num_entries, max_size=num_entries))
    num_regions = max(region_of) + 1
    groups = draw(st.lists(st.lists(span, min_size=2, max_size=6, unique=True), max_size=4)) if num_spans > 1 else []
    group_sites = None
    if sites_fall or (sites_fall is None and draw(st.booleans())):
        groups += [[i] for i in range(num_spans) if draw(st.booleans())]
        fall = st.lists(site, max_size=2, unique=True)
        group_sites = draw(st.lists(fall, min_size=len(groups), max_size=len(groups)))
        alone = draw(st.lists(site, max_size=3, unique=True))
        groups, group_sites = groups + [[] for _ in alone], group_sites + [[s] for s in alone]
    is_candidate = draw(st.lists(st.booleans(), min_size=num_routes, max_size=num_routes))
    words = st.sampled_from(["free", "free", "free", "required", "forbidden"] if has_choice else ["free"])
    choice = draw(st.lists(words, min_size=num_routes, max_size=num_routes)) if has_choice else ["free"] * num_routes
    return Problem(
        num_sites=num_sites,
        span_ends=ends,
        route_of_span=draw(st.lists(route, min_size=num_spans, max_size=num_spans)),
        route_cost=draw(st.lists(st.integers(0, 6), min_size=num_routes, max_size=num_routes)),
        is_candidate=is_candidate,
        groups=groups,
        group_sites=group_sites,
        terminals=terminals,
        required_cuts=[level_of[region] for region in region_of],
        route_length_km=[1.5 * (i % 5 + 1) for i in range(num_routes)],
        is_cuttable=draw(st.lists(st.sampled_from([True] * 7 + [False]), min_size=num_spans, max_size=num_spans)),
        region_of=region_of,
        region_weight=draw(st.lists(st.sampled_from([1, 1, 2, 5]), min_size=num_regions, max_size=num_regions)),
        is_required=[new and word == "required" for new, word in zip(is_candidate, choice, strict=True)],
        is_forbidden=[new and word == "forbidden" for new, word in zip(is_candidate, choice, strict=True)],
    )


@st.composite
def limited_problems(draw: st.DrawFn) -> Problem:
    """A ring that stands, candidates across it and beside it, and limits on the ways between some pairs of regions."""
    num_sites = draw(st.integers(4, 6))
    site = st.integers(0, num_sites - 1)
    ring = [(i, (i + 1) % num_sites) for i in range(num_sites)]
    chord = st.tuples(site, site).filter(lambda ends: ends[0] != ends[1])
    ends = ring + draw(st.lists(chord, min_size=2, max_size=6))
    num_spans = len(ends)
    # the last candidates may be one route of several spans
    num_routes = draw(st.integers(num_spans - 1, num_spans))
    several = st.lists(site, min_size=1, max_size=2, unique=True)
    terminals = draw(st.lists(several, min_size=2, max_size=4))
    num_regions = len(terminals)
    region = st.integers(0, num_regions - 1)
    pair = st.tuples(region, region).filter(lambda ends: ends[0] != ends[1])
    pairs = draw(st.lists(pair, min_size=1, max_size=4))
    span = st.integers(0, num_spans - 1)
    groups = draw(st.lists(st.lists(span, min_size=2, max_size=3, unique=True), max_size=3))
    group_sites = None
    if draw(st.booleans()):
        groups += [[i] for i in range(num_spans)]
        group_sites = draw(st.lists(st.lists(site, max_size=1), min_size=len(groups), max_size=len(groups)))
        groups.append([])
        group_sites.append(draw(st.lists(site, min_size=1, max_size=2, unique=True)))
    length = st.lists(st.integers(0, 6), min_size=num_spans, max_size=num_spans)
    return Problem(
        num_sites=num_sites,
        span_ends=ends,
        route_of_span=[min(i, num_routes - 1) for i in range(num_spans)],
        route_cost=draw(st.lists(st.integers(1, 6), min_size=num_routes, max_size=num_routes)),
        is_candidate=[i >= num_sites for i in range(num_routes)],
        groups=groups,
        group_sites=group_sites,
        terminals=terminals,
        required_cuts=draw(st.lists(st.sampled_from([0, 1, 1, 1, 1, 2]), min_size=num_regions, max_size=num_regions)),
        span_length_km=draw(length),
        is_cuttable=draw(st.lists(st.sampled_from([True] * 7 + [False]), min_size=num_spans, max_size=num_spans)),
        limited_pairs=pairs,
        limit_km=draw(st.lists(st.integers(1, 16), min_size=len(pairs), max_size=len(pairs))),
        detour_cuts=draw(st.sampled_from([0, 1, 1, 1])),
    )
