"""What cuts can isolate at most, from the pieces into which they break a spanning tree."""

from __future__ import annotations

import numpy as np

from planner.problem import BoolArray, FloatArray, IntArray, Rows
from planner.survival.sides import SideWeights

_AT_ONCE = 1 << 20  # pairs of spans of one cut that are looked at together


def bound_by_pieces(
    sides: SideWeights, cuts: Rows, cut_sites: Rows, root: int, at_site: FloatArray, *, dead_weight_counts: bool
) -> tuple[FloatArray, FloatArray]:
    """Bound what each cut isolates of the part of the graph that the tree spans.

    No part that is left is lighter than the pieces of the tree in it, and the main part is the heaviest.

    Parameters
    ----------
    sides
        The tree.
    cuts, cut_sites
        Per cut its spans, those at its sites included, and the sites that fall with it.
    root
        The tree's root.
    at_site
        (num_sites,) the weight that stands at each site.
    dead_weight_counts
        Whether what stands at a site that falls may be isolated nevertheless, as it has more sites.

    Returns
    -------
    bound, heaviest
        (c,) what is isolated at most, and the heaviest piece.
    """
    bound, heaviest = np.zeros(len(cuts)), np.zeros(len(cuts))
    is_in_tree = sides.child[cuts.items] >= 0
    children = _keep(cuts, is_in_tree)
    children = Rows(children.starts, sides.child[children.items])
    order = np.argsort(children.sizes, kind="stable")
    sizes = children.sizes[order]
    begin = 0
    while begin < len(order):
        width = max(1, int(sizes[begin]))
        end = min(int(np.searchsorted(sizes, width, side="right")), begin + max(1, _AT_ONCE // width**2))
        rows = order[begin:end]
        bound[rows], heaviest[rows] = _bound_block(
            sides, children.select(rows), cut_sites.select(rows), root, at_site, dead_weight_counts
        )
        begin = end
    return bound, heaviest


def _bound_block(
    sides: SideWeights, children: Rows, sites: Rows, root: int, at_site: FloatArray, dead_weight_counts: bool
) -> tuple[FloatArray, FloatArray]:
    width = int(children.sizes.max(initial=0))
    table = np.zeros((len(children), width), dtype=np.int64)
    is_there = np.arange(width) < children.sizes[:, None]
    table[is_there] = children.items
    first, last = sides.first[table], sides.last[table]
    is_in = (first[:, :, None] < first[:, None, :]) & (first[:, None, :] <= last[:, :, None])
    is_in &= is_there[:, :, None] & is_there[:, None, :]
    counted = is_in.astype(np.int32)
    is_next = is_in & ((counted @ counted) == 0)
    weight = np.where(is_there, sides.weight[table], 0.0)
    piece = weight - (is_next * weight[:, None, :]).sum(axis=2)
    is_top = is_there & ~is_in.any(axis=1)
    around_root = sides.total - (weight * is_top).sum(axis=1)
    is_dead, is_dead_root, dead_weight = _find_dead(table, sites, root, at_site)
    piece = np.where(is_dead | ~is_there, 0.0, piece)
    heaviest = np.maximum(piece.max(axis=1, initial=0.0), np.where(is_dead_root, 0.0, around_root))
    total = sides.total if dead_weight_counts else sides.total - dead_weight
    return total - heaviest, heaviest


def _find_dead(table: IntArray, sites: Rows, root: int, at_site: FloatArray) -> tuple[BoolArray, BoolArray, FloatArray]:
    """Pieces that are a site that falls, for it loses all its spans; whether the root is one; what stands at them."""
    is_dead = np.zeros(table.shape, dtype=bool)
    is_dead_root = np.zeros(len(table), dtype=bool)
    row = sites.row_of_item
    for step in range(int(sites.sizes.max(initial=0))):
        here = np.flatnonzero(sites.sizes > step)
        site = sites.items[sites.starts[here] + step]
        is_dead[here] |= table[here] == site[:, None]
        is_dead_root[here] |= site == root
    return is_dead, is_dead_root, np.bincount(row, weights=at_site[sites.items], minlength=len(table))


def _keep(rows: Rows, is_kept: BoolArray) -> Rows:
    sizes = np.bincount(rows.row_of_item[is_kept], minlength=len(rows))
    return Rows(np.concatenate(([0], np.cumsum(sizes))), rows.items[is_kept])
