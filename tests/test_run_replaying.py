"""Incidents replayed where cuts take sites."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
from falling_cases import ROUTES, write_bypassed, write_hub
from network_cases import Row, to_xy, write_geojson

import planner
from planner.progress import Progress
from planner.result import Outcome, ReplayOutcome
from planner.run.summary import to_replay_document, to_replay_lines
from planner.run.write import write_replay, write_solve
from planner.study import Study
from planner.survival.detours import find_distances


def cut(one: str, *places: tuple[float, float], **cells: Any) -> Row:
    kind, coordinates = ("Point", to_xy(places[0])) if len(places) == 1 else ("LineString", [*map(to_xy, places)])
    return {"geometry": {"type": kind, "coordinates": coordinates}, "id": one, **cells}


def replay(study: Study, folder: Path, *cuts: Row, plan: Outcome | Path | None = None) -> ReplayOutcome:
    write_geojson(folder / "night.geojson", cuts)
    return planner.replay(study, folder / "night.geojson", plan=plan)


def names(outcome: ReplayOutcome, frame: str, column: str, rows: tuple[int, ...]) -> list[str]:
    ids: list[str] = getattr(outcome.network, frame)[column].iloc[list(rows)].tolist()
    return ids


@pytest.mark.parametrize("how", ["true", '"single"'])
def test_the_hub_falls_with_all_its_spans(tmp_path: Path, how: str) -> None:
    outcome = replay(write_hub(tmp_path, how), tmp_path, cut("x", (10, -0.04)))
    assert names(outcome, "sites", "site_id", outcome.cuts[0].sites) == ["H"]
    assert names(outcome, "spans", "span_id", outcome.cuts[0].spans) == ["AH", "AH2", "HB", "HB2"]
    left = outcome.isolated
    assert (left.isolated_regions, left.isolated_weight) == (("B",), 2)
    assert names(outcome, "sites", "site_id", left.isolated_sites) == ["B"]
    assert names(outcome, "sites", "site_id", left.fallen_sites) == ["H"]
    assert outcome.fallen_regions == ("H",)
    assert (outcome.num_connected_pairs, outcome.detours) == (1, ())  # A - P


def test_where_no_site_falls_the_hub_stands(tmp_path: Path) -> None:
    outcome = replay(write_hub(tmp_path, "false"), tmp_path, cut("x", (10, -0.04)))
    assert outcome.cuts[0].sites == outcome.isolated.fallen_sites == outcome.fallen_regions == ()
    # the disc severs all four spans at the hub's door, but those who sit there are cut off and not gone
    assert outcome.isolated.isolated_regions == ("B", "H")
    document = to_replay_document(outcome)
    assert (document["fallen_site_ids"], document["fallen_regions"], document["cuts"][0]["site_ids"]) == ([], [], [])
    assert to_replay_lines(outcome)[1:3] == ["- x: severs AH, AH2, HB, HB2", "isolated: B, H (weight 3)"]


@pytest.mark.parametrize("how", ["true", '"single"'])
def test_a_protected_site_stands(tmp_path: Path, how: str) -> None:
    outcome = replay(write_hub(tmp_path, how), tmp_path, cut("x", (0, -10)))
    assert outcome.cuts[0].sites == outcome.isolated.fallen_sites == ()
    assert outcome.isolated.isolated_regions == ("P",)


def test_hardened_spans_at_a_site_that_falls_go_too(tmp_path: Path) -> None:
    routes = [{**one, "cuttable": False} for one in ROUTES]
    outcome = replay(write_hub(tmp_path, routes=routes), tmp_path, cut("x", (10, 0)), cut("y", (0, -5)))
    assert [len(one.spans) for one in outcome.cuts] == [4, 0]


def test_a_line_takes_every_site_along_it_or_the_nearest_one(tmp_path: Path) -> None:
    ditch = cut("ditch", (-1, 0.03), (10, 0.01), name="Ditch")
    taken = []
    for how in ("true", '"single"'):
        outcome = replay(write_hub(tmp_path, how), tmp_path, ditch)
        taken.append(names(outcome, "sites", "site_id", outcome.cuts[0].sites))
    assert taken == [["A", "H"], ["H"]]


def test_the_way_round_counts_only_what_stands(tmp_path: Path) -> None:
    """With the bypass built, B is reached past the hub, and no way leads to or over the hub."""
    study = write_bypassed(tmp_path)
    write_solve(planner.solve(study), tmp_path / "run", Progress())
    outcome = replay(study, tmp_path, cut("x", (10, 0), radius_m=1), plan=tmp_path / "run")
    assert outcome.plan_routes == ("AB",)
    assert (outcome.isolated.isolated_regions, outcome.fallen_regions) == ((), ("H",))
    assert outcome.num_connected_pairs == 1
    assert [(way.region_a, way.region_b) for way in outcome.detours] == [("A", "B")]
    before = replay(study, tmp_path, cut("x", (10, 0), radius_m=1))
    assert (before.isolated.isolated_regions, before.num_connected_pairs) == (("B",), 0)


def test_regions_that_share_a_site_that_fell_are_not_connected_there() -> None:
    """``0 - 1 - 2``: the regions {0, 1} and {1, 2} share site 1; once it fell nothing joins them."""
    problem = planner.Problem(
        num_sites=3,
        span_ends=[(0, 1), (1, 2)],
        route_of_span=[0, 1],
        route_cost=[0, 0],
        is_candidate=[False, False],
        groups=[],
        terminals=[[0, 1], [1, 2]],
        required_cuts=[1, 1],
    )
    no_span, length_km = np.zeros(0, dtype=np.int64), np.array([3.0, 4.0])
    assert find_distances(problem, no_span, length_km)[0, 1] == 0
    assert find_distances(problem, no_span, length_km, np.array([False, True, False]))[0, 1] == np.inf
    assert find_distances(problem, no_span, length_km, np.ones(3, dtype=bool))[0, 1] == np.inf


def test_lines_documents_and_maps_name_what_fell(tmp_path: Path) -> None:
    outcome = replay(write_hub(tmp_path), tmp_path, cut("x", (10, 0), name="Fire"), cut("y", (0, -5), name="Digger"))
    assert to_replay_lines(outcome)[1:5] == [
        "- Fire: severs AH, AH2, HB, HB2, with site H",
        "- Digger: severs AP",
        "fallen: H; no site is left of H",
        "isolated: B, P (weight 3)",
    ]
    write_replay(outcome, tmp_path / "out")
    document = json.loads((tmp_path / "out" / "replay.json").read_text(encoding="utf-8"))
    assert [one["site_ids"] for one in document["cuts"]] == [["H"], []]
    assert (document["fallen_site_ids"], document["fallen_regions"]) == (["H"], ["H"])
    assert document["isolated_site_ids"] == ["B", "P"]
    drawn = gpd.read_file(tmp_path / "out" / "replay.geojson")
    assert drawn.loc[drawn["what"] == "fallen", ["id", "name"]].to_numpy().tolist() == [["H", "Hub"]]
    assert drawn.loc[drawn["what"] == "isolated", "id"].tolist() == ["B", "P"]


def test_a_plan_in_memory_is_as_good_as_its_folder(tmp_path: Path) -> None:
    study = write_bypassed(tmp_path)
    plan = planner.solve(study)
    write_solve(plan, tmp_path / "run", Progress())
    here, there = (replay(study, tmp_path, cut("x", (10, 0)), plan=one) for one in (plan, tmp_path / "run"))
    assert here.plan_routes == there.plan_routes
    assert (here.isolated, here.detours) == (there.isolated, there.detours)
