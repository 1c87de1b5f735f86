"""Runs a sweep: what is not finished is run, then the table and the report are written."""

from __future__ import annotations

import os
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from planner.batch.engine import Lost, make_engine
from planner.batch.lock import LOCK_FILE, locked
from planner.batch.result import SweepResult
from planner.batch.table import CSV_FILE, to_frame, to_rows, write_tables
from planner.batch.task import Failure, Task, is_finished, run_task
from planner.batch.variants import find_variants
from planner.batch.whole_file import tidy_drafts
from planner.errors import Fault, InputError
from planner.export import tidy_folders
from planner.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.batch.engine import Engine
    from planner.batch.sweepfile import Sweep
    from planner.study import Language

RUNS = "runs"


def sweep(
    plan: Sweep,
    folder: Path,
    *,
    jobs: int | None = None,
    scheduler: str | None = None,
    language: Language | None = None,
    progress: Progress | None = None,
) -> SweepResult:
    """Run every variant that has no run folder yet, and write the table and the report.

    Parameters
    ----------
    plan
        The sweep.
    folder
        Where to; made if it does not exist. An earlier sweep in it is gone on with.
    jobs
        Processes of this machine; as many as it has processors unless given.
    scheduler
        Address of a Dask scheduler, whose workers see `folder` and the studies under the same names.
    language
        Of the page that compares; that of the studies unless given. Runs keep their own.
    progress
        Told how many variants are done and the time to go.

    Raises
    ------
    InputError
        With every fault of the sweep and its studies, or when another sweep writes to the folder.
    MissingExtraError
        Where Dask is wanted and not installed.
    """
    folder = folder.resolve()
    progress = progress or Progress()
    tasks = to_tasks(plan, folder)
    check_folder(folder)
    with locked(folder):
        tidy_folders(folder / RUNS)
        tidy_drafts(folder)
        waiting = [task for task in tasks if not is_finished(task)]
        engine = make_engine(min(jobs or os.cpu_count() or 1, max(1, len(waiting))), scheduler)
        failures, num_run = _run(engine, waiting, progress)
        table = to_frame(to_rows(tasks, failures))
        write_tables(table, folder)
        progress.tell("report")
        from planner.batch.report import write_comparison

        write_comparison(plan.name, tasks, table, folder, language)
    return SweepResult(
        name=plan.name,
        folder=folder,
        frame=table,
        num_found=len(tasks) - len(waiting),
        num_run=num_run,
        failures=failures,
        is_interrupted=num_run + len(failures) < len(waiting),
    )


def to_tasks(plan: Sweep, folder: Path) -> list[Task]:
    """Every variant with the place of its run folder."""
    return [Task(variant, folder.resolve() / RUNS) for variant in find_variants(plan)]


def check_folder(folder: Path) -> None:
    """Refuse a folder in which there is something else than a sweep."""
    if folder.exists() and not folder.is_dir():
        raise InputError([Fault(str(folder), "is a file", "name a folder with --out")])
    names = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    if names and not names & {LOCK_FILE, CSV_FILE}:
        raise InputError([Fault(str(folder), "is not empty and holds no earlier sweep", "name another with --out")])


def _run(engine: Engine, waiting: Sequence[Task], progress: Progress) -> tuple[dict[str, Failure], int]:
    """Failures by key and the number of variants that succeeded; Ctrl-C ends it early."""
    failures: dict[str, Failure] = {}
    begin, num_done = time.perf_counter(), 0
    tell(progress, 0, len(waiting), 0.0)
    try:
        with closing(engine.run(run_task, waiting)) as results:  # type: ignore[type-var]
            for task, failure in results:
                if failure is not None:
                    failures[task.variant.key] = Failure(failure.message, 1) if isinstance(failure, Lost) else failure
                num_done += 1
                tell(progress, num_done, len(waiting), time.perf_counter() - begin)
                if progress.is_interrupted:
                    break
    except KeyboardInterrupt:
        progress.interrupt()
    return failures, num_done - len(failures)


def tell(progress: Progress, num_done: int, num_all: int, elapsed_s: float) -> None:
    """Say how many variants are done, and roughly the time to go."""
    figures: dict[str, float | str] = {"variants": f"{num_done} of {num_all}"}
    if 0 < num_done < num_all:
        figures["to go"] = to_duration(elapsed_s / num_done * (num_all - num_done))
    progress.tell("sweep", **figures)


def to_duration(seconds: float) -> str:
    """A time to go, roughly.

    >>> to_duration(42.3), to_duration(600), to_duration(9000)
    ('42 s', '10 min', '2 h 30 min')
    """
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
