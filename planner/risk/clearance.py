"""Leaves out the parts of lines that are near their own end sites."""

from __future__ import annotations

import numpy as np

from planner.risk.ground import to_centres, to_globe, to_map
from planner.risk.ragged import BoolArray, FloatArray, IntArray
from planner.risk.segments import Segments
from planner.risk.within import find_part_near_point

_MARGIN_M = 1e-6  # the disc is closed, and what is left of a segment beyond it is longer than this

type Shares = tuple[FloatArray, FloatArray]


def find_near_in_plane(segments: Segments, ends: IntArray, sites: FloatArray, clearance_m: float) -> list[Shares]:
    """Find what is near the lines' own ends, in the plane of the coordinates.

    Parameters
    ----------
    segments
        The lines.
    ends
        (n, e) the sites around which each line is left out; -1 for none.
    sites
        (s, 2) where the sites are.
    clearance_m
        Straight distance from an end site within which a part of its line is near; at 0 nothing is.

    Returns
    -------
    list
        For each of the e the shares of each segment between which it is near, the first above the second where it
        is not; empty where nothing is near.
    """
    if clearance_m == 0:
        return []
    reach_m = clearance_m + _MARGIN_M
    return [
        _without(site < 0, find_part_near_point(segments.start, segments.end, sites[site], reach_m))
        for site in ends[segments.line].T
    ]


def find_near_on_ground(globe: Segments, ends: IntArray, lonlat: FloatArray, clearance_m: float) -> list[Shares]:
    """The same for lines in geocentric coordinates, by distances on the ground; `lonlat` is where the sites are."""
    if clearance_m == 0:
        return []
    return [_find_near_site(globe, site, lonlat, clearance_m + _MARGIN_M) for site in ends[globe.line].T]


def _find_near_site(globe: Segments, site: IntArray, lonlat: FloatArray, reach_m: float) -> Shares:
    middle = (globe.start + globe.end) / 2
    away = np.sqrt(((middle - to_globe(lonlat)[site]) ** 2).sum(axis=1))
    rows = np.flatnonzero((away <= reach_m + globe.lengths_m() / 2) & (site >= 0))
    centres = to_centres(lonlat).take(site[rows])
    start, end = to_map(globe.start[rows], centres), to_map(globe.end[rows], centres)
    low, high = np.ones(len(globe)), np.zeros(len(globe))
    low[rows], high[rows] = find_part_near_point(start, end, np.zeros_like(start), reach_m)
    return low, high


def _without(is_none: BoolArray, shares: Shares) -> Shares:
    low, high = shares
    return np.where(is_none, 1.0, low), np.where(is_none, 0.0, high)


def leave_out(segments: Segments, near: list[Shares]) -> Segments:
    """Keep the parts of each segment that no interval covers; all of it without intervals."""
    if not near:
        return segments
    is_near = np.column_stack([low <= high for low, high in near])
    low = np.where(is_near, np.column_stack([low for low, _ in near]), 0.0)
    high = np.where(is_near, np.column_stack([high for _, high in near]), 0.0)
    order = np.argsort(low, axis=1, kind="stable")
    low, high = np.take_along_axis(low, order, axis=1), np.take_along_axis(high, order, axis=1)
    left = np.column_stack([np.zeros(len(low)), np.maximum.accumulate(high, axis=1)])
    right = np.column_stack([low, np.ones(len(low))])
    is_kept = (right - left) * segments.lengths_m()[:, None] > _MARGIN_M
    is_kept[~is_near.any(axis=1)] = np.arange(len(near) + 1) == len(near)
    row, part = np.nonzero(is_kept)
    start, along = segments.start[row], (segments.end - segments.start)[row]
    low, high = left[row, part][:, None], right[row, part][:, None]
    return Segments(
        np.where(low == 0, start, start + low * along),
        np.where(high == 1, segments.end[row], start + high * along),
        segments.line[row],
    )
