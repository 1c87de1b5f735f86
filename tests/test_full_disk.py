"""A disk that is really full: one clear error, and the results of before as they were."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from planner.starter import write_starter


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small file system in memory, which only root may make."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)]
    is_root = sys.platform == "linux" and os.geteuid() == 0
    if not is_root or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small file system takes root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)}
    command = [sys.executable, "-m", "planner", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def fill(disk: Path, room_kb: int) -> None:
    """Leave so much room on the disk."""
    status = os.statvfs(disk)
    (disk / "filler").write_bytes(b"x" * (status.f_bavail * status.f_frsize - room_kb * 1024))


def read_tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def check_refused(done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 1, done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stderr.startswith("error: ")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("room_kb", [0, 300])
def test_a_plan_on_a_full_disk(tmp_path: Path, disk: Path, room_kb: int) -> None:
    write_starter(tmp_path / "towns")
    arguments = ("solve", "towns", "--out", str(disk / "out"))
    assert run(tmp_path, *arguments).returncode == 0
    before = read_tree(disk / "out")
    fill(disk, room_kb)
    check_refused(run(tmp_path, *arguments))
    assert read_tree(disk / "out") == before
    assert sorted(path.name for path in disk.iterdir()) == ["filler", "out"]


@pytest.mark.parametrize("room_kb", [0, 300])
def test_a_sweep_on_a_full_disk(tmp_path: Path, disk: Path, room_kb: int) -> None:
    write_starter(tmp_path / "towns")
    file = tmp_path / "sweep.toml"
    file.write_text('studies = ["towns"]\n[grid]\ncuts.radius_m = [10]\n', encoding="utf-8")
    arguments = ("sweep", "sweep.toml", "--out", str(disk / "out"), "--jobs", "1")
    assert run(tmp_path, *arguments).returncode == 0
    before = read_tree(disk / "out")
    fill(disk, room_kb)
    file.write_text('studies = ["towns"]\n[grid]\ncuts.radius_m = [10, 20]\n', encoding="utf-8")
    check_refused(run(tmp_path, *arguments))
    after = read_tree(disk / "out")
    before.pop(".sweep.lock"), after.pop(".sweep.lock")  # it holds the number of the process
    assert after == before
    (disk / "filler").unlink()
    done = run(tmp_path, *arguments)
    assert done.returncode == 0
    assert "2 variants: 2 optimal; 1 were done before" in done.stdout
