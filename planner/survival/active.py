"""The graph of existing and chosen spans, and the inclusion-maximal cuts on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from planner.problem import BoolArray, IntArray, Problem, Rows


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
        What each cut severs: inclusion-maximal sets of spans, single ones included where no larger set holds them.
        Where sites fall, only sets that take the same sites are compared.
    fallen
        (num_sites,) true for sites that cuts took; all false to begin with.
    cut_sites
        Per cut the sites that fall with it.
    """

    num_sites: int
    ends: IntArray
    spans: IntArray
    cuts: Rows
    fallen: BoolArray
    cut_sites: Rows

    @property
    def falling_cuts(self) -> IntArray:
        """The cuts that take sites, ascending."""
        return np.flatnonzero(self.cut_sites.sizes)

    @property
    def cuts_of_span(self) -> Rows:
        """Per span the cuts that sever it."""
        return Rows.group(self.cuts.items, self.cuts.row_of_item, len(self.spans))

    def severed(self, cuts: Sequence[int] | IntArray) -> IntArray:
        """Spans that the given cuts sever together, ascending."""
        rows = [self.cuts[cut] for cut in cuts]
        return np.unique(np.concatenate(rows)) if rows else np.zeros(0, dtype=np.int64)

    def without(self, cut: int) -> ActiveGraph:
        """The graph after one cut: its spans are gone, and with them what other cuts would sever of them."""
        keep = np.ones(len(self.spans), dtype=bool)
        keep[self.cuts[cut]] = False
        fallen = self.fallen
        if len(self.cut_sites[cut]):
            fallen = fallen.copy()
            fallen[self.cut_sites[cut]] = True
        return replace(self.keeping(keep), fallen=fallen)

    def keeping(self, keep: BoolArray) -> ActiveGraph:
        """The graph of some of the spans: ``keep`` (s,) says which."""
        new_index = np.cumsum(keep) - 1
        is_kept = keep[self.cuts.items]
        sizes = np.bincount(self.cuts.row_of_item[is_kept], minlength=len(self.cuts))
        cuts = Rows(np.concatenate(([0], np.cumsum(sizes))), new_index[self.cuts.items[is_kept]])
        return replace(self, ends=self.ends[keep], spans=self.spans[keep], cuts=cuts)

    def taking(self, sites: BoolArray) -> ActiveGraph:
        """The graph with more sites marked as fallen; their spans are left to the caller."""
        return replace(self, fallen=self.fallen | sites)

    def only_spans_fail(self) -> ActiveGraph:
        """The graph without the cuts that take sites; the others keep their numbers."""
        is_kept = (self.cut_sites.sizes == 0)[self.cuts.row_of_item]
        sizes = np.bincount(self.cuts.row_of_item[is_kept], minlength=len(self.cuts))
        cuts = Rows(np.concatenate(([0], np.cumsum(sizes))), self.cuts.items[is_kept])
        return replace(self, cuts=cuts, cut_sites=Rows.empty(len(cuts)))

    def surviving(self, terminals: Rows) -> Rows:
        """The sites of each entry that have not fallen; entries that have none left owe nothing and are left out."""
        if not self.fallen.any():
            return terminals
        is_left = ~self.fallen[terminals.items]
        sizes = np.bincount(terminals.row_of_item[is_left], minlength=len(terminals))
        rows = Rows(np.concatenate(([0], np.cumsum(sizes))), terminals.items[is_left])
        return rows.select(np.flatnonzero(sizes))

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
    ends = problem.span_ends[spans]
    row, item = _severed_by_groups(problem, spans)
    if problem.group_sites is None:
        singles = np.flatnonzero(problem.is_cuttable[spans])
        row = np.concatenate((row, len(problem.groups) + np.arange(len(singles))))
        cuts = _maximal(row, np.concatenate((item, singles)), len(spans))[0]
        cut_sites = Rows.empty(len(cuts))
    else:
        cuts, cut_sites = _falling_cuts(problem.group_sites, row, item, ends, problem.num_sites)
    fallen = np.zeros(problem.num_sites, dtype=bool)
    return ActiveGraph(problem.num_sites, ends, spans, cuts, fallen, cut_sites)


def _severed_by_groups(problem: Problem, spans: IntArray) -> tuple[IntArray, IntArray]:
    """Pairs of group and standing cuttable span, renumbered."""
    new_index = np.full(problem.num_spans, -1, dtype=np.int64)
    new_index[spans] = np.arange(len(spans))
    item = np.where(problem.is_cuttable[problem.groups.items], new_index[problem.groups.items], -1)
    return problem.groups.row_of_item[item >= 0], item[item >= 0]


def _falling_cuts(
    group_sites: Rows, row: IntArray, item: IntArray, ends: IntArray, num_sites: int
) -> tuple[Rows, Rows]:
    """Cuts with the spans at the sites that they take; of those that take the same sites only the maximal ones."""
    at_site = Rows.group(np.concatenate((ends[:, 0], ends[:, 1])), np.tile(np.arange(len(ends)), 2), num_sites)
    incident = at_site.select(group_sites.items)
    incident_row = np.repeat(group_sites.row_of_item, incident.sizes)
    taken = [tuple(sites.tolist()) for sites in group_sites]
    mark_of = {sites: len(ends) + number for number, sites in enumerate(sorted(set(taken)))}
    marks = np.array([mark_of[sites] for sites in taken], dtype=np.int64)
    rows = np.concatenate((row, incident_row, np.arange(len(taken))))
    items = np.concatenate((item, incident.items, marks))
    maximal, group = _maximal(rows, items, len(ends) + len(mark_of))
    is_span = maximal.items < len(ends)
    sizes = np.bincount(maximal.row_of_item[is_span], minlength=len(maximal))
    cuts = Rows(np.concatenate(([0], np.cumsum(sizes))), maximal.items[is_span])
    cut_sites = group_sites.select(group)
    useful = np.flatnonzero((cuts.sizes > 0) | (cut_sites.sizes > 0))
    return cuts.select(useful), cut_sites.select(useful)


def _maximal(row: IntArray, item: IntArray, num_items: int) -> tuple[Rows, IntArray]:
    """The inclusion-maximal sets of a family, each once, sorted by their first items.

    Parameters
    ----------
    row, item
        (i,) the sets as pairs of set number and item.
    num_items
        Items are 0 to num_items - 1.

    Returns
    -------
    rows, numbers
        The sets, and the number that each had.
    """
    numbers, row = np.unique(row, return_inverse=True)
    family = sparse.csr_matrix((np.ones(len(row), dtype=np.int32), (row, item)), shape=(len(numbers), num_items))
    family.sum_duplicates()
    family.data[:] = 1
    size = np.diff(family.indptr)
    shared = (family @ family.T).tocoo()
    is_larger = size[shared.col] > size[shared.row]
    is_earlier_twin = (size[shared.col] == size[shared.row]) & (shared.col < shared.row)
    is_inside = (shared.data == size[shared.row]) & (is_larger | is_earlier_twin)
    is_maximal = np.ones(len(numbers), dtype=bool)
    is_maximal[shared.row[is_inside]] = False
    kept = np.flatnonzero(is_maximal)
    family.sort_indices()
    kept = kept[np.argsort(family.indices[family.indptr[kept]], kind="stable")]
    chosen = family[kept]
    chosen.sort_indices()
    return Rows(chosen.indptr.astype(np.int64), chosen.indices.astype(np.int64)), numbers[kept]
