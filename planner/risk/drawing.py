"""Draws a network's spans in planes that are true to scale, without what is near their own end sites.

In the plane (``distances = "plane"``) that is the study's CRS itself. On the ground distances are true to 0.1 %
anywhere, whatever the CRS does to them: the globe is covered with tiles of at most 250 km from middle to corner,
and every tile within reach of two spans gets an azimuthal equidistant map around its middle, which shows what
happens around each of its points true to 0.03 % (`planner.risk.ground`). A map answers for the points of its tile.
Spans are meant to be straight in the study's CRS between their vertices; they are drawn in pieces short enough for
that line, the geodesic and the straight line of any such map to agree to 0.015 % of the radius or 1 mm, whichever
is more (`planner.risk.densify`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from planner.network.cleared import find_cleared
from planner.network.ruler import Ruler
from planner.risk.clearance import find_near_in_plane, find_near_on_ground, leave_out
from planner.risk.densify import divide_and_place
from planner.risk.ground import from_globe, to_globe
from planner.risk.planes import Planes, to_flat_plane, to_maps
from planner.risk.ragged import FloatArray, IntArray, find_starts
from planner.risk.segments import Segments, to_segments
from planner.risk.tiles import Tiling, to_tiling

if TYPE_CHECKING:
    from planner.network.model import Network

_STRAY = 1.5e-4  # of the radius
_MIN_STRAY_M = 1e-3
_MIN_TILE_M, _MAX_TILE_M = 80_000.0, 250_000.0  # from the middle of a tile to its corner


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """Cuttable spans in planes.

    Parameters
    ----------
    planes
        The planes.
    middles
        (n, 2) longitude and latitude of the middle of what is left of each span; of the span where nothing is.
    """

    planes: Planes
    middles: FloatArray


def draw_spans(
    network: Network, *, radius_m: float, site_clearance_m: float, drawn_sites: IntArray | None = None
) -> Drawing:
    """Draw the cuttable spans of a network.

    Parameters
    ----------
    network
        The network.
    radius_m
        The planes answer for all points this near a span.
    site_clearance_m
        Parts of a span this near one of its own end sites are left out (`planner.network.cleared`).
    drawn_sites
        Sites to be drawn too, as lines behind the spans, in this order.
    """
    ruler = Ruler(network.crs, network.is_planar)
    lines = network.spans.geometry.to_numpy()
    middles = ruler.to_lonlat(shapely.get_coordinates(shapely.line_interpolate_point(lines, 0.5, normalized=True)))
    segments = to_segments(lines)
    segments = segments.take(network.spans["is_cuttable"].to_numpy(dtype=bool)[segments.line])
    ends = find_cleared(network)
    sites = shapely.get_coordinates(network.sites.geometry.to_numpy())
    extra = np.zeros(0, dtype=np.int64) if drawn_sites is None else drawn_sites
    if network.is_planar:
        near = find_near_in_plane(segments, ends, sites, site_clearance_m)
        left = leave_out(segments, near)
        drawn = _add_places(left, len(lines), sites[extra])
        planes, places = to_flat_plane(drawn, radius_m), ruler.to_lonlat(_middles(left))
    else:
        pieces, globe = to_pieces(segments, ruler, radius_m)
        near = find_near_on_ground(globe, ends, ruler.to_lonlat(sites), site_clearance_m)
        left = leave_out(globe, near)
        # lines that touch do so in every CRS, but to the last digit only in the one that they come in
        places = from_globe(_middles(left))
        if radius_m == 0:
            planes = to_flat_plane(_add_places(leave_out(pieces, near), len(lines), sites[extra]), radius_m)
        else:
            drawn = _add_places(left, len(lines), to_globe(ruler.to_lonlat(sites[extra])))
            planes = to_maps(drawn, find_tiling(radius_m), radius_m, first_site=len(lines))
    middles[np.unique(left.line)] = places
    return Drawing(planes, middles)


def _add_places(segments: Segments, first: int, places: FloatArray) -> Segments:
    """Lines and, behind them, places as lines without length, numbered from `first` on."""
    number = np.arange(first, first + len(places))
    ends = np.concatenate([segments.start, places]), np.concatenate([segments.end, places])
    return Segments(*ends, np.concatenate([segments.line, number]))


def find_tiling(radius_m: float) -> Tiling:
    """Choose the tiles to draw maps of: small ones for small discs, since lines then bend less on their maps."""
    return to_tiling(float(np.clip(_MIN_TILE_M + radius_m / 2, _MIN_TILE_M, _MAX_TILE_M)))


def to_pieces(segments: Segments, ruler: Ruler, radius_m: float) -> tuple[Segments, Segments]:
    """Segments of the study's CRS in short pieces: in that CRS, and in geocentric coordinates."""
    return divide_and_place(
        segments,
        ruler.to_lonlat,
        max_stray_m=max(_STRAY * radius_m, _MIN_STRAY_M),
        max_away_m=1.5 * find_tiling(radius_m).half_diagonal_m + radius_m,
    )


def _middles(segments: Segments) -> FloatArray:
    """The middle of each line that there is, by length."""
    lengths = segments.lengths_m()
    begins = np.cumsum(lengths) - lengths
    first = find_starts(segments.line)
    last = np.append(first[1:], len(segments)) - 1 if len(first) else first
    halfway = (begins[first] + begins[last] + lengths[last]) / 2
    row = np.clip(np.searchsorted(begins, halfway, side="right") - 1, first, last)
    share = np.divide(halfway - begins[row], lengths[row], out=np.zeros(len(row)), where=lengths[row] > 0)
    middles: FloatArray = segments.start[row] + np.clip(share, 0, 1)[:, None] * (segments.end - segments.start)[row]
    return middles
