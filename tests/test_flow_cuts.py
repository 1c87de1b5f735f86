from __future__ import annotations

import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.optimise.flow_cuts import FlowCuts
from planner.problem import Problem


def to_network(num_sites: int, ends: list[tuple[int, int]]) -> Problem:
    """Spans of one route each; who owes what is of no interest here."""
    routes = range(len(ends))
    return Problem(num_sites, ends, routes, [1.0] * len(ends), [True] * len(ends), [], [[0]], [0])


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.sampled_from([0.0, 0.25, 0.5, 1.0])), min_size=1),
    st.sets(st.integers(0, 6), min_size=2, max_size=5),
    st.sampled_from([0.5, 1.0, 2.0]),
)
def test_finds_a_cut_exactly_where_too_little_flows(
    spans: list[tuple[int, int, float]], sites: set[int], needed: float
) -> None:
    first, *rest = sorted(sites)
    graph = nx.Graph()
    graph.add_nodes_from([*range(7), "goal"])
    graph.add_edges_from(((site, "goal") for site in rest), capacity=10.0)
    for a, b, value in spans:
        if a != b:
            graph.add_edge(a, b, capacity=value + graph.get_edge_data(a, b, {"capacity": 0.0})["capacity"])
    capacity = np.array([value for _, _, value in spans])
    ends = np.array([span[:2] for span in spans])
    found = FlowCuts(to_network(7, [span[:2] for span in spans])).find_between(capacity, [first], rest, needed)
    carried = nx.maximum_flow_value(graph, first, "goal")
    assert bool(found) == (carried < needed - 1e-3)
    for inside in found:
        assert inside[first]
        assert not inside[rest].any()
        across = inside[ends[:, 0]] != inside[ends[:, 1]]
        assert abs(capacity[across].sum() - carried) < 1e-3


def test_of_equal_cuts_the_one_of_fewest_spans() -> None:
    r"""
          /- 1 -\
    0 ---+-- 2 --+--- 4 ------ 5     nothing is built yet: only 4-5 and 0-5 are single spans between the ends
          \- 3 -/
    """
    problem = to_network(6, [(0, 1), (0, 2), (0, 3), (1, 4), (2, 4), (3, 4), (4, 5)])
    found = FlowCuts(problem).find_between(np.full(7, 1e-12), [0], [5], 1.0)
    assert [np.flatnonzero(inside).tolist() for inside in found] == [[0, 1, 2, 3, 4]]
