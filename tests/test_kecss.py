"""Cheapest k-edge-connected subgraphs of TSPLIB instances: the published optima must come out."""

from __future__ import annotations

import kecss
import networkx as nx
import numpy as np
import pytest

import planner

FAST = {key: value for key, value in kecss.read_optima().items() if key in {("eil51", 3), ("eil51", 4), ("st70", 3)}}


@pytest.mark.skipif(not FAST, reason="the published optima are not here")
@pytest.mark.parametrize(("name", "cuts"), sorted(FAST), ids=str)
def test_published_optima_come_out(name: str, cuts: int) -> None:
    problem = kecss.to_complete(kecss.read_places(kecss.DATA / f"{name}.tsp"), cuts)
    plan = planner.optimise(problem, minimise=("cost",), time_limit_s=60)
    assert (plan.status, plan.objective["cost"]) == ("optimal", FAST[name, cuts])
    chosen: nx.Graph[int] = nx.Graph([tuple(problem.span_ends[route].tolist()) for route in plan.routes])
    assert nx.edge_connectivity(chosen) >= cuts + 1


def test_reads_tsplib(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "three.tsp"
    path.write_text("NAME : three\nDIMENSION: 3\nNODE_COORD_SECTION\n1 0 0\n2 3.0 4\n3 0 1.5\nEOF\n", encoding="utf-8")
    problem = kecss.to_complete(kecss.read_places(path), 1)
    assert problem.route_cost.tolist() == [5.0, 2.0, 4.0]  # halves are rounded up
    plan = planner.optimise(problem, minimise=("cost",))
    assert (plan.status, plan.objective["cost"]) == ("optimal", 11.0)


@pytest.mark.parametrize("cuts", [1, 2, 3])
def test_random_places_are_proved(cuts: int) -> None:
    places = kecss.to_random_places(14)
    assert np.array_equal(places, kecss.to_random_places(14))
    problem = kecss.to_complete(places, cuts)
    plan = planner.optimise(problem, minimise=("cost",), time_limit_s=30)
    assert plan.status == "optimal"
    chosen: nx.Graph[int] = nx.Graph([tuple(problem.span_ends[route].tolist()) for route in plan.routes])
    assert nx.edge_connectivity(chosen) == cuts + 1
