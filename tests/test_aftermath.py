"""Ways and loads after cuts, against networks drawn by hand and against networkx."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from network_cases import to_xy, write_geojson

import planner
from planner.errors import InputError
from planner.export.document import to_plan_document
from planner.problem import Problem
from planner.report import write_report
from planner.result import Outcome
from planner.run.demands import share_out
from planner.study import Study
from planner.survival.routing import Routing

# A ---- B ---- C    existing, 10 km a step; N between A and C is a candidate over the top
SITES = {"A": (0, 0), "B": (10, 0), "C": (20, 0), "D": (10, -10)}
ROUTES = {"AB": ("A", "B", 100.0), "BC": ("B", "C", 5.0), "AD": ("A", "D", 3.0), "DC": ("D", "C", None)}


def line(a: str, b: str, *between: tuple[float, float]) -> dict[str, Any]:
    return {"type": "LineString", "coordinates": [to_xy(SITES[a]), *map(to_xy, between), to_xy(SITES[b])]}


def write(folder: Path, more: str = "") -> Study:
    write_geojson(
        folder / "sites.geojson",
        [{"geometry": {"type": "Point", "coordinates": to_xy(at)}, "id": i} for i, at in SITES.items()],
    )
    write_geojson(
        folder / "routes.geojson",
        [
            {"geometry": line(a, b), "id": i, "a": a, "b": b, **({"capacity_gbps": gbps} if gbps else {})}
            for i, (a, b, gbps) in ROUTES.items()
        ],
    )
    write_geojson(
        folder / "candidates.geojson",
        [{"geometry": line("B", "C", (15, 5)), "id": "N", "a": "B", "b": "C", "cost": 1.0}],
    )
    cut = {"geometry": {"type": "Point", "coordinates": to_xy((15, 0))}, "id": "x"}
    write_geojson(folder / "night.geojson", [cut])
    (folder / "study.toml").write_text(
        '[study]\n[network]\nsites = "sites.geojson"\nroutes = "routes.geojson"\n'
        '[candidates]\nroutes = "candidates.geojson"\nrequired = ["N"]\n[cuts]\nsimultaneous = 1\n' + more
    )
    return planner.read_study(folder)


def solve(folder: Path, more: str) -> Outcome:
    return planner.solve(write(folder, more))


NIGHT = '[report]\nincident = "night.geojson"\n'


def test_the_incident_is_replayed_without_and_with_the_plan(tmp_path: Path) -> None:
    outcome = solve(tmp_path, NIGHT)
    (incident,) = outcome.aftermaths  # no single cut isolates anybody, so there is no attack to show
    assert (incident.key, incident.num_cuts, incident.isolated.isolated_regions) == ("incident", 1, ())
    ids = outcome.network.sites["site_id"].tolist()
    ways = {(pair.region_a, pair.region_b): pair for pair in incident.pairs}
    # cut between B and C: A - C is as long over D only where D's way is no longer than B's
    pair = ways["B", "C"]
    assert [ids[site] for site in pair.cut_sites] == ["B", "A", "D", "C"]
    assert [ids[site] for site in pair.planned_sites] == ["B", "C"]
    assert pair.uncut_km == pytest.approx(10, rel=0.01)
    assert pair.cut_km == pytest.approx(10 + 2 * 200**0.5, rel=0.01)
    assert pair.planned_km == pytest.approx(2 * 50**0.5, rel=0.01)


def test_demands_load_spans_and_overload_them(tmp_path: Path) -> None:
    (tmp_path / "demands.csv").write_text("a,b,gbps\nB,C,4\nA,C,2\nC,A,1\n")
    outcome = solve(tmp_path, NIGHT + '[traffic]\ndemands = "demands.csv"\n')
    uncut, cut, planned = outcome.aftermaths[0].traffic
    spans = outcome.network.spans["span_id"].tolist()
    loads = [{spans[s.span]: (s.load_gbps, s.capacity_gbps) for s in t.overloaded} for t in (uncut, cut, planned)]
    # uncut: A - B - C is 20 km, A - D - C 28 km, so BC carries 4 + 3; cut: all goes over AD and DC
    assert loads == [{"BC": (7, 5)}, {"AD": (7, 3)}, {}]
    assert [t.lost_gbps for t in (uncut, cut, planned)] == [0, 0, 0]
    assert (uncut.num_unknown, cut.num_unknown) == (0, 1)  # DC


def test_the_document_and_the_report_say_so(tmp_path: Path) -> None:
    outcome = solve(tmp_path, NIGHT + 'language = "fr"\n[traffic]\ntotal_gbps = 60\n')
    found = to_plan_document(outcome)["aftermaths"][0]
    assert found["severed"] == ["BC"]
    way = next(way for way in found["ways"] if way["regions"] == ["B", "C"])
    assert way["cut"]["ms"] == pytest.approx(way["cut"]["km"] / 204.2, abs=1e-3)
    assert [state["asked_gbps"] for state in found["traffic"]] == pytest.approx([60] * 3)
    write_report(outcome, tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Après la coupure" in page
    assert "sont surchargés" in page or "est surchargé" in page


def test_the_worst_attack_is_looked_at_too(tmp_path: Path) -> None:
    (tmp_path / "demands.csv").write_text("a,b,gbps\nB,C,4\n")
    write(tmp_path, '[traffic]\ndemands = "demands.csv"\n[solver]\nwhen_infeasible = "protect-most"\n')
    file = tmp_path / "study.toml"
    file.write_text(file.read_text().replace("simultaneous = 1", "simultaneous = 2"))
    outcome = planner.solve(file)
    (attack,) = outcome.aftermaths
    assert (attack.key, attack.num_cuts) == ("attack", 2)
    worst = outcome.before.worst_attack
    assert worst is not None
    assert attack.isolated.isolated_regions == worst.cut_set.isolated_regions
    assert attack.isolated.spans == worst.cut_set.spans


def test_nothing_is_done_unasked(tmp_path: Path) -> None:
    outcome = solve(tmp_path, "")
    assert outcome.aftermaths == ()
    assert "aftermaths" not in to_plan_document(outcome)


def test_every_fault_of_the_demands_is_named(tmp_path: Path) -> None:
    (tmp_path / "demands.csv").write_text("a,b,gbps\nB,X,4\nA,A,2\nA,B,-1\n")
    with pytest.raises(InputError) as caught:
        solve(tmp_path, '[traffic]\ndemands = "demands.csv"\n')
    assert [fault.where for fault in caught.value.faults] == [f"demands.csv, row {row}" for row in (2, 3, 4)]


def test_a_file_that_is_not_there_is_named_before_the_work(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"report\.incident"):
        solve(tmp_path, '[report]\nincident = "day.geojson"\n')


def test_gravity_shares_out_all() -> None:
    shared = share_out(np.array([3.0, 2.0, 1.0]), 11.0)
    assert shared.tolist() == [[0, 6, 3], [0, 0, 2], [0, 0, 0]]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_loads_and_lengths_are_those_of_networkx(data: st.DataObject) -> None:
    num_sites = data.draw(st.integers(2, 7))
    site = st.integers(0, num_sites - 1)
    ends = data.draw(st.lists(st.tuples(site, site).filter(lambda e: e[0] != e[1]), min_size=1, max_size=12))
    # powers of two: no two ways are equally long, so the loads are the only ones
    lengths = np.array([2.0**i for i in data.draw(st.permutations(range(len(ends))))])
    problem = Problem(
        num_sites=num_sites,
        span_ends=ends,
        route_of_span=list(range(len(ends))),
        route_cost=[0.0] * len(ends),
        is_candidate=[False] * len(ends),
        groups=[],
        terminals=[[i] for i in range(num_sites)],
        required_cuts=[1] * num_sites,
    )
    spans = np.array(sorted(data.draw(st.sets(st.integers(0, len(ends) - 1)))), dtype=np.int64)
    routing = Routing(problem, spans, lengths, np.zeros(num_sites, dtype=bool))
    graph = nx.MultiGraph()
    graph.add_nodes_from(range(num_sites))
    for span in spans.tolist():
        graph.add_edge(*ends[span], span, weight=lengths[span])
    demand = np.triu(np.arange(1.0, num_sites**2 + 1).reshape(num_sites, num_sites), k=1)
    expected, lost = np.zeros(len(ends)), 0.0
    for a in range(num_sites):
        for b in range(a + 1, num_sites):
            if not nx.has_path(graph, a, b):
                lost += demand[a, b]
                assert routing.find_way(a, b) == (np.inf, ())
                continue
            way = nx.shortest_path(graph, a, b, weight="weight")
            assert routing.find_way(a, b)[1] == tuple(way)
            assert routing.find_lengths()[a, b] == nx.shortest_path_length(graph, a, b, weight="weight")
            for u, v in pairwise(way):
                expected[min(graph[u][v], key=lambda span: lengths[span])] += demand[a, b]
    loads, missing = routing.find_loads(demand)
    assert loads.tolist() == expected.tolist()
    assert missing == lost


def test_what_is_left_out_for_size_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planner.run.aftermath.MAX_REGIONS", 3)
    monkeypatch.setattr("planner.report.aftermath.MAX_REGIONS", 3)
    outcome = solve(tmp_path, NIGHT)
    assert outcome.aftermaths == ()
    write_report(outcome, tmp_path)
    assert "between all pairs of 4 regions" in (tmp_path / "report.md").read_text(encoding="utf-8")
