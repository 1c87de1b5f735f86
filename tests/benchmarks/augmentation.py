"""The peer in networkx: k-edge augmentation, which knows no risk groups, regions or parallel spans."""

from __future__ import annotations

import networkx as nx

from planner.problem import Problem


def find_cost(problem: Problem) -> float:
    """Cost of what networkx adds so that no cuts of so many single spans separate any sites.

    Raises
    ------
    ValueError
        For problems that networkx cannot pose.
    """
    if len(problem.groups) or len(problem.terminals) < problem.num_sites or len(set(problem.required_cuts)) > 1:
        raise ValueError("networkx knows neither risk groups nor regions nor levels")
    ends = [tuple(pair) for pair in problem.span_ends.tolist()]
    costs = problem.route_cost[problem.route_of_span].tolist()
    is_new = problem.is_candidate[problem.route_of_span].tolist()
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(problem.num_sites))
    graph.add_edges_from(pair for pair, new in zip(ends, is_new, strict=True) if not new)
    spare = {(min(pair), max(pair)): cost for pair, cost, new in zip(ends, costs, is_new, strict=True) if new}
    chosen = nx.k_edge_augmentation(graph, problem.max_cuts + 1, spare)
    return float(sum(spare[min(edge), max(edge)] for edge in chosen))
