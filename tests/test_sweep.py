"""Sweeps: what is run, what is not run twice, and what a kill leaves behind."""

from __future__ import annotations

import errno
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pandas as pd
import pytest

from planner.batch import find_variants, read_sweep, sweep
from planner.batch.engine import Lost
from planner.batch.lock import locked
from planner.batch.processes import Processes
from planner.batch.report import write_comparison
from planner.batch.sweeping import to_tasks
from planner.batch.table import NAMED_TIMES
from planner.batch.task import Failure, Task, is_finished, run_task
from planner.errors import InputError
from planner.progress import Progress
from planner.report.language import to_language
from planner.starter import write_starter

NUM_KILLS = int(os.environ.get("PLANNER_KILLS", "2"))  # 50 in the long mode, which takes some minutes

SWEEP = """
studies = ["towns"]
[grid]
cuts.simultaneous = [1, 2]
[[variants]]
"objective.budget" = 9000000.0
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_starter(tmp_path / "towns")
    (tmp_path / "sweep.toml").write_text(SWEEP, encoding="utf-8")
    return tmp_path


def without_times(table: pd.DataFrame) -> pd.DataFrame:
    return table[[name for name in table.columns if not name.startswith(NAMED_TIMES)]]


class Here:
    """Runs tasks in this process: what most tests need, and quick."""

    num_workers = 1

    def run(
        self, work: Callable[[Task], Failure | None], tasks: Sequence[Task]
    ) -> Iterator[tuple[Task, Failure | None]]:
        for task in tasks:
            yield task, work(task)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planner.batch.sweeping.make_engine", lambda *_: Here())


def start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "planner", "sweep", "sweep.toml", "--out", "out", *arguments]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)}
    return subprocess.Popen(
        command, cwd=folder, env=environment, text=True, stdout=-1, stderr=-1, start_new_session=True
    )


def find_whole(folder: Path) -> set[str]:
    """Names of the run folders, each with everything in it."""
    found = set((folder / "out" / "runs").glob("[!.]*"))
    assert all((path / "plan.json").exists() and (path / "report.html").exists() for path in found)
    return {path.name for path in found}


def test_grid_and_variants_are_run_and_not_again(folder: Path) -> None:
    plan = read_sweep(folder / "sweep.toml")
    first = sweep(plan, folder / "out", jobs=2)
    assert first.frame["status"].tolist() == ["optimal"] * 3
    assert first.frame["cuts"].tolist() == [1, 2, 1]
    assert first.frame["routes"].tolist() == [2, 4, 2]
    assert first.frame["objective.budget"].tolist()[2] == 9_000_000
    assert (first.frame["peak_mb"] > 1).all()
    assert (first.num_found, first.num_run) == (0, 3)
    stamps = {path: path.stat().st_mtime_ns for path in (folder / "out" / "runs").rglob("*")}
    again = sweep(plan, folder / "out")
    assert (again.num_found, again.num_run) == (3, 0)
    assert stamps == {path: path.stat().st_mtime_ns for path in (folder / "out" / "runs").rglob("*")}
    pd.testing.assert_frame_equal(first.frame, again.frame)
    written = pd.read_csv(folder / "out" / "sweep.csv")
    assert written["cost"].tolist() == again.frame["cost"].tolist()
    assert pd.read_parquet(folder / "out" / "sweep.parquet")["selected"].tolist() == again.frame["selected"].tolist()


def test_changed_inputs_are_run_again(folder: Path) -> None:
    before = {variant.key for variant in find_variants(read_sweep(folder / "sweep.toml"))}
    file = folder / "towns" / "routes.geojson"
    file.write_text(file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    after = {variant.key for variant in find_variants(read_sweep(folder / "sweep.toml"))}
    assert len(before) == len(after) == 3
    assert not before & after


@pytest.mark.usefixtures("here")
def test_the_report_compares(folder: Path) -> None:
    sweep(read_sweep(folder / "sweep.toml"), folder / "out")
    page = (folder / "out" / "report.html").read_text(encoding="utf-8")
    assert "3 variants of 1 study" in page
    assert page.count('<figure class="picture">') == 3
    assert "cost and cuts survived" in page
    assert "default-src &#39;none&#39;" in page
    assert "<script" not in page


@pytest.mark.usefixtures("here")
def test_the_report_speaks_french(folder: Path) -> None:
    plan, page = read_sweep(folder / "sweep.toml"), folder / "out" / "report.html"
    result = sweep(plan, folder / "out", language="fr")
    text = page.read_text(encoding="utf-8")
    assert '<html lang="fr-FR">' in text
    assert "3 variantes de 1 étude" in text
    assert "coût et coupures supportées" in text
    for english in ("Variants", "New routes", "What each variant", "Map of the network", "Existing routes"):
        assert english not in text, english
    assert result.frame["status"].tolist() == ["optimal"] * 3
    sweep(plan, folder / "out")
    assert "3 variants of 1 study" in page.read_text(encoding="utf-8")


def test_the_report_speaks_as_the_studies_do(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr("planner.batch.report._to_page", lambda *_: said.append(to_language()) or "")
    for settings in ('["fr"]', '["en"]', '["en", "fr"]'):
        (folder / "sweep.toml").write_text(f'studies = ["towns"]\n[grid]\n"report.language" = {settings}\n', "utf-8")
        write_comparison("x", to_tasks(read_sweep(folder / "sweep.toml"), folder), pd.DataFrame(), folder)
    assert said == ["fr", "en", "en"]


def test_every_fault_is_named_at_once(folder: Path) -> None:
    (folder / "sweep.toml").write_text(
        'studies = ["towns", "nowhere"]\n[grid]\n"cuts.simultaneous" = [1, -1]\n"cuts.radios_m" = [5]\n', "utf-8"
    )
    with pytest.raises(InputError) as caught:
        find_variants(read_sweep(folder / "sweep.toml"))
    said = [str(fault) for fault in caught.value.faults]
    assert "sweep.toml, cuts.simultaneous: is -1 but must be 0 or more" in said
    assert any(line.startswith("sweep.toml, cuts.radios_m: unknown key; did you mean radius_m?") for line in said)
    assert any("nowhere" in line for line in said)
    assert len(said) == len(set(said)) == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("studys = ['towns']", "did you mean studies?"),
        ("studies = []", "is no list of studies"),
        ("studies = ['towns']\n[grid]\n'cuts.radius_m' = 5", "grid.cuts.radius_m: is no list of values"),
        ("studies = ['towns']\n[grid]\nradius = [5]", "names no section"),
        ("studies = ['towns']\n[grid]\n'cuts.radius_m' = [5, 5]", "holds a value twice"),
        ("studies = ['towns']\nvariants = 3", "write each as [[variants]]"),
        ("studies = [", "is not valid TOML"),
    ],
)
def test_bad_sweep_files(folder: Path, text: str, said: str) -> None:
    (folder / "sweep.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(said)):
        read_sweep(folder / "sweep.toml")


@pytest.mark.usefixtures("here")
def test_a_failure_stops_nothing(folder: Path) -> None:
    (folder / "sweep.toml").write_text(
        'studies = ["towns"]\n[grid]\n"candidates.required" = [["nope"], ["N1"]]\n', encoding="utf-8"
    )
    result = sweep(read_sweep(folder / "sweep.toml"), folder / "out", jobs=1)
    assert result.frame["status"].tolist() == ["failed", "optimal"]
    assert result.frame["exit_code"].tolist() == [2, 0]
    assert "matches 'nope'" in result.frame["message"][0]


def test_two_sweeps_refuse_each_other(folder: Path) -> None:
    with locked(folder / "out"):
        process = start(folder)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert f"another sweep (process {os.getpid()}) writes there" in err
    with locked(folder / "out"):
        pass  # let go of


def test_other_folders_are_refused(folder: Path) -> None:
    with pytest.raises(InputError, match="holds no earlier sweep"):
        sweep(read_sweep(folder / "sweep.toml"), folder / "towns")


def test_dry_run_writes_nothing(folder: Path) -> None:
    process = start(folder, "--dry-run")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert out.endswith("3 variants, 3 to run; nothing was run\n")
    assert not (folder / "out").exists()


@pytest.mark.usefixtures("here")
def test_a_full_disk_is_one_clear_error(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = sweep(read_sweep(folder / "sweep.toml"), folder / "out").frame
    task = to_tasks(read_sweep(folder / "sweep.toml"), folder / "other")[0]

    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "plan.json")

    monkeypatch.setattr("planner.run.write.write_plan_json", fail)
    with pytest.raises(OSError, match="No space left"):
        run_task(task)
    assert list(task.runs.iterdir()) == []
    monkeypatch.setattr("pandas.DataFrame.to_csv", fail)
    before = (folder / "out" / "sweep.csv").read_bytes()
    with pytest.raises(OSError, match="No space left"):
        sweep(read_sweep(folder / "sweep.toml"), folder / "out")
    assert (folder / "out" / "sweep.csv").read_bytes() == before
    assert len(table) == 3


def to_bytes(folder: Path) -> bytes:
    """The table as written, without its columns of times and memory."""
    return without_times(pd.read_csv(folder / "sweep.csv", dtype=str)).to_csv(index=False).encode()


def check_resumed(folder: Path) -> None:
    """What is left of a sweep that was killed and run to its end is what an undisturbed one leaves."""
    assert to_bytes(folder / "out") == to_bytes(folder / "whole")
    names = {path.name for path in (folder / "out" / "runs").iterdir()}
    assert names == {path.name for path in (folder / "whole" / "runs").iterdir()}
    assert find_whole(folder) == names
    assert not [path for path in (folder / "out").rglob(".*") if path.name != ".sweep.lock"]


@pytest.mark.skipif(os.name != "posix", reason="process groups are POSIX")
@pytest.mark.usefixtures("here")
def test_killed_sweeps_resume_to_the_same_table(folder: Path) -> None:
    """The whole process group is killed: the sweep and its two worker processes."""
    sweep(read_sweep(folder / "sweep.toml"), folder / "whole")
    chance = random.Random(1)
    for _ in range(NUM_KILLS):
        if len(find_whole(folder)) == 3:
            shutil.rmtree(folder / "out")  # so that every kill meets a sweep at work
        process = start(folder, "--jobs", "2")
        time.sleep(chance.uniform(0.3, 3.5))
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        find_whole(folder)
    sweep(read_sweep(folder / "sweep.toml"), folder / "out", jobs=2)
    check_resumed(folder)


MANY_KILLS = """
import os, random, shutil, signal, sys, time
from pathlib import Path
from planner.batch import read_sweep, sweep
from planner.batch.task import run_task

class Here:
    num_workers = 1
    def run(self, work, tasks):
        return ((task, work(task)) for task in tasks)

# what a sweep imports, once and before the forks
import highspy, planner.batch.report, planner.batch.sweeping, planner.export, planner.run.write, pyarrow
planner.batch.sweeping.make_engine = lambda *_: Here()
folder, num_kills = Path(sys.argv[1]), int(sys.argv[2])
plan = read_sweep(folder / "sweep.toml")

def fork(name):
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        sweep(plan, folder / name)
        os._exit(0)
    return child

begin = time.perf_counter()
assert os.waitpid(fork("whole"), 0)[1] == 0
whole_s = time.perf_counter() - begin
chance, met = random.Random(50), 0
while met < num_kills:
    child = fork("out")
    time.sleep(chance.uniform(0.0, 0.3 * whole_s))
    if os.waitpid(child, os.WNOHANG)[0]:  # it was done before the kill, which does not count
        shutil.rmtree(folder / "out")
        continue
    os.kill(child, signal.SIGKILL)
    met += os.WIFSIGNALED(os.waitpid(child, 0)[1])
assert os.waitpid(fork("out"), 0)[1] == 0
print(met)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a sweep that starts at once needs fork")
def test_many_kills_at_random_moments(folder: Path) -> None:
    """The sweep runs in a fork of a process that has imported everything, so that a kill meets it at its work."""
    (folder / "sweep.toml").write_text('studies = ["towns"]\n[grid]\ncuts.radius_m = [10, 20, 30, 40]\n', "utf-8")
    num_kills = max(NUM_KILLS, 10)
    command = [sys.executable, "-c", MANY_KILLS, str(folder), str(num_kills)]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert (done.stdout, done.returncode) == (f"{num_kills}\n", 0), done.stderr
    check_resumed(folder)


def test_ctrl_c_is_clean(folder: Path) -> None:
    values = ", ".join(str(1000 + i) for i in range(60))
    (folder / "sweep.toml").write_text(f'studies = ["towns"]\n[grid]\n"cuts.radius_m" = [{values}]\n', "utf-8")
    process = start(folder, "--jobs", "1")
    while not find_whole(folder) and process.poll() is None:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "not run" in out
    assert err == ""
    assert find_whole(folder)
    assert len(pd.read_csv(folder / "out" / "sweep.csv")) == 60


def test_a_killed_worker_costs_only_its_own_task(folder: Path) -> None:
    tasks = to_tasks(read_sweep(folder / "sweep.toml"), folder / "out")
    found = {task.variant.key: failure for task, failure in Processes(2).run(kill_second, tasks)}
    failure = found[tasks[1].variant.key]
    assert isinstance(failure, Lost)
    assert "was killed, twice" in failure.message
    assert [found[task.variant.key] for task in (tasks[0], tasks[2])] == [None, None]
    assert [is_finished(task) for task in tasks] == [True, False, True]


def kill_second(task: Task) -> Failure | None:
    if dict(task.variant.settings).get("cuts.simultaneous") == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return run_task(task)


@pytest.mark.usefixtures("here")
def test_time_to_go_is_told(folder: Path) -> None:
    told: list[dict[str, float | str]] = []

    class Listener(Progress):
        def tell(self, stage: str, **figures: float | str) -> None:
            told.append(figures)

    sweep(read_sweep(folder / "sweep.toml"), folder / "out", jobs=1, progress=Listener())
    assert told[0] == {"variants": "0 of 3"}
    assert told[1]["variants"] == "1 of 3"
    assert re.fullmatch(r"\d+ s", str(told[1]["to go"]))
