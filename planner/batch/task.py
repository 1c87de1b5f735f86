"""One variant from study to run folder, in whatever process an engine gives it."""

from __future__ import annotations

import errno
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.errors import Fault, InputError, PlannerError
from planner.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Callable

    from planner.batch.variants import Variant

VARIANT_FILE = "variant.json"
_DISK_FAULTS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a variant has no run folder: the message, and the exit code that `planner solve` would have had."""

    message: str
    exit_code: int


@dataclass(frozen=True, slots=True)
class Task:
    """A variant and the absolute folder that its run folder goes into."""

    variant: Variant
    runs: Path

    @property
    def folder(self) -> Path:
        """The run folder."""
        return self.runs / self.variant.folder_name


def run_task(task: Task) -> Failure | None:
    """Solve a variant and write its run folder, unless it is there.

    The folder appears whole, with the variant's key in it: whoever runs the task a second time, after a lost worker
    or a kill, finds it and does nothing.

    Returns
    -------
    Failure or None
        None where the run folder stands.

    Raises
    ------
    OSError
        When the disk is full or cannot be written to: that would meet every other variant too.
    """
    if is_finished(task):
        return None
    return attempt(lambda: _solve(task))


def attempt(work: Callable[[], None]) -> Failure | None:
    """Do work that is about one variant; what goes wrong in it is its failure, and must not stop the others.

    Raises
    ------
    OSError
        See `run_task`.
    """
    try:
        work()
    except PlannerError as error:
        return Failure(str(error), error.exit_code)
    except OSError as error:
        if error.errno in _DISK_FAULTS:
            raise
        return Failure(f"{type(error).__name__}: {error}", 1)
    except Exception as error:  # noqa: BLE001, RUF100 - a fault of ours
        return Failure(f"{type(error).__name__}: {error}", 1)
    return None


def is_finished(task: Task) -> bool:
    """Whether the run folder of this very variant stands."""
    try:
        found = json.loads((task.folder / VARIANT_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(found, dict) and found.get("key") == task.variant.key


def _solve(task: Task) -> None:
    from planner.export import whole_folder
    from planner.run import solve
    from planner.run.write import write_solve_files

    progress = Progress()
    outcome = solve(task.variant.study, progress=progress)
    if dict(outcome.inputs) != dict(task.variant.inputs):
        raise InputError([Fault(task.variant.source, "its files changed during the sweep", "run the sweep again")])
    with whole_folder(task.folder) as draft:
        write_solve_files(outcome, draft, progress)
        (draft / VARIANT_FILE).write_text(_to_record(task.variant), encoding="utf-8", newline="\n")


def _to_record(variant: Variant) -> str:
    record: dict[str, Any] = {"key": variant.key, "study": variant.source, "settings": dict(variant.settings)}
    return json.dumps(record, ensure_ascii=False, indent=1, default=str) + "\n"
