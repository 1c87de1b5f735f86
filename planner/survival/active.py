"""The graph of existing and chosen spans, and the inclusion-maximal cuts on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from planner.problem import IntArray, Problem, Rows


@dataclass(frozen=True, eq=False)
class ActiveGraph:
    """Spans that stand, and what one cut severs of them. Spans are numbered anew, 0 to len(spans) - 1.

    Parameters
    ----------
    num_sites
        Number of nodes.
    ends
        (s, 2) site indices.
    spans
        (s,) index of each span in the `Problem`.
    cuts
        Inclusion-maximal sets of spans that one cut severs, single spans included where no larger one holds them.
    """

    num_sites: int
    ends: IntArray
    spans: IntArray
    cuts: Rows

    def severed(self, cuts: Sequence[int] | IntArray) -> IntArray:
        """Spans that the given cuts sever together, ascending."""
        rows = [self.cuts[cut] for cut in cuts]
        return np.unique(np.concatenate(rows)) if rows else np.zeros(0, dtype=np.int64)

    def without(self, cut: int) -> ActiveGraph:
        """The graph after one cut: its spans are gone, and with them the cut itself."""
        keep = np.ones(len(self.spans), dtype=bool)
        keep[self.cuts[cut]] = False
        new_index = np.cumsum(keep) - 1
        kept_items = keep[self.cuts.items]
        sizes = np.bincount(self.cuts.row_of_item[kept_items], minlength=len(self.cuts))
        starts = np.concatenate(([0], np.cumsum(sizes)))
        cuts = Rows(starts, new_index[self.cuts.items[kept_items]])
        return ActiveGraph(self.num_sites, self.ends[keep], self.spans[keep], cuts)

    def name(self, cuts: Sequence[int]) -> tuple[tuple[int, ...], ...]:
        """A cut set as sorted tuples of span indices of the `Problem`."""
        return tuple(sorted(tuple(int(span) for span in self.spans[self.cuts[cut]]) for cut in cuts))


def to_active_graph(problem: Problem, routes: Sequence[int] | IntArray = ()) -> ActiveGraph:
    """The graph of existing routes and the given candidates.

    Parameters
    ----------
    problem
        The problem.
    routes
        Indices of chosen candidate routes.
    """
    spans = problem.active_spans(routes)
    new_index = np.full(problem.num_spans, -1, dtype=np.int64)
    new_index[spans] = np.arange(len(spans))
    cuttable = problem.is_cuttable[spans]
    item = np.where(problem.is_cuttable[problem.groups.items], new_index[problem.groups.items], -1)
    row = problem.groups.row_of_item[item >= 0]
    singles = np.flatnonzero(cuttable)
    rows = np.concatenate((row, len(problem.groups) + np.arange(len(singles))))
    items = np.concatenate((item[item >= 0], singles))
    cuts = find_maximal_rows(rows, items, len(spans))
    return ActiveGraph(problem.num_sites, problem.span_ends[spans], spans, cuts)


def find_maximal_rows(row: IntArray, item: IntArray, num_items: int) -> Rows:
    """The inclusion-maximal sets of a family, each once, sorted by their first items.

    Parameters
    ----------
    row, item
        (i,) the sets as pairs of set number and item.
    num_items
        Items are 0 to num_items - 1.
    """
    _, row = np.unique(row, return_inverse=True)
    num_rows = int(row.max(initial=-1)) + 1
    family = sparse.csr_matrix((np.ones(len(row), dtype=np.int32), (row, item)), shape=(num_rows, num_items))
    family.sum_duplicates()
    family.data[:] = 1
    size = np.diff(family.indptr)
    shared = (family @ family.T).tocoo()
    inside = (shared.data == size[shared.row]) & (
        (size[shared.col] > size[shared.row]) | ((size[shared.col] == size[shared.row]) & (shared.col < shared.row))
    )
    is_maximal = np.ones(num_rows, dtype=bool)
    is_maximal[shared.row[inside]] = False
    kept = family[np.flatnonzero(is_maximal)]
    kept.sort_indices()
    first = kept.indices[kept.indptr[:-1]] if kept.shape[0] else np.zeros(0, dtype=np.int64)
    kept = kept[np.argsort(first, kind="stable")]
    kept.sort_indices()
    return Rows(kept.indptr.astype(np.int64), kept.indices.astype(np.int64))
