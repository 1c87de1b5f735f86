"""Good attacks without proof: one cut at a time, then exchanges of one cut for another."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from planner.problem import Rows
from planner.survival.damage import Damage

_MAX_TRIALS = 4000


def find_first_attack(damage: Damage, num_cuts: int, is_over: Callable[[], bool]) -> tuple[int, ...]:
    """Add one cut after the other, the one that leaves the least held by pairs: it heeds what the next may part.

    Parameters
    ----------
    damage
        The graph and its cuts.
    num_cuts
        Number of cuts.
    is_over
        Whether to stop with what there is.
    """
    num_all = len(damage.graph.cuts)
    step = max(1, num_all * num_cuts // _MAX_TRIALS)
    attack: tuple[int, ...] = ()
    for _ in range(num_cuts):
        if is_over():
            break
        scored = [(_spread(damage, (*attack, cut)), cut) for cut in range(0, num_all, step) if cut not in attack]
        attack = (*attack, min(scored)[1]) if scored else attack
    return attack


def find_fringe_attack(damage: Damage, num_cuts: int) -> tuple[int, ...]:
    """Cut off whole sites, those with the most weight per cut first, as far as the cuts go."""
    graph, index = damage.graph, damage.index
    at_site = Rows.group(graph.ends.T.ravel(), np.tile(np.arange(len(graph.ends)), 2), graph.num_sites)
    cuts_of_span = Rows.group(graph.cuts.items, graph.cuts.row_of_item, len(graph.ends))
    lone = np.flatnonzero(index.terminals.sizes == 1)
    sites = index.terminals.items[index.terminals.starts[lone]]
    weight = np.bincount(sites, weights=index.weights[index.region_of[lone]], minlength=graph.num_sites)
    offers: list[tuple[float, int, set[int]]] = []
    for site in np.flatnonzero((weight > 0) & (at_site.sizes <= num_cuts)).tolist():
        rows = [cuts_of_span[span] for span in at_site[site].tolist()]
        needed = {int(row[0]) for row in rows if len(row)}
        if needed and len(rows) == sum(len(row) > 0 for row in rows):
            offers.append((-float(weight[site]) / len(needed), site, needed))
    attack: set[int] = set()
    for _, _, needed in sorted(offers, key=lambda offer: offer[:2]):
        if len(attack | needed) <= num_cuts:
            attack |= needed
    return tuple(sorted(attack))


def _spread(damage: Damage, attack: Sequence[int]) -> float:
    """Sum of squares of what the components hold; less is better."""
    held, owed = damage.held_weights(attack)
    return float(held @ held) + owed * (damage.total_weight - owed)


def exchange(
    damage: Damage, attack: Sequence[int], others: Sequence[int], is_over: Callable[[], bool]
) -> tuple[int, ...]:
    """Exchange one cut for one of `others` as long as that isolates more weight."""
    best, weight, num_trials = tuple(attack), damage.weight(attack), 0
    is_better = True
    while is_better and not is_over():
        is_better = False
        for place in range(len(best)):
            for cut in others:
                num_trials += 1
                trial = (*best[:place], cut, *best[place + 1 :])
                if cut in best or num_trials > _MAX_TRIALS:
                    continue
                found = damage.weight(trial)
                if found > weight:
                    best, weight, is_better = trial, found, True
    return best


def to_essential(damage: Damage, attack: Sequence[int]) -> tuple[int, ...]:
    """The cuts without those that add nothing to the weight, ascending."""
    kept = sorted(attack)
    weight = damage.weight(kept)
    for cut in list(kept):
        rest = [other for other in kept if other != cut]
        if damage.weight(rest) >= weight:
            kept = rest
    return tuple(np.array(kept, dtype=np.int64).tolist())
