"""Whom given sets of spans isolate when they are cut, alone or together with one more cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from planner.problem import BoolArray, FloatArray, IntArray, Problem, Rows
from planner.run.falling_pairs import FallingPairs
from planner.survival.active import ActiveGraph
from planner.survival.isolation import RegionIndex
from planner.survival.parting import PartingSets, find_parting_sets
from planner.survival.sides import SideWeights

MAX_TRIALS = 30_000
"""Pairs of cuts that are tried out; a tenth of a millisecond to a millisecond each."""

_ROUNDING = 1 + 1e-9
_MAX_PAIRS = 3_000_000  # of a set and a cut, listed before they are tried


@dataclass(frozen=True, slots=True)
class Harm:
    """What one severed set does.

    Parameters
    ----------
    regions
        Regions that it isolates, ascending: alone, or where it isolates none alone, with one more cut. Those that
        are isolated without it, or that the other cut isolates alone, are not counted.
    weight
        Their total weight.
    partner
        Number of the other cut in the graph; None where none is needed.
    """

    regions: tuple[int, ...]
    weight: float
    partner: int | None


@dataclass(frozen=True, slots=True)
class Harms:
    """What many severed sets do.

    Parameters
    ----------
    of_set
        Per set its harm; None where it isolates nobody.
    num_cut_short
        Sets whose partners were not all tried, since there are too many pairs; a worse partner may exist.
    """

    of_set: tuple[Harm | None, ...]
    num_cut_short: int


def find_harms(
    problem: Problem,
    graph: ActiveGraph,
    sets: Sequence[Sequence[int]],
    sites: Sequence[Sequence[int]] = (),
    *,
    max_trials: int = MAX_TRIALS,
) -> Harms:
    """Find what each set isolates alone, else the most that it isolates together with one cut of the graph.

    Parameters
    ----------
    problem
        The problem.
    graph
        Its standing spans and their cuts.
    sets
        Spans of the problem that are severed together, all standing; cuttable, or at a site that falls with them.
    sites
        Per set the sites that fall with it; none unless given. The set holds all spans at them.
    max_trials
        Largest number of pairs to try out.

    Notes
    -----
    Labels tell which sets part sites alone and which do so with a partner (see `planner.survival.parting`), so only
    those are tried. Of a set's partners those whose cut has the heavier lesser side come first, and the trial ends
    where no other side can weigh more than what was found. A cut counts only where it parts sites of regions that
    were joined: that the main part changes over to another one of the same weight is no harm of its own. A site that
    falls owes nothing, and what its weight was worth to the main part is gone.
    """
    return _Search(problem, graph, sets, sites or [()] * len(sets), max_trials).find()


class _Search:
    """Sets and cuts side by side: sets are numbered first, cuts behind them."""

    def __init__(
        self,
        problem: Problem,
        graph: ActiveGraph,
        sets: Sequence[Sequence[int]],
        sites: Sequence[Sequence[int]],
        max_trials: int,
    ) -> None:
        own = [np.searchsorted(graph.spans, np.asarray(spans, dtype=np.int64)) for spans in sets]
        self.cuts = Rows.of([row.tolist() for row in (*own, *graph.cuts)])
        self.cut_sites = Rows.of([*sites, *(row.tolist() for row in graph.cut_sites)])
        self.falling = np.flatnonzero(self.cut_sites.sizes)
        self.num_sets = len(own)
        whole = replace(graph, cuts=self.cuts, cut_sites=self.cut_sites)
        self.graph = whole.only_spans_fail() if len(self.falling) else whole
        self.matters = np.zeros(graph.num_sites, dtype=bool)
        self.matters[problem.terminals.items] = True
        self.index = RegionIndex(problem)
        self.uncut = self._try(())
        self.problem = problem
        self.max_trials = max_trials
        self.num_trials = 0
        self._alone: dict[int, BoolArray] = {}
        self._parting: set[int] = set()
        sides = self._sides_without(())
        is_simple = self._has_single_sites() and np.isfinite(sides.total)
        self._uncut_sides = sides if is_simple else None

    def find(self) -> Harms:
        parting = PartingSets(self.graph, self.matters)
        alone = {cut for block in parting.blocks(1) for cut in block[:, 0].tolist()}
        pairs, num_left_out = self._list_pairs(parting)
        self._parting = alone
        harms: list[Harm | None] = [None] * self.num_sets
        partners: dict[int, list[int]] = {}
        for number in sorted(cut for cut in alone if cut < self.num_sets):
            harms[number] = self._to_harm(self._isolated_by(number) & ~self.uncut, None)
            if harms[number] is None:
                partners[number] = self._partners_of_harmless(number)
        self._add_pairs(partners, pairs)
        self._add_partners_that_part(partners, alone)
        bounds = self._bound(partners, alone)
        if len(self.falling):
            self._add_falling(harms, bounds)
        order = sorted(bounds, key=lambda number: (-bounds[number][1].max(initial=0.0), number))
        num_cut_short = num_left_out
        for number in order:
            harms[number], is_whole = self._find_worst(number, *bounds[number])
            num_cut_short += not is_whole
        return Harms(tuple(harms), num_cut_short)

    def _add_falling(self, harms: list[Harm | None], bounds: dict[int, tuple[IntArray, FloatArray]]) -> None:
        """What sets that take sites isolate alone, and pairs of which one takes sites, with their bounds."""
        falling = self.falling[self.falling < self.num_sets].tolist()
        for number in falling:
            harms[number] = self._to_harm(self._isolated_by(number) & ~self.uncut, None)
        pairs = FallingPairs(self.problem, self.graph, self.cuts, self.cut_sites, self.index, self.num_sets)
        is_open = np.array([harm is None for harm in harms], dtype=bool)
        for number, found in pairs.find(is_open, self.matters).items():
            known = bounds.get(number, (np.zeros(0, dtype=np.int64), np.zeros(0)))
            bounds[number] = np.concatenate([known[0], found[0]]), np.concatenate([known[1], found[1]])

    def _bound(self, partners: dict[int, list[int]], alone: set[int]) -> dict[int, tuple[IntArray, FloatArray]]:
        """Per set its partners, and the most that each can isolate together with it; infinite where not known.

        Where one of two that part sites only together is a single span, it is a bridge once the other is cut.
        """
        pairs = [(number, cut) for number in sorted(partners) for cut in sorted(set(partners[number]))]
        one, other = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
        bound = np.full(len(one), np.inf)
        # what parts sites alone leaves three sides with another cut, and no bound
        parts_alone = np.zeros(len(self.graph.cuts), dtype=bool)
        parts_alone[sorted(alone)] = True
        span = self._only_spans()
        is_known = ~parts_alone[one] & ~parts_alone[other]
        rows = np.flatnonzero(is_known & (span[one] >= 0) & (span[other] >= 0))
        bound[rows] = self._sides_without(()).bound_pairs(span[one[rows]], span[other[rows]])
        for cuts, bridges in ((one, other), (other, one)):
            rows = np.flatnonzero(is_known & (span[cuts] < 0) & (span[bridges] >= 0))
            rows = rows[np.argsort(cuts[rows], kind="stable")]
            numbers, starts = np.unique(cuts[rows], return_index=True)
            for number, block in zip(numbers.tolist(), np.split(rows, starts[1:]), strict=False):
                bound[block] = self._sides_without((number,)).bound_bridges(span[bridges[block]])
        self._bound_beside_partings(one, other, parts_alone, span, bound)
        numbers, starts = np.unique(one, return_index=True)
        blocks = zip(np.split(other, starts[1:]), np.split(bound, starts[1:]), strict=True)
        return dict(zip(numbers.tolist(), blocks, strict=False))

    def _bound_beside_partings(
        self, one: IntArray, other: IntArray, parts_alone: BoolArray, span: IntArray, bound: FloatArray
    ) -> None:
        """Bounds of single spans beside cuts that part sites alone, where every region is one site.

        After such a cut only a bridge of the main part isolates more: its lesser side, or the whole main part where
        another part then is the heaviest.
        """
        if not self._has_single_sites():
            return
        rows = np.flatnonzero(~parts_alone[one] & parts_alone[other] & (span[one] >= 0))
        rows = rows[np.argsort(other[rows], kind="stable")]
        numbers, starts = np.unique(other[rows], return_index=True)
        for number, block in zip(numbers.tolist(), np.split(rows, starts[1:]), strict=False):
            keep = self._standing((number,))
            component = self._components(keep)
            main = self.index.isolation(component).main
            weights = np.bincount(
                component[self.index.terminals.items], self.index.weights[self.index.region_of], component.max() + 1
            )
            root = int(np.flatnonzero(component == main)[0])
            sides = SideWeights.of(self.problem, self.graph.ends, keep, root=root)
            lesser = sides.bound_bridges(span[one[block]])
            runner_up = float(np.delete(weights, main).max(initial=0.0)) * _ROUNDING
            bound[block] = np.where(sides.total - lesser > runner_up, lesser, sides.total)

    def _has_single_sites(self) -> bool:
        """Whether every region is one site, so that weights of sites add up."""
        return bool((self.index.terminals.sizes == 1).all() and (self.index.num_entries <= 1).all())

    def _only_spans(self) -> IntArray:
        """Per cut its only span; -1 where it has several or none."""
        span = np.full(len(self.graph.cuts), -1, dtype=np.int64)
        single = np.flatnonzero(self.graph.cuts.sizes == 1)
        span[single] = self.graph.cuts.items[self.graph.cuts.starts[single]]
        return span

    def _sides_without(self, cuts: Sequence[int]) -> SideWeights:
        return SideWeights.of(self.problem, self.graph.ends, self._standing(cuts))

    def _standing(self, cuts: Sequence[int]) -> BoolArray:
        keep = np.ones(len(self.graph.ends), dtype=bool)
        for cut in cuts:
            keep[self.cuts[cut]] = False
        return keep

    def _list_pairs(self, parting: PartingSets) -> tuple[IntArray, int]:
        """Pairs of a set and a cut, and how many sets are left out since there are too many pairs."""
        found, num_found = [np.zeros((0, 2), dtype=np.int64)], 0
        for block in parting.blocks(2):
            mixed = block[(block[:, 0] < self.num_sets) & (block[:, 1] >= self.num_sets)]
            found.append(mixed)
            num_found += len(mixed)
            if num_found > _MAX_PAIRS:
                return np.concatenate(found), self.num_sets - 1 - int(mixed[-1, 0])
        return np.concatenate(found), 0

    def _add_pairs(self, partners: dict[int, list[int]], pairs: IntArray) -> None:
        """Pairs of a set and a cut of which neither parts anything alone."""
        order = np.argsort(pairs[:, 0], kind="stable")
        numbers, starts = np.unique(pairs[order, 0], return_index=True)
        for number, found in zip(numbers.tolist(), np.split(pairs[order, 1], starts[1:]), strict=False):
            partners.setdefault(number, []).extend(found.tolist())

    def _add_partners_that_part(self, partners: dict[int, list[int]], alone: set[int]) -> None:
        """Sets that part something only with a cut that parts something else alone.

        Such a cut has several spans: after one whose only span is a bridge, a set parts what it parts without.
        """
        for cut in sorted(alone):
            if cut >= self.num_sets and len(self.graph.cuts[cut]) > 1:
                rest = find_parting_sets(self.graph.without(cut), self.matters, 1)[0]
                for number in rest[:, 0].tolist():
                    if number < self.num_sets and number not in alone:
                        partners.setdefault(number, []).append(cut)

    def _partners_of_harmless(self, number: int) -> list[int]:
        """A set that parts sites and isolates no region yet may do so with any cut that parts some more."""
        rest = find_parting_sets(self.graph.without(number), self.matters, 1)[0][:, 0]
        return [cut for cut in rest.tolist() if cut >= self.num_sets]

    def _find_worst(self, number: int, partners: IntArray, bounds: FloatArray) -> tuple[Harm | None, bool]:
        """The partner with which most weight is isolated, and whether all that could be worse were tried."""
        worst: Harm | None = None
        for place in np.lexsort((partners, -bounds)).tolist():
            if worst is not None and bounds[place] <= worst.weight * _ROUNDING:
                break
            if self.num_trials >= self.max_trials:
                return worst, False
            self.num_trials += 1
            cut = int(partners[place])
            isolated = self._try((number, cut)) & ~self._isolated_by(cut) & ~self._isolated_by(number) & ~self.uncut
            harm = self._to_harm(isolated, cut - self.num_sets)
            if harm is not None and (worst is None or harm.weight > worst.weight):
                worst = harm
        return worst, True

    def _isolated_by(self, cut: int) -> BoolArray:
        """(regions,) what one cut isolates."""
        if cut not in self._parting and not len(self.cut_sites[cut]):
            return self.uncut
        if cut not in self._alone:
            isolated = self._isolated_by_bridge(cut)
            self._alone[cut] = self._try((cut,)) if isolated is None else isolated
        return self._alone[cut]

    def _isolated_by_bridge(self, cut: int) -> BoolArray | None:
        """The same for a single span that is a bridge; None where only a trial tells."""
        sides = self._uncut_sides
        if sides is None or len(self.graph.cuts[cut]) != 1:
            return None
        span = int(self.graph.cuts[cut][0])
        lesser, below = self._weigh_sides(sides, span)
        if abs(sides.total - 2 * lesser) <= 1e-9 * sides.total:
            return None  # equal weights: the number of sites decides
        is_below = np.zeros(len(self.index.weights), dtype=bool)
        is_below[self.index.region_of] = below
        has_site = self.index.num_entries > 0
        return is_below & has_site if sides.weight[sides.child[span]] <= lesser else ~is_below & has_site

    def _weigh_sides(self, sides: SideWeights, span: int) -> tuple[float, BoolArray]:
        """Weight of the lesser side of a bridge, and which requirements are below it."""
        lesser = float(sides.bound_bridges(np.array([span]))[0])
        return lesser, sides.below(span, self.index.terminals.items)

    def _try(self, cuts: Sequence[int]) -> BoolArray:
        """(regions,) what is isolated after cuts."""
        fallen = None
        if any(len(self.cut_sites[cut]) for cut in cuts):
            fallen = np.zeros(self.graph.num_sites, dtype=bool)
            fallen[np.concatenate([self.cut_sites[cut] for cut in cuts])] = True
        return self.index.isolation(self._components(self._standing(cuts)), fallen).is_isolated

    def _components(self, keep: BoolArray) -> IntArray:
        ends, num_sites = self.graph.ends[keep], self.graph.num_sites
        matrix = sparse.coo_matrix((np.ones(len(ends), dtype=np.int8), ends.T), shape=(num_sites, num_sites))
        component: IntArray = csgraph.connected_components(matrix.tocsr(), directed=False)[1].astype(np.int64)
        return component

    def _to_harm(self, isolated: BoolArray, partner: int | None) -> Harm | None:
        regions = np.flatnonzero(isolated)
        if not len(regions):
            return None
        return Harm(tuple(regions.tolist()), float(self.index.weights[regions].sum()), partner)
