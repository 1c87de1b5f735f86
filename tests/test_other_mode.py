"""One study planned from a list of routes and over every section, side by side."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from network_cases import route, write_geojson
from test_candidates_sections import EXISTING, PAIR, ladder, write

import planner
from planner.progress import Progress
from planner.run.write import write_solve


def with_keys(folder: Path, *keys: str, mode: str = "sections") -> Path:
    """The study with more keys in the table of candidates."""
    text = (folder / "study.toml").read_text(encoding="utf-8")
    text = text.replace('mode = "sections"', "\n".join([f'mode = "{mode}"', *keys]))
    (folder / "study.toml").write_text(text, encoding="utf-8")
    return folder


def with_list(folder: Path, mode: str = "sections") -> Path:
    """The ladder of corridors, around which the way is 12 km, and a list with one route of 16 km."""
    way = route("listed", (0, 0), (0, 3), (10, 3), (10, 0), a="A", b="B", kind="rail")
    write_geojson(folder / "list.geojson", [way])
    write(folder, PAIR, EXISTING, ladder(1, 2))
    return with_keys(folder, 'routes = "list.geojson"', mode=mode)


def test_a_list_beside_sections(tmp_path: Path) -> None:
    outcome = planner.solve(with_list(tmp_path))
    other = outcome.other_mode
    assert other is not None
    assert (other.mode, other.status, other.num_candidates, other.routes) == ("routes", "optimal", 1, ("listed",))
    assert other.objective["cost"] == pytest.approx(160)
    assert outcome.plan is not None
    assert outcome.plan.objective["cost"] == pytest.approx(120)


def test_sections_beside_a_list(tmp_path: Path) -> None:
    outcome = planner.solve(with_list(tmp_path, mode="routes"))
    other = outcome.other_mode
    assert other is not None
    assert (other.mode, other.status, other.num_candidates, other.routes) == ("sections", "optimal", 5, ("A-B-1",))
    assert other.objective == {"routes": 1, "cost": pytest.approx(120), "length_km": pytest.approx(12)}
    assert outcome.plan is not None
    assert [new.route_id for new in outcome.plan.routes] == ["listed"]


def test_only_where_asked_for(tmp_path: Path) -> None:
    study = write(tmp_path, PAIR, EXISTING, ladder(1, 2))
    assert planner.solve(study).other_mode is None
    other = planner.solve(with_keys(study, "compare = true")).other_mode
    assert other is not None
    assert other.objective["cost"] == pytest.approx(120)


def test_the_report_sets_them_side_by_side(tmp_path: Path) -> None:
    write_solve(planner.solve(with_list(tmp_path)), tmp_path / "run", Progress())
    report = (tmp_path / "run" / "report.md").read_text(encoding="utf-8")
    assert "| 5 sections of corridors | 1 | 120 | 12 | proved |" in report.replace(".0 ", " ")
    assert "1 ready-made routes | 1 | 160" in report
    document = json.loads((tmp_path / "run" / "plan.json").read_text(encoding="utf-8"))
    assert document["other_mode"]["routes"] == ["listed"]
