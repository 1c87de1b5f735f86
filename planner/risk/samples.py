"""Tries a few points of each cell, to see whether the search can do without the cell or parts of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from planner.risk.cells import NUM_SAMPLES, Cells
from planner.risk.ragged import BoolArray, FloatArray, IntArray, WordArray, find_starts, run_lengths
from planner.risk.strips import Strips, find_offsets

# centre, corners, middles of the sides, centres of the quarters, in halves of the side
_GRID = [(x, y) for x in (-1.0, 0.0, 1.0) for y in (-1.0, 0.0, 1.0)]
_PATTERN = np.array(_GRID + [(x, y) for x in (-0.5, 0.5) for y in (-0.5, 0.5)])
# in cells far larger than the reach no sample is near enough to anything
_MAX_HALF = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class Sampled:
    """What the samples of cells reach.

    Parameters
    ----------
    cells
        The cells, which now know it.
    x, y
        (c,) the sample that reaches most lines.
    is_whole
        (c,) whether it reaches all lines that reach some of the disc.
    """

    cells: Cells
    x: FloatArray
    y: FloatArray
    is_whole: BoolArray


def try_samples(cells: Cells, strips: Strips, num_lines: IntArray, slack_m: float) -> Sampled:
    """Try points of cells.

    Parameters
    ----------
    cells
        Cells with one undecided line or more each.
    strips
        The chords.
    num_lines
        (c,) number of lines that reach some of each disc.
    slack_m
        A sample counts for a line only this far within its reach, as points that the search is sure to find do.
    """
    starts = find_starts(cells.cell, strips.line[cells.chord])
    x, y = _meeting_point(cells, strips, starts)
    samples_x, samples_y = [x], [y]
    hits = _hits(cells, strips, x, y, slack_m).astype(np.uint64)
    is_fine = cells.half <= _MAX_HALF * strips.reach.max()
    rows = np.flatnonzero(is_fine[cells.cell])
    for bit, (dx, dy) in enumerate(_PATTERN, start=1):
        samples_x.append(cells.x + dx * cells.half)
        samples_y.append(cells.y + dy * cells.half)
        if len(rows):
            is_hit = _hits(cells, strips, samples_x[-1], samples_y[-1], slack_m, rows)
            hits[rows] |= is_hit.astype(np.uint64) << np.uint64(bit)
    by_line = np.bitwise_or.reduceat(hits, starts)
    sizes = cells.num_inside[:, None] + _count_bits(by_line, cells.cell[starts], len(cells))
    best = np.argmax(sizes, axis=1)
    chosen = np.arange(len(cells))
    return Sampled(
        replace(cells, samples=np.repeat(by_line, run_lengths(starts, len(cells.cell))), sizes=sizes),
        np.stack(samples_x)[best, chosen],
        np.stack(samples_y)[best, chosen],
        sizes.max(axis=1) == num_lines,
    )


def _hits(
    cells: Cells, strips: Strips, x: FloatArray, y: FloatArray, slack_m: float, rows: IntArray | slice = slice(None)
) -> BoolArray:
    """Whether each cell's sample is within reach of its chords for sure."""
    cell, chord = cells.cell[rows], cells.chord[rows]
    return np.asarray(find_offsets(strips, chord, x[cell], y[cell])[2] + strips.width[chord] <= -slack_m)


def _count_bits(words: WordArray, owner: IntArray, num_cells: int) -> IntArray:
    counts = np.zeros((num_cells, NUM_SAMPLES), dtype=np.int64)
    for bit in range(NUM_SAMPLES):
        counts[:, bit] = np.bincount(owner[(words >> np.uint64(bit)) & np.uint64(1) > 0], minlength=num_cells)
    return counts


def _meeting_point(cells: Cells, strips: Strips, starts: IntArray) -> tuple[FloatArray, FloatArray]:
    """The mean of the points in which the undecided lines come nearest to the centre.

    Lines in one trench, or at one site, come near to one another there.
    """
    cell, chord = cells.cell, cells.chord
    px, py, beyond = find_offsets(strips, chord, cells.x[cell], cells.y[cell])
    least = np.repeat(np.minimum.reduceat(beyond, starts), run_lengths(starts, len(cell)))
    nearest = np.flatnonzero(beyond == least)
    nearest = nearest[find_starts(cell[nearest], strips.line[chord[nearest]])]
    num_lines = np.bincount(cell[nearest], minlength=len(cells))
    away_x = -np.bincount(cell[nearest], weights=px[nearest], minlength=len(cells)) / num_lines
    away_y = -np.bincount(cell[nearest], weights=py[nearest], minlength=len(cells)) / num_lines
    away = np.sqrt(away_x**2 + away_y**2)
    # what is inside was told of the disc alone, and only the square is sure to be searched: stay in both
    share = np.minimum(1.0, cells.half / np.maximum(away, 1e-300))
    return cells.x + share * away_x, cells.y + share * away_y
