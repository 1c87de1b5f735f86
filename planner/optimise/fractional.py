"""Rows that a fractional point breaks, from minimum cuts between regions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from planner.optimise.flow_cuts import FlowCuts
from planner.optimise.local_cuts import LocalCuts
from planner.optimise.rows import Row, RowMaker
from planner.problem import BoolArray, FloatArray, Problem

_TOLERANCE = 1e-4
_NESTED_CUTS = 4
_NESTED_FAR_CUTS = 12
_ENOUGH_ROWS, _MOST_ROWS = 50, 200
_ALL_PAIRS_UP_TO = 40
_MAX_FALLING_CUTS = 2000
_STANDS = 1e-12  # so that what the relaxation leaves out is told from what is severed

type Demand = Callable[[int], float]


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
        self._cuts = _to_cuts(maker)
        self._enough = _ENOUGH_ROWS if maker.is_sparse else 1

    def add_cuts(self, cut_sets: Iterable[tuple[int, ...]]) -> int:
        """Take sets of cuts into the pool; return how many were new."""
        before = len(self.pool)
        self.pool.update(dict.fromkeys(cut_sets))
        return len(self.pool) - before

    def find_violated_rows(self, x: FloatArray, *, is_slow: bool = False) -> list[Row]:
        """Rows that ``x`` (a value per route) breaks; the search ends with the H that makes them enough.

        Where the rows found before did little, more of them are enough, up to some hundreds.
        """
        if self.maker.is_sparse:
            self._enough = min(2 * self._enough, _MOST_ROWS) if is_slow else max(self._enough // 2, _ENOUGH_ROWS)
        rows = dict.fromkeys(self._rows_for_cuts(x, ()))
        for cuts in list(self.pool):
            if len(rows) >= self._enough:
                break
            self.pool[cuts] = self.pool.pop(cuts)  # to the end: the others are asked first the next time
            if self._can_be_violated(x, cuts):
                rows.update(dict.fromkeys(self._rows_for_cuts(x, cuts)))
        return list(rows)

    def _can_be_violated(self, x: FloatArray, cuts: tuple[int, ...]) -> bool:
        """Whether cuts sever more than one span each: else no row of theirs is violated where none of no cut is."""
        severed = self.maker.severed(cuts)
        carried = np.where(self.maker.is_candidate_span, x[self.maker.problem.route_of_span], 1.0)[severed].sum()
        return bool(carried > len(cuts) + _TOLERANCE) or self.maker.sites_fall

    def _rows_for_cuts(self, x: FloatArray, cuts: tuple[int, ...]) -> Iterator[Row]:
        problem = self.maker.problem
        hard = float(problem.max_cuts + 1)  # no cut severs a hardened span: it carries all that can be needed
        capacity = np.where(self.maker.is_candidate_span, np.maximum(x, _STANDS)[problem.route_of_span], 1.0)
        capacity = np.where(problem.is_cuttable, capacity, hard * capacity)
        capacity[self.maker.severed(cuts)] = 0.0
        for inside in self._cuts.find(capacity, self._demand(cuts), self.maker.fallen(cuts)):
            row = self.maker.row(inside, cuts)
            if row is not None and row.is_violated(x, _TOLERANCE):
                self._raise(capacity, row)
                yield row

    def _demand(self, cuts: tuple[int, ...]) -> Demand:
        """Level to what a cut must carry after the given ones."""
        if self.maker.sites_fall:
            return lambda level: float(level >= len(cuts))
        return lambda level: float(level + 1 - len(cuts))

    def _raise(self, capacity: FloatArray, row: Row) -> None:
        """Fill the cut of a row, so that the next one is found elsewhere."""
        is_in_row = np.zeros(self.maker.problem.num_routes, dtype=bool)
        is_in_row[list(row.routes)] = True
        spans = is_in_row[self.maker.problem.route_of_span] & (capacity > 0)
        capacity[spans] = np.maximum(capacity[spans], 1.0)


def _to_cuts(maker: RowMaker) -> _RootedCuts | _PairwiseCuts | _FarCuts:
    if maker.is_sparse:
        return _FarCuts(maker.problem)
    is_simple = bool((maker.problem.terminals.sizes == 1).all())
    return _RootedCuts(maker.problem) if is_simple else _PairwiseCuts(maker.problem)


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

    def find(self, capacity: FloatArray, demand: Demand, fallen: BoolArray) -> Iterator[BoolArray]:
        """Sides of cuts that carry less than is demanded of the level of the sites they part from the root."""
        sites = [site for site in self._sites if not fallen[site]]
        if len(sites) > 1:
            yield from self._local.find(capacity, sites[0], sites, [demand(self._levels[site]) for site in sites])


class _PairwiseCuts:
    """Minimum cuts between the merged sites of two requirements."""

    def __init__(self, problem: Problem) -> None:
        self._sites = [sites.tolist() for sites in problem.terminals]
        self._pairs = list(_pairs(problem))
        self._local = LocalCuts(problem)

    def find(self, capacity: FloatArray, demand: Demand, fallen: BoolArray) -> Iterator[BoolArray]:
        """As for one site; `capacity` may be raised between two answers."""
        left = [[site for site in sites if not fallen[site]] for sites in self._sites]
        for first, second, level in self._pairs:
            for _ in range(_NESTED_CUTS if left[first] and left[second] else 0):
                inside = self._local.find_between(capacity, left[first], left[second], demand(level))
                if inside is None:
                    break
                yield inside


class _FarCuts:
    """Minimum cuts between two requirements that may lie many sites apart: those near either, one within the other."""

    def __init__(self, problem: Problem) -> None:
        self._sites = [sites.tolist() for sites in problem.terminals]
        self._pairs = list(_pairs(problem))
        self._ends = problem.span_ends
        self._flows = FlowCuts(problem)

    def find(self, capacity: FloatArray, demand: Demand, fallen: BoolArray) -> Iterator[BoolArray]:
        """As for one site; `capacity` may be raised between two answers."""
        left = [[site for site in sites if not fallen[site]] for sites in self._sites]
        joined = {level: self._flows.find_joined(capacity, demand(level)) for level in {p[2] for p in self._pairs}}
        done: set[tuple[frozenset[int], frozenset[int]]] = set()
        for first, second, level in self._pairs:
            one, other = (frozenset(joined[level][left[entry]].tolist()) for entry in (first, second))
            if one and other and not one & other and (one, other) not in done:
                done.add((one, other))
                yield from self._find_nested(capacity, left[first], left[second], demand(level))

    def _find_nested(
        self, capacity: FloatArray, sites: list[int], others: list[int], needed: float
    ) -> Iterator[BoolArray]:
        for _ in range(_NESTED_FAR_CUTS):
            sides = self._flows.find_between(capacity, sites, others, needed)
            if not sides:
                break
            yield from sides


def _pairs(problem: Problem) -> Iterator[tuple[int, int, int]]:
    """Pairs of entries with their level: all of them where they are few, else those with one of the highest level."""
    by_level = np.lexsort((np.arange(len(problem.terminals)), -problem.required_cuts))
    entries = [int(entry) for entry in by_level if problem.required_cuts[entry] >= 0]
    # where each has one site, a cut between any two is one between the root and one of them
    is_rooted = len(entries) > _ALL_PAIRS_UP_TO or bool((problem.terminals.sizes[entries] == 1).all())
    roots = entries[:1] if is_rooted else entries
    for rank, root in enumerate(roots):
        for entry in entries[rank + 1 :]:
            yield root, entry, int(problem.required_cuts[entry])
