"""Which ways between regions are too long after which single cut."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from planner.problem import WAY_TOLERANCE_KM, BoolArray, FloatArray, IntArray, Problem
from planner.survival.active import ActiveGraph
from planner.survival.ways import Tree, WayGraph

NOTHING_CUT = -1
_FEW = 10  # cuts that a way meets, roughly


@dataclass(frozen=True, eq=False)
class LongWays:
    """Limited pairs whose way is too long after one cut.

    Parameters
    ----------
    cut
        Number of the cut in the graph; `NOTHING_CUT` for none.
    pairs
        (w,) rows of `Problem.limited_pairs`, ascending.
    length_km
        (w,) how long the way is; infinite where there is none. With `is_cut_short` also where it is too long.
    """

    cut: int
    pairs: IntArray
    length_km: FloatArray


def find_long_ways(problem: Problem, graph: ActiveGraph, *, is_cut_short: bool = True) -> Iterator[LongWays]:
    """Every limited pair whose way is longer than its limit, first with nothing cut, then cut by cut.

    Parameters
    ----------
    problem
        Names the limits.
    graph
        What stands; of the problem's limits those of one cut are looked at here.
    is_cut_short
        Whether ways that are too long need no exact length.

    Notes
    -----
    Only a cut that severs a span of a pair's shortest way can lengthen it, and by no more than the detours around the
    severed spans add up to. Where that cannot exceed the limit nothing is computed; the rest is computed cut by cut,
    from whichever side has fewer regions. The generator may be left at any time.
    """
    pairs = np.flatnonzero(problem.levels_of_pairs >= 0)
    if not len(pairs):
        return
    search = WaySearch(problem, graph, pairs)
    is_long = search.length_km > search.limit_km
    if is_long.any():
        yield LongWays(NOTHING_CUT, pairs[is_long], search.length_km[is_long])
    reach_km = float(search.limit_km.max()) if is_cut_short else np.inf
    for number, ways in by_value(*search.find_suspects(~is_long & (problem.levels_of_pairs[pairs] > 0))):
        length_km = search.find_lengths(number, ways, reach_km)
        is_broken = length_km > search.limit_km[ways]
        if is_broken.any():
            yield LongWays(number, pairs[ways[is_broken]], length_km[is_broken])


def has_long_way(problem: Problem, graph: ActiveGraph) -> bool:
    """Whether any limit is broken."""
    return next(find_long_ways(problem, graph), None) is not None


class WaySearch:
    """The ways of some limited pairs on one graph.

    Parameters
    ----------
    problem
        Names all limited pairs.
    graph
        What stands.
    pairs
        (w,) the rows of `Problem.limited_pairs` to look at.
    """

    def __init__(self, problem: Problem, graph: ActiveGraph, pairs: IntArray) -> None:
        self.graph = graph
        self.ways = WayGraph(problem, graph.spans)
        self.limit_km = problem.limit_km[pairs] + WAY_TOLERANCE_KM
        self.ends = problem.limited_pairs[pairs]
        self.cuts_of_span = graph.cuts_of_span
        sources, self.row = np.unique(self.ends[:, 0], return_inverse=True)
        self.fallen = np.flatnonzero(graph.fallen)
        self.tree: Tree = self.ways.find_tree(sources, self.fallen)
        self.length_km, self.nearest = self.ways.to_regions(self.tree.length_km, self.row, self.ends[:, 1])
        self._excuse(self.length_km, self.ends, self.fallen)

    def find_suspects(self, is_asked: BoolArray) -> tuple[IntArray, IntArray]:
        """(s,) cuts and (s,) ways that they may make too long."""
        if len(self.ends) * _FEW < len(self.graph.cuts):
            return self.find_hits(is_asked)  # fewer than the detours around every cut
        extra_km = self._find_extra_km()
        # a way that a cut may part has no bound on what the cut adds
        worst_of_span = np.zeros(len(self.graph.spans))
        np.maximum.at(worst_of_span, self.graph.cuts.items, extra_km[self.graph.cuts.row_of_item])
        bound_km = self.length_km + self._worst_on_way(worst_of_span)[self.row, self.nearest]
        is_met = (self.tree.span[self.row, self.nearest] < 0) & (len(self.graph.falling_cuts) > 0)
        cut, hit = self.find_hits(is_asked & (is_met | (bound_km > self.limit_km)))
        is_suspect = self.length_km[hit] + extra_km[cut] > self.limit_km[hit]
        return cut[is_suspect], hit[is_suspect]

    def find_hits(self, is_asked: BoolArray) -> tuple[IntArray, IntArray]:
        """(h,) cuts and (h,) ways that they sever, each pair once."""
        hit_way, hit_span = self._walk(np.flatnonzero(is_asked))
        cuts = self.cuts_of_span.select(hit_span)
        met_way, met_cut = self._cuts_at_starts(np.flatnonzero(is_asked))
        way, cut = np.concatenate((np.repeat(hit_way, cuts.sizes), met_way)), np.concatenate((cuts.items, met_cut))
        num_cuts = max(1, len(self.graph.cuts))
        key = np.unique(way * num_cuts + cut)
        return key % num_cuts, key // num_cuts

    def find_lengths(self, cut: int, ways: IntArray, within_km: float = np.inf) -> FloatArray:
        """(w,) lengths after a cut; zero where a region of which every site fell owes nothing."""
        fallen = np.union1d(self.graph.cut_sites[cut], self.fallen)
        starts = [np.unique(self.ends[ways, side], return_inverse=True) for side in (0, 1)]
        near = 0 if len(starts[0][0]) <= len(starts[1][0]) else 1
        regions, row = starts[near]
        nodes = self.ways.num_sites + regions
        found = self.ways.find_lengths(nodes, self.graph.cuts[cut], fallen, within_km=within_km)
        length_km = self.ways.to_regions(found, row, self.ends[ways, 1 - near])[0]
        self._excuse(length_km, self.ends[ways], fallen)
        return length_km

    def _excuse(self, length_km: FloatArray, ends: IntArray, fallen: IntArray) -> None:
        """Set the length to zero where a region has no site left."""
        if len(fallen):
            sites = self.ways.sites
            num_left = np.bincount(sites.row_of_item, ~np.isin(sites.items, fallen), len(sites))
            length_km[(num_left[ends] == 0).any(axis=1)] = 0.0

    def _find_extra_km(self) -> FloatArray:
        """(cuts,) what each cut adds to a way at most: around every span that it severs, the shortest detour."""
        room_km = float(np.max(self.limit_km, initial=0.0))
        extra_km = np.zeros(len(self.graph.cuts))
        for cut, spans in enumerate(self.graph.cuts):
            extra_km[cut] = np.inf if len(self.graph.cut_sites[cut]) else self._around(spans, room_km)
        return extra_km

    def _around(self, spans: IntArray, room_km: float) -> float:
        ends, length_km = self.graph.ends[spans], self.ways.span_length_km[spans]
        starts, row = np.unique(ends[:, 0], return_inverse=True)
        reach_km = room_km + float(length_km.max(initial=0.0))
        found = self.ways.find_lengths(starts, spans, within_km=reach_km)[row, ends[:, 1]]
        return float(np.maximum(found - length_km, 0.0).sum())

    def _worst_on_way(self, worst_of_span: FloatArray) -> FloatArray:
        """(sources, nodes) the largest value of any span on the way to a node, by pointer doubling."""
        parent, span = self.tree.parent, self.tree.span
        worst = np.where(span >= 0, worst_of_span[span] if len(worst_of_span) else 0.0, 0.0)
        jump = np.where(parent >= 0, parent, np.arange(parent.shape[1]))
        while True:
            further = np.take_along_axis(jump, jump, axis=1)
            np.maximum(worst, np.take_along_axis(worst, jump, axis=1), out=worst)
            if np.array_equal(further, jump):
                return worst
            jump = further

    def _walk(self, way: IntArray) -> tuple[IntArray, IntArray]:
        """Pairs of way and span on it, from the far end back to the start."""
        found: list[tuple[IntArray, IntArray]] = []
        here = self.nearest[way]
        while len(way):
            span = self.tree.span[self.row[way], here]
            is_on = span >= 0
            way, span = way[is_on], span[is_on]
            found.append((way, span))
            here = self.tree.parent[self.row[way], here[is_on]]
        return tuple(np.concatenate([part[side] for part in found] or [way]) for side in (0, 1))  # type: ignore[return-value]

    def _cuts_at_starts(self, way: IntArray) -> tuple[IntArray, IntArray]:
        """Ways of length zero, whose two regions share a site, and the cuts that take it."""
        if not len(self.graph.falling_cuts):
            return way[:0], way[:0]
        way = way[self.tree.span[self.row[way], self.nearest[way]] < 0]
        cut_sites = self.graph.cut_sites
        by_site = cut_sites.group(cut_sites.items, cut_sites.row_of_item, self.graph.num_sites)
        cuts = by_site.select(self.nearest[way])
        return np.repeat(way, cuts.sizes), cuts.items


def by_value(value: IntArray, item: IntArray) -> Iterator[tuple[int, IntArray]]:
    """Items of each value, values ascending."""
    order = np.lexsort((item, value))
    values, starts = np.unique(value[order], return_index=True)
    return zip(values.tolist(), np.split(item[order], starts[1:]), strict=False)
