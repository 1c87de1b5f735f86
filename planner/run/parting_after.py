"""Which cuts part surviving sites after a first cut, both with the sites that they take, by labels alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from planner.problem import BoolArray, IntArray, Rows
from planner.survival.labels import WordArray, to_labels

type _Word = tuple[int, int]


@dataclass(frozen=True, eq=False)
class _Block:
    """Cuts of about the same size, as a table."""

    rows: IntArray
    spans: IntArray  # (r, d), filled up with the number of spans
    known: WordArray  # (r, t) words of what counts as harmless, filled up with zeros


class PartingAfter:
    """Finds what parts sites that matter after a cut, whatever both take.

    Parameters
    ----------
    ends, num_sites
        The graph.
    matters
        (num_sites,) which sites matter.
    cuts, cut_sites
        Per cut its spans, those at its sites included, and the sites that fall with it.

    Notes
    -----
    Picks of the spans of a cut whose `Labels.cut` words XOR to zero are edge cuts of the graph, and the `harmless`
    words of those that part no two sites that matter XOR to zero (see `planner.survival.labels`). Both are linear over
    GF(2). So after a first cut all words count modulo its own: a second cut parts more sites exactly when one of its
    picks is zero in the first word and not in the second. An edge cut that only parts a site that falls from all others
    is harmless too, so the `harmless` words of those sites count as zero.
    """

    def __init__(self, ends: IntArray, num_sites: int, matters: BoolArray, cuts: Rows, cut_sites: Rows) -> None:
        labels = to_labels(ends, num_sites, matters)
        at_site = np.zeros(num_sites + 1, dtype=np.uint64)
        np.bitwise_xor.at(at_site, ends[:, 0], labels.harmless)
        np.bitwise_xor.at(at_site, ends[:, 1], labels.harmless)
        self._cut = np.append(labels.cut, np.uint64(0))
        self._harmless = np.append(labels.harmless, np.uint64(0))
        self._at_site = at_site
        self._cuts, self._cut_sites = cuts, cut_sites

    def find_alone(self, rows: IntArray) -> BoolArray:
        """Which of the cuts part sites that they leave standing, with nothing cut before."""
        return np.array([len(self._to_basis(row)[1]) > len(self._to_fallen(row)) for row in rows.tolist()], dtype=bool)

    def to_blocks(self, rows: IntArray, *, is_beyond: bool = False) -> list[_Block]:
        """The given cuts as `find` wants them; `is_beyond`: only what they part beyond what they part alone counts."""
        known = [self._to_basis(row)[1] if is_beyond else self._to_fallen(row) for row in rows.tolist()]
        spans = self._cuts.select(rows)
        num_known = np.array([len(words) for words in known], dtype=np.int64)
        width = np.ceil(np.log2(np.maximum(spans.sizes, 1))).astype(np.int64)
        kind = width * (int(num_known.max(initial=0)) + 1) + num_known
        blocks = []
        for one in np.unique(kind).tolist():
            where = np.flatnonzero(kind == one)
            words = np.array([known[row] for row in where.tolist()], dtype=np.uint64).reshape(len(where), -1)
            blocks.append(_Block(rows[where], _to_table(spans.select(where), len(self._cut) - 1), words))
        return blocks

    def find(self, first: int, blocks: Iterable[_Block]) -> IntArray:
        """Which of the cuts part sites that the first one leaves standing and joined, ascending."""
        basis, trivial = self._to_basis(first)
        cut, harmless = self._cut.copy(), self._harmless.copy()
        for word, beside in basis:
            is_hit = (cut & np.uint64(_top(word))) != 0
            cut[is_hit] ^= np.uint64(word)
            harmless[is_hit] ^= np.uint64(beside)
        _reduce_all(harmless, trivial)
        found = []
        for block in blocks:
            known = block.known.copy()
            _reduce_all(known, trivial)
            found.append(block.rows[_has_parting(cut[block.spans], harmless[block.spans], known)])
        return np.sort(np.concatenate([np.zeros(0, dtype=np.int64), *found]))

    def _to_basis(self, first: int) -> tuple[list[_Word], list[int]]:
        """Independent words of a cut's spans, and those of what it parts or takes; both with falling top bits."""
        spans = self._cuts[first]
        basis: list[_Word] = []
        harmless = self._to_fallen(first)
        for word, beside in zip(self._cut[spans].tolist(), self._harmless[spans].tolist(), strict=True):
            a, b = _reduce(word, beside, basis)
            if a:
                basis = sorted([*basis, (a, b)], reverse=True)
            else:
                harmless.append(b)
        return basis, _to_independent(harmless)

    def _to_fallen(self, row: int) -> list[int]:
        """Independent words of the sites that a cut takes."""
        return _to_independent(self._at_site[self._cut_sites[row]].tolist())


def _to_independent(words: Iterable[int]) -> list[int]:
    basis: list[_Word] = []
    for word in words:
        left, _ = _reduce(word, 0, basis)
        if left:
            basis = sorted([*basis, (left, 0)], reverse=True)
    return [word for word, _ in basis]


def _reduce_all(words: WordArray, basis: Iterable[int]) -> None:
    """Take words modulo independent ones, in place."""
    for word in basis:
        words[(words & np.uint64(_top(word))) != 0] ^= np.uint64(word)


def _top(word: int) -> int:
    return 1 << (word.bit_length() - 1)


def _reduce(word: int, beside: int, basis: list[_Word]) -> _Word:
    for other, other_beside in basis:
        if word & _top(other):
            word, beside = word ^ other, beside ^ other_beside
    return word, beside


def _to_table(rows: Rows, filler: int) -> IntArray:
    """(r, longest) the rows side by side."""
    table = np.full((len(rows), int(rows.sizes.max(initial=0))), filler, dtype=np.int64)
    table[rows.row_of_item, np.arange(len(rows.items)) - rows.starts[rows.row_of_item]] = rows.items
    return table


def _has_parting(cut: WordArray, harmless: WordArray, known: WordArray) -> BoolArray:
    """(r,) whether some pick of a row's columns is zero in `cut`, and in `harmless` not a sum of `known`."""
    cut, harmless, known = cut.T.copy(), harmless.T.copy(), known.T.copy()
    for column in range(len(known)):
        lowest = _lowest_bit(known[column])
        harmless ^= np.where(harmless & lowest, known[column], np.uint64(0))
        known[column + 1 :] ^= np.where(known[column + 1 :] & lowest, known[column], np.uint64(0))
    is_parting = np.zeros(cut.shape[1], dtype=bool)
    for column in range(len(cut)):
        lowest = _lowest_bit(cut[column])
        is_parting |= (lowest == 0) & (harmless[column] != 0)
        for other in range(column + 1, len(cut)):
            is_hit = (cut[other] & lowest) != 0
            cut[other] ^= np.where(is_hit, cut[column], np.uint64(0))
            harmless[other] ^= np.where(is_hit, harmless[column], np.uint64(0))
    return is_parting


def _lowest_bit(words: WordArray) -> WordArray:
    lowest: WordArray = words & (~words + np.uint64(1))
    return lowest
