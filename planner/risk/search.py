"""Branch and bound over cells and chords: the maximal sets of lines that one point reaches.

A cell keeps the lines that some point of it may be within reach of. If that set has been found already, or one
point reaches all of it, nothing in the cell can add to what is known and the search turns back; if few segments are
left, the cell is solved outright; else it is cut in four and its chords are refined. So effort goes where lines
meet in new ways, not where they run side by side for long, and vertices are looked at only where they matter.

Sites are lines that count exactly: of the sets with the same sites the maximal ones are found. So as long as there is
a site that reaches some of a cell and perhaps not all of it, what was found elsewhere says nothing about the cell.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from planner.risk.cells import BASE_LIMIT, Cells, join
from planner.risk.found import Found, LineSets, to_words
from planner.risk.leaves import solve_leaves
from planner.risk.measure import Measured, measure
from planner.risk.ragged import BoolArray, FloatArray, IntArray
from planner.risk.samples import try_samples
from planner.risk.strips import Strips

_BLOCK = 200_000  # chords measured at once: as many as the processor's cache takes well
_LEAF_BLOCK = 200_000
_THICKNESS = 0.5  # chords thicker than this much of half a cell's side are refined


def find_sets(
    strips: Strips, cells: Cells, num_lines: int, slack_m: float, *, first_site: int | None = None
) -> LineSets:
    """Find every maximal set of two lines or more that a point of the cells is within reach of.

    Parameters
    ----------
    strips
        The lines.
    cells
        Cells that hold all points of interest, with the roots of all lines.
    num_lines
        Number of lines.
    slack_m
        Half the tolerance: points are sought at reach less this much, and tested at reach.
    first_site
        Lines from this one on are sites.

    Returns
    -------
    LineSets
        All maximal sets, and others that are part of one. With sites: of those with the same sites all maximal
        ones, where two lines or more or a site are in them, and others.
    """
    first_site = num_lines if first_site is None else first_site
    found = Found(to_words(num_lines), 2 if first_site == num_lines else 1)
    stack = list(cells.in_blocks(_BLOCK))
    leaves: list[Cells] = []
    while stack:
        block = _pop(stack)
        for piece in _descend(block, strips, found, slack_m, first_site, leaves):
            stack.extend(piece.in_blocks(_BLOCK))
        if not stack or sum(len(leaf.cell) for leaf in leaves) > _LEAF_BLOCK:
            _solve(leaves, strips, found, slack_m, first_site)
    return found.to_sets()


def _pop(stack: list[Cells]) -> Cells:
    """Take the newest block, and older ones as long as they are small together."""
    blocks = [stack.pop()]
    total = len(blocks[0].cell)
    while stack and total + len(stack[-1].cell) <= _BLOCK:
        blocks.append(stack.pop())
        total += len(blocks[-1].cell)
    return join(blocks)


def _solve(leaves: list[Cells], strips: Strips, found: Found, slack_m: float, first_site: int) -> None:
    if leaves:
        solve_leaves(join(leaves), strips, found, slack_m, first_site)
        leaves.clear()


def _descend(
    cells: Cells, strips: Strips, found: Found, slack_m: float, first_site: int, leaves: list[Cells]
) -> Iterator[Cells]:
    """Take in what can be told of cells; put some aside to be solved, and yield what is left of the others."""
    measured = measure(cells, strips, found.words, slack_m, first_site)
    cells, in_doubt = measured.cells, measured.in_doubt
    is_open = (measured.num_lines > 1) | measured.has_site
    is_open &= in_doubt | ~(measured.is_beaten | found.knows(measured.word))
    rows = np.flatnonzero(is_open & measured.is_whole)
    _report(measured, found, rows, cells.x[rows], cells.y[rows])
    is_open &= in_doubt | ~(measured.is_whole | found.knows(measured.word))
    is_small = np.bincount(cells.cell, minlength=len(cells)) <= cells.limit
    is_coarse = np.bincount(cells.cell[strips.width[cells.chord] > 0], minlength=len(cells)) > 0
    leaves.append(cells.select(is_open & is_small & ~is_coarse))
    refined = cells.select(is_open & is_small & is_coarse)
    yield refined.refine(strips, strips.width[refined.chord] > 0)
    if (is_open & ~is_small).any():
        yield _split(measured, is_open & ~is_small, strips, found, slack_m)


def _split(measured: Measured, is_crowded: BoolArray, strips: Strips, found: Found, slack_m: float) -> Cells:
    """Quarter cells, unless one of their points turns out to reach all that any of their points may."""
    sampled = try_samples(measured.cells.select(is_crowded), strips, measured.num_lines[is_crowded], slack_m)
    is_whole = sampled.is_whole
    rows = np.flatnonzero(is_crowded)[is_whole]
    _report(measured, found, rows, sampled.x[is_whole], sampled.y[is_whole])
    in_doubt = measured.in_doubt[is_crowded]
    # where samples may take other sites than the quarters do, they are no measure for them
    sizes = np.where(in_doubt[:, None], 0, sampled.cells.sizes)
    cells = replace(sampled.cells, sizes=sizes).select(~is_whole | in_doubt)
    crowd = np.bincount(cells.cell, minlength=len(cells))
    # where splitting does not thin out the crowd, more of it has to be solved at once in the end
    is_stuck = crowd > 0.7 * cells.crowd
    limit = np.where(is_stuck, cells.limit * 1.25, np.maximum(BASE_LIMIT, cells.limit * 0.8))
    cells = replace(cells, limit=limit, crowd=crowd).split()
    return cells.refine(strips, strips.width[cells.chord] > _THICKNESS * cells.half[cells.cell])


def _report(measured: Measured, found: Found, rows: IntArray, x: FloatArray, y: FloatArray) -> None:
    """Take in, for some of the cells, the set of all lines that reach some of the disc."""
    place = np.full(len(measured.cells), -1)
    place[rows] = np.arange(len(rows))
    is_reported = place[measured.owner] >= 0
    owner, line = place[measured.owner[is_reported]], measured.line[is_reported]
    found.add_in_cells(measured.cells, rows, owner, line, x, y)
