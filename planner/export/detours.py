"""Detour limits for plan.json, and back from it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from planner.export.plain import to_plain
from planner.result.frames.cuts import to_cut_set
from planner.study import DetoursSection

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from planner.errors import FaultList
    from planner.result import BrokenLimit, LongestWay, Outcome
    from planner.result.frames.view import MapView


def to_detours(view: MapView, outcome: Outcome) -> dict[str, Any] | None:
    """What is asked, and the longest way of each pair listed; None where nothing is limited."""
    detours = outcome.detours
    if detours is None:
        return None
    return {
        "asked": to_plain(outcome.study.detours.model_dump(mode="json")),
        "num_limited": detours.num_limited,
        "pairs": [
            {
                "region_a": to_plain(pair.region_a),
                "region_b": to_plain(pair.region_b),
                "limit_km": to_plain(pair.limit_km),
                "cuts": pair.cuts,
                "before": _to_way(view, pair.before),
                "after": _to_way(view, pair.after),
                "after_two": _to_way(view, pair.after_two),
            }
            for pair in detours.pairs
        ],
        "needed": [{"route_id": to_plain(route_id)} | to_broken(limit) for route_id, limit in detours.needed],
        "blocking": to_broken(detours.blocking) if detours.blocking else None,
    }


def read_asked(document: Mapping[str, Any], region_ids: Iterable[str], where: str, faults: FaultList) -> DetoursSection:
    """The limits that a plan keeps, from ``plan.json``; none for a plan that protects most."""
    detours = document["detours"]
    if detours is None or document["protect_most"] is not None:
        return DetoursSection()
    try:
        asked = DetoursSection.model_validate(detours.get("asked"))
    except ValidationError:
        faults.add(where, "holds detour limits that cannot be read", "run planner solve again")
        return DetoursSection()
    unknown = sorted({end for pair in asked.pairs for end in (pair.a, pair.b)} - set(region_ids))
    if unknown:
        faults.add(where, f"limits the way of region {unknown[0]!r}, which it lacks", "run planner solve again")
    return asked


def _to_way(view: MapView, way: LongestWay | None) -> dict[str, Any] | None:
    if way is None:
        return None
    return {
        "length_km": _to_km(way.length_km),
        "cut_set": to_cut_set(view, way.cut_set) if way.cut_set else None,
    }


def to_broken(limit: BrokenLimit) -> dict[str, Any]:
    """A broken limit as plain data."""
    return {
        "region_a": to_plain(limit.region_a),
        "region_b": to_plain(limit.region_b),
        "length_km": _to_km(limit.length_km),
        "limit_km": to_plain(limit.limit_km),
    }


def _to_km(length_km: float) -> float | None:
    """To the millimetre; None where there is no way."""
    return round(length_km, 6) if math.isfinite(length_km) else None
