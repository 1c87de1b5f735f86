"""Cells of the plane, each with the chords that matter in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from planner.risk.ragged import BoolArray, FloatArray, IntArray, WordArray
from planner.risk.strips import Strips

NUM_SAMPLES = 14
BASE_LIMIT = 16.0  # chords


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Square cells; a cell answers for the disc around it, through its corners.

    Parameters
    ----------
    x, y
        (c,) centre of each cell, in metres of its plane.
    half
        (c,) half the side, in metres.
    frame
        (c,) the plane.
    limit
        (c,) number of chords up to which the cell is solved rather than split.
    crowd
        (c,) number of chords of the cell that it was split from.
    sizes
        (c, s) number of lines that each sample of the cell that it was split from is within reach of.
    num_inside
        (c,) number of lines that all of the disc is within reach of.
    word_inside
        (c,) the word of the set of those lines.
    cell, chord
        (i,) which chords may be the nearest of their line somewhere in the disc, for lines that some of the disc may
        be within reach of; sorted by cell and line.
    samples
        (i,) bit j tells whether sample j is within reach of the chord's line; all bits 0 where nothing is known.
    inside_cell, inside_line
        (j,) the lines that all of the disc is within reach of; sorted by cell.
    """

    x: FloatArray
    y: FloatArray
    half: FloatArray
    frame: IntArray
    limit: FloatArray
    crowd: IntArray
    sizes: IntArray
    num_inside: IntArray
    word_inside: WordArray
    cell: IntArray
    chord: IntArray
    samples: WordArray
    inside_cell: IntArray
    inside_line: IntArray

    def __len__(self) -> int:
        return len(self.x)

    def select(self, is_kept: BoolArray) -> Cells:
        """Some of the cells, with their chords and lines."""
        place = np.cumsum(is_kept) - 1
        rows, entries = is_kept[self.cell], is_kept[self.inside_cell]
        columns = {name: getattr(self, name)[is_kept] for name in _PER_CELL}
        return Cells(
            **columns,
            cell=place[self.cell[rows]],
            chord=self.chord[rows],
            samples=self.samples[rows],
            inside_cell=place[self.inside_cell[entries]],
            inside_line=self.inside_line[entries],
        )

    def refine(self, strips: Strips, is_coarse: BoolArray) -> Cells:
        """Replace some of the chords by the two that each is made of."""
        row = np.repeat(np.arange(len(self.cell)), 1 + is_coarse)
        is_second = np.zeros(len(row), dtype=bool)
        is_second[1:] = row[1:] == row[:-1]
        chord = self.chord[row]
        half_chord = np.where(is_second, strips.right[chord], strips.left[chord])
        return replace(
            self,
            cell=self.cell[row],
            chord=np.where(is_coarse[row], half_chord, chord),
            samples=self.samples[row],
        )

    def split(self) -> Cells:
        """Cut every cell into its four quarters."""
        quarter = self.half / 2
        columns = {name: np.concatenate([getattr(self, name)] * 4) for name in _PER_CELL}
        columns["x"] = np.concatenate([self.x + side * quarter for side in (-1, 1, -1, 1)])
        columns["y"] = np.concatenate([self.y + side * quarter for side in (-1, -1, 1, 1)])
        columns["half"] = np.tile(quarter, 4)
        shift = np.arange(4)[:, None] * len(self)
        return Cells(
            **columns,
            cell=(self.cell + shift).ravel(),
            chord=np.tile(self.chord, 4),
            samples=np.tile(self.samples, 4),
            inside_cell=(self.inside_cell + shift).ravel(),
            inside_line=np.tile(self.inside_line, 4),
        )

    def in_blocks(self, max_chords: int) -> Iterator[Cells]:
        """Deal the cells out into blocks of about so many chords; none where there is no cell."""
        if len(self.cell) <= max_chords:
            if len(self):
                yield self
            return
        block = np.searchsorted(self.cell, np.arange(len(self)), side="right") // max_chords
        for number in np.unique(block):
            yield self.select(block == number)


_PER_CELL = tuple(field.name for field in fields(Cells))[:9]


def join(blocks: Sequence[Cells]) -> Cells:
    """Put several blocks of cells together."""
    if len(blocks) == 1:
        return blocks[0]
    columns = {field.name: np.concatenate([getattr(block, field.name) for block in blocks]) for field in fields(Cells)}
    first = np.cumsum([0, *(len(block) for block in blocks[:-1])])
    for name in ("cell", "inside_cell"):
        columns[name] = columns[name] + np.repeat(first, [len(getattr(block, name)) for block in blocks])
    return Cells(**columns)


def to_cells(half_m: FloatArray, strips: Strips) -> Cells:
    """Lay one cell around the origin of every plane, with all that lies in that plane.

    Parameters
    ----------
    half_m
        (f,) half the side of each plane's cell.
    strips
        The lines.
    """
    num, none = len(half_m), np.zeros(0, dtype=np.int64)
    zeros = np.zeros(num, dtype=np.int64)
    return Cells(
        x=np.zeros(num),
        y=np.zeros(num),
        half=np.asarray(half_m, dtype=np.float64),
        frame=np.arange(num),
        limit=np.full(num, BASE_LIMIT),
        crowd=zeros,
        sizes=np.zeros((num, NUM_SAMPLES), dtype=np.int64),
        num_inside=zeros,
        word_inside=zeros.astype(np.uint64),
        cell=strips.frame,
        chord=strips.roots,
        samples=np.zeros(len(strips.roots), dtype=np.uint64),
        inside_cell=none,
        inside_line=none,
    )
