"""Brings segments onto the globe in pieces so short that it does not matter what "straight" means.

A segment is meant to be straight in the study's CRS. Straight lines of that CRS, geodesics and straight lines of a
local map all differ; pieces are made short enough for them to agree to within a stated distance.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from planner.risk.ground import EARTH_RADIUS_M, to_centres, to_globe
from planner.risk.ragged import FloatArray, IntArray
from planner.risk.segments import Segments

_MAX_PIECE_M = 100_000.0

type ToLonlat = Callable[[FloatArray], FloatArray]


def divide_and_place(
    segments: Segments, to_lonlat: ToLonlat, *, max_stray_m: float, max_away_m: float
) -> tuple[Segments, Segments]:
    """Divide segments and bring the pieces onto the globe.

    Parameters
    ----------
    segments
        Straight in the study's CRS.
    to_lonlat
        Turns (n, 2) places of that CRS into longitudes and latitudes.
    max_stray_m
        How far pieces may stray from what they stand for.
    max_away_m
        Maps that they will be drawn on are looked at this far from their centre.

    Returns
    -------
    pieces, globe
        The pieces in the study's CRS, and the same pieces in geocentric coordinates.
    """
    lengths, strays = _measure(segments, to_lonlat)
    if lengths.max(initial=0.0) > _MAX_PIECE_M:
        segments = segments.divide(_num_pieces(lengths, _MAX_PIECE_M))
        lengths, strays = _measure(segments, to_lonlat)
    # on such a map a geodesic bends by 2/3 of its distance from the centre over the Earth's radius squared
    bend = 2 / 3 * max_away_m / EARTH_RADIUS_M**2
    max_piece = min(_MAX_PIECE_M, float(np.sqrt(8 * max_stray_m / bend)))
    num = np.maximum(_num_pieces(lengths, max_piece), _num_pieces(np.sqrt(strays), float(np.sqrt(max_stray_m))))
    pieces = segments.divide(num)
    return pieces, _place(pieces, to_lonlat)


def _place(segments: Segments, to_lonlat: ToLonlat) -> Segments:
    xy, start, end = segments.vertices()
    globe = to_globe(to_lonlat(xy))
    return Segments(globe[start], globe[end], segments.line)


def _num_pieces(amount: FloatArray, most: float) -> IntArray:
    return np.maximum(1, np.ceil(amount / most)).astype(np.int64)


def _measure(segments: Segments, to_lonlat: ToLonlat) -> tuple[FloatArray, FloatArray]:
    """Length of each segment, and how far its middle lies beside the shortest way between its ends, in metres."""
    globe = _place(segments, to_lonlat)
    middles = to_centres(to_lonlat((segments.start + segments.end) / 2))
    away = middles.place - (globe.start + globe.end) / 2
    along = globe.end - globe.start
    away_east, away_north = (away * middles.east).sum(axis=1), (away * middles.north).sum(axis=1)
    along_east, along_north = (along * middles.east).sum(axis=1), (along * middles.north).sum(axis=1)
    level = np.maximum(np.sqrt(along_east**2 + along_north**2), 1e-9)
    return globe.lengths_m(), np.abs(away_east * along_north - away_north * along_east) / level
