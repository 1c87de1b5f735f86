"""Strip trees: polylines as chords with a known thickness, refined on demand.

A chord stands for the run of segments between its ends. Every point of that run is within `width` of the chord and,
since the run is connected, every point of the chord is within `width` of the run. So the distance from any point to
the run is known to within `width` without looking at its segments (Ballard, "Strip trees: a hierarchical
representation for curves", 1981).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from planner.risk.ragged import BoolArray, FloatArray, IntArray, find_starts, run_lengths
from planner.risk.segments import Segments


@dataclass(frozen=True, slots=True, eq=False)
class Strips:
    """Chords of all sizes; the first ones are the segments themselves.

    Parameters
    ----------
    x, y
        (s,) start of each chord, in metres.
    dx, dy
        (s,) from its start to its end.
    inverse_square
        (s,) one over the squared length; 0 for a chord without length.
    width
        (s,) how far its run strays from it, in metres; 0 for a segment.
    reach
        (s,) radius within which its line is severed, in metres.
    line
        (s,) index of its line.
    left, right
        (s,) the two chords that it is made of; -1 for a segment.
    roots
        (c,) the coarsest chord of every connected run, in the order of the segments.
    frame
        (c,) the plane of each of these, ascending.
    """

    x: FloatArray
    y: FloatArray
    dx: FloatArray
    dy: FloatArray
    inverse_square: FloatArray
    width: FloatArray
    reach: FloatArray
    line: IntArray
    left: IntArray
    right: IntArray
    roots: IntArray
    frame: IntArray


def to_strips(segments: Segments, frame: IntArray, reach_m: FloatArray) -> Strips:
    """Build the strip trees of polylines.

    Parameters
    ----------
    segments
        The polylines' segments; a line's segments that follow on from one another form one run.
    frame
        (m,) plane that each segment's coordinates belong to, ascending; segments of different planes are not joined.
    reach_m
        (n,) radius within which each line is severed.
    """
    run = _find_runs(segments, frame)
    first_of_run = find_starts(run)
    none = np.full(len(segments), -1)
    levels = [_Level(segments.start, segments.end, segments.line, np.zeros(len(segments)), none, none)]
    top, node = levels[0], np.arange(len(segments))
    num = len(segments)
    while (is_left := _is_left(run)).any():
        is_kept = np.append(True, ~is_left[:-1])
        pairs = top.join(np.flatnonzero(is_left), node)
        levels.append(pairs)
        top = _put(top, is_left, pairs).take(is_kept)
        node = node.copy()
        node[is_left] = num + np.arange(len(pairs.line))
        num += len(pairs.line)
        node, run = node[is_kept], run[is_kept]
    start, end, line, width, left, right = (np.concatenate(column) for column in zip(*levels, strict=True))
    dx, dy = (end - start).T.copy()
    square = dx * dx + dy * dy
    inverse = np.divide(1.0, square, out=np.zeros_like(square), where=square > 0)
    x, y = start.T.copy()
    return Strips(x, y, dx, dy, inverse, width, reach_m[line], line, left, right, node, frame[first_of_run])


class _Level(NamedTuple):
    """Chords of about the same number of segments; `left` and `right` as in `Strips`."""

    start: FloatArray
    end: FloatArray
    line: IntArray
    width: FloatArray
    left: IntArray
    right: IntArray

    def take(self, rows: BoolArray) -> _Level:
        return _Level(
            self.start[rows], self.end[rows], self.line[rows], self.width[rows], self.left[rows], self.right[rows]
        )

    def join(self, heads: IntArray, node: IntArray) -> _Level:
        """One chord each for some of these and the one that follows."""
        tails = heads + 1
        start, end = self.start[heads], self.end[tails]
        width = _distance(self.end[heads], start, end) + np.maximum(self.width[heads], self.width[tails])
        return _Level(start, end, self.line[heads], width, node[heads], node[tails])


def _put(level: _Level, rows: BoolArray, others: _Level) -> _Level:
    """A copy with some of the chords replaced."""
    copy = level.take(np.ones(len(rows), dtype=bool))
    copy.start[rows], copy.end[rows], copy.width[rows] = others.start, others.end, others.width
    return copy


def find_offsets(
    strips: Strips, chord: IntArray, x: FloatArray, y: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """From the nearest point of each chord to a point: both components, and how far beyond reach the point is.

    Parameters
    ----------
    strips
        The chords.
    chord
        (i,) which chord.
    x, y
        (i,) the point, in metres.
    """
    dx, dy = strips.dx[chord], strips.dy[chord]
    px, py = x - strips.x[chord], y - strips.y[chord]
    share = (px * dx + py * dy) * strips.inverse_square[chord]
    np.clip(share, 0.0, 1.0, out=share)
    px -= share * dx
    py -= share * dy
    return px, py, np.sqrt(px * px + py * py) - strips.reach[chord]


def _find_runs(segments: Segments, frame: IntArray) -> IntArray:
    is_break = ~segments.follows()
    is_break[1:] |= frame[1:] != frame[:-1]
    return np.asarray(np.cumsum(is_break))


def _is_left(run: IntArray) -> BoolArray:
    """Whether an element is at an even place of its run and has another one behind it."""
    starts = find_starts(run)
    place = np.arange(len(run)) - np.repeat(starts, run_lengths(starts, len(run)))
    has_next = np.append(run[1:] == run[:-1], False)[: len(run)]
    return np.asarray((place % 2 == 0) & has_next)


def _distance(point: FloatArray, start: FloatArray, end: FloatArray) -> FloatArray:
    """(n,) distance of each point from its segment."""
    along, offset = end - start, point - start
    square = (along**2).sum(axis=1)
    share = np.divide((offset * along).sum(axis=1), square, out=np.zeros_like(square), where=square > 0)
    distance: FloatArray = np.hypot(*(offset - np.clip(share, 0, 1)[:, None] * along).T)
    return distance
