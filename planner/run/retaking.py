"""The problem of a study at another radius: what one cut severs is found anew."""

from __future__ import annotations

from planner.problem import Problem, to_problem
from planner.risk import find_risk_groups
from planner.run.prepare import Prepared
from planner.survival.limits import limit_ways


def take_radius(prepared: Prepared, radius_m: float) -> Problem:
    """The same network and requirement with risk groups of another radius, in metres."""
    cuts, network = prepared.study.cuts, prepared.network
    groups = find_risk_groups(
        network,
        radius_m=radius_m,
        site_clearance_m=cuts.site_clearance_m,
        declared=cuts.declared,
        sites_fail=cuts.sites_fail,
    )
    return limit_ways(to_problem(network, groups), network.regions["region_id"], prepared.study.detours)
