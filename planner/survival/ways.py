"""Shortest ways between regions over some spans, with any of them closed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from planner.problem import FloatArray, IntArray, Problem, Rows

_NONE: IntArray = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Tree:
    """Shortest ways from some regions to every node.

    Parameters
    ----------
    length_km
        (sources, nodes) infinite where there is no way.
    parent
        (sources, nodes) the node before, negative at the start and where there is no way.
    span
        (sources, nodes) the span between the two, numbered as in the graph of the ways; -1 where there is none.
    """

    length_km: FloatArray
    parent: IntArray
    span: IntArray


class WayGraph:
    """Directed arcs: two for each span, and one from each region to each of its sites, so that none is led through.

    Parameters
    ----------
    problem
        The problem.
    spans
        Indices of the spans that the graph has; elsewhere here they are numbered 0 to len(spans) - 1.
    """

    def __init__(self, problem: Problem, spans: IntArray) -> None:
        region = problem.region_of[problem.terminals.row_of_item]
        owned = np.unique(np.column_stack((region, problem.terminals.items)), axis=0)
        ends, num_spans = problem.span_ends[spans], len(spans)
        self.num_sites, self.num_nodes = problem.num_sites, problem.num_sites + len(problem.region_weight)
        self.sites = Rows.group(owned[:, 0], owned[:, 1], len(problem.region_weight))
        self.span_length_km = problem.span_length_km[spans]
        tail = np.concatenate((ends[:, 0], ends[:, 1], self.num_sites + owned[:, 0]))
        head = np.concatenate((ends[:, 1], ends[:, 0], owned[:, 1]))
        length = np.concatenate((self.span_length_km, self.span_length_km, np.zeros(len(owned))))
        # of parallel spans the shortest first: it is the one that a tree takes
        order = np.lexsort((length, head, tail))
        position = np.empty(len(order), dtype=np.int64)
        position[order] = np.arange(len(order))
        self._arcs_of_span = np.column_stack((position[:num_spans], position[num_spans : 2 * num_spans]))
        self._arcs_to_site = Rows.group(owned[:, 1], position[2 * num_spans :], self.num_sites)
        self._span_of_arc = np.concatenate((np.tile(np.arange(num_spans), 2), np.full(len(owned), -1)))[order]
        self._key = (tail * self.num_nodes + head)[order]
        self._length = length[order]
        starts = np.searchsorted(tail[order], np.arange(self.num_nodes + 1))
        shape = (self.num_nodes, self.num_nodes)
        self._matrix = sparse.csr_array(
            (self._length.copy(), head[order].astype(np.int32), starts.astype(np.int32)), shape=shape
        )

    def find_lengths(
        self, nodes: IntArray, closed: IntArray = _NONE, fallen: IntArray = _NONE, *, within_km: float = np.inf
    ) -> FloatArray:
        """(nodes given, nodes) shortest ways from sites or from regions (numbered after the sites).

        Parameters
        ----------
        nodes
            Where to start.
        closed
            Spans that no way takes.
        fallen
            Sites that no way starts at or leads to; their spans have to be closed too.
        within_km
            Longer ways may be given as infinite.
        """
        with_closed = self._close(closed, fallen)
        found: FloatArray = csgraph.dijkstra(with_closed, directed=True, indices=nodes, limit=within_km)
        return found

    def find_tree(self, regions: IntArray, fallen: IntArray = _NONE) -> Tree:
        """The ways themselves from some regions, with every span open; `fallen` as for `find_lengths`."""
        matrix = self._close(_NONE, fallen)
        length_km, parent = csgraph.dijkstra(
            matrix, directed=True, indices=self.num_sites + regions, return_predecessors=True
        )
        parent = parent.astype(np.int64)
        key = parent * self.num_nodes + np.arange(self.num_nodes)
        arc = np.minimum(np.searchsorted(self._key, key), len(self._key) - 1)
        return Tree(length_km, parent, np.where(parent >= 0, self._span_of_arc[arc], -1))

    def to_regions(self, length_km: FloatArray, row: IntArray, regions: IntArray) -> tuple[FloatArray, IntArray]:
        """The way to the nearest site of each region, and that site.

        Parameters
        ----------
        length_km
            (sources, nodes) as found.
        row
            (r,) which source to take.
        regions
            (r,) the region to reach; it has sites.
        """
        sites = self.sites.select(regions)
        values = length_km[row[sites.row_of_item], sites.items]
        order = np.lexsort((sites.items, values, sites.row_of_item))
        nearest = order[sites.starts[:-1]]
        return values[nearest], sites.items[nearest]

    def _close(self, closed: IntArray, fallen: IntArray) -> sparse.csr_array:
        data = self._matrix.data
        data[:] = self._length
        data[self._arcs_of_span[closed].ravel()] = np.inf
        if len(fallen):
            data[self._arcs_to_site.select(fallen).items] = np.inf
        return self._matrix
