"""Every separating pair and triple of cuts, against one pass of scipy's connected components in the same run.

Run it with ``python tests/benchmarks/bench_cutsets.py [--large]``.
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
from national import to_national

from planner.problem import Problem
from planner.survival.active import to_active_graph
from planner.survival.cutsets import components, find_separating_sets

CASES = [(11_000, 2), (34_000, 2), (3_400, 3)]
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


def main() -> None:
    """Print the table."""
    print(f"{'spans':>8} {'k':>2} {'groups':>6} {'sets':>8} {'s':>8} {'times one pass':>14} {'MB':>6}")
    for num_sites, cuts in CASES + (LARGE if "--large" in sys.argv else []):
        plain = to_national(num_sites, cuts)
        for share in (0.0, 0.1):
            problem = with_groups(plain, share) if share else plain
            graph = to_active_graph(problem, problem.candidates)
            found = find_separating_sets(graph, problem.terminals, cuts)
            seconds = median_seconds(lambda: find_separating_sets(graph, problem.terminals, cuts))  # noqa: B023
            one_pass = median_seconds(lambda: components(graph))  # noqa: B023
            peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(
                f"{problem.num_spans:8} {cuts:2} {share:6} {len(found):8} {seconds:8.3f}"
                f" {seconds / one_pass:14.1f} {peak_mb:6.0f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
