"""What k cuts do to the network as it is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from planner.drawing.progress import shows_progress
from planner.progress import Progress
from planner.result import AuditOutcome
from planner.run.attacking import find_survival_and_attack
from planner.run.placing import Placer
from planner.run.prepare import prepare
from planner.run.provenance import find_versions, hash_inputs
from planner.run.radii import check_radii, find_radii
from planner.run.stopwatch import Stopwatch
from planner.run.stretches import find_critical_stretches
from planner.study import Study
from planner.survival.attack import check_attack


@shows_progress
def audit(
    study: Study | str | Path,
    *,
    radii: Sequence[float] = (),
    attack: int | None = None,
    progress: Progress | None = None,
) -> AuditOutcome:
    """Find per region how many cuts it survives, every cut and pair of cuts that separates, and the critical metres.

    Parameters
    ----------
    study
        A study, or where to read one. Candidates are ignored.
    radii
        Radii in metres at which to audit as well, to see how much hangs on the study's own.
    attack
        Number of cuts of the worst attack to look for, at most 6, within the time limit of the study's solver. Unless
        given it is what the study requires, and large networks are left out.
    progress
        Told what goes on.

    Returns
    -------
    AuditOutcome
        Per region one cut more than the study requires is searched for.

    Raises
    ------
    InputError
        With every fault of the study, or for radii or a number of cuts that are none.

    Examples
    --------
    >>> outcome = planner.audit("towns", radii=[50, 500])
    >>> [(region.region_id, region.survives) for region in outcome.survival.regions][:2]
    [('eastham', 1), ('hilltop', 0)]
    >>> [audit.radius_m for audit in outcome.radii]
    [50.0, 500.0]
    """
    radii = check_radii(radii)
    check_attack(attack)
    progress = progress or Progress()
    stopwatch = Stopwatch(progress)
    prepared = prepare(study, stopwatch, lays_routes=False)
    problem = prepared.problem
    with stopwatch.stage("audit"):
        placer = Placer(problem, prepared.network, prepared.risk_groups)
        limit_s = prepared.study.solver.time_limit_s
        survival = find_survival_and_attack(placer, (), max(problem.max_cuts, 0), attack=attack, time_limit_s=limit_s)
    cuts = prepared.study.cuts
    with stopwatch.stage("critical stretches"):
        stretches, note = find_critical_stretches(
            problem,
            prepared.network,
            prepared.risk_groups,
            radius_m=cuts.radius_m,
            site_clearance_m=cuts.site_clearance_m,
            sites_fail=cuts.sites_fail,
        )
    with stopwatch.stage("radii"):
        audits = find_radii(prepared.study, prepared.network, radii, progress)
    return AuditOutcome(
        study=prepared.study,
        network=prepared.network,
        risk_groups=prepared.risk_groups,
        cuts=max(problem.max_cuts, 0),
        survival=survival,
        inputs=hash_inputs(prepared.study),
        versions=find_versions(),
        seconds=stopwatch.seconds,
        peak_mb=stopwatch.peak_mb,
        critical_stretches=stretches,
        stretches_note=note,
        radii=audits,
    )
