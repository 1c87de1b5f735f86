"""Candidates drawn in one trench: what they share, what the plan makes of it, and what the report says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from network_cases import Place, Row, route, site, write_geojson

import planner
from planner.candidates.trenches import with_trenches
from planner.network.trenches import Trenches
from planner.progress import Progress
from planner.run.prepare import prepare
from planner.run.stopwatch import Stopwatch
from planner.run.write import write_solve

STUDY = """
[study]
crs = "EPSG:2154"
distances = "plane"
[network]
sites = "sites.geojson"
routes = "routes.geojson"
[candidates]
routes = "candidates.geojson"
{keys}
[cuts]
simultaneous = 1
radius_m = 50
site_clearance_m = 500
[costs]
per_km = {{ road = 10000 }}
per_route = {per_route}
[objective]
minimise = ["cost"]
"""
A, B, C = (0.0, 0.0), (20.0, 2.0), (20.0, -2.0)
FORK = (18.0, 0.0)


def write(folder: Path, *more: Row, keys: str = "share_trench = true", per_route: float = 0) -> Path:
    r"""
    What exists runs in two wide arcs from a to b and to c. Candidates run straight, 20.1 km each, or together along
    18 km of road to a fork, 20.8 km each.

        .-----------.
       /  ____---- b
      a ---------<
       \  ----____ c
        '-----------'
    """
    write_geojson(folder / "sites.geojson", [site("a", A), site("b", B), site("c", C)])
    existing = [route("north", A, (10, 10), B, a="a", b="b"), route("south", A, (10, -10), C, a="a", b="c")]
    write_geojson(folder / "routes.geojson", existing)
    candidates = [
        road("straight-b", "b", A, B),
        road("straight-c", "c", A, C),
        road("fork-b", "b", A, FORK, B),
        road("fork-c", "c", A, (9.0, 0.004), FORK, C),  # drawn a little otherwise
        *more,
    ]
    write_geojson(folder / "candidates.geojson", candidates)
    (folder / "study.toml").write_text(STUDY.format(keys=keys, per_route=per_route), encoding="utf-8")
    return folder


def road(one: str, end: str, *places: Place, **cells: Any) -> Row:
    return route(one, *places, a="a", b=end, kind="road", **cells)


def trenches_of(folder: Path) -> Trenches:
    return prepare(folder, Stopwatch(Progress())).network.trenches


def test_what_is_shared_is_found(tmp_path: Path) -> None:
    trenches = trenches_of(write(tmp_path))
    assert trenches.routes == ((0, 1),)
    assert trenches.length_km == (pytest.approx(18, abs=0.1),)


def test_what_only_crosses_or_is_not_asked_for_shares_nothing(tmp_path: Path) -> None:
    across = road("across", "b", A, (5, -5), (5, 5), B)
    assert trenches_of(write(tmp_path, across)).routes == ((1, 2),)
    assert not len(trenches_of(write(tmp_path, keys="")))


def test_apart_by_more_than_said(tmp_path: Path) -> None:
    trenches = trenches_of(write(tmp_path, keys="share_trench = true\ntrench_m = 0.5"))
    assert trenches.length_km == (pytest.approx(4 * 9 * 0.5 / 8, abs=0.1),)  # 0.5 m of 4, at both ends


def test_three_in_one_trench_and_two_in_another(tmp_path: Path) -> None:
    third = road("third", "b", A, (9, 0), (9, 3), B)
    trenches = trenches_of(write(tmp_path, third))
    assert trenches.routes == ((0, 1), (0, 1, 6))
    assert trenches.length_km == (pytest.approx(9, abs=0.15), pytest.approx(9, abs=0.15))


def test_the_plan_digs_once(tmp_path: Path) -> None:
    alone = planner.solve(write(tmp_path, keys=""))
    assert alone.plan is not None
    assert [new.route_id for new in alone.plan.routes] == ["straight-b", "straight-c"]
    outcome = planner.solve(write(tmp_path))
    plan = outcome.plan
    assert plan is not None
    assert (plan.status, [new.route_id for new in plan.routes]) == ("optimal", ["fork-b", "fork-c"])
    (trench,) = outcome.trenches
    costs = outcome.network.routes["cost"].to_numpy()
    assert plan.objective["cost"] == pytest.approx(2 * 208_284.3 - trench.saved, abs=1)
    assert costs[:2].sum() == pytest.approx(plan.objective["cost"])
    assert trench.saved == trench.cost == pytest.approx(180_000, rel=0.01)
    assert plan.routes[0].shares_with == ("fork-c",)


def test_starting_a_route_is_paid_for_each(tmp_path: Path) -> None:
    trench = planner.solve(write(tmp_path, per_route=5000)).trenches[0]
    assert trench.saved == pytest.approx(180_000, rel=0.01)


def test_the_least_dear_says_what_is_shared(tmp_path: Path) -> None:
    dear = road("dear", "c", A, FORK, C, cost=10_000_000)
    network = with_trenches(prepare(write(tmp_path, dear), Stopwatch(Progress())).network, 10, 0)
    split = network.trenches.split(
        network.routes["cost"].to_numpy(dtype=float), network.routes["length_km"].to_numpy(dtype=float)
    )
    assert network.trenches.routes == ((0, 1, 2), (0, 2))
    assert split[-2:] == pytest.approx([180_000, 28_284], rel=0.01)
    assert split[network.routes["route_id"].tolist().index("dear")] == pytest.approx(9_791_716, rel=0.001)


def test_report_and_files_say_so(tmp_path: Path) -> None:
    outcome = planner.solve(write(tmp_path))
    write_solve(outcome, tmp_path / "run", Progress())
    document = json.loads((tmp_path / "run" / "plan.json").read_text(encoding="utf-8"))
    assert [one["route_ids"] for one in document["trenches"]] == [["fork-b", "fork-c"]]
    assert "it is dug once, which saves EUR 1" in (tmp_path / "run" / "report.md").read_text(encoding="utf-8")
