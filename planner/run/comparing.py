"""The same study planned the other way: from ready-made routes, or over every section of the corridors."""

from __future__ import annotations

from typing import Literal

from planner.progress import Progress
from planner.result import OtherMode
from planner.run.planning import find_plans
from planner.run.prepare import prepare
from planner.run.stopwatch import Stopwatch
from planner.study import Study


def find_other_mode(study: Study, progress: Progress, stopwatch: Stopwatch) -> OtherMode | None:
    """Plan a study in the mode that it does not name.

    Parameters
    ----------
    study
        The study.
    progress, stopwatch
        What is left of the study's time is the time that there is.

    Returns
    -------
    OtherMode or None
        None where `candidates.compare` is false; where it is not given, also where the study does not name both
        corridors and a list of routes.
    """
    settings = study.candidates
    has_both = bool(settings.corridors) and settings.routes is not None
    if not (has_both if settings.compare is None else settings.compare and settings.corridors):
        return None
    mode: Literal["routes", "sections"] = "routes" if settings.mode == "sections" else "sections"
    left_s = max(0.0, study.solver.time_limit_s - stopwatch.elapsed_s)
    keys = tuple(key for key in study.minimise if mode == "routes" or key != "routes") or ("cost",)
    other = study.model_copy(
        update={
            "objective": study.objective.model_copy(update={"minimise": keys}),
            "candidates": settings.model_copy(update={"mode": mode}),
            "solver": study.solver.model_copy(update={"time_limit_s": left_s, "cross_check": None}),
        }
    )
    with stopwatch.stage("other mode"):
        own = Stopwatch(progress)
        found = find_plans(prepare(other, own), progress, own)
    plan = found.protected or found.plan
    return OtherMode(
        mode,
        found.plan.status,
        found.prepared.corridors.num_sections if found.prepared.corridors else len(found.prepared.problem.candidates),
        tuple(found.prepared.network.routes["route_id"].iloc[list(plan.routes)]),
        {**plan.objective, "routes": int(plan.objective["routes"])} if plan.objective else {},
        plan.gap,
        found.protected is not None,
    )
