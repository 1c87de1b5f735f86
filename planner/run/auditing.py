"""What k cuts do to the network as it is."""

from __future__ import annotations

from pathlib import Path

from planner.progress import Progress
from planner.result import AuditOutcome
from planner.run.placing import Placer, find_survival
from planner.run.prepare import Stopwatch, prepare
from planner.run.provenance import find_versions, hash_inputs
from planner.study import Study


def audit(study: Study | str | Path, *, progress: Progress | None = None) -> AuditOutcome:
    """Find per region how many cuts it survives, and every cut and pair of cuts that separates.

    Parameters
    ----------
    study
        A study, or where to read one. Candidates are ignored.
    progress
        Told what goes on.

    Returns
    -------
    AuditOutcome
        Per region one cut more than the study requires is searched for.

    Raises
    ------
    InputError
        With every fault of the study.
    """
    progress = progress or Progress()
    stopwatch = Stopwatch(progress)
    prepared = prepare(study, stopwatch)
    problem = prepared.problem
    with stopwatch.stage("audit"):
        placer = Placer(problem, prepared.network, prepared.risk_groups)
        survival = find_survival(placer, (), max(problem.max_cuts, 0) + 1)
    return AuditOutcome(
        study=prepared.study,
        network=prepared.network,
        risk_groups=prepared.risk_groups,
        cuts=max(problem.max_cuts, 0),
        survival=survival,
        inputs=hash_inputs(prepared.study),
        versions=find_versions(),
        seconds=stopwatch.seconds,
    )
