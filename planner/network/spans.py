"""Splits routes into spans at the sites that they pass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from planner.network.ends import ON_SITE_M
from planner.network.passes import Passes
from planner.network.route_table import RouteTable
from planner.network.site_map import SiteMap

SAME_VERTEX_M = 1e-6

type FloatArray = NDArray[np.float64]
type IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Spans:
    """The spans of all routes, in the order of the routes and along each.

    Parameters
    ----------
    route, number
        (m,) route index, and the span's number on it, from 1.
    a, b
        (m,) site indices.
    lines
        (m,) lines from site to site.
    length_m
        (m,) their lengths.
    route_lines
        (n,) the spans of each route as one line.
    """

    route: IntArray
    number: IntArray
    a: IntArray
    b: IntArray
    lines: NDArray[Any]
    length_m: FloatArray
    route_lines: NDArray[Any]


def to_spans(routes: RouteTable, passes: Passes, sites: SiteMap) -> Spans:
    """Split routes at the sites that they pass.

    Every line keeps its course. From its end vertex it is led straight on to its site, and at a site on the way
    from the nearest place on the line to the site and back. Vertices within a metre of the site are replaced by it.

    Parameters
    ----------
    routes
        Lines from a to b in the working CRS.
    passes
        The sites on the way.
    sites
        The sites.

    Returns
    -------
    Spans
        At least one per route.
    """
    vertices = _to_vertices(routes, passes, sites.xy)
    span = np.cumsum(vertices["is_start"].to_numpy()) - 1
    is_kept = _worth_keeping(vertices, span)
    xy = vertices[["x", "y"]].to_numpy()
    at_start, at_end = (vertices[vertices[flag]] for flag in ("is_start", "is_end"))
    lines = _to_lines(xy[is_kept], span[is_kept])
    # of the two rows that stand for a site on the way a whole route needs one
    is_once = is_kept & ~(vertices["is_start"] & (vertices["rank"] > 0)).to_numpy()
    route_of_vertex = vertices["route"].to_numpy()
    route = at_start["route"].to_numpy()
    return Spans(
        route=route,
        number=np.arange(len(route)) - np.searchsorted(route, route) + 1,
        a=at_start["site"].to_numpy(),
        b=at_end["site"].to_numpy(),
        lines=lines,
        length_m=sites.ruler.lengths_m(lines),
        route_lines=_to_lines(xy[is_once], route_of_vertex[is_once]),
    )


def _to_lines(xy: FloatArray, line: IntArray) -> NDArray[Any]:
    lines: NDArray[Any] = np.asarray(shapely.linestrings(xy, indices=line), dtype=object)
    return lines


def _to_vertices(routes: RouteTable, passes: Passes, site_xy: FloatArray) -> pd.DataFrame:
    """The vertices of all spans in their order: `rank` orders those at one measure, 0 for the route's first."""
    xy, route = shapely.get_coordinates(routes.lines, return_index=True)
    num_routes, num_passes = len(routes), len(passes.route)
    every_route = np.arange(num_routes)
    # the ordinal of a pass on its route keeps the vertices of two passes at one place apart
    rank = 2 + 4 * (np.arange(num_passes) - np.searchsorted(passes.route, passes.route))
    off_line = np.hypot(*(site_xy[passes.site] - passes.xy).T) > ON_SITE_M
    pass_xy = site_xy[passes.site]
    parts = [
        _part(every_route, -1.0, 0, site_xy[routes.a], routes.a, is_start=True),
        _part(route, _measures(xy, route), 1, xy),
        _part(passes.route[off_line], passes.measure[off_line], rank[off_line], passes.xy[off_line]),
        _part(passes.route, passes.measure, rank + 1, pass_xy, passes.site, is_end=True),
        _part(passes.route, passes.measure, rank + 2, pass_xy, passes.site, is_start=True),
        _part(passes.route[off_line], passes.measure[off_line], rank[off_line] + 3, passes.xy[off_line]),
        _part(every_route, np.inf, 0, site_xy[routes.b], routes.b, is_end=True),
    ]
    vertices = pd.concat(parts, ignore_index=True)
    order = np.lexsort((vertices["rank"], vertices["measure"], vertices["route"]))
    return vertices.iloc[order].reset_index(drop=True)


def _part(
    route: IntArray,
    measure: FloatArray | float,
    rank: IntArray | int,
    xy: FloatArray,
    site: IntArray | int = -1,
    *,
    is_start: bool = False,
    is_end: bool = False,
) -> pd.DataFrame:
    values = {
        "route": route, "measure": measure, "rank": rank, "x": xy[:, 0], "y": xy[:, 1], "site": site,
        "is_start": is_start, "is_end": is_end,
    }  # fmt: skip
    return pd.DataFrame(values, index=range(len(route)))


def _measures(xy: FloatArray, line: IntArray) -> FloatArray:
    """(v,) distance of each vertex along its line."""
    steps = np.zeros(len(xy))
    steps[1:] = np.hypot(*np.diff(xy, axis=0).T) * (line[1:] == line[:-1])
    along = np.cumsum(steps)
    starts = np.searchsorted(line, np.arange(line[-1] + 1 if len(line) else 0))
    return along - along[starts][line]


def _worth_keeping(vertices: pd.DataFrame, span: IntArray) -> NDArray[np.bool_]:
    """Which vertices to keep: sites always, others unless they stand on a neighbouring site or on their predecessor."""
    xy = vertices[["x", "y"]].to_numpy()
    is_site = (vertices["is_start"] | vertices["is_end"]).to_numpy()
    gap = np.where(span[1:] == span[:-1], np.hypot(*np.diff(xy, axis=0).T), np.inf)
    after_site = (gap <= np.where(is_site[:-1], ON_SITE_M, SAME_VERTEX_M)) & ~is_site[1:]
    before_site = (gap <= ON_SITE_M) & is_site[1:] & ~is_site[:-1]
    is_kept = np.ones(len(vertices), dtype=bool)
    is_kept[1:] &= ~after_site
    is_kept[:-1] &= ~before_site
    return is_kept
