"""Detour limits from the study to the run folder."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import planner
from planner.errors import InputError
from planner.problem import Problem
from planner.study import DetoursSection, read_study
from planner.survival.limits import KM_PER_MS, limit_ways

ROOT = Path(__file__).parent.parent
STARTER = Path(planner.__file__).parent / "starter" / "study"


def towns(folder: Path, detours: str, name: str = "towns") -> Path:
    """The seven towns with detour limits."""
    study = folder / name
    shutil.copytree(STARTER, study)
    text = (study / "study.toml").read_text(encoding="utf-8")
    (study / "study.toml").write_text(f"{text}\n[detours]\n{detours}\n", encoding="utf-8")
    return study


def faults_of(study: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        planner.check(study)
    return [str(fault) for fault in caught.value.faults]


def triangle() -> Problem:
    """0 --100-- 1 --50-- 2, and a candidate 0-2 of 60 km; regions P (0), Q (1), R (2) and S (0 too)."""
    return Problem(
        num_sites=3,
        span_ends=[(0, 1), (1, 2), (0, 2)],
        route_of_span=range(3),
        route_cost=[0, 0, 5],
        is_candidate=[False, False, True],
        groups=[],
        terminals=[[0], [1], [2], [0]],
        required_cuts=[1, 1, 1, 1],
        span_length_km=[100, 50, 60],
    )


def call(*arguments: object) -> tuple[int, str]:
    """Exit code and output of a command, in a process of its own."""
    command = [sys.executable, "-m", "planner", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def limits_of(**asked: object) -> dict[tuple[str, str], float]:
    problem = limit_ways(triangle(), "PQRS", DetoursSection.model_validate(asked))
    return {
        ("PQRS"[a], "PQRS"[b]): limit
        for (a, b), limit in zip(problem.limited_pairs.tolist(), problem.limit_km.tolist(), strict=True)
    }


def test_no_limit_limits_nothing() -> None:
    problem = triangle()
    assert limit_ways(problem, "PQRS", DetoursSection()) is problem


def test_a_limit_for_all_pairs() -> None:
    found = limits_of(max_km=300)
    assert found == dict.fromkeys([("P", "Q"), ("P", "R"), ("P", "S"), ("Q", "R"), ("Q", "S"), ("R", "S")], 300)


def test_a_factor_is_of_the_way_today_and_says_nothing_of_regions_at_one_site() -> None:
    assert limits_of(factor=2) == {("P", "Q"): 200, ("P", "R"): 300, ("Q", "R"): 100, ("Q", "S"): 200, ("R", "S"): 300}


def test_the_tightest_of_several_binds() -> None:
    found = limits_of(factor=2, max_km=250, max_one_way_ms=1)
    assert found["Q", "R"] == 100
    assert found["P", "R"] == pytest.approx(KM_PER_MS, abs=1e-6) == pytest.approx(204.218, abs=1e-3)


def test_named_pairs_have_limits_of_their_own() -> None:
    found = limits_of(max_km=300, pairs=[{"a": "R", "b": "P", "max_km": 900}, {"a": "P", "b": "R", "factor": 5}])
    assert found["P", "R"] == 750
    assert found["P", "Q"] == 300
    assert limits_of(pairs=[{"a": "R", "b": "P", "max_km": 900}]) == {("P", "R"): 900}


@pytest.mark.parametrize(
    ("detours", "fault"),
    [
        ("max_km = 0", "detours.max_km: is 0 but must be more than 0"),
        ("factor = 0.9", "detours.factor: is 0.9 but must be 1 or more"),
        ("max_kms = 3", "detours.max_kms: unknown key; did you mean max_km?"),
        ('pairs = [{ a = "x" }]', "detours.pairs[0].b: the key is missing; add it"),
        ('pairs = [{ a = "x", b = "y", max_mm = 3 }]', "detours.pairs[0].max_mm: unknown key; did you mean max_km?"),
        ('pairs = [{ a = "x", b = "y" }]', "but it must hold a limit: max_km, max_one_way_ms or factor"),
        ('pairs = [{ a = "x", b = "x", max_km = 3 }]', "but it must name two regions"),
    ],
)
def test_faults_of_the_section(tmp_path: Path, detours: str, fault: str) -> None:
    assert any(fault in found for found in faults_of(towns(tmp_path, detours)))


def test_unknown_and_excluded_regions(tmp_path: Path) -> None:
    ids = sorted(site_ids())
    study = towns(
        tmp_path,
        f'pairs = [{{ a = "{ids[0]}x", b = "{ids[1]}", max_km = 9 }}, {{ a = "{ids[1]}", b = "{ids[2]}", max_km = 9 }}]'
        f'\n[regions]\nexclude = ["{ids[2]}"]',
    )
    found = faults_of(study)
    assert any("detours.pairs[0]" in fault and f"there is no region '{ids[0]}x'" in fault for fault in found)
    assert any("detours.pairs[1]" in fault and f"region '{ids[2]}' is excluded" in fault for fault in found)


def site_ids() -> list[str]:
    return [str(one) for one in planner.read_network(read_study(STARTER)).sites["site_id"]]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A limit a little below the longest way of the plan without limits, solved."""
    folder = tmp_path_factory.mktemp("detours")
    loose = planner.solve(towns(folder, "max_km = 100000", "loose"))
    assert loose.detours is not None
    longest_km = max(pair.after.length_km for pair in loose.detours.pairs if pair.after)
    study = towns(folder, f"max_km = {longest_km - 1:.3f}")
    assert call("solve", study, "--out", folder / "run")[0] == 0
    document = json.loads((folder / "run" / "plan.json").read_text(encoding="utf-8"))
    assert loose.plan is not None
    assert document["selected"] != sorted(route.route_id for route in loose.plan.routes)
    return folder / "run", document


def test_the_plan_keeps_the_limit(run: tuple[Path, dict[str, Any]]) -> None:
    detours = run[1]["detours"]
    assert run[1]["status"] == "optimal"
    assert detours["num_limited"] == len(detours["pairs"]) == 21
    assert all(pair["after"]["length_km"] <= pair["limit_km"] for pair in detours["pairs"])
    assert any(
        pair["before"]["length_km"] is None or pair["before"]["length_km"] > pair["limit_km"]
        for pair in detours["pairs"]
    )
    worst = detours["pairs"][0]
    assert worst["after"]["cut_set"]["cuts"]
    assert {needed["route_id"] for needed in detours["needed"]} <= set(run[1]["selected"])
    assert detours["needed"]


def test_the_report_says_so(run: tuple[Path, dict[str, Any]]) -> None:
    text = (run[0] / "report.md").read_text(encoding="utf-8")
    assert "## Ways between sites" in text
    assert "The plan keeps every limit; the second algorithm confirms it." in text


def test_the_document_fits_its_schema(run: tuple[Path, dict[str, Any]]) -> None:
    import jsonschema

    schema = Path(planner.__file__).parent / "export" / "schemas" / "plan.schema.json"
    jsonschema.validate(run[1], json.loads(schema.read_text(encoding="utf-8")))


def test_a_run_is_proved_again_from_its_files(run: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    assert planner.verify_run(run[0]).survives
    other = tmp_path / "changed"
    shutil.copytree(run[0], other)
    longest_km = run[1]["detours"]["pairs"][0]["after"]["length_km"]
    changed = run[1] | {"detours": {"asked": {"max_km": longest_km - 0.001}}}
    (other / "plan.json").write_text(json.dumps(changed), encoding="utf-8")
    verdict = planner.verify_run(other)
    assert not verdict.survives
    assert verdict.long_way is not None
    assert verdict.long_way.length_km == pytest.approx(longest_km)
    code, output = call("verify", other)
    assert code == 3
    assert "TOO LONG: after a cut of " in output


@pytest.mark.parametrize(
    ("asked", "message"),
    [({"max_km": "far"}, "cannot be read"), ({"pairs": [{"a": "?", "b": "!", "max_km": 1}]}, "which it lacks")],
)
def test_limits_of_a_run_that_make_no_sense(
    run: tuple[Path, dict[str, Any]], tmp_path: Path, asked: dict[str, Any], message: str
) -> None:
    other = tmp_path / "changed"
    shutil.copytree(run[0], other)
    (other / "plan.json").write_text(json.dumps(run[1] | {"detours": {"asked": asked}}), encoding="utf-8")
    with pytest.raises(InputError, match=message):
        planner.verify_run(other)


def test_limits_that_no_plan_keeps(tmp_path: Path) -> None:
    study = towns(tmp_path, "max_km = 10")
    code, output = call("solve", study, "--out", tmp_path / "run")
    assert code == 3
    assert "Even with every candidate built, the way between" in output
    document = json.loads((tmp_path / "run" / "plan.json").read_text(encoding="utf-8"))
    blocking = document["detours"]["blocking"]
    assert blocking["length_km"] > blocking["limit_km"] == 10
    assert document["protect_most"]["verified"]["survives"] is True
    assert planner.verify_run(tmp_path / "run").survives


def test_two_cuts_are_searched_after_the_fact(tmp_path: Path) -> None:
    study = towns(tmp_path, "max_km = 100000")
    text = (study / "study.toml").read_text(encoding="utf-8").replace("simultaneous = 1", "simultaneous = 2")
    (study / "study.toml").write_text(text, encoding="utf-8")
    outcome = planner.solve(study)
    assert outcome.detours is not None
    if outcome.plan is None:
        pytest.skip("the towns have no plan for two cuts")
    assert outcome.detours.num_searched_for_two == 20
    for pair in outcome.detours.pairs:
        if pair.after_two is not None:
            assert pair.after is not None
            assert np.isfinite(pair.after_two.length_km)
            assert pair.after_two.length_km >= pair.after.length_km
