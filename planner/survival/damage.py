"""How much region weight given cuts isolate, on a graph whose cuts are numbered."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from planner.problem import BoolArray, FloatArray, IntArray, Problem
from planner.survival.active import ActiveGraph
from planner.survival.isolation import RegionIndex


class Damage:
    """Weighs what cuts leave behind.

    Parameters
    ----------
    problem
        Regions and their weights.
    graph
        The spans that stand, and their cuts.
    """

    def __init__(self, problem: Problem, graph: ActiveGraph) -> None:
        self.graph = graph
        self.index = RegionIndex(problem)
        self.has_fallers = bool(len(graph.falling_cuts))
        self.total_weight = float(problem.region_weight[self.index.num_entries > 0].sum())

    def fallen(self, cuts: Sequence[int]) -> BoolArray | None:
        """(num_sites,) the sites that the cuts take; None where no cut takes any."""
        if not self.has_fallers:
            return None
        fallen = self.graph.fallen.copy()
        for cut in cuts:
            fallen[self.graph.cut_sites[cut]] = True
        return fallen

    def components(self, cuts: Sequence[int]) -> IntArray:
        """(num_sites,) the component of each site after the cuts."""
        keep = np.ones(len(self.graph.ends), dtype=bool)
        keep[self.graph.severed(cuts)] = False
        ends, num_sites = self.graph.ends[keep], self.graph.num_sites
        matrix = sparse.coo_matrix((np.ones(len(ends), dtype=np.int8), ends.T), shape=(num_sites, num_sites))
        component: IntArray = csgraph.connected_components(matrix.tocsr(), directed=False)[1].astype(np.int64)
        return component

    def held_weights(self, cuts: Sequence[int]) -> tuple[FloatArray, float]:
        """(components,) the region weight that each component holds, and the weight that is owed at all."""
        component, fallen = self.components(cuts), self.fallen(cuts)
        owed = self.total_weight if fallen is None else float(self.index.weights[self.index.owes(fallen)].sum())
        return self.index.held_weights(component, fallen), owed

    def weight(self, cuts: Sequence[int]) -> float:
        """The region weight outside of the main component."""
        held, owed = self.held_weights(cuts)
        return owed - float(held.max(initial=0.0))
