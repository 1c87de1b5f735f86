"""Measures cases, each run in a process of its own, so that its peak memory is its own."""

from __future__ import annotations

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))  # this planner, not one that is installed

_SHORT_S = 10.0  # what takes longer is run once
_NUM_RUNS = 3
_VARYING = ("seconds", "cpu_s", "peak_mb")

type Figures = dict[str, Any]


def measure(script: Path, case: str) -> Figures:
    """What `script` answers to ``--case CASE``; a short case runs three times, and time and memory are medians.

    Raises
    ------
    AssertionError
        If two runs differ in anything but time and memory.
    """
    runs = [_run(script, case)]
    while runs[0]["seconds"] < _SHORT_S and len(runs) < _NUM_RUNS:
        runs.append(_run(script, case))
    answers = [{key: value for key, value in run.items() if key not in _VARYING} for run in runs]
    assert all(answer == answers[0] for answer in answers), f"{case}: two runs differ: {answers}"
    return answers[0] | {key: statistics.median(run[key] for run in runs) for key in _VARYING}


def answer(measure_case: Callable[[str], Figures]) -> bool:
    """In a process started by `measure`: measure the case asked for and print its figures; else return False."""
    if len(sys.argv) < 3 or sys.argv[1] != "--case":
        return False
    sys.stdout.write(json.dumps(measure_case(sys.argv[2]) | {"peak_mb": peak_mb()}))
    return True


def peak_mb() -> float:
    """Peak memory of this process so far."""
    status = Path("/proc/self/status")
    if status.exists():  # getrusage counts the parent's memory up to the start of this program
        row = next(line for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM"))
        return int(row.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def to_markdown(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; all columns but the first are aligned to the right."""
    lines = [list(header), ["---", *["---:"] * (len(header) - 1)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def to_occasion() -> str:
    """When and where it was measured."""
    load = os.getloadavg()[0]
    busy = f"busy (load {load:.0f})" if load > 1.5 else "idle"
    return (
        f"{datetime.now(UTC):%d %B %Y}, {platform.system()}, {os.cpu_count()} cores, {busy}, "
        f"Python {platform.python_version()}, one thread"
    )


def replace_section(path: Path, name: str, text: str) -> None:
    """Put `text` between the marks ``<!-- name -->`` and ``<!-- /name -->`` of a file."""
    before, rest = path.read_text(encoding="utf-8").split(f"<!-- {name} -->\n")
    _, after = rest.split(f"<!-- /{name} -->\n")
    path.write_text(f"{before}<!-- {name} -->\n{text}<!-- /{name} -->\n{after}", encoding="utf-8")


def _run(script: Path, case: str) -> Figures:
    command = [sys.executable, str(script), "--case", case]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    figures: Figures = json.loads(done.stdout)
    return figures
