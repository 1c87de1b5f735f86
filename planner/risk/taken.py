"""Which sites fall with given cuts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from planner.network.ruler import Ruler
from planner.risk.severed import find_sites_in_reach

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from planner.network.model import Network
    from planner.study import SitesFail


def find_taken_sites(
    network: Network, incident: gpd.GeoDataFrame, *, radius_m: float, sites_fail: SitesFail
) -> tuple[tuple[int, ...], ...]:
    """Find the sites that each cut of an incident takes. Protected ones never fall.

    Parameters
    ----------
    network
        The network.
    incident
        A row per cut, as `planner.risk.incident.read_incident` returns them.
    radius_m
        How far a cut reaches; the incident's own ``radius_m`` comes first. The disc is closed, as for spans.
    sites_fail
        False: no site falls. ``"disc"``: all sites within reach do. ``"single"``: of those only the one nearest to
        the cut's point or line does, for one building is hit; of equally near ones the one with the lowest id.

    Returns
    -------
    tuple
        Per cut the sorted indices of the sites.

    Notes
    -----
    On the ground the nearest point of a line is sought in the study's CRS, and the distance from there is geodesic.
    """
    if not sites_fail:
        return ((),) * len(incident)
    is_protected = network.sites["protected"].to_numpy(dtype=bool)
    reached = find_sites_in_reach(network, incident, radius_m=radius_m)
    taken = [[site for site in sites if not is_protected[site]] for sites in reached]
    if sites_fail == "single":
        shapes = incident.to_crs(network.crs).geometry
        taken = [_find_nearest(network, shape, sites) for shape, sites in zip(shapes, taken, strict=True)]
    return tuple(map(tuple, taken))


def _find_nearest(network: Network, cut: shapely.Geometry, sites: Sequence[int]) -> list[int]:
    """The site nearest to a cut, to the nanometre; none where there is none."""
    if not sites:
        return []
    ways = shapely.get_coordinates(shapely.shortest_line(cut, network.sites.geometry.to_numpy()[list(sites)]))
    away_m = Ruler(network.crs, network.is_planar).distances_m(ways[::2], ways[1::2])
    return [sites[int(np.argmin(np.round(away_m, 9)))]]
