"""What chosen routes dig together, and each one's share of the cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from planner.network import Network
from planner.result import SharedTrench


def share_trenches(network: Network, chosen: Sequence[int]) -> tuple[Network, tuple[SharedTrench, ...]]:
    """Share the cost of trenches evenly between the chosen routes that lie in them.

    Parameters
    ----------
    network
        The network, with its trenches.
    chosen
        Rows of `Network.routes`.

    Returns
    -------
    network
        The chosen routes cost what they cost beside their trenches, and their shares: added up, what the plan costs.
    shared
        The trenches in which two or more of them lie, by their routes.
    """
    trenches, routes = network.trenches, network.routes
    cost = routes["cost"].to_numpy(dtype=np.float64, copy=True)
    dug = trenches.split(cost, routes["length_km"].to_numpy(dtype=np.float64))[len(cost) :]
    route_ids = routes["route_id"].tolist()
    shared = []
    for lying, km, price in zip(trenches.routes, trenches.length_km, dug.tolist(), strict=True):
        here = [route for route in lying if route in set(chosen)]
        if len(here) > 1:
            saved = price * (len(here) - 1)
            cost[here] -= saved / len(here)
            shared.append(SharedTrench(tuple(sorted(route_ids[route] for route in here)), km, price, saved))
    if not shared:
        return network, ()
    return replace(network, routes=routes.assign(cost=cost)), _unite(shared)


def _unite(shared: Sequence[SharedTrench]) -> tuple[SharedTrench, ...]:
    """One trench for each set of routes: candidates not chosen divide it no further."""
    found: dict[tuple[str, ...], SharedTrench] = {}
    for one in shared:
        other = found.get(one.route_ids, SharedTrench(one.route_ids, 0.0, 0.0, 0.0))
        found[one.route_ids] = SharedTrench(
            one.route_ids, other.length_km + one.length_km, other.cost + one.cost, other.saved + one.saved
        )
    return tuple(found[route_ids] for route_ids in sorted(found))
