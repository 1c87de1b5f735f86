"""Cut sets searched for in parts, by this process and by several of this machine."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from national import to_national
from problems import problems

import planner
from planner.batch import find_cut_sets, make_engine
from planner.batch.cutsets import LostPartError
from planner.batch.engine import Lost
from planner.batch.processes import Processes
from planner.cli import commands
from planner.problem import Problem
from planner.progress import Progress
from planner.starter import write_starter


@settings(max_examples=100, deadline=None)
@given(
    problems(sites_fall=None), st.integers(0, 3), st.sampled_from([None, 0, 1, 2]), st.integers(1, 9), st.integers(0, 6)
)
def test_equals_the_search_in_one_piece(
    problem: Problem, cuts: int, level: int | None, num_parts: int, limit: int
) -> None:
    every = planner.separating_cut_sets(problem, cuts=cuts, level=level)
    found = find_cut_sets(problem, cuts=cuts, level=level, num_parts=num_parts)
    assert found.cut_sets == every
    assert found.count == planner.count_separating_cut_sets(problem, cuts=cuts, level=level)
    some = find_cut_sets(problem, cuts=cuts, level=level, num_parts=num_parts, limit=limit)
    assert some.cut_sets == planner.separating_cut_sets(problem, cuts=cuts, level=level, limit=limit)
    assert some.count == found.count


def test_a_killed_process_loses_and_doubles_nothing() -> None:
    problem = to_national(600, 3, trench_share=0.2)
    routes = problem.candidates.tolist()
    killed: list[int] = []

    class Killer(Progress):
        """Kills whatever processes there are, once, after ten parts: the idle one and the one at work."""

        def tell(self, stage: str, **figures: float | str) -> None:
            if figures["parts"] == "10 of 42":
                killed.extend(process.pid or 0 for process in multiprocessing.active_children())
                for process_id in killed:
                    os.kill(process_id, signal.SIGKILL)

    found = find_cut_sets(problem, cuts=3, routes=routes, engine=make_engine(2, None), num_parts=40, progress=Killer())
    assert len(killed) == 2
    assert found.cut_sets == planner.separating_cut_sets(problem, cuts=3, routes=routes)
    assert found.count == planner.count_separating_cut_sets(problem, cuts=3, routes=routes)


def add(first: Sequence[int], second: int, task: int) -> tuple[int, int]:
    return os.getpid(), sum(first) + second + task


def test_what_tasks_share_comes_first() -> None:
    results = dict(Processes(1).run(add, [1, 2, 3], ([10, 20], 100)))
    assert {task: sum(result[1:]) for task, result in results.items() if not isinstance(result, Lost)} == {
        1: 131,
        2: 132,
        3: 133,
    }
    assert os.getpid() not in {result[0] for result in results.values() if not isinstance(result, Lost)}


def test_a_part_that_is_given_up_is_one_clear_error() -> None:
    class Dying:
        num_workers = 1

        def run(self, work: Any, tasks: Sequence[Any], shared: tuple[Any, ...] = ()) -> Any:
            return ((task, Lost()) for task in tasks)

    with pytest.raises(LostPartError, match="was given up: the process that ran it was killed, twice"):
        find_cut_sets(to_national(20, 2), cuts=2, engine=Dying())  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("studies")
    write_starter(folder / "towns")
    return folder


def run_audit(towns: Path, *arguments: str) -> dict[str, Any]:
    out = towns / "out"
    done = CliRunner().invoke(commands, ["audit", str(towns / "towns"), "--out", str(out), *arguments])
    assert done.exit_code == 0, done.output
    document: dict[str, Any] = json.loads((out / "audit.json").read_text(encoding="utf-8"))
    lines = (out / "report.md").read_text(encoding="utf-8").splitlines()
    document["report"] = [line for line in lines if not line.startswith("Time spent")]
    return document


def test_the_audit_lists_as_many_cuts_as_asked_by_as_many_processes(towns: Path) -> None:
    pairs, triples = run_audit(towns), run_audit(towns, "--cuts", "3")
    assert set(pairs["num_cut_sets"]) == {"0", "1", "2"}
    assert set(triples["num_cut_sets"]) == {"0", "1", "2", "3"}
    by_two = run_audit(towns, "--cuts", "3", "--workers", "2")
    for key in ("num_cut_sets", "cut_sets", "regions", "report"):
        assert by_two[key] == triples[key], key


def test_sizes_that_are_none_are_refused(towns: Path) -> None:
    done = CliRunner().invoke(commands, ["audit", str(towns / "towns"), "--cuts", "7"], standalone_mode=False)
    assert "give the largest size of set to list, 1 to 6" in str(done.exception)
