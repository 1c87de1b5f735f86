"""A plan as a result: its proof, and why each of its routes is in it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planner.network import Network
from planner.optimise.plan import Plan
from planner.optimise.protect import region_levels, with_levels
from planner.problem import Problem
from planner.result import NewRoute, PlacedCutSet, ProofOfSurvival, SolvedPlan
from planner.run.attacking import find_survival_and_attack
from planner.run.placing import Placer
from planner.run.prepare import Prepared
from planner.survival.active import ActiveGraph, to_active_graph
from planner.survival.cutsets import find_separating_sets, terminals_at_level
from planner.survival.verify import METHOD

_MAX_DEFENDED = 200


def to_held(problem: Problem, plan: Plan) -> Problem:
    """The problem at the levels that the plan promises."""
    return with_levels(problem, np.array(plan.protection.levels)) if plan.protection else problem


def to_solved(plan: Plan, prepared: Prepared, problem: Problem, placer: Placer, depth: int) -> SolvedPlan | None:
    """A plan as a result; None where there is none.

    Parameters
    ----------
    plan, prepared
        The plan and its study.
    problem
        The problem at the levels at which the plan holds the regions.
    placer
        Finds places on the map.
    depth
        One more than the cuts that are looked at afterwards.
    """
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
        sets = find_separating_sets(graph, terminals_at_level(problem, level), level, limit=_MAX_DEFENDED)
        found.update(dict.fromkeys(sets))
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


def place_blocking(plan: Plan, problem: Problem, placer: Placer) -> PlacedCutSet | None:
    """The cuts that no plan survives, on the map; None where there are none."""
    if plan.blocking is None:
        return None
    return placer.place(plan.blocking, plan.blocking_sites, to_active_graph(problem, problem.buildable))
