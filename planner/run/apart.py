"""A problem with some pairs of spans no longer severed together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, combinations, islice, pairwise

import networkx as nx
import numpy as np

from planner.problem import Problem, Rows

type Pair = tuple[int, int]

MAX_PARTS = 1000


def put_apart(problem: Problem, pairs: Iterable[Pair]) -> Problem:
    """Let no cut sever both spans of any of these pairs.

    Parameters
    ----------
    problem
        The problem.
    pairs
        Spans, the lower first.

    Returns
    -------
    Problem
        Every group that holds a pair is replaced by its largest parts that hold none. All other groups stay, so that
        each plan for `problem` is one for this problem too. A group with more than `MAX_PARTS` parts stays whole,
        which is on the safe side.
    """
    partners: dict[int, set[int]] = {}
    for one, other in pairs:
        partners.setdefault(one, set()).add(other)
    sites = None if problem.group_sites is None else _to_lists(problem.group_sites)
    parts: dict[tuple[tuple[int, ...], tuple[int, ...]], None] = {}
    for row, group in enumerate(_to_lists(problem.groups)):
        fallen = () if sites is None else sites[row]
        parts.update(dict.fromkeys((part, fallen) for part in _to_parts(group, partners)))
    return replace(
        problem,
        groups=_to_rows([spans for spans, _ in parts]),
        group_sites=None if sites is None else _to_rows([fallen for _, fallen in parts]),
    )


def _to_lists(rows: Rows) -> list[tuple[int, ...]]:
    items, starts = rows.items.tolist(), rows.starts.tolist()
    return [tuple(items[start:end]) for start, end in pairwise(starts)]


def _to_rows(lists: list[tuple[int, ...]]) -> Rows:
    """Rows whose items are sorted already."""
    starts = np.zeros(len(lists) + 1, dtype=np.int64)
    np.cumsum([len(one) for one in lists], out=starts[1:])
    return Rows(starts, np.fromiter(chain.from_iterable(lists), dtype=np.int64, count=int(starts[-1])))


def _to_parts(group: tuple[int, ...], partners: dict[int, set[int]]) -> list[tuple[int, ...]]:
    """The largest parts of a group that hold no pair."""
    held = [(one, other) for one in group if one in partners for other in sorted(partners[one] & set(group))]
    if not held:
        return [group]
    parts = list(islice(_find_parts(group, held), MAX_PARTS + 1))
    return sorted(parts) if len(parts) <= MAX_PARTS else [group]


def _find_parts(group: tuple[int, ...], held: list[Pair]) -> Iterator[tuple[int, ...]]:
    involved = sorted({span for pair in held for span in pair})
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(involved)
    graph.add_edges_from(sorted(set(combinations(involved, 2)) - set(held)))
    rest = set(group) - set(involved)
    for clique in nx.find_cliques(graph):
        yield tuple(sorted(rest | set(clique)))
