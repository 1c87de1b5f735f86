"""The definitions of cuts, survival and plans, taken literally: every subset is tried. For a dozen spans."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

import numpy as np

from planner.problem import Problem

Cut = tuple[tuple[int, ...], tuple[int, ...]]  # spans severed, sites that fall


def maximal_cuts(problem: Problem, routes: Sequence[int]) -> list[Cut]:
    standing = problem.active_spans(routes).tolist()
    cuttable = {span for span in standing if problem.is_cuttable[span]}
    if problem.group_sites is None:
        families = [(frozenset(group.tolist()) & cuttable, frozenset()) for group in problem.groups]
        families += [(frozenset([span]), frozenset()) for span in cuttable]
    else:
        families = []
        for group, sites in zip(problem.groups, problem.group_sites, strict=True):
            taken = frozenset(sites.tolist())
            at_sites = {span for span in standing if taken.intersection(problem.span_ends[span].tolist())}
            families.append(((frozenset(group.tolist()) & cuttable) | at_sites, taken))
    cuts = {
        (tuple(sorted(spans)), tuple(sorted(sites)))
        for spans, sites in families
        if (spans or sites) and not any(spans < more and sites == same for more, same in families)
    }
    return sorted(cuts)


def component_of_sites(problem: Problem, spans: Iterable[int]) -> list[int]:
    root = list(range(problem.num_sites))

    def find(site: int) -> int:
        while root[site] != site:
            site = root[site]
        return site

    for span in spans:
        a, b = (find(int(site)) for site in problem.span_ends[span])
        root[max(a, b)] = min(a, b)
    return [find(site) for site in range(problem.num_sites)]


def after(problem: Problem, cuts: Iterable[Cut], routes: Sequence[int]) -> tuple[list[int], set[int]]:
    """The component of each site, and the sites that fell."""
    cuts = list(cuts)
    dead = {span for spans, _ in cuts for span in spans}
    left = [span for span in problem.active_spans(routes).tolist() if span not in dead]
    return component_of_sites(problem, left), {site for _, sites in cuts for site in sites}


def separates(problem: Problem, cuts: Iterable[Cut], routes: Sequence[int], level: int | None) -> bool:
    component, fallen = after(problem, cuts, routes)
    entries = [
        {component[site] for site in sites.tolist() if site not in fallen}
        for sites, owed in zip(problem.terminals, problem.required_cuts, strict=True)
        if level is None or owed >= level
    ]
    entries = [entry for entry in entries if entry]
    return not any(all(c in entry for entry in entries) for c in set(component))


def separating(
    problem: Problem, cuts: int, routes: Sequence[int] = (), level: int | None = None
) -> list[tuple[Cut, ...]]:
    family = maximal_cuts(problem, routes)
    found: list[tuple[Cut, ...]] = []
    for size in range(cuts + 1):
        for chosen in combinations(family, size):
            holds_smaller = any(set(smaller) <= set(chosen) for smaller in found)
            if not holds_smaller and separates(problem, chosen, routes, level):
                found.append(chosen)
    return found


def separating_cut_sets(
    problem: Problem, cuts: int, routes: Sequence[int] = (), level: int | None = None
) -> list[tuple[tuple[int, ...], ...]]:
    """Each cut as the spans it severs, as the API gives them."""
    found = [tuple(sorted(spans for spans, _ in chosen)) for chosen in separating(problem, cuts, routes, level)]
    return sorted(found, key=lambda cut_set: (len(cut_set), cut_set))


def is_met(problem: Problem, routes: Sequence[int]) -> bool:
    levels = sorted({int(level) for level in problem.required_cuts if level >= 0})
    return not any(separating(problem, level, routes, level) for level in levels) and not long_ways(problem, routes)


def way_km(problem: Problem, spans: Iterable[int], starts: Iterable[int], ends: Iterable[int]) -> float:
    """Length of the shortest way from any start to any end (Bellman and Ford)."""
    spans = list(spans)
    length = [0.0 if site in set(starts) else float("inf") for site in range(problem.num_sites)]
    for _ in range(problem.num_sites):
        for span in spans:
            a, b = problem.span_ends[span].tolist()
            longer = float(problem.span_length_km[span])
            length[a], length[b] = min(length[a], length[b] + longer), min(length[b], length[a] + longer)
    return min(length[site] for site in ends)


def ways_after(problem: Problem, pair: int, routes: Sequence[int], cuts: int) -> dict[tuple[Cut, ...], float]:
    """Length of the way between a limited pair after every cut set of so many cuts; 0 where a region is gone."""
    standing = problem.active_spans(routes).tolist()
    ways = {}
    for chosen in combinations(maximal_cuts(problem, routes), cuts):
        fallen = {site for _, sites in chosen for site in sites}
        dead = {span for spans, _ in chosen for span in spans}
        a, b = (
            {
                int(site)
                for sites, region in zip(problem.terminals, problem.region_of, strict=True)
                for site in sites
                if region == end and site not in fallen
            }
            for end in problem.limited_pairs[pair]
        )
        left = [span for span in standing if span not in dead]
        ways[chosen] = way_km(problem, left, a, b) if a and b else 0.0
    return ways


def long_ways(problem: Problem, routes: Sequence[int]) -> list[tuple[int, tuple[Cut, ...], float]]:
    """Every limited pair and cut set of at most one cut after which its way is too long, and how long."""
    return [
        (pair, cuts, length)
        for pair, level in enumerate(problem.levels_of_pairs.tolist())
        for size in range(level + 1)
        for cuts, length in ways_after(problem, pair, routes, size).items()
        if length > problem.limit_km[pair] + 1e-9
    ]


def best_values(problem: Problem, minimise: Sequence[str]) -> tuple[float, ...] | None:
    """The lexicographically smallest objective values over every subset of candidates; None where none suffices."""
    best = None
    for routes in choices(problem):
        value = values(problem, minimise, routes)
        if (best is None or value < best) and is_met(problem, routes):
            best = value
    return best


def best_of(problem: Problem, weights: Sequence[np.ndarray]) -> tuple[tuple[float, ...], tuple[int, ...]] | None:
    """The lexicographically smallest sums of weights, and a plan that has them."""
    best = None
    for routes in choices(problem):
        values = tuple(float(column[list(routes)].sum()) for column in weights)
        if (best is None or values < best[0]) and is_met(problem, routes):
            best = values, routes
    return best


def choices(problem: Problem) -> Iterator[tuple[int, ...]]:
    """Every choice of candidates, trenches aside, with those that are required and without those that are forbidden."""
    required = np.flatnonzero(problem.is_required).tolist()
    may_be = problem.is_candidate & ~problem.is_required & ~problem.is_forbidden
    free = np.flatnonzero(may_be & ~np.isin(np.arange(problem.num_routes), problem.needs[:, 1])).tolist()
    for size in range(len(free) + 1):
        for routes in combinations(free, size):
            yield tuple(sorted([*required, *routes]))


def isolated_regions(problem: Problem, cuts: Iterable[Cut], routes: Sequence[int]) -> set[int]:
    """Regions outside the main component: the most region weight, then the most sites left, then the lowest site."""
    component, fallen = after(problem, cuts, routes)
    entries: dict[int, list[list[int]]] = {}
    for sites, region in zip(problem.terminals, problem.region_of.tolist(), strict=True):
        left = [site for site in sites.tolist() if site not in fallen]
        if left:
            entries.setdefault(region, []).append(left)
    held = {
        c: {r for r in entries if all(any(component[site] == c for site in entry) for entry in entries[r])}
        for c in set(component)
    }
    size = {c: sum(at == c and site not in fallen for site, at in enumerate(component)) for c in held}
    main = max(
        held,
        key=lambda c: (sum(problem.region_weight[r] for r in held[c]), size[c], -component.index(c)),
    )
    return set(entries) - held[main]


def endurance(problem: Problem, routes: Sequence[int], max_cuts: int) -> list[int]:
    """Per region the number of cuts it survives, at most `max_cuts`."""
    survives = [max_cuts] * len(problem.region_weight)
    for size in range(max_cuts, -1, -1):
        for cuts in combinations(maximal_cuts(problem, routes), size):
            for region in isolated_regions(problem, cuts, routes):
                survives[region] = size - 1
    return survives


def optimal_choices(problem: Problem, minimise: Sequence[str]) -> set[tuple[int, ...]]:
    """Every choice of candidates that is as good as any."""
    best = best_values(problem, minimise)
    return {
        routes
        for routes in choices(problem)
        if best is not None and values(problem, minimise, routes) == best and is_met(problem, routes)
    }


def values(problem: Problem, minimise: Sequence[str], routes: Sequence[int]) -> tuple[float, ...]:
    dug = sorted({trench for route, trench in problem.needs.tolist() if route in routes})
    columns = {"cost": problem.route_cost, "length": problem.route_length_km}
    return tuple(float(len(routes) if key == "routes" else columns[key][[*routes, *dug]].sum()) for key in minimise)


def worst_weight(problem: Problem, cuts: int, routes: Sequence[int] = ()) -> float:
    """The most region weight that so many cuts or fewer isolate."""
    family = maximal_cuts(problem, routes)
    return max(isolated_weight(problem, chosen, routes) for n in range(cuts + 1) for chosen in combinations(family, n))


def isolated_weight(problem: Problem, cuts: Iterable[Cut], routes: Sequence[int] = ()) -> float:
    return float(sum(problem.region_weight[region] for region in isolated_regions(problem, cuts, routes)))
