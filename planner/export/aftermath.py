"""What is left after an incident and after the worst attack, for plan.json."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from planner.export.plain import to_plain
from planner.survival.limits import KM_PER_MS

if TYPE_CHECKING:
    from planner.network.model import Network
    from planner.result import Aftermath, Outcome, PairWays, TrafficState


def to_aftermaths(outcome: Outcome) -> dict[str, Any]:
    """``{"aftermaths": […]}`` as ``schemas/plan.schema.json`` describes it; empty where the study asks for none."""
    if not outcome.aftermaths:
        return {}
    return {"aftermaths": [to_aftermath(outcome.network, found) for found in outcome.aftermaths]}


def to_aftermath(network: Network, found: Aftermath) -> dict[str, Any]:
    """One of them, with the ids of the network."""
    site_ids = [to_plain(site_id) for site_id in network.sites["site_id"].tolist()]
    span_ids = [to_plain(span_id) for span_id in network.spans["span_id"].tolist()]
    planned = found.isolated_planned
    return {
        "what": found.key,
        "file": to_plain(found.name) or None,
        "cuts": found.num_cuts,
        "severed": [span_ids[span] for span in found.isolated.spans],
        "isolated": to_plain(found.isolated.isolated_regions),
        "isolated_weight": to_plain(found.isolated.isolated_weight),
        "isolated_with_plan": to_plain(planned.isolated_regions) if planned else None,
        "isolated_weight_with_plan": to_plain(planned.isolated_weight) if planned else None,
        "num_longer_ways": found.num_pairs,
        "ways": [_to_ways(pair, site_ids) for pair in found.pairs],
        "traffic": [_to_traffic(state, span_ids) for state in found.traffic],
    }


def _to_ways(pair: PairWays, site_ids: list[str]) -> dict[str, Any]:
    return {
        "regions": [to_plain(pair.region_a), to_plain(pair.region_b)],
        "share": to_plain(pair.share),
        "uncut": _to_way(pair.uncut_km),
        "cut": _to_way(pair.cut_km),
        "cut_sites": [site_ids[site] for site in pair.cut_sites],
        "with_plan": _to_way(pair.planned_km),
        "with_plan_sites": [site_ids[site] for site in pair.planned_sites],
    }


def _to_way(length_km: float | None) -> dict[str, float] | None:
    """Length and delay one way; None where there is no way."""
    if length_km is None or math.isinf(length_km):
        return None
    return {"km": round(length_km, 3), "ms": round(length_km / KM_PER_MS, 4)}


def _to_traffic(state: TrafficState, span_ids: list[str]) -> dict[str, Any]:
    return {
        "when": state.when,
        "asked_gbps": round(state.asked_gbps, 6),
        "lost_gbps": round(state.lost_gbps, 6),
        "overloaded": [
            {
                "span_id": span_ids[span.span],
                "load_gbps": round(span.load_gbps, 6),
                "capacity_gbps": to_plain(span.capacity_gbps),
            }
            for span in state.overloaded
        ],
        "num_spans_of_unknown_capacity": state.num_unknown,
    }
