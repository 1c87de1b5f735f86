"""Where the rims of two stadiums meet: the points at their reach from two segments.

A stadium is everything within reach of a segment: its rim is two half circles around the ends and two straight
sides. Everything here is relative to an origin near by, so that no digits are lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from planner.risk.ragged import BoolArray, FloatArray, IntArray

# sine of an angle; a cone of normals this much too wide only costs a few points more
_CONE_SLACK = 1e-3

type Place = tuple[FloatArray, FloatArray]
type Points = tuple[IntArray, FloatArray, FloatArray]


@dataclass(frozen=True, slots=True, eq=False)
class Stadiums:
    """Segments with their reach, relative to the origin of each row.

    Parameters
    ----------
    x, y
        (k,) start of the segment, in metres.
    dx, dy
        (k,) from its start to its end.
    inverse_square
        (k,) one over its squared length; 0 for a point.
    reach
        (k,) radius of the stadium.
    """

    x: FloatArray
    y: FloatArray
    dx: FloatArray
    dy: FloatArray
    inverse_square: FloatArray
    reach: FloatArray

    def take(self, rows: IntArray | BoolArray) -> Stadiums:
        """Some of them."""
        return Stadiums(
            self.x[rows],
            self.y[rows],
            self.dx[rows],
            self.dy[rows],
            self.inverse_square[rows],
            self.reach[rows],
        )

    def offset(self, x: FloatArray, y: FloatArray) -> Place:
        """From the nearest point of each segment to a point."""
        px, py = x - self.x, y - self.y
        share = np.clip((px * self.dx + py * self.dy) * self.inverse_square, 0.0, 1.0)
        return px - share * self.dx, py - share * self.dy

    def ends(self) -> Iterator[Place]:
        """Starts, then ends; once where all are points."""
        yield self.x, self.y
        if self.inverse_square.any():
            yield self.far_end()

    def far_end(self) -> Place:
        """Their ends."""
        return self.x + self.dx, self.y + self.dy

    def lengths(self) -> FloatArray:
        """(k,) lengths of the segments."""
        return np.asarray(np.sqrt(self.dx**2 + self.dy**2))

    def direction(self) -> Place:
        """Unit vectors along the segments; zero for points."""
        per_length = np.sqrt(self.inverse_square)
        return self.dx * per_length, self.dy * per_length


def find_rim_points(
    a: Stadiums, b: Stadiums, disc: FloatArray, slack_m: float, sides: tuple[int, int] = (1, 1)
) -> Points:
    """Find the points nearest to the origin that two stadiums share, where those are on both rims.

    Parameters
    ----------
    a, b
        (k,) pairs of stadiums.
    disc
        (k,) points farther than this from the origin are of no interest.
    slack_m
        Points this far off a rim still count as on it.
    sides
        For either: 1, or -1 where what is not in the stadium counts.

    Returns
    -------
    pair, x, y
        The points found, and the pair that each belongs to. All points that are nearest in this sense are found,
        along with a few that are not.
    """
    found = [_check(a, b, disc, slack_m, sides, points) for points in _meetings(a, b, slack_m)]
    pair, x, y = (np.concatenate(column) for column in zip(*found, strict=True))
    return pair, x, y


def _meetings(a: Stadiums, b: Stadiums, slack_m: float) -> Iterator[Points]:
    """Every point where a side or a circle of one stadium meets a side or a circle of the other."""
    yield from _sides_with_sides(a, b, slack_m)
    for end_a in a.ends():
        yield from _end_with_sides(a, end_a, b, slack_m)
        for end_b in b.ends():
            yield from _end_with_end(a, end_a, b, end_b, slack_m)
    for end_b in b.ends():
        yield from _end_with_sides(b, end_b, a, slack_m)


def _sides_with_sides(a: Stadiums, b: Stadiums, slack_m: float) -> Iterator[Points]:
    (ax, ay), (bx, by) = a.direction(), b.direction()
    sine = ax * by - ay * bx
    rows = np.flatnonzero(np.abs(sine) > 1e-12)
    a, b = a.take(rows), b.take(rows)
    ax, ay, bx, by, sine = ax[rows], ay[rows], bx[rows], by[rows], sine[rows]
    far_a, far_b = a.lengths() + slack_m, b.lengths() + slack_m
    for side_a in (-a.reach, a.reach):
        x, y = a.x - side_a * ay, a.y + side_a * ax
        for side_b in (-b.reach, b.reach):
            gap_x, gap_y = b.x - side_b * by - x, b.y + side_b * bx - y
            along_a, along_b = (gap_x * by - gap_y * bx) / sine, (gap_x * ay - gap_y * ax) / sine
            met = np.flatnonzero(
                (along_a >= -slack_m) & (along_a <= far_a) & (along_b >= -slack_m) & (along_b <= far_b)
            )
            yield rows[met], x[met] + along_a[met] * ax[met], y[met] + along_a[met] * ay[met]


def _end_with_sides(a: Stadiums, end: Place, b: Stadiums, slack_m: float) -> Iterator[Points]:
    px, py = b.offset(*end)
    is_near = (px * px + py * py <= (a.reach + b.reach + slack_m) ** 2) & (b.inverse_square > 0)
    is_near &= ~_is_same(a, end, b, next(b.ends()), slack_m) & ~_is_same(a, end, b, b.far_end(), slack_m)
    rows = np.flatnonzero(is_near)
    side = b.take(rows)
    ux, uy = side.direction()
    px, py, reach = end[0][rows] - side.x, end[1][rows] - side.y, a.reach[rows]
    foot, height, far = px * ux + py * uy, ux * py - uy * px, side.lengths() + slack_m
    for offset in (-side.reach, side.reach):
        square = reach**2 - (height - offset) ** 2
        half = np.sqrt(np.maximum(square, 0.0))
        for along in (foot - half, foot + half):
            met = np.flatnonzero((square > -1e-9 * reach**2) & (along >= -slack_m) & (along <= far))
            x, y = side.x[met] - offset[met] * uy[met], side.y[met] + offset[met] * ux[met]
            yield rows[met], x + along[met] * ux[met], y + along[met] * uy[met]


def _end_with_end(a: Stadiums, end_a: Place, b: Stadiums, end_b: Place, slack_m: float) -> Iterator[Points]:
    square = (end_b[0] - end_a[0]) ** 2 + (end_b[1] - end_a[1]) ** 2
    is_near = (square > 0) & (square <= (a.reach + b.reach + slack_m) ** 2)
    rows = np.flatnonzero(is_near & ~_is_same(a, end_a, b, end_b, slack_m))
    x, y = end_a[0][rows], end_a[1][rows]
    dx, dy, square = end_b[0][rows] - x, end_b[1][rows] - y, square[rows]
    along = 0.5 + (a.reach[rows] ** 2 - b.reach[rows] ** 2) / (2 * square)
    across = np.sqrt(np.maximum(a.reach[rows] ** 2 / square - along**2, 0.0))
    for side in (-across, across):
        yield rows, x + along * dx - side * dy, y + along * dy + side * dx


def _is_same(a: Stadiums, end_a: Place, b: Stadiums, end_b: Place, slack_m: float) -> BoolArray:
    """Whether two circles are the same one: then what one rim adds to the other, the other adds to itself."""
    apart = np.abs(end_a[0] - end_b[0]) + np.abs(end_a[1] - end_b[1]) + np.abs(a.reach - b.reach)
    return np.asarray(apart <= slack_m / 4)


def _check(
    a: Stadiums, b: Stadiums, disc: FloatArray, slack_m: float, sides: tuple[int, int], points: Points
) -> Points:
    """Keep points in the disc and on both rims that may be nearest to the origin."""
    pair, x, y = points
    is_kept = x * x + y * y <= disc[pair] ** 2
    pair, x, y = pair[is_kept], x[is_kept], y[is_kept]
    (ax, ay), (bx, by) = a.take(pair).offset(x, y), b.take(pair).offset(x, y)
    to_a, to_b = np.sqrt(ax * ax + ay * ay), np.sqrt(bx * bx + by * by)
    is_kept = (np.abs(to_a - a.reach[pair]) <= slack_m) & (np.abs(to_b - b.reach[pair]) <= slack_m)
    pair, x, y = pair[is_kept], x[is_kept], y[is_kept]
    to_a, to_b = sides[0] * to_a[is_kept], sides[1] * to_b[is_kept]
    is_kept = _is_nearest(x, y, ax[is_kept] / to_a, ay[is_kept] / to_a, bx[is_kept] / to_b, by[is_kept] / to_b)
    return pair[is_kept], x[is_kept], y[is_kept]


def _is_nearest(
    x: FloatArray, y: FloatArray, ax: FloatArray, ay: FloatArray, bx: FloatArray, by: FloatArray
) -> BoolArray:
    """Whether the origin is seen from (x, y) between the two outward unit normals, or these are opposite.

    That is so for the point of two sets' intersection that is nearest to the origin.
    """
    cross, dot = ax * by - ay * bx, ax * bx + ay * by
    turn = np.where(cross >= 0, 1.0, -1.0)
    slack = _CONE_SLACK * np.sqrt(x * x + y * y)
    is_between = (turn * (x * ay - y * ax) >= -slack) & (turn * (y * bx - x * by) >= -slack)
    is_ahead = x * (ax + bx) + y * (ay + by) <= slack
    return np.asarray((is_between & is_ahead) | (dot < 1e-6 - 1.0))
