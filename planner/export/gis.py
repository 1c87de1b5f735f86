"""A result as map files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from planner.export.geojson import write_geojson
from planner.export.geopackage import write_geopackage
from planner.export.kmz import write_kmz
from planner.export.qgis_project import to_qgz
from planner.export.qml import to_qml
from planner.export.styles import to_region_style, to_styles
from planner.result.frames.every import to_layers
from planner.result.frames.view import to_view

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import numpy as np
    from numpy.typing import NDArray

    from planner.export.qml import Shape
    from planner.result import AuditOutcome, Outcome
    from planner.result.frames.view import MapView

NETWORK_SITE_COLUMNS = ["id", "name", "region", "weight", "terminal", "protected", "geometry"]
REGION_SITES_LAYER = "regions_without_polygon"
STYLED = ("new_routes", "critical_cuts", "critical_stretches", "regions", "risk_groups")
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


def write_gis(outcome: Outcome | AuditOutcome, folder: str | Path) -> None:
    """Write every map file of a run.

    ``network.geojson``, ``critical_cuts.geojson``, ``regions.geojson``, ``risk_groups.geojson``, ``plan.gpkg`` and
    ``plan.kmz``; for a solved study also ``new_routes.geojson``, empty where nothing is to be built, and for an audit
    ``critical_stretches.geojson``. The other names are the same for both, so that a map project made on one run opens
    another. Beside each GeoJSON but ``network.geojson``, which holds points and lines, lies its style for QGIS.

    Parameters
    ----------
    outcome
        What `planner.run` found out.
    folder
        Where to write; it must exist, and files of these names in it are replaced. The same outcome gives the same
        bytes.

    Raises
    ------
    OSError
        When a file cannot be written.

    Examples
    --------
    >>> planner.write_gis(planner.solve("towns"), "run")
    """
    folder = Path(folder)
    view = to_view(outcome)
    layers = to_layers(view)
    sites = layers["sites"]
    network = [sites[[name for name in NETWORK_SITE_COLUMNS if name in sites]], layers["spans"]]
    write_geojson(network, folder / "network.geojson")
    for name in STYLED:
        if name in layers:
            write_geojson([layers[name]], folder / f"{name}.geojson")
            _write_style(name, view, layers[name], folder)
    _write_geopackage(view, layers, folder / "plan.gpkg")
    write_kmz(view, layers, folder / "plan.kmz")


def _write_style(name: str, view: MapView, frame: gpd.GeoDataFrame, folder: Path) -> None:
    """What QGIS takes for a GeoJSON's style; none for an empty file, nor where polygons and points are in one."""
    is_points = _find_points(frame)
    if not len(frame) or (name == "regions" and is_points.any() and not is_points.all()):
        return
    shape: Shape = "marker" if is_points.all() else "fill"
    style = to_styles(survives_column=_to_survives_column(view), region_shape=shape)[name]
    (folder / f"{name}.qml").write_text(to_qml(style) + "\n", encoding="utf-8", newline="\n")


def _find_points(regions: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """(n,) regions drawn as their sites."""
    is_points: NDArray[np.bool_] = (regions.geom_type == "MultiPoint").to_numpy(dtype=bool)
    return is_points


def _to_survives_column(view: MapView) -> str:
    return "survives_after" if view.after else "survives_before"


def _write_geopackage(view: MapView, layers: Mapping[str, gpd.GeoDataFrame], path: Path) -> None:
    """In the study's CRS; regions drawn as sites stand apart from polygons, since a layer has one kind of geometry."""
    crs = view.network.crs
    regions = layers["regions"]
    is_points = _find_points(regions)
    has_polygons = bool((~is_points).any())
    survives_column = _to_survives_column(view)
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
    path.unlink(missing_ok=True)  # else its layers are written beside those that it has
    write_geopackage(placed, types, styles, path, project=project)
