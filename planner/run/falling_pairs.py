"""Pairs of a severed set and one more cut of which at least one takes sites, with the most that they can isolate."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from planner.problem import BoolArray, FloatArray, IntArray, Problem, Rows
from planner.run.parting_after import PartingAfter
from planner.run.pieces import bound_by_pieces
from planner.survival.active import ActiveGraph
from planner.survival.cutsets import components
from planner.survival.isolation import RegionIndex
from planner.survival.sides import SideWeights, to_site_weights

_ROUNDING = 1 + 1e-9
_NONE = np.zeros(0, dtype=np.int64)

type Partners = dict[int, tuple[IntArray, FloatArray]]
"""Per set its partners, and the most that each can isolate together with it; infinite where not known."""


class FallingPairs:
    """Every pair of a set and a cut that can isolate somebody together, where one of the two takes sites.

    Parameters
    ----------
    problem
        The problem.
    graph
        Its standing spans.
    cuts, cut_sites
        What the sets and, behind them, the cuts of the graph sever and take.
    index
        Of the problem's regions.
    num_sets
        How many of `cuts` are sets.

    Notes
    -----
    Where the second of two cuts parts nothing that the first left joined, it isolates nobody more, unless it takes
    sites: then the only site by which the main part holds a region may fall, or so much weight that another part
    becomes the main one. Both need sites that matter in several parts.

    Where every region is one site and nothing is apart yet, a set that takes sites and isolates nobody alone parts
    nothing alone. Then only those cuts count that part more with it than without, and those that leave a main part
    so little heavier than another one that what falls may outweigh the difference.
    """

    def __init__(
        self, problem: Problem, graph: ActiveGraph, cuts: Rows, cut_sites: Rows, index: RegionIndex, num_sets: int
    ) -> None:
        self._problem, self._graph, self._index = problem, graph, index
        self._cuts, self._cut_sites, self._num_sets = cuts, cut_sites, num_sets
        self._has_single_sites = bool((problem.terminals.sizes == 1).all() and (index.num_entries <= 1).all())
        keep = np.ones(len(graph.ends), dtype=bool)
        self._whole = SideWeights.of(problem, graph.ends, keep)
        self._matters_to = _to_rows_by_site(problem)

    def find(self, is_open: BoolArray, matters: BoolArray) -> Partners:
        """Find the pairs.

        Parameters
        ----------
        is_open
            (sets,) the sets that isolate nobody alone; the others are left out.
        matters
            (num_sites,) which sites matter.
        """
        graph = self._graph
        after = PartingAfter(graph.ends, graph.num_sites, matters, self._cuts, self._cut_sites)
        falls = self._cut_sites.sizes > 0
        open_sets = np.flatnonzero(is_open)
        plain_sets = after.to_blocks(open_sets[~falls[open_sets]])
        numbers = np.arange(self._num_sets, len(self._cuts))
        is_simple = self._has_single_sites and bool(np.isfinite(self._whole.total))
        all_cuts = after.to_blocks(numbers, is_beyond=is_simple)
        slack = self._find_slack(numbers[after.find_alone(numbers)]) if is_simple else None
        found: list[tuple[IntArray, IntArray, FloatArray]] = []
        for numbers in self._group_alike(is_open):
            owners, partners = numbers[numbers < self._num_sets], numbers[numbers >= self._num_sets]
            if len(owners):
                own = int(owners[0])
                shifting = self._find_shifting(own) if slack is None else self._find_unsettled(own, slack)
                seconds, bound = self._find_seconds(own, after.find(own, all_cuts), shifting)
                found += [(np.full(len(seconds), owner), seconds, bound) for owner in owners.tolist()]
            if len(partners):
                cut = int(partners[0])
                seconds, bound = self._find_seconds(cut, after.find(cut, plain_sets), _NONE)
                found.append((seconds, np.full(len(seconds), cut), bound))
        return _to_partners(found)

    def _group_alike(self, is_open: BoolArray) -> Iterator[IntArray]:
        """Open sets and cuts that take sites, those together that sever and take the same."""
        alike: dict[tuple[bytes, bytes], list[int]] = {}
        for number in np.flatnonzero(self._cut_sites.sizes).tolist():
            if number >= self._num_sets or is_open[number]:
                key = self._cuts[number].tobytes(), self._cut_sites[number].tobytes()
                alike.setdefault(key, []).append(number)
        return (np.array(numbers) for numbers in alike.values())

    def _find_slack(self, cuts: IntArray) -> FloatArray:
        """(cuts,) by how much each leaves the main part heavier than any other, at least; infinite for all others."""
        slack = np.full(len(self._cuts), np.inf)
        bound, heaviest = bound_by_pieces(
            self._whole,
            self._cuts.select(cuts),
            self._cut_sites.select(cuts),
            self._first_left(np.zeros(self._graph.num_sites, dtype=bool)),
            to_site_weights(self._problem),
            dead_weight_counts=False,
        )
        slack[cuts] = heaviest - bound
        return slack

    def _find_unsettled(self, first: int, slack: FloatArray) -> IntArray:
        """Cuts after which the weight that a first one takes may change the main part."""
        weight = float(to_site_weights(self._problem)[self._cut_sites[first]].sum())
        return np.flatnonzero(slack <= weight * _ROUNDING) if weight else _NONE

    def _find_seconds(self, first: int, parting: IntArray, shifting: IntArray) -> tuple[IntArray, FloatArray]:
        """What to try beside a first cut: what parts something after it, bounded, and what may shift the main part."""
        parting = np.setdiff1d(parting, shifting)
        bound = np.full(len(parting) + len(shifting), np.inf)
        if len(parting):
            bound[: len(parting)] = self._bound(first, parting)
        return np.concatenate([parting, shifting]), bound

    def _bound(self, first: int, seconds: IntArray) -> FloatArray:
        keep, fallen = self._standing(first), self._fallen(first)
        component = components(self._graph.keeping(keep))
        root = None
        if self._has_single_sites:
            root = int(np.flatnonzero(component == self._index.isolation(component, fallen).main)[0])
        sides = SideWeights.of(self._problem, self._graph.ends, keep, root=root, fallen=fallen)
        if not np.isfinite(sides.total):
            return np.full(len(seconds), np.inf)
        at_site = to_site_weights(self._problem, fallen)
        start = root if root is not None else self._first_left(fallen)
        elsewhere = component != component[start]
        bound, heaviest = bound_by_pieces(
            sides,
            self._cuts.select(seconds),
            self._cut_sites.select(seconds),
            start,
            np.where(elsewhere, 0.0, at_site),
            dead_weight_counts=not self._has_single_sites,
        )
        other = np.bincount(component[elsewhere], weights=at_site[elsewhere]).max(initial=0.0) * _ROUNDING
        return np.where(heaviest > other, bound, sides.total)

    def _find_shifting(self, first: int) -> IntArray:
        """Cuts that take what may isolate a region, or change the main part, though they part nothing more."""
        fallen = self._fallen(first)
        component = components(self._graph.keeping(self._standing(first)))
        terminals = self._problem.terminals
        is_left = ~fallen[terminals.items]
        region = self._problem.region_of[terminals.row_of_item[is_left]]
        place = component[terminals.items[is_left]]
        if len(place) == 0 or (place == place[0]).all():
            return _NONE
        num_regions = len(self._index.weights)
        low, high = np.full(num_regions, len(component)), np.full(num_regions, -1)
        np.minimum.at(low, region, place)
        np.maximum.at(high, region, place)
        weight = np.sort(self._index.held(component, fallen) @ self._index.weights)
        slack = weight[-1] - weight[-2]
        site, of_region = self._matters_to
        is_fragile = np.zeros(self._graph.num_sites, dtype=bool)
        is_fragile[site[high[of_region] > low[of_region]]] = True
        lost = np.bincount(site, weights=self._index.weights[of_region], minlength=self._graph.num_sites)
        row, taken = self._cut_sites.row_of_item, self._cut_sites.items
        lost_by_cut = np.bincount(row, weights=lost[taken], minlength=len(self._cuts))
        num_fragile = np.bincount(row, weights=is_fragile[taken], minlength=len(self._cuts))
        is_shifting = (num_fragile > 0) | ((lost_by_cut > 0) & (lost_by_cut * _ROUNDING >= slack))
        is_shifting[: self._num_sets] = False
        return np.flatnonzero(is_shifting)

    def _standing(self, first: int) -> BoolArray:
        keep = np.ones(len(self._graph.ends), dtype=bool)
        keep[self._cuts[first]] = False
        return keep

    def _fallen(self, first: int) -> BoolArray:
        fallen = np.zeros(self._graph.num_sites, dtype=bool)
        fallen[self._cut_sites[first]] = True
        return fallen

    def _first_left(self, fallen: BoolArray) -> int:
        """Where the tree begins: the first site that still owes something."""
        items = self._problem.terminals.items
        return int(items[~fallen[items]][0])


def _to_rows_by_site(problem: Problem) -> tuple[IntArray, IntArray]:
    """Pairs of a site and a region that it belongs to, each once."""
    pairs = np.column_stack([problem.terminals.items, problem.region_of[problem.terminals.row_of_item]])
    site, region = np.unique(pairs, axis=0).T if len(pairs) else pairs.T
    return site, region


def _to_partners(found: list[tuple[IntArray, IntArray, FloatArray]]) -> Partners:
    if not any(len(one) for one, _, _ in found):
        return {}
    one, other, bound = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.lexsort((other, one))
    numbers, starts = np.unique(one[order], return_index=True)
    blocks = zip(np.split(other[order], starts[1:]), np.split(bound[order], starts[1:]), strict=True)
    return dict(zip(numbers.tolist(), blocks, strict=True))
