"""Finds the sites that routes pass on their way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from planner.network.ends import ON_SITE_M
from planner.network.notes import Notes, join_ids
from planner.network.route_table import RouteTable
from planner.network.site_map import SiteMap

type FloatArray = NDArray[np.float64]
type IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Passes:
    """Where routes pass sites between their ends, in the order of the routes and along each.

    Parameters
    ----------
    route, site
        (p,) route and site indices.
    measure
        (p,) distance along the line, in the working CRS's plane.
    xy
        (p, 2) the nearest place on the line.
    """

    route: IntArray
    site: IntArray
    measure: FloatArray
    xy: FloatArray


def find_passes(routes: RouteTable, sites: SiteMap) -> Passes:
    """Find the sites that routes pass between their ends.

    A route passes a site that its line comes within ``sites.snap_m`` of, at the nearest place, the first of equals.
    Sites that lie beside an end rather than along the line (nearer to the end along the line than to the line) are
    not passed, nor are the route's own ends.

    Parameters
    ----------
    routes
        Lines from a to b in the working CRS.
    sites
        The sites; shadowed ones are not looked at.

    Returns
    -------
    Passes
        Sorted by route, then along it.
    """
    route, site = sites.tree.query(routes.lines, predicate="dwithin", distance=sites.reach)
    is_other = (site != routes.a[route]) & (site != routes.b[route]) & ~sites.is_shadowed[site]
    route, site = route[is_other], site[is_other]
    lines = routes.lines[route]
    measure = shapely.line_locate_point(lines, sites.points[site])
    xy = shapely.get_coordinates(shapely.line_interpolate_point(lines, measure))
    aside = np.hypot(*(sites.xy[site] - xy).T)
    to_end = np.minimum(measure, shapely.length(lines) - measure)
    is_near = sites.ruler.distances_m(xy, sites.xy[site]) <= sites.snap_m
    is_passed = is_near & (to_end > np.maximum(aside, ON_SITE_M))
    passes = np.flatnonzero(is_passed)
    passes = passes[np.lexsort((site[passes], measure[passes], route[passes]))]
    return Passes(route[passes], site[passes], measure[passes], xy[passes])


def drop_loops(routes: RouteTable, passes: Passes, sites: SiteMap, notes: Notes) -> tuple[RouteTable, Passes]:
    """Leave out routes that begin and end at one site and pass no other: they connect nothing."""
    is_loop = routes.a == routes.b
    is_loop[passes.route] = False
    loops = np.flatnonzero(is_loop)
    notes.remark_rows(
        "dropped",
        routes.file,
        f"{len(loops)} routes were left out, since each begins and ends at one site and passes no other.",
        list(routes.wheres[loops]),
        [
            f"It begins and ends at site '{site}' and passes no other, so it was left out."
            for site in sites.ids[routes.a[loops]]
        ],
        is_warning=True,
    )
    new_row = np.cumsum(~is_loop) - 1
    return routes.take(~is_loop), Passes(new_row[passes.route], passes.site, passes.measure, passes.xy)


def remark_splits(routes: RouteTable, passes: Passes, sites: SiteMap, notes: Notes) -> None:
    """Say which routes were split, and where."""
    rows, first = np.unique(passes.route, return_index=True)
    groups = np.split(sites.ids[passes.site], first[1:]) if len(rows) else []
    notes.remark_rows(
        "split",
        routes.file,
        f"{len(rows)} routes were split at {len(passes.route)} sites on their way.",
        list(routes.wheres[rows]),
        [
            f"Split at {'site' if len(ids) == 1 else 'sites'} {join_ids(list(ids))} into {len(ids) + 1} spans."
            for ids in groups
        ],
    )
