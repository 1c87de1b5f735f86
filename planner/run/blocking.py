"""What stands in the way of every plan, by the ids of a study."""

from __future__ import annotations

import numpy as np

from planner.invest.options import Blocking
from planner.network import Network
from planner.optimise.plan import Plan
from planner.problem import Problem
from planner.survival.active import to_active_graph
from planner.survival.cutsets import components
from planner.survival.isolation import RegionIndex


def find_blocking(problem: Problem, plan: Plan, network: Network) -> Blocking | None:
    """The cuts that a plan could not be found against, and whom they isolate; None where there is a plan."""
    if plan.blocking is None:
        return None
    graph = to_active_graph(problem, problem.buildable)
    severed = sorted({span for spans in plan.blocking for span in spans})
    taken = sorted({site for sites in plan.blocking_sites for site in sites})
    fallen = graph.fallen.copy()
    fallen[taken] = True
    component = components(graph.keeping(~np.isin(graph.spans, severed)))
    is_isolated = RegionIndex(problem).isolation(component, fallen).is_isolated
    return Blocking(
        len(plan.blocking),
        tuple(sorted(network.spans["span_id"].iloc[severed].tolist())),
        tuple(sorted(network.sites["site_id"].iloc[taken].tolist())),
        tuple(sorted(network.regions["region_id"].to_numpy()[is_isolated].tolist())),
    )
