"""A run folder is written whole or not at all, and nobody's files are lost."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from sample import sample_outcome

from planner.errors import InputError
from planner.export import check_replaceable, folder, geojson, whole_folder, write_gis, write_plan_json


def write_run(target: Path, text: str = "new") -> None:
    with whole_folder(target) as draft:
        (draft / "plan.json").write_text(text)


def read_tree(root: Path) -> dict[str, str]:
    return {str(path.relative_to(root)): path.read_text() for path in sorted(root.rglob("*")) if path.is_file()}


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """An earlier run."""
    target = tmp_path / "reports" / "France"
    write_run(target, "old")
    return target


def test_a_new_folder_appears_at_the_end(tmp_path: Path) -> None:
    target = tmp_path / "a" / "b"
    with whole_folder(target) as draft:
        assert draft.parent == target.parent
        assert not target.exists()
        (draft / "plan.json").write_text("{}")
    assert read_tree(tmp_path) == {"a/b/plan.json": "{}"}
    assert target.stat().st_mode == target.parent.stat().st_mode


def test_an_earlier_run_and_an_empty_folder_are_replaced(run: Path, tmp_path: Path) -> None:
    (run / "report.html").write_text("old")
    (run / "plan.gpkg-wal").write_text("old")
    empty = tmp_path / "empty"
    empty.mkdir()
    for target in (run, empty):
        write_run(target)
        assert read_tree(target) == {"plan.json": "new"}
    assert sorted(path.name for path in run.parent.iterdir()) == ["France"]


class Killed(BaseException):
    """What no `except Exception` catches."""


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt(), Killed(), ValueError()]
)
def test_an_error_leaves_the_earlier_run(error: BaseException, run: Path) -> None:
    def fail() -> None:
        with whole_folder(run) as draft:
            (draft / "plan.json").write_text("half")
            raise error

    with pytest.raises(type(error)):
        fail()
    assert read_tree(run.parent) == {"France/plan.json": "old"}


@pytest.mark.parametrize("call", range(2))
def test_a_failed_rename_brings_the_earlier_run_back(call: int, run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename, calls = Path.rename, iter(range(9))

    def rename_badly(self: Path, target: Path) -> Path:
        if next(calls) == call:
            raise OSError(errno.EACCES, "denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", rename_badly)
    with pytest.raises(OSError, match="denied"):
        write_run(run)
    assert read_tree(run.parent) == {"France/plan.json": "old"}


def test_a_disk_that_fills_up_at_the_end_is_noticed(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fsync(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(OSError, match="No space"):
        write_run(run)
    assert read_tree(run.parent) == {"France/plan.json": "old"}


def test_a_disk_full_within_the_map_files(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    to_features, calls = geojson.to_features, iter(range(9))

    def fail_late(frame: object) -> object:
        if next(calls) == 3:
            raise OSError(errno.ENOSPC, "No space left on device")
        return to_features(frame)

    monkeypatch.setattr(geojson, "to_features", fail_late)

    def write_all() -> None:
        with whole_folder(run) as draft:
            write_plan_json(sample_outcome(), draft)
            write_gis(sample_outcome(), draft)

    with pytest.raises(OSError, match="No space"):
        write_all()
    assert read_tree(run.parent) == {"France/plan.json": "old"}


LIMITS = """
import resource, signal, sys
from pathlib import Path
from sample import sample_outcome
from planner.export import whole_folder, write_gis
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
outcome = sample_outcome()
for limit in (2_000, 60_000, 120_000, 240_000):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        with whole_folder(Path(sys.argv[1])) as draft:
            write_gis(outcome, draft)
    except OSError as error:
        print(error)
"""


@pytest.mark.skipif(os.name != "posix", reason="limits on file sizes are POSIX")
def test_a_real_limit_on_file_sizes(run: Path) -> None:
    """GDAL and SQLite meet it at different places."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", LIMITS, run],
        env=to_environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    first, *others = done.stdout.splitlines()
    assert "File too large" in first
    assert ["plan.gpkg could not be written whole" in other for other in others] == [True] * 3
    assert read_tree(run.parent) == {"France/plan.json": "old"}


@pytest.fixture
def killed(run: Path) -> Path:
    """A run whose writer was killed in the middle."""
    script = (
        "import sys, time; from pathlib import Path; from planner.export.folder import whole_folder;\n"
        "with whole_folder(Path(sys.argv[1])) as draft:\n"
        "    (draft / 'plan.json').write_text('half'); print('ready', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-P", "-c", script, run], env=to_environment(), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGKILL)
    return run


def to_environment() -> dict[str, str]:
    paths = [str(Path(__file__).parent), *filter(None, sys.path), str(Path.cwd())]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")
def test_what_a_killed_process_left_is_removed_by_the_next(killed: Path) -> None:
    assert (killed / "plan.json").read_text() == "old"
    assert len(list(killed.parent.iterdir())) == 2
    write_run(killed)
    assert read_tree(killed.parent) == {"France/plan.json": "new"}


@pytest.mark.skipif(os.name != "posix", reason="processes are looked up on POSIX only")
def test_a_kill_between_the_renames_is_put_right(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "_is_running", lambda number: number != 4_000_000)
    run.rename(run.with_name(f".France.old-{socket.gethostname()}-4000000-00000000"))

    def look_and_fail() -> None:
        with whole_folder(run):
            assert (run / "plan.json").read_text() == "old"
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        look_and_fail()
    assert read_tree(run.parent) == {"France/plan.json": "old"}


def test_drafts_of_running_processes_and_other_machines_stay(run: Path) -> None:
    others = [
        run.with_name(f".France.new-{socket.gethostname()}-{os.getpid()}-00000000"),
        run.with_name(".France.new-elsewhere-4000000-00000000"),
        run.with_name(f".Spain.new-{socket.gethostname()}-4000000-00000000"),
    ]
    for other in others:
        other.mkdir()
    write_run(run)
    assert all(other.exists() for other in others)


def test_is_running() -> None:
    assert folder._is_running(os.getpid())
    if os.name == "posix":
        assert folder._is_running(1)
        assert not folder._is_running(4_000_000_0)


def test_a_link_to_a_folder_stays_a_link(run: Path, tmp_path: Path) -> None:
    link = tmp_path / "latest"
    link.symlink_to(run)
    write_run(link)
    assert link.is_symlink()
    assert (run / "plan.json").read_text() == "new"


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["holiday.jpg"], "is no earlier run of the planner"),
        (["study.toml", "sites.geojson"], "is no earlier run of the planner"),
        (["plan.json", "notes.md", "map.qgz"], "did not write and would remove: map.qgz, notes.md"),
        (["plan.json", *(f"{n}.txt" for n in range(8))], "0.txt, 1.txt, 2.txt, 3.txt, 4.txt and 3 more"),
    ],
)
def test_folders_of_others_are_left_alone(names: list[str], message: str, tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.mkdir()
    for name in names:
        (target / name).write_text("mine")
    for write in (check_replaceable, write_run):
        with pytest.raises(InputError, match=message):
            write(target)
    assert sorted(path.name for path in target.iterdir()) == sorted(names)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_file_that_appears_meanwhile_is_left_alone(run: Path) -> None:
    def write_slowly() -> None:
        with whole_folder(run) as draft:
            (draft / "plan.json").write_text("new")
            (run / "notes.md").write_text("mine")

    with pytest.raises(InputError, match="notes"):
        write_slowly()
    assert read_tree(run.parent) == {"France/notes.md": "mine", "France/plan.json": "old"}


def test_targets_that_cannot_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    monkeypatch.chdir(tmp_path)
    for target, message in (
        (file, "is a file"),
        (file / "below", "cannot be made"),
        (Path(), "current folder"),
        (tmp_path.parent, "current folder, one above it"),
        (Path("/"), "mounted disk"),
    ):
        with pytest.raises(InputError, match=message):
            write_run(target)
