"""Sets of lines found within reach of a point, each kept once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise

import numpy as np

from planner.risk.cells import Cells
from planner.risk.ragged import BoolArray, FloatArray, IntArray, WordArray, expand, sum_by_key

_TABLE_BITS = 20


@dataclass(frozen=True, slots=True, eq=False)
class LineSets:
    """Sets of lines, each with a point that reaches all of its lines.

    Parameters
    ----------
    start
        (g + 1,) where each set begins in `line`.
    line
        Its lines, ascending within a set.
    x, y
        (g,) the point, in metres of its plane.
    frame
        (g,) the plane.
    """

    start: IntArray
    line: IntArray
    x: FloatArray
    y: FloatArray
    frame: IntArray

    def __len__(self) -> int:
        return len(self.x)

    def take(self, rows: IntArray) -> LineSets:
        """Some of the sets, in the order given."""
        sizes = np.diff(self.start)[rows]
        line = self.line[expand(self.start[rows], sizes)]
        start = np.concatenate([[0], np.cumsum(sizes)])
        return LineSets(start, line, self.x[rows], self.y[rows], self.frame[rows])


def to_groups(sets: LineSets) -> list[tuple[int, ...]]:
    """Each set's lines as a tuple."""
    lines, bounds = sets.line.tolist(), sets.start.tolist()
    return [tuple(lines[begin:end]) for begin, end in pairwise(bounds)]


def to_sets(groups: Sequence[Sequence[int]]) -> LineSets:
    """Sets of lines without places, all of them distinct."""
    start = np.cumsum([0, *map(len, groups)])
    line = np.fromiter(chain.from_iterable(groups), dtype=np.int64, count=int(start[-1]))
    nowhere = np.zeros(len(groups))
    return LineSets(start, line, nowhere, nowhere, np.arange(len(groups)))


def to_words(num_lines: int) -> WordArray:
    """(n,) a random-looking word per line; a set's word is their sum (splitmix64, Steele and others, 2014)."""
    word = (np.arange(num_lines, dtype=np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return word ^ (word >> np.uint64(31))


@dataclass(slots=True)
class Found:
    """Gathers sets; remembers which ones it has, so that a search can turn back early.

    The memory is a table that forgets: a newer set may take an older one's slot. That costs time and nothing else.
    Two different sets have the same word with probability 2**-64. Sets of fewer than `least` lines are left out.
    """

    words: WordArray
    least: int = 2
    _table: WordArray = field(default_factory=lambda: np.zeros(1 << _TABLE_BITS, dtype=np.uint64))
    _parts: list[tuple[WordArray, IntArray, IntArray, FloatArray, FloatArray, IntArray]] = field(default_factory=list)

    def knows(self, word: WordArray) -> BoolArray:
        """Whether each set is among those found, as far as remembered."""
        return np.asarray(self._table[word >> np.uint64(64 - _TABLE_BITS)] == word)

    def add(
        self, word: WordArray, owner: IntArray, line: IntArray, x: FloatArray, y: FloatArray, frame: IntArray
    ) -> None:
        """Take in sets that are not known yet.

        Parameters
        ----------
        word
            (g,) each set's word.
        owner, line
            (t,) which set holds which line, in any order; no line twice in a set.
        x, y, frame
            (g,) a point that reaches every line of the set.
        """
        _, first = np.unique(word, return_index=True)
        first = first[~self.knows(word[first])]
        self._table[word[first] >> np.uint64(64 - _TABLE_BITS)] = word[first]
        place = np.full(len(word), -1)
        place[first] = np.arange(len(first))
        is_new = place[owner] >= 0
        owner, line = place[owner[is_new]], line[is_new]
        sizes = np.bincount(owner, minlength=len(first))
        keys = np.sort(owner * len(self.words) + line)
        line = keys - np.repeat(np.arange(len(first)), sizes) * len(self.words)
        self._parts.append((word[first], sizes, line, x[first], y[first], frame[first]))

    def to_sets(self) -> LineSets:
        """Every set found, once."""
        if not self._parts:
            none, nowhere = np.zeros(0, dtype=np.int64), np.zeros(0)
            return LineSets(np.zeros(1, dtype=np.int64), none, nowhere, nowhere, none)
        word, sizes, line, x, y, frame = (np.concatenate(columns) for columns in zip(*self._parts, strict=True))
        sets = LineSets(np.concatenate([[0], np.cumsum(sizes)]), line, x, y, frame)
        _, first = np.unique(word, return_index=True)
        return sets.take(np.sort(first))

    def add_in_cells(
        self, cells: Cells, cell: IntArray, owner: IntArray, line: IntArray, x: FloatArray, y: FloatArray
    ) -> None:
        """Take in sets that each hold all lines that are inside a cell, and others.

        Parameters
        ----------
        cells
            The cells.
        cell
            (g,) the cell of each set.
        owner, line
            (t,) which set holds which line that is not inside; `owner` ascending.
        x, y
            (g,) a point of the cell's disc that reaches every line of the set.
        """
        word = cells.word_inside[cell] + sum_by_key(self.words[line], owner, len(cell))
        size = cells.num_inside[cell] + np.bincount(owner, minlength=len(cell))
        is_new = (size >= self.least) & ~self.knows(word)
        place = np.cumsum(is_new) - 1
        owner, line = place[owner[is_new[owner]]], line[is_new[owner]]
        word, cell, x, y = word[is_new], cell[is_new], x[is_new], y[is_new]
        first = np.searchsorted(cells.inside_cell, cell)
        inside = cells.inside_line[expand(first, cells.num_inside[cell])]
        owner = np.concatenate([owner, np.repeat(np.arange(len(cell)), cells.num_inside[cell])])
        self.add(word, owner, np.concatenate([line, inside]), x, y, cells.frame[cell])
