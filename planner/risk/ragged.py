"""Runs of equal keys in sorted arrays: the vectorised form of a list of lists."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

type IntArray = NDArray[np.int64]
type FloatArray = NDArray[np.float64]
type BoolArray = NDArray[np.bool_]
type WordArray = NDArray[np.uint64]


def find_starts(*keys: IntArray) -> IntArray:
    """Index of the first element of every run in which all keys stay the same."""
    if not len(keys[0]):
        return np.zeros(0, dtype=np.int64)
    is_first = np.ones(len(keys[0]), dtype=bool)
    is_first[1:] = keys[0][1:] != keys[0][:-1]
    for key in keys[1:]:
        is_first[1:] |= key[1:] != key[:-1]
    return np.flatnonzero(is_first)


def run_lengths(starts: IntArray, total: int) -> IntArray:
    """Number of elements of every run."""
    return np.asarray(np.diff(starts, append=total))


def expand(starts: IntArray, lengths: IntArray) -> IntArray:
    """Concatenate ``starts[i], starts[i] + 1, …, starts[i] + lengths[i] - 1`` over all i."""
    total = int(lengths.sum())
    ends = np.cumsum(lengths)
    expanded: IntArray = np.arange(total) + np.repeat(starts - (ends - lengths), lengths)
    return expanded


def sum_by_key(values: WordArray, keys: IntArray, num_keys: int) -> WordArray:
    """Sum of the words of each key, modulo 2**64; `keys` sorted."""
    sums = np.zeros(num_keys, dtype=np.uint64)
    starts = find_starts(keys)
    if len(starts):
        sums[keys[starts]] = np.add.reduceat(values, starts)
    return sums
