"""Joins over the words of cuts: sets of two to four whose words XOR to zero and do harm, a block at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from operator import xor

import numpy as np

from planner.problem import BoolArray, IntArray
from planner.survival.labels import WordArray
from planner.survival.words import Words

_PAIRS_AT_ONCE = 1 << 22
_FIRST_BLOCK, _LARGEST_BLOCK = 1 << 12, 1 << 20
_FILTER_BITS = 22


def join_pairs(words: Words) -> Iterator[IntArray]:
    """Pairs of cuts with equal `cut` and different `harmless` words: (p, 2) arrays, sorted within and across blocks.

    Work is linear in the words and in the pairs found.
    """
    begin, twin_begin, twin_end, end = _find_blocks(words)
    num_partners = (end - begin) - (twin_end - twin_begin)
    by_owner = np.flatnonzero(num_partners)
    by_owner = by_owner[np.argsort(words.owner[by_owner], kind="stable")]
    if not len(by_owner):
        return
    last = np.flatnonzero(np.append(np.diff(words.owner[by_owner]) > 0, True)) + 1
    reached = np.cumsum(num_partners[by_owner])[last - 1]
    num_owners = len(words.is_multiple)
    at, block = 0, _FIRST_BLOCK
    while at < len(last):
        base = int(reached[at - 1]) if at else 0
        stop = max(int(np.searchsorted(reached, base + block, side="right")), at + 1)
        rows = by_owner[last[at - 1] if at else 0 : last[stop - 1]]
        left = np.repeat(rows, num_partners[rows])
        offset = np.arange(len(left)) - np.repeat(
            np.cumsum(num_partners[rows]) - num_partners[rows], num_partners[rows]
        )
        right = begin[left] + offset
        right += np.where(right >= twin_begin[left], (twin_end - twin_begin)[left], 0)
        one, other = words.owner[left], words.owner[right]
        key = np.sort((one * num_owners + other)[one < other])
        key = key[np.append(True, np.diff(key) > 0)] if len(key) else key
        yield np.column_stack((key // num_owners, key % num_owners))
        at, block = stop, min(2 * block, _LARGEST_BLOCK)


def count_pairs(words: Words) -> int:
    """How many pairs `join_pairs` gives. Only those of two groups with several words each have to be listed."""
    begin, twin_begin, twin_end, end = _find_blocks(words)
    total = int(((end - begin) - (twin_end - twin_begin)).sum()) // 2
    is_multiple = words.is_multiple[words.owner]
    if not is_multiple.any():
        return total
    several = Words(
        words.cut[is_multiple],
        words.harmless[is_multiple],
        words.owner[is_multiple],
        words.alone,
        words.large,
        words.is_multiple,
    )
    begin, twin_begin, twin_end, end = _find_blocks(several)
    total -= int(((end - begin) - (twin_end - twin_begin)).sum()) // 2
    return total + sum(len(block) for block in join_pairs(several))


def _find_blocks(words: Words) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Per word where those of the same `cut` begin, where those with both the same begin and end, where all end."""
    num = len(words.cut)
    is_first = np.ones(num, dtype=bool)
    is_first[1:] = words.cut[1:] != words.cut[:-1]
    is_twin_first = is_first.copy()
    is_twin_first[1:] |= words.harmless[1:] != words.harmless[:-1]
    firsts, twin_firsts = np.flatnonzero(is_first), np.flatnonzero(is_twin_first)
    number, twin_number = np.cumsum(is_first) - 1, np.cumsum(is_twin_first) - 1
    ends, twin_ends = np.append(firsts[1:], num), np.append(twin_firsts[1:], num)
    return firsts[number], twin_firsts[twin_number], twin_ends[twin_number], ends[number]


def join_triples(words: Words, first: int = 0, stop: int | None = None) -> Iterator[IntArray]:
    """Triples with a ^ b = c: (p, 3) arrays, in order of the lowest of the three values, then of the next.

    Parameters
    ----------
    words
        The words.
    first, stop
        Only triples whose lowest value has a number from `first` to before `stop` among the values.
    """
    values = np.unique(words.cut)
    end = len(values) if stop is None else stop
    maybe = _to_filter(values)
    rows_at_once = max(1, _PAIRS_AT_ONCE // max(1, len(values)))
    for start in range(first, end, rows_at_once):
        rows = np.arange(start, min(start + rows_at_once, end))
        sums = values[rows, None] ^ values[None, start:]
        low, middle = np.nonzero(maybe[sums & np.uint64(len(maybe) - 1)])
        wanted = sums[low, middle]
        low, middle = low + start, middle + start
        high = np.minimum(np.searchsorted(values, wanted), len(values) - 1)
        is_match = (values[high] == wanted) & (low < middle) & (middle < high)
        yield from _expand(words, values, np.column_stack((low[is_match], middle[is_match], high[is_match])))


def find_lowest_match(words: Words, owners: Sequence[int]) -> int:
    """The lowest word by which three cuts are a triple of `join_triples`."""
    own = [np.flatnonzero(words.owner == owner) for owner in owners]
    a, b = (rows.ravel() for rows in np.meshgrid(own[0], own[1]))
    wanted, harm = words.cut[a] ^ words.cut[b], words.harmless[a] ^ words.harmless[b]
    third = own[2][np.minimum(np.searchsorted(words.cut[own[2]], wanted), len(own[2]) - 1)]
    is_match = (words.cut[third] == wanted) & (words.harmless[third] != harm)
    matches = np.stack([words.cut[rows[is_match]] for rows in (a, b, third)])
    return int(matches.min())


def _to_filter(values: WordArray) -> BoolArray:
    """A table over the low bits of words: false where no value has them. Spares nearly every binary search."""
    bits = min(_FILTER_BITS, max(8, len(values).bit_length() + 8))
    table = np.zeros(1 << bits, dtype=bool)
    table[values & np.uint64(len(table) - 1)] = True
    return table


def join_quadruples(words: Words) -> Iterator[IntArray]:
    """Quadruples with a ^ b = c ^ d: (p, 4) arrays, in no order. Memory grows with the square of the words."""
    values = np.unique(words.cut)
    low, high = (side.astype(np.int32) for side in np.triu_indices(len(values), k=1))
    sums = values[low] ^ values[high]
    order = np.argsort(sums, kind="stable")
    sums, low, high = sums[order], low[order], high[order]
    position = np.arange(len(sums))
    is_last = np.append(sums[1:] != sums[:-1], True) if len(sums) else np.zeros(0, dtype=bool)
    ends = np.flatnonzero(is_last) + 1
    num_partners = ends[np.cumsum(is_last) - is_last] - position - 1
    reached = np.cumsum(num_partners)
    for start in range(0, int(reached[-1]) if len(reached) else 0, _LARGEST_BLOCK):
        number = np.arange(start, min(start + _LARGEST_BLOCK, int(reached[-1])))
        left = np.searchsorted(reached, number, side="right")
        right = left + 1 + number - (reached[left] - num_partners[left])
        # of the three ways to pair four values this is the one with the two lowest together
        is_first = high[left] < low[right]
        left, right = left[is_first], right[is_first]
        matches = np.column_stack((low[left], high[left], low[right], high[right])).astype(np.int64)
        yield from _expand(words, values, matches)


def _expand(words: Words, values: WordArray, matches: IntArray) -> Iterator[IntArray]:
    """Cut sets from matches between values: every choice of one owner per value, if the harmless words disagree."""
    begin = np.searchsorted(words.cut, values)
    count = np.diff(np.append(begin, len(words.cut)))
    num_choices = count[matches].prod(axis=1)
    reached = np.cumsum(num_choices)
    total = int(reached[-1]) if len(reached) else 0
    for start in range(0, total, _LARGEST_BLOCK):
        number = np.arange(start, min(start + _LARGEST_BLOCK, total))
        match = np.searchsorted(reached, number, side="right")
        choice = number - (reached[match] - num_choices[match])
        columns = []
        for column in matches.T:
            columns.append(begin[column[match]] + choice % count[column[match]])
            choice = choice // count[column[match]]
        harms = reduce(xor, (words.harmless[column] for column in columns)) != 0
        yield np.column_stack([words.owner[column[harms]] for column in columns])
