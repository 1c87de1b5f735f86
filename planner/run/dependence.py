"""Finds out how far a plan depends on each of its routes, within a share of the time."""

from __future__ import annotations

from planner.optimise.alternatives import Alternatives
from planner.optimise.knowing import find_alternatives
from planner.optimise.master import Settings
from planner.optimise.plan import Plan
from planner.problem import Problem
from planner.progress import Progress
from planner.study import Study

MAX_MORE_SECONDS = 5.0
"""It takes at most so much longer than the solve itself did, and no longer than the study's limit leaves."""

_MAX_ROUND_SPANS = (
    30_000  # integer rounds times spans: a count, not a clock, so that the same input gives the same plan
)
_MIN_ROUNDS = 4


def find_dependence(
    problem: Problem, plan: Plan, study: Study, settings: Settings, progress: Progress
) -> tuple[Alternatives | None, str]:
    """Which routes every optimal plan builds, what could stand in for the others, and what the plan is without each.

    Parameters
    ----------
    problem, plan
        What was solved, and how.
    study
        Its time limit, and how many other optimal plans it asks for.
    settings
        The solver's.
    progress
        Told what goes on. Its time limit is set anew.

    Returns
    -------
    tuple of (Alternatives or None, str)
        None where the plan is not proved optimal, or stopping was asked for; and a sentence on what was left open,
        empty where nothing was.
    """
    if plan.status not in ("optimal", "feasible") or not plan.routes:
        return None, ""
    if plan.status == "feasible" or progress.is_interrupted:
        why = "the plan is not proved optimal" if plan.status == "feasible" else "the search was stopped"
        return None, f"Whether other plans are as good was not sought, for {why}."
    progress.restart(min(plan.effort.seconds + MAX_MORE_SECONDS, progress.remaining_s))
    others = study.objective.others
    max_rounds = max(_MIN_ROUNDS, _MAX_ROUND_SPANS // max(1, problem.num_spans)) + others
    found = find_alternatives(problem, plan, settings, progress, num_others=others, max_rounds=max_rounds)
    return found, _to_note(found)


def _to_note(found: Alternatives) -> str:
    """What a limit left open."""
    if found.is_complete:
        return ""
    unproved = sum(not swap.is_nearest for swap in found.replaceable.values())
    unpriced = len(found.unpriced) + sum(price.status == "no_plan" for price in found.prices.values())
    parts = [
        (len(found.undecided), "whether every optimal plan builds it (for {} routes)"),
        (unproved, "whether a smaller change would do (for {} routes)"),
        (unpriced, "what the best plan without it is (for {} routes)"),
        (int(found.is_others_cut_short), "the other optimal plans"),
    ]
    return f"Not found out within the limits: {'; '.join(text.format(num) for num, text in parts if num)}."
