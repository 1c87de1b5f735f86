"""How likely each region is isolated at a moment: by one cut, or by two that coincide; the rest is bounded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.invest.isolating import Isolator
from planner.problem import BoolArray, FloatArray, IntArray, Problem, Rows
from planner.survival.active import ActiveGraph
from planner.survival.parting import PartingSets, find_parting_sets

_MAX_PAIRS = 2_000_000  # listed at all
_MAX_WORK = 40_000_000  # spans and sites that are looked at for pairs
_MAX_REMOVALS = 4_000_000  # spans of the networks that are searched again after one cut


@dataclass(frozen=True, eq=False)
class Coincidence:
    """The probability of isolation at a moment, in parts.

    Parameters
    ----------
    uncut, single, pairs
        (regions,) with no cut, exactly one and exactly two of the kinds of cut there at that moment.
    neglected
        No region's probability is larger than the sum of the three by more than this, and none is smaller.
    order
        2, or 1 where there were too many pairs to list.
    num_pairs
        Pairs that were tried out.
    """

    uncut: FloatArray
    single: FloatArray
    pairs: FloatArray
    neglected: float
    order: int
    num_pairs: int


def find_coincidence(problem: Problem, graph: ActiveGraph, mean_active: FloatArray) -> Coincidence:
    """Add up the probabilities of all states of the network with up to two kinds of cut.

    Parameters
    ----------
    problem
        Regions and weights.
    graph
        The spans that stand; its cuts are the kinds of cut.
    mean_active
        (e,) cuts per year times years of repair: the mean number of unrepaired cuts of each kind.

    Notes
    -----
    Cuts of one kind arrive by chance alone and each is repaired after a fixed time, so at any moment their number is
    a Poisson variable (the queue M/G/infinity), independent of the other kinds. Two kinds isolate more than either
    only where they part sites together or one parts more after the other; those pairs are found by labels
    (`planner.survival.parting`) and only they are tried out. The states of three and more kinds are neglected.
    """
    return _Sum(problem, graph, mean_active).find()


class _Sum:
    def __init__(self, problem: Problem, graph: ActiveGraph, mean_active: FloatArray) -> None:
        self.graph = graph
        self.isolator = Isolator(problem, graph)
        self.matters = np.ones(graph.num_sites, dtype=bool)
        self.odds = np.expm1(mean_active)
        self.none = float(np.exp(-mean_active.sum()))
        self.parting = PartingSets(graph, self.matters)
        blocks = [block[:, 0] for block in self.parting.blocks(1)]
        self.alone = np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *blocks]))
        self.uncut = self.isolator.isolate(Rows.empty(1))[0].astype(np.float64)
        self.by_alone = self.isolator.isolate(graph.cuts.select(self.alone)).astype(np.float64)

    def find(self) -> Coincidence:
        all_odds, alone_odds = float(self.odds.sum()), self.odds[self.alone]
        pair_odds = (all_odds**2 - float((self.odds**2).sum())) / 2
        single = alone_odds @ self.by_alone + (all_odds - alone_odds.sum()) * self.uncut
        left_out = 1 - self.none * (1 + all_odds + pair_odds)
        pairs, order, num_tried = np.zeros_like(single), 2, 0
        listed = self._list_pairs()
        if listed is None:
            order, left_out = 1, 1 - self.none * (1 + all_odds)
        else:
            pairs, untried, num_tried = self._add_up(listed, pair_odds)
            left_out += self.none * untried
        neglected = min(1.0, max(0.0, left_out))
        return Coincidence(self.none * self.uncut, self.none * single, self.none * pairs, neglected, order, num_tried)

    def _list_pairs(self) -> IntArray | None:
        """(p, 2) pairs that may isolate more than each of the two; None where there are too many."""
        several = self.alone[self.graph.cuts.sizes[self.alone] > 1]
        if len(self.alone) ** 2 > _MAX_PAIRS or len(several) * len(self.graph.ends) > _MAX_REMOVALS:
            return None
        found, num_found = [np.zeros((0, 2), dtype=np.int64)], 0
        for block in self.parting.blocks(2):
            found.append(block)
            num_found += len(block)
            if num_found > _MAX_PAIRS:
                return None
        # after a bridge is gone, what parts more is what parts without it
        one, other = np.meshgrid(self.alone, self.alone, indexing="ij")
        found.append(np.column_stack([one[one < other], other[one < other]]))
        for cut in several.tolist():
            more = find_parting_sets(self.graph.without(cut), self.matters, 1)[0][:, 0]
            more = more[more != cut]
            found.append(np.column_stack([np.minimum(more, cut), np.maximum(more, cut)]))
        return np.unique(np.concatenate(found), axis=0)

    def _add_up(self, listed: IntArray, pair_odds: float) -> tuple[FloatArray, float, int]:
        """Per region the odds of isolation by two cuts, the odds of pairs left out, and how many were tried."""
        odds = self.odds[listed[:, 0]] * self.odds[listed[:, 1]]
        tried = np.argsort(-odds, kind="stable")[: max(1, _MAX_WORK // self.isolator.work_per_set)]
        total: FloatArray = odds[tried] @ self._isolate_pairs(listed[tried]).astype(np.float64)
        # every other pair isolates what its one parting cut does alone; both of two such cuts are listed
        is_alone = np.zeros(len(self.odds), dtype=bool)
        is_alone[self.alone] = True
        others = np.full(len(self.odds), float(self.odds[~is_alone].sum()))
        for one, other in (listed.T, listed.T[::-1]):
            np.subtract.at(others, one, np.where(is_alone[other], 0.0, self.odds[other]))
        rest = self.odds[self.alone] * np.maximum(0.0, others[self.alone])
        total += rest @ self.by_alone
        total += max(0.0, pair_odds - float(odds.sum()) - float(rest.sum())) * self.uncut
        return total, float(odds.sum() - odds[tried].sum()), len(tried)

    def _isolate_pairs(self, pairs: IntArray) -> BoolArray:
        cuts, sizes = self.graph.cuts, self.graph.cuts.sizes
        both = cuts.select(pairs.ravel())
        starts = np.concatenate(([0], np.cumsum(sizes[pairs].sum(axis=1))))
        return self.isolator.isolate(Rows(starts, both.items))
