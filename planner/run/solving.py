"""The main job: a plan, its proof, and what it changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from planner.drawing.progress import shows_progress
from planner.invest.case import find_investment
from planner.invest.model import Investment
from planner.invest.options import Options
from planner.network import Network
from planner.network.accuracy import find_accuracy_m
from planner.optimise.alternatives import Alternatives
from planner.optimise.budget import solve_budget, to_keys
from planner.optimise.master import Settings
from planner.optimise.plan import LimitHit, Plan
from planner.optimise.protect import find_highest_levels, region_levels, with_levels
from planner.optimise.solvers import check_solver, tell_deafness
from planner.optimise.stages import solve as solve_problem
from planner.problem import Problem
from planner.progress import Progress
from planner.result import NewRoute, Outcome, PlacedCutSet, ProofOfSurvival, SolvedPlan, SolverRecord
from planner.run.aftermath import check_files, find_aftermaths
from planner.run.attacking import find_survival_and_attack
from planner.run.comparing import find_other_mode
from planner.run.dependence import find_dependence
from planner.run.detours import find_detour_report
from planner.run.options import OptionSearch
from planner.run.options_over_sections import SectionOptionSearch
from planner.run.placing import Placer
from planner.run.prepare import Prepared, prepare
from planner.run.provenance import find_versions, hash_inputs
from planner.run.sectioning import NOTE, Found, join_sections, with_sections
from planner.run.sharing import share_trenches
from planner.run.stopwatch import Stopwatch
from planner.run.survey import find_survey
from planner.study import Study, read_study
from planner.survival.active import ActiveGraph, to_active_graph
from planner.survival.cutsets import find_separating_sets, terminals_at_level
from planner.survival.verify import METHOD, verify

_MAX_DEFENDED = 200


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
    tell_deafness(_settings(study))
    check_files(study)
    found = _find_plans(prepare(study, stopwatch), progress, stopwatch)
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
            survey = find_survey(prepared, plan, replace(_settings(prepared.study), cross_check=""), progress)
    with stopwatch.stage("explain"):
        solved = _to_solved(plan, prepared, _to_held(problem, plan), placer, depth)
        protect_most = None
        if found.protected is not None and found.held is not None:
            protect_most = _to_solved(found.protected, prepared, found.held, placer, depth)
        detours = find_detour_report(problem, plan, placer, prepared.network.routes["route_id"].tolist())
    chosen = solved or protect_most
    built = tuple(new.route for new in chosen.routes) if chosen else None
    network, trenches = share_trenches(prepared.network, built or ())
    investment = _find_investment(replace(prepared, network=network), chosen, stopwatch, progress)
    options = _find_options(found, investment, stopwatch, progress)
    other_mode = find_other_mode(study, progress, stopwatch, _find_plans)
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
        blocking=_place_blocking(plan, problem, placer),
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


def _find_plans(prepared: Prepared, progress: Progress, stopwatch: Stopwatch) -> Found:
    """The plan, or the one that protects most; of sections those of the study with the routes that they come to."""
    study = prepared.study
    has_sections = study.candidates.mode == "sections"
    asked = with_sections(prepared, stopwatch) if has_sections else prepared
    with stopwatch.stage("optimise"):
        progress.restart(study.solver.time_limit_s - stopwatch.elapsed_s)
        found = Found(asked, _optimise(asked.problem, study, progress))
    if found.plan.status == "infeasible" and study.solver.when_infeasible == "protect-most":
        with stopwatch.stage("protect most"):
            found = _protect_most(found, progress)
    if not has_sections:
        return found
    return replace(join_sections(prepared, asked, found, stopwatch), over_sections=found)


def _find_dependence(prepared: Prepared, plan: Plan, progress: Progress) -> tuple[Alternatives | None, str]:
    if prepared.study.candidates.mode == "sections":
        return None, NOTE
    return find_dependence(prepared.problem, plan, prepared.study, _settings(prepared.study), progress)


def _find_investment(
    prepared: Prepared, built: SolvedPlan | None, stopwatch: Stopwatch, progress: Progress
) -> Investment | None:
    study = prepared.study
    if study.invest is None and study.failures is None:
        return None
    routes = [new.route for new in built.routes] if built else None
    with stopwatch.stage("investment"):
        return find_investment(study, prepared.network, prepared.problem, routes, _settings(study), progress)


def _find_options(
    found: Found, investment: Investment | None, stopwatch: Stopwatch, progress: Progress
) -> Options | None:
    study, chosen = found.prepared.study, found.over_sections or found
    if study.options is None:
        return None
    with stopwatch.stage("options"):
        left_s = study.solver.time_limit_s - stopwatch.elapsed_s
        settings = replace(_settings(study), cross_check="")
        arguments = (chosen.plan, chosen.protected, settings, progress, study.options, left_s, investment)
        if found.over_sections is None:
            return OptionSearch(found.prepared, *arguments).find()
        built = (found.protected or found.plan).routes
        return SectionOptionSearch(chosen.prepared, *arguments, joined=found.prepared, built=built).find()


def _is_blocked_by_choice(plan: Plan, problem: Problem) -> bool:
    """Whether the forbidden routes alone stand in the way of a plan."""
    if plan.status != "infeasible" or not problem.is_forbidden.any():
        return False
    return verify(problem, problem.candidates.tolist()).survives


def _settings(study: Study) -> Settings:
    solver = study.solver
    return Settings(solver.name, solver.gap, solver.threads, solver.seed, solver.cross_check or "")


def _optimise(problem: Problem, study: Study, progress: Progress) -> Plan:
    goal = study.objective
    if goal.budget is not None:
        return solve_budget(problem, goal.budget, study.minimise, _settings(study), progress)
    return solve_problem(problem, study.minimise, _settings(study), progress)


def _to_minimise(study: Study) -> tuple[str, ...]:
    """The objectives in their order: with a budget the cost comes first."""
    goal = study.objective
    return study.minimise if goal.budget is None else to_keys(study.minimise)


def _to_held(problem: Problem, plan: Plan) -> Problem:
    """The problem at the levels that the plan promises."""
    return with_levels(problem, np.array(plan.protection.levels)) if plan.protection else problem


def _protect_most(found: Found, progress: Progress) -> Found:
    """With the plan that holds the largest total weight at its level, whatever the detours, where time suffices."""
    problem, study = found.prepared.problem, found.prepared.study
    try:
        levels = find_highest_levels(problem, _settings(study), progress)
    except LimitHit:
        return found
    held = with_levels(problem.without_limits(), levels)
    return replace(found, held=held, protected=_optimise(held, study, progress))


def _to_solved(plan: Plan, prepared: Prepared, problem: Problem, placer: Placer, depth: int) -> SolvedPlan | None:
    if plan.verification is None or plan.status not in ("optimal", "feasible"):
        return None
    verification, graph = plan.verification, to_active_graph(problem, plan.routes)
    spans, sites = verification.witness, verification.witness_sites
    witness = None if spans is None else placer.place(spans, sites, graph)
    return SolvedPlan(
        status=plan.status,
        routes=tuple(_explain(route, plan.routes, prepared, problem, placer) for route in plan.routes),
        objective={**plan.objective, "routes": int(plan.objective["routes"])},
        bound=plan.bound,
        gap=plan.gap or 0.0,
        proof=ProofOfSurvival(METHOD, verification.survives, verification.cut_sets_covered, witness),
        required_cuts=_levels_by_id(problem, prepared.network),
        after=find_survival_and_attack(placer, plan.routes, depth - 1),
        cross_check=plan.cross_check,
        protection=plan.protection,
    )


def _levels_by_id(problem: Problem, network: Network) -> dict[str, int]:
    return dict(zip(network.regions["region_id"].tolist(), region_levels(problem).tolist(), strict=True))


def _explain(route: int, routes: Sequence[int], prepared: Prepared, problem: Problem, placer: Placer) -> NewRoute:
    """Why a route is in the plan: what would separate whom without it."""
    rest = [other for other in routes if other != route]
    graph = to_active_graph(problem, rest)
    placed = [placer.place_numbered(cut_set, graph) for cut_set in _separating(problem, graph)]
    route_ids = prepared.network.routes["route_id"].tolist()
    return NewRoute(
        route=route,
        route_id=route_ids[route],
        shares_with=tuple(sorted(route_ids[other] for other in _sharing(route, routes, prepared))),
        defends=tuple(sorted({region for cut_set in placed for region in cut_set.isolated_regions})),
        defends_against=max(placed, key=_harm, default=None),
    )


def _harm(cut_set: PlacedCutSet) -> tuple[float, int, tuple[int, ...]]:
    return cut_set.isolated_weight, -len(cut_set.groups), cut_set.groups


def _separating(problem: Problem, graph: ActiveGraph) -> list[tuple[int, ...]]:
    """Cut sets within the requirement that separate, by their numbers in the graph."""
    found: dict[tuple[int, ...], None] = {}
    for level in sorted({int(level) for level in problem.required_cuts if level >= 0}):
        sets = find_separating_sets(graph, terminals_at_level(problem, level), level)
        found.update(dict.fromkeys(sets[:_MAX_DEFENDED]))
    return list(found)


def _sharing(route: int, routes: Sequence[int], prepared: Prepared) -> set[int]:
    """Existing and chosen routes that some one cut severs together with this one."""
    problem = prepared.problem
    standing = set(problem.active_spans(routes).tolist())
    shared: set[int] = set()
    for spans in prepared.risk_groups.spans:
        hit = {int(problem.route_of_span[span]) for span in spans if span in standing}
        if route in hit:
            shared |= hit
    return shared - {route}


def _place_blocking(plan: Plan, problem: Problem, placer: Placer) -> PlacedCutSet | None:
    if plan.blocking is None:
        return None
    return placer.place(plan.blocking, plan.blocking_sites, to_active_graph(problem, problem.buildable))


def _to_record(plan: Plan) -> SolverRecord:
    effort = plan.effort
    return SolverRecord(effort.solver, effort.solver_version, round(effort.seconds, 3), effort.rounds, effort.rows)
