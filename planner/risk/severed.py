"""Which spans given cuts sever, and which sites are within their reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from planner.network.cleared import find_cleared
from planner.network.ruler import Ruler
from planner.risk.clearance import find_near_in_plane, find_near_on_ground, leave_out
from planner.risk.discs import to_tolerance_m
from planner.risk.drawing import find_tiling, to_pieces
from planner.risk.ground import from_globe, to_map
from planner.risk.ragged import FloatArray, IntArray, find_starts, run_lengths
from planner.risk.segments import Segments, to_segments

if TYPE_CHECKING:
    from planner.network.model import Network

type Pairs = tuple[IntArray, IntArray]


def find_severed_spans(
    network: Network, incident: gpd.GeoDataFrame, *, radius_m: float, site_clearance_m: float = 0.0
) -> tuple[tuple[int, ...], ...]:
    """Find what each cut of an incident severs.

    Parameters
    ----------
    network
        The network.
    incident
        A row per cut, as `planner.risk.incident.read_incident` returns them. A line cuts everything along it.
    radius_m
        A cut severs every cuttable span within this distance of its point or line, the disc closed as for risk
        groups; the incident's own ``radius_m`` comes first.
    site_clearance_m
        Parts of a span this near one of its own end sites count as out of reach. 0 by default, unlike in the search
        for risk groups: there it keeps every guess near a site from isolating the site; here the place is known,
        and what happened happened.

    Returns
    -------
    tuple
        Per cut the sorted indices of the spans severed.
    """
    spans = to_segments(network.spans.geometry.to_numpy())
    spans = spans.take(network.spans["is_cuttable"].to_numpy(dtype=bool)[spans.line])
    return _find_reached(network, incident, spans, radius_m, site_clearance_m)


def find_sites_in_reach(
    network: Network, incident: gpd.GeoDataFrame, *, radius_m: float
) -> tuple[tuple[int, ...], ...]:
    """Find the sites within each cut's radius; parameters and closed discs as of `find_severed_spans`.

    Returns
    -------
    tuple
        Per cut the sorted indices of the sites, protected ones too.
    """
    return _find_reached(network, incident, to_segments(network.sites.geometry.to_numpy()), radius_m, 0.0)


def _find_reached(
    network: Network, incident: gpd.GeoDataFrame, targets: Segments, radius_m: float, site_clearance_m: float
) -> tuple[tuple[int, ...], ...]:
    """Per cut the targets within its radius."""
    cuts = to_segments(incident.to_crs(network.crs).geometry.to_numpy())
    radius = _to_radius(incident, radius_m)
    find = _find_in_study_plane if network.is_planar else _find_on_ground
    cut, target = find(network, cuts, targets, radius, site_clearance_m)
    reached: list[list[int]] = [[] for _ in range(len(incident))]
    for row, hit in np.unique(np.column_stack([cut, target]), axis=0).tolist():
        reached[row].append(hit)
    return tuple(map(tuple, reached))


def _to_radius(incident: gpd.GeoDataFrame, radius_m: float) -> FloatArray:
    if "radius_m" not in incident:
        return np.full(len(incident), float(radius_m))
    own = incident["radius_m"].to_numpy(dtype=np.float64)
    return np.where(np.isnan(own), float(radius_m), own)


def _find_in_study_plane(
    network: Network, cuts: Segments, spans: Segments, radius_m: FloatArray, site_clearance_m: float
) -> Pairs:
    near = find_near_in_plane(spans, *_find_ends(network), site_clearance_m)
    return _find_in_plane(cuts, leave_out(spans, near), radius_m)


def _find_on_ground(
    network: Network, cuts: Segments, spans: Segments, radius_m: FloatArray, site_clearance_m: float
) -> Pairs:
    ruler = Ruler(network.crs, network.is_planar)
    largest_m = float(radius_m.max(initial=0.0))
    spans, span_globe = to_pieces(spans, ruler, largest_m)
    _, cut_globe = to_pieces(cuts, ruler, largest_m)
    ends, sites = _find_ends(network)
    near = find_near_on_ground(span_globe, ends, ruler.to_lonlat(sites), site_clearance_m)
    spans, span_globe = leave_out(spans, near), leave_out(span_globe, near)
    cut, span = _find_on_maps(cut_globe, span_globe, radius_m)
    # lines that touch do so in every CRS, but to the last digit only in the one that they come in
    touching, touched = _find_in_plane(cuts.take(radius_m[cuts.line] == 0), spans, radius_m)
    return np.concatenate([cut, touching]), np.concatenate([span, touched])


def _find_ends(network: Network) -> tuple[IntArray, FloatArray]:
    """The sites around which each span is left out, and where all sites are."""
    return find_cleared(network), shapely.get_coordinates(network.sites.geometry.to_numpy())


def _find_in_plane(cuts: Segments, spans: Segments, radius_m: FloatArray) -> Pairs:
    """Pairs of a cut and a span within its radius."""
    reach = radius_m + to_tolerance_m(radius_m)
    shapes, tree = cuts.to_shapes(), shapely.STRtree(spans.to_shapes())
    cut, span = tree.query(shapes, predicate="dwithin", distance=reach[cuts.line])
    return cuts.line[cut], spans.line[span]


def _find_on_maps(cuts: Segments, spans: Segments, radius_m: FloatArray) -> Pairs:
    """The same for geocentric coordinates: on a map of each tile that has a piece of a cut."""
    tiling = find_tiling(float(radius_m.max(initial=0.0)))
    home = tiling.find_tiles(from_globe(cuts.start))
    order = np.argsort(home, kind="stable")
    longest_m = float(cuts.lengths_m().max(initial=0.0))
    middle, half_length = (spans.start + spans.end) / 2, spans.lengths_m() / 2
    found = [(cuts.line[:0], spans.line[:0])]
    for first, num in zip(starts := find_starts(home[order]), run_lengths(starts, len(order)), strict=True):
        rows = order[first : first + num]
        centre = tiling.centres().take(home[rows[:1]])
        reach_m = tiling.half_diagonal_m + longest_m + float(radius_m[cuts.line[rows]].max()) * 1.001 + 1.0
        away = np.sqrt(((middle - centre.place) ** 2).sum(axis=1))
        near = np.flatnonzero(away <= reach_m + half_length)
        drawn = [
            Segments(to_map(part.start, centre), to_map(part.end, centre), part.line)
            for part in (cuts.take(rows), spans.take(near))
        ]
        found.append(_find_in_plane(drawn[0], drawn[1], radius_m))
    cut, span = (np.concatenate(column) for column in zip(*found, strict=True))
    return cut, span
