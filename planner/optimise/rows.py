"""Covering rows: how many candidate spans must cross a line between regions, whatever part of it is cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from planner.problem import BoolArray, FloatArray, IntArray, Problem
from planner.survival.active import ActiveGraph, to_active_graph


@dataclass(frozen=True, slots=True)
class Row:
    """``sum(coefficients * x[routes]) >= at_least``, with routes ascending. `cuts` is the H it was made with."""

    routes: tuple[int, ...]
    coefficients: tuple[int, ...]
    at_least: int
    cuts: tuple[int, ...] = field(default=(), compare=False)

    def is_violated(self, x: FloatArray, tolerance: float = 1e-6) -> bool:
        """Whether the point ``x`` (one value per route) breaks the row."""
        return self.shortfall(x) > tolerance

    def shortfall(self, x: FloatArray) -> float:
        """By how much the point falls short of the row."""
        return self.at_least - float(x[list(self.routes)] @ np.array(self.coefficients, dtype=np.float64))


class RowMaker:
    """Makes the rows that hold for every plan from a set of sites S and a set of cuts H.

    Let S wholly hold one region and wholly miss another, let j be the smaller of the highest levels on either side, and
    let the cuts H sever every existing span across S but e of them. Each span across S that H does not sever can be
    severed by one more cut, so at least ``j + 1 - |H| - e`` candidate spans across S must be built that H spares.
    Where sites fall a larger cut may take away the very site that owes, so that nothing is known of further cuts: then
    H must sever all existing spans across S, and one candidate is asked for.

    Parameters
    ----------
    problem
        The problem. `full` is its graph with every candidate built; cuts are numbered as there. `is_sparse` says that
        most sites owe nothing, as where junctions of corridors are sites: plans are long ways between few of them.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.full: ActiveGraph = to_active_graph(problem, problem.candidates)
        self.is_candidate_span: BoolArray = problem.is_candidate[problem.route_of_span]
        self.sites_fall = problem.group_sites is not None
        self.is_sparse = _is_sparse(problem)
        self._cuts_of_span = _invert(self.full, problem.num_spans)
        self._sizes = self.full.cuts.sizes.tolist()
        self._sites_of_cut = [tuple(sites.tolist()) for sites in self.full.cut_sites]
        entry = problem.terminals.row_of_item
        owes = problem.required_cuts[entry] >= 0
        self._entry, self._site = entry[owes], problem.terminals.items[owes]

    def entries_across(self, inside: BoolArray, cuts: Sequence[int] = ()) -> tuple[BoolArray, BoolArray]:
        """Per entry, whether what is left of it lies wholly inside S, and whether wholly outside."""
        fallen = self.fallen(cuts)
        is_left = ~fallen[self._site]
        num_entries = len(self.problem.terminals)
        size = np.bincount(self._entry[is_left], minlength=num_entries)
        num_inside = np.bincount(self._entry[is_left & inside[self._site]], minlength=num_entries)
        return (size > 0) & (num_inside == size), (size > 0) & (num_inside == 0)

    def level_across(self, inside: BoolArray, cuts: Sequence[int] = ()) -> int:
        """The level that S owes: -1 unless it wholly holds what is left of one entry and wholly misses another."""
        is_inside, is_outside = self.entries_across(inside, cuts)
        levels = self.problem.required_cuts
        return int(min(levels[is_inside].max(initial=-1), levels[is_outside].max(initial=-1)))

    def cover(self, graph: ActiveGraph, cut_set: Sequence[int]) -> tuple[int, ...]:
        """For cuts of a graph with fewer routes, the largest cuts of `full` that do as much and take the same sites."""
        return tuple(sorted({self._cover(graph, cut) for cut in cut_set}))

    def _cover(self, graph: ActiveGraph, cut: int) -> int:
        spans, sites = graph.spans[graph.cuts[cut]].tolist(), tuple(graph.cut_sites[cut].tolist())
        every_cut = range(len(self.full.cuts))
        holding = set.intersection(*(set(self._cuts_of_span[span]) for span in spans)) if spans else set(every_cut)
        alike = [number for number in holding if self._sites_of_cut[number] == sites]
        return min(alike, key=lambda number: (-self._sizes[number], number))

    def fallen(self, cuts: Sequence[int]) -> BoolArray:
        """(num_sites,) the sites that cuts of `full` take."""
        mask = np.zeros(self.problem.num_sites, dtype=bool)
        for cut in cuts if self.sites_fall else ():
            mask[self.full.cut_sites[cut]] = True
        return mask

    def severed(self, cuts: Sequence[int]) -> BoolArray:
        """(m,) the spans that cuts of `full` sever."""
        mask = np.zeros(self.problem.num_spans, dtype=bool)
        mask[self.full.spans[self.full.severed(cuts)]] = True
        return mask

    def row(self, inside: BoolArray, cuts: Sequence[int]) -> Row | None:
        """The row of S and H; None where it asks for nothing."""
        return self._row(self._crossing(inside), cuts, self.level_across(inside, cuts))

    def rows_for(self, inside: BoolArray, cuts: Sequence[int], x: FloatArray) -> Iterator[Row]:
        """Rows of S for parts H of a cut set: the smallest that is violated, and that of the whole set."""
        level, crossing = self.level_across(inside, cuts), self._crossing(inside)
        if level < 0:
            return
        for size in range(len(cuts) if self.sites_fall else 0, len(cuts) + 1):
            for part in combinations(cuts, size):
                row = self._row(crossing, part, level)
                if row is not None and row.is_violated(x):
                    yield row
                    return

    def bridging_row(self, component: IntArray, cuts: Sequence[int]) -> Row:
        """At least one candidate that the cuts spare must join two of the components that they leave."""
        ends = component[self.problem.span_ends]
        crossing = np.flatnonzero((ends[:, 0] != ends[:, 1]) & self.is_candidate_span & ~self.severed(cuts))
        routes = np.unique(self.problem.route_of_span[crossing])
        return Row(tuple(routes.tolist()), (1,) * len(routes), 1, tuple(cuts))

    def _crossing(self, inside: BoolArray) -> IntArray:
        ends = inside[self.problem.span_ends]
        return np.flatnonzero(ends[:, 0] != ends[:, 1])

    def _row(self, crossing: IntArray, cuts: Sequence[int], level: int) -> Row | None:
        spared = crossing[~self.severed(cuts)[crossing]]
        is_candidate = self.is_candidate_span[spared]
        existing, new = spared[~is_candidate], spared[is_candidate]
        at_least = level + 1 - len(cuts) - len(existing)
        if self.sites_fall:
            at_least = min(at_least, 1) if not len(existing) else 0
        if at_least <= 0 or not self.problem.is_cuttable[existing].all():
            return None
        worth = np.where(self.problem.is_cuttable[new], 1, at_least)
        routes, position = np.unique(self.problem.route_of_span[new], return_inverse=True)
        coefficients = np.minimum(np.bincount(position, weights=worth, minlength=len(routes)), at_least)
        return Row(tuple(routes.tolist()), tuple(coefficients.astype(int).tolist()), at_least, tuple(cuts))


def _is_sparse(problem: Problem) -> bool:
    owing = problem.terminals.items[problem.required_cuts[problem.terminals.row_of_item] >= 0]
    return 2 * len(np.unique(owing)) < len(np.unique(problem.span_ends))


def _invert(graph: ActiveGraph, num_spans: int) -> list[list[int]]:
    """Per span of the problem, the cuts that sever it."""
    holding: list[list[int]] = [[] for _ in range(num_spans)]
    for cut, spans in zip(graph.cuts.row_of_item.tolist(), graph.spans[graph.cuts.items].tolist(), strict=True):
        holding[spans].append(cut)
    return holding
