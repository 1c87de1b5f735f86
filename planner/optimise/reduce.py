"""Smaller problems with the same best plans: no dead ends, ways in series as one, no needless parallels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from planner.optimise.links import Links
from planner.optimise.rows import Row
from planner.problem import FloatArray, Problem, Rows


@dataclass(frozen=True, slots=True, eq=False)
class Reduced:
    """A smaller problem, and what its routes are made of.

    Parameters
    ----------
    problem
        Its sites, spans and routes are numbered anew.
    members
        Per route of `problem` the candidates of the larger one that are built together; none for existing ones.
    is_whole
        Whether every plan of the larger problem, without what it can do without, is one of `problem`.
    """

    problem: Problem
    members: Rows
    is_whole: bool

    def sum_up(self, weights: FloatArray) -> FloatArray:
        """(routes of `problem`,) what they weigh, of weights per route of the larger problem."""
        total: FloatArray = np.bincount(
            self.members.row_of_item, weights[self.members.items], minlength=len(self.members)
        )
        return total

    def expand_rows(self, rows: Iterable[Row]) -> tuple[Row, ...]:
        """Rows of the larger problem, where they hold for all of its plans; none where they need not."""
        if not self.is_whole:
            return ()
        # what is built together is built whole or to no use: one member stands for all
        first = [int(members[0]) if len(members) else -1 for members in self.members]
        return tuple(_rename(row, first) for row in rows)

    def expand(self, routes: Iterable[int]) -> tuple[int, ...]:
        """Routes of the larger problem, ascending."""
        return tuple(sorted(int(member) for route in routes for member in self.members[route]))


def reduce(problem: Problem, weights: Iterable[FloatArray]) -> Reduced:
    """Leave out what no best plan needs, join what best plans build together, and sites that no cuts part.

    Parameters
    ----------
    problem
        The problem. It stays as it is where ways are limited, and where sites fall: perhaps in the middle of a way.
    weights
        (n,) each, the objectives in order of importance.

    Returns
    -------
    Reduced
        Every best plan of the smaller problem, expanded, is a best plan of `problem`.

    Notes
    -----
    Sites that no cuts of what exists part are one, and candidates inside such a class vanish. A site that owes nothing
    and has one span is a dead end; with two, nobody builds one without the other, and what severs either severs both.
    A candidate vanishes where others between the same ends, none dearer and none with a shared risk that it has not,
    are so many that no cuts sever them all and spare it. Forbidden candidates vanish, and only spans that are bought
    alone, and are not required, are joined and dropped.
    """
    if problem.group_sites is not None or len(problem.limit_km):
        members = Rows.of([[route] if new else [] for route, new in enumerate(problem.is_candidate)])
        return Reduced(problem, members, is_whole=True)
    links = Links(problem, list(weights))
    is_whole = not problem.is_forbidden.any()
    while True:
        joined, thinned = links.join_up(), links.thin_out()
        is_whole = is_whole and not thinned
        if not (joined or thinned):
            return _to_reduced(problem, links, is_whole=is_whole)


def _rename(row: Row, names: Sequence[int]) -> Row:
    terms = sorted(zip((names[route] for route in row.routes), row.coefficients, strict=True))
    return Row(tuple(route for route, _ in terms), tuple(coefficient for _, coefficient in terms), row.at_least)


def _to_reduced(problem: Problem, found: Links, *, is_whole: bool) -> Reduced:
    links, terminals = found.left, found.stand_in[problem.terminals.items].tolist()
    kept = sorted({link.ends[i] for link in links for i in (0, 1)} | set(terminals))
    number = {site: row for row, site in enumerate(kept)}
    routes: dict[object, int] = {}
    members: list[tuple[int, ...]] = []
    for link in links:
        if link.route not in routes:
            routes[link.route] = len(members)
            members.append(link.members)
    is_route = problem.is_required & ~problem.is_trench
    without_span = np.setdiff1d(np.flatnonzero(is_route), problem.route_of_span)
    members += [(route,) for route in without_span.tolist()]
    needs = _add_trenches(problem, members)
    route_of_span = [routes[link.route] for link in links]
    pairs = [(group, span) for span, link in enumerate(links) for group in link.groups]
    group, span = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    rows = Rows.of(members)
    made = Reduced(problem, rows, is_whole)
    smaller = Problem(
        num_sites=len(kept),
        span_ends=[(number[a], number[b]) for a, b in (link.ends for link in links)],
        route_of_span=route_of_span,
        route_cost=made.sum_up(problem.route_cost),
        is_candidate=rows.sizes > 0,
        groups=Rows.group(group, span, len(problem.groups)),
        terminals=Rows.group(
            problem.terminals.row_of_item, np.array([number[site] for site in terminals]), len(problem.terminals)
        ),
        required_cuts=problem.required_cuts,
        route_length_km=made.sum_up(problem.route_length_km),
        is_cuttable=[link.is_cuttable for link in links],
        region_of=problem.region_of,
        region_weight=problem.region_weight,
        is_required=[bool(problem.is_required[list(row)].any()) for row in members],
        needs=needs,
    )
    return replace(made, problem=smaller)


def _add_trenches(problem: Problem, members: list[tuple[int, ...]]) -> list[tuple[int, int]]:
    """Add the trenches of what is left to its members; return who needs which, numbered anew."""
    row_of = {route: row for row, routes in enumerate(members) for route in routes}
    pairs = sorted({(trench, row_of[route]) for route, trench in problem.needs.tolist() if route in row_of})
    trenches = sorted({trench for trench, _ in pairs})
    number = {trench: len(members) + row for row, trench in enumerate(trenches)}
    members += [(trench,) for trench in trenches]
    return [(row, number[trench]) for trench, row in pairs]
