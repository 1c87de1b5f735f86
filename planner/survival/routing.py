"""Shortest ways between regions over the spans that stand, and the traffic that they carry."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from planner.problem import BoolArray, FloatArray, IntArray, Problem


@dataclass(frozen=True, eq=False)
class Routing:
    """The shortest way of each pair of regions, between any of their sites; of parallel spans the shortest is taken.

    Parameters
    ----------
    problem
        The problem.
    spans
        Indices of the spans that stand.
    length_km
        (m,) length of every span.
    fallen
        (num_sites,) sites at which no way may begin or end; the spans at them are not among `spans`.
    """

    problem: Problem
    spans: IntArray
    length_km: FloatArray
    fallen: BoolArray

    def find_way(self, a: int, b: int) -> tuple[float, tuple[int, ...]]:
        """Length in km and the sites from region `a` to region `b`; infinite and none where there is no way."""
        distance, before = self._from_region(a)
        site = self._find_end(b, distance)
        if site is None:
            return np.inf, ()
        sites = [site]
        while before[sites[-1]] >= 0:
            sites.append(int(before[sites[-1]]))
        return float(distance[site]), tuple(reversed(sites))

    def find_lengths(self) -> FloatArray:
        """(regions, regions) length of the ways in km, infinite where there is none."""
        num_regions = len(self.problem.region_weight)
        lengths = np.full((num_regions, num_regions), np.inf)
        sites = [self._sites_of(region) for region in range(num_regions)]
        for a in range(num_regions):
            distance, _ = self._from_region(a)
            lengths[a] = [distance[own].min(initial=np.inf) for own in sites]
        return lengths

    def find_loads(self, demand: FloatArray) -> tuple[FloatArray, float]:
        """(m,) load of every span, and what finds no way at all.

        Parameters
        ----------
        demand
            (regions, regions) what has to move between two regions; read above the diagonal.

        Notes
        -----
        Each pair takes its one shortest way, whatever the capacity. From one region all ways form a tree, down which
        the loads are summed from the farthest site inwards.
        """
        loads, lost = np.zeros(len(self.length_km)), 0.0
        for a in range(len(demand)):
            others = [b for b in range(a + 1, len(demand)) if demand[a, b] > 0]
            if not others:
                continue
            distance, before = self._from_region(a)
            through = np.zeros(self.problem.num_sites)
            for b in others:
                site = self._find_end(b, distance)
                if site is None:
                    lost += float(demand[a, b])
                else:
                    through[site] += demand[a, b]
            for site in np.argsort(-distance, kind="stable").tolist():
                if through[site] and before[site] >= 0:
                    up = int(before[site])
                    through[up] += through[site]
                    loads[self._span_between[min(site, up), max(site, up)]] += through[site]
        return loads, lost

    def _find_end(self, region: int, distance: FloatArray) -> int | None:
        """The nearest site of a region, of equals the lowest; None where none is reached."""
        sites = self._sites_of(region)
        if not len(sites):
            return None
        nearest = int(sites[np.argmin(distance[sites])])
        return nearest if np.isfinite(distance[nearest]) else None

    def _sites_of(self, region: int) -> IntArray:
        terminals = self.problem.terminals
        sites = np.unique(terminals.items[self.problem.region_of[terminals.row_of_item] == region])
        kept: IntArray = sites[~self.fallen[sites]]
        return kept

    def _from_region(self, region: int) -> tuple[FloatArray, IntArray]:
        """(num_sites,) distance from the nearest site of the region, and the site before on that way."""
        num_sites, sites = self.problem.num_sites, self._sites_of(region)
        if not len(sites):
            return np.full(num_sites, np.inf), np.full(num_sites, -9999, dtype=np.int64)
        distance, before, _ = csgraph.dijkstra(
            self._matrix, directed=False, indices=sites, return_predecessors=True, min_only=True
        )
        return distance, before

    @cached_property
    def _span_between(self) -> dict[tuple[int, int], int]:
        """Two sites, ascending, to the shortest span between them."""
        found: dict[tuple[int, int], int] = {}
        for span in self.spans[np.lexsort((self.spans, self.length_km[self.spans]))].tolist():
            low, high = sorted(self.problem.span_ends[span].tolist())
            found.setdefault((low, high), span)
        return found

    @cached_property
    def _matrix(self) -> sparse.csr_matrix:
        ends = np.array(sorted(self._span_between), dtype=np.int64).reshape(-1, 2)
        # a length of zero would read as no span
        lengths = [max(float(self.length_km[self._span_between[a, b]]), 1e-9) for a, b in ends.tolist()]
        shape = (self.problem.num_sites, self.problem.num_sites)
        return sparse.csr_matrix((lengths, (ends[:, 0], ends[:, 1])), shape=shape)
