"""What one cut takes where sites fall too: of the sets that take the same sites, every maximal set of spans."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.spatial import KDTree

from planner.network.ruler import Ruler
from planner.risk.deepen import deepen
from planner.risk.discs import search_planes, to_tolerance_m
from planner.risk.found import LineSets, to_groups, to_words
from planner.risk.maximal import find_maximal
from planner.risk.planes import Planes
from planner.risk.ragged import BoolArray, FloatArray, IntArray, expand, find_starts, sum_by_key
from planner.risk.strips import Strips

if TYPE_CHECKING:
    from planner.network.model import Network

type Group = tuple[int, ...]
type Place = tuple[float, float]
type Taken = tuple[Group, Group]
"""Sites and spans, sorted."""

_AT_SITE_M = 2e-5  # a cut of radius zero this near a site is at the site
_APART = 1e12  # metres between planes, so that what is in two planes is never near


def find_falling_sites(network: Network) -> IntArray:
    """The sites that cuts can take, ascending: those that are not protected."""
    if "protected" not in network.sites:
        return np.arange(len(network.sites))
    return np.flatnonzero(~network.sites["protected"].to_numpy(dtype=bool))


def find_single_sites(network: Network) -> dict[Taken, Place]:
    """Each site that can fall alone, with the spans at it, hardened ones too, and where it is."""
    sites = find_falling_sites(network)
    start, span = _find_incident(network)
    xy = shapely.get_coordinates(network.sites.geometry.to_numpy())[sites]
    lonlat = Ruler(network.crs, network.is_planar).to_lonlat(xy).tolist()
    return {
        ((site,), tuple(span[start[site] : start[site + 1]].tolist())): (lon, lat)
        for site, (lon, lat) in zip(sites.tolist(), lonlat, strict=True)
    }


def find_taken_sets(
    network: Network, planes: Planes, sites: IntArray, reach_m: FloatArray, radius_m: float
) -> dict[Taken, Place]:
    """Find what discs take.

    Parameters
    ----------
    network
        The network.
    planes
        Its cuttable spans without what is near their own ends, and behind them, as lines without length, `sites`.
    sites
        (s,) the sites that can fall.
    reach_m
        (n,) distance of the disc's centre within which each span is severed.
    radius_m
        The same for sites.

    Returns
    -------
    dict
        Sites and spans, those at the sites included, hardened ones too, to longitude and latitude of such a disc's
        centre. Of those with the same sites, or none, only the maximal ones; none of a single span.
    """
    num_spans = len(reach_m)
    # a point beside a site is within the tolerance of spans that leave it in other directions, too: at radius zero only
    radius_m = radius_m or _AT_SITE_M
    reach_m = np.concatenate([reach_m, np.full(len(sites), radius_m)])
    items, strips = search_planes(planes, reach_m, first_site=num_spans)
    items = items.take(np.flatnonzero((np.diff(items.start) > 1) | (items.line[items.start[:-1]] >= num_spans)))
    taken = _add_incident(items, network, sites, num_spans)
    kept = _find_distinct(taken)
    kept = kept[find_maximal(taken.take(kept))]
    items, taken = _deepen(items.take(kept), planes, strips, num_spans, radius_m), taken.take(kept)
    places = find_places(network, planes, items).tolist()
    spans = to_groups(_keep_lines(taken, taken.line < num_spans))
    fallen = _keep_lines(items, items.line >= num_spans)
    fallen = replace(fallen, line=sites[fallen.line - num_spans])
    return {
        (group, severed): (lon, lat)
        for group, severed, (lon, lat) in zip(to_groups(fallen), spans, places, strict=True)
    }


def find_places(network: Network, planes: Planes, sets: LineSets) -> FloatArray:
    """(g, 2) longitude and latitude of the point of each set."""
    places = planes.to_places(sets.frame, np.column_stack([sets.x, sets.y]))
    return places if planes.is_ground else Ruler(network.crs, network.is_planar).to_lonlat(places)


def _find_incident(network: Network) -> tuple[IntArray, IntArray]:
    """Where the spans of each site begin, and the spans; those of a site ascending."""
    ends = network.spans[["a", "b"]].to_numpy(dtype=np.int64)
    keys = np.unique(ends * len(ends) + np.arange(len(ends))[:, None])
    site = keys // max(len(ends), 1)
    return np.searchsorted(site, np.arange(len(network.sites) + 1)), keys - site * len(ends)


def _add_incident(items: LineSets, network: Network, sites: IntArray, num_spans: int) -> LineSets:
    """Add the spans at the sites of each set; and put one number, that no other sites have, in place of its sites.

    So a set can be a part of another only where they have the same sites.
    """
    owner = np.repeat(np.arange(len(items)), np.diff(items.start))
    is_site = items.line >= num_spans
    which, at = items.line[is_site] - num_spans, owner[is_site]
    word = sum_by_key(to_words(len(sites))[which], at, len(items))
    number = num_spans + np.unique(word, return_inverse=True)[1]
    start, span = _find_incident(network)
    first = start[sites[which]]
    sizes = start[sites[which] + 1] - first
    width = num_spans + len(items)
    severed = owner[~is_site] * width + items.line[~is_site]
    incident = np.repeat(at, sizes) * width + span[expand(first, sizes)]
    keys = np.sort(np.concatenate([severed, incident, np.arange(len(items)) * width + number]))
    keys = keys[find_starts(keys)]
    owner = keys // width
    bounds = np.searchsorted(owner, np.arange(len(items) + 1))
    return replace(items, start=bounds, line=keys - owner * width)


def _find_distinct(sets: LineSets) -> IntArray:
    """The first of every set that is there more than once."""
    owner = np.repeat(np.arange(len(sets)), np.diff(sets.start))
    words = to_words(int(sets.line.max(initial=0)) + 1)[sets.line]
    return np.sort(np.unique(sum_by_key(words, owner, len(sets)), return_index=True)[1])


def _keep_lines(sets: LineSets, is_kept: BoolArray) -> LineSets:
    start = np.concatenate([[0], np.cumsum(is_kept)])[sets.start]
    return replace(sets, start=start, line=sets.line[is_kept])


def _deepen(items: LineSets, planes: Planes, strips: Strips, num_spans: int, radius_m: float) -> LineSets:
    """Move points to well within reach, as long as that takes no other site."""
    moved = deepen(items, strips, planes.half_m)
    is_site = planes.segments.line >= num_spans
    places = np.column_stack([planes.segments.start[is_site], planes.frame[is_site] * _APART])
    # clear of every doubt about which sites are within the radius
    clear_m = radius_m + 2 * float(to_tolerance_m(np.array(radius_m)))
    points = np.column_stack([moved.x, moved.y, moved.frame * _APART])
    num_near = KDTree(places).query_ball_point(points, clear_m, return_length=True) if len(points) else 0
    owner = np.repeat(np.arange(len(items)), np.diff(items.start))
    is_fine = num_near == np.bincount(owner[items.line >= num_spans], minlength=len(items))
    return replace(moved, x=np.where(is_fine, moved.x, items.x), y=np.where(is_fine, moved.y, items.y))
