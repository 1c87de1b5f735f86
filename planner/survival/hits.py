"""What cuts take from a root: rows that bound the weight that any attack isolates.

Take a root site and a tree of shortest ways from it. A region that is isolated is not held by the component of the
root, unless that has fallen; so some cut of the attack hits the ways from the root to the region (one site of each of
its entries suffices). Hence the weight isolated is at most the sum, over the cuts of the attack, of the weight of the
regions whose ways each cut hits, and for any set of regions their share of the sum may be replaced by their weight.
With lengths from a relaxed attack, and the regions at distance one or more so replaced, the row is the most violated
one (the dual of a minimum cut, as for spreading metrics); at a whole attack it is met with equality.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from planner.problem import FloatArray, IntArray, Problem, Rows
from planner.survival.damage import Damage

_SHORT = 1e-7  # the length of a span that no cut hits: of ways alike the one with fewest spans


@dataclass(frozen=True, slots=True)
class Row:
    """No attack isolates more than `constant` and the `weights` of its cuts.

    Parameters
    ----------
    constant
        Weight.
    weights
        (cuts,) weight per cut.
    """

    constant: float
    weights: FloatArray

    def value(self, shares: FloatArray) -> float:
        """The bound at (cuts,) shares of cuts."""
        return self.constant + float(self.weights @ shares)


class Hits:
    """Builds rows for a graph.

    Parameters
    ----------
    problem
        Regions and their weights.
    damage
        The graph and its cuts.
    joined
        (p, 2) pairs of sites that no attack looked at parts: as good as a span that no cut severs.
    """

    def __init__(self, problem: Problem, damage: Damage, joined: IntArray | None = None) -> None:
        graph = damage.graph
        if joined is not None:
            graph = replace(graph, ends=np.concatenate((graph.ends, joined)))
        self.graph, self.index = graph, damage.index
        self.total_weight = damage.total_weight
        by_span = Rows.group(graph.cuts.items, graph.cuts.row_of_item, len(graph.ends))
        self._cuts_of_span = [row.tolist() for row in by_span]
        by_site = Rows.group(graph.cut_sites.items, graph.cut_sites.row_of_item, graph.num_sites)
        self._cuts_of_site = [row.tolist() for row in by_site]
        self._is_plain = ((graph.cuts.sizes == 1) & (graph.cut_sites.sizes == 0)).tolist()
        self._entries: list[list[IntArray]] = [[] for _ in self.index.weights]
        for entry, region in zip(problem.terminals, problem.region_of.tolist(), strict=True):
            self._entries[region].append(entry)
        self._killers = [self._kill_whole(entries) for entries in self._entries]
        is_simple = np.array([len(entries) == 1 and len(entries[0]) == 1 for entries in self._entries], dtype=bool)
        is_simple &= ~np.array([bool(killers) for killers in self._killers], dtype=bool)
        self._simple = np.flatnonzero(is_simple)
        self._simple_site = np.array([self._entries[region][0][0] for region in self._simple], dtype=np.int64)
        has_weight = self.index.weights > 0
        has_entry = self.index.num_entries > 0
        self._other = np.flatnonzero(~is_simple & has_weight & has_entry).tolist()
        self._span_of = self._nearest_spans(np.zeros(len(graph.ends)))

    def to_rows(self, roots: Sequence[int], shares: FloatArray) -> list[Row]:
        """One row per root, for (cuts,) shares of cuts taken."""
        if not len(roots):
            return []
        graph = self.graph
        length = np.bincount(graph.cuts.items, shares[graph.cuts.row_of_item], len(graph.ends))
        is_simple = np.array([len(entries) == 1 and len(entries[0]) == 1 for entries in self._entries], dtype=bool)
        is_simple &= ~np.array([bool(killers) for killers in self._killers], dtype=bool)
        self._simple = np.flatnonzero(is_simple)
        self._simple_site = np.array([self._entries[region][0][0] for region in self._simple], dtype=np.int64)
        has_weight = self.index.weights > 0
        has_entry = self.index.num_entries > 0
        self._other = np.flatnonzero(~is_simple & has_weight & has_entry).tolist()
        self._span_of = self._nearest_spans(length)
        spans = np.array(list(self._span_of.values()), dtype=np.int64)
        ends = np.array(list(self._span_of), dtype=np.int64).reshape(-1, 2)
        shape = (graph.num_sites, graph.num_sites)
        matrix = sparse.coo_matrix((length[spans] + _SHORT, ends.T), shape=shape).tocsr()
        distance, parent = csgraph.dijkstra(matrix, directed=False, indices=list(roots), return_predecessors=True)
        return [
            self._to_row(root, far, back, length, shares)
            for root, far, back in zip(roots, distance, parent, strict=True)
        ]

    def _nearest_spans(self, length: FloatArray) -> dict[tuple[int, int], int]:
        """Of parallel spans the shortest, by the lower and the higher of its ends."""
        ends = np.sort(self.graph.ends, axis=1)
        nearest: dict[tuple[int, int], int] = {}
        for span in np.argsort(-length, kind="stable").tolist():
            a, b = ends[span].tolist()
            if a != b:
                nearest[a, b] = span
        return nearest

    def _kill_whole(self, entries: list[IntArray]) -> list[int]:
        """The cuts that take every site of a region by themselves: after them it owes nothing."""
        sites = sorted({int(site) for entry in entries for site in entry})
        if not sites:
            return []
        common = set(self._cuts_of_site[sites[0]])
        for site in sites[1:]:
            common.intersection_update(self._cuts_of_site[site])
        return sorted(common)

    def _to_row(self, root: int, distance: FloatArray, parent: IntArray, length: FloatArray, shares: FloatArray) -> Row:
        weights = np.zeros(len(self.graph.cuts))
        parents = parent.tolist()
        constant, below = self._place_simple(root, distance, shares)
        for region in self._other:
            weight = float(self.index.weights[region])
            near = [int(entry[np.argmin(distance[entry])]) for entry in self._entries[region]]
            if self._is_far(root, near, distance, parents, length, shares):
                constant += weight
                for cut in sorted(self._killers[region], key=lambda cut: -shares[cut])[:1]:
                    weights[cut] -= weight
            else:
                self._add_to_tree(below, near, weight, parents)
                weights[self._killers[region]] -= weight
        self._fold(root, distance, parents, below, weights)
        return Row(constant, weights)

    def _place_simple(self, root: int, distance: FloatArray, shares: FloatArray) -> tuple[float, FloatArray]:
        """Of the regions of one site the weight that is far, and (num_sites,) the weight that is not."""
        is_far = distance[self._simple_site] + shares[self._cuts_of_site[root]].sum() >= 1
        weight = self.index.weights[self._simple]
        below = np.bincount(self._simple_site[~is_far], weights=weight[~is_far], minlength=self.graph.num_sites)
        return float(weight[is_far].sum()), below.astype(np.float64)

    def _is_far(
        self,
        root: int,
        near: list[int],
        distance: FloatArray,
        parents: list[int],
        length: FloatArray,
        shares: FloatArray,
    ) -> bool:
        """Whether the shares of cuts on the ways to a region come to one or more."""
        total = float(shares[self._cuts_of_site[root]].sum()) if self._cuts_of_site[root] else 0.0
        if total + max(distance[site] for site in near) >= 1:
            return True
        if len(near) == 1:
            return False
        seen = {root}
        for start in near:
            site = start
            while site not in seen:
                seen.add(site)
                total += float(length[self._span(site, parents[site])])
                site = parents[site]
        return total >= 1

    def _span(self, a: int, b: int) -> int:
        return self._span_of[(a, b) if a < b else (b, a)]

    def _add_to_tree(self, below: FloatArray, near: list[int], weight: float, parents: list[int]) -> None:
        """Put a weight at sites so that every subtree with one of them or more sums to it once."""
        below[near[0]] += weight
        if len(near) == 1:
            return
        seen: set[int] = set()
        for number, start in enumerate(near):
            site = start
            while site >= 0 and site not in seen:
                seen.add(site)
                site = parents[site]
            if number:
                below[start] += weight
                below[site] -= weight

    def _fold(
        self, root: int, distance: FloatArray, parents: list[int], below: FloatArray, weights: FloatArray
    ) -> None:
        """Sum up the subtrees, and give each cut the weight behind the first place where it hits each way."""
        order = np.argsort(distance, kind="stable")
        outwards = [site for site in order[: np.isfinite(distance).sum()].tolist() if site != root]
        behind = below.tolist()
        for site in reversed(outwards):
            behind[parents[site]] += behind[site]
        root_cuts = self._cuts_of_site[root]
        weights[root_cuts] += behind[root]
        passed: dict[int, frozenset[int]] = {root: frozenset(root_cuts)}
        for site in outwards:
            before = passed[parents[site]]
            hit = [cut for cut in self._cuts_of_span[self._span(site, parents[site])] if cut not in before]
            shared = [cut for cut in hit if not self._is_plain[cut]]
            passed[site] = before.union(shared) if shared else before
            if behind[site]:
                weights[hit] += behind[site]
