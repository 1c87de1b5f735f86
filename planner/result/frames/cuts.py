"""A cut set in the user's ids, for maps and documents alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.result.frames.plain import to_plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planner.result import PlacedCutSet
    from planner.result.frames.view import MapView

DECIMALS = 7
"""Of a degree: a centimetre."""


def to_cuts(view: MapView, cut_set: PlacedCutSet) -> list[dict[str, Any]]:
    """Per cut: its risk group, its place, and what it severs of the network looked at."""
    severed = set(cut_set.spans)
    cuts = []
    for group, (lon, lat) in zip(cut_set.groups, cut_set.places, strict=True):
        spans = [span for span in view.risk_groups.spans[group] if span in severed]
        cuts.append(
            {
                "group_id": view.risk_groups.group_ids[group],
                "lon": round(float(lon), DECIMALS),
                "lat": round(float(lat), DECIMALS),
                "span_ids": to_span_ids(view, spans),
                "site_ids": [view.site_ids[site] for site in view.risk_groups.sites[group]]
                if view.risk_groups.sites
                else [],
                "route_ids": to_route_ids(view, spans),
            }
        )
    return cuts


def to_cut_set(view: MapView, cut_set: PlacedCutSet) -> dict[str, Any]:
    """The cuts, what they isolate and which sites fall with them."""
    return {
        "cuts": to_cuts(view, cut_set),
        "isolated_regions": to_plain(cut_set.isolated_regions),
        "isolated_weight": float(cut_set.isolated_weight),
        "isolated_site_ids": [view.site_ids[site] for site in cut_set.isolated_sites],
        "fallen_site_ids": [view.site_ids[site] for site in cut_set.fallen_sites],
    }


def to_span_ids(view: MapView, spans: Iterable[int]) -> list[str]:
    """Span ids, sorted."""
    return sorted(view.span_ids[span] for span in spans)


def to_route_ids(view: MapView, spans: Iterable[int]) -> list[str]:
    """Ids of the routes that the spans belong to, sorted, each once."""
    return sorted({view.route_ids[view.route_of_span[span]] for span in spans})
