"""Cuts, shared risks and regions as frames: one per layer of the map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
from shapely import MultiPoint, Point

from planner.result.frames.columns import to_frame
from planner.result.frames.cuts import to_cut_set, to_route_ids, to_span_ids
from planner.result.frames.plain import to_plain

if TYPE_CHECKING:
    from planner.result import PlacedCutSet, Survival
    from planner.result.frames.view import MapView

CUT_COLUMNS = (
    "cut_set",
    "when",
    "rank",
    "num_cuts",
    "within_requirement",
    "cut",
    "group_id",
    "span_ids",
    "route_ids",
    "isolated_weight",
    "isolated_regions",
    "isolated_sites",
)
FALLING_COLUMNS = ("site_ids", "fallen_sites")
NO_CUT: dict[str, Any] = {
    "group_id": None,
    "span_ids": [],
    "site_ids": [],
    "route_ids": [],
    "lon": None,
    "lat": None,
}
WGS84 = "EPSG:4326"


def to_critical_cuts_layer(view: MapView) -> gpd.GeoDataFrame:
    """A point per cut of each critical cut set; one row without a place where no cut at all is needed.

    Where cuts can take sites, ``site_ids`` are those that fall with the cut, ``fallen_sites`` those of the whole set.
    """
    regions = view.network.regions
    levels = dict(zip(regions["region_id"], regions["required_cuts"], strict=True))
    rows: list[dict[str, Any]] = []
    for number, (when, rank, cut_set) in enumerate(view.critical, start=1):
        common = {
            "cut_set": number,
            "when": when,
            "rank": rank,
            "num_cuts": len(cut_set.groups),
            "within_requirement": any(levels[r] >= len(cut_set.groups) for r in cut_set.isolated_regions),
        }
        rows += [common | cut for cut in _to_cut_rows(view, cut_set)]
    names = (*CUT_COLUMNS, *FALLING_COLUMNS) if view.risk_groups.sites else CUT_COLUMNS
    columns = {name: [row[name] for row in rows] for name in names}
    places: list[Any] = [None if row["lon"] is None else Point(row["lon"], row["lat"]) for row in rows]
    return _to_layer(columns, gpd.GeoSeries(places, crs=WGS84))


def to_risk_groups_layer(view: MapView) -> gpd.GeoDataFrame:
    """The register: every set of spans that one cut severs, its place, its cause and whose cables it holds."""
    groups = view.risk_groups
    owners = [to_plain(operator) for operator in view.network.routes["operator"]]
    owner_of_span = [owners[route] for route in view.route_of_span]
    columns = {
        "group_id": groups.group_ids,
        "cause": groups.causes,
        "num_spans": [len(spans) for spans in groups.spans],
        "span_ids": [to_span_ids(view, spans) for spans in groups.spans],
        "unbuilt_span_ids": [
            to_span_ids(view, (span for span in spans if not view.is_present[span])) for spans in groups.spans
        ],
        "site_ids": [[view.site_ids[site] for site in sites] for sites in groups.sites or [()] * len(groups.spans)],
        "route_ids": [to_route_ids(view, spans) for spans in groups.spans],
        "owners": [sorted({owner_of_span[s] for s in spans if owner_of_span[s]}) for spans in groups.spans],
    }
    places = np.asarray(groups.places, dtype=np.float64).reshape(-1, 2)
    return _to_layer(columns, gpd.GeoSeries([Point(place) for place in places], crs=WGS84))


def to_regions_layer(view: MapView) -> gpd.GeoDataFrame:
    """Regions with what they survive: polygons, or the region's sites where it has none."""
    regions = view.network.regions
    columns = {
        "region_id": regions["region_id"],
        "name": regions["name"],
        "weight": regions["weight"],
        "required_cuts": regions["required_cuts"],
        "survives_before": _to_survives(view, view.before),
        "survives_after": _to_survives(view, view.after),
        "reach": [view.network.reach] * len(regions),
        "site_ids": [[view.site_ids[site] for site in sites] for sites in regions["sites"]],
    }
    points = list(view.network.sites.geometry)
    shapes: list[Any] = [
        shape if shape is not None and not shape.is_empty else _to_points([points[site] for site in sites])
        for shape, sites in zip(regions["geometry"], regions["sites"], strict=True)
    ]
    return _to_layer(columns, gpd.GeoSeries(shapes, crs=view.network.crs))


def _to_cut_rows(view: MapView, cut_set: PlacedCutSet) -> list[dict[str, Any]]:
    isolated = to_cut_set(view, cut_set)
    cuts = isolated.pop("cuts")
    isolated["isolated_sites"] = isolated.pop("isolated_site_ids")
    isolated["fallen_sites"] = isolated.pop("fallen_site_ids")
    numbered = [{"cut": number, **cut} for number, cut in enumerate(cuts, start=1)]
    return [cut | isolated for cut in numbered or [{"cut": None, **NO_CUT}]]


def _to_survives(view: MapView, survival: Survival | None) -> list[int | None]:
    found = {region.region_id: region.survives for region in survival.regions} if survival else {}
    return [found.get(region_id) for region_id in view.network.regions["region_id"]]


def _to_points(points: list[Any]) -> MultiPoint | None:
    placed = [point for point in points if point is not None and not point.is_empty]
    return MultiPoint(placed) if placed else None


def _to_layer(columns: dict[str, Any], geometry: gpd.GeoSeries) -> gpd.GeoDataFrame:
    plain = {name: [to_plain(value) for value in values] for name, values in columns.items()}
    return gpd.GeoDataFrame(to_frame(plain, len(geometry)), geometry=geometry)
