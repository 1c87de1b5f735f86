"""Keeps the sets that no other set contains."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from planner.risk.found import LineSets
from planner.risk.ragged import BoolArray, IntArray, expand, find_starts

_PAIRS_AT_ONCE = 2_000_000
_ROWS_AT_ONCE = 2048
# what tells which of two ways to compare all sets is the faster one; both give the same
_SECONDS_PER_PRODUCT = 1e-11
_SECONDS_PER_LOOK_UP = 1e-6
_MAX_CELLS = 250_000_000
_NUM_NEIGHBOURS = 8
_APART = 1e12  # metres between planes, so that no sets of two planes are neighbours


def find_maximal(sets: LineSets) -> IntArray:
    """Find the inclusion-maximal sets among distinct ones.

    A set that is not maximal mostly has a larger one close by, so each is first compared with its neighbours; what
    is left, with every larger set that holds its rarest line.

    Parameters
    ----------
    sets
        Distinct sets, none of them empty.

    Returns
    -------
    ndarray
        Indices of the maximal sets, ascending.
    """
    kept = np.arange(len(sets))
    num_before = 2 * len(sets)
    while len(kept) < 0.9 * num_before and len(kept) > _NUM_NEIGHBOURS:
        num_before = len(kept)
        kept = kept[~_beaten_by_neighbours(sets.take(kept))]
    if not len(kept):
        return kept
    table = _to_table(sets.take(kept))
    num_cells = len(kept) * len(table.degree)
    seconds_product = _SECONDS_PER_PRODUCT * len(kept) * num_cells
    seconds_look_up = _SECONDS_PER_LOOK_UP * float(table.num_rivals.sum())
    is_product = seconds_product < seconds_look_up and num_cells < _MAX_CELLS
    return kept[~(_beaten_by_product(table) if is_product else _beaten_by_rivals(table))]


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    """Sets of lines renumbered from the rarest to the most frequent.

    Parameters
    ----------
    start, line
        Where each set begins, and its lines, ascending.
    keys
        Set and line in one number, ascending: for looking up whether a set holds a line.
    degree
        (n,) number of sets of each line, ascending.
    """

    start: IntArray
    line: IntArray
    keys: IntArray
    degree: IntArray

    @property
    def size(self) -> IntArray:
        return np.asarray(np.diff(self.start))

    @property
    def rarest(self) -> IntArray:
        return self.line[self.start[:-1]]

    @property
    def num_rivals(self) -> IntArray:
        """(g,) number of sets that hold the rarest line of each."""
        return self.degree[self.rarest]


def _to_table(sets: LineSets) -> _Table:
    degree = np.bincount(sets.line)
    order = np.argsort(degree, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    owner = np.repeat(np.arange(len(sets)), np.diff(sets.start))
    keys = np.sort(owner * len(order) + rank[sets.line])
    return _Table(sets.start, keys - owner * len(order), keys, degree[order])


def _beaten_by_neighbours(sets: LineSets) -> BoolArray:
    """Whether one of the sets found near by contains each set."""
    table = _to_table(sets)
    places = np.column_stack([sets.x, sets.y, sets.frame * _APART])
    neighbours = KDTree(places).query(places, k=_NUM_NEIGHBOURS + 1)[1]
    is_beaten = np.zeros(len(sets), dtype=bool)
    for column in neighbours.T[1:]:
        rows = np.flatnonzero(~is_beaten & (table.size[column] > table.size))
        is_beaten[_find_contained(table, rows, column[rows], 0)] = True
    return is_beaten


def _beaten_by_rivals(table: _Table) -> BoolArray:
    """Whether one of the larger sets that hold its rarest line contains each set."""
    size, rarest, num_rivals = table.size, table.rarest, table.num_rivals
    owner = np.repeat(np.arange(len(size)), size)
    holders = owner[np.argsort(table.line, kind="stable")]
    first_holder = np.cumsum(table.degree) - table.degree
    is_beaten = np.zeros(len(size), dtype=bool)
    for rows in np.split(np.arange(len(size)), find_starts(np.cumsum(num_rivals) // _PAIRS_AT_ONCE)[1:]):
        small = np.repeat(rows, num_rivals[rows])
        large = holders[expand(first_holder[rarest[rows]], num_rivals[rows])]
        is_larger = size[large] > size[small]
        is_beaten[_find_contained(table, small[is_larger], large[is_larger], 1)] = True
    return is_beaten


def _beaten_by_product(table: _Table) -> BoolArray:
    """Whether a larger set contains each set, by counting shared lines with matrix products, the largest sets first."""
    size = table.size
    order = np.argsort(-size, kind="stable")
    is_beaten = np.zeros(len(size), dtype=bool)
    kept: list[NDArray[np.float32]] = []
    for begin in range(0, len(order), _ROWS_AT_ONCE):
        rows = order[begin : begin + _ROWS_AT_ONCE]
        block = np.zeros((len(rows), len(table.degree)), dtype=np.float32)
        block[np.repeat(np.arange(len(rows)), size[rows]), table.line[expand(table.start[rows], size[rows])]] = 1.0
        own = size[rows, None]
        found = ((block @ block.T == own) & (size[rows] > own)).any(axis=1)
        for larger in kept:
            found |= (block @ larger.T == own).any(axis=1)
        is_beaten[rows[found]] = True
        kept.append(block[~found])
    return is_beaten


def _find_contained(table: _Table, small: IntArray, large: IntArray, num_shared: int) -> IntArray:
    """The sets of `small` whose every line is in their counterpart of `large` too; the first `num_shared` are."""
    contained = []
    size, num_lines = table.size, len(table.degree)
    while len(small):
        is_done = size[small] == num_shared
        contained.append(small[is_done])
        small, large = small[~is_done], large[~is_done]
        keys = large * num_lines + table.line[table.start[small] + num_shared]
        is_shared = table.keys[np.minimum(np.searchsorted(table.keys, keys), len(table.keys) - 1)] == keys
        small, large = small[is_shared], large[is_shared]
        num_shared += 1
    return np.concatenate([np.zeros(0, dtype=np.int64), *contained])
