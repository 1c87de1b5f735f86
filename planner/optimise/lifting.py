"""The shortest row of a way that is too long: which routes no plan can all do without."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heapify, heappop, heappush

import numpy as np

from planner.optimise.rows import Row
from planner.problem import WAY_TOLERANCE_KM, BoolArray, FloatArray, IntArray, Problem, Rows
from planner.survival.ways import WayGraph

_TOLERANCE = 1e-4


class Lifting:
    """Turns a way that is too long after a cut into rows.

    Parameters
    ----------
    problem
        Its candidates are all in the graph of ways; those not built are closed.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.ways = WayGraph(problem, np.arange(problem.num_spans))
        spans = Rows.group(problem.route_of_span, np.arange(problem.num_spans), problem.num_routes)
        self.spans_of_route: list[list[int]] = [row.tolist() for row in spans]
        self.is_candidate_span: BoolArray = problem.is_candidate[problem.route_of_span]
        self.ends: list[list[int]] = problem.span_ends.tolist()
        self.length_km: list[float] = problem.span_length_km.tolist()
        self.neighbours: list[list[tuple[int, int]]] = [[] for _ in range(problem.num_sites)]
        for span, (a, b) in enumerate(self.ends):
            self.neighbours[a].append((b, span))
            self.neighbours[b].append((a, span))

    def to_rows(
        self,
        pair: int,
        closed: IntArray,
        fallen: IntArray,
        routes: IntArray,
        x: FloatArray,
        orders: Sequence[FloatArray],
    ) -> list[Row]:
        """Rows of a limited pair after a cut that `routes` do not suffice for, but those that `x` meets.

        Parameters
        ----------
        pair
            Row of `Problem.limited_pairs`.
        closed, fallen
            Spans and sites that the cut takes.
        routes
            Routes that leave the way too long.
        x
            (n,) routes of larger value are the first to be tried beside them.
        orders
            (n,) each: of equal values those of a lower number are tried first, then the least direct. A row for each.

        Notes
        -----
        A candidate that no way within the limit can take is of no use. The others are taken one after the other
        beside `routes` as long as the way stays too long; those that cannot be taken make up the row. It holds for
        every plan: what builds none of them has no more than the routes taken, and these leave the way too long.
        """
        start = _Start(self, pair, closed, fallen, routes)
        useful, length_km = start.find_useful()
        rows = []
        for rank in orders:
            order = useful[np.lexsort((useful, -length_km, rank[useful], -np.round(x[useful], 9)))]
            row = _take(_Way(self, start), order.tolist(), x)
            if row is not None:
                rows.append(row)
        return rows


def _take(way: _Way, order: Sequence[int], x: FloatArray) -> Row | None:
    """Take routes while the way stays too long; the row of the others, None where `x` meets it."""
    needed: list[int] = []
    met = 0.0
    for route in order:
        if not way.take(route):
            needed.append(route)
            met += float(x[route])
            if met > 1.0 - _TOLERANCE:
                return None
    return Row(tuple(sorted(needed)), (1,) * len(needed), 1)


class _Start:
    """One pair after one cut: lengths from both ends over existing routes and some others, and over all."""

    def __init__(self, lifting: Lifting, pair: int, closed: IntArray, fallen: IntArray, routes: IntArray) -> None:
        problem = lifting.problem
        self.lifting, self.fallen = lifting, fallen
        self.limit_km = float(problem.limit_km[pair]) + WAY_TOLERANCE_KM
        self.regions = problem.limited_pairs[pair]
        self.is_severed = np.zeros(problem.num_spans, dtype=bool)
        self.is_severed[closed] = True
        self.is_open = ~self.is_severed
        self.is_open[lifting.is_candidate_span & ~np.isin(problem.route_of_span, routes)] = False
        self.lengths = self._find_lengths(self.is_open)

    def find_useful(self) -> tuple[IntArray, FloatArray]:
        """Routes not built that a way within the limit can take, and the shortest such way were all built."""
        problem = self.lifting.problem
        from_a, from_b = self._find_lengths(~self.is_severed)
        one, other = problem.span_ends.T
        length_km = np.minimum(from_a[one] + from_b[other], from_a[other] + from_b[one]) + problem.span_length_km
        is_useful = (length_km <= self.limit_km) & ~self.is_open & ~self.is_severed
        shortest = np.full(problem.num_routes, np.inf)
        np.minimum.at(shortest, problem.route_of_span[is_useful], length_km[is_useful])
        useful = np.flatnonzero(np.isfinite(shortest))
        return useful, shortest[useful]

    def _find_lengths(self, is_open: BoolArray) -> FloatArray:
        ways = self.lifting.ways
        nodes = ways.num_sites + self.regions
        return ways.find_lengths(nodes, np.flatnonzero(~is_open), self.fallen, within_km=self.limit_km)


class _Way:
    """The same while routes are taken: lengths are mended where a new span makes them shorter."""

    def __init__(self, lifting: Lifting, start: _Start) -> None:
        self.lifting = lifting
        self.limit_km = start.limit_km
        self.is_severed: list[bool] = start.is_severed.tolist()
        self.is_open: list[bool] = start.is_open.tolist()
        self.from_a, self.from_b = start.lengths.tolist()
        self.targets: list[int] = lifting.ways.sites[int(start.regions[1])].tolist()

    def take(self, route: int) -> bool:
        """Build one more route if the way stays too long; say whether it was built."""
        spans = [span for span in self.lifting.spans_of_route[route] if not self.is_severed[span]]
        if any(self._via(span) <= self.limit_km for span in spans):
            return False
        for span in spans:
            self.is_open[span] = True
        undo = self._mend(self.from_a, spans)
        if len(spans) > 1 and any(self.from_a[site] <= self.limit_km for site in self.targets):
            for site, length_km in reversed(undo):
                self.from_a[site] = length_km
            for span in spans:
                self.is_open[span] = False
            return False
        self._mend(self.from_b, spans)
        return True

    def _via(self, span: int) -> float:
        """The shortest way over a span, in either direction."""
        a, b = self.lifting.ends[span]
        from_a, from_b = self.from_a, self.from_b
        shortest: float = min(from_a[a] + from_b[b], from_a[b] + from_b[a])
        return shortest + self.lifting.length_km[span]

    def _mend(self, lengths: list[float], spans: Sequence[int]) -> list[tuple[int, float]]:
        """Let new spans shorten ways; return the sites that came nearer, with what they had before."""
        length_of, ends = self.lifting.length_km, self.lifting.ends
        heap = [(lengths[ends[span][i]] + length_of[span], ends[span][1 - i]) for span in spans for i in (0, 1)]
        heapify(heap)
        undo: list[tuple[int, float]] = []
        while heap:
            length_km, here = heappop(heap)
            if length_km >= lengths[here] or length_km > self.limit_km:
                continue
            undo.append((here, lengths[here]))
            lengths[here] = length_km
            for other, span in self.lifting.neighbours[here]:
                further = length_km + length_of[span]
                if self.is_open[span] and further < lengths[other]:
                    heappush(heap, (further, other))
        return undo
