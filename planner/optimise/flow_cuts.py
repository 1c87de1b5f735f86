"""Cuts of few spans between sets of sites, by maximum flows: for networks where most sites owe nothing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from planner.problem import BoolArray, FloatArray, IntArray, Problem

_UNIT = 10_000_000  # capacities are whole numbers of this part of a span
_TOLERANCE = 1e-4  # how much less than needed is overlooked: less is the solver's own error


class FlowCuts:
    """Small cuts between two sets of sites, the nearest to either.

    Every span that stands has one unit of capacity more than it was given, so that of equally small cuts one of the
    fewest spans is found: with hardly any span in the relaxation yet, the cuts would else creep outward site by site
    (Koch and Martin, 1998).

    Parameters
    ----------
    problem
        Gives the spans.
    """

    def __init__(self, problem: Problem) -> None:
        self._num_sites = problem.num_sites
        self._num_spans = problem.num_spans
        self._ends = problem.span_ends
        self._source, self._sink, self._tap = range(problem.num_sites, problem.num_sites + 3)
        self._num_nodes = num_nodes = problem.num_sites + 3
        sites = np.arange(problem.num_sites)
        one = np.concatenate((problem.span_ends[:, 0], np.full(problem.num_sites, self._source), sites, [self._tap]))
        other = np.concatenate((problem.span_ends[:, 1], sites, np.full(problem.num_sites, self._sink), [self._source]))
        arcs, position = np.unique(
            np.concatenate((one * num_nodes + other, other * num_nodes + one)), return_inverse=True
        )
        tail, self._head = arcs // num_nodes, arcs % num_nodes
        self._starts = np.searchsorted(tail, np.arange(num_nodes + 1))
        self._backward = np.searchsorted(arcs, self._head * num_nodes + tail)
        self._there, self._back = np.split(position, 2)

    def find_joined(self, capacity: FloatArray, needed: float) -> IntArray:
        """(num_sites,) a number that sites share between which single spans carry enough, one after the other."""
        ends = self._ends[capacity >= needed - _TOLERANCE]
        shape = (self._num_sites, self._num_sites)
        graph = sparse.csr_matrix((np.ones(len(ends), dtype=np.int8), (ends[:, 0], ends[:, 1])), shape=shape)
        joined: IntArray = csgraph.connected_components(graph, directed=False)[1].astype(np.int64)
        return joined

    def find_between(
        self, capacity: FloatArray, sites: Sequence[int], others: Sequence[int], needed: float
    ) -> list[BoolArray]:
        """Cuts between two sets of sites that carry less than needed: none, one or two.

        Parameters
        ----------
        capacity
            (m,) of each span; at zero it is severed.
        sites, others
            The two sets.
        needed
            What must be carried.

        Returns
        -------
        list of BoolArray
            (num_sites,) the side with the first sites: of the cut nearest to them, and of that nearest to the others.
        """
        limits = self._to_limits(capacity, sites, others, needed)
        graph = self._to_graph(limits)
        answer = csgraph.maximum_flow(graph, self._tap, self._sink)
        if answer.flow_value >= (needed - _TOLERANCE) * _UNIT:
            return []
        left = limits - answer.flow.data
        near = self._reach(left, self._source)
        far = ~self._reach(left[self._backward], self._sink)
        return [near] if np.array_equal(near, far) else [near, far]

    def _to_limits(
        self, capacity: FloatArray, sites: Sequence[int], others: Sequence[int], needed: float
    ) -> NDArray[np.int32]:
        """(arcs,) whole capacities."""
        most = int(np.ceil(needed * _UNIT))
        amount = np.zeros(len(self._there), dtype=np.int64)
        spans = amount[: self._num_spans]
        spans[:] = np.where(capacity > 0, np.minimum(np.round(capacity * _UNIT) + 1, most), 0)
        amount[self._num_spans + np.asarray(sites)] = most
        amount[self._num_spans + self._num_sites + np.asarray(others)] = most
        amount[-1] = most
        limits = np.bincount(self._there, weights=amount, minlength=len(self._head))
        limits += np.bincount(self._back[: self._num_spans], weights=spans, minlength=len(self._head))
        return np.minimum(limits, most).astype(np.int32)

    def _to_graph(self, values: NDArray[np.int32]) -> sparse.csr_matrix:
        return sparse.csr_matrix((values, self._head, self._starts), shape=(self._num_nodes, self._num_nodes))

    def _reach(self, left: NDArray[np.int32], start: int) -> BoolArray:
        """(num_sites,) the sites that can be reached over arcs with something left."""
        is_open = left > 0
        starts = np.concatenate(([0], np.cumsum(is_open)))[self._starts]
        shape = (self._num_nodes, self._num_nodes)
        graph = sparse.csr_matrix((np.ones(starts[-1], dtype=np.int8), self._head[is_open], starts), shape=shape)
        reached = np.zeros(self._num_nodes, dtype=bool)
        reached[csgraph.breadth_first_order(graph, start, return_predecessors=False)] = True
        return reached[: self._num_sites]
