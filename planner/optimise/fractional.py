"""Rows that a fractional point breaks, from minimum cuts between regions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import igraph
import numpy as np

from planner.optimise.rows import Row, RowMaker
from planner.problem import FloatArray, IntArray, Problem

_TOLERANCE = 1e-4
_NESTED_CUTS = 4
_ALL_PAIRS_UP_TO = 40


class FractionalSeparator:
    """Minimum cuts in the network with existing spans at capacity one and candidates at their value in the LP.

    For a set of cuts H, the spans it severs have no capacity, and the cut between two regions that owe level j must
    carry at least ``j + 1 - |H|``. After a violated cut its capacities are raised and the next one is sought, so that
    one call gives several nested rows. The pool of H starts with the empty set and takes in those that integer rounds
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
        self._is_simple = bool((problem.terminals.sizes == 1).all())
        self._pairs = list(_region_pairs(problem, self._is_simple))
        self._graph, self._num_sites = _with_super_terminals(problem)

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
        capacity = np.where(self.maker.is_candidate_span, x[problem.route_of_span], 1.0)
        hard = float(problem.max_cuts + 1)
        capacity = np.where(problem.is_cuttable, capacity, hard * capacity)
        capacity[self.maker.severed(cuts)] = 0.0
        for first, second, level in self._pairs:
            joins = np.where(np.isin(problem.terminals.row_of_item, (first, second)), hard * problem.num_spans, 0.0)
            raised = np.concatenate((np.maximum(capacity, 0.0), joins))
            source, target = problem.num_sites + first, problem.num_sites + second
            for _ in range(_NESTED_CUTS):
                needed = level + 1 - len(cuts)
                if needed <= 0:
                    break
                row = self._cut_row(source, target, raised, needed, cuts)
                if row is None or not row.is_violated(x, _TOLERANCE):
                    break
                yield row
                self._raise(raised, row)

    def _cut_row(
        self, source: int, target: int, capacity: FloatArray, needed: int, cuts: tuple[int, ...]
    ) -> Row | None:
        cut = self._graph.mincut(source, target, capacity=capacity.tolist())
        if cut.value >= needed - _TOLERANCE:
            return None
        inside = np.zeros(self._graph.vcount(), dtype=bool)
        inside[cut.partition[0]] = True
        return self.maker.row(inside[: self._num_sites], cuts)

    def _raise(self, capacity: FloatArray, row: Row) -> None:
        spans = np.flatnonzero(np.isin(self.maker.problem.route_of_span, row.routes))
        capacity[spans] = np.maximum(capacity[spans], 1.0)


def _region_pairs(problem: Problem, is_simple: bool) -> Iterator[tuple[int, int, int]]:
    """Pairs of entries that small cuts must not part, with their level.

    With one site per region the pairs with the region of the highest level say it all; with several they do not, and
    all pairs are taken where they are few.
    """
    by_level = np.lexsort((np.arange(len(problem.terminals)), -problem.required_cuts))
    entries = [int(entry) for entry in by_level if problem.required_cuts[entry] >= 0]
    roots = entries[:1] if is_simple or len(entries) > _ALL_PAIRS_UP_TO else entries
    for rank, root in enumerate(roots):
        for entry in entries[rank + 1 :]:
            yield root, entry, int(problem.required_cuts[entry])


def _with_super_terminals(problem: Problem) -> tuple[igraph.Graph, int]:
    """The spans as an igraph, and a vertex per region that is joined to its sites."""
    entry: IntArray = problem.terminals.row_of_item
    joins = np.column_stack((problem.num_sites + entry, problem.terminals.items))
    edges = np.concatenate((problem.span_ends, joins))
    graph = igraph.Graph(n=problem.num_sites + len(problem.terminals), edges=edges.tolist())
    return graph, problem.num_sites
