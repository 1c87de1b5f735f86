"""Separating sets of cuts, against one pass of scipy's connected components in the same run, and worst attacks.

Run it with ``python tests/benchmarks/bench_cutsets.py [--large]``.
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
from collections.abc import Callable
from itertools import islice

import numpy as np
from national import to_national

from planner.problem import Problem
from planner.survival.active import to_active_graph
from planner.survival.attack import find_worst_attack
from planner.survival.cutsets import (
    components,
    count_separating_cut_sets,
    find_separating_sets,
    iter_separating_cut_sets,
)
from planner.survival.regions import find_endurance

CASES = [(11_000, 2), (34_000, 2), (3_400, 3), (340, 4)]
LARGE = [(340_000, 2)]


def with_groups(problem: Problem, share: float) -> Problem:
    """The same network with a share of its spans in groups of 2 to 6."""
    from dataclasses import replace

    rng = np.random.default_rng(7)
    spans = rng.permutation(problem.num_spans)[: int(share * problem.num_spans)]
    stops = np.cumsum(rng.integers(2, 7, size=len(spans)))
    return replace(problem, groups=[part for part in np.split(spans, stops[stops < len(spans)]) if len(part) > 1])


def median_seconds(function: Callable[[], object], times: int = 3) -> float:
    """Median of a few runs."""
    seconds = []
    for _ in range(times):
        begin = time.perf_counter()
        function()
        seconds.append(time.perf_counter() - begin)
    return statistics.median(seconds)


def to_ring(num_sites: int) -> Problem:
    """A ring: every pair of its spans separates."""
    return Problem(
        num_sites=num_sites,
        span_ends=[(site, (site + 1) % num_sites) for site in range(num_sites)],
        route_of_span=np.arange(num_sites),
        route_cost=np.zeros(num_sites),
        is_candidate=np.zeros(num_sites),
        groups=[],
        terminals=[[site] for site in range(num_sites)],
        required_cuts=np.full(num_sites, 2),
    )


def print_hopeless() -> None:
    """A ring of 100,000 spans: the first of its pairs, their number, and how many cuts each region survives."""
    ring = to_ring(100_000)
    tasks: dict[str, Callable[[], object]] = {
        "first 1,000 sets": lambda: len(list(islice(iter_separating_cut_sets(ring, cuts=2), 1000))),
        "count": lambda: count_separating_cut_sets(ring, cuts=2).by_size[2],
        "survival of each region": lambda: min(region.survives for region in find_endurance(ring, (), 2)),
    }
    print("\nring of 100,000 spans, k = 2")
    for name, task in tasks.items():
        begin = time.perf_counter()
        result = task()
        print(f"{name:>24} {result!s:>12} {time.perf_counter() - begin:8.3f} s {peak_mb():6.0f} MB", flush=True)


def print_attacks() -> None:
    """The worst attack on a tree with rings, some spans of which share trenches, and on a dense network."""
    sparse, dense = to_national(260, 2), to_national(104, 2)
    networks = {
        "sparse": (sparse, ()),
        "trenches": (to_national(260, 2, trench_share=0.2), ()),
        "dense": (dense, tuple(dense.candidates.tolist())),
    }
    print(f"\n{'network':>10} {'spans':>6} {'k':>2} {'weight':>7} {'bound':>7} {'proved':>6} {'nodes':>6} {'s':>8}")
    for name, (problem, routes) in networks.items():
        for cuts in range(1, 7):
            begin = time.perf_counter()
            found = find_worst_attack(problem, cuts=cuts, routes=routes, time_limit_s=60)
            print(
                f"{name:>10} {len(problem.active_spans(routes)):6} {cuts:2} {found.isolated_weight:7.0f}"
                f" {found.bound:7.1f} {found.is_proved!s:>6} {found.num_nodes:6} {time.perf_counter() - begin:8.2f}",
                flush=True,
            )


def peak_mb() -> float:
    """The most memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print the tables."""
    print_hopeless()
    print_attacks()
    print_sets()


def print_sets() -> None:
    """Every separating set of synthetic national networks."""
    print(f"{'spans':>8} {'k':>2} {'groups':>6} {'sets':>8} {'s':>8} {'times one pass':>14} {'MB':>6}")
    for num_sites, cuts in CASES + (LARGE if "--large" in sys.argv else []):
        plain = to_national(num_sites, cuts)
        for share in (0.0, 0.1):
            problem = with_groups(plain, share) if share else plain
            graph = to_active_graph(problem, problem.candidates)
            found = find_separating_sets(graph, problem.terminals, cuts)
            seconds = median_seconds(lambda: find_separating_sets(graph, problem.terminals, cuts))  # noqa: B023
            one_pass = median_seconds(lambda: components(graph))  # noqa: B023
            print(
                f"{problem.num_spans:8} {cuts:2} {share:6} {len(found):8} {seconds:8.3f}"
                f" {seconds / one_pass:14.1f} {peak_mb():6.0f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
