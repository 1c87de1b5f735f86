"""The example of France from its files to its reports, and the same bytes on every run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest

import planner

ROOT = Path(__file__).parent.parent
FRANCE = ROOT / "inputs" / "france"


def solve(study: Path, out: Path, *, hash_seed: int = 0) -> dict[str, Any]:
    """Solve in a process of its own; return plan.json."""
    subprocess.run(
        [sys.executable, "-m", "planner", "solve", study, "--out", out],
        env=os.environ | {"PYTHONHASHSEED": str(hash_seed)},
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    plan: dict[str, Any] = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    return plan


def without_seconds(path: Path) -> bytes:
    """A file's bytes, with the times that the contract lets differ taken out."""
    content = path.read_bytes()
    if path.name == "plan.json":
        plan = json.loads(content)
        plan["seconds"], plan["peak_mb"], plan["solver"]["seconds"] = None, None, None
        return json.dumps(plan).encode()
    if path.name in ("report.html", "report.md"):
        return re.sub(rb"\d+(\.\d+)? s\b", b"", content)
    if path.name == "tables.xlsx":
        with zipfile.ZipFile(path) as book:  # the first sheet is the summary, which names the seconds
            parts = {name: book.read(name) for name in book.namelist()}
        parts["xl/worksheets/sheet1.xml"] = re.sub(
            rb"<v>[\d.e-]+</v>|\d+(\.\d+)? s\b", b"", parts["xl/worksheets/sheet1.xml"]
        )
        return repr(parts).encode()
    return content


@pytest.fixture(scope="module")
def france(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run of the main study."""
    out = tmp_path_factory.mktemp("runs") / "france"
    solve(FRANCE, out)
    return out


def test_one_cut_is_proved_and_verified(france: Path) -> None:
    plan = json.loads((france / "plan.json").read_text(encoding="utf-8"))
    assert plan["status"] == "optimal"
    assert plan["gap"] == 0
    assert len(plan["selected"]) == plan["objective"]["routes"] == plan["bound"]["routes"] > 1
    assert plan["verified"]["survives"] is True
    assert all(region["survives_after"] >= 1 for region in plan["regions"].values())
    assert any(region["survives_before"] == 0 for region in plan["regions"].values())
    again = planner.verify_run(france)
    assert again.survives
    assert set(again.inputs.values()) == {"same"}


def test_every_page_says_that_the_ground_is_inferred(france: Path) -> None:
    for name in ("report.html", "report.md"):
        assert "inferred" in (france / name).read_text(encoding="utf-8")


def test_layers_agree_with_the_plan(france: Path) -> None:
    plan = json.loads((france / "plan.json").read_text(encoding="utf-8"))
    routes = gpd.read_file(france / "new_routes.geojson")
    assert sorted(routes["route_id"]) == plan["selected"]
    assert routes.crs.to_epsg() == 4326
    lengths_km = routes.geometry.to_crs("EPSG:2154").length.sum() / 1000
    assert lengths_km == pytest.approx(plan["objective"]["length_km"], rel=2e-3)
    in_package = gpd.read_file(france / "plan.gpkg", layer="new_routes")
    assert in_package.crs.to_epsg() == 2154
    assert sorted(in_package["route_id"]) == plan["selected"]


def test_two_cuts_cannot_be_survived_everywhere(tmp_path: Path) -> None:
    plan = solve(FRANCE / "study-two-cuts.toml", tmp_path / "two")
    assert plan["status"] == "infeasible"
    assert len(plan["infeasible"]["cuts"]) == 2
    separated = set(plan["infeasible"]["separated"])
    levels = plan["protect_most"]["required_cuts"]
    assert separated & {region for region, level in levels.items() if level < 2}
    assert plan["protect_most"]["verified"]["survives"] is True
    assert planner.verify_run(tmp_path / "two").survives


def test_any_city_of_each_region(tmp_path: Path) -> None:
    plan = solve(FRANCE / "study-regions.toml", tmp_path / "regions")
    assert plan["status"] == "optimal"
    assert len(plan["regions"]) == 12
    assert all(region["survives_after"] >= 2 for region in plan["regions"].values())


def test_the_night_of_27_april_2022() -> None:
    incident = FRANCE / "incident-2022-04-27.geojson"
    outcome = planner.replay(FRANCE, incident)
    assert len(outcome.cuts) == 4
    assert all(cut.spans for cut in outcome.cuts)
    assert outcome.isolated.isolated_regions
    assert outcome.detours


@pytest.mark.parametrize("study", ["towns", "france"])
def test_same_bytes_on_every_hash_seed(study: str, tmp_path: Path) -> None:
    if study == "towns":
        from planner.starter import write_starter

        write_starter(tmp_path / "towns")
    folder = FRANCE if study == "france" else tmp_path / "towns"
    for name, hash_seed in (("a", 1), ("b", 2)):
        solve(folder, tmp_path / name, hash_seed=hash_seed)
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert names == sorted(path.name for path in (tmp_path / "b").iterdir())
    differing = [n for n in names if without_seconds(tmp_path / "a" / n) != without_seconds(tmp_path / "b" / n)]
    assert differing == []
