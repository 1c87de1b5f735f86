"""Minimal sets of cuts that part sites that matter, found by joining labels instead of failing cuts one by one.

The union of some risk groups contains an edge cut that parts sites that matter exactly when spans of it can be picked
whose `Labels.cut` words XOR to zero and whose `Labels.harmless` words do not. A risk group contributes the XORs of its
subsets, so sets of two, three and four groups are equal values, a ^ b = c, and a ^ b = c ^ d: joins over sorted
arrays. Shared spans fall out by themselves, since both words of what two groups have in common agree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from planner.problem import BoolArray, FloatArray, IntArray
from planner.survival.active import ActiveGraph
from planner.survival.joins import count_pairs, find_lowest_match, join_pairs, join_quadruples, join_triples
from planner.survival.labels import to_labels
from planner.survival.words import to_basis, to_words

_PAIRS, _TRIPLES = 2, 3
_MAX_JOIN = 4


@dataclass(frozen=True, slots=True)
class Part:
    """Part of the search for sets of one size: a range of words to join, or of the cuts that are failed first."""

    size: int
    start: int
    stop: int
    is_join: bool


def find_parting_sets(graph: ActiveGraph, matters: BoolArray, max_size: int) -> list[IntArray]:
    """Every minimal set of at most `max_size` cuts that parts two sites that matter and were joined.

    Parameters
    ----------
    graph
        The graph and its cuts.
    matters
        (num_sites,) which sites matter.
    max_size
        Largest number of cuts in a set.

    Returns
    -------
    list of (p, size) int arrays
        For size 1 to `max_size`: cut numbers, ascending in each row; rows sorted.
    """
    if max_size == 0:
        return []
    parting = PartingSets(graph, matters)
    return [_sort_rows(list(parting.blocks(size)), size) for size in range(1, max_size + 1)]


class PartingSets:
    """The sets that `find_parting_sets` lists, a block at a time: there may be more than memory holds.

    Parameters
    ----------
    graph
        The graph and its cuts.
    matters
        (num_sites,) which sites matter.
    """

    def __init__(self, graph: ActiveGraph, matters: BoolArray) -> None:
        self.graph = graph
        self.matters = matters
        self._labels = to_labels(graph.ends, graph.num_sites, matters)
        self._words = to_words(graph, self._labels)
        self._parts_alone: dict[tuple[int, ...], bool] = {}

    def blocks(self, size: int) -> Iterator[IntArray]:
        """The sets of one size, none twice: (p, size) arrays of cut numbers, ascending in each row.

        Pairs without large groups come in order, sorted across blocks.
        """
        for part in self.parts(size, 1):
            yield from self.blocks_of(part)

    def parts(self, size: int, num_parts: int) -> list[Part]:
        """The search for sets of one size, split into ranges of the first cut that cost about the same.

        The blocks of the parts, one part after the other, hold the same rows as `blocks`. Triples are split by the
        lowest of their three words, sets with a cut that is failed first by that cut; joins for one, two and four
        cuts are one part each.
        """
        parts = []
        if size <= _MAX_JOIN:
            num_values = len(np.unique(self._words.cut)) if size == _TRIPLES else 1
            # the first of n words is joined with n others, the last with none
            shares = 1 - np.sqrt(1 - np.arange(num_parts + 1) / num_parts)
            parts += _to_ranges(size, np.round(num_values * shares), is_join=True)
        num_first = len(self._failed_first(size))
        return parts + _to_ranges(size, np.linspace(0, num_first, num_parts + 1).round(), is_join=False)

    def blocks_of(self, part: Part) -> Iterator[IntArray]:
        """The sets of one part, as `blocks` gives them."""
        if not part.is_join:
            failed_first = self._failed_first(part.size)
            for cut in failed_first[part.start : part.stop].tolist():
                yield from self._blocks_with(cut, part.size, failed_first)
        elif part.size == 1:
            yield self._words.alone[:, None]
        elif part.size == _PAIRS:
            yield from join_pairs(self._words)
        else:
            yield from self._join_more(part)

    def count(self, size: int, limit: int | None = None) -> tuple[int, bool]:
        """How many sets of one size there are, and whether that is all: at `limit` the counting may stop.

        Single cuts are always counted in full, and so are pairs, unless there are large groups.
        """
        if size == 2 and not len(self._words.large):
            return count_pairs(self._words), True
        total = 0
        for block in self.blocks(size):
            total += len(block)
            if limit is not None and total >= limit and size > 1:
                return total, False
        return total, True

    def count_joined(self, size: int) -> int:
        """How many sets of one or two cuts the join gives, without listing them."""
        return len(self._words.alone) if size == 1 else count_pairs(self._words)

    def _failed_first(self, size: int) -> IntArray:
        """The cuts, ascending, whose sets are found by failing them and searching the rest."""
        if size == 1:
            return np.zeros(0, dtype=np.int64)
        if size <= _MAX_JOIN:
            return self._words.large
        return np.setdiff1d(np.unique(self.graph.cuts.row_of_item), self._words.alone)

    def _join_more(self, part: Part) -> Iterator[IntArray]:
        """Sets of three or four; those of several groups with several words may be found more than once."""
        seen: set[tuple[int, ...]] = set()
        is_triples = part.size == _TRIPLES
        lowest = int(np.unique(self._words.cut)[part.start]) if is_triples and part.start else 0
        for found in join_triples(self._words, part.start, part.stop) if is_triples else join_quadruples(self._words):
            sets = np.sort(found, axis=1)
            sets = sets[(np.diff(sets, axis=1) > 0).all(axis=1)]
            sets = sets[self._is_minimal(sets)]
            is_doubtful = self._words.is_multiple[sets].sum(axis=1) > 1
            is_new = ~is_doubtful
            for row in np.flatnonzero(is_doubtful).tolist():
                cut_set = tuple(sets[row].tolist())
                if cut_set not in seen:
                    seen.add(cut_set)
                    # a part before this one has it where a lower word matches
                    is_new[row] = not lowest or find_lowest_match(self._words, cut_set) >= lowest
            yield sets[is_new]

    def _blocks_with(self, cut: int, size: int, failed_first: IntArray) -> Iterator[IntArray]:
        """Sets that contain one given cut, which parts nothing alone: fail it and search the rest.

        Each set is found once from every such cut in it; the lowest counts.
        """
        rest = PartingSets(self.graph.without(cut), self.matters)
        for found in rest.blocks(size - 1):
            is_first = ~np.isin(found, failed_first[failed_first <= cut]).any(axis=1)
            sets = np.sort(np.column_stack((np.full(is_first.sum(), cut), found[is_first])), axis=1)
            yield sets[self._is_minimal(sets)]

    def _is_minimal(self, sets: IntArray) -> BoolArray:
        """(p,) whether no set parts sites with one of its cuts left out."""
        is_minimal = np.ones(len(sets), dtype=bool)
        self._parts_alone.clear()
        for row in self._rows_in_doubt(sets).tolist():
            cut_set = sets[row].tolist()
            parts = (tuple(cut_set[:place] + cut_set[place + 1 :]) for place in range(len(cut_set)))
            is_minimal[row] = not any(self._do_part(part) for part in parts)
        return is_minimal

    def _rows_in_doubt(self, sets: IntArray) -> IntArray:
        """Rows that may not be minimal: a join of words that all are different, one per cut, gives minimal sets."""
        is_single = (self.graph.cuts.sizes == 1)[sets]
        if sets.shape[1] > _MAX_JOIN:
            return np.arange(len(sets))
        return np.flatnonzero(~is_single.all(axis=1))

    def _do_part(self, cuts: tuple[int, ...]) -> bool:
        """Whether cuts part sites: some of their spans' words XOR to zero and to more than zero."""
        known = self._parts_alone.get(cuts)
        if known is None:
            spans = self.graph.severed(cuts)
            _, known = to_basis(self._labels.cut[spans].tolist(), self._labels.harmless[spans].tolist())
            self._parts_alone[cuts] = known
        return known


def _to_ranges(size: int, bounds: FloatArray, *, is_join: bool) -> list[Part]:
    """A part between each bound and the next, where there is anything between them."""
    numbers = bounds.astype(np.int64).tolist()
    return [Part(size, start, stop, is_join) for start, stop in pairwise(numbers) if start < stop]


def _sort_rows(blocks: list[IntArray], size: int) -> IntArray:
    sets = np.concatenate([np.zeros((0, size), dtype=np.int64), *blocks])
    return sets[np.lexsort(sets.T[::-1])]
