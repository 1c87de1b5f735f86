"""Every minimal set of simultaneous cuts after which no component holds all regions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from planner.problem import BoolArray, IntArray, Problem, Rows
from planner.survival.active import ActiveGraph, to_active_graph
from planner.survival.parting import find_parting_sets

type CutSet = tuple[tuple[int, ...], ...]


def separating_cut_sets(
    problem: Problem, *, cuts: int, routes: Sequence[int] = (), level: int | None = None
) -> list[CutSet]:
    """Every minimal cut set of at most `cuts` cuts that separates regions.

    Parameters
    ----------
    problem
        The problem.
    cuts
        Largest number of simultaneous cuts.
    routes
        Indices of the candidate routes that are built.
    level
        Only the regions that require this level or more count; all of them unless given.

    Returns
    -------
    list of tuples of tuples of int
        Each cut set as sorted tuples of the spans that each cut severs; smaller sets first, then in order. A
        network that is separated while nothing is cut gives ``[()]``.

    Notes
    -----
    A set separates when no one component of what is left holds every region that counts. Cuts are the
    inclusion-maximal risk groups among existing and chosen spans. Labels find the sets (see `labels`); regions of
    several sites need care: a set may be a union of cuts that part sites harmlessly one by one, so harmless ones
    are failed first and the rest is searched with the cuts left. So are cuts that take sites.
    """
    graph = to_active_graph(problem, routes)
    terminals = terminals_at_level(problem, level)
    found = find_separating_sets(graph, terminals, cuts)
    return sorted((graph.name(cut_set) for cut_set in found), key=lambda cut_set: (len(cut_set), cut_set))


def terminals_at_level(problem: Problem, level: int | None) -> Rows:
    """The entries of `Problem.terminals` that require `level` or more; all of them for None."""
    if level is None:
        return problem.terminals
    return problem.terminals.select(np.flatnonzero(problem.required_cuts >= level))


def find_separating_sets(graph: ActiveGraph, terminals: Rows, max_size: int) -> list[tuple[int, ...]]:
    """Minimal separating sets of cut numbers of `graph`, in order of size.

    Parameters
    ----------
    graph
        Spans that stand and their cuts.
    terminals
        Per requirement its sites, any one of which suffices.
    max_size
        Largest number of cuts.
    """
    found: set[tuple[int, ...]] = set()
    _search(graph, terminals, max_size, (), found, set())
    return _minimal(found)


def _search(
    graph: ActiveGraph,
    terminals: Rows,
    max_size: int,
    failed: tuple[int, ...],
    found: set[tuple[int, ...]],
    seen: set[tuple[int, ...]],
) -> None:
    """Extend the cuts that `failed` already took out of `graph` by up to `max_size` more."""
    component = components(graph)
    left = graph.surviving(terminals)
    is_live = holds_all(component, left)
    if not is_live.any():
        found.add(failed)
        return
    if max_size == 0:
        return
    for cut in graph.falling_cuts.tolist():
        union = tuple(sorted((*failed, cut)))
        if cut not in failed and union not in seen:
            seen.add(union)
            _search(graph.without(cut), terminals, max_size - 1, union, found, seen)
    plain = graph.only_spans_fail() if len(graph.falling_cuts) else graph
    _search_spans(plain, left, component, is_live, max_size, failed, found, seen)


def _search_spans(
    graph: ActiveGraph,
    terminals: Rows,
    component: IntArray,
    is_live: BoolArray,
    max_size: int,
    failed: tuple[int, ...],
    found: set[tuple[int, ...]],
    seen: set[tuple[int, ...]],
) -> None:
    """Extend `failed` by cuts that take no site."""
    live_site = is_live[component]
    matters = np.zeros(graph.num_sites, dtype=bool)
    matters[terminals.items] = live_site[terminals.items]
    num_live = np.bincount(terminals.row_of_item, weights=matters[terminals.items])
    every_parting_separates = bool((num_live == 1).all())
    for sets in find_parting_sets(graph, matters, max_size):
        for cut_set in sets.tolist():
            union = tuple(sorted((*failed, *cut_set)))
            if every_parting_separates:
                found.add(union)
            elif union not in seen:
                seen.add(union)
                rest = graph
                for cut in cut_set:
                    rest = rest.without(cut)
                _search(rest, terminals, max_size - len(cut_set), union, found, seen)


def _minimal(found: Iterable[tuple[int, ...]]) -> list[tuple[int, ...]]:
    minimal: set[tuple[int, ...]] = set()
    for cut_set in sorted(found, key=lambda cut_set: (len(cut_set), cut_set)):
        if not any(part in minimal for part in _proper_subsets(cut_set)):
            minimal.add(cut_set)
    return sorted(minimal, key=lambda cut_set: (len(cut_set), cut_set))


def _proper_subsets(cut_set: tuple[int, ...]) -> Iterable[tuple[int, ...]]:
    for mask in range((1 << len(cut_set)) - 1):
        yield tuple(cut for position, cut in enumerate(cut_set) if mask >> position & 1)


def components(graph: ActiveGraph, cut_set: Sequence[int] = ()) -> IntArray:
    """(num_sites,) the component of each site after the given cuts."""
    for cut in cut_set:
        graph = graph.without(cut)
    ones = np.ones(len(graph.ends), dtype=np.int8)
    shape = (graph.num_sites, graph.num_sites)
    matrix = sparse.csr_matrix((ones, (graph.ends[:, 0], graph.ends[:, 1])), shape=shape)
    component: IntArray = csgraph.connected_components(matrix, directed=False)[1].astype(np.int64)
    return component


def holds_all(component: IntArray, terminals: Rows) -> BoolArray:
    """Per component, whether it holds at least one site of every entry."""
    num_components = int(component.max(initial=-1)) + 1
    held = np.unique(component[terminals.items] * len(terminals) + terminals.row_of_item)
    is_live: BoolArray = np.bincount(held // max(1, len(terminals)), minlength=num_components) == len(terminals)
    return is_live
