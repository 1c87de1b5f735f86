"""Sweeps from Python: a sweep's file, or a study with settings to try; in memory unless a folder is given."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.batch.result import SweepResult
from planner.batch.sweepfile import Sweep, read_sweep
from planner.batch.sweeping import sweep as sweep_to_folder
from planner.batch.sweeping import tell
from planner.batch.table import to_frame, to_row
from planner.batch.task import Failure, attempt
from planner.batch.variants import Variant, find_variants
from planner.drawing.progress import shows_progress
from planner.errors import Fault, InputError
from planner.export.document import to_plan_document
from planner.export.plain import to_json
from planner.progress import Progress
from planner.run import solve
from planner.study import Study, read_study, to_dotted, to_setting

if TYPE_CHECKING:
    from planner.batch.sweepfile import Settings
    from planner.result import Outcome


@shows_progress
def sweep(
    study: Study | str | Path,
    settings: Mapping[str, Iterable[Any]] | Sequence[Mapping[str, Any]] | None = None,
    *,
    out: str | Path | None = None,
    jobs: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> SweepResult:
    """Solve a study with every choice of settings.

    Parameters
    ----------
    study
        A study, or where to read one; without `settings` the .toml file of a sweep.
    settings
        Setting, by any name that `Study.replace` takes, to the values to try: every combination is solved. Or a list
        with the settings of each variant.
    out
        Folder to write the runs, the table and the report to, as ``planner sweep`` does, side by side in processes (a
        script calls it behind ``if __name__ == "__main__"``); an earlier sweep in it is gone on with. Unless given
        nothing is written, and the variants are solved here, one after the other.
    jobs
        With `out`, the number of processes; as many as there are processors unless given.
    scheduler
        With `out`, the address of a Dask scheduler.
    progress
        Told how many variants are done.

    Returns
    -------
    SweepResult
        Its ``frame`` has a row per variant. What is wrong with one variant is said there.

    Raises
    ------
    InputError
        With every fault of the studies and the settings; input files are read later.
    MissingExtraError
        Where Dask is wanted and not installed.

    Examples
    --------
    >>> result = planner.sweep("towns", {"cuts": [1], "radius_m": [50, 200]})
    >>> result.frame[["cuts.radius_m", "status", "routes"]].values.tolist()
    [[50, 'optimal', 2], [200, 'optimal', 2]]
    """
    progress = progress or Progress()
    plan = _to_plan(study, settings)
    if out is not None:
        return sweep_to_folder(plan, Path(out), jobs=jobs, scheduler=scheduler, progress=progress)
    if jobs is not None or scheduler is not None:
        raise InputError([Fault("sweep", "jobs and scheduler are for sweeps with files", "give a folder as out")])
    return _solve_all(plan, progress)


def _to_plan(study: Study | str | Path, settings: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None) -> Sweep:
    if settings is None:
        if not isinstance(study, Study):
            return read_sweep(study)
        raise InputError([Fault("sweep", "has no settings to try", 'give some, as in {"cuts": [1, 2]}')])
    study = study if isinstance(study, Study) else read_study(study)
    choices = _to_grid(settings) if isinstance(settings, Mapping) else _to_listed(settings)
    return Sweep(study.path, study.study.name, (study,), choices)


def _to_grid(settings: Mapping[str, Any]) -> tuple[Settings, ...]:
    """Every combination, the last setting varying fastest."""
    axes = {name: _to_values(name, values) for name, values in to_dotted(settings, "sweep").items()}
    return tuple(tuple(zip(axes, values, strict=True)) for values in product(*axes.values()))


def _to_values(name: str, values: Any) -> list[Any]:
    if isinstance(values, str | Mapping) or not isinstance(values, Iterable) or not (found := list(values)):
        raise InputError([Fault(f"sweep, {name}", "is no list of values", f'write {{"{name}": [first, second]}}')])
    return [to_setting(value) for value in found]


def _to_listed(settings: Sequence[Mapping[str, Any]]) -> tuple[Settings, ...]:
    if isinstance(settings, str) or not all(isinstance(one, Mapping) for one in settings):
        raise InputError([Fault("sweep", "its settings are no list of mappings", 'write [{"cuts": 1}, {"cuts": 2}]')])
    return tuple(tuple(to_dotted(one, f"sweep, variant {i}").items()) for i, one in enumerate(settings, start=1))


def _solve_all(plan: Sweep, progress: Progress) -> SweepResult:
    variants = find_variants(plan)
    outcomes: dict[str, Outcome] = {}
    failures: dict[str, Failure] = {}
    begin, is_interrupted = time.perf_counter(), False
    try:
        for number, variant in enumerate(variants):
            tell(progress, number, len(variants), time.perf_counter() - begin)
            failure = attempt(lambda variant=variant: _solve(variant, outcomes))  # type: ignore[misc]
            if failure is not None:
                failures[variant.key] = failure
    except KeyboardInterrupt:
        progress.interrupt()
        is_interrupted = True
    rows = [to_row(one, _to_document(outcomes.get(one.key)), failures.get(one.key), {}) for one in variants]
    return SweepResult(
        name=plan.name,
        folder=None,
        frame=to_frame(rows),
        num_found=0,
        num_run=len(outcomes),
        failures=failures,
        is_interrupted=is_interrupted,
        outcomes=outcomes,
    )


def _solve(variant: Variant, outcomes: dict[str, Outcome]) -> None:
    outcomes[variant.key] = solve(variant.study, progress=Progress())


def _to_document(outcome: Outcome | None) -> dict[str, Any] | None:
    """As plan.json has it: the table is to be the same."""
    document: dict[str, Any] | None = None if outcome is None else json.loads(to_json(to_plan_document(outcome)))
    return document
