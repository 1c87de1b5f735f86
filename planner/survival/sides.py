"""What the lesser side of a cut can weigh at most, from the sums of a spanning tree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from planner.problem import BoolArray, FloatArray, IntArray, Problem, Rows


@dataclass(frozen=True, eq=False)
class SideWeights:
    """Weights of the subtrees of a spanning tree.

    Parameters
    ----------
    child
        Per span the site below it in the tree; -1 for spans beside the tree.
    weight
        Per site the weight in its subtree.
    first, last
        Per site the first and last place of its subtree in a walk through the tree.
    total
        All weight; infinite where sites that matter are apart already, so that no bound is known.
    """

    child: IntArray
    weight: FloatArray
    first: IntArray
    last: IntArray
    total: float

    @classmethod
    def of(
        cls,
        problem: Problem,
        ends: IntArray,
        keep: BoolArray,
        *,
        root: int | None = None,
        fallen: BoolArray | None = None,
    ) -> SideWeights:
        """Sum up the weights of requirements.

        Each requirement's weight stands at its first site, so that no side weighs less than what it isolates.

        Parameters
        ----------
        problem
            Requirements and weights.
        ends
            (s, 2) ends of the spans.
        keep
            (s,) which spans stand.
        root
            A site of the part to look at: only what it reaches counts. Unless given, all requirements have to be in one
            part.
        fallen
            (num_sites,) sites that owe nothing any more.
        """
        terminals, at_site = _stand(problem, fallen)
        start = root if root is not None else int(terminals.items[0]) if len(terminals) else 0
        order, parent, child = _to_tree(ends, keep, problem.num_sites, start)
        reached = np.zeros(problem.num_sites, dtype=bool)
        reached[order] = True
        is_known = root is not None or bool(reached[terminals.items].all())
        weight, first, last = _sum_subtrees(at_site, order, parent)
        return cls(child, weight, first, last, float(weight[start]) if is_known else np.inf)

    def bound_bridges(self, spans: IntArray) -> FloatArray:
        """The most that each span can isolate, given that it is a bridge; infinite where that is not known."""
        if not np.isfinite(self.total):
            return np.full(len(spans), np.inf)
        side = self._at(self.child[spans])
        return np.minimum(side, self.total - side)

    def bound_pairs(self, one: IntArray, other: IntArray) -> FloatArray:
        """The most that two spans can isolate, given that they part sites only together; as `bound_bridges`."""
        if not np.isfinite(self.total):
            return np.full(len(one), np.inf)
        a, b = self.child[one], self.child[other]
        is_nested = (a >= 0) & (b >= 0) & (self._is_in(a, b) | self._is_in(b, a))
        side = np.where(is_nested, np.abs(self._at(a) - self._at(b)), self._at(a) + self._at(b))
        return np.minimum(side, self.total - side)

    def below(self, span: int, sites: IntArray) -> BoolArray:
        """Which of the sites are below a span of the tree: on its far side, given that it is a bridge."""
        return self._is_in(sites, np.full(len(sites), self.child[span]))

    def _at(self, site: IntArray) -> FloatArray:
        return np.where(site >= 0, self.weight[site], 0.0)

    def _is_in(self, site: IntArray, other: IntArray) -> BoolArray:
        """Whether a site is in the subtree of another."""
        is_in: BoolArray = (self.first[other] <= self.first[site]) & (self.first[site] <= self.last[other])
        return is_in


def to_site_weights(problem: Problem, fallen: BoolArray | None = None) -> FloatArray:
    """(num_sites,) the weight that stands at each site: that of each requirement at its first site that is left."""
    return _stand(problem, fallen)[1]


def _stand(problem: Problem, fallen: BoolArray | None) -> tuple[Rows, FloatArray]:
    """The sites of requirements that are left, and the weight at each site."""
    terminals, region = problem.terminals, problem.region_of
    if fallen is not None and fallen.any():
        is_left = ~fallen[terminals.items]
        sizes = np.bincount(terminals.row_of_item[is_left], minlength=len(terminals))
        left = Rows(np.concatenate(([0], np.cumsum(sizes))), terminals.items[is_left])
        terminals, region = left.select(np.flatnonzero(sizes)), region[sizes > 0]
    at_site = np.zeros(problem.num_sites)
    np.add.at(at_site, terminals.items[terminals.starts[:-1]], problem.region_weight[region])
    return terminals, at_site


def _to_tree(ends: IntArray, keep: BoolArray, num_sites: int, root: int) -> tuple[IntArray, IntArray, IntArray]:
    """Sites from the root outwards, the parent of each site, and per span the site below it in the tree."""
    kept = ends[keep]
    matrix = sparse.coo_matrix((np.ones(len(kept)), kept.T), shape=(num_sites, num_sites)).tocsr()
    order, parent = csgraph.breadth_first_order(matrix, root, directed=False)
    a, b = ends.T
    below = np.where(parent[b] == a, b, np.where(parent[a] == b, a, -1))
    below[~keep] = -1
    child = np.full(len(ends), -1, dtype=np.int64)
    sites, first = np.unique(below, return_index=True)
    child[first[sites >= 0]] = sites[sites >= 0]  # of parallel spans the first is the tree's
    return order.astype(np.int64), parent.astype(np.int64), child


def _sum_subtrees(at_site: FloatArray, order: IntArray, parent: IntArray) -> tuple[FloatArray, IntArray, IntArray]:
    weight, size, parents = at_site.tolist(), [1] * len(at_site), parent.tolist()
    outwards = order.tolist()
    for site in reversed(outwards[1:]):
        weight[parents[site]] += weight[site]
        size[parents[site]] += size[site]
    first = [0] * len(at_site)
    free = [1] * len(at_site)  # next place within each site's own part of the walk
    for site in outwards[1:]:
        above = parents[site]
        first[site] = first[above] + free[above]
        free[above] += size[site]
    begin = np.array(first, dtype=np.int64)
    return np.array(weight), begin, begin + np.array(size, dtype=np.int64) - 1
