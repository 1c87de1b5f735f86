from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
from network_cases import Row, route, site, write_geojson

import planner
from planner.candidates import CorridorNetwork, find_corridors
from planner.network import read_network
from planner.progress import Progress
from planner.result import Outcome
from planner.run.prepare import prepare
from planner.run.sectioning import with_sections
from planner.run.stopwatch import Stopwatch
from planner.study import read_study
from planner.survival.verify import verify

STUDY = """
[study]
crs = "EPSG:2154"
distances = "plane"
[network]
sites = "sites.geojson"
routes = "routes.geojson"
[candidates]
mode = "sections"
corridors = [{corridors}]
attach_m = 100
connect_m = 0
gap_m = {gap_m}
merge_m = {merge_m}
[cuts]
simultaneous = {cuts}
radius_m = 50
site_clearance_m = 200
[costs]
per_km = {{ rail = 10, road = 20 }}
per_route = {per_route}
per_junction = {per_junction}
[solver]
when_infeasible = "protect-most"
"""


def write(folder: Path, sites: list[Row], routes: list[Row], *layers: list[Row], **settings: Any) -> Path:
    """A study over corridors: the first layer is railways, a second one roads."""
    write_geojson(folder / "sites.geojson", sites)
    write_geojson(folder / "routes.geojson", routes)
    named = []
    for kind, rows in zip(("rail", "road"), layers, strict=False):
        write_geojson(folder / f"{kind}.geojson", rows)
        named.append(f'{{ file = "{kind}.geojson", kind = "{kind}" }}')
    defaults = {"gap_m": 0, "merge_m": 0, "cuts": 1, "per_route": 0, "per_junction": 0}
    text = STUDY.format(corridors=", ".join(named), **defaults | settings)
    (folder / "study.toml").write_text(text, encoding="utf-8")
    return folder


def corridors_of(folder: Path) -> CorridorNetwork:
    study = read_study(folder)
    return find_corridors(study, read_network(study))


def solved(folder: Path) -> Outcome:
    outcome = planner.solve(folder)
    assert outcome.plan is not None
    assert outcome.status == "optimal"
    assert outcome.plan.proof.survives
    return outcome


def lengths_of(corridors: CorridorNetwork) -> list[float]:
    return sorted(corridors.sections["length_m"].round(3).tolist())


PAIR = [site("A", (0, 0)), site("B", (10, 0))]
EXISTING = [route("old", (0, 0), (10, 0), a="A", b="B", status="existing")]


def ladder(*heights: float) -> list[Row]:
    """Ways from A to B at heights in km, beside the straight one that the cable takes."""
    return [route("straight", (0, 0), (10, 0)), *(route(f"h{h}", (0, 0), (0, h), (10, h), (10, 0)) for h in heights)]


def test_lines_are_cut_where_they_cross_and_joined_where_nothing_meets(tmp_path: Path) -> None:
    r"""
             |
    A - - - -+- - - - B      drawn in two pieces to the left of the crossing
             |
    """
    lines = [route("w1", (0, 0), (2, 0)), route("w2", (2, 0), (10, 0)), route("cross", (5, -1), (5, 2))]
    corridors = corridors_of(write(tmp_path, PAIR, EXISTING, lines))
    assert lengths_of(corridors) == [1000, 2000, 5000, 5000]
    assert (corridors.junctions["site"] >= 0).sum() == 2


def test_ids_do_not_depend_on_the_order_or_direction_of_lines(tmp_path: Path) -> None:
    found = []
    for number, flip in enumerate((1, -1)):
        folder = tmp_path / str(number)
        folder.mkdir()
        lines = ladder(1, 2)[::flip]
        for line in lines:
            line["geometry"]["coordinates"] = line["geometry"]["coordinates"][::flip]
        found.append(corridors_of(write(folder, PAIR, EXISTING, lines)))
    one, other = found
    assert one.sections["section_id"].tolist() == other.sections["section_id"].tolist()
    assert one.junctions["junction_id"].tolist() == other.junctions["junction_id"].tolist()
    assert one.sections["length_m"].tolist() == other.sections["length_m"].tolist()


def test_gaps_are_closed_where_they_are_short_enough(tmp_path: Path) -> None:
    lines = [route("w", (0, 0), (4.97, 0)), route("e", (5.03, 0), (10, 0))]
    assert len(corridors_of(write(tmp_path, PAIR, EXISTING, lines)).sections) == 1
    corridors = corridors_of(write(tmp_path, PAIR, EXISTING, lines, gap_m=100))
    assert corridors.sections["kind"].tolist().count("gap") == 1
    assert corridors.sections["length_m"].sum() == pytest.approx(10_000)
    assert any("gaps" in remark.what for remark in corridors.remarks)


def test_junctions_that_are_taken_as_one_still_connect(tmp_path: Path) -> None:
    r"""
    A --+ +-- B      two forks 300 m apart
        +-+
        | |
    """
    lines = [route("ab", (0, 0), (10, 0)), route("n", (5, 0), (5, 3)), route("s", (5.3, 0), (5.3, -3))]
    assert len(corridors_of(write(tmp_path, PAIR, EXISTING, lines)).sections) == 5
    merged = corridors_of(write(tmp_path, PAIR, EXISTING, lines, merge_m=400))
    assert len(merged.sections) == 4
    ends = merged.sections[["start", "end"]].to_numpy()
    assert np.bincount(ends.ravel()).max() == 4
    for line, (start, end) in zip(merged.sections.geometry, ends, strict=True):
        places = merged.junctions.geometry.iloc[[start, end]]
        assert line.coords[0] == places.iloc[0].coords[0]
        assert line.coords[-1] == places.iloc[1].coords[0]


def test_the_cheapest_way_around_is_found_and_made_one_route(tmp_path: Path) -> None:
    outcome = solved(write(tmp_path, PAIR, EXISTING, ladder(1, 2)))
    assert outcome.plan is not None
    (built,) = outcome.plan.routes
    assert built.route_id == "A-B-1"
    assert outcome.plan.objective["cost"] == pytest.approx(120)
    assert outcome.plan.objective["length_km"] == pytest.approx(12)
    assert outcome.corridors is not None
    assert (outcome.corridors.num_sections, round(outcome.corridors.length_km)) == (5, 34)
    row = outcome.network.routes.set_index("route_id").loc["A-B-1"]
    assert len(json.loads(row["sections"])) == 3
    assert row.geometry.length == pytest.approx(12_000)


def test_a_plan_may_fork_where_no_site_is(tmp_path: Path) -> None:
    r"""
    A       B
     \     /
      fork      C is joined to both at the fork; nothing is cut
       |
       C
    """
    sites = [site("A", (0, 0)), site("B", (10, 0)), site("C", (5, -8)), site("D", (0, 5))]
    existing = [route("old", (0, 0), (0, 5), a="A", b="D", status="existing")]
    lines = [
        route("a", (0, 0), (5, -2)),
        route("b", (10, 0), (5, -2)),
        route("c", (5, -8), (5, -2)),
        route("ab", (0, 0), (10, 0)),
    ]
    prices = {"cuts": 0, "per_route": 8, "per_junction": 2}
    outcome = solved(write(tmp_path, sites, existing, lines, **prices))
    assert outcome.plan is not None
    ends = sorted(route.route_id.split("-")[0] for route in outcome.plan.routes)
    assert ends == ["A", "B", "C"]
    way = 2 * np.hypot(5, 2) + 6
    # three ends at sites, three at the fork
    assert outcome.plan.objective["cost"] == pytest.approx(10 * way + 3 * 4 + 3 * 1)


@pytest.mark.parametrize("cuts", [0, 1])
def test_no_choice_of_sections_is_cheaper(tmp_path: Path, cuts: int) -> None:
    r"""
    a grid of 3 x 3 junctions, four of them sites, uneven spacing; one cable along the bottom
    """
    xs, ys = (0, 3, 10), (0, 4, 9)
    lines = [route(f"h{y}", *[(x, y) for x in xs]) for y in ys] + [route(f"v{x}", *[(x, y) for y in ys]) for x in xs]
    sites = [site("A", (0, 0)), site("B", (10, 0)), site("C", (10, 9)), site("D", (0, 9))]
    existing = [route("old", (0, 0), (10, 0), a="A", b="B", status="existing")]
    folder = write(tmp_path, sites, existing, lines, cuts=cuts)
    outcome = solved(folder)
    assert outcome.plan is not None
    watch = Stopwatch(Progress())
    problem = with_sections(prepare(folder, watch), watch).problem
    costs = problem.route_cost
    best = min(
        float(costs[list(chosen)].sum())
        for size in range(len(problem.candidates) + 1)
        for chosen in combinations(problem.candidates.tolist(), size)
        if costs[list(chosen)].sum() <= outcome.plan.objective["cost"] + 1e-6 and verify(problem, chosen).survives
    )
    assert outcome.plan.objective["cost"] == pytest.approx(best)


def test_where_no_way_is_left_the_most_is_held_and_the_blocking_cuts_stay(tmp_path: Path) -> None:
    outcome = planner.solve(write(tmp_path, PAIR, EXISTING, ladder(1), cuts=2))
    assert outcome.status == "infeasible"
    assert outcome.blocking is not None
    assert outcome.protect_most is not None
    assert outcome.protect_most.proof.survives


def test_a_cut_at_a_junction_severs_all_that_meets_there(tmp_path: Path) -> None:
    r"""
    A ===cable=== B        both ways around pass one junction: together they do not survive two cuts,
     \___ j ___/            and for one cut either will do
     /         \
    """
    lines = [
        route("straight", (0, 0), (10, 0)),
        route("up", (0, 0), (0, 2), (5, 3), (10, 2), (10, 0)),
        route("down", (0, 0), (0.5, 4), (5, 3), (9.5, 4), (10, 0)),
    ]
    outcome = planner.solve(write(tmp_path, PAIR, EXISTING, lines, cuts=2))
    assert outcome.status == "infeasible"
    assert solved(write(tmp_path, PAIR, EXISTING, lines, cuts=1)).plan is not None


def test_the_layers_hold_the_routes_and_the_forks(tmp_path: Path) -> None:
    outcome = solved(write(tmp_path, PAIR, EXISTING, ladder(1, 2)))
    planner.write_gis(outcome, tmp_path)
    layer = gpd.read_file(tmp_path / "new_routes.geojson")
    assert layer["route_id"].tolist() == ["A-B-1"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("radius_m = 50", "radius_m = 0", "cuts.radius_m above 0"),
        ("[solver]", '[objective]\nminimise = ["routes"]\n[solver]', "take 'routes' out of objective.minimise"),
        ("attach_m = 100", 'attach_m = 100\nrequired = ["A-B-1"]', "candidates.required names routes, of which mode"),
        ("rail = 10, ", "", "there is no price for corridors of kind 'rail'"),
        ('kind = "rail" }', 'kind_column = "class" }', "there is no column 'class'"),
        (', kind = "rail" }', " }", "one of kind and kind_column"),
    ],
)
def test_faults_say_what_to_do(tmp_path: Path, old: str, new: str, said: str) -> None:
    file = write(tmp_path, PAIR, EXISTING, ladder(1)) / "study.toml"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(planner.InputError, match=said):
        planner.solve(file)


def test_other_choices_over_sections(tmp_path: Path) -> None:
    folder = write(tmp_path, PAIR, EXISTING, ladder(1, 2))
    text = (folder / "study.toml").read_text(encoding="utf-8")
    tables = "[options]\ncuts = [0, 1, 2]\nradii = [20]\nlease_per_km = { rail = 1 }\n[failures]\n[invest]\n"
    (folder / "study.toml").write_text(text + tables, encoding="utf-8")
    outcome = solved(folder)
    found = outcome.options
    assert found is not None
    assert [point.choice.status for point in found.cuts] == ["optimal", "optimal", "infeasible"]
    assert [point.choice.cost for point in found.cuts[:2]] == pytest.approx([0, 120])
    assert found.budgets == ()
    costs = {(swing.factor, swing.value): swing.choice.cost for swing in found.swings}
    assert costs["price", 0.75] == pytest.approx(90)
    assert costs["price", 1.25] == pytest.approx(150)
    assert costs["radius", 20] == pytest.approx(120)
    assert found.shared_km == pytest.approx(12)
    nothing, build = found.variants
    assert nothing.person_hours is not None
    assert build.person_hours is not None
    assert build.person_hours < nothing.person_hours
    assert {swing.choice.routes == found.base.routes for swing in found.swings if swing.factor == "radius"} == {True}
    planner.write_report(outcome, tmp_path)
    planner.write_plan_json(outcome, tmp_path)
    assert "12 km of corridors are in all" in (tmp_path / "report.md").read_text(encoding="utf-8")
