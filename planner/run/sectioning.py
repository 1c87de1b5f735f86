"""Plans over every section of the corridors, and the routes that they come to."""

from __future__ import annotations

from dataclasses import replace

from planner.candidates import add_sections, find_corridors
from planner.candidates.chosen import join_chosen
from planner.errors import SolverFailedError
from planner.optimise.plan import Plan
from planner.run.prepare import Prepared, Stopwatch, to_prepared
from planner.survival.verify import verify

NOTE = "Every section of the corridors was a candidate; which of them every optimal plan needs was not sought."


def with_sections(prepared: Prepared, stopwatch: Stopwatch) -> Prepared:
    """The study with every section of its corridors as a candidate.

    Raises
    ------
    InputError
        With every fault of the corridors.
    """
    study = prepared.study
    with stopwatch.stage("corridors"):
        corridors = find_corridors(study, prepared.network)
        network = add_sections(
            prepared.network,
            corridors,
            clearance_m=study.cuts.site_clearance_m,
            accuracy_m=study.candidates.accuracy_m,
        )
    return to_prepared(study, network, stopwatch)


def join_sections(prepared: Prepared, sectioned: Prepared, plan: Plan, stopwatch: Stopwatch) -> tuple[Prepared, Plan]:
    """The chosen sections joined up into routes, and the plan that builds these.

    Parameters
    ----------
    prepared
        The study without sections.
    sectioned
        As `with_sections` made it.
    plan
        Found for `sectioned`.
    stopwatch
        Times the stages.

    Returns
    -------
    prepared, plan
        The same study with the routes to build as candidates; the plan, verified anew there. A plan that there is
        not leaves the sections as they are.

    Raises
    ------
    SolverFailedError
        Where the routes do not hold what the sections hold.
    """
    if plan.status not in ("optimal", "feasible"):
        return sectioned, plan
    network = join_chosen(
        prepared.network, sectioned.network, plan.routes, clearance_m=prepared.study.cuts.site_clearance_m
    )
    joined = to_prepared(prepared.study, network, stopwatch)
    num_own = len(prepared.network.routes)
    routes = (*(route for route in plan.routes if route < num_own), *range(num_own, len(network.routes)))
    verification = verify(joined.problem, routes)
    if not verification.survives:
        raise SolverFailedError("the sections chosen hold every region, and the routes made of them do not")
    objective = {**plan.objective, "routes": float(len(routes))}
    return joined, replace(plan, routes=routes, objective=objective, verification=verification, rows=())
