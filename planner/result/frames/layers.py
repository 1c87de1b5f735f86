"""Network and new routes as frames: one per layer of the map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np

from planner.result.frames.columns import ROUTE_COLUMNS, SITE_COLUMNS, to_frame, to_user_columns
from planner.result.frames.plain import to_plain
from planner.result.frames.standing import to_route_columns

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planner.result.frames.view import MapView

LENGTH_DECIMALS = 6  # of a kilometre: a millimetre


def to_sites_layer(view: MapView) -> gpd.GeoDataFrame:
    """Every site: ``id``, ``name``, ``region``, ``weight``, ``terminal``, ``protected`` if any; the user's columns."""
    sites = view.network.sites
    columns: dict[str, Iterable[Any]] = {
        "id": sites["site_id"],
        "name": sites["name"],
        "region": sites["region"],
        "weight": sites["weight"],
        "terminal": sites["terminal"],
        **_to_column_if_set(sites, "protected", sites),
    }
    theirs = to_user_columns(sites, SITE_COLUMNS, {*columns, "geometry"})
    return _to_layer({**columns, **theirs}, sites.geometry, view)


def to_spans_layer(view: MapView) -> gpd.GeoDataFrame:
    """Spans that exist or are built; ``a`` and ``b`` are site ids, ``status`` is existing or new; then the user's."""
    spans = view.network.spans[view.is_present]
    routes = view.network.routes.loc[spans["route"]]
    columns: dict[str, Iterable[Any]] = {
        "span_id": spans["span_id"],
        "route_id": spans["route_id"],
        "a": [view.site_ids[site] for site in spans["a"]],
        "b": [view.site_ids[site] for site in spans["b"]],
        "status": np.where(spans["is_candidate"].astype(bool), "new", "existing"),
        "kind": routes["kind"],
        "operator": routes["operator"],
        "cuttable": spans["is_cuttable"],
        **_to_column_if_set(spans, "accuracy_m", view.network.spans),
        "length_km": (spans["length_m"].astype(float) / 1000).round(LENGTH_DECIMALS),
    }
    theirs = to_user_columns(routes, ROUTE_COLUMNS, {*columns, "geometry"})
    return _to_layer({**columns, **theirs}, spans.geometry, view)


def to_new_routes_layer(view: MapView) -> gpd.GeoDataFrame:
    """Chosen routes: what they share and defend, what the plan is without them, then the user's own columns."""
    rows = [new.route for new in view.built]
    ours: dict[str, list[Any]] = {
        "shares_with": [list(new.shares_with) for new in view.built],
        "defends": [list(new.defends) for new in view.built],
        **to_route_columns(rows, view),
    }
    return _to_routes_layer(view, rows, "new", ours)


def to_rejected_routes_layer(view: MapView) -> gpd.GeoDataFrame:
    """Candidates that were not chosen."""
    routes = view.network.routes
    built = {new.route for new in view.built}
    rows = [i for i, status in enumerate(routes["status"]) if status == "candidate" and i not in built]
    return _to_routes_layer(view, rows, "rejected", {})


def _to_routes_layer(view: MapView, rows: list[int], status: str, more: dict[str, list[Any]]) -> gpd.GeoDataFrame:
    routes = view.network.routes.loc[rows]
    names = list(view.network.sites["name"])
    columns: dict[str, Iterable[Any]] = {
        "id": routes["route_id"],
        "route_id": routes["route_id"],
        "a": [view.site_ids[site] for site in routes["a"]],
        "b": [view.site_ids[site] for site in routes["b"]],
        "a_name": [names[site] for site in routes["a"]],
        "b_name": [names[site] for site in routes["b"]],
        "status": [status] * len(rows),
        "kind": routes["kind"],
        "operator": routes["operator"],
        "cuttable": routes["is_cuttable"],
        **_to_column_if_set(routes, "accuracy_m", view.network.routes),
        "length_km": routes["length_km"].astype(float).round(LENGTH_DECIMALS),
        "cost": routes["cost"].astype(float),
        "currency": [view.currency] * len(rows),
        **more,
    }
    theirs = to_user_columns(routes, ROUTE_COLUMNS, {*columns, "geometry"})
    return _to_layer({**columns, **theirs}, routes.geometry, view)


def _to_column_if_set(rows: gpd.GeoDataFrame, name: str, every: gpd.GeoDataFrame) -> dict[str, Iterable[Any]]:
    """A column that a study may do without: there for some rows where any row of the whole frame has it set."""
    return {name: rows[name]} if name in every and every[name].any() else {}


def _to_layer(columns: dict[str, Iterable[Any]], geometry: gpd.GeoSeries, view: MapView) -> gpd.GeoDataFrame:
    plain = {name: [to_plain(value) for value in values] for name, values in columns.items()}
    frame = to_frame(plain, len(geometry))
    shapes = gpd.GeoSeries(list(geometry), crs=view.network.crs)
    return gpd.GeoDataFrame(frame, geometry=shapes)
