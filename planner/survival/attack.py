"""The worst attack: the few cuts that isolate the most region weight, with a bound that proves it."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from planner.errors import Fault, InputError
from planner.problem import FloatArray, Problem
from planner.survival.active import to_active_graph
from planner.survival.attackbound import AttackBound
from planner.survival.cutsets import CutSet
from planner.survival.damage import Damage
from planner.survival.dominated import find_dominated
from planner.survival.exchange import exchange, find_first_attack, find_fringe_attack, to_essential
from planner.survival.hits import Hits
from planner.survival.inseparable import find_inseparable

MAX_ATTACK = 6
"""The largest number of cuts of an attack."""

_RELATIVE = 1e-5  # weights that differ by less than this share of all weight are the same; the solver errs by 1e-6
_NEARLY = 1 - 1e-6
_PATIENCE, _GAIN = 8, 0.03  # rounds of the relaxation that have to close this share of the gap
_ROOTS_AT_ONCE = 40
_MAX_TRIED = 5000  # so few attacks are all tried
_MAX_LIKELY, _TAKEN = 40, 1e-6  # cuts that the relaxation takes a share of are tried in exchanges


@dataclass(frozen=True, slots=True)
class WorstAttack:
    """The cuts that isolate the most region weight, as far as is known.

    Parameters
    ----------
    cuts
        Each cut as the sorted spans that it severs; as few cuts as isolate the weight.
    cut_sites
        Per cut the sites that fall with it.
    isolated_weight
        Weight of the regions outside the main component after them.
    bound
        No attack of so many cuts isolates more.
    is_proved
        Whether no attack isolates more than this one, up to a hundred-thousandth of all weight.
    num_nodes
        Nodes of the search trees.

    Examples
    --------
    >>> found = planner.find_worst_attack(problem, cuts=1)
    >>> found.cuts, found.isolated_weight, found.is_proved
    (((0,),), 1.0, True)
    """

    cuts: CutSet
    cut_sites: CutSet
    isolated_weight: float
    bound: float
    is_proved: bool
    num_nodes: int


def find_worst_attack(
    problem: Problem,
    *,
    cuts: int,
    routes: Sequence[int] = (),
    time_limit_s: float | None = None,
    max_nodes: int | None = None,
) -> WorstAttack:
    """Find the set of at most `cuts` cuts after which the regions outside the main component weigh most.

    Parameters
    ----------
    problem
        The problem; all regions count, whatever their level.
    cuts
        Largest number of simultaneous cuts, 0 to 6.
    routes
        Indices of the candidate routes that are built.
    time_limit_s
        Seconds after which the best attack is given with its bound; none unless given.
    max_nodes
        Nodes of the search trees after which it is: a count, so that the same input gives the same answer.

    Raises
    ------
    InputError
        For a number of cuts below 0 or above 6.

    Notes
    -----
    An integer program picks the cuts; its rows say what cuts take from the component of a root (see `hits`), and are
    added where the last attack or relaxed attack breaks them. Since the main component is the heaviest, the rows of
    every root hold. An attack that the rows think better than it is breaks a row of its main component, so each round
    either finds a better attack, lowers the bound, or ends. Sites that so many cuts do not part count as one (see
    `inseparable`), and cuts beyond a bridge that does more are left out (see `dominated`).

    Examples
    --------
    >>> planner.find_worst_attack(problem, cuts=2).isolated_weight
    2.0
    """
    check_attack(cuts)
    stop_at = np.inf if time_limit_s is None else time.monotonic() + time_limit_s
    graph = to_active_graph(problem, routes)
    search = _Search(problem, Damage(problem, graph), min(cuts, len(graph.cuts)), stop_at, max_nodes)
    found = search.run()
    named = sorted(
        (tuple(graph.spans[graph.cuts[cut]].tolist()), tuple(graph.cut_sites[cut].tolist())) for cut in found
    )
    return WorstAttack(
        cuts=tuple(spans for spans, _ in named),
        cut_sites=tuple(sites for _, sites in named),
        isolated_weight=search.damage.weight(found),
        bound=search.bound,
        is_proved=search.is_proved,
        num_nodes=search.program.num_nodes,
    )


def check_attack(cuts: int | None) -> None:
    """Raise `InputError` for a number of cuts below 0 or above `MAX_ATTACK`; None is well."""
    if cuts is not None and not 0 <= cuts <= MAX_ATTACK:
        raise InputError([Fault("attack", f"{cuts} is no size of an attack", f"give 0 to {MAX_ATTACK} cuts")])


class _Search:
    """The best attack so far, and the bound on all of them."""

    def __init__(self, problem: Problem, damage: Damage, num_cuts: int, stop_at: float, max_nodes: int | None) -> None:
        self.problem = problem
        self.damage = damage
        self.num_cuts = num_cuts
        self.stop_at = stop_at
        self.max_nodes = max_nodes
        self.hits = Hits(problem, damage, find_inseparable(damage.graph, num_cuts))
        self.program = AttackBound(len(damage.graph.cuts), num_cuts, damage.total_weight)
        self.best: tuple[int, ...] = ()
        self.weight = damage.weight(())
        self.bound = damage.total_weight
        self.step, self.is_stepped = _to_step(problem.region_weight[damage.index.num_entries > 0], damage.total_weight)
        self._seen: set[tuple[int, ...]] = set()
        self._roots: list[int] = np.unique(problem.terminals.items).tolist()

    @property
    def is_proved(self) -> bool:
        return self.bound <= self.weight + _RELATIVE * self.damage.total_weight

    def run(self) -> tuple[int, ...]:
        """The best attack, its cuts ascending."""
        if not self.num_cuts or not self.damage.total_weight:
            self.bound = self.weight
            return ()
        num_all = len(self.damage.graph.cuts)
        if sum(math.comb(num_all, size) for size in range(self.num_cuts + 1)) <= _MAX_TRIED:
            self._try_all(num_all)
            return to_essential(self.damage, self.best)
        self._offer(find_fringe_attack(self.damage, self.num_cuts))
        self._offer(find_first_attack(self.damage, self.num_cuts, self._is_over))
        shares = self._relax()
        if not self.is_proved:
            self._offer(exchange(self.damage, self._round(shares), self._likely(shares), self._is_over))
            self._solve()
        return to_essential(self.damage, self.best)

    def _is_over(self) -> bool:
        return time.monotonic() >= self.stop_at

    def _offer(self, attack: Sequence[int]) -> None:
        weight = self.damage.weight(attack)
        if weight > self.weight:
            self.best, self.weight = tuple(sorted(attack)), weight
        self._lower(self.bound)

    def _lower(self, bound: float) -> None:
        """Take a bound; one below the next weight that an attack can have is that of the best attack."""
        is_closed = self.is_stepped and bound < self.weight + self.step * _NEARLY
        self.bound = self.weight if is_closed else max(min(self.bound, bound), self.weight)

    def _relax(self) -> FloatArray:
        """Add rows to the relaxation until they lower its bound no more; the shares of cuts that it ends with."""
        shares = np.zeros(len(self.damage.graph.cuts))
        bound, history = self.damage.total_weight, [np.inf]
        parts, centre = self._split_roots(), shares
        turn, num_idle = 0, 0
        while num_idle < 2 * len(parts) and not self.is_proved and not self._is_over():
            # rows are sought between the last point and those before it: fewer rounds than at the last point alone
            near = shares if num_idle >= len(parts) else (shares + centre) / 2
            rows = self.hits.to_rows(parts[turn % len(parts)], near)
            turn += 1
            if not self.program.add_violated(rows, shares, bound):
                num_idle += 1
                continue
            num_idle = 0
            bound, shares = self.program.relax()
            centre = (centre + shares) / 2
            self._lower(bound)
            self._drop_dominated()
            history.append(bound)
            if len(history) > _PATIENCE and history[-_PATIENCE] - bound < _GAIN * (bound - self.weight):
                break
        return shares

    def _split_roots(self) -> list[list[int]]:
        """The roots in parts of a size to look at in one round, each part from everywhere."""
        num_parts = max(1, len(self._roots) // _ROOTS_AT_ONCE)
        return [self._roots[part::num_parts] for part in range(num_parts)]

    def _drop_dominated(self) -> None:
        """The part that is the main component after the best attack stays the root; every attack better is lighter."""
        held, _ = self.damage.held_weights(self.best)
        root = int(np.flatnonzero(self.damage.components(self.best) == int(held.argmax()))[0])
        most_weight = (self.damage.total_weight - self.bound) * _NEARLY
        # anew each time: what was dominated seen from another root may dominate here
        self.program.is_useful = ~find_dominated(self.problem, self.damage, root, most_weight)

    def _round(self, shares: FloatArray) -> list[int]:
        chosen: list[int] = np.argsort(-shares, kind="stable")[: self.num_cuts].tolist()
        return chosen

    def _likely(self, shares: FloatArray) -> list[int]:
        order = np.argsort(-shares, kind="stable")[:_MAX_LIKELY]
        likely: list[int] = order[shares[order] > _TAKEN].tolist()
        return likely

    def _try_all(self, num_all: int) -> None:
        for size in range(self.num_cuts + 1):
            for attack in combinations(range(num_all), size):
                self._offer(attack)
        self.bound = self.weight

    def _solve(self) -> None:
        """Solve the program and add the rows that its attack breaks, until there is no better attack."""
        while not self.is_proved and not self._is_over():
            nodes_left = None if self.max_nodes is None else self.max_nodes - self.program.num_nodes
            if nodes_left is not None and nodes_left <= 0:
                return
            answer = self.program.solve(self.weight + self.step / 2, self.stop_at - time.monotonic(), nodes_left)
            self._lower(answer.bound)
            if answer.attack is None:
                return
            self._offer(answer.attack)
            self._add_rows_at(answer.attack)

    def _add_rows_at(self, attack: list[int]) -> None:
        """Rows of the components that are too heavy for a better attack; where they say nothing, forbid the attack."""
        shares = np.zeros(len(self.damage.graph.cuts))
        shares[attack] = 1
        held, owed = self.damage.held_weights(attack)
        component = self.damage.components(attack)
        roots: list[int] = []
        for number in np.flatnonzero(owed - held < self.weight + self.step).tolist():
            sites = [site for site in self._roots if component[site] == number]
            roots += sites[:: max(1, len(sites) // 3)]
        rows = self.hits.to_rows(roots, shares)
        self.program.add(rows)
        is_told = any(row.value(shares) < self.weight + self.step / 2 for row in rows)
        if not is_told or tuple(attack) in self._seen:  # twice: the solver's tolerance lets it through
            self.program.forbid(attack)
        self._seen.add(tuple(attack))


def _to_step(weights: FloatArray, total_weight: float) -> tuple[float, bool]:
    """The least by which two attacks of different weight differ, else the least that can be told, and which it is."""
    smallest = _RELATIVE * total_weight
    if (np.rint(weights) == weights).all() and total_weight < 2**53:
        step = float(np.gcd.reduce(weights.astype(np.int64)))
        if step >= smallest:
            return step, True
    return smallest, False
