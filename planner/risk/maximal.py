"""Keeps the sets that no other set contains."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import KDTree

from planner.risk.found import LineSets
from planner.risk.ragged import BoolArray, IntArray, expand, find_starts

_PAIRS_AT_ONCE = 2_000_000
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
    return kept[~_beaten_by_any(_to_table(sets.take(kept)))]


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
        return np.diff(self.start)


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


def _beaten_by_any(table: _Table) -> BoolArray:
    """Whether one of the larger sets that hold its rarest line contains each set."""
    owner = np.repeat(np.arange(len(table.size)), table.size)
    holders = owner[np.argsort(table.line, kind="stable")]
    first_holder = np.cumsum(table.degree) - table.degree
    rarest = table.line[table.start[:-1]]
    num_rivals = table.degree[rarest]
    is_beaten = np.zeros(len(table.size), dtype=bool)
    for rows in np.split(np.arange(len(rarest)), find_starts(np.cumsum(num_rivals) // _PAIRS_AT_ONCE)[1:]):
        small = np.repeat(rows, num_rivals[rows])
        large = holders[expand(first_holder[rarest[rows]], num_rivals[rows])]
        is_larger = table.size[large] > table.size[small]
        is_beaten[_find_contained(table, small[is_larger], large[is_larger], 1)] = True
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
