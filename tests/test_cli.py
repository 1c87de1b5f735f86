from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from planner import cli

TOWNS = "towns"


def run(*arguments: str, expect: int = 0) -> None:
    """Run the command line in this process; a wrong exit code fails."""
    before = sys.argv
    sys.argv = ["planner", *arguments]
    try:
        with pytest.raises(SystemExit) as stop:
            cli.main()
    finally:
        sys.argv = before
    assert stop.value.code == expect


@pytest.fixture
def towns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The starter study in an empty current folder."""
    monkeypatch.chdir(tmp_path)
    run("init", TOWNS)
    return tmp_path / TOWNS


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_init_writes_a_study_that_solves(towns: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("check", TOWNS)
    assert "no faults; nothing was changed" in capsys.readouterr().out
    run("solve", TOWNS)
    out, err = capsys.readouterr()
    assert out.startswith("Build 2 routes")
    assert err == ""  # quiet where stderr is no terminal
    names = {path.name for path in (towns.parent / "reports" / TOWNS).iterdir()}
    assert names == {
        "plan.json",
        "report.html",
        "report.md",
        "tables.xlsx",
        "new_routes.geojson",
        "critical_cuts.geojson",
        "regions.geojson",
        "network.geojson",
        "risk_groups.geojson",
        "new_routes.qml",
        "critical_cuts.qml",
        "regions.qml",
        "risk_groups.qml",
        "plan.gpkg",
        "plan.kmz",
    }
    run("verify", f"reports/{TOWNS}")
    assert capsys.readouterr().out.startswith("survives")
    run("solve", TOWNS)  # an earlier run is replaced


def test_init_overwrites_nothing(towns: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (towns / "study.toml").read_bytes()
    run("init", TOWNS, expect=2)
    assert "is not empty" in capsys.readouterr().err
    assert (towns / "study.toml").read_bytes() == before


def test_json_is_the_plan(towns: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("solve", TOWNS, "--json", "--out", "elsewhere")
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads((towns.parent / "elsewhere" / "plan.json").read_text(encoding="utf-8"))
    assert printed["status"] == "optimal"
    assert printed["bound"] == {key: printed["objective"][key] for key in ("routes", "cost")}
    assert printed["gap"] == 0
    assert printed["verified"]["survives"] is True


def test_a_study_file_of_another_name(towns: Path) -> None:
    (towns / "study.toml").rename(towns / "other.toml")
    run("solve", f"{TOWNS}/other.toml")
    assert (towns.parent / "reports" / f"{TOWNS}-other" / "plan.json").exists()


def test_infeasible_is_exit_code_3_with_the_reason(towns: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(towns / "study.toml", "simultaneous = 1", "simultaneous = 3")
    run("solve", TOWNS, "--json", expect=3)
    plan = json.loads(capsys.readouterr().out)
    assert (plan["status"], plan["selected"]) == ("infeasible", [])
    assert plan["infeasible"]["cuts"]
    assert plan["infeasible"]["separated"]
    assert plan["protect_most"]["verified"]["survives"] is True
    run("verify", f"reports/{TOWNS}")


def test_infeasible_without_protect_most_has_nothing_to_verify(towns: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(towns / "study.toml", "simultaneous = 1", "simultaneous = 3")
    change(towns / "study.toml", '"protect-most"', '"report"')
    run("solve", TOWNS, expect=3)
    run("verify", f"reports/{TOWNS}", expect=2)
    assert "holds no plan" in capsys.readouterr().err


def test_a_network_without_candidates_is_proved_or_refuted(towns: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(towns / "study.toml", '[candidates]\nroutes = "candidates.geojson"', "")
    run("solve", TOWNS, expect=3)
    assert "offers no candidate routes" in capsys.readouterr().out
    change(towns / "study.toml", "simultaneous = 1", "simultaneous = 0")
    run("solve", TOWNS, "--json")
    assert json.loads(capsys.readouterr().out)["selected"] == []


def test_every_fault_is_named_at_once(towns: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(towns / "study.toml", "radius_m = 50", "radus_m = 50")
    change(towns / "study.toml", "site_snap_m = 250", "site_snap_m = -1")
    run("solve", TOWNS, expect=2)
    out, err = capsys.readouterr()
    assert out == ""
    assert "2 faults" in err
    assert "did you mean radius_m" in err
    assert "site_snap_m" in err
    assert not (towns.parent / "reports").exists()


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("sites.geojson", "{", "sites.geojson"),
        ("sites.geojson", '{"type":"FeatureCollection","features":[]}', "sites.geojson"),
        ("routes.geojson", '{"type":"FeatureCollection","features":[]}', None),
        ("study.toml", "[study\n", "line 1"),
        ("study.toml", "", "network"),
    ],
)
def test_broken_files(
    towns: Path, capsys: pytest.CaptureFixture[str], file: str, text: str, message: str | None
) -> None:
    (towns / file).write_text(text, encoding="utf-8")
    if message is None:  # no routes at all: the candidates alone cannot do it, which is an answer
        run("solve", TOWNS, expect=3)
    else:
        run("solve", TOWNS, expect=2)
        assert message in capsys.readouterr().err


def test_missing_things(towns: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("solve", "nowhere", expect=2)
    assert "nowhere" in capsys.readouterr().err
    run("verify", "nowhere", expect=2)
    run("replay", TOWNS, "nowhere.geojson", expect=2)
    run("frobnicate", expect=2)
    (towns / "sites.geojson").unlink()
    run("check", TOWNS, expect=2)
    assert "sites.geojson" in capsys.readouterr().err


def test_a_folder_of_somebody_else_is_not_replaced(towns: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = towns.parent / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("years of work", encoding="utf-8")
    run("solve", TOWNS, "--out", "mine", expect=2)
    assert "not empty" in capsys.readouterr().err
    assert (mine / "thesis.txt").read_text(encoding="utf-8") == "years of work"


def test_audit_ranks_what_separates(towns: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("audit", TOWNS, "--json")
    audit = json.loads(capsys.readouterr().out)
    weights = [cut_set["isolated_weight"] for cut_set in audit["cut_sets"]]
    assert weights == sorted(weights, reverse=True)
    assert audit["regions"]["lakeside"]["survives"] == 0
    assert audit["regions"]["lakeside"]["witness"]["isolated_regions"] == ["lakeside"]
    folder = towns.parent / "reports" / f"{TOWNS}-audit"
    assert (folder / "audit.json").exists()
    assert audit["worst_attack"]["cuts"] == 1
    assert audit["worst_attack"]["is_proved"]
    assert audit["worst_attack"]["cut_set"]["isolated_weight"] == weights[0]
    assert "The worst attack of up to" in (folder / "report.md").read_text(encoding="utf-8")


def test_audit_of_an_attack(towns: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("audit", TOWNS, "--attack", "3")
    assert "worst attack of up to 3" in capsys.readouterr().out
    run("audit", TOWNS, "--attack", "9", expect=2)
    assert "give 0 to 6 cuts" in capsys.readouterr().err


def test_replay_before_and_after_the_plan(towns: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # one cut in the trench north of Millbrook, one on the road to Lakeside
    cuts = [("trench", -1.525, 52.545), ("road", -2.04, 52.64)]
    features = [
        {"type": "Feature", "properties": {"id": i, "name": i}, "geometry": {"type": "Point", "coordinates": [x, y]}}
        for i, x, y in cuts
    ]
    document = {"type": "FeatureCollection", "features": features}
    Path("incident.geojson").write_text(json.dumps(document), encoding="utf-8")
    run("replay", TOWNS, "incident.geojson", "--json", "--out", "then")
    before = json.loads(capsys.readouterr().out)
    assert [cut["span_ids"] for cut in before["cuts"]] == [["M1", "M2"], ["M7"]]
    assert before["isolated_regions"]
    assert (towns.parent / "then" / "replay.geojson").exists()
    run("solve", TOWNS)
    capsys.readouterr()
    run("replay", TOWNS, "incident.geojson", "--plan", f"reports/{TOWNS}", "--json")
    after = json.loads(capsys.readouterr().out)
    assert len(after["plan_routes"]) == 2
    assert after["isolated_weight"] < before["isolated_weight"]
    assert all(way["after_km"] > way["before_km"] for way in after["detours"])


@pytest.mark.usefixtures("towns")
def test_ctrl_c_writes_the_best_plan(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from planner.run import planning

    real = planning._optimise

    def interrupted(*arguments: object) -> object:
        os.kill(os.getpid(), signal.SIGINT)
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(planning, "_optimise", interrupted)
    run("solve", TOWNS, "--json", expect=130)
    plan = json.loads(capsys.readouterr().out)
    assert plan["status"] == "feasible"
    assert plan["verified"]["survives"] is True
    assert 0 < plan["gap"] <= 1
    assert plan["bound"]["routes"] <= 2 <= plan["objective"]["routes"]


def test_a_time_limit_gives_a_verified_plan_with_a_true_bound(towns: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(towns / "study.toml", "time_limit_s = 60", "time_limit_s = 1e-6")
    run("solve", TOWNS, "--json")
    plan = json.loads(capsys.readouterr().out)
    assert plan["status"] == "feasible"
    assert plan["verified"]["survives"] is True
    assert plan["bound"]["routes"] <= 2 <= plan["objective"]["routes"]


def test_a_full_disk_leaves_the_old_run(
    towns: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from planner.run import write

    run("solve", TOWNS)
    folder = towns.parent / "reports" / TOWNS
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def full(*_: object, **_more: object) -> None:
        raise OSError(28, "No space left on device", "report.html")

    monkeypatch.setattr(write, "write_report", full)
    capsys.readouterr()
    run("solve", TOWNS, expect=1)
    assert "No space left on device" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert [path.name for path in folder.parent.iterdir()] == [TOWNS]


def test_help_is_quick_to_import() -> None:
    """Nothing heavy is loaded before a command needs it."""
    code = "import sys, planner.cli; print(sorted({'pandas', 'geopandas', 'pulp', 'numpy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_log_tells_bound_and_gap_step_by_step(towns: Path) -> None:
    log = towns / "log.jsonl"
    run("solve", TOWNS, "--log", str(log))
    steps = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert {"risk groups", "audit", "relaxation", "report"} <= {step["stage"] for step in steps}
    told = [step for step in steps if "gap" in step]
    assert all(step["gap"] == pytest.approx(max(0.0, 1 - step["bound"] / step["best"]), abs=1e-9) for step in told)
    assert [step["seconds"] for step in steps] == sorted(step["seconds"] for step in steps)


def test_solve_in_french_leaves_the_plan_english(towns: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("solve", TOWNS, "--language", "fr")
    assert capsys.readouterr().out.startswith("Build 2 routes")
    folder = towns.parent / "reports" / TOWNS
    assert (folder / "report.md").read_text(encoding="utf-8").startswith("# Construire 2 itinéraires")
    plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    assert plan["status"] == "optimal"


def test_study_names_the_language_of_its_report(towns: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(towns / "study.toml", "[study]", '[report]\nlanguage = "fr"\n\n[study]')
    run("audit", TOWNS)
    folder = towns.parent / "reports" / f"{TOWNS}-audit"
    assert '<html lang="fr-FR">' in (folder / "report.html").read_text(encoding="utf-8")
    change(towns / "study.toml", '"fr"', '"de"')
    run("audit", TOWNS, expect=2)
    assert "report.language" in capsys.readouterr().err
