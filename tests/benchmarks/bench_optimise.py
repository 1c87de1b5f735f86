"""Plans for synthetic countries, proved optimal; and networkx on the same network in the same run.

Run it with ``python tests/benchmarks/bench_optimise.py [--large]``.
"""

from __future__ import annotations

import resource
import sys
import time

import networkx as nx
from national import to_national

import planner
from planner.problem import Problem

CASES = [(300, 1, 0.0), (300, 2, 0.0), (300, 2, 0.2), (300, 3, 0.0), (1000, 2, 0.2), (3000, 1, 0.0), (3000, 2, 0.2)]
LARGE = [(10000, 2, 0.2)]


def to_networkx_cost(problem: Problem, cuts: int) -> tuple[float, float]:
    """Cost of networkx.k_edge_augmentation (which knows no risk groups), and its seconds."""
    graph = nx.Graph()
    graph.add_nodes_from(range(problem.num_sites))
    ends = [tuple(pair) for pair in problem.span_ends.tolist()]
    graph.add_edges_from(pair for pair, new in zip(ends, problem.is_candidate, strict=True) if not new)
    spare = {
        pair: cost
        for pair, cost, new in zip(ends, problem.route_cost.tolist(), problem.is_candidate, strict=True)
        if new
    }
    begin = time.perf_counter()
    chosen = nx.k_edge_augmentation(graph, cuts + 1, [(a, b, cost) for (a, b), cost in spare.items()])
    cost = sum(spare[(min(edge), max(edge))] for edge in chosen)
    return cost, time.perf_counter() - begin


def main() -> None:
    """Print the table."""
    print(f"{'sites':>6} {'spans':>6} {'k':>2} {'trench':>6} {'status':>8} {'cost':>9} {'s':>7} {'MB':>6}  networkx")
    for num_sites, cuts, trench_share in CASES + (LARGE if "--large" in sys.argv else []):
        problem = to_national(num_sites, cuts, trench_share=trench_share)
        begin = time.perf_counter()
        plan = planner.optimise(problem, minimise=("cost",), time_limit_s=600)
        seconds = time.perf_counter() - begin
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        peer = ""
        if plan.status == "optimal" and num_sites <= 300 and not trench_share:
            their_cost, their_seconds = to_networkx_cost(problem, cuts)
            dearer, slower = their_cost / plan.objective["cost"] - 1, their_seconds / seconds
            peer = f"{dearer:+.0%} cost, {slower:.1f} times our time"
        print(
            f"{num_sites:6} {problem.num_spans:6} {cuts:2} {trench_share:6} {plan.status:>8}"
            f" {plan.objective.get('cost', 0.0):9.1f} {seconds:7.2f} {peak_mb:6.0f}  {peer}",
            flush=True,
        )


if __name__ == "__main__":
    main()
