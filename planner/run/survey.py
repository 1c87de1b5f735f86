"""What a survey would change: the plan again, with pairs apart that inaccurate data cannot tell apart."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from planner.optimise.master import Settings
from planner.optimise.plan import OBJECTIVE_FIELD, Plan
from planner.optimise.stages import solve as solve_problem
from planner.progress import Progress
from planner.result import OtherPlan, Survey, SurveyedPair
from planner.risk.declared import find_declared_groups
from planner.risk.vague import VaguePairs, find_vague_pairs
from planner.run.apart import Pair, put_apart
from planner.run.prepare import Prepared

MAX_PAIRS = 20
"""Pairs that the plan is sought again for."""

MAX_SECONDS, MAX_SECONDS_EACH = 120.0, 30.0
"""Limits of all that and of one search; what is left of the study's own limit where that is shorter."""

_ALL_DECLARED = "Declared groups hold all of these pairs anyhow: a survey would change nothing."

_SAME = 1e-6  # relative: objectives this near to each other are equal


def find_survey(prepared: Prepared, plan: Plan, settings: Settings, progress: Progress) -> Survey:
    """Find out which pairs of spans that the data cannot tell apart matter to the plan.

    The problem stays as it is but for the risk groups: each that holds a pair is replaced by its largest parts that
    do not (`planner.run.apart.put_apart`). First all pairs are put apart at once. No survey gains more than that:
    where that plan is no better, no pair is tried. Else pairs are put apart one at a time, those first that touch
    what the better plan builds and this one does not, or what the cuts sever that no plan survives.

    Parameters
    ----------
    prepared
        The study. Pairs that a declared group holds are left out: they fall together wherever they lie.
    plan
        What was found with every pair taken for shared.
    settings
        The solver's.
    progress
        Told what goes on. What is left of its time limit when this begins is the limit of all searches together;
        its own limit is set anew for every search.
    """
    limit_s = time.perf_counter() + min(MAX_SECONDS, progress.remaining_s)
    cuts = prepared.study.cuts
    vague = find_vague_pairs(prepared.network, cuts.radius_m, cuts.site_clearance_m)
    survey = Survey(vague.num_shared, len(vague))
    pairs = _find_open(vague, find_declared_groups(prepared.network, cuts.declared))
    if not pairs:
        return replace(survey, note=_ALL_DECLARED if len(vague) else "")
    if plan.protection is not None:
        return replace(survey, note="With a budget it is not tried what a survey would change.")
    search = _Search(prepared, plan, settings, progress, limit_s)
    if search.is_over or plan.status == "no_plan":
        return replace(survey, note=_to_reason(progress))
    best = search.solve(pairs)
    survey = replace(survey, all_apart=search.to_other(best))
    if not search.is_better(best):
        is_known = best.status in ("optimal", "infeasible")
        return survey if is_known else replace(survey, note="The search with all pairs apart was stopped by a limit.")
    ranked = search.rank(pairs, best)
    tried = {pair: found for pair in ranked[:MAX_PAIRS] if (found := search.try_pair(pair)) is not None}
    surveyed = [
        SurveyedPair(pair, *pairs[pair], plan=search.to_other(found))
        for pair, found in tried.items()
        if search.is_better(found)
    ]
    # a stable sort: of equal changes the first tried comes first
    surveyed.sort(key=lambda one: [one.plan.objective[OBJECTIVE_FIELD[key]] for key in search.minimise])
    return replace(survey, pairs=tuple(surveyed), num_tried=len(tried), note=_to_note(len(tried), len(pairs)))


def _to_reason(progress: Progress) -> str:
    """Why no search was begun."""
    why = "the run was interrupted" if progress.is_interrupted else "the time limit of the study was used up"
    return f"It was not sought what a survey would change, since {why}."


def _find_open(vague: VaguePairs, declared: Mapping[str, tuple[int, ...]]) -> dict[Pair, tuple[float, float]]:
    """The pairs that no declared group holds, with their distance and accuracy."""
    names: dict[int, set[str]] = {}
    for name, group in declared.items():
        for span in group:
            names.setdefault(span, set()).add(name)
    columns = (vague.first, vague.second, vague.distance_m, vague.accuracy_m)
    return {
        (first, second): (distance_m, accuracy_m)
        for first, second, distance_m, accuracy_m in zip(*(column.tolist() for column in columns), strict=True)
        if not names.get(first, set()) & names.get(second, set())
    }


def _to_note(num_tried: int, num_pairs: int) -> str:
    if num_tried == num_pairs:
        return ""
    were = "was" if num_tried == 1 else "were"
    return f"Of {num_pairs:,} pairs {num_tried:,} {were} tried, those first that touch the plans found."


@dataclass
class _Search:
    """Plans of one study with pairs apart, all found before `limit_s` on the performance counter."""

    prepared: Prepared
    plan: Plan
    settings: Settings
    progress: Progress
    limit_s: float

    @property
    def left_s(self) -> float:
        """How long all searches may still take."""
        return self.limit_s - time.perf_counter()

    @property
    def is_over(self) -> bool:
        """Whether no more search may begin."""
        return self.progress.is_interrupted or self.left_s <= 0

    @property
    def minimise(self) -> tuple[str, ...]:
        """The study's objectives."""
        return tuple(self.prepared.study.minimise)

    def try_pair(self, pair: Pair) -> Plan | None:
        """The plan with this pair apart; None where the time for all pairs is over."""
        return None if self.is_over else self.solve({pair: (0.0, 0.0)})

    def solve(self, pairs: Mapping[Pair, object]) -> Plan:
        """The plan with these pairs apart."""
        problem = put_apart(self.prepared.problem, pairs)
        self.progress.restart(min(MAX_SECONDS_EACH, self.left_s))
        return solve_problem(problem, self.minimise, self.settings, self.progress)

    def is_better(self, other: Plan) -> bool:
        """Whether another plan comes before the study's own."""
        if not other.objective or not self.plan.objective:
            return bool(other.objective)
        for key in self.minimise:
            ours, theirs = self.plan.objective[OBJECTIVE_FIELD[key]], other.objective[OBJECTIVE_FIELD[key]]
            if abs(ours - theirs) > _SAME * max(1.0, abs(ours)):
                return theirs < ours
        return False

    def rank(self, pairs: Mapping[Pair, tuple[float, float]], best: Plan) -> list[Pair]:
        """The pairs that most likely matter first; of equals those drawn farthest apart, relative to the doubt."""
        problem = self.prepared.problem
        standing = set(problem.active_spans(sorted({*self.plan.routes, *best.routes})).tolist())
        blocking = {span for cut in self.plan.blocking or () for span in cut}
        fresh = standing - set(problem.active_spans(self.plan.routes).tolist()) | blocking
        built = standing - set(problem.active_spans().tolist())

        def to_rank(pair: Pair) -> tuple[bool, bool, bool, float, Pair]:
            distance_m, accuracy_m = pairs[pair]
            spans = set(pair)
            return not spans <= standing, not spans & fresh, not spans & built, accuracy_m - distance_m, pair

        return sorted(pairs, key=to_rank)

    def to_other(self, plan: Plan) -> OtherPlan:
        """A plan as results show it."""
        route_ids = self.prepared.network.routes["route_id"].tolist()
        objective = {**plan.objective}
        if objective:
            objective["routes"] = int(objective["routes"])
        return OtherPlan(plan.status, tuple(sorted(route_ids[route] for route in plan.routes)), objective)
