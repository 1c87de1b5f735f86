"""Cuts that no worst attack needs, because a cut nearer to the main component does more."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from planner.problem import BoolArray, FloatArray, IntArray, Problem
from planner.survival.damage import Damage
from planner.survival.labels import cut_labels


def find_dominated(problem: Problem, damage: Damage, root: int, most_weight: float) -> BoolArray:
    """(cuts,) cuts that an attack may leave out for others.

    Parameters
    ----------
    problem, damage
        Regions, the graph and its cuts. Where cuts take sites, none is dominated.
    root
        A site to look from.
    most_weight
        No part of the network that holds so much or less is the main component after any attack better than known.

    Notes
    -----
    Let a span be a bridge beyond which, seen from the root, no more than `most_weight` lies. Then an attack with a cut
    wholly beyond it may cut the bridge instead: all beyond it is isolated, and what is not beyond it falls apart as
    before.
    """
    graph = damage.graph
    if damage.has_fallers or not len(graph.ends):
        return np.zeros(len(graph.cuts), dtype=bool)
    ends = graph.ends
    shape = (graph.num_sites, graph.num_sites)
    matrix = sparse.coo_matrix((np.ones(len(ends)), ends.T), shape=shape).tocsr()
    order, parent = csgraph.breadth_first_order(matrix, root, directed=False)
    beyond = _sum_beyond(problem, order, parent)
    is_cuttable = np.zeros(len(ends), dtype=bool)
    is_cuttable[graph.cuts.items] = True
    bridge_at = np.zeros(graph.num_sites, dtype=bool)
    bridges = np.flatnonzero(is_cuttable & (cut_labels(ends, graph.num_sites) == 0))
    a, b = ends[bridges].T
    bridge_at[np.where(parent[b] == a, b, a)] = True  # a bridge is in every tree
    top = _find_tops(order, parent, bridge_at & (beyond <= most_weight))
    is_beyond = (top[ends[:, 0]] >= 0) & (top[ends[:, 0]] == top[ends[:, 1]])
    num_inside = np.bincount(graph.cuts.row_of_item, weights=is_beyond[graph.cuts.items], minlength=len(graph.cuts))
    is_dominated: BoolArray = num_inside == graph.cuts.sizes
    return is_dominated


def _sum_beyond(problem: Problem, order: IntArray, parent: IntArray) -> FloatArray:
    """(num_sites,) the most that the sites beyond each one, itself included, can hold."""
    weight = problem.region_weight[problem.region_of[problem.terminals.row_of_item]]
    beyond = np.bincount(problem.terminals.items, weights=weight, minlength=problem.num_sites).tolist()
    parents = parent.tolist()
    for site in reversed(order[1:].tolist()):
        beyond[parents[site]] += beyond[site]
    return np.array(beyond)


def _find_tops(order: IntArray, parent: IntArray, is_top: BoolArray) -> IntArray:
    """(num_sites,) of the sites marked on the way from the root the first; -1 where none is."""
    top, parents, marked = [-1] * len(parent), parent.tolist(), is_top.tolist()
    for site in order[1:].tolist():
        above = top[parents[site]]
        top[site] = above if above >= 0 else site if marked[site] else -1
    return np.array(top, dtype=np.int64)
