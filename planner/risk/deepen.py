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
_MAX_PAIRS = 300_000  # of a set and a line; beyond that the largest sets keep the points that they have

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
    x, y = _walk(_to_finder(part, strips), part, half_m[part.frame], float(strips.reach.max()))
    all_x, all_y = sets.x.copy(), sets.y.copy()
    all_x[rows], all_y[rows] = x, y
    return replace(sets, x=all_x, y=all_y)


def _walk(finder: _Finder, sets: LineSets, half_m: FloatArray, most_m: float) -> tuple[FloatArray, FloatArray]:
    """Where each point comes to, no farther than `most_m` from where it was; half as far after each step too long."""
    x, y = sets.x, sets.y
    to_x, to_y, depth = finder.find_way(x, y)
    step = np.ones(len(x))
    for _ in range(_NUM_STEPS):
        new_x, new_y = x + step * to_x, y + step * to_y
        new_to_x, new_to_y, new_depth = finder.find_way(new_x, new_y)
        is_better = (new_depth < depth) & (np.maximum(np.abs(new_x), np.abs(new_y)) <= half_m)
        is_better &= (new_x - sets.x) ** 2 + (new_y - sets.y) ** 2 <= most_m**2
        x, y = np.where(is_better, new_x, x), np.where(is_better, new_y, y)
        to_x, to_y = np.where(is_better, new_to_x, to_x), np.where(is_better, new_to_y, to_y)
        depth = np.where(is_better, new_depth, depth)
        step = np.where(is_better, step, step / 2)
    return x, y


@dataclass(frozen=True, slots=True, eq=False)
class _Finder:
    """The segments that may be nearest to the points of sets.

    Parameters
    ----------
    strips
        All segments.
    segment
        (i,) the segments, those for one set and line together.
    owner
        (i,) the set that each is for, ascending.
    line_starts
        (p,) where those for each set and line begin.
    set_starts
        (g,) where those of each set begin in `line_starts`.
    """

    strips: Strips
    segment: IntArray
    owner: IntArray
    line_starts: IntArray
    set_starts: IntArray

    def find_way(self, x: FloatArray, y: FloatArray) -> Offsets:
        """From each set's point to the mean of its lines' nearest points; how far beyond reach the farthest is."""
        px, py, beyond = find_offsets(self.strips, self.segment, x[self.owner], y[self.owner])
        lengths = run_lengths(self.line_starts, len(beyond))
        nearest = np.minimum.reduceat(beyond, self.line_starts)
        rows = np.flatnonzero(beyond == np.repeat(nearest, lengths))
        pair = np.repeat(np.arange(len(lengths)), lengths)[rows]
        rows = rows[find_starts(pair)]
        num_lines = run_lengths(self.set_starts, len(rows))
        to_x, to_y = (-np.add.reduceat(offset[rows], self.set_starts) / num_lines for offset in (px, py))
        return to_x, to_y, np.maximum.reduceat(nearest, self.set_starts)


def _to_finder(sets: LineSets, strips: Strips) -> _Finder:
    """Find the segments that may be nearest to a point no farther than the largest reach from the sets' points."""
    owner = np.repeat(np.arange(len(sets)), np.diff(sets.start))
    num_lines = int(strips.line.max()) + 1
    keys = strips.frame * num_lines + strips.line[strips.roots]
    wanted = sets.frame[owner] * num_lines + sets.line
    first, last = np.searchsorted(keys, wanted), np.searchsorted(keys, wanted, side="right")
    pair = np.repeat(np.arange(len(owner)), last - first)
    chord = strips.roots[expand(first, last - first)]
    while True:
        beyond = find_offsets(strips, chord, sets.x[owner[pair]], sets.y[owner[pair]])[2]
        width, starts = strips.width[chord], find_starts(pair)
        farthest = np.minimum.reduceat(beyond + width, starts) + 2 * strips.reach.max()
        is_kept = beyond - width <= np.repeat(farthest, run_lengths(starts, len(pair)))
        pair, chord = pair[is_kept], chord[is_kept]
        if not strips.width[chord].any():
            return _Finder(strips, chord, owner[pair], find_starts(pair), find_starts(owner))
        pair, chord = _refine(pair, chord, strips)


def _refine(pair: IntArray, chord: IntArray, strips: Strips) -> tuple[IntArray, IntArray]:
    row = np.repeat(np.arange(len(chord)), 1 + (strips.width[chord] > 0))
    is_second = np.append(False, row[1:] == row[:-1])
    halves = np.where(is_second, strips.right[chord[row]], strips.left[chord[row]])
    return pair[row], np.where(strips.width[chord[row]] > 0, halves, chord[row])
