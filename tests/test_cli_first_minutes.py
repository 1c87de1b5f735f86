"""What somebody meets first: help, completion, doctor, and how fast they come."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

from planner import cli
from planner.optimise.kinds import KINDS
from planner.run import doctor
from planner.run.profiling import profiled

ROOT = Path(__file__).parent.parent


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """As the installed program is run, under its own name."""
    code = "import sys; sys.argv[0] = 'planner'; from planner.cli import main; main()"
    environment = os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "80"} | variables
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)


def test_help_fits_a_screen() -> None:
    done = run("--help")
    lines = done.stdout.splitlines()
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80
    assert not [line for line in lines[1:] if line.endswith("...")]
    assert all(f"  {name} " in done.stdout for name in cli.commands.commands)


def test_start_up_takes_less_than_half_a_second() -> None:
    def measure() -> float:
        begin = time.perf_counter()
        assert run("--help").returncode == 0
        return time.perf_counter() - begin

    assert min(measure() for _ in range(3)) < 0.5


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(shell: str) -> None:
    done = run(_PLANNER_COMPLETE=f"{shell}_source")
    assert "_PLANNER_COMPLETE" in done.stdout


def test_completion_knows_the_commands() -> None:
    done = run(_PLANNER_COMPLETE="bash_complete", COMP_WORDS="planner sw", COMP_CWORD="1")
    assert done.stdout == "plain,sweep\n"


def test_doctor_names_every_solver_and_extra() -> None:
    parts = {(part.kind, part.name): part for part in doctor.examine()}
    assert parts["solver", "HiGHS"].is_there
    assert {name for kind, name in parts if kind == "solver"} == set(KINDS)
    assert parts["needed", "pandas"].version
    assert all(part.version or part.note for part in parts.values())
    document = json.loads(json.dumps(doctor.to_doctor_document(tuple(parts.values()))))
    assert {part["kind"] for part in document["parts"]} == {"needed", "solver", "extra"}


def test_doctor_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "EXTRAS", {"dask": ("no-such-distribution", "none", "planner sweep --scheduler")})
    lines = doctor.to_doctor_lines(doctor.examine())
    assert lines[-1].endswith('for planner sweep --scheduler: pip install "fibre-resilience-planner[dask]"')
    assert "not here" in lines[-1]


def test_doctor_says_what_cannot_be_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "EXTRAS", {"dask": ("pandas", "no_such_module", "")})
    assert "pandas cannot be loaded: No module named" in doctor.to_doctor_lines(doctor.examine())[-1]


def test_doctor_knows_extras_that_there_are() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    for extra, (distribution, _, _) in doctor.EXTRAS.items():
        assert any(requirement.startswith(distribution) for requirement in declared[extra])


def test_profile_is_a_page(tmp_path: Path) -> None:
    pytest.importorskip("pyinstrument")
    with profiled(tmp_path / "profile.html"):
        deadline = time.perf_counter() + 0.05
        while time.perf_counter() < deadline:
            pass
    page = (tmp_path / "profile.html").read_text(encoding="utf-8")
    assert "<html" in page
    assert "test_profile_is_a_page" in page


def test_profile_that_cannot_be_written(tmp_path: Path) -> None:
    pytest.importorskip("pyinstrument")
    done = run("solve", str(ROOT / "planner" / "starter" / "study"), "--profile", str(tmp_path / "no" / "p.html"))
    assert done.returncode == 2
    assert "cannot be written" in done.stderr
