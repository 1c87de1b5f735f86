"""Reads a study's files into a Network, or says everything that is wrong with them."""

from __future__ import annotations

import geopandas as gpd
import numpy as np

from planner.network.choice import check_choice
from planner.network.crs import find_crs
from planner.network.decisions import read_decisions
from planner.network.doubts import remark_settings
from planner.network.join import join_network
from planner.network.layer import Layer, to_layer
from planner.network.lengths import LENGTH_COLUMNS
from planner.network.levels import check_named_regions
from planner.network.model import Network
from planner.network.notes import Notes
from planner.network.places import check_swapped, remark_places
from planner.network.polygons import PolygonTable, read_polygons
from planner.network.read_layer import read_layer
from planner.network.regions import known_region_ids
from planner.network.roles import Role, candidate_role, region_role, route_role, site_role
from planner.network.route_table import RouteTable
from planner.network.routes import ROUTE_COLUMNS, check_declared, check_shared_ids, read_routes
from planner.network.sites import SITE_COLUMNS, SiteTable, read_sites, to_lonlat
from planner.network.status import Status
from planner.study import Study

LAID = "candidates along corridors"
"""Stands for a file where candidates are in none."""


def read_network(study: Study, candidates: gpd.GeoDataFrame | None = None) -> Network:
    """Read, clean and join up the network of a study.

    Parameters
    ----------
    study
        Names the files, relative to its folder.
    candidates
        Candidate routes that no file holds, with the columns that a file would have; None to read the study's own.

    Returns
    -------
    Network
        Sites, routes, spans and regions in one metric CRS, with every repair and doubt as a remark.

    Raises
    ------
    InputError
        With every fault of every file: what is wrong, where, and what to do.

    Examples
    --------
    >>> network = planner.read_network(planner.read_study("towns"))
    >>> network.sites["site_id"].tolist()[:2]
    ['eastham', 'hilltop']
    """
    notes = Notes()
    network = _read(study, candidates, notes)
    notes.faults.raise_if_any()
    assert network is not None
    return network


def _read(study: Study, candidates: gpd.GeoDataFrame | None, notes: Notes) -> Network | None:
    """Read everything that can be read, so that all faults are found; None where they leave no network."""
    remark_settings(study, notes)
    study = read_decisions(study, notes)
    layer = read_layer(study, study.network.sites, notes, role=site_role(study), known=SITE_COLUMNS)
    sites = None if layer is None else read_sites(layer, study, notes)
    routes = _read_route_files(study, candidates, sites, notes)
    polygons = _read_polygon_file(study, notes)
    lonlat = np.zeros((0, 2)) if sites is None else to_lonlat(sites)
    crs = find_crs(study, None if sites is None else sites.crs, lonlat, notes)
    if sites is None:
        return None
    remark_places(sites, lonlat, notes)
    check_swapped(sites, routes, notes)
    known = known_region_ids(study, sites, polygons)
    if known is not None:
        check_named_regions(study, known, notes)
    if crs is None or sites.crs is None or not len(sites) or not routes:
        return None
    return join_network(study, sites, routes, polygons, crs, notes)


def _read_route_files(
    study: Study, candidates: gpd.GeoDataFrame | None, sites: SiteTable | None, notes: Notes
) -> list[RouteTable]:
    files: list[tuple[str | None, Status, Role]] = [
        (study.network.routes, "existing", route_role(study)),
        (study.candidates.routes, "candidate", candidate_role(study)),
    ]
    known = [*ROUTE_COLUMNS, *LENGTH_COLUMNS, *study.cuts.declared]
    layers: list[tuple[Layer, Status]] = []
    for name, default, role in files:
        layer = None if name is None else read_layer(study, name, notes, role=role, known=known)
        if layer is not None:
            layers.append((layer, default))
    if candidates is not None and study.candidates.routes is None:
        layers.append((to_layer(candidates, LAID, "id"), "candidate"))
    tables = [read_routes(layer, default, study, sites, notes) for layer, default in layers]
    if len(layers) == 2:
        is_own = check_shared_ids(layers[0][0], layers[1][0], notes)
        own_ids = layers[1][0].ids[is_own]
        tables[1] = tables[1].take(np.isin(tables[1].ids.astype(str), own_ids.astype(str)))
    if layers:
        check_declared([layer for layer, _ in layers], study, notes)
        check_choice([layer for layer, _ in layers], tables, study, notes)
    return tables


def _read_polygon_file(study: Study, notes: Notes) -> PolygonTable | None:
    settings = study.regions
    if settings.polygons is None:
        return None
    known = ["name", *(column for column in (settings.name, settings.weight) if column is not None)]
    layer = read_layer(
        study,
        settings.polygons,
        notes,
        role=region_role(study),
        known=known,
        id_column=settings.id,
        setting="regions.id",
    )
    return None if layer is None else read_polygons(layer, study, notes)
