"""Rows that a fractional point breaks, from minimum cuts between regions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from planner.optimise.local_cuts import LocalCuts
from planner.optimise.rows import Row, RowMaker
from planner.problem import BoolArray, FloatArray, Problem

_TOLERANCE = 1e-4
_NESTED_CUTS = 4
_ALL_PAIRS_UP_TO = 40
_MAX_FALLING_CUTS = 2000


class FractionalSeparator:
    """Cuts in the network with existing spans at capacity one and candidates at their value in the relaxation.

    For a set of cuts H, the spans it severs have no capacity, and the cut between two regions that owe level j must
    carry at least ``j + 1 - |H|``. The pool of H starts with the empty set and takes in those that integer rounds
    bring up.

    Parameters
    ----------
    maker
        Makes rows from sides of cuts.
    """

    def __init__(self, maker: RowMaker) -> None:
        self.maker = maker
        self.pool: dict[tuple[int, ...], None] = {(): None}
        problem = maker.problem
        if maker.sites_fall and problem.max_cuts > 0:
            self.pool.update(((int(cut),), None) for cut in maker.full.falling_cuts[:_MAX_FALLING_CUTS])
        is_simple = bool((problem.terminals.sizes == 1).all())
        self._cuts: _RootedCuts | _PairwiseCuts = _RootedCuts(problem) if is_simple else _PairwiseCuts(problem)

    def add_cuts(self, rows: Sequence[Row]) -> None:
        """Take the cuts that rows were made with into the pool."""
        self.pool.update(dict.fromkeys(row.cuts for row in rows))

    def find_violated_rows(self, x: FloatArray) -> list[Row]:
        """Rows that ``x`` (a value per route) breaks. The first H of the pool that yields some ends the search."""
        for cuts in self.pool:
            rows = list(dict.fromkeys(self._rows_for_cuts(x, cuts)))
            if rows:
                return rows
        return []

    def _rows_for_cuts(self, x: FloatArray, cuts: tuple[int, ...]) -> Iterator[Row]:
        problem = self.maker.problem
        hard = float(problem.max_cuts + 1)  # no cut severs a hardened span: it carries all that can be needed
        capacity = np.where(self.maker.is_candidate_span, x[problem.route_of_span], 1.0)
        capacity = np.where(problem.is_cuttable, capacity, hard * capacity)
        capacity[self.maker.severed(cuts)] = 0.0
        for inside in self._cuts.find(capacity, self._demand(cuts), self.maker.fallen(cuts)):
            mask = np.zeros(problem.num_sites, dtype=bool)
            mask[inside] = True
            row = self.maker.row(mask, cuts)
            if row is not None and row.is_violated(x, _TOLERANCE):
                self._raise(capacity, row)
                yield row

    def _demand(self, cuts: tuple[int, ...]) -> Callable[[int], float]:
        """Level to what a cut must carry after the given ones."""
        if self.maker.sites_fall:
            return lambda level: float(level >= len(cuts))
        return lambda level: float(level + 1 - len(cuts))

    def _raise(self, capacity: FloatArray, row: Row) -> None:
        """Fill the cut of a row, so that the next one is found elsewhere."""
        spans = np.flatnonzero(np.isin(self.maker.problem.route_of_span, row.routes))
        capacity[spans] = np.maximum(capacity[spans], 1.0)


class _RootedCuts:
    """One site per requirement: the site of the highest level is the root, and all others must reach it."""

    def __init__(self, problem: Problem) -> None:
        self._levels: dict[int, int] = {}
        for sites, level in zip(problem.terminals, problem.required_cuts.tolist(), strict=True):
            site = int(sites[0])
            self._levels[site] = max(level, self._levels.get(site, -1))
        degree = np.bincount(problem.span_ends.ravel(), minlength=problem.num_sites)
        owing = [site for site, level in self._levels.items() if level >= 0]
        owing.sort(key=lambda site: (-self._levels[site], -degree[site], site))
        self._local = LocalCuts(problem)
        if owing:
            order = {site: rank for rank, site in enumerate(self._local.by_distance(owing[0]))}
            owing.sort(key=lambda site: (-self._levels[site], order.get(site, len(order)), site))
        self._sites = owing

    def find(self, capacity: FloatArray, demand: Callable[[int], float], fallen: BoolArray) -> Iterator[list[int]]:
        """Sides of cuts that carry less than is demanded of the level of the sites they part from the root."""
        sites = [site for site in self._sites if not fallen[site]]
        if len(sites) > 1:
            yield from self._local.find(capacity, sites[0], sites, [demand(self._levels[site]) for site in sites])


class _PairwiseCuts:
    """Several sites per requirement: minimum cuts between the merged sites of two requirements."""

    def __init__(self, problem: Problem) -> None:
        self._sites = [sites.tolist() for sites in problem.terminals]
        self._pairs = list(_pairs(problem))
        self._local = LocalCuts(problem)

    def find(self, capacity: FloatArray, demand: Callable[[int], float], fallen: BoolArray) -> Iterator[list[int]]:
        """As for one site; `capacity` may be raised between two answers."""
        left = [[site for site in sites if not fallen[site]] for sites in self._sites]
        for first, second, level in self._pairs:
            for _ in range(_NESTED_CUTS if left[first] and left[second] else 0):
                inside = self._local.find_between(capacity, left[first], left[second], demand(level))
                if inside is None:
                    break
                yield inside


def _pairs(problem: Problem) -> Iterator[tuple[int, int, int]]:
    """Pairs of entries with their level: all of them where they are few, else those with one of the highest level."""
    by_level = np.lexsort((np.arange(len(problem.terminals)), -problem.required_cuts))
    entries = [int(entry) for entry in by_level if problem.required_cuts[entry] >= 0]
    roots = entries[:1] if len(entries) > _ALL_PAIRS_UP_TO else entries
    for rank, root in enumerate(roots):
        for entry in entries[rank + 1 :]:
            yield root, entry, int(problem.required_cuts[entry])
