"""Tells for every cell which lines reach all of it, some of it, or nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from planner.risk.cells import Cells
from planner.risk.ragged import BoolArray, FloatArray, IntArray, WordArray, find_starts, run_lengths, sum_by_key
from planner.risk.strips import Strips, find_offsets

_HALF_DIAGONAL = float(np.sqrt(2.0))


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """Cells, with the lines and chords that cannot matter left out.

    Parameters
    ----------
    cells
        The cells. Their `chord` now speaks of undecided lines only.
    owner, line
        (t,) the undecided lines of each cell, sorted by cell and line.
    num_lines
        (c,) number of lines that reach some of the disc.
    word
        (c,) the word of their set.
    is_whole
        (c,) whether the centre is within reach of all of them.
    is_beaten
        (c,) whether a sample is within reach of all of them, and of others.
    in_doubt
        (c,) whether some of the undecided lines are sites.
    has_site
        (c,) whether some of all lines are sites.
    """

    cells: Cells
    owner: IntArray
    line: IntArray
    num_lines: IntArray
    word: WordArray
    is_whole: BoolArray
    is_beaten: BoolArray
    in_doubt: BoolArray
    has_site: BoolArray


def disc_radius(cells: Cells, slack_m: float) -> FloatArray:
    """(c,) radius of the disc that each cell answers for."""
    return cells.half * _HALF_DIAGONAL + slack_m


def measure(cells: Cells, strips: Strips, words: WordArray, slack_m: float, first_site: int) -> Measured:
    """Sort out the lines and chords of every cell.

    A line is inside when all of the disc is within its reach, undecided when some of the disc may be, and dropped
    otherwise. Of an undecided line those chords stay that can be its nearest somewhere in the disc. Lines from
    `first_site` on are sites.
    """
    chord_line = strips.line[cells.chord]
    starts = find_starts(cells.cell, chord_line)
    owner, line = cells.cell[starts], chord_line[starts]
    disc = disc_radius(cells, slack_m)[owner]
    beyond = find_offsets(strips, cells.chord, cells.x[cells.cell], cells.y[cells.cell])[2]
    width = strips.width[cells.chord]
    farthest = np.minimum.reduceat(beyond + width, starts) if len(starts) else np.zeros(0)
    is_inside = farthest <= -disc
    bound = np.where(is_inside, -np.inf, np.minimum(disc, farthest + 2 * disc))
    is_kept = beyond - width <= np.repeat(bound, run_lengths(starts, len(beyond)))
    is_undecided = np.logical_or.reduceat(is_kept, starts) if len(starts) else np.zeros(0, dtype=bool)
    in_play = is_inside | is_undecided
    num_lines = cells.num_inside + np.bincount(owner[in_play], minlength=len(cells))
    is_beaten = _find_beaten(cells, owner[in_play], cells.samples[starts[in_play]], num_lines)
    is_missed = np.bincount(owner[is_undecided & (farthest > 0)], minlength=len(cells)) > 0
    word = cells.word_inside + sum_by_key(words[line[in_play]], owner[in_play], len(cells))
    cells = _settle(cells, is_kept, owner[is_inside], line[is_inside], words)
    owner, line = owner[is_undecided], line[is_undecided]
    in_doubt = _has(owner[line >= first_site], len(cells))
    has_site = in_doubt | _has(cells.inside_cell[cells.inside_line >= first_site], len(cells))
    return Measured(cells, owner, line, num_lines, word, ~is_missed, is_beaten, in_doubt, has_site)


def _has(owner: IntArray, num: int) -> BoolArray:
    is_there = np.zeros(num, dtype=bool)
    is_there[owner] = True
    return is_there


def _find_beaten(cells: Cells, owner: IntArray, samples: WordArray, num_lines: IntArray) -> BoolArray:
    """Whether some sample reaches every line that may be reached from a cell, and more lines than these."""
    is_beaten = np.zeros(len(cells), dtype=bool)
    starts = find_starts(owner)
    if len(starts):
        common = np.bitwise_and.reduceat(samples, starts)
        starts, common = starts[common > 0], common[common > 0]
        cell = owner[starts]
        is_common = (common[:, None] >> np.arange(cells.sizes.shape[1], dtype=np.uint64)) & np.uint64(1) > 0
        is_beaten[cell] = (is_common & (cells.sizes[cell] > num_lines[cell, None])).any(axis=1)
    return is_beaten


def _settle(cells: Cells, is_kept: BoolArray, owner: IntArray, line: IntArray, words: WordArray) -> Cells:
    """Leave out chords, note lines that turned out to be inside, and forget the samples, which knew nothing of them."""
    inside_cell = np.concatenate([cells.inside_cell, owner])
    order = np.argsort(inside_cell, kind="stable")
    return replace(
        cells,
        cell=cells.cell[is_kept],
        chord=cells.chord[is_kept],
        samples=np.zeros(np.count_nonzero(is_kept), dtype=np.uint64),
        num_inside=cells.num_inside + np.bincount(owner, minlength=len(cells)),
        word_inside=cells.word_inside + sum_by_key(words[line], owner, len(cells)),
        inside_cell=inside_cell[order],
        inside_line=np.concatenate([cells.inside_line, line])[order],
    )
