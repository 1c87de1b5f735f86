"""The cases that plans are measured on, by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from corridors import to_corridors
from kecss import DATA, read_optima, read_places, to_complete, to_random_places
from national import to_national

from planner.problem import Problem


@dataclass(frozen=True, slots=True)
class Case:
    """A problem, how long it may take, its known optimum, and who else solves it for how long."""

    build: Callable[[], Problem]
    limit_s: float = 300.0
    optimum: float | None = None
    peer: str = ""
    peer_limit_s: float = 300.0


def to_tiny() -> Problem:
    """A problem that is solved at once."""
    return to_national(6, 1, ring_share=-1)


def _towns() -> dict[str, Case]:
    plain, trenches = partial(to_national), partial(to_national, trench_share=0.2)
    return {
        "300 towns, k = 1": Case(partial(plain, 300, 1), peer="networkx"),
        "300 towns, k = 2": Case(partial(plain, 300, 2), peer="networkx"),
        "300 towns, k = 3, more candidates": Case(partial(plain, 300, 3, num_nearest=6), 60.0),
        "300 towns, k = 1, from nothing": Case(partial(plain, 300, 1, ring_share=-1), 120.0),
        "300 towns, k = 2, trenches, levels, regions of 3 (all)": Case(
            partial(trenches, 300, 2, sites_per_region=3, reach="all", level_shares=(0.2, 0.4, 0.4))
        ),
        "300 towns, k = 2, regions of 3 (any)": Case(partial(plain, 300, 2, sites_per_region=3)),
        "1,000 towns, k = 2, trenches": Case(partial(trenches, 1000, 2)),
        "3,000 towns, k = 2, trenches": Case(partial(trenches, 3000, 2)),
        "10,000 towns, k = 2, trenches": Case(partial(trenches, 10_000, 2), 600.0),
    }


def _corridors() -> dict[str, Case]:
    return {f"corridors, k = {cuts}": Case(partial(to_corridors, 2446, 36, cuts, seed=2), 60.0) for cuts in (1, 2)}


def _small() -> dict[str, Case]:
    """Where every scenario can be written down."""
    sizes = {(50, 1): 300.0, (15, 2): 200.0, (20, 2): 200.0, (50, 2): 60.0}
    small = {
        f"{num_sites} towns, k = {cuts}": Case(
            partial(to_national, num_sites, cuts), peer="scenarios", peer_limit_s=limit_s
        )
        for (num_sites, cuts), limit_s in sizes.items()
    }
    mixed = partial(to_national, 20, 1, trench_share=0.3, sites_per_region=2)
    return small | {"20 towns, k = 1, trenches, regions of 2": Case(mixed, peer="scenarios")}


def _complete() -> dict[str, Case]:
    known = {
        f"{name} complete, k = {cuts}": Case(partial(_to_published, name, cuts), 300.0, optimum)
        for (name, cuts), optimum in read_optima().items()
    }
    random = {
        f"{num_sites} random places, complete, k = {cuts}": Case(partial(_to_random, num_sites, cuts))
        for num_sites, cuts in ((60, 2), (105, 1), (105, 2), (105, 3))
    }
    return known | random


def _to_published(name: str, cuts: int) -> Problem:
    return to_complete(read_places(DATA / f"{name}.tsp"), cuts)


def _to_random(num_sites: int, cuts: int) -> Problem:
    return to_complete(to_random_places(num_sites), cuts)


CASES = _towns() | _corridors() | _complete() | _small()
