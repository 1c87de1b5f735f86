"""Rows for plans that need not hold every region: each says of which regions it speaks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from planner.optimise.protect import held_after, region_levels, with_levels
from planner.optimise.rows import Row, RowMaker
from planner.optimise.violated import few_separating_sets, sides
from planner.problem import BoolArray, FloatArray, IntArray, Problem
from planner.survival.active import ActiveGraph, to_active_graph
from planner.survival.cutsets import components, terminals_at_level
from planner.survival.isolation import RegionIndex

_MAX_REGIONS = 30


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A row of every plan that holds all of `regions` at their levels; of other plans it asks for nothing."""

    row: Row
    regions: tuple[int, ...]


def find_violated_held_rows(problem: Problem, x: FloatArray, is_held: BoolArray) -> list[HeldRow]:
    """Rows that the plan ``x`` (0 or 1 per route) breaks if it is to hold some regions; none exactly when it does.

    Parameters
    ----------
    problem
        The problem.
    x
        (n,) 1 for routes that are built.
    is_held
        (regions,) whether a region is to be held at the level it requires.
    """
    levels = np.where(is_held, region_levels(problem), -1)
    finder = _Finder(with_levels(problem, levels), x)
    rows: dict[HeldRow, None] = {}
    for level in sorted({int(level) for level in levels if level >= 0}, reverse=True):
        for cut_set in few_separating_sets(finder.graph, terminals_at_level(finder.problem, level), level):
            rows.update(dict.fromkeys(finder.rows_of(cut_set, level)))
    return list(rows)


def to_first_rows(problem: Problem) -> list[HeldRow]:
    """What must reach each site that is all that its region has."""
    maker = RowMaker(problem)
    rows: list[HeldRow] = []
    for sites in problem.terminals:
        inside = np.zeros(problem.num_sites, dtype=bool)
        inside[sites] = True
        row = maker.row(inside, ())
        if row is not None:
            rows += _to_held(maker, row, inside, ())
    return list(dict.fromkeys(rows))


class _Finder:
    """The rows of one choice of routes and regions."""

    def __init__(self, problem: Problem, x: FloatArray) -> None:
        self.problem = problem
        self.x = x
        self.maker = RowMaker(problem)
        self.index = RegionIndex(problem)
        self.graph: ActiveGraph = to_active_graph(problem, np.flatnonzero(problem.is_candidate & (x > 0.5)))

    def rows_of(self, cut_set: tuple[int, ...], level: int) -> Iterator[HeldRow]:
        """Rows that a separating set of the graph asks for."""
        cuts = self.maker.cover(self.graph, cut_set)
        component = components(self.graph, cut_set)
        left = self.maker.full.taking(self.maker.fallen(cuts)).surviving(terminals_at_level(self.problem, level))
        found = False
        for inside in sides(component, left):
            for row in self.maker.rows_for(inside, cuts, self.x):
                found = True
                yield from _to_held(self.maker, row, inside, cuts)
        if not found:
            yield HeldRow(self.maker.bridging_row(component, cuts), self._torn(cut_set, level))

    def _torn(self, cut_set: tuple[int, ...], level: int) -> tuple[int, ...]:
        """Regions of a level that no one component holds, and fewer would be held."""
        held = held_after(self.index, self.graph, cut_set)
        torn = np.flatnonzero(region_levels(self.problem) >= level).tolist()
        for region in reversed(_ranked(self.problem, torn)):
            rest = [other for other in torn if other != region]
            if not held[:, rest].all(axis=1).any():
                torn = rest
        return tuple(torn)


def _to_held(maker: RowMaker, row: Row, inside: BoolArray, cuts: Sequence[int]) -> Iterator[HeldRow]:
    """A row once per pair of regions that asks for it: the first in rank with each on the other side of S.

    A region with entries on both sides asks for it alone.
    """
    problem = maker.problem
    level = maker.level_across(inside, cuts)
    owes = problem.required_cuts >= level
    within, without = (_regions(problem, side & owes) for side in maker.entries_across(inside, cuts))
    for region in sorted(set(within) & set(without)):
        yield HeldRow(row, (region,))
    root = _ranked(problem, [*within, *without])[0]
    for region in _ranked(problem, without if root in within else within)[:_MAX_REGIONS]:
        if region != root:
            yield HeldRow(row, tuple(sorted((root, region))))


def _regions(problem: Problem, is_chosen: BoolArray) -> list[int]:
    found: list[int] = np.unique(problem.region_of[is_chosen]).tolist()
    return found


def _ranked(problem: Problem, regions: Sequence[int]) -> list[int]:
    """The highest level first, then the heaviest, then the first."""
    levels: IntArray = region_levels(problem)
    return sorted(regions, key=lambda region: (-levels[region], -problem.region_weight[region], region))
