"""Cuts every existing span into stretches along which one cut severs the same spans."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from shapely import STRtree

from planner.network.ruler import Ruler
from planner.risk.courses import Courses, leave_clearance, to_courses, to_ground
from planner.risk.ragged import FloatArray, IntArray, expand, find_starts, run_lengths
from planner.risk.within import find_part_near_segment

if TYPE_CHECKING:
    from planner.network.model import Network

MIN_LENGTH_M = 0.01
"""Places where the severed set changes are told apart when they are farther from each other than this."""

_BLOCK = 50_000  # pieces whose neighbours are sought at once


@dataclass(frozen=True, slots=True, eq=False)
class Stretches:
    """Stretches of existing cuttable spans, and what a cut anywhere on each severs.

    Parameters
    ----------
    span
        (n,) row in `Network.spans`; stretches are sorted by span and metres.
    from_m, to_m
        (n,) metres along the span, from its site a.
    severed
        (n,) index into `sets`.
    sets
        The distinct sets of spans that are severed, each sorted.
    courses
        The spans' whole lines.
    """

    span: IntArray
    from_m: FloatArray
    to_m: FloatArray
    severed: IntArray
    sets: tuple[tuple[int, ...], ...]
    courses: Courses

    def __len__(self) -> int:
        return len(self.span)


def find_stretches(network: Network, *, radius_m: float, site_clearance_m: float) -> Stretches:
    """Find where along each span the set of spans that one cut severs changes.

    Parameters
    ----------
    network
        Its existing cuttable spans count; candidates and hardened spans do not.
    radius_m
        A cut severs every span within this distance (closed disc), the parts near its own end sites left out.
    site_clearance_m
        Straight distance from its own end sites within which a span is left out. A span that lies wholly within it is
        one stretch that is severed alone.

    Notes
    -----
    The part of a straight piece within reach of another is computed, not approximated. In a study in the plane the
    metres are exact. On the ground the map's scale is taken half way along each piece of at most 2 km: in a CRS made
    for its country both the radius and the metres along the span are true to a few millimetres, in Web Mercator the
    radius to 2e-4 of itself (1 cm of 50 m) and the metres to 0.1 m. A set of spans that only a point *beside* all of
    them reaches is no stretch of any of them.
    """
    is_cut = ~network.spans["is_candidate"].to_numpy(dtype=bool) & network.spans["is_cuttable"].to_numpy(dtype=bool)
    courses = to_courses(network, np.flatnonzero(is_cut))
    clear = leave_clearance(courses, network, site_clearance_m)
    shift = _to_shift(network)
    other, low, high = _join(*_find_reached(clear, Ruler(network.crs, network.is_planar), radius_m, shift))
    run_low, run_high, run_span = _to_runs(clear, shift)
    pieces = _split(run_low, run_high, run_span, low, high)
    sets, severed = _collect(pieces, other)
    span, from_m, to_m = pieces.span, pieces.low - shift[pieces.span], pieces.high - shift[pieces.span]
    hidden = np.setdiff1d(np.unique(courses.span), clear.span)
    return _add_hidden(network, hidden, Stretches(span, from_m, to_m, severed, sets, courses))


@dataclass(frozen=True, slots=True, eq=False)
class _Pieces:
    """Pieces of one long line on which all spans lie one after the other."""

    low: FloatArray
    high: FloatArray
    span: IntArray
    piece: IntArray  # pairs of piece and of the part that covers it
    part: IntArray


def _to_shift(network: Network) -> FloatArray:
    """Where each span begins when all lie on one line, a metre apart."""
    length_m = network.spans["length_m"].to_numpy(dtype=np.float64)
    shift: FloatArray = np.cumsum(length_m + 1.0) - length_m
    return shift


def _find_reached(
    clear: Courses, ruler: Ruler, radius_m: float, shift: FloatArray
) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
    """Parts of spans that are within reach of other spans: span, other span, begin and end on the long line."""
    radius_m += 1e-6 + 1e-9 * radius_m
    lines = np.asarray(shapely.linestrings(np.stack([clear.start, clear.end], axis=1)), dtype=object)
    tree = STRtree(lines)
    reach = ruler.reach(clear.start, radius_m)
    found = [np.zeros((4, 0))]
    for first in range(0, len(clear), _BLOCK):
        piece, near = tree.query(lines[first : first + _BLOCK], predicate="dwithin", distance=reach)
        piece += first
        is_other = clear.span[piece] != clear.span[near]
        piece, near = piece[is_other], near[is_other]
        low, high = _find_parts(clear, piece, near, ruler, radius_m)
        is_hit = low <= high
        piece, near, low, high = piece[is_hit], near[is_hit], low[is_hit], high[is_hit]
        base, length_m = shift[clear.span[piece]] + clear.from_m[piece], clear.to_m[piece] - clear.from_m[piece]
        found.append(np.stack([clear.span[piece], clear.span[near], base + low * length_m, base + high * length_m]))
    span, other, begin, end = np.concatenate(found, axis=1)
    return span.astype(np.int64), other.astype(np.int64), begin, end


def _find_parts(
    clear: Courses, piece: IntArray, near: IntArray, ruler: Ruler, radius_m: float
) -> tuple[FloatArray, FloatArray]:
    middle = (clear.start[piece] + clear.end[piece]) / 2
    one, pair = np.unique(piece, return_inverse=True)
    step = to_ground(ruler, (clear.start[one] + clear.end[one]) / 2)[pair]
    places = (clear.start[piece], clear.end[piece], clear.start[near], clear.end[near])
    start, end, near_start, near_end = (np.einsum("nij,nj->ni", step, place - middle) for place in places)
    return find_part_near_segment(start, end, near_start, near_end, radius_m)


def _join(own: IntArray, other: IntArray, low: FloatArray, high: FloatArray) -> tuple[IntArray, FloatArray, FloatArray]:
    """Join parts of one span near the same other span that touch: the other span, begin and end of each."""
    order = np.lexsort((high, low, other, own))
    own, other, low, high = own[order], other[order], low[order], high[order]
    pair = np.zeros(len(own), dtype=np.int64)
    pair[find_starts(own, other)] = 1
    pair = np.cumsum(pair)
    so_far: FloatArray = np.asarray(pd.Series(high).groupby(pair).cummax(), dtype=np.float64)
    is_first = np.ones(len(own), dtype=bool)
    is_first[1:] = (pair[1:] != pair[:-1]) | (low[1:] > so_far[:-1] + MIN_LENGTH_M)
    starts = np.flatnonzero(is_first)
    ends = np.append(starts[1:], len(own)) - 1 if len(own) else starts
    return other[starts], low[starts], so_far[ends]


def _to_runs(clear: Courses, shift: FloatArray) -> tuple[FloatArray, FloatArray, IntArray]:
    """The unbroken parts of spans outside the clearance, on the long line."""
    is_first = np.ones(len(clear), dtype=bool)
    is_first[1:] = (clear.span[1:] != clear.span[:-1]) | (clear.from_m[1:] > clear.to_m[:-1] + MIN_LENGTH_M)
    starts = np.flatnonzero(is_first)
    ends = np.append(starts[1:], len(clear)) - 1 if len(clear) else starts
    span = clear.span[starts]
    return shift[span] + clear.from_m[starts], shift[span] + clear.to_m[ends], span


def _split(run_low: FloatArray, run_high: FloatArray, run_span: IntArray, low: FloatArray, high: FloatArray) -> _Pieces:
    """Split the runs where parts begin and end; ends closer than `MIN_LENGTH_M` are one."""
    places = np.concatenate([run_low, run_high, low, high])
    order = np.argsort(places, kind="stable")
    number = np.empty(len(places), dtype=np.int64)
    number[order] = np.cumsum(np.diff(places[order], prepend=-np.inf) > MIN_LENGTH_M) - 1
    at = np.full(int(number.max(initial=-1)) + 1, np.inf)
    np.minimum.at(at, number, places)
    num_runs = len(run_low)
    at[number[: 2 * num_runs]] = places[: 2 * num_runs]  # ends of runs stay where they are
    first, last = number[:num_runs], number[num_runs : 2 * num_runs]
    run = np.repeat(np.arange(num_runs), last - first)
    begin = expand(first, last - first)
    piece_at = np.full(len(at), -1, dtype=np.int64)
    piece_at[begin] = np.arange(len(begin))
    part_first, part_last = number[2 * num_runs : 2 * num_runs + len(low)], number[2 * num_runs + len(low) :]
    covered = expand(part_first, part_last - part_first)
    part = np.repeat(np.arange(len(low)), part_last - part_first)
    is_piece = piece_at[covered] >= 0
    return _Pieces(at[begin], at[begin + 1], run_span[run], piece_at[covered[is_piece]], part[is_piece])


def _collect(pieces: _Pieces, other: IntArray) -> tuple[tuple[tuple[int, ...], ...], IntArray]:
    """The distinct sets of severed spans, and which one each piece has."""
    num_pieces = len(pieces.span)
    piece = np.concatenate([np.arange(num_pieces), pieces.piece])
    span = np.concatenate([pieces.span, other[pieces.part]])
    order = np.lexsort((span, piece))
    piece, span = piece[order], span[order]
    starts = find_starts(piece, span)
    piece, span = piece[starts], span[starts]
    starts = find_starts(piece)
    lengths = run_lengths(starts, len(piece))
    members = span.tolist()
    number: dict[tuple[int, ...], int] = {}
    severed = [
        number.setdefault(tuple(members[start : start + length]), len(number))
        for start, length in zip(starts.tolist(), lengths.tolist(), strict=True)
    ]
    return tuple(number), np.array(severed, dtype=np.int64)


def _add_hidden(network: Network, hidden: IntArray, stretches: Stretches) -> Stretches:
    """Take in the spans that the clearance hides altogether, each severed alone."""
    number = {severed: index for index, severed in enumerate(stretches.sets)}
    own = [number.setdefault((span,), len(number)) for span in hidden.tolist()]
    span = np.concatenate([stretches.span, hidden])
    from_m = np.concatenate([stretches.from_m, np.zeros(len(hidden))])
    length_m = network.spans["length_m"].to_numpy(dtype=np.float64)
    to_m = np.concatenate([stretches.to_m, length_m[hidden]])
    severed = np.concatenate([stretches.severed, np.array(own, dtype=np.int64)])
    order = np.lexsort((from_m, span))
    return Stretches(span[order], from_m[order], to_m[order], severed[order], tuple(number), stretches.courses)
