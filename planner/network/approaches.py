"""Follows every span out of its sites' surroundings, on a map around each site that is true from there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from planner.network.accuracy import find_accuracy_m
from planner.network.ruler import GEOD, Ruler

if TYPE_CHECKING:
    from planner.network.model import Network

# lines nearer than this run together whatever the radius
MIN_APART_M = 1.0
# followed at least this far, also where a study leaves nothing clear
MIN_EDGE_M = 50.0

type FloatArray = NDArray[np.float64]
type IntArray = NDArray[np.int64]
type BoolArray = NDArray[np.bool_]
type Pieces = tuple[FloatArray, FloatArray, IntArray]


@dataclass(frozen=True, slots=True, eq=False)
class Approaches:
    """Ways from a site outwards, one per span and end, those that can be cut.

    Parameters
    ----------
    site, span, route
        (n,) rows in the network's frames.
    reach_m
        (n,) half the radius of a cut, and the span's accuracy: two ways run together where they are no farther from
        each other than the reaches of both.
    inner_m, edge_m
        (n,) between which distances from the site each is followed.
    parts
        (n,) multilines between these, metres east and north of the site; None where nothing is left.
    bearing
        (n,) degrees from north at which each leaves that ground, seen from the site; grid north in the plane.
    """

    site: IntArray
    span: IntArray
    route: IntArray
    reach_m: FloatArray
    inner_m: FloatArray
    edge_m: FloatArray
    parts: NDArray[Any]
    bearing: FloatArray

    def __len__(self) -> int:
        return len(self.site)


def find_approaches(network: Network, is_wanted: BoolArray, radius_m: float, site_clearance_m: float) -> Approaches:
    """Follow the cuttable spans at some sites to where they first leave the sites' clearance.

    Parameters
    ----------
    network
        The network.
    is_wanted
        (s,) the sites to look at.
    radius_m
        Radius r of a cut. With an accuracy a, what is within ``2 * (r + 2 * a)`` of either end site is left out:
        there the building is. So places where two ways run together are seen from the site under at most 30 degrees.
    site_clearance_m
        How far to follow, at least twice as far as is left out and 50 m.
    """
    spans = network.spans
    ends = spans[["a", "b"]].to_numpy(dtype=np.int64)
    span, end = np.nonzero(is_wanted[ends] & spans["is_cuttable"].to_numpy(dtype=bool)[:, None])
    site, other = ends[span, end], ends[span, 1 - end]
    accuracy_m = find_accuracy_m(network)[span]
    apart_m = max(radius_m, MIN_APART_M)
    inner_m = 2 * (apart_m + 2 * accuracy_m)
    edge_m = np.maximum(np.maximum(site_clearance_m, MIN_EDGE_M), 2 * inner_m)
    lines = spans.geometry.to_numpy()[span]
    lines[end == 1] = shapely.reverse(lines[end == 1])
    pieces, other_xy = _to_local_pieces(network, lines, site, other, edge_m)
    pieces = _cut_at_circles(pieces, other_xy, inner_m, edge_m)
    middle = (pieces[0] + pieces[1]) / 2
    row = pieces[2]
    is_first = _is_before(np.hypot(*middle.T) > edge_m[row], row)
    pieces, middle, row = _take(pieces, is_first), middle[is_first], row[is_first]
    is_outside = (np.hypot(*middle.T) >= inner_m[row]) & (np.hypot(*(middle - other_xy[row]).T) >= inner_m[row])
    return Approaches(
        site=site,
        span=span,
        route=spans["route"].to_numpy(dtype=np.int64)[span],
        reach_m=apart_m / 2 + accuracy_m,
        inner_m=inner_m,
        edge_m=edge_m,
        parts=_to_parts(_take(pieces, is_outside), len(site)),
        bearing=_to_bearings(pieces, len(site)),
    )


def _to_local_pieces(
    network: Network, lines: NDArray[Any], site: IntArray, other: IntArray, edge_m: FloatArray
) -> tuple[Pieces, FloatArray]:
    """Segments up to beyond the edge on the map around each line's site, and (n, 2) where its other end is."""
    ruler = Ruler(network.crs, network.is_planar)
    site_xy = shapely.get_coordinates(network.sites.geometry.to_numpy())
    reach = edge_m * ruler.scales(site_xy)[site] * (1.0 if network.is_planar else 1.01)
    xy, row = shapely.get_coordinates(lines, return_index=True)
    is_out = np.hypot(*(xy - site_xy[site[row]]).T) > reach[row]
    is_kept = _is_before(is_out, row, inclusive=True)
    xy, row = xy[is_kept], row[is_kept].astype(np.int64)
    is_inside = row[1:] == row[:-1]
    # straight in the study's CRS is straight on the map only over short ways: end a long segment where it is out
    step = np.diff(xy, axis=0)
    far = 2.1 * reach[row[1:]] / np.maximum(np.hypot(*step.T), 1e-12)
    shorter = xy[:-1] + step * np.minimum(far, 1.0)[:, None]
    xy[1:][is_inside & (far < 1)] = shorter[is_inside & (far < 1)]
    local = _to_local(ruler, xy, site_xy, site[row])
    return (local[:-1][is_inside], local[1:][is_inside], row[1:][is_inside]), _to_local(
        ruler, site_xy[other], site_xy, site
    )


def _to_local(ruler: Ruler, xy: FloatArray, site_xy: FloatArray, site: IntArray) -> FloatArray:
    """(n, 2) metres east and north of the site: distances and directions from there are true (azimuthal map)."""
    if ruler.is_planar or not len(xy):
        away: FloatArray = xy - site_xy[site]
        return away
    sites = ruler.to_lonlat(site_xy)[site]
    lonlat = ruler.to_lonlat(xy)
    azimuth, _, distance_m = GEOD.inv(sites[:, 0], sites[:, 1], lonlat[:, 0], lonlat[:, 1])
    angle = np.radians(azimuth)
    return np.column_stack([distance_m * np.sin(angle), distance_m * np.cos(angle)])


def _cut_at_circles(pieces: Pieces, other_xy: FloatArray, inner_m: FloatArray, edge_m: FloatArray) -> Pieces:
    """The same way in pieces that cross no circle: around the site at the inner distance and the edge, and the end."""
    start, end, row = pieces
    along = end - start
    shares = [np.zeros(len(row)), np.ones(len(row))]
    for offset, radius_m in ((start, inner_m), (start, edge_m), (start - other_xy[row], inner_m)):
        square, half = (along**2).sum(axis=1), (offset * along).sum(axis=1)
        root = half**2 - square * ((offset**2).sum(axis=1) - radius_m[row] ** 2)
        is_met = (square > 0) & (root > 0)
        width = np.sqrt(np.maximum(root, 0))
        shares += [
            np.clip(np.divide(-half + sign * width, square, out=np.zeros(len(row)), where=is_met), 0, 1)
            for sign in (-1, 1)
        ]
    cuts = np.sort(np.column_stack(shares), axis=1)
    segment, step = np.nonzero(np.diff(cuts, axis=1) * np.hypot(*along.T)[:, None] > 1e-6)
    low, high = cuts[segment, step][:, None], cuts[segment, step + 1][:, None]
    return start[segment] + low * along[segment], start[segment] + high * along[segment], row[segment]


def _is_before(is_out: BoolArray, row: IntArray, *, inclusive: bool = False) -> BoolArray:
    """Per item whether no item before it in its row is out; unless `inclusive` it is not out itself either."""
    num_out = np.cumsum(is_out)
    first = np.searchsorted(row, row)
    before = num_out[first] - is_out[first]
    own = is_out if inclusive else np.zeros(len(row), dtype=bool)
    nothing: BoolArray = num_out - own == before
    return nothing


def _take(pieces: Pieces, rows: BoolArray) -> Pieces:
    return pieces[0][rows], pieces[1][rows], pieces[2][rows]


def _to_parts(pieces: Pieces, num_rows: int) -> NDArray[Any]:
    start, end, row = pieces
    parts = np.full(num_rows, None, dtype=object)
    if len(row):
        segments: Any = shapely.linestrings(np.stack([start, end], axis=1))
        shapely.multilinestrings(segments, indices=row, out=parts)
    return parts


def _to_bearings(pieces: Pieces, num_rows: int) -> FloatArray:
    """Bearing of the last place of each way, seen from its site."""
    _, end, row = pieces
    bearing = np.zeros(num_rows)
    bearing[row] = np.degrees(np.arctan2(end[:, 0], end[:, 1]))  # the last of each row stays
    return bearing
