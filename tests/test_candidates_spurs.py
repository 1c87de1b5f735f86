"""Spurs taken off ways: the line, and what it then costs."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely
from network_cases import route, site
from test_candidates_sections import write

import planner
from planner.candidates.spurs import to_way, trim_spurs
from planner.run.laying import lay_candidates

type Places = tuple[tuple[float, float], ...]


def trim(*sections: Places, merge_m: float = 2000) -> list[tuple[float, float]]:
    return [*to_way(trim_spurs([shapely.LineString(places) for places in sections], merge_m)).coords]


def test_a_way_there_and_back_goes_straight_on() -> None:
    #  0 ---- 4000 ===> 5500 and back to 4000, then north
    come, go = ((0.0, 0.0), (4000.0, 0.0), (5500.0, 0.0)), ((5500.0, 0.0), (4000.0, 100.0), (4000.0, 4000.0))
    assert trim(come, go) == [(0, 0), (4000, 0), (4000, 50), (4000, 100), (4000, 4000)]
    assert trim(go[::-1], come[::-1]) == trim(come, go)[::-1]


def test_a_spur_of_several_vertices_goes_whole() -> None:
    come = ((0.0, 0.0), (4000.0, 0.0), (4500.0, 0.0), (5500.0, 0.0))
    go = ((5500.0, 0.0), (4500.0, 90.0), (4000.0, 90.0), (4000.0, 4000.0))
    assert max(x for x, _ in trim(come, go)) == 4000


def test_bends_long_returns_and_junctions_that_were_not_merged_stay() -> None:
    bend = ((0.0, 0.0), (1000.0, 0.0)), ((1000.0, 0.0), (1000.0, 1000.0))
    assert trim(*bend) == [(0, 0), (1000, 0), (1000, 1000)]
    back = ((0.0, 0.0), (9000.0, 0.0)), ((9000.0, 0.0), (0.0, 500.0))
    assert len(trim(*back)) == 3
    short = ((0.0, 0.0), (1000.0, 0.0)), ((1000.0, 0.0), (0.0, 100.0))
    assert len(trim(*short, merge_m=0)) == 3


#   y = 20     +----------------------+
#   y = 4    4 \                       \
#   y = 3       6 = 6.6 -- 9             \     the way north branches off at 6, whose junction is taken as that
#  A at 0 ___/                            B at 30                          at 6.6, where more ways meet
SITES = [site("A", (0, 0)), site("B", (30, 0))]
TRACKS = [
    route("main", (0, 0), (5, 3), (6, 3), (6.6, 3)),
    route("north", (6, 3), (4, 4), (6, 20), (24, 20), (30, 0)),
    route("stubs", (6.2, 4.5), (6.6, 3), (7.6, 1.5)),
    route("east", (6.6, 3), (9, 3)),
]
OLD = [route("old", (0, 0), (0, -9), (30, -9), (30, 0), a="A", b="B", status="existing")]


@pytest.mark.parametrize("mode", ["routes", "sections"])
def test_cost_and_length_follow_the_line(tmp_path: Path, mode: str) -> None:
    folder = write(tmp_path, SITES, OLD, TRACKS, merge_m=700)
    file = folder / "study.toml"
    text = file.read_text(encoding="utf-8").replace('mode = "sections"', f'mode = "{mode}"\ndetour = 4')
    file.write_text(text, encoding="utf-8")
    outcome = planner.solve(folder)
    assert outcome.plan is not None
    (new,) = outcome.plan.routes
    routes = outcome.network.routes
    (line,) = routes.geometry[routes["route_id"] == new.route_id]
    assert not shapely.dwithin(line, shapely.Point(706_600, 6_603_000), 250)
    if mode == "sections":
        (length_km,) = routes["length_km"][routes["route_id"] == new.route_id]
        assert length_km == pytest.approx(line.length / 1000)
    (cost,) = routes["cost"][routes["route_id"] == new.route_id]
    assert cost == pytest.approx(10 * line.length / 1000, abs=0.01)
    assert outcome.plan.objective["cost"] == pytest.approx(cost)
    assert outcome.plan.objective["length_km"] == pytest.approx(line.length / 1000)
    assert outcome.plan.status == "optimal"
    if mode == "sections":
        assert any("came back on themselves" in remark.what for remark in outcome.network.remarks)
    else:
        assert set(lay_candidates(folder)["cost"]) == {round(cost, 2)}
