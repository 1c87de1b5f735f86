"""What one cut takes where sites fall too: of the sets that take the same sites, every maximal set of spans."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.spatial import KDTree

from planner.network.ruler import Ruler
from planner.risk.discs import to_tolerance_m
from planner.risk.ground import Centres, to_centres, to_globe, to_lonlat, to_map
from planner.risk.planes import Planes
from planner.risk.ragged import BoolArray, FloatArray, IntArray
from planner.risk.segments import Segments
from planner.risk.vertices import find_cell_points

if TYPE_CHECKING:
    from planner.network.model import Network

type Group = tuple[int, ...]
type Taken = tuple[Group, Group]
"""Sites and spans, sorted."""

_STRETCH = 1.001  # maps and chords differ from the ground by less


@dataclass(frozen=True, slots=True, eq=False)
class FallingSites:
    """The sites that cuts can take, with all spans at each.

    Parameters
    ----------
    sites
        (s,) their indices, ascending.
    lonlat
        (s, 2) where they are.
    xy
        (s, 2) the same in the CRS of the study.
    places
        (s, d) the same in the plane of the study, or in geocentric coordinates.
    spans_of
        Per site of the network its spans, hardened ones too.
    ruler
        Of the network.
    """

    sites: IntArray
    lonlat: FloatArray
    xy: FloatArray
    places: FloatArray
    spans_of: Sequence[Sequence[int]]
    ruler: Ruler

    @property
    def is_planar(self) -> bool:
        """Whether distances are those of the plane of the study's CRS."""
        return self.ruler.is_planar

    def to_lonlat(self, point: FloatArray, row: int) -> tuple[float, float]:
        """Longitude and latitude of a point given from a site, east and north in metres."""
        if self.is_planar:
            lon, lat = self.ruler.to_lonlat((self.xy[row] + point)[None])[0]
        else:
            lon, lat = to_lonlat(point[None], to_centres(self.lonlat[row : row + 1]))[0]
        return float(lon), float(lat)

    def find_reached(self, lonlat: FloatArray, xy: FloatArray, radius_m: float) -> BoolArray:
        """(n,) whether a disc around each place takes a site; `xy` counts in the plane, `lonlat` on the ground."""
        if not len(self.sites) or not len(xy):
            return np.zeros(len(xy), dtype=bool)
        away = KDTree(self.places).query(xy if self.is_planar else to_globe(lonlat))[0]
        return np.asarray(away <= radius_m + _tolerance_m(radius_m))

    def find_single_sites(self) -> dict[Taken, tuple[float, float]]:
        """Each site alone with its spans, and where it is."""
        places = self.lonlat.tolist()
        return {
            self.with_incident([s], ()): (lon, lat) for s, (lon, lat) in zip(self.sites.tolist(), places, strict=True)
        }

    def with_incident(self, sites: Iterable[int], spans: Iterable[int]) -> Taken:
        """Sites and spans, and the spans at the sites."""
        taken = sorted(sites)
        return tuple(taken), tuple(sorted({*spans, *(span for site in taken for span in self.spans_of[site])}))


def to_falling_sites(network: Network) -> FallingSites:
    """The sites of a network that are not protected."""
    sites = np.flatnonzero(~network.sites["protected"].to_numpy(dtype=bool))
    xy = shapely.get_coordinates(network.sites.geometry.to_numpy())[sites]
    ruler = Ruler(network.crs, network.is_planar)
    lonlat = ruler.to_lonlat(xy)
    spans_of: list[list[int]] = [[] for _ in range(len(network.sites))]
    for span, ends in enumerate(network.spans[["a", "b"]].to_numpy(dtype=np.int64).tolist()):
        for site in dict.fromkeys(ends):
            spans_of[site].append(span)
    places = xy if network.is_planar else to_globe(lonlat)
    return FallingSites(sites, lonlat, xy, places, spans_of, ruler)


def find_taken_sets(falling: FallingSites, drawn: Segments, radius_m: float) -> dict[Taken, tuple[float, float]]:
    """Find what discs take that take a site.

    Parameters
    ----------
    falling
        The sites.
    drawn
        Cuttable spans without what is near their own ends, in the plane of the study or in geocentric coordinates.
    radius_m
        Radius of the disc; closed, as for spans.

    Returns
    -------
    dict
        Sites and spans, those at the sites included, to longitude and latitude of such a disc's centre. Of those
        with the same sites only the maximal ones.
    """
    found: dict[Taken, tuple[float, float]] = {}
    tree = KDTree(falling.places) if len(falling.sites) else None
    finder = _to_finder(drawn, falling.is_planar)
    reach = 2 * (radius_m + _tolerance_m(radius_m)) * _STRETCH
    for row, site in enumerate(falling.sites.tolist()):
        assert tree is not None
        place = falling.places[row]
        near = np.array(sorted(tree.query_ball_point(place, reach)), dtype=np.int64)
        centre = None if falling.is_planar else to_centres(falling.lonlat[row : row + 1])
        local = _draw_around(drawn.take(finder.find_near(place, reach)), place, centre)
        sites = falling.places[near] - place if centre is None else to_map(falling.places[near], centre)
        points = find_cell_points(local, sites, radius_m, _tolerance_m(radius_m))
        points = points[np.hypot(*points.T) <= radius_m + _tolerance_m(radius_m)]
        at: dict[Taken, FloatArray] = {}
        for (taken, spans), point in _find_sets(local, sites, points, radius_m):
            at.setdefault(falling.with_incident(falling.sites[near[list(taken)]].tolist(), spans), point)
        # what takes a site with a smaller number has been found there
        for key in _keep_maximal([key for key in at if key[0][:1] == (site,)]):
            found[key] = falling.to_lonlat(at[key], row)
    return found


def _keep_maximal(taken: Sequence[Taken]) -> list[Taken]:
    """Of those with the same sites the ones whose spans no other one contains."""
    spans_of: dict[Group, list[frozenset[int]]] = {}
    kept = []
    for sites, spans in sorted(taken, key=lambda one: (-len(one[1]), one)):
        larger = spans_of.setdefault(sites, [])
        if not any(other.issuperset(spans) for other in larger):
            larger.append(frozenset(spans))
            kept.append((sites, spans))
    return kept


def find_outside_sets(
    falling: FallingSites, planes: Planes, sets: Sequence[Group], radius_m: float
) -> dict[Group, tuple[float, float]]:
    """Find parts of given sets of lines that a disc can sever without taking a site.

    Parameters
    ----------
    falling
        The sites.
    planes
        The lines.
    sets
        Sets of lines that some disc severs, which takes a site perhaps.
    radius_m
        Radius of the disc.

    Returns
    -------
    dict
        Every maximal part of two lines or more, and others, to longitude and latitude of such a disc's centre.
    """
    found: dict[Group, tuple[float, float]] = {}
    if not sets:
        return found
    starts = np.searchsorted(planes.frame, np.arange(len(planes.half_m) + 1))
    for frame, half in enumerate(planes.half_m.tolist()):
        drawn = planes.segments.take(np.arange(starts[frame], starts[frame + 1]))
        sites = _draw_sites(falling, planes, frame)
        sites = sites[(np.abs(sites) <= half + 2 * radius_m).all(axis=1)]
        present = set(drawn.line.tolist())
        for lines in sets:
            shared = present.intersection(lines)
            if len(shared) > 1:
                local = _keep_close(drawn.take(np.isin(drawn.line, sorted(shared))), radius_m)
                for spans, point in _find_outside(local, sites, half, radius_m):
                    place = planes.to_places(np.array([frame]), point[None])
                    lon, lat = (place if planes.is_ground else falling.ruler.to_lonlat(place))[0].tolist()
                    found.setdefault(spans, (lon, lat))
    return found


def _find_outside(local: Segments, sites: FloatArray, half_m: float, radius_m: float) -> list[tuple[Group, FloatArray]]:
    if not len(local):
        return []
    tolerance = _tolerance_m(radius_m)
    near = _near(local, sites, 2 * (radius_m + tolerance))
    sites = sites[np.unique(near[0])]
    points = find_cell_points(local, sites, radius_m, tolerance)
    points = points[(np.abs(points) <= half_m).all(axis=1)]
    sets = _find_sets(local, sites, points, radius_m)
    return [(spans, point) for (taken, spans), point in sets if not taken and len(spans) > 1]


def _find_sets(
    local: Segments, sites: FloatArray, points: FloatArray, radius_m: float
) -> list[tuple[Taken, FloatArray]]:
    """What discs around points take: places in `sites`, and lines; each once, with its first point."""
    reach = radius_m + _tolerance_m(radius_m)
    lines, column = np.unique(local.line, return_inverse=True)
    is_hit = np.zeros((len(points), len(sites) + len(lines)), dtype=bool)
    at, site = _near_points(sites, points, reach)
    is_hit[at, site] = True
    at, segment = _near(local, points, reach)
    is_hit[at, len(sites) + column[segment]] = True
    first: Sequence[int] | IntArray = (
        np.unique(np.packbits(is_hit, axis=1), axis=0, return_index=True)[1] if is_hit.size else []
    )
    found = []
    for row in np.sort(np.asarray(first, dtype=np.int64)).tolist():
        taken = tuple(np.flatnonzero(is_hit[row, : len(sites)]).tolist())
        spans = tuple(lines[np.flatnonzero(is_hit[row, len(sites) :])].tolist())
        found.append(((taken, spans), points[row]))
    return found


def _near(local: Segments, points: FloatArray, reach_m: float) -> tuple[IntArray, IntArray]:
    """Pairs of a point and a segment within reach."""
    at, segment = shapely.STRtree(local.to_shapes()).query(
        shapely.points(points), predicate="dwithin", distance=reach_m
    )
    return at, segment


def _near_points(sites: FloatArray, points: FloatArray, reach_m: float) -> tuple[IntArray, IntArray]:
    at, site = shapely.STRtree(np.asarray(shapely.points(sites), dtype=object)).query(
        shapely.points(points), predicate="dwithin", distance=reach_m
    )
    return at, site


def _keep_close(segments: Segments, radius_m: float) -> Segments:
    """The segments that one disc can reach together with another line's."""
    shapes = segments.to_shapes()
    reach = 2 * (radius_m + _tolerance_m(radius_m))
    one, other = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=reach)
    is_apart = segments.line[one] != segments.line[other]
    return segments.take(np.unique(one[is_apart]))


@dataclass(frozen=True, slots=True, eq=False)
class _Finder:
    """Finds segments near a place, in two dimensions or three; some that are a little farther too."""

    flat: shapely.STRtree | None
    middles: KDTree | None
    longest_m: float

    def find_near(self, place: FloatArray, reach_m: float) -> IntArray:
        if self.flat is not None:
            return np.sort(self.flat.query(shapely.Point(place), predicate="dwithin", distance=reach_m))
        if self.middles is None:
            return np.zeros(0, dtype=np.int64)
        return np.array(sorted(self.middles.query_ball_point(place, reach_m + self.longest_m / 2)), dtype=np.int64)


def _to_finder(drawn: Segments, is_planar: bool) -> _Finder:
    if is_planar:
        return _Finder(shapely.STRtree(drawn.to_shapes()), None, 0.0)
    middles = KDTree((drawn.start + drawn.end) / 2) if len(drawn) else None
    return _Finder(None, middles, float(drawn.lengths_m().max(initial=0.0)))


def _draw_around(segments: Segments, place: FloatArray, centre: Centres | None) -> Segments:
    if centre is None:
        return Segments(segments.start - place, segments.end - place, segments.line)
    return Segments(to_map(segments.start, centre), to_map(segments.end, centre), segments.line)


def _draw_sites(falling: FallingSites, planes: Planes, frame: int) -> FloatArray:
    rows = np.full(len(falling.sites), frame, dtype=np.int64)
    if isinstance(planes.origin, Centres):
        # the far side of the globe has no place on a map
        near = np.sqrt(((falling.places - planes.origin.place[frame]) ** 2).sum(axis=1)) < 2e6
        return to_map(falling.places[near], planes.origin.take(rows[near]))
    return np.asarray(falling.xy - planes.origin[rows])


def _tolerance_m(radius_m: float) -> float:
    return float(to_tolerance_m(np.array(radius_m)))
