"""Spans as straight pieces that know their metres along the span, without what is near the span's own ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from planner.network.cleared import find_cleared
from planner.network.ruler import Ruler
from planner.risk.ragged import BoolArray, FloatArray, IntArray, find_starts, run_lengths
from planner.risk.within import find_part_near_point

if TYPE_CHECKING:
    from planner.network.model import Network

MAX_PIECE_M = 2000.0
"""On the ground a piece is no longer, in metres of the CRS: so the scale of the map hardly changes along it."""

_STEP_M = 10.0  # over which the scale of the map is measured
_WGS84_A, _WGS84_E2 = 6378137.0, 6.69437999014e-3


@dataclass(frozen=True, slots=True, eq=False)
class Courses:
    """Straight pieces of spans, those of one span together and in order.

    Parameters
    ----------
    start, end
        (m, 2) their ends in the study's CRS.
    span
        (m,) row in `Network.spans`, ascending.
    from_m, to_m
        (m,) metres along the span, from its site a; they add up to the span's own length.
    is_corner
        (m,) whether the piece begins at a vertex of the span, and not where a long piece was divided.
    """

    start: FloatArray
    end: FloatArray
    span: IntArray
    from_m: FloatArray
    to_m: FloatArray
    is_corner: BoolArray

    def __len__(self) -> int:
        return len(self.span)

    def take(self, low: FloatArray, high: FloatArray, rows: IntArray) -> Courses:
        """Parts of some of the pieces: from share `low` to share `high` of each."""
        start, along = self.start[rows], self.end[rows] - self.start[rows]
        from_m, length_m = self.from_m[rows], self.to_m[rows] - self.from_m[rows]
        return Courses(
            start + low[:, None] * along,
            np.where((high == 1)[:, None], self.end[rows], start + high[:, None] * along),
            self.span[rows],
            from_m + low * length_m,
            np.where(high == 1, self.to_m[rows], from_m + high * length_m),
            self.is_corner[rows] & (low == 0),
        )

    def cut_out(self, span: int, from_m: float, to_m: float) -> shapely.LineString:
        """The line of a span between two of its metres."""
        first, last = np.searchsorted(self.span, [span, span + 1])
        metres = np.append(self.from_m[first:last], self.to_m[last - 1])
        points = np.vstack([self.start[first:last], self.end[last - 1]])
        is_inside = (metres > from_m) & (metres < to_m) & np.append(self.is_corner[first:last], True)
        ends = np.column_stack([np.interp([from_m, to_m], metres, points[:, axis]) for axis in (0, 1)])
        return shapely.LineString(np.vstack([ends[:1], points[is_inside], ends[1:]]))


def to_courses(network: Network, spans: IntArray) -> Courses:
    """Take spans apart.

    Parameters
    ----------
    network
        The network.
    spans
        Rows of the spans wanted, ascending.
    """
    ruler = Ruler(network.crs, network.is_planar)
    points, line = shapely.get_coordinates(network.spans.geometry.to_numpy()[spans], return_index=True)
    is_piece = (line[1:] == line[:-1]) & (points[1:] != points[:-1]).any(axis=1)
    start, end, row = points[:-1][is_piece], points[1:][is_piece], line[:-1][is_piece]
    is_corner = np.ones(len(row), dtype=bool)
    if not network.is_planar:
        start, end, row, is_corner = _divide(start, end, row)
    length_m = ruler.distances_m(start, end)
    known_m = network.spans["length_m"].to_numpy(dtype=np.float64)[spans]
    measured_m = np.bincount(row, weights=length_m, minlength=len(spans))
    length_m = length_m * np.divide(known_m, measured_m, out=np.ones(len(spans)), where=measured_m > 0)[row]
    to_m = np.cumsum(length_m)
    starts = find_starts(row)
    base = np.repeat(to_m[starts] - length_m[starts], run_lengths(starts, len(row)))
    return Courses(start, end, spans[row], to_m - length_m - base, to_m - base, is_corner)


def _divide(start: FloatArray, end: FloatArray, row: IntArray) -> tuple[FloatArray, FloatArray, IntArray, BoolArray]:
    """Divide long pieces into equal ones of at most `MAX_PIECE_M`."""
    count = np.maximum(1, np.ceil(np.hypot(*(end - start).T) / MAX_PIECE_M)).astype(np.int64)
    old = np.repeat(np.arange(len(row)), count)
    place = np.arange(len(old)) - np.repeat(np.cumsum(count) - count, count)
    low, high = (place / count[old])[:, None], ((place + 1) / count[old])[:, None]
    along = (end - start)[old]
    first = np.where(low == 0, start[old], start[old] + low * along)
    last = np.where(high == 1, end[old], start[old] + high * along)
    return first, last, row[old], place == 0


def leave_clearance(courses: Courses, network: Network, site_clearance_m: float) -> Courses:
    """Leave out the parts within a straight distance of the span's own end sites."""
    ruler = Ruler(network.crs, network.is_planar)
    sites = shapely.get_coordinates(network.sites.geometry.to_numpy())
    cleared = find_cleared(network)[courses.span]
    parts = [_find_part_near_site(courses, site, sites, ruler, site_clearance_m) for site in cleared.T]
    low = np.column_stack([low for low, _ in parts])
    high = np.column_stack([high for _, high in parts])
    order = np.argsort(low, axis=1, kind="stable")
    low, high = np.take_along_axis(low, order, axis=1), np.take_along_axis(high, order, axis=1)
    zero, one = np.zeros(len(courses)), np.ones(len(courses))
    left = np.column_stack([zero, np.maximum.accumulate(high, axis=1)])
    right = np.column_stack([low, one])
    row, part = np.nonzero(right - left > 1e-12)
    return courses.take(left[row, part], right[row, part], row)


def to_ground(ruler: Ruler, places: FloatArray) -> FloatArray:
    """(n, 2, 2) what turns a small step in the CRS into metres east and north on the ground, at each place."""
    if ruler.is_planar:
        return np.broadcast_to(np.eye(2), (len(places), 2, 2))
    latitude = np.radians(ruler.to_lonlat(places)[:, 1])
    bend = 1 - _WGS84_E2 * np.sin(latitude) ** 2
    per_radian = np.column_stack([_WGS84_A / np.sqrt(bend) * np.cos(latitude), _WGS84_A * (1 - _WGS84_E2) / bend**1.5])
    columns = []
    for step in ((_STEP_M, 0.0), (0.0, _STEP_M)):
        turn = ruler.to_lonlat(places + step) - ruler.to_lonlat(places - np.array(step))
        turn = (turn + 180) % 360 - 180  # over the date line
        columns.append(np.radians(turn) * per_radian / (2 * _STEP_M))
    return np.stack(columns, axis=2)


def _find_part_near_site(
    courses: Courses, site: IntArray, sites: FloatArray, ruler: Ruler, site_clearance_m: float
) -> tuple[FloatArray, FloatArray]:
    """Shares of each piece that are near its site; 0 to 0 where none are."""
    low, high = np.zeros(len(courses)), np.zeros(len(courses))
    middle = (courses.start + courses.end) / 2
    half_m = np.hypot(*(courses.end - courses.start).T) / 2
    place = sites[site]
    near = np.flatnonzero(_is_near(middle, place, half_m, ruler, site_clearance_m) & (site >= 0))
    # the scale half way between the two is that of the straight line between them, to the third order
    step = to_ground(ruler, (middle[near] + place[near]) / 2)
    start, end = (np.einsum("nij,nj->ni", step, end[near] - place[near]) for end in (courses.start, courses.end))
    found_low, found_high = find_part_near_point(start, end, np.zeros_like(start), site_clearance_m)
    is_hit = found_low <= found_high
    low[near[is_hit]], high[near[is_hit]] = found_low[is_hit], found_high[is_hit]
    return low, high


def _is_near(place: FloatArray, site: FloatArray, half_m: FloatArray, ruler: Ruler, distance_m: float) -> BoolArray:
    reach = distance_m if ruler.is_planar else 1.05 * distance_m * np.maximum(ruler.scales(place), ruler.scales(site))
    is_near: BoolArray = np.hypot(*(place - site).T) <= half_m + reach
    return is_near
