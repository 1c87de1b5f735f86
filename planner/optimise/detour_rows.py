"""Rows of detour limits: of the candidates that could make a way short enough, one must be built."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from planner.optimise.lifting import Lifting
from planner.optimise.rows import Row, RowMaker
from planner.problem import FloatArray, IntArray
from planner.survival.active import ActiveGraph, to_active_graph
from planner.survival.long_ways import NOTHING_CUT, LongWays, find_long_ways

_MAX_ROWS = 400
_MAX_TRIED = 400
_MAX_PAIRS_OF_CUT = 10
_PATIENCE, _LITTLE = 6, 1e-3  # calls, and the relative growth over them
_THRESHOLDS = (0.5, 0.25, 0.75, 0.999)


class DetourRowMaker:
    """Makes the rows that every plan within the limits meets.

    Where the way between two regions is too long after a cut although the routes S are built, a plan that keeps the
    limit builds a route outside S. S is made as large as possible first: the row is then as short as it can be.

    Parameters
    ----------
    maker
        Numbers the cuts; its problem has the limits.
    """

    def __init__(self, maker: RowMaker) -> None:
        self.maker = maker
        self.problem = maker.problem
        self.is_needed = bool((self.problem.levels_of_pairs >= 0).any())
        self._bounds: list[float] = []
        # the least direct routes first, and the cheapest first: two rows that differ
        self._orders = (np.zeros(self.problem.num_routes), self.problem.route_cost)
        self._lifting = Lifting(self.problem) if self.is_needed else None

    def find_violated_rows(self, x: FloatArray) -> list[Row]:
        """Rows that a plan ``x`` (0 or 1 per route) breaks; none exactly when it keeps every limit."""
        return list(dict.fromkeys(self._rows(x, 0.5, _MAX_ROWS)))

    def find_fractional_rows(self, x: FloatArray, bound: float) -> list[Row]:
        """Rows that a fractional point breaks, sought around the routes that it builds more than a threshold of.

        Parameters
        ----------
        x
            A value per route.
        bound
            What the point is worth. Where that has hardly grown for some calls, nothing more is sought.
        """
        if not self.is_needed or self._has_stalled(bound):
            return []
        for threshold in _THRESHOLDS:
            rows = list(dict.fromkeys(self._rows(x, threshold, _MAX_TRIED)))
            if rows:
                return rows
        return []

    def _has_stalled(self, bound: float) -> bool:
        self._bounds = [*(earlier for earlier in self._bounds if earlier <= bound), bound][-_PATIENCE:]
        return len(self._bounds) == _PATIENCE and bound - self._bounds[0] <= _LITTLE * abs(bound)

    def _rows(self, x: FloatArray, threshold: float, max_tried: int) -> Iterator[Row]:
        if self._lifting is None:
            return
        # no row names a trench: what lies in it does
        routes = np.flatnonzero(self.problem.is_candidate & ((x > threshold) | self.problem.is_trench))
        graph = to_active_graph(self.problem, routes)
        num_tried = 0
        for ways in find_long_ways(self.problem, graph):
            cuts = self._to_cuts(graph, ways)
            for pair in _spread(ways.pairs, _MAX_PAIRS_OF_CUT):
                yield from self._lifting.to_rows(
                    int(pair), self._closed(cuts), self._fallen(cuts), routes, x, self._orders
                )
                num_tried += 1
            if num_tried >= max_tried:
                return

    def _to_cuts(self, graph: ActiveGraph, ways: LongWays) -> tuple[int, ...]:
        return () if ways.cut == NOTHING_CUT else self.maker.cover(graph, (ways.cut,))

    def _closed(self, cuts: tuple[int, ...]) -> IntArray:
        return np.flatnonzero(self.maker.severed(cuts))

    def _fallen(self, cuts: tuple[int, ...]) -> IntArray:
        return np.flatnonzero(self.maker.fallen(cuts))


def _spread(items: IntArray, num: int) -> IntArray:
    """At most so many of the items, evenly spread."""
    if len(items) <= num:
        return items
    return items[np.linspace(0, len(items) - 1, num).astype(np.int64)]
