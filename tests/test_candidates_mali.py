"""Real lines of several operators: their plans beside routes laid along coarse corridors."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest

import planner

MALI = Path(__file__).parents[2] / "shared" / "data" / "watra" / "mali"
STUDY = """
[study]
name = "Mali"
[network]
sites = "nodes.gpkg"
routes = "lines.gpkg"
site_snap_m = 2000
[candidates]
corridors = [{{ file = "{mali}/corridors_rail.geojson", kind = "rail" }},
    {{ file = "{mali}/corridors_road.geojson", kind = "road" }}]
attach_m = 20000
connect_m = 5000
gap_m = 2000
max_apart_km = 800
accuracy_m = {accuracy_m}
[cuts]
simultaneous = 1
radius_m = 200
site_clearance_m = 5000
[costs]
per_km = {{ rail = 15000, road = 15000 }}
[objective]
minimise = ["cost"]
[solver]
time_limit_s = 60
when_infeasible = "protect-most"
"""


def study_in(folder: Path, accuracy_m: int) -> planner.Study:
    lines = gpd.read_file(MALI / "MAL_lines.geojson").assign(kind="road")
    lines.rename(columns={"line_id": "id", "from": "a", "to": "b"}).to_file(folder / "lines.gpkg")
    nodes = gpd.read_file(MALI / "MAL_nodes.geojson").rename(columns={"node_id": "id"})
    nodes.drop(columns="region").to_file(folder / "nodes.gpkg")
    (folder / "study.toml").write_text(STUDY.format(mali=MALI, accuracy_m=accuracy_m), encoding="utf-8")
    return planner.read_study(folder)


@pytest.mark.skipif(not MALI.is_dir(), reason="the real files are not here")
def test_where_corridors_are_inaccurate_the_operators_own_plans_are_taken_rather_than_ours(tmp_path: Path) -> None:
    theirs = set(gpd.read_file(MALI / "MAL_lines.geojson")["line_id"])
    num_taken, num_ours = [], []
    for accuracy_m in (0, 10_000):
        study = study_in(tmp_path, accuracy_m)
        outcome = planner.solve(study)
        assert outcome.protect_most is not None
        chosen = {one.route_id for one in outcome.protect_most.routes}
        num_ours.append(len(chosen - theirs))
        num_taken.append(len(chosen & theirs))
    # lines this coarse look apart from what they follow: once that counts, fewer of them help
    assert num_ours[1] < num_ours[0]
    assert num_taken[1] >= num_taken[0] > 0
