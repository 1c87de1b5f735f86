from __future__ import annotations

from pathlib import Path

import networkx as nx
import pytest

import planner
from planner.starter import write_starter


def test_graph_of_the_starter_study(tmp_path: Path) -> None:
    write_starter(tmp_path / "towns")
    network = planner.check(tmp_path / "towns")
    graph = planner.to_graph(network)
    assert graph.number_of_nodes() == 7
    assert graph.number_of_edges() == 7
    assert nx.is_connected(graph)
    assert {frozenset(bridge) for bridge in nx.bridges(nx.Graph(graph))} == {
        frozenset(("millbrook", "southgate")),
        frozenset(("hilltop", "southgate")),
        frozenset(("lakeside", "westbury")),
    }
    total_km = sum(km for _, _, km in graph.edges(data="length_km"))
    assert total_km == pytest.approx(network.spans.loc[~network.spans["is_candidate"], "length_m"].sum() / 1000)
    assert planner.to_graph(network, with_candidates=True).number_of_edges() == 13
