"""Parts of many spans at once: all spans lie one after the other on one long line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.risk.courses import Courses
from planner.risk.ragged import FloatArray, IntArray, expand, find_starts, run_lengths

MIN_LENGTH_M = 0.01
"""Places where the severed set changes are told apart when they are farther from each other than this."""

type Runs = tuple[FloatArray, FloatArray, IntArray]
"""Where each begins and ends on the long line, and its span."""


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Pieces of one long line on which all spans lie one after the other."""

    low: FloatArray
    high: FloatArray
    span: IntArray
    piece: IntArray  # pairs of piece and of the part that covers it
    part: IntArray


def to_runs(clear: Courses, shift: FloatArray) -> Runs:
    """The unbroken parts of spans outside the clearance, on the long line."""
    is_first = np.ones(len(clear), dtype=bool)
    is_first[1:] = (clear.span[1:] != clear.span[:-1]) | (clear.from_m[1:] > clear.to_m[:-1] + MIN_LENGTH_M)
    starts = np.flatnonzero(is_first)
    ends = np.append(starts[1:], len(clear)) - 1 if len(clear) else starts
    span = clear.span[starts]
    return shift[span] + clear.from_m[starts], shift[span] + clear.to_m[ends], span


def join(own: IntArray, other: IntArray, low: FloatArray, high: FloatArray) -> tuple[IntArray, FloatArray, FloatArray]:
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


def unite(low: FloatArray, high: FloatArray, span: IntArray) -> Runs:
    """Runs that overlap or touch become one."""
    order = np.lexsort((high, low))
    low, high, span = low[order], high[order], span[order]
    so_far = np.maximum.accumulate(high)
    is_first = np.ones(len(low), dtype=bool)
    is_first[1:] = (span[1:] != span[:-1]) | (low[1:] > so_far[:-1] + MIN_LENGTH_M)
    starts = np.flatnonzero(is_first)
    ends = np.append(starts[1:], len(low)) - 1 if len(low) else starts
    return low[starts], so_far[ends], span[starts]


def split(run_low: FloatArray, run_high: FloatArray, run_span: IntArray, low: FloatArray, high: FloatArray) -> Pieces:
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
    return Pieces(at[begin], at[begin + 1], run_span[run], piece_at[covered[is_piece]], part[is_piece])


def collect(pieces: Pieces, other: IntArray) -> tuple[tuple[tuple[int, ...], ...], IntArray]:
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
