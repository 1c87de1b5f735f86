"""Rows that a choice of whole routes breaks, from the cut sets that separate its network."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from planner.optimise.detour_rows import DetourRowMaker
from planner.optimise.rows import Row, RowMaker
from planner.problem import BoolArray, FloatArray, IntArray, Rows
from planner.survival.active import ActiveGraph, to_active_graph
from planner.survival.cutsets import components, find_separating_sets, terminals_at_level

_MAX_CUT_SETS, _MOST_CUT_SETS = 400, 200_000


def find_violated_rows(maker: RowMaker, detours: DetourRowMaker, x: FloatArray) -> list[Row]:
    """Rows that the plan ``x`` (0 or 1 per route) breaks; none exactly when it meets every requirement.

    Per level, the separating sets of the smallest sizes are taken: their rows ask for the most. Detour limits are
    looked at once nothing separates.
    """
    graph = to_active_graph(maker.problem, np.flatnonzero(maker.problem.is_candidate & (x > 0.5)))
    rows: dict[Row, None] = {}
    for level, cut_set in _find_cut_sets(maker, graph):
        rows.update(dict.fromkeys(_rows_of(maker, graph, cut_set, level, x)))
    return list(rows) or detours.find_violated_rows(x)


def find_violating_cuts(maker: RowMaker, routes: IntArray) -> list[tuple[int, ...]]:
    """The cut sets that separate the network with the given routes, as cuts of `RowMaker.full`."""
    graph = to_active_graph(maker.problem, routes)
    return list(dict.fromkeys(maker.cover(graph, cut_set) for _, cut_set in _find_cut_sets(maker, graph)))


def _find_cut_sets(maker: RowMaker, graph: ActiveGraph) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Separating sets with the level they break."""
    problem = maker.problem
    for level in sorted({int(level) for level in problem.required_cuts if level >= 0}, reverse=True):
        for cut_set in few_separating_sets(graph, terminals_at_level(problem, level), level):
            yield level, cut_set


def few_separating_sets(graph: ActiveGraph, terminals: Rows, level: int) -> list[tuple[int, ...]]:
    """Separating sets of the smallest size that has any, at most some hundreds."""
    found: list[tuple[int, ...]] = []
    for size in range(level + 1):
        found = find_separating_sets(graph, terminals, size, limit=_MOST_CUT_SETS)
        if found:
            break
    step = max(1, len(found) // _MAX_CUT_SETS)
    return found[::step]


def _rows_of(maker: RowMaker, graph: ActiveGraph, cut_set: tuple[int, ...], level: int, x: FloatArray) -> Iterator[Row]:
    cuts = maker.cover(graph, cut_set)
    component = components(graph, cut_set)
    left = maker.full.taking(maker.fallen(cuts)).surviving(terminals_at_level(maker.problem, level))
    found = False
    for inside in sides(component, left):
        for row in maker.rows_for(inside, cuts, x):
            found = True
            yield row
    if not found:
        yield maker.bridging_row(component, cuts)


def sides(component: IntArray, terminals: Rows) -> Iterator[BoolArray]:
    """Site sets S, each the components that hold sites of one region."""
    num_components = int(component.max()) + 1
    pairs = np.unique(terminals.row_of_item * num_components + component[terminals.items])
    entry, touched = pairs // num_components, pairs % num_components
    is_alone = np.bincount(entry)[entry] == 1
    for inside in np.unique(touched[is_alone]).tolist():
        yield component == inside
    for several in dict.fromkeys(tuple(touched[entry == e].tolist()) for e in np.unique(entry[~is_alone])):
        yield np.isin(component, several)
