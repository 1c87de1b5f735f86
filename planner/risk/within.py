"""Which part of a straight segment lies within a distance of a point or of another segment, exactly."""

from __future__ import annotations

import numpy as np

from planner.risk.ragged import FloatArray


def find_part_near_point(
    start: FloatArray, end: FloatArray, point: FloatArray, radius_m: FloatArray | float
) -> tuple[FloatArray, FloatArray]:
    """The part of each segment that is within a distance of its point.

    Parameters
    ----------
    start, end, point
        (n, 2) metres of any plane, one for each row.
    radius_m
        The distance, one for all or one each; the disc is closed.

    Returns
    -------
    low, high
        (n,) shares of the segment, 0 at its start and 1 at its end; where nothing is near, `low` is above `high`.
    """
    along, offset = end - start, start - point
    square = (along**2).sum(axis=1)
    half = (offset * along).sum(axis=1)
    rest = (offset**2).sum(axis=1) - radius_m**2
    root = half**2 - square * rest
    has_length = square > 0
    width = np.sqrt(np.maximum(root, 0.0))
    low = np.divide(-half - width, square, out=np.where(rest <= 0, 0.0, np.inf), where=has_length)
    high = np.divide(-half + width, square, out=np.where(rest <= 0, 1.0, -np.inf), where=has_length)
    is_missed = has_length & (root < 0)
    return _clip(np.where(is_missed, np.inf, low), np.where(is_missed, -np.inf, high))


def find_part_near_segment(
    start: FloatArray,
    end: FloatArray,
    other_start: FloatArray,
    other_end: FloatArray,
    radius_m: FloatArray | float,
) -> tuple[FloatArray, FloatArray]:
    """The part of each segment that is within a distance of another segment; as `find_part_near_point`.

    Notes
    -----
    The neighbourhood of a segment is a stadium: two discs and a rectangle between them. It is convex, so the part of
    a straight line in it is one interval, from the lowest beginning to the highest end of the three intervals.
    """
    parts = [find_part_near_point(start, end, point, radius_m) for point in (other_start, other_end)]
    parts.append(_find_part_in_rectangle(start, end, other_start, other_end, radius_m))
    low = np.minimum.reduce([np.where(low <= high, low, np.inf) for low, high in parts])
    high = np.maximum.reduce([np.where(low <= high, high, -np.inf) for low, high in parts])
    return low, high


def _find_part_in_rectangle(
    start: FloatArray,
    end: FloatArray,
    other_start: FloatArray,
    other_end: FloatArray,
    radius_m: FloatArray | float,
) -> tuple[FloatArray, FloatArray]:
    axis = other_end - other_start
    length = np.hypot(*axis.T)
    axis = np.divide(axis, length[:, None], out=np.zeros_like(axis), where=length[:, None] > 0)
    normal = np.column_stack([-axis[:, 1], axis[:, 0]])
    offset, along = start - other_start, end - start
    low_1, high_1 = _find_part_in_slab((offset * axis).sum(axis=1), (along * axis).sum(axis=1), 0.0, length)
    low_2, high_2 = _find_part_in_slab((offset * normal).sum(axis=1), (along * normal).sum(axis=1), -radius_m, radius_m)
    is_flat = length == 0
    low, high = np.maximum(low_1, low_2), np.minimum(high_1, high_2)
    return _clip(np.where(is_flat, np.inf, low), np.where(is_flat, -np.inf, high))


def _find_part_in_slab(
    at: FloatArray, step: FloatArray, floor: FloatArray | float, ceiling: FloatArray | float
) -> tuple[FloatArray, FloatArray]:
    """Shares t with ``floor <= at + t * step <= ceiling``."""
    moves = np.abs(step) > 1e-300
    is_inside = (at >= floor) & (at <= ceiling)
    first = np.divide(floor - at, step, out=np.where(is_inside, -np.inf, np.inf), where=moves)
    second = np.divide(ceiling - at, step, out=np.where(is_inside, np.inf, -np.inf), where=moves)
    return np.where(moves, np.minimum(first, second), first), np.where(moves, np.maximum(first, second), second)


def _clip(low: FloatArray, high: FloatArray) -> tuple[FloatArray, FloatArray]:
    return np.maximum(low, 0.0), np.minimum(high, 1.0)
