"""Critical stretches as a frame: the metres of span whose loss isolates somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd

from planner.result.frames.columns import to_frame
from planner.result.frames.cuts import DECIMALS, to_span_ids
from planner.result.frames.plain import to_plain

if TYPE_CHECKING:
    from planner.result import CriticalStretch
    from planner.result.frames.view import MapView

COLUMNS = (
    "span_id",
    "route_id",
    "from_m",
    "to_m",
    "length_m",
    "num_cuts",
    "isolated_weight",
    "isolated_regions",
    "span_ids",
    "partner_group_id",
    "partner_lon",
    "partner_lat",
)
SITES_COLUMN = "site_ids"


def to_critical_stretches_layer(view: MapView) -> gpd.GeoDataFrame:
    """A line per stretch, in the study's CRS, those that isolate alone first, then by weight.

    ``span_ids`` is what a cut anywhere on it severs; where that isolates only with one more cut (``num_cuts`` 2),
    ``partner_group_id`` and the place beside it say which. Where cuts take sites there is a column ``site_ids`` too.
    """
    rows = [_to_row(view, stretch) for stretch in view.stretches]
    names = [*COLUMNS, *([SITES_COLUMN] if view.risk_groups.sites else [])]
    columns = {name: [to_plain(row[name]) for row in rows] for name in names}
    lines = gpd.GeoSeries([stretch.line for stretch in view.stretches], crs=view.network.crs)
    return gpd.GeoDataFrame(to_frame(columns, len(rows)), geometry=lines)


def _to_row(view: MapView, stretch: CriticalStretch) -> dict[str, Any]:
    lon, lat = stretch.partner_place or (None, None)
    return {
        "span_id": view.span_ids[stretch.span],
        "route_id": view.route_ids[view.route_of_span[stretch.span]],
        "from_m": stretch.from_m,
        "to_m": stretch.to_m,
        "length_m": round(stretch.length_m, 3),
        "num_cuts": stretch.num_cuts,
        "isolated_weight": float(stretch.isolated_weight),
        "isolated_regions": stretch.isolated_regions,
        "span_ids": to_span_ids(view, stretch.severed),
        "partner_group_id": None if stretch.partner is None else view.risk_groups.group_ids[stretch.partner],
        "partner_lon": None if lon is None else round(lon, DECIMALS),
        "partner_lat": None if lat is None else round(lat, DECIMALS),
        SITES_COLUMN: [view.site_ids[site] for site in stretch.fallen],
    }
