"""Every section of the corridors as a candidate of the network, and what is chosen of them as routes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from planner.candidates.model import CorridorNetwork
from planner.network.columns import to_objects
from planner.network.model import Network
from planner.network.ruler import Ruler
from planner.problem import IntArray


def add_sections(network: Network, corridors: CorridorNetwork, *, clearance_m: float, accuracy_m: float) -> Network:
    """Add junctions as sites that owe nothing, and sections as candidates of one span.

    Parameters
    ----------
    network
        The network.
    corridors
        Priced, in the same CRS.
    clearance_m
        Sections are left out of risk groups within so many metres of any site: a section does not know yet which
        route it will be part of, and ends at junctions, around which nothing is left out.
    accuracy_m
        Of the sections.

    Returns
    -------
    Network
        What was added stands behind the rest, in the corridors' order.
    """
    site_of = corridors.junctions["site"].to_numpy()
    is_new = site_of < 0
    row = np.where(is_new, len(network.sites) + np.cumsum(is_new) - 1, site_of)
    sections = corridors.sections
    ends = row[sections[["start", "end"]].to_numpy(dtype=np.int64)].reshape(-1, 2)
    return extend(
        replace(network, remarks=(*network.remarks, *corridors.remarks)),
        junctions=corridors.junctions[is_new],
        ends=ends,
        columns={
            "route_id": sections["section_id"].to_list(),
            "kind": sections["kind"].to_list(),
            "accuracy_m": np.full(len(sections), accuracy_m),
            "cost": sections["cost"].to_numpy(dtype=np.float64),
            "length_km": sections["length_m"].to_numpy(dtype=np.float64) / 1000,
        },
        lines=sections.geometry.to_numpy(),
        cleared=find_near_sites(network, sections.geometry.to_numpy(), clearance_m),
    )


def find_near_sites(network: Network, lines: NDArray[Any], clearance_m: float) -> list[tuple[int, ...]]:
    """Per line the sites within the clearance, ascending."""
    points = network.sites.geometry.to_numpy()
    reach = Ruler(network.crs, network.is_planar).reach(shapely.get_coordinates(points), clearance_m)
    line, site = shapely.STRtree(points).query(lines, predicate="dwithin", distance=reach)
    near: list[list[int]] = [[] for _ in lines]
    for one, other in zip(line.tolist(), site.tolist(), strict=True):
        near[one].append(other)
    return [tuple(sorted(sites)) for sites in near]


def extend(
    network: Network,
    *,
    junctions: gpd.GeoDataFrame,
    ends: IntArray,
    columns: Mapping[str, Any],
    lines: NDArray[Any],
    cleared: list[tuple[int, ...]],
) -> Network:
    """Add junctions and candidates of one span behind a network's own.

    Parameters
    ----------
    network
        The network.
    junctions
        ``junction_id`` and geometry of the sites to add.
    ends
        (c, 2) sites of each candidate, those added counted from ``len(network.sites)``.
    columns
        Of the routes: ``route_id``, ``kind``, ``accuracy_m``, ``cost``, ``length_km``, and others.
    lines
        (c,) from end to end.
    cleared
        Per candidate the sites around which its span is left out of risk groups.
    """
    num = len(lines)
    ids = junctions["junction_id"].to_list()
    sites = {
        "site_id": ids,
        "name": ids,
        "region": [None] * len(ids),
        "weight": np.zeros(len(ids)),
        "terminal": np.zeros(len(ids), dtype=bool),
        "protected": np.zeros(len(ids), dtype=bool),
    }
    routes = {
        **columns,
        "a": ends[:, 0],
        "b": ends[:, 1],
        "status": ["candidate"] * num,
        "operator": [None] * num,
        "is_cuttable": np.ones(num, dtype=bool),
    }
    spans = {
        "span_id": columns["route_id"],
        "route": np.arange(num) + len(network.routes),
        "route_id": columns["route_id"],
        "a": ends[:, 0],
        "b": ends[:, 1],
        "is_candidate": np.ones(num, dtype=bool),
        "is_cuttable": np.ones(num, dtype=bool),
        "accuracy_m": columns["accuracy_m"],
        "length_m": np.asarray(columns["length_km"]) * 1000,
        "cleared": cleared,
    }
    return replace(
        network,
        sites=_append(network.sites, sites, junctions.geometry.to_numpy()),
        routes=_append(network.routes, routes, lines),
        spans=_append(network.spans, spans, lines),
    )


def _append(frame: gpd.GeoDataFrame, columns: Mapping[str, Any], geometry: NDArray[Any]) -> gpd.GeoDataFrame:
    """The frame with rows more; None where one of the two has no such column."""
    names = dict.fromkeys([*frame.columns.drop("geometry"), *columns])
    together = pd.DataFrame({name: _join(frame, columns, name, len(geometry)) for name in names})
    places = np.concatenate([frame.geometry.to_numpy(), geometry])
    return gpd.GeoDataFrame(together, geometry=places, crs=frame.crs)


def _join(frame: gpd.GeoDataFrame, columns: Mapping[str, Any], name: str, num: int) -> Any:
    old: Any = frame[name] if name in frame else [None] * len(frame)
    new = columns.get(name, [None] * num)
    if name in frame and isinstance(new, np.ndarray) and frame[name].dtype.kind in "biuf":
        own = frame[name].to_numpy()
        return np.concatenate([own, new.astype(own.dtype)])
    return to_objects([*old, *new])
