"""A result as map files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.export.geojson import write_geojson
from planner.export.geopackage import write_geopackage
from planner.export.kmz import write_kmz
from planner.export.layers import (
    to_new_routes_layer,
    to_rejected_routes_layer,
    to_sites_layer,
    to_spans_layer,
)
from planner.export.qgis_project import to_qgz
from planner.export.risk_layers import to_critical_cuts_layer, to_regions_layer, to_risk_groups_layer
from planner.export.stretch_layer import to_critical_stretches_layer
from planner.export.styles import to_region_style, to_styles
from planner.export.view import to_view

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import geopandas as gpd

    from planner.export.view import MapView
    from planner.result import AuditOutcome, Outcome

NETWORK_SITE_COLUMNS = ["id", "name", "region", "weight", "terminal", "protected", "geometry"]
REGION_SITES_LAYER = "regions_without_polygon"
LAYER_TYPES = {
    "regions": "MultiPolygon",
    REGION_SITES_LAYER: "MultiPoint",
    "rejected_routes": "LineString",
    "spans": "LineString",
    "new_routes": "LineString",
    "critical_stretches": "LineString",
    "risk_groups": "Point",
    "critical_cuts": "Point",
    "sites": "Point",
}


def write_gis(outcome: Outcome | AuditOutcome, folder: Path) -> None:
    """Write every map file of a run.

    ``network.geojson``, ``critical_cuts.geojson``, ``regions.geojson``, ``risk_groups.geojson``, ``plan.gpkg`` and
    ``plan.kmz``; for a solved study also ``new_routes.geojson``, empty where nothing is to be built, and for an audit
    ``critical_stretches.geojson``. The other names are the same for both, so that a map project made on one run opens
    another.

    Parameters
    ----------
    outcome
        What `planner.run` found out.
    folder
        Where to write; it must exist. The same outcome gives the same bytes.

    Raises
    ------
    OSError
        When a file cannot be written.
    """
    view = to_view(outcome)
    layers = to_layers(view)
    sites = layers["sites"]
    network = [sites[[name for name in NETWORK_SITE_COLUMNS if name in sites]], layers["spans"]]
    write_geojson(network, folder / "network.geojson")
    for name in ("new_routes", "critical_cuts", "critical_stretches", "regions", "risk_groups"):
        if name in layers:
            write_geojson([layers[name]], folder / f"{name}.geojson")
    _write_geopackage(view, layers, folder / "plan.gpkg")
    write_kmz(view, layers, folder / "plan.kmz")


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


def _write_geopackage(view: MapView, layers: Mapping[str, gpd.GeoDataFrame], path: Path) -> None:
    """In the study's CRS; regions drawn as sites stand apart from polygons, since a layer has one kind of geometry."""
    crs = view.network.crs
    regions = layers["regions"]
    is_points = (regions.geom_type == "MultiPoint").to_numpy(dtype=bool)
    has_polygons = bool((~is_points).any())
    survives_column = "survives_after" if view.after else "survives_before"
    styles = to_styles(survives_column=survives_column, region_shape="fill" if has_polygons else "marker")
    tables = {"regions": regions}
    types = dict(LAYER_TYPES)
    if has_polygons and is_points.any():
        tables = {"regions": regions[~is_points], REGION_SITES_LAYER: regions[is_points]}
        styles[REGION_SITES_LAYER] = to_region_style(survives_column, "marker")
    elif not has_polygons:
        types["regions"] = "MultiPoint"
    tables |= {name: frame for name, frame in layers.items() if name != "regions"}
    placed = {name: frame.to_crs(crs) for name, frame in tables.items()}
    project = to_qgz(view.title, path.name, crs, placed, types, styles)
    write_geopackage(placed, types, styles, path, project=project)
