"""Minimal sets of cuts that part sites that matter, found by joining labels instead of failing cuts one by one.

The union of some risk groups contains an edge cut that parts sites that matter exactly when spans of it can be picked
whose `Labels.cut` words XOR to zero and whose `Labels.harmless` words do not. A risk group contributes the XORs of its
subsets, so sets of two, three and four groups are equal values, a ^ b = c, and a ^ b = c ^ d: joins over sorted
arrays. Shared spans fall out by themselves, since both words of what two groups have in common agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import xor

import numpy as np

from planner.problem import BoolArray, IntArray
from planner.survival.active import ActiveGraph
from planner.survival.labels import Labels, WordArray, to_labels

_MAX_RANK = 6  # a group whose labels have a higher rank would contribute more than 2**6 - 1 words
_MAX_JOIN = 4
_PAIRS_AT_ONCE = 1 << 22
_FILTER_BITS = 22


@dataclass(frozen=True, eq=False)
class _Words:
    """Subset XORs of cuts: `cut[i]` and `harmless[i]` belong to cut number `owner[i]`; sorted by both words.

    `alone` are the cuts that part sites by themselves, `large` those whose subsets are too many to list.
    """

    cut: WordArray
    harmless: WordArray
    owner: IntArray
    alone: IntArray
    large: IntArray


def find_parting_sets(graph: ActiveGraph, matters: BoolArray, max_size: int) -> list[IntArray]:
    """Every minimal set of at most `max_size` cuts that parts two sites that matter and were joined.

    Parameters
    ----------
    graph
        The graph and its cuts.
    matters
        (num_sites,) which sites matter.
    max_size
        Largest number of cuts in a set.

    Returns
    -------
    list of (p, size) int arrays
        For size 1 to `max_size`: cut numbers, ascending in each row; rows sorted.
    """
    if max_size == 0:
        return []
    words = _to_words(graph, to_labels(graph.ends, graph.num_sites, matters))
    found = [words.alone[:, None]]
    finders = {2: _find_pairs, 3: _find_triples, 4: _find_quadruples}
    for size in range(2, max_size + 1):
        sets = [finders[size](words)] if size <= _MAX_JOIN else []
        first_cuts = words.large if size <= _MAX_JOIN else np.setdiff1d(np.unique(graph.cuts.row_of_item), words.alone)
        sets += [_find_with(graph, matters, int(cut), size) for cut in first_cuts]
        found.append(_keep_minimal(_unique_sets(sets, size), found))
    return found


def _find_with(graph: ActiveGraph, matters: BoolArray, cut: int, size: int) -> IntArray:
    """Sets of `size` that contain one given cut, which parts nothing alone: fail it and search the rest."""
    rest = find_parting_sets(graph.without(cut), matters, size - 1)[-1]
    return np.column_stack((np.full(len(rest), cut), rest))


def _to_words(graph: ActiveGraph, labels: Labels) -> _Words:
    sizes = graph.cuts.sizes
    single = np.flatnonzero(sizes == 1)
    span = graph.cuts.items[graph.cuts.starts[single]]
    cut, harmless = labels.cut[span], labels.harmless[span]
    alone = single[(cut == 0) & (harmless != 0)].tolist()
    useful = cut != 0
    parts = [(cut[useful], harmless[useful], single[useful])]
    large = []
    for group in np.flatnonzero(sizes > 1).tolist():
        spans = graph.cuts[group]
        basis, parts_sites = _to_basis(labels.cut[spans].tolist(), labels.harmless[spans].tolist())
        if parts_sites:
            alone.append(group)
        elif len(basis) > _MAX_RANK:
            large.append(group)
        elif basis:
            sums = _subset_xors(basis)
            parts.append((sums[:, 0], sums[:, 1], np.full(len(sums), group)))
    cut, harmless, owner = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((owner, harmless, cut))
    return _Words(
        cut[order],
        harmless[order],
        owner[order],
        np.array(sorted(alone), dtype=np.int64),
        np.array(large, dtype=np.int64),
    )


def _to_basis(cut: list[int], harmless: list[int]) -> tuple[list[tuple[int, int]], bool]:
    """Independent words over GF(2) that span the `cut` words, and whether the group parts sites by itself."""
    basis: list[tuple[int, int]] = []
    for first, second in zip(cut, harmless, strict=True):
        a, b = first, second
        for basis_a, basis_b in basis:
            if a ^ basis_a < a and (a >> (basis_a.bit_length() - 1)) & 1:
                a, b = a ^ basis_a, b ^ basis_b
        if a:
            basis.append((a, b))
        elif b:
            return basis, True
    return basis, False


def _subset_xors(basis: list[tuple[int, int]]) -> WordArray:
    """(2**r - 1, 2) XOR of every non-empty subset of r pairs of words."""
    sums = np.zeros((1, 2), dtype=np.uint64)
    for pair in basis:
        sums = np.concatenate((sums, sums ^ np.array(pair, dtype=np.uint64)))
    return sums[1:]


def _find_pairs(words: _Words) -> IntArray:
    """Pairs with equal `cut` and different `harmless` words: work is linear in the words and in the pairs found."""
    position = np.arange(len(words.cut))
    block_end = np.searchsorted(words.cut, words.cut, side="right")
    is_last = np.ones(len(words.cut), dtype=bool)
    is_last[:-1] = (words.cut[1:] != words.cut[:-1]) | (words.harmless[1:] != words.harmless[:-1])
    ends = np.flatnonzero(is_last) + 1
    twin_end = ends[np.searchsorted(ends, position, side="right")]
    num_partners = block_end - twin_end
    left = np.repeat(position, num_partners)
    right = np.arange(len(left)) - np.repeat(np.cumsum(num_partners) - num_partners, num_partners)
    right += np.repeat(twin_end, num_partners)
    return np.column_stack((words.owner[left], words.owner[right]))


def _find_triples(words: _Words) -> IntArray:
    values = np.unique(words.cut)
    maybe = _to_filter(values)
    matches = []
    rows_at_once = max(1, _PAIRS_AT_ONCE // max(1, len(values)))
    for start in range(0, len(values), rows_at_once):
        rows = np.arange(start, min(start + rows_at_once, len(values)))
        sums = values[rows, None] ^ values[None, start:]
        first, second = np.nonzero(maybe[sums & np.uint64(len(maybe) - 1)])
        wanted = sums[first, second]
        first, second = first + start, second + start
        third = np.minimum(np.searchsorted(values, wanted), len(values) - 1)
        is_match = (values[third] == wanted) & (first < second) & (second < third)
        matches.append(np.column_stack((first[is_match], second[is_match], third[is_match])))
    return _expand(words, values, _stack(matches, 3))


def _to_filter(values: WordArray) -> BoolArray:
    """A table over the low bits of words: false where no value has them. Spares nearly every binary search."""
    bits = min(_FILTER_BITS, max(8, len(values).bit_length() + 8))
    table = np.zeros(1 << bits, dtype=bool)
    table[values & np.uint64(len(table) - 1)] = True
    return table


def _find_quadruples(words: _Words) -> IntArray:
    values = np.unique(words.cut)
    low, high = np.triu_indices(len(values), k=1)
    sums = values[low] ^ values[high]
    order = np.argsort(sums, kind="stable")
    sums, low, high = sums[order], low[order], high[order]
    position = np.arange(len(sums))
    num_partners = np.searchsorted(sums, sums, side="right") - position - 1
    left = np.repeat(position, num_partners)
    right = left + 1 + np.arange(len(left)) - np.repeat(np.cumsum(num_partners) - num_partners, num_partners)
    matches = np.sort(np.column_stack((low[left], high[left], low[right], high[right])), axis=1)
    return _expand(words, values, np.unique(matches, axis=0) if len(matches) else matches)


def _expand(words: _Words, values: WordArray, matches: IntArray) -> IntArray:
    """Cut sets from matches between values: every choice of one owner per value, if the harmless words disagree."""
    begin = np.searchsorted(words.cut, values)
    count = np.diff(np.append(begin, len(words.cut)))
    num_choices = count[matches].prod(axis=1)
    match = np.repeat(np.arange(len(matches)), num_choices)
    choice = np.arange(len(match)) - np.repeat(np.cumsum(num_choices) - num_choices, num_choices)
    columns = []
    for column in matches.T:
        columns.append(begin[column[match]] + choice % count[column[match]])
        choice = choice // count[column[match]]
    harms = reduce(xor, (words.harmless[column] for column in columns)) != 0
    return np.column_stack([words.owner[column[harms]] for column in columns])


def _stack(arrays: list[IntArray], width: int) -> IntArray:
    return np.concatenate([np.zeros((0, width), dtype=np.int64), *arrays])


def _unique_sets(arrays: list[IntArray], size: int) -> IntArray:
    """Sorted rows without repetition, and without rows that name a cut twice."""
    sets = np.sort(_stack(arrays, size), axis=1)
    sets = sets[(np.diff(sets, axis=1) > 0).all(axis=1)]
    return np.unique(sets, axis=0) if len(sets) else sets


def _keep_minimal(sets: IntArray, smaller: list[IntArray]) -> IntArray:
    """The sets that hold none of the smaller ones."""
    if not len(sets):
        return sets
    keep = np.ones(len(sets), dtype=bool)
    width = sets.shape[1]
    for found in smaller:
        if not len(found):
            continue
        known = {tuple(row) for row in found.tolist()}
        for mask in range(1, 1 << width):
            columns = [column for column in range(width) if mask >> column & 1]
            if len(columns) == found.shape[1]:
                part = map(tuple, sets[:, columns].tolist())
                keep &= np.fromiter((row not in known for row in part), dtype=bool, count=len(sets))
    return sets[keep]
