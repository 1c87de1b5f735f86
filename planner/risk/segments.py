"""Lines as arrays of straight segments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from planner.risk.ragged import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Segments:
    """Straight segments, those of one line together and in order.

    Parameters
    ----------
    start, end
        (m, 2) their ends, in metres of some plane; (m, 3) on the globe.
    line
        (m,) index of the line that each is a part of, ascending.
    """

    start: FloatArray
    end: FloatArray
    line: IntArray

    def __len__(self) -> int:
        return len(self.line)

    def take(self, rows: IntArray | BoolArray) -> Segments:
        """Some of the segments."""
        return Segments(self.start[rows], self.end[rows], self.line[rows])

    def lengths_m(self) -> FloatArray:
        """(m,) length of each segment."""
        lengths: FloatArray = np.sqrt(((self.end - self.start) ** 2).sum(axis=1))
        return lengths

    def to_shapes(self) -> NDArray[np.object_]:
        """Lines, and points where a segment has no length: GEOS finds nothing near a line without one."""
        lines = np.asarray(shapely.linestrings(np.stack([self.start, self.end], axis=1)), dtype=object)
        is_point = (self.start == self.end).all(axis=1)
        lines[is_point] = shapely.points(self.start[is_point])
        return lines

    def follows(self) -> BoolArray:
        """(m,) whether each segment begins where the one before it ends, in the same line."""
        is_next = np.zeros(len(self), dtype=bool)
        is_next[1:] = (self.line[1:] == self.line[:-1]) & (self.start[1:] == self.end[:-1]).all(axis=1)
        return is_next

    def vertices(self) -> tuple[FloatArray, IntArray, IntArray]:
        """The vertices, those shared by neighbours once, and which ones each segment starts and ends at."""
        is_next = self.follows()
        is_last = ~np.append(is_next[1:], False)[: len(self)]
        place = np.arange(len(self)) + np.cumsum(is_last) - is_last
        xy = np.empty((len(self) + np.count_nonzero(is_last), self.start.shape[1]))
        xy[place], xy[place + 1] = self.start, self.end
        return xy, place, place + 1

    def divide(self, pieces: IntArray) -> Segments:
        """Cut each segment into so many equal pieces."""
        row = np.repeat(np.arange(len(self)), pieces)
        step = np.arange(len(row)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
        along = self.end[row] - self.start[row]
        start = self.start[row] + along * (step / pieces[row])[:, None]
        end = self.end[row].copy()
        is_inner = step + 1 < pieces[row]
        end[is_inner] = start[np.flatnonzero(is_inner) + 1]
        return Segments(start, end, self.line[row])


def to_segments(lines: NDArray[Any]) -> Segments:
    """Take lines apart.

    Parameters
    ----------
    lines
        (n,) shapely geometries of lines, parts of lines or points; a point is a segment of length zero. Empty and
        missing ones have no segments.

    Raises
    ------
    ValueError
        If a coordinate is no finite number.
    """
    parts, line_of_part = shapely.get_parts(lines, return_index=True)
    xy, part = shapely.get_coordinates(parts, return_index=True)
    if not np.isfinite(xy).all():
        raise ValueError("a line has a coordinate that is no finite number")
    is_point = np.bincount(part, minlength=len(parts))[part] == 1
    is_last = np.append(part[1:] != part[:-1], True)[: len(part)]
    start = np.flatnonzero(~is_last | is_point)
    end = np.where(is_point[start], start, start + 1)
    return Segments(xy[start], xy[end], line_of_part[part[start]].astype(np.int64))
