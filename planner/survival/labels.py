"""Cycle-space labels: random words on spans that XOR to zero over every edge cut.

A non-tree edge of a spanning forest gets a random word, a tree edge the XOR of the non-tree edges whose cycle runs
through it. Then the words of the edges of a cut always XOR to zero, and those of any other set do so with
probability 2**-64 (Pritchard and Thurimella, "Fast computation of small cuts via cycle space sampling", 2011).

Each span carries two words: one for the graph, and one for the graph in which all sites that matter are merged into
one. A cut of the first that is no cut of the second parts sites that matter: this tells such cuts from those
that sever a dead end nobody lives on, without a search.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from planner.problem import BoolArray, IntArray

type WordArray = NDArray[np.uint64]

_SEED = 20220427


@dataclass(frozen=True, eq=False)
class Labels:
    """Two words per span.

    Parameters
    ----------
    cut
        (s,) XOR to zero over every edge cut of the graph.
    harmless
        (s,) XOR to zero over every edge cut that parts no two sites that matter.
    """

    cut: WordArray
    harmless: WordArray


def to_labels(ends: IntArray, num_sites: int, matters: BoolArray) -> Labels:
    """Label the spans of a graph.

    Parameters
    ----------
    ends
        (s, 2) site indices of the spans' ends.
    num_sites
        Number of nodes.
    matters
        (num_sites,) the sites whose parting is of interest.
    """
    merged = np.arange(num_sites)
    if matters.any():
        merged[matters] = np.flatnonzero(matters)[0]
    return Labels(cut_labels(ends, num_sites), cut_labels(merged[ends], num_sites))


def cut_labels(ends: IntArray, num_sites: int) -> WordArray:
    """(s,) a word per edge: those of every edge cut XOR to zero, and (all but surely) of no other set.

    Linear time: a breadth-first forest, then the words of each subtree's sites folded into its parent.
    """
    tree_edge, order, parent = _spanning_forest(ends, num_sites)
    rng = np.random.Generator(np.random.PCG64(_SEED))
    words = rng.integers(1, 2**64, size=len(ends), dtype=np.uint64)
    words[tree_edge[tree_edge >= 0]] = 0
    at_site = np.zeros(num_sites, dtype=np.uint64)
    np.bitwise_xor.at(at_site, ends[:, 0], words)
    np.bitwise_xor.at(at_site, ends[:, 1], words)
    folded = _fold_subtrees(at_site, order, parent)
    has_tree_edge = tree_edge >= 0
    words[tree_edge[has_tree_edge]] = folded[has_tree_edge]
    return words


def _spanning_forest(ends: IntArray, num_sites: int) -> tuple[IntArray, IntArray, IntArray]:
    """Edge to the parent of each site (-1 at roots), sites in an order from roots to leaves, and parents.

    A virtual site joined to one site of every component makes the forest one tree.
    """
    num_components, component = csgraph.connected_components(_adjacency(ends, num_sites), directed=False)
    _, roots = np.unique(component, return_index=True)
    virtual = np.column_stack((np.full(num_components, num_sites), roots))
    joined = _adjacency(np.concatenate((ends, virtual)), num_sites + 1)
    order, parent = csgraph.breadth_first_order(joined, num_sites, directed=False)
    order, parent = order[1:].astype(np.int64), parent[:num_sites].astype(np.int64)
    tree_edge = np.full(num_sites, -1, dtype=np.int64)
    low, high = ends.min(axis=1, initial=num_sites), ends.max(axis=1, initial=-1)
    key = low * (num_sites + 1) + high
    by_key = np.argsort(key, kind="stable")
    sites = np.flatnonzero(parent < num_sites)
    wanted = np.minimum(sites, parent[sites]) * (num_sites + 1) + np.maximum(sites, parent[sites])
    tree_edge[sites] = by_key[np.searchsorted(key, wanted, sorter=by_key)]
    return tree_edge, order, parent


def _adjacency(ends: IntArray, num_sites: int) -> sparse.csr_matrix:
    return sparse.csr_matrix((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(num_sites, num_sites))


def _fold_subtrees(at_site: WordArray, order: IntArray, parent: IntArray) -> WordArray:
    """XOR over each site's subtree. A plain loop over lists: it beats numpy on deep trees and is close on flat ones."""
    words, parents = [*at_site.tolist(), 0], parent.tolist()
    for site in reversed(order.tolist()):
        words[parents[site]] ^= words[site]
    return np.array(words[:-1], dtype=np.uint64)
