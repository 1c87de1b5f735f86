"""Joins clean sites, routes and regions up into one Network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.network.choice import check_left, find_chosen
from planner.network.columns import to_objects
from planner.network.costs import find_costs
from planner.network.doubts import remark_components, remark_duplicates, remark_other_ends, remark_unused
from planner.network.ends import join_ends
from planner.network.lengths import remark_lengths
from planner.network.levels import find_levels, remark_levels
from planner.network.lines import merge_parts
from planner.network.model import Network
from planner.network.notes import Notes
from planner.network.passes import drop_loops, find_passes, remark_splits
from planner.network.polygons import PolygonTable
from planner.network.regions import find_regions, to_frame
from planner.network.route_table import RouteTable, join_tables, place_routes
from planner.network.ruler import Ruler
from planner.network.site_map import SiteMap, place_sites
from planner.network.sites import SiteTable
from planner.network.spans import Spans, to_spans
from planner.study import Study

if TYPE_CHECKING:
    from pyproj import CRS


def join_network(
    study: Study,
    sites: SiteTable,
    route_tables: list[RouteTable],
    polygons: PolygonTable | None,
    crs: CRS,
    notes: Notes,
) -> Network | None:
    """Join routes to sites, split them into spans, price them, and find the regions.

    Parameters
    ----------
    study
        Its settings.
    sites
        The sites that could be read; their CRS is known.
    route_tables
        The routes that could be read, one table per file.
    polygons
        The regions, where the study names polygons that could be read.
    crs
        The working CRS.
    notes
        Takes faults and remarks.

    Returns
    -------
    Network or None
        None where there are faults.
    """
    is_planar = study.study.distances == "plane"
    ruler = Ruler(crs, is_planar)
    site_map = place_sites(sites, ruler, study.network.site_snap_m, notes)
    if site_map is None:
        return None
    routes, spans = _join_routes(site_map, route_tables, notes)
    length_km = np.bincount(spans.route, weights=spans.length_m, minlength=len(routes)) / 1000
    cost = find_costs(routes, length_km, study, notes)
    check_left(routes, study, notes)
    has_regions = study.regions.polygons is None or (polygons is not None and polygons.crs is not None)
    if notes.faults.faults or not has_regions:
        return None
    remark_duplicates(routes, spans.route_lines, notes)
    remark_lengths(routes, length_km, notes)
    remark_other_ends(routes, sites, notes)
    remark_unused(sites, spans, notes)
    remark_components(routes, spans, len(sites), notes)
    regions = find_regions(sites, polygons, crs, notes)
    region_frame = to_frame(regions, sites, find_levels(study, regions.columns["region_id"]), crs)
    remark_levels(study, region_frame, regions.file, notes)
    return Network(
        crs=crs,
        is_planar=is_planar,
        sites=_to_site_frame(sites, site_map.points, regions.of_site, crs),
        routes=_to_route_frame(routes, spans, cost, length_km, crs),
        spans=_to_span_frame(routes, spans, crs),
        regions=region_frame,
        reach=study.regions.reach,
        remarks=tuple(notes.remarks),
        required=find_chosen(routes, study.candidates.required),
        forbidden=find_chosen(routes, study.candidates.forbidden),
    )


def _join_routes(sites: SiteMap, tables: list[RouteTable], notes: Notes) -> tuple[RouteTable, Spans]:
    routes = join_tables([place_routes(table, sites.ruler.crs, notes) for table in tables])
    lines, is_line = merge_parts(routes, sites.ruler, sites.snap_m, notes)
    routes = join_ends(routes.with_lines(lines).take(is_line), sites, notes)
    routes, passes = drop_loops(routes, find_passes(routes, sites), sites, notes)
    spans = to_spans(routes, passes, sites)
    remark_splits(routes, passes, sites, notes)
    _check_lengths(routes, spans, sites, notes)
    _check_span_ids(routes, spans, notes)
    return routes, spans


def _span_ids(routes: RouteTable, spans: Spans) -> NDArray[Any]:
    num_spans = np.bincount(spans.route, minlength=len(routes))
    ids = np.empty(len(spans.route), dtype=object)
    ids[:] = [
        f"{routes.ids[route]}#{number}" if num_spans[route] > 1 else routes.ids[route]
        for route, number in zip(spans.route.tolist(), spans.number.tolist(), strict=True)
    ]
    return ids


def _check_lengths(routes: RouteTable, spans: Spans, sites: SiteMap, notes: Notes) -> None:
    flat = np.flatnonzero(~(spans.length_m > 0))
    notes.fault_rows(
        routes.file,
        list(routes.wheres[spans.route[flat]]),
        [
            f"has no length between sites '{a}' and '{b}', which stand at one place"
            for a, b in zip(sites.ids[spans.a[flat]], sites.ids[spans.b[flat]], strict=True)
        ],
        "give the two sites one id, or leave the route out",
    )


def _check_span_ids(routes: RouteTable, spans: Spans, notes: Notes) -> None:
    ids = to_objects(_span_ids(routes, spans))
    again = np.flatnonzero(ids.duplicated(keep=False))
    notes.fault_rows(
        routes.file,
        list(routes.wheres[spans.route[again]]),
        [f"'{one}' is the id of a route and of a span of another" for one in ids.iloc[again]],
        "give the route another id",
    )


def _to_site_frame(sites: SiteTable, points: NDArray[Any], region: NDArray[Any], crs: CRS) -> gpd.GeoDataFrame:
    own = ["site_id", "name", "region", "weight", "terminal", "protected"]
    return _to_frame(sites.columns.assign(region=to_objects(region)), own, points, crs)


def _to_route_frame(
    routes: RouteTable, spans: Spans, cost: NDArray[np.float64], length_km: NDArray[np.float64], crs: CRS
) -> gpd.GeoDataFrame:
    own = ["route_id", "a", "b", "status", "kind", "operator", "is_cuttable", "accuracy_m", "cost", "length_km"]
    columns = routes.columns.drop(columns="own_cost").assign(a=routes.a, b=routes.b, cost=cost, length_km=length_km)
    return _to_frame(columns, own, spans.route_lines, crs)


def _to_span_frame(routes: RouteTable, spans: Spans, crs: CRS) -> gpd.GeoDataFrame:
    of_route = routes.columns.iloc[spans.route].reset_index(drop=True)
    columns = pd.DataFrame(
        {
            "span_id": to_objects(_span_ids(routes, spans)),
            "route": spans.route,
            "route_id": of_route["route_id"],
            "a": spans.a,
            "b": spans.b,
            "is_candidate": of_route["status"] == "candidate",
            "is_cuttable": of_route["is_cuttable"],
            "accuracy_m": of_route["accuracy_m"],
            "length_m": spans.length_m,
        }
    )
    order = np.argsort(columns["span_id"].to_numpy(dtype=object), kind="stable")
    own = list(columns.columns)
    return _to_frame(columns.iloc[order].reset_index(drop=True), own, spans.lines[order], crs)


def _to_frame(columns: pd.DataFrame, own: list[str], geometry: NDArray[Any], crs: CRS) -> gpd.GeoDataFrame:
    """The network's own columns, the geometry, then the user's."""
    frame = gpd.GeoDataFrame(columns[own], geometry=geometry, crs=crs)
    others = columns.drop(columns=own)
    return gpd.GeoDataFrame(pd.concat([frame, others], axis="columns"), geometry="geometry", crs=crs)
