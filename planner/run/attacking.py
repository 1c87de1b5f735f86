"""The worst attack put on the map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from planner.result import PlacedAttack, Survival
from planner.run.placing import LISTED_CUTS, Placer, find_survival
from planner.survival.active import to_active_graph
from planner.survival.attack import MAX_ATTACK, find_worst_attack
from planner.survival.cutsets import CutSetSearch, find_and_count

_MAX_SPANS = 600
_MAX_NODES = 2000  # a count, not a clock: the same study gives the same audit, but where a solver is stuck
_MAX_SECONDS = 5.0


def find_survival_and_attack(
    placer: Placer,
    routes: Sequence[int],
    cuts: int,
    *,
    attack: int | None = None,
    time_limit_s: float | None = None,
    listed_cuts: int = LISTED_CUTS,
    search: CutSetSearch = find_and_count,
) -> Survival:
    """What cuts do to a network, and the worst that some of them do.

    Parameters
    ----------
    placer
        Knows the problem and the map.
    routes
        Indices of the candidate routes that are built.
    cuts
        What the study requires; per region one more is searched for.
    attack
        Number of cuts of the attack. Unless given it is `cuts`, and large networks are left out.
    time_limit_s
        For an attack that was asked for.
    listed_cuts, search
        As of `find_survival`.
    """
    survival = find_survival(placer, routes, cuts + 1, listed_cuts=listed_cuts, search=search)
    if attack is not None:
        return replace(survival, worst_attack=place_attack(placer, routes, attack, time_limit_s=time_limit_s))
    if 1 <= cuts <= MAX_ATTACK and len(placer.problem.active_spans(routes)) <= _MAX_SPANS:
        return replace(
            survival, worst_attack=place_attack(placer, routes, cuts, time_limit_s=_MAX_SECONDS, max_nodes=_MAX_NODES)
        )
    return survival


def place_attack(
    placer: Placer,
    routes: Sequence[int],
    cuts: int,
    *,
    time_limit_s: float | None = None,
    max_nodes: int | None = None,
) -> PlacedAttack:
    """Find and place the worst attack.

    Parameters
    ----------
    placer
        Knows the problem and the map.
    routes
        Indices of the candidate routes that are built.
    cuts, time_limit_s, max_nodes
        As of `find_worst_attack`.
    """
    attack = find_worst_attack(placer.problem, cuts=cuts, routes=routes, time_limit_s=time_limit_s, max_nodes=max_nodes)
    placed = placer.place(attack.cuts, attack.cut_sites, to_active_graph(placer.problem, routes))
    return PlacedAttack(cuts, placed, attack.bound, attack.is_proved)
