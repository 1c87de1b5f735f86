"""Which regions many sets of severed spans isolate, thousands of them at once."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from planner.problem import BoolArray, IntArray, Problem, Rows
from planner.survival.active import ActiveGraph

_MAX_EDGES = 2_000_000  # of all copies of the network that are looked at together


class Isolator:
    """Looks at copies of one network side by side; the main component is that of `survival.isolation.RegionIndex`.

    Parameters
    ----------
    problem
        Regions and their weights.
    graph
        The spans that stand.
    """

    def __init__(self, problem: Problem, graph: ActiveGraph) -> None:
        self.graph = graph
        self.terminals, self.region_of, self.weights = problem.terminals, problem.region_of, problem.region_weight
        num_entries = np.bincount(problem.region_of, minlength=len(self.weights))
        self.needed = np.where(num_entries > 0, num_entries, -1)
        self.work_per_set = len(graph.ends) + graph.num_sites + 1

    def isolate(self, severed: Rows) -> BoolArray:
        """(sets, regions) whether each set of severed spans of the graph isolates each region."""
        return np.concatenate([np.zeros((0, len(self.weights)), dtype=bool), *self._blocks(severed)])

    def _blocks(self, severed: Rows) -> Iterator[BoolArray]:
        size = max(1, _MAX_EDGES // self.work_per_set)
        for first in range(0, len(severed), size):
            yield self._isolate_block(severed.select(np.arange(first, min(first + size, len(severed)))))

    def _isolate_block(self, severed: Rows) -> BoolArray:
        num_copies, num_regions = len(severed), max(len(self.weights), 1)
        component, lowest_site, copy = self._components(severed)
        where, region = self._held(component, num_copies, num_regions)
        num_components = len(lowest_site)
        weight = np.bincount(where, weights=self.weights[region], minlength=num_components)
        num_sites = np.bincount(component, minlength=num_components)
        order = np.lexsort((lowest_site, -num_sites, -weight, copy))
        main = order[np.unique(copy[order], return_index=True)[1]]
        is_isolated = np.tile(self.needed > 0, (num_copies, 1))
        is_main = main[copy[where]] == where
        is_isolated[copy[where[is_main]], region[is_main]] = False
        return is_isolated

    def _components(self, severed: Rows) -> tuple[IntArray, IntArray, IntArray]:
        """The component of every site of every copy, the first site of each component, and its copy."""
        num_copies, num_sites = len(severed), self.graph.num_sites
        keep = np.ones((num_copies, len(self.graph.ends)), dtype=bool)
        keep[severed.row_of_item, severed.items] = False
        copy, span = np.nonzero(keep)
        ends = self.graph.ends[span] + (copy * num_sites)[:, None]
        shape = (num_copies * num_sites, num_copies * num_sites)
        matrix = sparse.coo_matrix((np.ones(len(ends), dtype=np.int8), ends.T), shape=shape)
        num_components, component = csgraph.connected_components(matrix.tocsr(), directed=False)
        component = component.astype(np.int64)
        lowest_site = np.zeros(num_components, dtype=np.int64)
        lowest_site[component[::-1]] = np.arange(len(component))[::-1]  # of several the last one written stays
        return component, lowest_site, lowest_site // max(num_sites, 1)

    def _held(self, component: IntArray, num_copies: int, num_regions: int) -> tuple[IntArray, IntArray]:
        """Component and region of every pair in which the component holds the region."""
        num_entries = max(len(self.terminals), 1)
        sites = self.terminals.items[None, :] + np.arange(num_copies)[:, None] * self.graph.num_sites
        entry = np.tile(self.terminals.row_of_item, num_copies)
        touched = component[sites.ravel()] * num_entries + entry
        if (self.terminals.sizes > 1).any():
            # numpy's own unique hashes, which is many times slower here
            touched = np.sort(touched)
            touched = touched[np.append(True, touched[1:] != touched[:-1])] if len(touched) else touched
        pairs = touched // num_entries * num_regions + self.region_of[touched % num_entries]
        pairs, count = np.unique(pairs, return_counts=True)
        where, region = pairs // num_regions, pairs % num_regions
        is_held = count == self.needed[region]
        return where[is_held], region[is_held]
