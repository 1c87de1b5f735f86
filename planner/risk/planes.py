"""Planes in which the lines are drawn true to scale: one for all, or a map for every tile of the ground."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.spatial import KDTree

from planner.risk.ground import Centres, from_globe, to_lonlat, to_map
from planner.risk.ragged import FloatArray, IntArray, expand, find_starts, run_lengths
from planner.risk.segments import Segments
from planner.risk.tiles import Tiling

_ROWS_AT_ONCE = 500_000
_TO_CORNER = 1.45  # a map's square has its corners no farther out than so many half diagonals of the tile


@dataclass(frozen=True, slots=True, eq=False)
class Planes:
    """Lines drawn in one plane or several; a line may be in many, whole or in part.

    Parameters
    ----------
    segments
        The segments, plane by plane, and in each by line.
    frame
        (m,) the plane of each.
    half_m
        (f,) each plane answers for the square around its origin with sides twice this long.
    origin
        (f, 2) where each origin lies, in the plane that the lines came from; or the centres of the maps.
    """

    segments: Segments
    frame: IntArray
    half_m: FloatArray
    origin: FloatArray | Centres

    @property
    def is_ground(self) -> bool:
        """Whether they are maps of the ground."""
        return isinstance(self.origin, Centres)

    def to_places(self, frame: IntArray, xy: FloatArray) -> FloatArray:
        """(n, 2) places in the plane that the lines came from; longitude and latitude for maps."""
        if isinstance(self.origin, Centres):
            return to_lonlat(xy, self.origin.take(frame))
        return xy + self.origin[frame]


def to_flat_plane(segments: Segments, reach_m: float) -> Planes:
    """Draw lines in their own plane, around an origin in the middle: near it coordinates have most digits.

    Parameters
    ----------
    segments
        The lines.
    reach_m
        The plane answers for everything this near a line.
    """
    if not len(segments):
        return Planes(segments, segments.line, np.zeros(0), np.zeros((0, 2)))
    low = np.minimum(segments.start, segments.end).min(axis=0)
    high = np.maximum(segments.start, segments.end).max(axis=0)
    origin = (low + high) / 2
    moved = Segments(segments.start - origin, segments.end - origin, segments.line)
    half = float((high - low).max()) / 2 + reach_m * 1.001 + 1.0
    return Planes(moved, np.zeros(len(segments), dtype=np.int64), np.array([half]), origin[None])


def to_maps(globe: Segments, tiling: Tiling, reach_m: float, *, first_site: int | None = None) -> Planes:
    """Draw lines on a map of every tile that has two of them or more within reach of it.

    Parameters
    ----------
    globe
        The lines in geocentric coordinates; no segment much longer than a tile.
    tiling
        The tiles.
    reach_m
        The maps answer for everything this near a line.
    first_site
        Lines from this one on are sites: a tile with one of them gets a map too.
    """
    if not len(globe):
        return to_flat_plane(globe, reach_m)
    middle, half_length = (globe.start + globe.end) / 2, globe.lengths_m() / 2
    reach_m = reach_m * 1.001 + 1.0  # what is within the radius to the last digit must be drawn
    is_site = globe.line >= (np.inf if first_site is None else first_site)
    # a line missed beyond the tile makes a set too small, which its neighbour has whole; a site missed makes it wrong
    cover_m = np.where(is_site, _TO_CORNER, 1.0) * tiling.half_diagonal_m
    farthest_m = reach_m + 2 * float(half_length.max()) + float(cover_m.max()) + tiling.half_diagonal_m
    centres, home = tiling.centres(), tiling.find_tiles(from_globe(globe.start))
    tiles, rows = [], []
    for tile, row in _find_candidates(home, centres, farthest_m):
        away = np.sqrt(((middle[row] - centres.place[tile]) ** 2).sum(axis=1))
        is_near = away <= cover_m[row] + reach_m + half_length[row]
        tiles.append(tile[is_near])
        rows.append(row[is_near])
    tile, row = _drop_lonely(np.concatenate(tiles), np.concatenate(rows), globe.line, first_site)
    used, frame = np.unique(tile, return_inverse=True)
    origin = centres.take(used)
    return Planes(_draw(globe, row, frame, origin), frame, tiling.half_sides_m(used), origin)


def _find_candidates(home: IntArray, centres: Centres, farthest_m: float) -> Iterator[tuple[IntArray, IntArray]]:
    """Pairs of a tile and a segment whose own tile is near enough, some at a time."""
    by_home = np.argsort(home, kind="stable")
    starts = find_starts(home[by_home])
    lengths = run_lengths(starts, len(home))
    occupied = home[by_home[starts]]
    around = KDTree(centres.place).query_ball_point(centres.place[occupied], farthest_m, return_sorted=True)
    tile = np.concatenate([np.asarray(tiles, dtype=np.int64) for tiles in around])
    place = np.repeat(np.arange(len(occupied)), [len(tiles) for tiles in around])
    block = np.cumsum(lengths[place]) // _ROWS_AT_ONCE
    for part in np.split(np.arange(len(tile)), find_starts(block)[1:]):
        row = by_home[expand(starts[place[part]], lengths[place[part]])]
        yield np.repeat(tile[part], lengths[place[part]]), row


def _drop_lonely(tile: IntArray, row: IntArray, line: IntArray, first_site: int | None) -> tuple[IntArray, IntArray]:
    """Sort by tile and segment, and leave out tiles with a single line and no site."""
    order = np.lexsort((row, tile))
    tile, row = tile[order], row[order]
    starts = find_starts(tile)
    lengths = run_lengths(starts, len(tile))
    last = line[row[starts + lengths - 1]]
    is_kept = line[row[starts]] != last
    if first_site is not None:
        is_kept |= last >= first_site
    is_kept = np.repeat(is_kept, lengths)
    return tile[is_kept], row[is_kept]


def _draw(globe: Segments, row: IntArray, frame: IntArray, origin: Centres) -> Segments:
    """Map segments; an end that is the next one's start is mapped once, so that both agree to the last digit."""
    start = _map_all(globe.start[row], frame, origin)
    is_joined = np.zeros(len(row), dtype=bool)
    is_joined[:-1] = globe.follows()[row[1:]] & (row[1:] == row[:-1] + 1) & (frame[1:] == frame[:-1])
    end = np.empty_like(start)
    end[is_joined] = start[np.flatnonzero(is_joined) + 1]
    loose = np.flatnonzero(~is_joined)
    end[loose] = _map_all(globe.end[row[loose]], frame[loose], origin)
    return Segments(start, end, globe.line[row])


def _map_all(globe: FloatArray, frame: IntArray, origin: Centres) -> FloatArray:
    parts = range(0, len(globe), _ROWS_AT_ONCE)
    mapped = [to_map(globe[i : i + _ROWS_AT_ONCE], origin.take(frame[i : i + _ROWS_AT_ONCE])) for i in parts]
    return np.concatenate([np.zeros((0, 2)), *mapped])
