"""Every layer of a result by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.result.frames.layers import (
    to_new_routes_layer,
    to_rejected_routes_layer,
    to_sites_layer,
    to_spans_layer,
)
from planner.result.frames.risk_layers import to_critical_cuts_layer, to_regions_layer, to_risk_groups_layer
from planner.result.frames.stretch_layer import to_critical_stretches_layer

if TYPE_CHECKING:
    import geopandas as gpd

    from planner.result.frames.view import MapView


def to_layers(view: MapView) -> dict[str, gpd.GeoDataFrame]:
    """Every layer by name, bottom layer first. An audit has no routes to build or to reject, but critical stretches."""
    layers = {
        "regions": to_regions_layer(view),
        "rejected_routes": to_rejected_routes_layer(view),
        "spans": to_spans_layer(view),
        "new_routes": to_new_routes_layer(view),
        "critical_stretches": to_critical_stretches_layer(view),
        "risk_groups": to_risk_groups_layer(view),
        "critical_cuts": to_critical_cuts_layer(view),
        "sites": to_sites_layer(view),
    }
    if view.is_audit:
        del layers["rejected_routes"], layers["new_routes"]
    else:
        del layers["critical_stretches"]
    return layers
