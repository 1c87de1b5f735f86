"""What k cuts do to the network as it is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from planner.drawing.progress import shows_progress
from planner.progress import Progress
from planner.result import AuditOutcome
from planner.run.attacking import find_survival_and_attack
from planner.run.placing import LISTED_CUTS, Placer, check_listed
from planner.run.prepare import prepare
from planner.run.provenance import find_versions, hash_inputs
from planner.run.radii import check_radii, find_radii
from planner.run.stopwatch import Stopwatch
from planner.run.stretches import find_critical_stretches
from planner.study import Study
from planner.survival.attack import check_attack
from planner.survival.cutsets import CutSetSearch, find_and_count


@shows_progress
def audit(
    study: Study | str | Path,
    *,
    radii: Sequence[float] = (),
    attack: int | None = None,
    cuts: int = LISTED_CUTS,
    search: CutSetSearch = find_and_count,
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
    cuts
        Every set of up to so many cuts that separates is counted and the heaviest are listed: 1 to 6. Three take time
        that grows with the square of the number of spans, more than three memory too.
    search
        Finds and counts these sets; `planner.batch.to_search` makes one that has several processes for it.
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
    check_listed(cuts)
    progress = progress or Progress()
    stopwatch = Stopwatch(progress)
    prepared = prepare(study, stopwatch, lays_routes=False)
    problem = prepared.problem
    with stopwatch.stage("audit"):
        placer = Placer(problem, prepared.network, prepared.risk_groups)
        limit_s = prepared.study.solver.time_limit_s
        survival = find_survival_and_attack(
            placer,
            (),
            max(problem.max_cuts, 0),
            attack=attack,
            time_limit_s=limit_s,
            listed_cuts=cuts,
            search=search,
        )
    settings = prepared.study.cuts
    with stopwatch.stage("critical stretches"):
        stretches, note = find_critical_stretches(
            problem,
            prepared.network,
            prepared.risk_groups,
            radius_m=settings.radius_m,
            site_clearance_m=settings.site_clearance_m,
            sites_fail=settings.sites_fail,
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
