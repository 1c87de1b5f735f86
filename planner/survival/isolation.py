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
        Number of the main component: it holds the largest region weight, then the most sites that are left, then the
        lowest site.
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

    def held(self, component: IntArray, fallen: BoolArray | None = None) -> BoolArray:
        """(components, regions) whether each component holds each region, sites that fell left out."""
        is_held = np.zeros((int(component.max(initial=-1)) + 1, len(self.weights)), dtype=bool)
        is_held[self._pairs(component, fallen)] = True
        return is_held

    def held_weights(self, component: IntArray, fallen: BoolArray | None = None) -> FloatArray:
        """(components,) total weight of the regions that each component holds."""
        where, region = self._pairs(component, fallen)
        num_components = int(component.max(initial=-1)) + 1
        weights: FloatArray = np.bincount(where, weights=self.weights[region], minlength=num_components)
        return weights

    def owes(self, fallen: BoolArray) -> BoolArray:
        """(regions,) whether a site of the region is left."""
        is_owing: BoolArray = self._needed(fallen) > 0
        return is_owing

    def _needed(self, fallen: BoolArray | None) -> IntArray:
        """(regions,) entries that still have a site; -1 for a region without any, which nothing holds."""
        if fallen is None:
            needed = self.num_entries
        else:
            has_left = np.zeros(len(self.terminals), dtype=bool)
            has_left[self.terminals.row_of_item[~fallen[self.terminals.items]]] = True
            needed = np.bincount(self.region_of[has_left], minlength=len(self.weights))
        return np.where(needed > 0, needed, -1)

    def _pairs(self, component: IntArray, fallen: BoolArray | None) -> tuple[IntArray, IntArray]:
        """Component and region of every pair in which the component holds the region, in order."""
        num_regions, num_entries = max(len(self.weights), 1), max(len(self.terminals), 1)
        is_left = np.ones(len(self.terminals.items), dtype=bool) if fallen is None else ~fallen[self.terminals.items]
        entry = self.terminals.row_of_item[is_left]
        touched = np.unique(component[self.terminals.items[is_left]] * num_entries + entry)
        pairs = touched // num_entries * num_regions + self.region_of[touched % num_entries]
        pairs, count = np.unique(pairs, return_counts=True)
        where, region = pairs // num_regions, pairs % num_regions
        is_held = count == self._needed(fallen)[region]
        return where[is_held], region[is_held]

    def isolation(self, component: IntArray, fallen: BoolArray | None = None) -> Isolation:
        """The main component and the regions isolated from it; one of which every site fell is not isolated."""
        where, region = self._pairs(component, fallen)
        num_components = int(component.max(initial=-1)) + 1
        weight = np.bincount(where, weights=self.weights[region], minlength=num_components)
        num_sites = np.bincount(component if fallen is None else component[~fallen], minlength=num_components)
        _, lowest_site = np.unique(component, return_index=True)
        main = int(np.lexsort((lowest_site, -num_sites, -weight))[0])
        is_isolated = self._needed(fallen) > 0
        is_isolated[region[where == main]] = False
        return Isolation(main, is_isolated, float(self.weights[is_isolated].sum()))
