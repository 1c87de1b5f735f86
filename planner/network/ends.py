"""Joins the ends of lines to their sites."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from planner.network.notes import Notes
from planner.network.route_table import NOT_NAMED, RouteTable
from planner.network.site_map import SiteMap

# an end this near its site was meant to lie on it, and is not worth a remark
ON_SITE_M = 1.0

type FloatArray = NDArray[np.float64]
type IntArray = NDArray[np.int64]


def join_ends(routes: RouteTable, sites: SiteMap, notes: Notes) -> RouteTable:
    """Find the site at each end of each route, and turn lines so that they run from a to b.

    Ends that are named must lie within ``sites.snap_m`` of their site; the others are joined to the nearest site
    within it. Lines keep their vertices: `spans.to_spans` leads them on to the sites.

    Parameters
    ----------
    routes
        Lines in the working CRS, named ends or -1.
    sites
        The sites.
    notes
        Takes a remark for each route that was lengthened, a fault for each end too far from its site.

    Returns
    -------
    RouteTable
        The routes without a fault, both ends known.
    """
    routes = _turn(routes, sites)
    xy = np.stack([_vertex(routes.lines, 0), _vertex(routes.lines, -1)], axis=1)
    ends = np.column_stack([routes.a, routes.b])
    unnamed = ends == NOT_NAMED
    ends[unnamed] = _find_nearest_sites(xy[unnamed], sites)
    is_found = ends != NOT_NAMED
    distances_m = np.full(ends.shape, np.inf)
    distances_m[is_found] = sites.ruler.distances_m(xy[is_found], sites.xy[ends[is_found]])
    is_near = distances_m <= sites.snap_m
    _fault_far_ends(routes, sites, ends, is_found & ~is_near, distances_m, notes)
    if sites.table.is_complete:  # else the site may well be one of the faulty rows
        _fault_lone_ends(routes, sites, ~is_found, xy, notes)
    is_good = is_near.all(axis=1)
    joined = replace(routes, a=ends[:, 0], b=ends[:, 1]).take(is_good)
    _remark_joined(joined, sites, distances_m[is_good], notes)
    return joined


def _vertex(lines: NDArray[Any], position: int) -> FloatArray:
    xy: FloatArray = shapely.get_coordinates(shapely.get_point(lines, position))
    return xy


def _turn(routes: RouteTable, sites: SiteMap) -> RouteTable:
    """Reverse lines that run from b to a: those whose ends lie nearer to the named sites the other way round."""
    start, end = _vertex(routes.lines, 0), _vertex(routes.lines, -1)
    as_drawn_m, turned_m = np.zeros(len(routes)), np.zeros(len(routes))
    for site, near, far in ((routes.a, start, end), (routes.b, end, start)):
        is_named = site != NOT_NAMED
        as_drawn_m[is_named] += sites.ruler.distances_m(near[is_named], sites.xy[site[is_named]])
        turned_m[is_named] += sites.ruler.distances_m(far[is_named], sites.xy[site[is_named]])
    lines = routes.lines.copy()
    is_turned = turned_m < as_drawn_m
    lines[is_turned] = shapely.reverse(lines[is_turned])
    return replace(routes, lines=lines)


def _find_nearest_sites(xy: FloatArray, sites: SiteMap) -> IntArray:
    """(n,) index of the nearest site near each place, of equals the first; -1 where there is none."""
    place, site = sites.tree.query(shapely.points(xy), predicate="dwithin", distance=sites.reach)
    distances_m = sites.ruler.distances_m(xy[place], sites.xy[site])
    is_near = (distances_m <= sites.snap_m) & ~sites.is_shadowed[site]
    place, site, distances_m = place[is_near], site[is_near], distances_m[is_near]
    order = np.lexsort((site, distances_m, place))
    first_places, first = np.unique(place[order], return_index=True)
    nearest = np.full(len(xy), NOT_NAMED)
    nearest[first_places] = site[order][first]
    return nearest


def _fault_far_ends(
    routes: RouteTable,
    sites: SiteMap,
    ends: IntArray,
    is_far: NDArray[np.bool_],
    distances_m: FloatArray,
    notes: Notes,
) -> None:
    rows, columns = np.nonzero(is_far)
    notes.fault_rows(
        routes.file,
        list(routes.wheres[rows]),
        [
            f"its end {'ab'[end]} lies {distances_m[row, end]:,.0f} m from site '{sites.ids[ends[row, end]]}'"
            for row, end in zip(rows, columns, strict=True)
        ],
        "raise network.site_snap_m or mend the line",
    )


def _fault_lone_ends(
    routes: RouteTable,
    sites: SiteMap,
    is_lone: NDArray[np.bool_],
    xy: NDArray[np.float64],
    notes: Notes,
) -> None:
    rows, columns = np.nonzero(is_lone)
    lone_xy = xy[rows, columns]
    nearest = np.asarray(sites.tree.nearest(shapely.points(lone_xy)))
    distances_m = sites.ruler.distances_m(lone_xy, sites.xy[nearest])
    notes.fault_rows(
        routes.file,
        list(routes.wheres[rows]),
        [
            f"no site lies within {sites.snap_m:g} m of its {('start', 'end')[end]}; the nearest is "
            f"'{sites.ids[site]}', {distance_m:,.0f} m away"
            for end, site, distance_m in zip(columns, nearest, distances_m, strict=True)
        ],
        "raise network.site_snap_m, mend the line or add the site",
    )


def _remark_joined(routes: RouteTable, sites: SiteMap, distances_m: FloatArray, notes: Notes) -> None:
    is_off = distances_m > ON_SITE_M
    rows = np.flatnonzero(is_off.any(axis=1))
    ends = np.column_stack([routes.a, routes.b])
    whats = []
    for row in rows:
        joints = [
            f"'{sites.ids[ends[row, end]]}', {distances_m[row, end]:.0f} m away" for end in np.flatnonzero(is_off[row])
        ]
        start = "Its ends were joined to sites " if len(joints) == 2 else "Its end was joined to site "
        whats.append(f"{start}{' and '.join(joints)}.")
    farthest_m = distances_m[rows].max(initial=0.0)
    notes.remark_rows(
        "snapped",
        routes.file,
        f"{len(rows)} routes were led on to the sites at their ends, up to {farthest_m:.0f} m away.",
        list(routes.wheres[rows]),
        whats,
    )
