"""Points in every cell of the arrangement of discs around sites and neighbourhoods of segments."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from planner.risk.ragged import FloatArray, IntArray
from planner.risk.segments import Segments

_NUDGE = 1e-5  # of the radius: how far beside a boundary a cell is tried
_TINY = 1e-12

type Met = tuple[IntArray, FloatArray]


@dataclass(frozen=True, slots=True, eq=False)
class _Curves:
    """Boundaries: circles of one radius first, then straight pieces.

    Parameters
    ----------
    centre
        (c, 2) centres of the circles.
    start, along
        (p, 2) where each straight piece begins, and the way to its end.
    radius_m
        Of the circles.
    """

    centre: FloatArray
    start: FloatArray
    along: FloatArray
    radius_m: float

    def __len__(self) -> int:
        return len(self.centre) + len(self.start)

    def at(self, curve: IntArray, share: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Points at angles of circles or shares of straight pieces, and the unit normals there."""
        is_circle = curve < len(self.centre)
        points, normals = np.empty((len(curve), 2)), np.empty((len(curve), 2))
        angle = share[is_circle]
        normals[is_circle] = np.column_stack([np.cos(angle), np.sin(angle)])
        points[is_circle] = self.centre[curve[is_circle]] + self.radius_m * normals[is_circle]
        piece = curve[~is_circle] - len(self.centre)
        along = self.along[piece]
        points[~is_circle] = self.start[piece] + share[~is_circle, None] * along
        normals[~is_circle] = np.column_stack([-along[:, 1], along[:, 0]]) / np.hypot(*along.T)[:, None]
        return points, normals


def find_cell_points(segments: Segments, sites: FloatArray, radius_m: float, tolerance_m: float) -> FloatArray:
    """Find points of every cell of the plane in which the same segments and the same sites are within the radius.

    Parameters
    ----------
    segments
        Segments in one plane.
    sites
        (s, 2) points in it.
    radius_m
        The radius.
    tolerance_m
        Boundaries that miss each other by no more than this count as touching.

    Returns
    -------
    ndarray
        (n, 2) every point where boundaries meet, and of every stretch of a boundary between two such points the
        middle, as it is and a hair to either side. Every cell has such a stretch on its rim, so none is missed but
        those thinner than the hair, 1e-5 of the radius.
    """
    curves = _to_curves(segments, sites, radius_m)
    curve, share = _find_meetings(curves, tolerance_m)
    meetings = curves.at(curve, share)[0]
    middle, normal = curves.at(*_find_middles(curves, curve, share))
    nudge = max(_NUDGE * radius_m, 4 * tolerance_m) * normal
    return np.concatenate([curves.centre, meetings, middle, middle - nudge, middle + nudge])


def _to_curves(segments: Segments, sites: FloatArray, radius_m: float) -> _Curves:
    ends = np.concatenate([sites, segments.start, segments.end])
    # neighbours in a line, and lines that end at one site, share circles
    first = np.unique(np.round(ends, 7), axis=0, return_index=True)[1]
    along = segments.end - segments.start
    length = np.hypot(*along.T)
    start, along = segments.start[length > 0], along[length > 0]
    aside = np.column_stack([-along[:, 1], along[:, 0]]) / length[length > 0, None] * radius_m
    starts = start if radius_m == 0 else np.concatenate([start - aside, start + aside])
    return _Curves(ends[np.sort(first)], starts, along if radius_m == 0 else np.tile(along, (2, 1)), radius_m)


def _find_meetings(curves: _Curves, tolerance_m: float) -> Met:
    """Where each curve meets others: the curve, and the angle or share; both curves of a meeting are in it."""
    circle, end = curves.centre, curves.start + curves.along
    low = np.concatenate([circle - curves.radius_m, np.minimum(curves.start, end)]) - tolerance_m
    high = np.concatenate([circle + curves.radius_m, np.maximum(curves.start, end)]) + tolerance_m
    boxes = shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1])
    one, other = shapely.STRtree(boxes).query(boxes)
    one, other = one[one < other], other[one < other]
    num = len(circle)
    both = other < num
    met = _meet_circles(curves, one[both], other[both], tolerance_m)
    mixed = (one < num) & ~both
    met += _meet_mixed(curves, one[mixed], other[mixed], tolerance_m)
    met += _meet_pieces(curves, one[one >= num], other[one >= num], tolerance_m)
    return np.concatenate([m[0] for m in met]), np.concatenate([m[1] for m in met])


def _meet_circles(curves: _Curves, one: IntArray, other: IntArray, tolerance_m: float) -> list[Met]:
    away = curves.centre[other] - curves.centre[one]
    half = np.hypot(*away.T) / 2
    is_met = (half <= curves.radius_m + tolerance_m / 2) & (half > 0) & (curves.radius_m > 0)
    one, other, away, half = one[is_met], other[is_met], away[is_met], half[is_met]
    towards = np.arctan2(away[:, 1], away[:, 0])
    aside = np.arccos(np.minimum(half / max(curves.radius_m, _TINY), 1.0))
    return [
        (one, towards + aside),
        (one, towards - aside),
        (other, towards + np.pi - aside),
        (other, towards + np.pi + aside),
    ]


def _meet_mixed(curves: _Curves, circle: IntArray, piece: IntArray, tolerance_m: float) -> list[Met]:
    row = piece - len(curves.centre)
    along, offset = curves.along[row], curves.start[row] - curves.centre[circle]
    square = (along**2).sum(axis=1)
    foot = -(offset * along).sum(axis=1) / square
    height = np.sqrt(((offset + foot[:, None] * along) ** 2).sum(axis=1))
    is_met = height <= curves.radius_m + tolerance_m
    circle, piece, along, offset = circle[is_met], piece[is_met], along[is_met], offset[is_met]
    foot, square = foot[is_met], square[is_met]
    width = np.sqrt(np.maximum(curves.radius_m**2 - height[is_met] ** 2, 0.0) / square)
    slack = tolerance_m / np.sqrt(square)
    met: list[Met] = []
    for share in (foot - width, foot + width):
        is_on = (share >= -slack) & (share <= 1 + slack)
        point = offset[is_on] + share[is_on, None] * along[is_on]
        met += [(piece[is_on], share[is_on]), (circle[is_on], np.arctan2(point[:, 1], point[:, 0]))]
    return met


def _meet_pieces(curves: _Curves, one: IntArray, other: IntArray, tolerance_m: float) -> list[Met]:
    a, b = one - len(curves.centre), other - len(curves.centre)
    along, across, away = curves.along[a], curves.along[b], curves.start[b] - curves.start[a]
    cross = _cross(along, across)
    lengths = np.hypot(*along.T), np.hypot(*across.T)
    is_met = np.abs(cross) > _TINY * lengths[0] * lengths[1]
    divisor = np.where(is_met, cross, 1.0)
    share, share_of_other = _cross(away, across) / divisor, _cross(away, along) / divisor
    for value, length in ((share, lengths[0]), (share_of_other, lengths[1])):
        is_met &= (value * length >= -tolerance_m) & ((value - 1) * length <= tolerance_m)
    return [(one[is_met], share[is_met]), (other[is_met], share_of_other[is_met])]


def _cross(a: FloatArray, b: FloatArray) -> FloatArray:
    return np.asarray(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])


def _find_middles(curves: _Curves, curve: IntArray, share: FloatArray) -> Met:
    """The middles of all stretches of curves between meetings; circles close upon themselves."""
    num_circles, num_pieces = len(curves.centre), len(curves.start)
    circles, pieces = np.arange(num_circles), np.arange(num_circles, num_circles + num_pieces)
    is_circle = curve < num_circles
    share = np.where(is_circle, share % (2 * np.pi), np.clip(share, 0.0, 1.0))
    # a circle's first meeting comes again one turn later; one without any is a stretch from 0 to a full turn
    first = np.full(num_circles, np.inf)
    np.minimum.at(first, curve[is_circle], share[is_circle])
    is_met = np.isfinite(first)
    curve = np.concatenate([curve, circles, circles[~is_met], pieces, pieces])
    turns = np.where(is_met, first, 0.0) + 2 * np.pi
    share = np.concatenate([share, turns, np.zeros((~is_met).sum()), np.zeros(num_pieces), np.ones(num_pieces)])
    order = np.lexsort((share, curve))
    curve, share = curve[order], share[order]
    is_stretch = (curve[1:] == curve[:-1]) & (share[1:] > share[:-1])
    return curve[1:][is_stretch], ((share[1:] + share[:-1]) / 2)[is_stretch]
