"""Moves the point of each set of lines to where it is well within reach of all of them.

The search finds points that are just within reach. A crossing, or the middle of a trench, shows better on a map where
a cut severs all, and still does after coordinates are rounded.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from planner.risk.found import LineSets
from planner.risk.ragged import FloatArray, IntArray, expand, find_starts, run_lengths
from planner.risk.strips import Strips, find_offsets

_NUM_STEPS = 4
_MAX_PAIRS = 1_000_000  # of a set and a line; beyond that the largest sets keep the points that they have

type Offsets = tuple[FloatArray, FloatArray, FloatArray]


def deepen(sets: LineSets, strips: Strips, half_m: FloatArray) -> LineSets:
    """Move each set's point towards its lines as long as the farthest of them gets nearer.

    Parameters
    ----------
    sets
        Sets with points within reach of all their lines.
    strips
        The lines.
    half_m
        (f,) points stay within this distance of both axes of their plane.
    """
    size = np.diff(sets.start)
    order = np.argsort(size, kind="stable")
    rows = np.sort(order[np.cumsum(size[order]) <= _MAX_PAIRS])
    if not len(rows):
        return sets
    part = sets.take(rows)
    finder = _to_finder(part, strips)
    x, y = part.x, part.y
    to_x, to_y, depth = _find_way(part, finder.find(x, y))
    step = np.ones(len(rows))
    for _ in range(_NUM_STEPS):
        new_x, new_y = x + step * to_x, y + step * to_y
        new_to_x, new_to_y, new_depth = _find_way(part, finder.find(new_x, new_y))
        limit = half_m[part.frame]
        is_better = (new_depth < depth) & (np.abs(new_x) <= limit) & (np.abs(new_y) <= limit)
        x, y = np.where(is_better, new_x, x), np.where(is_better, new_y, y)
        to_x, to_y = np.where(is_better, new_to_x, to_x), np.where(is_better, new_to_y, to_y)
        depth = np.where(is_better, new_depth, depth)
        step = np.where(is_better, step, step / 2)
    all_x, all_y = sets.x.copy(), sets.y.copy()
    all_x[rows], all_y[rows] = x, y
    return replace(sets, x=all_x, y=all_y)


def _find_way(sets: LineSets, offsets: Offsets) -> Offsets:
    """From each point to the mean of the nearest points of its lines, and how far beyond reach the farthest line is."""
    first, size = sets.start[:-1], np.diff(sets.start)
    to_x, to_y = (-np.add.reduceat(offset, first) / size for offset in offsets[:2])
    return to_x, to_y, np.maximum.reduceat(offsets[2], first)


@dataclass(frozen=True, slots=True, eq=False)
class _Finder:
    """The coarsest chords of each line of each set.

    Parameters
    ----------
    strips
        All chords.
    pair, chord
        (i,) which pair of a set and a line each chord is for, ascending.
    owner
        (p,) the set of each pair.
    """

    strips: Strips
    pair: IntArray
    chord: IntArray
    owner: IntArray

    def find(self, x: FloatArray, y: FloatArray) -> Offsets:
        """For each pair, from the nearest point of the line to the set's point, and how far beyond reach that is."""
        pair, chord = self.pair, self.chord
        while True:
            px, py, beyond = find_offsets(self.strips, chord, x[self.owner[pair]], y[self.owner[pair]])
            width = self.strips.width[chord]
            starts = find_starts(pair)
            nearest = np.minimum.reduceat(beyond + width, starts)
            is_kept = beyond - width <= np.repeat(nearest, run_lengths(starts, len(pair)))
            if not width[is_kept].any():
                break
            pair, chord = _refine(pair[is_kept], chord[is_kept], self.strips)
        rows = np.flatnonzero(is_kept)
        rows = rows[find_starts(pair[rows])]
        return px[rows], py[rows], beyond[rows]


def _refine(pair: IntArray, chord: IntArray, strips: Strips) -> tuple[IntArray, IntArray]:
    row = np.repeat(np.arange(len(chord)), 1 + (strips.width[chord] > 0))
    is_second = np.append(False, row[1:] == row[:-1])
    halves = np.where(is_second, strips.right[chord[row]], strips.left[chord[row]])
    return pair[row], np.where(strips.width[chord[row]] > 0, halves, chord[row])


def _to_finder(sets: LineSets, strips: Strips) -> _Finder:
    owner = np.repeat(np.arange(len(sets)), np.diff(sets.start))
    num_lines = int(strips.line.max()) + 1
    keys = strips.frame * num_lines + strips.line[strips.roots]
    wanted = sets.frame[owner] * num_lines + sets.line
    first, last = np.searchsorted(keys, wanted), np.searchsorted(keys, wanted, side="right")
    pair = np.repeat(np.arange(len(owner)), last - first)
    return _Finder(strips, pair, strips.roots[expand(first, last - first)], owner)
