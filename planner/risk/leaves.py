"""Solves cells with few segments outright: every maximal set of lines that a point of the cell reaches.

Take a set of lines that some point of a cell's disc is within reach of, and the stadiums of the nearest segment of
each. Stadiums are convex; let p be the point of their intersection that is nearest to the cell's centre. By Helly's
theorem (applied to the stadiums and to the open disc around the centre through p) one or two of the stadiums
suffice for p to be the nearest: p is the centre, or the point nearest to the centre of one stadium, or that of the
intersection of two. So trying these few points, and no others, finds every set. Rims of whole lines, their rings
and holes never come in.

A site that stays out of reach is no convex set. But of all points outside of its circle that are in some stadiums
the nearest one is still one from which no way leads nearer to the centre, and there one or two of the boundaries
suffice to say so: it is the centre, nearest on one boundary, or where two of them meet.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.risk.cells import Cells
from planner.risk.found import Found
from planner.risk.measure import disc_radius
from planner.risk.meet import Stadiums, find_rim_points
from planner.risk.ragged import BoolArray, FloatArray, IntArray, WordArray, expand, find_starts, run_lengths
from planner.risk.strips import Strips

_MAX_ENTRIES = 1_000_000  # of one temporary array
_NO_WAY_M = 1e-9  # so near the centre a site lies in no direction of it
_GAP = 0.7  # slacks: a site that is to be out of reach is sought to be so much farther
_MAX_PEERS = 200  # points of one cell that are compared with each other; leaving that out costs time only


@dataclass(frozen=True, slots=True, eq=False)
class Leaves:
    """Cells with the same number of segments each, as tables.

    Parameters
    ----------
    row
        (k,) which cell of the block each is.
    disc
        (k,) radius of its disc.
    stadiums
        (k * m,) its segments, relative to its centre, with their reach.
    line
        (k, m) the segments' lines, ascending.
    local
        (k, m) the lines numbered within the cell: 0, 1, ….
    is_site
        (k, m) whether they are sites; these come last.
    """

    row: IntArray
    disc: FloatArray
    stadiums: Stadiums
    line: IntArray
    local: IntArray
    is_site: BoolArray

    def at(self, rows: IntArray) -> Stadiums:
        """(t, m) the segments of some of the cells."""
        k, m = self.line.shape
        s = self.stadiums
        columns = (s.x, s.y, s.dx, s.dy, s.inverse_square, s.reach)
        return Stadiums(*(column.reshape(k, m)[rows] for column in columns))


def solve_leaves(cells: Cells, strips: Strips, found: Found, slack_m: float, first_site: int) -> None:
    """Find the sets of all cells of a block.

    Parameters
    ----------
    cells
        Cells whose chords are all segments.
    strips
        The segments.
    found
        Takes the sets of two lines or more.
    slack_m
        The search goes for points this far within reach; points within reach count.
    first_site
        Lines from this one on are sites.
    """
    disc = disc_radius(cells, slack_m)
    counts = np.bincount(cells.cell, minlength=len(cells))
    first = np.cumsum(counts) - counts
    for count in np.unique(counts):
        rows = np.flatnonzero(counts == count)
        for part in np.array_split(rows, max(1, len(rows) * int(count) ** 2 // _MAX_ENTRIES)):
            chord = cells.chord[first[part][:, None] + np.arange(count)]
            leaves = _to_leaves(part, disc[part], chord, cells, strips, first_site)
            _solve(leaves, cells, found, slack_m)


def _to_leaves(
    row: IntArray, disc: FloatArray, chord: IntArray, cells: Cells, strips: Strips, first_site: int
) -> Leaves:
    line = strips.line[chord]
    local = np.zeros_like(line)
    np.cumsum(line[:, 1:] != line[:, :-1], axis=1, out=local[:, 1:])
    stadiums = Stadiums(
        (strips.x[chord] - cells.x[row][:, None]).ravel(),
        (strips.y[chord] - cells.y[row][:, None]).ravel(),
        strips.dx[chord].ravel(),
        strips.dy[chord].ravel(),
        strips.inverse_square[chord].ravel(),
        strips.reach[chord].ravel(),
    )
    return Leaves(row, disc, stadiums, line, local, line >= first_site)


def _solve(leaves: Leaves, cells: Cells, found: Found, slack_m: float) -> None:
    parts = [_near_points(leaves, slack_m), _pair_points(leaves, slack_m)]
    if leaves.is_site.any():
        parts += [_beside_points(leaves, slack_m), _pair_points(leaves, slack_m, (-1, 1))]
        parts += [_pair_points(leaves, slack_m, (1, -1)), _pair_points(leaves, slack_m, (-1, -1))]
    row, x, y = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(row, kind="stable")
    row, x, y = row[order], x[order], y[order]
    hits = _find_hits(leaves, row, x, y)
    best = _keep_largest(row, hits, _find_sites(leaves, hits.shape[1])[row])
    row, x, y, hits = row[best], x[best], y[best], hits[best]
    _report(leaves, cells, found, row, x, y, hits)


def _near_points(leaves: Leaves, slack_m: float) -> tuple[IntArray, FloatArray, FloatArray]:
    """Centres, and the point of each stadium that is nearest to the centre."""
    k, m = leaves.line.shape
    stadiums = leaves.stadiums
    px, py = stadiums.offset(np.zeros(k * m), np.zeros(k * m))
    away = np.sqrt(px * px + py * py)
    share = 1 - (stadiums.reach - slack_m) / np.maximum(away, 1e-300)
    row = np.repeat(np.arange(k), m)
    is_kept = (share > 0) & (share * away <= leaves.disc[row])
    row = np.concatenate([np.arange(k), row[is_kept]])
    x = np.concatenate([np.zeros(k), -(share * px)[is_kept]])
    y = np.concatenate([np.zeros(k), -(share * py)[is_kept]])
    return row, x, y


def _beside_points(leaves: Leaves, slack_m: float) -> tuple[IntArray, FloatArray, FloatArray]:
    """The nearest point that is just out of each site's reach; a site at the centre is left in any one direction."""
    m = leaves.line.shape[1]
    which = np.flatnonzero(leaves.is_site)
    s, row = leaves.stadiums.take(which), which // m
    away = np.sqrt(s.x * s.x + s.y * s.y)
    is_at_centre = away < _NO_WAY_M
    share = np.where(is_at_centre, 0.0, 1 - (s.reach + _GAP * slack_m) / np.maximum(away, _NO_WAY_M))
    x = np.where(is_at_centre, s.x + s.reach + _GAP * slack_m, share * s.x)
    y = np.where(is_at_centre, s.y, share * s.y)
    is_kept = (is_at_centre | (share < 0)) & (x * x + y * y <= leaves.disc[row] ** 2)
    return row[is_kept], x[is_kept], y[is_kept]


def _pair_points(
    leaves: Leaves, slack_m: float, sides: tuple[int, int] = (1, 1)
) -> tuple[IntArray, FloatArray, FloatArray]:
    """The point of each two stadiums' intersection that is nearest to the centre; for side -1 out of a site's reach."""
    k, m = leaves.line.shape
    one, other = np.triu_indices(m, 1)
    s = leaves.at(np.arange(k))
    half_length = np.sqrt(s.dx**2 + s.dy**2) / 2
    middle_x, middle_y = s.x + s.dx / 2, s.y + s.dy / 2
    span = half_length + s.reach
    is_near = (
        (middle_x[:, one] - middle_x[:, other]) ** 2 + (middle_y[:, one] - middle_y[:, other]) ** 2
        <= (span[:, one] + span[:, other] + _GAP * slack_m * sides.count(-1)) ** 2
    ) & (leaves.local[:, one] != leaves.local[:, other])
    for side, which in zip(sides, (one, other), strict=True):
        if side < 0:
            is_near &= leaves.is_site[:, which]
    row, pair = np.nonzero(is_near)
    shrink_a, shrink_b = (slack_m if side > 0 else -_GAP * slack_m for side in sides)
    a = _shrink(leaves.stadiums.take(row * m + one[pair]), shrink_a)
    b = _shrink(leaves.stadiums.take(row * m + other[pair]), shrink_b)
    pair, x, y = find_rim_points(a, b, leaves.disc[row], slack_m / 4, sides)
    return row[pair], x, y


def _shrink(stadiums: Stadiums, by_m: float) -> Stadiums:
    s = stadiums
    return Stadiums(s.x, s.y, s.dx, s.dy, s.inverse_square, s.reach - by_m)


def _find_hits(leaves: Leaves, row: IntArray, x: FloatArray, y: FloatArray) -> BoolArray:
    """(t, u) which of its cell's lines each point is within reach of."""
    num_lines = int(leaves.local.max(initial=-1)) + 1
    hits = np.zeros((len(row), num_lines), dtype=bool)
    m = leaves.line.shape[1]
    for part in np.array_split(np.arange(len(row)), max(1, len(row) * m // _MAX_ENTRIES)):
        s = leaves.at(row[part])
        px, py = x[part, None] - s.x, y[part, None] - s.y
        share = np.clip((px * s.dx + py * s.dy) * s.inverse_square, 0.0, 1.0)
        px, py = px - share * s.dx, py - share * s.dy
        point, segment = np.nonzero(px * px + py * py <= s.reach**2)
        hits[part[point], leaves.local[row[part[point]], segment]] = True
    return hits


def _find_sites(leaves: Leaves, num_lines: int) -> BoolArray:
    """(k, u) which of each cell's lines are sites."""
    is_site = np.zeros((len(leaves.row), num_lines), dtype=bool)
    np.put_along_axis(is_site, leaves.local, leaves.is_site, axis=1)
    return is_site


def _pack(hits: BoolArray) -> WordArray:
    packed = np.packbits(hits, axis=1)
    padded = np.zeros((len(hits), -(-packed.shape[1] // 8) * 8), dtype=np.uint8)
    padded[:, : packed.shape[1]] = packed
    return padded.view(np.uint64)


def _keep_largest(row: IntArray, hits: BoolArray, is_site: BoolArray) -> IntArray:
    """Indices of points whose set no other point of the same cell has too, or a larger one; `row` ascending.

    A set is larger only where it has the same sites.
    """
    bits, of_sites = _pack(hits), _pack(hits & is_site)
    order = np.lexsort((*bits.T, row))
    bits, of_sites, rows = bits[order], of_sites[order], row[order]
    first = find_starts(rows, *bits.T.astype(np.int64))
    order, bits, of_sites, rows = order[first], bits[first], of_sites[first], rows[first]
    starts = find_starts(rows)
    lengths = run_lengths(starts, len(rows))
    peers = np.repeat(np.where(lengths <= _MAX_PEERS, lengths, 0), lengths)
    one = np.repeat(np.arange(len(rows)), peers)
    other = expand(np.repeat(starts, lengths), peers)
    is_beaten = (one != other) & ((bits[one] & ~bits[other]) == 0).all(axis=1)
    is_beaten &= (of_sites[one] == of_sites[other]).all(axis=1)
    is_kept = np.ones(len(rows), dtype=bool)
    is_kept[one[is_beaten]] = False
    return np.sort(order[is_kept])


def _report(
    leaves: Leaves, cells: Cells, found: Found, row: IntArray, x: FloatArray, y: FloatArray, hits: BoolArray
) -> None:
    cell = leaves.row[row]
    line_at = np.zeros((len(leaves.row), hits.shape[1]), dtype=np.int64)
    np.put_along_axis(line_at, leaves.local, leaves.line, axis=1)
    owner, local = np.nonzero(hits)
    line = line_at[row[owner], local]
    found.add_in_cells(cells, cell, owner, line, cells.x[cell] + x, cells.y[cell] + y)
