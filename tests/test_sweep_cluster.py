"""A sweep and a split search on a real Dask scheduler with two worker processes, one killed in the middle."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from national import to_national

from planner import count_separating_cut_sets, separating_cut_sets
from planner.batch import find_cut_sets, make_engine, read_sweep, sweep
from planner.batch.table import NAMED_TIMES
from planner.errors import InputError
from planner.progress import Progress
from planner.starter import write_starter

pytest.importorskip("distributed")
ROOT = Path(__file__).parent.parent
RADII = "cuts.radius_m = [10, 20, 30, 40, 50]"


def start(module: str, *arguments: str) -> subprocess.Popen[bytes]:
    environment = os.environ | {"PYTHONPATH": str(ROOT), "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "false"}
    command = [sys.executable, "-m", "distributed.cli." + module, *arguments]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.fixture
def cluster() -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Address of a scheduler, and its two workers: a process and a thread each, killed and not started anew."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    scheduler = start("dask_scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
    plain = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1")
    workers = [start("dask_worker", address, *plain) for _ in range(2)]
    try:
        yield address, workers
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()


def without_times(table: pd.DataFrame) -> pd.DataFrame:
    return table[[name for name in table.columns if not name.startswith(NAMED_TIMES)]]


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_a_killed_worker_loses_and_doubles_nothing(
    tmp_path: Path, cluster: tuple[str, list[subprocess.Popen[bytes]]]
) -> None:
    address, workers = cluster
    write_starter(tmp_path / "towns")
    (tmp_path / "sweep.toml").write_text(f'studies = ["towns"]\n[grid]\n{RADII}\n', encoding="utf-8")
    plan, runs = read_sweep(tmp_path / "sweep.toml"), tmp_path / "out" / "runs"
    first: dict[Path, int] = {}

    def kill_in_the_middle() -> None:
        while len(found := list(runs.glob("[!.]*/plan.json"))) < 2:
            time.sleep(0.02)
        first.update({path: path.stat().st_mtime_ns for path in found})
        workers[0].send_signal(signal.SIGKILL)

    killer = threading.Thread(target=kill_in_the_middle, daemon=True)
    killer.start()
    result = sweep(plan, tmp_path / "out", scheduler=address)
    killer.join(5)
    assert workers[0].poll() == -signal.SIGKILL
    assert len(first) >= 2
    assert result.frame["status"].tolist() == ["optimal"] * 5
    assert {
        path: path.stat().st_mtime_ns for path in first
    } == first  # what was done before the kill was not done again
    again = sweep(plan, tmp_path / "here", jobs=1)
    pd.testing.assert_frame_equal(without_times(result.frame), without_times(again.frame))


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_a_split_search_survives_a_killed_worker(cluster: tuple[str, list[subprocess.Popen[bytes]]]) -> None:
    address, workers = cluster
    problem = to_national(1500, 3, trench_share=0.2)
    routes = problem.candidates.tolist()
    killed_at: list[str] = []

    class Killer(Progress):
        def tell(self, stage: str, **figures: float | str) -> None:
            if figures["parts"] == "10 of 42":
                killed_at.append(str(figures["parts"]))
                workers[0].send_signal(signal.SIGKILL)

    found = find_cut_sets(
        problem, cuts=3, routes=routes, engine=make_engine(1, address), num_parts=40, progress=Killer()
    )
    assert killed_at == ["10 of 42"]
    assert workers[0].wait(5) == -signal.SIGKILL
    assert found.cut_sets == separating_cut_sets(problem, cuts=3, routes=routes)
    assert found.count.by_size == count_separating_cut_sets(problem, cuts=3, routes=routes).by_size
    assert len(found.cut_sets) > 10


def test_no_scheduler_is_one_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planner.batch.cluster._CONNECT_S", 1)
    write_starter(tmp_path / "towns")
    (tmp_path / "sweep.toml").write_text('studies = ["towns"]\n', encoding="utf-8")
    with pytest.raises(InputError, match=re.escape("nothing answers at tcp://127.0.0.1:9")):
        sweep(read_sweep(tmp_path / "sweep.toml"), tmp_path / "out", scheduler="tcp://127.0.0.1:9")
