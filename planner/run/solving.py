"""The main job: a plan, its proof, and what it changes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from planner.drawing.progress import shows_progress
from planner.invest.case import find_investment
from planner.invest.model import Investment
from planner.network.accuracy import find_accuracy_m
from planner.optimise.alternatives import Alternatives
from planner.optimise.budget import to_keys
from planner.optimise.plan import Plan
from planner.optimise.solvers import check_solver, tell_deafness
from planner.problem import Problem
from planner.progress import Progress
from planner.result import Outcome, SolvedPlan, SolverRecord
from planner.run.aftermath import check_files, find_aftermaths
from planner.run.attacking import find_survival_and_attack
from planner.run.comparing import find_other_mode
from planner.run.dependence import find_dependence
from planner.run.detours import find_detour_report
from planner.run.explaining import place_blocking, to_held, to_solved
from planner.run.placing import Placer
from planner.run.planning import find_options, find_plans, to_solver_settings
from planner.run.prepare import Prepared, prepare
from planner.run.provenance import find_versions, hash_inputs
from planner.run.sectioning import NOTE
from planner.run.sharing import share_trenches
from planner.run.stopwatch import Stopwatch
from planner.run.survey import find_survey
from planner.study import Study, read_study
from planner.survival.verify import verify


@shows_progress
def solve(study: Study | str | Path, *, progress: Progress | None = None) -> Outcome:
    """Find the best new routes for a study, prove them, and say what they change.

    Parameters
    ----------
    study
        A study, or where to read one.
    progress
        Told what goes on, and asked whether to stop. Its time limit is set to what reading the study and looking
        for cuts leave of the study's.

    Returns
    -------
    Outcome
        Whatever the status.

    Raises
    ------
    InputError
        With every fault of the study.
    MissingExtraError
        Where its solver is not installed.

    Examples
    --------
    >>> outcome = planner.solve("towns")
    >>> outcome.status, [route.route_id for route in outcome.plan.routes]
    ('optimal', ['N2', 'N4'])
    >>> planner.solve(planner.read_study("towns").replace(cuts=0)).plan.routes
    ()
    """
    progress = progress or Progress()
    stopwatch = Stopwatch(progress)
    study = study if isinstance(study, Study) else read_study(study)
    for name in filter(None, (study.solver.name, study.solver.cross_check)):
        check_solver(name)
    tell_deafness(to_solver_settings(study))
    check_files(study)
    found = find_plans(prepare(study, stopwatch), progress, stopwatch)
    prepared, plan, problem = found.prepared, found.plan, found.prepared.problem
    placer = Placer(problem, prepared.network, prepared.risk_groups)
    depth = max(problem.max_cuts, 0) + 1
    with stopwatch.stage("audit"):
        before = find_survival_and_attack(placer, (), depth - 1)
    with stopwatch.stage("alternatives"):
        progress.restart(study.solver.time_limit_s - stopwatch.elapsed_s)
        alternatives, note = _find_dependence(prepared, plan, progress)
        progress.restart(study.solver.time_limit_s - stopwatch.elapsed_s)
    survey = None
    if find_accuracy_m(prepared.network).any():
        with stopwatch.stage("survey"):
            survey = find_survey(prepared, plan, replace(to_solver_settings(prepared.study), cross_check=""), progress)
    with stopwatch.stage("explain"):
        solved = to_solved(plan, prepared, to_held(problem, plan), placer, depth)
        protect_most = None
        if found.protected is not None and found.held is not None:
            protect_most = to_solved(found.protected, prepared, found.held, placer, depth)
        detours = find_detour_report(problem, plan, placer, prepared.network.routes["route_id"].tolist())
    chosen = solved or protect_most
    built = tuple(new.route for new in chosen.routes) if chosen else None
    network, trenches = share_trenches(prepared.network, built or ())
    investment = _find_investment(replace(prepared, network=network), chosen, stopwatch, progress)
    options = find_options(found, investment, stopwatch, progress)
    other_mode = find_other_mode(study, progress, stopwatch)
    with stopwatch.stage("aftermath"):
        aftermaths = find_aftermaths(study, prepared.network, prepared.risk_groups, problem, before, built)
    return Outcome(
        study=prepared.study,
        network=network,
        risk_groups=prepared.risk_groups,
        status=plan.status,
        cuts=max(problem.max_cuts, 0),
        minimise=_to_minimise(prepared.study),
        before=before,
        plan=solved,
        blocking=place_blocking(plan, problem, placer),
        protect_most=protect_most,
        solver=_to_record(plan),
        inputs=hash_inputs(prepared.study),
        versions=find_versions(),
        seconds=stopwatch.seconds,
        peak_mb=stopwatch.peak_mb,
        survey=survey,
        is_blocked_by_choice=_is_blocked_by_choice(plan, problem),
        alternatives=alternatives,
        alternatives_note=note,
        detours=detours,
        corridors=prepared.corridors,
        trenches=trenches,
        other_mode=other_mode,
        investment=investment,
        options=options,
        aftermaths=aftermaths,
    )


def _find_dependence(prepared: Prepared, plan: Plan, progress: Progress) -> tuple[Alternatives | None, str]:
    if prepared.study.candidates.mode == "sections":
        return None, NOTE
    return find_dependence(prepared.problem, plan, prepared.study, to_solver_settings(prepared.study), progress)


def _find_investment(
    prepared: Prepared, built: SolvedPlan | None, stopwatch: Stopwatch, progress: Progress
) -> Investment | None:
    study = prepared.study
    if study.invest is None and study.failures is None:
        return None
    routes = [new.route for new in built.routes] if built else None
    with stopwatch.stage("investment"):
        return find_investment(study, prepared.network, prepared.problem, routes, to_solver_settings(study), progress)


def _is_blocked_by_choice(plan: Plan, problem: Problem) -> bool:
    """Whether the forbidden routes alone stand in the way of a plan."""
    if plan.status != "infeasible" or not problem.is_forbidden.any():
        return False
    return verify(problem, problem.candidates.tolist()).survives


def _to_minimise(study: Study) -> tuple[str, ...]:
    """The objectives in their order: with a budget the cost comes first."""
    goal = study.objective
    return study.minimise if goal.budget is None else to_keys(study.minimise)


def _to_record(plan: Plan) -> SolverRecord:
    effort = plan.effort
    return SolverRecord(effort.solver, effort.solver_version, round(effort.seconds, 3), effort.rounds, effort.rows)
