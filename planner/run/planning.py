"""The plan of a study, over routes or sections, the one that protects most where there is none, and other choices."""

from __future__ import annotations

from dataclasses import replace

from planner.invest.model import Investment
from planner.invest.options import Options
from planner.optimise.budget import solve_budget
from planner.optimise.master import Settings
from planner.optimise.plan import LimitHit, Plan
from planner.optimise.protect import find_highest_levels, with_levels
from planner.optimise.stages import solve as solve_problem
from planner.problem import Problem
from planner.progress import Progress
from planner.run.options import OptionSearch
from planner.run.options_over_sections import SectionOptionSearch
from planner.run.prepare import Prepared
from planner.run.sectioning import Found, join_sections, with_sections
from planner.run.stopwatch import Stopwatch
from planner.study import Study


def find_plans(prepared: Prepared, progress: Progress, stopwatch: Stopwatch) -> Found:
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


def find_options(
    found: Found, investment: Investment | None, stopwatch: Stopwatch, progress: Progress
) -> Options | None:
    """Every other choice that the study asks for; None where it asks for none."""
    study, chosen = found.prepared.study, found.over_sections or found
    if study.options is None:
        return None
    with stopwatch.stage("options"):
        left_s = study.solver.time_limit_s - stopwatch.elapsed_s
        settings = replace(to_solver_settings(study), cross_check="")
        arguments = (chosen.plan, chosen.protected, settings, progress, study.options, left_s, investment)
        if found.over_sections is None:
            return OptionSearch(found.prepared, *arguments).find()
        built = (found.protected or found.plan).routes
        return SectionOptionSearch(chosen.prepared, *arguments, joined=found.prepared, built=built).find()


def to_solver_settings(study: Study) -> Settings:
    """How the study wants its problem solved."""
    solver = study.solver
    return Settings(solver.name, solver.gap, solver.threads, solver.seed, solver.cross_check or "")


def _optimise(problem: Problem, study: Study, progress: Progress) -> Plan:
    goal = study.objective
    if goal.budget is not None:
        return solve_budget(problem, goal.budget, study.minimise, to_solver_settings(study), progress)
    return solve_problem(problem, study.minimise, to_solver_settings(study), progress)


def _protect_most(found: Found, progress: Progress) -> Found:
    """With the plan that holds the largest total weight at its level, whatever the detours, where time suffices."""
    problem, study = found.prepared.problem, found.prepared.study
    try:
        levels = find_highest_levels(problem, to_solver_settings(study), progress)
    except LimitHit:
        return found
    held = with_levels(problem.without_limits(), levels)
    return replace(found, held=held, protected=_optimise(held, study, progress))
