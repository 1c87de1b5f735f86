"""First rows, and choices completed, by growing sets of sites from regions that cuts part until they meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from planner.optimise.rows import Row, RowMaker
from planner.problem import BoolArray, FloatArray, IntArray

_ROWS_PER_GROWTH = 25
_NOTHING = 1e-9  # of the dearest route: a price so low is none


@dataclass(frozen=True, slots=True, eq=False)
class _Growth:
    """What a search for shortest paths found, from one part of the network until it met another.

    `distance` (num_sites,) is the price of the way to each site, at most that of the part met; `path` the spans of
    that way.
    """

    distance: FloatArray
    path: IntArray


class Ascent:
    """Prices of routes that fall as they are paid for, until cuts no longer part regions.

    Parameters
    ----------
    maker
        Makes the rows.
    price
        (n,) what each route costs; those of no price count as built.
    """

    def __init__(self, maker: RowMaker, price: FloatArray) -> None:
        self.maker = maker
        self._may_be_built = maker.problem.is_candidate & ~maker.problem.is_forbidden
        self.price = np.where(maker.problem.is_candidate, price, 0.0)
        self._nothing = _NOTHING * (1.0 + float(self.price.max(initial=0.0)))

    @property
    def built(self) -> IntArray:
        """The candidates without a price, ascending."""
        return np.flatnonzero(self._may_be_built & (self.price <= self._nothing))

    def pay(self, cuts: Sequence[int]) -> list[Row]:
        """Let cuts (numbered as in `RowMaker.full`) pay for routes until they part nothing; return rows met on the way.

        A set of sites grows from one part; every set on the way makes a row, and what it grew by is paid by every
        candidate across it (a dual ascent: Wong, 1984, for Steiner trees).
        """
        rows: list[Row] = []
        is_severed = self._find_closed(cuts)
        while (growth := self._grow(cuts, is_severed)) is not None:
            rows += self._to_rows(growth.distance, cuts)
            self._pay_across(growth.distance, is_severed)
        return rows

    def join(self, cuts: Sequence[int]) -> None:
        """Build the cheapest ways between what the cuts part."""
        is_severed = self._find_closed(cuts)
        while (growth := self._grow(cuts, is_severed)) is not None:
            self.price[self.maker.problem.route_of_span[growth.path]] = 0.0

    def _find_closed(self, cuts: Sequence[int]) -> BoolArray:
        """(m,) the spans that the cuts sever, and those that may not be built."""
        return self.maker.severed(cuts) | self.maker.problem.is_forbidden[self.maker.problem.route_of_span]

    def _grow(self, cuts: Sequence[int], is_severed: BoolArray) -> _Growth | None:
        """Grow from one part that owes to the nearest other; None where there is none."""
        part, owing = self._find_parts(cuts, is_severed)
        if len(owing) < 2:
            return None
        spans, ends = self._find_useful(part, is_severed)
        size = int(part.max()) + 1
        price = self.price[self.maker.problem.route_of_span[spans]]
        graph = sparse.csr_matrix((price, (ends[:, 0], ends[:, 1])), shape=(size, size))
        distance, before = csgraph.dijkstra(graph, directed=False, indices=int(owing[0]), return_predecessors=True)
        met = owing[1:][int(np.argmin(distance[owing[1:]]))]
        if not np.isfinite(distance[met]):
            return None
        span_between = dict(zip(map(tuple, ends.tolist()), spans.tolist(), strict=True))
        path, here = [], int(met)
        while here != owing[0]:
            there = int(before[here])
            path.append(span_between[min(here, there), max(here, there)])
            here = there
        return _Growth(np.minimum(distance, distance[met])[part], np.array(path, dtype=np.int64))

    def _find_parts(self, cuts: Sequence[int], is_severed: BoolArray) -> tuple[IntArray, IntArray]:
        """(num_sites,) the part that each site belongs to, and the parts that hold a site that owes."""
        problem = self.maker.problem
        ends = problem.span_ends[~is_severed & (self.price[problem.route_of_span] <= self._nothing)]
        shape = (problem.num_sites, problem.num_sites)
        graph = sparse.csr_matrix((np.ones(len(ends), dtype=np.int8), (ends[:, 0], ends[:, 1])), shape=shape)
        part: IntArray = csgraph.connected_components(graph, directed=False)[1].astype(np.int64)
        owes = problem.required_cuts[problem.terminals.row_of_item] >= len(cuts)
        sites = problem.terminals.items[owes]
        return part, np.unique(part[sites[~self.maker.fallen(cuts)[sites]]])

    def _find_useful(self, part: IntArray, is_severed: BoolArray) -> tuple[IntArray, IntArray]:
        """Spans that join two parts, the cheapest of each two, and (s, 2) their ends as parts."""
        ends = np.sort(part[self.maker.problem.span_ends], axis=1)
        spans = np.flatnonzero(~is_severed & (ends[:, 0] != ends[:, 1]))
        price = self.price[self.maker.problem.route_of_span[spans]]
        spans = spans[np.lexsort((spans, price, ends[spans, 1], ends[spans, 0]))]
        ends = ends[spans]
        is_first = np.ones(len(spans), dtype=bool)
        is_first[1:] = (ends[1:] != ends[:-1]).any(axis=1)
        return spans[is_first], ends[is_first]

    def _to_rows(self, distance: FloatArray, cuts: Sequence[int]) -> list[Row]:
        """Rows of the sets on the way, those that grew farthest."""
        steps = np.unique(distance)
        farthest = np.sort(np.argsort(-np.diff(steps), kind="stable")[:_ROWS_PER_GROWTH])
        found = (self.maker.row(distance <= steps[step], cuts) for step in farthest)
        return [row for row in found if row is not None]

    def _pay_across(self, distance: FloatArray, is_severed: BoolArray) -> None:
        problem = self.maker.problem
        ends = distance[problem.span_ends]
        share = np.where(is_severed, 0.0, np.abs(ends[:, 0] - ends[:, 1]))
        paid = np.zeros(problem.num_routes)
        np.maximum.at(paid, problem.route_of_span, share)
        # what rounding leaves of a price that is paid in full is none
        self.price = np.maximum(self.price - paid, 0.0)
