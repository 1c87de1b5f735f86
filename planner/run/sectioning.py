"""Plans over every section of the corridors, and the routes that they come to."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from planner.candidates import add_sections, find_corridors
from planner.candidates.chosen import join_chosen
from planner.candidates.mend import Mender
from planner.errors import SolverFailedError
from planner.network import Network
from planner.network.model import Remark
from planner.optimise.plan import OBJECTIVE_FIELD, Plan
from planner.problem import Problem
from planner.result import CorridorRecord
from planner.run.prepare import Prepared, to_prepared
from planner.run.stopwatch import Stopwatch
from planner.survival.verify import verify

NOTE = "Every section of the corridors was a candidate; which of them every optimal plan needs was not sought."

# less is rounding
_LEAST_KM = 1e-6


@dataclass(frozen=True, eq=False)
class Found:
    """A plan and the study that it is one of; where there is none, the plan that protects most and what that holds.

    `over_sections` is the same over sections, where that was asked for.
    """

    prepared: Prepared
    plan: Plan
    held: Problem | None = None
    protected: Plan | None = None
    over_sections: Found | None = None


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


def join_sections(prepared: Prepared, sectioned: Prepared, found: Found, stopwatch: Stopwatch) -> Found:
    """The chosen sections joined up into routes, and the plans that build these.

    Parameters
    ----------
    prepared
        The study without sections.
    sectioned
        As `with_sections` made it.
    found
        The plans found for `sectioned`.
    stopwatch
        Times the stages.

    Returns
    -------
    Found
        Plans of the same study with the routes to build as candidates, verified anew there. Where there is no plan the
        sections stay as they are.

    Raises
    ------
    SolverFailedError
        Where the routes do not hold what the sections hold.
    """
    best = found.protected if found.protected is not None else found.plan
    if best.status not in ("optimal", "feasible"):
        return found
    blocked = {int(sectioned.problem.route_of_span[span]) for cut in found.plan.blocking or () for span in cut}
    kinds = sorted(set(sectioned.network.routes["kind"].iloc[len(prepared.network.routes) :]))
    # a line without its spurs is near other things than its sections were, which the plan could depend on
    for mender in (Mender(prepared.study, prepared.network, kinds), None):
        network = join_chosen(
            prepared.network,
            sectioned.network,
            best.routes,
            clearance_m=prepared.study.cuts.site_clearance_m,
            beside=blocked,
            mender=mender,
        )
        record = _to_record(prepared.network, sectioned.network)
        joined = replace(to_prepared(prepared.study, network, stopwatch), corridors=record)
        answer = _to_found(prepared, sectioned, found, joined)
        if answer is not None:
            return answer
    raise SolverFailedError("the sections chosen hold every region, and the routes made of them do not")


def _to_found(prepared: Prepared, sectioned: Prepared, found: Found, joined: Prepared) -> Found | None:
    """The plans over joined routes; None where these do not hold what the sections hold."""
    row_of = _find_rows(prepared.network, sectioned.network, joined.network)
    plan, protected = found.plan, found.protected
    if protected is None:
        built = _to_joined(plan, sectioned, joined.problem, row_of)
        return None if built is None else Found(_with_remark(joined, built, plan), built)
    assert found.held is not None
    held = replace(joined.problem.without_limits(), required_cuts=found.held.required_cuts)
    built = _to_joined(protected, sectioned, held, row_of)
    if built is None:
        return None
    joined = _with_remark(joined, built, protected)
    return Found(joined, _to_blocked(plan, prepared, sectioned, row_of), held, built)


def _to_record(network: Network, sectioned: Network) -> CorridorRecord:
    num = len(sectioned.routes) - len(network.routes)
    length_km = float(sectioned.routes["length_km"].iloc[len(network.routes) :].sum())
    return CorridorRecord(num, len(sectioned.sites) - len(network.sites), length_km)


def _find_rows(network: Network, sectioned: Network, joined: Network) -> dict[int, int]:
    """Row of each route of the network with sections to the route that it became."""
    row_of = {row: row for row in range(len(network.routes))}
    own = {route_id: row for row, route_id in enumerate(sectioned.routes["route_id"])}
    for row in range(len(network.routes), len(joined.routes)):
        row_of |= {own[section]: row for section in json.loads(joined.routes["sections"].iloc[row])}
    return row_of


def _to_joined(plan: Plan, sectioned: Prepared, problem: Problem, row_of: Mapping[int, int]) -> Plan | None:
    """The plan over joined routes; None where these do not hold what is asked."""
    routes = tuple(sorted({row_of[route] for route in plan.routes}))
    verification = verify(problem, routes)
    if not verification.survives:
        return None
    saved = _find_saved(plan.routes, sectioned.problem, routes, problem)
    objective = {key: value - saved.get(key, 0.0) for key, value in plan.objective.items()}
    bound = {key: value - saved.get(OBJECTIVE_FIELD[key], 0.0) for key, value in plan.bound.items()}
    objective["routes"] = float(len(routes))
    return replace(plan, routes=routes, objective=objective, bound=bound, verification=verification, rows=())


def _find_saved(
    sections: Sequence[int], sectioned: Problem, routes: Sequence[int], joined: Problem
) -> dict[str, float]:
    """What the spurs that were taken off cost and measured, by the keys of objectives; empty where there were none."""
    saved = {
        "cost": sectioned.route_cost[list(sections)].sum() - joined.route_cost[list(routes)].sum(),
        "length_km": sectioned.route_length_km[list(sections)].sum() - joined.route_length_km[list(routes)].sum(),
    }
    return {key: float(value) for key, value in saved.items()} if saved["length_km"] > _LEAST_KM else {}


def _with_remark(joined: Prepared, mended: Plan, plan: Plan) -> Prepared:
    """The study with a remark on what the plan no longer costs."""
    saved_km = plan.objective["length_km"] - mended.objective["length_km"]
    if saved_km <= _LEAST_KM:
        return joined
    saved = plan.objective["cost"] - mended.objective["cost"]
    what = (
        f"Ways over junctions that candidates.merge_m takes as one came back on themselves for {saved_km:,.1f} km "
        f"in all, which were left out. So the plan costs {saved:,.0f} less than the sections that it was chosen from, "
        "and the bounds, which are proved for these, are lowered by as much."
    )
    remark = Remark("other", f"{joined.study.path.name}, candidates.merge_m", what)
    return replace(joined, network=replace(joined.network, remarks=(*joined.network.remarks, remark)))


def _to_blocked(plan: Plan, prepared: Prepared, sectioned: Prepared, row_of: Mapping[int, int]) -> Plan:
    """A plan that there is not, its cuts as spans of the joined network: candidates have one span each."""
    num_routes, num_spans = len(prepared.network.routes), len(prepared.network.spans)
    route_of_span = sectioned.problem.route_of_span

    def to_span(span: int) -> int:
        return span if span < num_spans else num_spans + row_of[int(route_of_span[span])] - num_routes

    cuts = tuple(tuple(sorted({to_span(span) for span in cut})) for cut in plan.blocking or ())
    return replace(plan, blocking=cuts)
