"""Which component is the main one after cuts, and which regions it does not hold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.problem import BoolArray, FloatArray, IntArray, Problem, Rows


@dataclass(frozen=True, eq=False)
class Isolation:
    """What cuts leave behind.

    Parameters
    ----------
    main
        Number of the main component: it holds the largest region weight, then the most sites, then the lowest site.
    is_isolated
        Per region, whether the main component does not hold it. Regions without sites are never isolated.
    weight
        Total weight of the isolated regions.
    """

    main: int
    is_isolated: BoolArray
    weight: float


class RegionIndex:
    """Regions of a problem, ready to be looked up component by component.

    A component holds a region when it holds a site of each of the region's entries.
    """

    def __init__(self, problem: Problem) -> None:
        self.weights: FloatArray = problem.region_weight
        self.terminals: Rows = problem.terminals
        self.region_of: IntArray = problem.region_of
        self.num_entries = np.bincount(problem.region_of, minlength=len(self.weights))

    def held(self, component: IntArray) -> BoolArray:
        """(components, regions) whether each component holds each region."""
        num_components, num_regions = int(component.max(initial=-1)) + 1, len(self.weights)
        num_entries = len(self.terminals)
        touched = np.unique(component[self.terminals.items] * num_entries + self.terminals.row_of_item)
        where, region = touched // max(num_entries, 1), self.region_of[touched % max(num_entries, 1)]
        count = np.bincount(where * num_regions + region, minlength=num_components * num_regions)
        held: BoolArray = (count.reshape(num_components, num_regions) == self.num_entries) & (self.num_entries > 0)
        return held

    def isolation(self, component: IntArray) -> Isolation:
        """The main component and the regions isolated from it."""
        held = self.held(component)
        weight = held @ self.weights
        num_sites = np.bincount(component)
        _, lowest_site = np.unique(component, return_index=True)
        main = int(np.lexsort((lowest_site, -num_sites, -weight))[0])
        is_isolated = ~held[main] & (self.num_entries > 0)
        return Isolation(main, is_isolated, float(self.weights[is_isolated].sum()))
