"""The words of cuts: for each cut the XORs of the labels of its spans, ready to be joined."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.problem import BoolArray, IntArray
from planner.survival.active import ActiveGraph
from planner.survival.labels import Labels, WordArray

_MAX_RANK = 6  # a group whose labels have a higher rank would contribute more than 2**6 - 1 words


@dataclass(frozen=True, eq=False)
class Words:
    """Subset XORs of cuts: `cut[i]` and `harmless[i]` belong to cut number `owner[i]`; sorted by both words.

    Parameters
    ----------
    cut, harmless, owner
        (w,) as above.
    alone
        The cuts that part sites by themselves; they have no words.
    large
        The cuts whose subsets are too many to list; they have no words either.
    is_multiple
        (cuts,) true for cuts that have several words.
    """

    cut: WordArray
    harmless: WordArray
    owner: IntArray
    alone: IntArray
    large: IntArray
    is_multiple: BoolArray


def to_words(graph: ActiveGraph, labels: Labels) -> Words:
    """The words of every cut of a graph."""
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
        basis, parts_sites = to_basis(labels.cut[spans].tolist(), labels.harmless[spans].tolist())
        if parts_sites:
            alone.append(group)
        elif len(basis) > _MAX_RANK:
            large.append(group)
        elif basis:
            sums = _subset_xors(basis)
            parts.append((sums[:, 0], sums[:, 1], np.full(len(sums), group)))
    cut, harmless, owner = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((owner, harmless, cut))
    return Words(
        cut[order],
        harmless[order],
        owner[order],
        np.array(sorted(alone), dtype=np.int64),
        np.array(large, dtype=np.int64),
        np.bincount(owner, minlength=len(sizes)) > 1,
    )


def to_basis(cut: list[int], harmless: list[int]) -> tuple[list[tuple[int, int]], bool]:
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
