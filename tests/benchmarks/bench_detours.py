"""Plans for synthetic countries whose ways are limited after any one cut.

Run it with ``python tests/benchmarks/bench_detours.py``.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from itertools import combinations

import numpy as np
from national import to_national

import planner
from planner.problem import Problem
from planner.survival.active import to_active_graph
from planner.survival.detours import find_distances
from planner.survival.long_ways import find_long_ways

# sites; regions in limited pairs, 0 for all; limit as a multiple of the way (all pairs: the longest) if all were built
CASES = [(300, 3, 2.0), (300, 6, 2.0), (300, 0, 1.6), (1000, 3, 2.0), (1000, 6, 2.0), (1000, 0, 1.4)]


def to_limited(problem: Problem, num_towns: int, factor: float) -> Problem:
    """The same problem with limits."""
    length_km = np.round(problem.route_length_km, 6)
    least_km = find_distances(problem, problem.active_spans(problem.candidates), length_km)
    towns = np.linspace(0, problem.num_sites - 1, num_towns or problem.num_sites).astype(int)
    pairs = np.array(list(combinations(towns.tolist(), 2)))
    of_pairs_km = least_km[pairs[:, 0], pairs[:, 1]] if num_towns else np.full(len(pairs), least_km.max())
    return replace(problem, span_length_km=length_km, limited_pairs=pairs, limit_km=factor * of_pairs_km)


def main() -> None:
    """Print the table."""
    cases = [CASES[int(number)] for number in sys.argv[1:]] or CASES
    heads = ("sites", "pairs", "limit", "broken", "status", "cost", "without", "s", "cpu s", "gap")
    print(*(head.rjust(8) for head in heads))
    for num_sites, num_towns, factor in cases:
        problem = to_limited(to_national(num_sites, 1), num_towns, factor)
        free = planner.optimise(problem.without_limits(), minimise=("cost",), time_limit_s=600)
        broken = sum(len(w.pairs) for w in find_long_ways(problem, to_active_graph(problem, free.routes)))
        begin, begin_cpu = time.perf_counter(), time.process_time()
        plan = planner.optimise(problem, minimise=("cost",), time_limit_s=600)
        seconds, cpu_seconds = time.perf_counter() - begin, time.process_time() - begin_cpu
        row = (num_sites, len(problem.limit_km), factor, broken, plan.status, plan.objective.get("cost", 0.0))
        cells = (*row, free.objective["cost"], round(seconds, 1), round(cpu_seconds, 1), plan.gap)
        print(*(str(cell).rjust(8) for cell in cells), flush=True)


if __name__ == "__main__":
    main()
