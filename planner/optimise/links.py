"""The spans of a problem as links that are joined up and thinned out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from planner.problem import FloatArray, IntArray, Problem
from planner.survival.active import to_active_graph
from planner.survival.inseparable import find_inseparable

_MAX_WORK = 100_000  # flows times spans: a count, not a clock


@dataclass(frozen=True, slots=True)
class Link:
    """One span, or several in series.

    Parameters
    ----------
    ends
        Its two sites, ascending.
    route
        What is bought together has one.
    members
        The candidate routes that it takes; none where it exists.
    groups
        The risk groups that sever it.
    is_cuttable
        Whether any cut severs it.
    is_alone
        Whether it may be joined and dropped: no other link has its route, and no plan has to have it.
    weights
        What its members weigh, objective by objective.
    most
        The same with every trench that they need.
    """

    ends: tuple[int, int]
    route: tuple[int, ...]
    members: tuple[int, ...]
    groups: frozenset[int]
    is_cuttable: bool
    is_alone: bool
    weights: tuple[float, ...]
    most: tuple[float, ...]


class Links:
    """The links that are left of a problem, between classes of sites that no cuts of what exists part.

    Parameters
    ----------
    problem
        The problem, of which no sites fall.
    weights
        (n,) each, the objectives.
    """

    def __init__(self, problem: Problem, weights: Sequence[FloatArray]) -> None:
        self.stand_in = _find_stand_ins(problem)
        owing = problem.terminals.items[problem.required_cuts[problem.terminals.row_of_item] >= 0]
        self._owing = set(self.stand_in[owing].tolist())
        self._enough = problem.max_cuts + 1
        self._links = dict(enumerate(_to_links(problem, weights, self.stand_in)))
        self._at: dict[int, set[int]] = {}
        for number, link in self._links.items():
            for site in link.ends:
                self._at.setdefault(site, set()).add(number)

    @property
    def left(self) -> list[Link]:
        """What is left, by ends and routes."""
        return sorted(self._links.values(), key=lambda link: (link.ends, link.route))

    def join_up(self) -> bool:
        """Drop dead ends and loops, and join links in series; return whether anything changed."""
        loops = [number for number, link in self._links.items() if link.ends[0] == link.ends[1] and link.is_alone]
        for number in loops:
            self._drop(number)
        changed = bool(loops)
        waiting = sorted(self._at)
        while waiting:
            site = waiting.pop()
            beside = self._join_at(site)
            waiting += beside
            changed = changed or bool(beside)
        return changed

    def _join_at(self, site: int) -> list[int]:
        """The sites beside a site that was taken out; none where it stays."""
        numbers = sorted(self._at.get(site, ()))
        links = [self._links[number] for number in numbers]
        if site in self._owing or len(links) not in (1, 2) or not all(link.is_alone for link in links):
            return []
        far = sorted(end for link in links for end in link.ends if end != site)
        if len(far) != len(links):  # a loop
            return []
        for number in numbers:
            self._drop(number)
        if len(links) == 2 and far[0] != far[1]:
            self._add(_join(links[0], links[1], (far[0], far[1])), numbers[0])
        return far

    def thin_out(self) -> bool:
        """Drop candidates that others stand in for; return whether anything changed."""
        beside: dict[tuple[int, int], list[int]] = {}
        sizes: dict[int, int] = {}
        for number, link in self._links.items():
            if link.is_alone:
                beside.setdefault(link.ends, []).append(number)
            for group in link.groups:
                sizes[group] = sizes.get(group, 0) + 1
        needless = [
            number
            for numbers in beside.values()
            for number in (self._find_needless(sorted(numbers), sizes) if len(numbers) > 1 else ())
        ]
        for number in needless:
            self._drop(number)
        return bool(needless)

    def _find_needless(self, numbers: Sequence[int], sizes: dict[int, int]) -> Iterable[int]:
        """Of links between the same ends those that enough others, all of which stay, stand in for."""
        links = [self._links[number] for number in numbers]
        shared = [frozenset(group for group in link.groups if sizes[group] > 1) for link in links]
        order = sorted(range(len(links)), key=lambda row: (links[row].weights, len(shared[row]), links[row].route))
        stay: list[int] = []
        for row in order:
            link = links[row]
            worth = sum(
                1 if links[other].is_cuttable else self._enough
                for other in stay
                if shared[other] <= shared[row]
                and (link.is_cuttable or not links[other].is_cuttable)
                and all(theirs <= ours for theirs, ours in zip(links[other].most, link.weights, strict=True))
            )
            if link.members and worth >= self._enough:
                yield numbers[row]
            else:
                stay.append(row)

    def _add(self, link: Link, number: int) -> None:
        self._links[number] = link
        for site in link.ends:
            self._at[site].add(number)

    def _drop(self, number: int) -> None:
        for site in self._links.pop(number).ends:
            self._at[site].discard(number)


def _find_stand_ins(problem: Problem) -> IntArray:
    """(num_sites,) for each site one of its class: sites that no cuts part while only what exists stands."""
    stand_in = np.arange(problem.num_sites)
    if problem.max_cuts < 0:
        return stand_in
    graph = to_active_graph(problem, ())
    for first, site in find_inseparable(graph, problem.max_cuts, _MAX_WORK // max(1, len(graph.ends))).tolist():
        stand_in[site] = first
    return stand_in


def _to_links(problem: Problem, weights: Sequence[FloatArray], stand_in: IntArray) -> list[Link]:
    groups: list[list[int]] = [[] for _ in range(problem.num_spans)]
    for group, span in zip(problem.groups.row_of_item.tolist(), problem.groups.items.tolist(), strict=True):
        groups[span].append(group)
    num_spans = np.bincount(problem.route_of_span, minlength=problem.num_routes)
    most = [column + _sum_trenches(problem, column) for column in weights]
    links = []
    span_ends = stand_in[problem.span_ends].tolist()
    for span, (route, ends) in enumerate(zip(problem.route_of_span.tolist(), span_ends, strict=True)):
        is_new = bool(problem.is_candidate[route])
        if problem.is_forbidden[route]:
            continue
        links.append(
            Link(
                ends=(min(ends), max(ends)),
                route=(route,) if is_new else (route, span),
                members=(route,) if is_new else (),
                groups=frozenset(groups[span] if problem.is_cuttable[span] else ()),
                is_cuttable=bool(problem.is_cuttable[span]),
                is_alone=not is_new or (num_spans[route] == 1 and not problem.is_required[route]),
                weights=tuple(float(column[route]) if is_new else 0.0 for column in weights),
                most=tuple(float(column[route]) if is_new else 0.0 for column in most),
            )
        )
    return links


def _sum_trenches(problem: Problem, weights: FloatArray) -> FloatArray:
    """(n,) what the trenches that each route needs weigh."""
    route, trench = problem.needs.T
    total: FloatArray = np.bincount(route, weights[trench], minlength=problem.num_routes)
    return total


def _join(one: Link, other: Link, ends: tuple[int, int]) -> Link:
    return Link(
        ends=ends,
        route=tuple(sorted((*one.route, *other.route))),
        members=tuple(sorted((*one.members, *other.members))),
        groups=one.groups | other.groups,
        is_cuttable=one.is_cuttable or other.is_cuttable,
        is_alone=True,
        weights=tuple(a + b for a, b in zip(one.weights, other.weights, strict=True)),
        most=tuple(a + b for a, b in zip(one.most, other.most, strict=True)),
    )
