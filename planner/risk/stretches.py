"""Cuts every existing span into stretches along which one cut severs the same spans."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree

from planner.network.accuracy import find_accuracy_m
from planner.network.ruler import Ruler
from planner.risk.courses import Courses, leave_clearance, to_courses, to_ground
from planner.risk.discs import to_tolerance_m
from planner.risk.long_line import Runs, collect, join, split, to_runs, unite
from planner.risk.near_sites import NearSites, find_near_sites, to_taken
from planner.risk.ragged import FloatArray, IntArray
from planner.risk.within import find_part_near_segment

if TYPE_CHECKING:
    from planner.network.model import Network
    from planner.study import SitesFail

type _Reached = tuple[IntArray, IntArray, FloatArray, FloatArray]

_BLOCK = 50_000  # pieces whose neighbours are sought at once


@dataclass(frozen=True, slots=True, eq=False)
class Stretches:
    """Stretches of existing cuttable spans, and what a cut anywhere on each severs.

    Parameters
    ----------
    span
        (n,) row in `Network.spans`; stretches are sorted by span and metres.
    from_m, to_m
        (n,) metres along the span, from its site a.
    severed
        (n,) index into `sets`.
    sets
        The distinct sets of spans that are severed, each sorted.
    courses
        The spans' whole lines.
    sites
        Per set the sites that fall with it; empty where no site falls.
    """

    span: IntArray
    from_m: FloatArray
    to_m: FloatArray
    severed: IntArray
    sets: tuple[tuple[int, ...], ...]
    courses: Courses
    sites: tuple[tuple[int, ...], ...] = ()

    def __len__(self) -> int:
        return len(self.span)


def find_stretches(
    network: Network, *, radius_m: float, site_clearance_m: float, sites_fail: SitesFail = False
) -> Stretches:
    """Find where along each span the set of spans that one cut severs changes.

    Parameters
    ----------
    network
        Its existing cuttable spans count; candidates and hardened spans do not.
    radius_m
        A cut severs every span within this distance (closed disc), the parts near its own end sites left out. The
        ``accuracy_m`` of both spans is added to it: what the data cannot tell apart falls together.
    site_clearance_m
        Straight distance from its own end sites within which a span is left out. A span that lies wholly within it is
        one stretch that is severed alone.
    sites_fail
        ``"disc"``: a cut also takes every site within `radius_m`, accuracy aside, with all spans there, unless the site
        is protected. Then the parts of a span within `radius_m` of its own such ends are stretches too, since the cut
        takes the span with the site. A cut of any other kind severs spans only.

    Notes
    -----
    The part of a straight piece within reach of another is computed, not approximated. In a study in the plane the
    metres are exact. On the ground the map's scale is taken half way along each piece of at most 2 km: in a CRS made
    for its country both the radius and the metres along the span are true to a few millimetres, in Web Mercator the
    radius to 2e-4 of itself (1 cm of 50 m) and the metres to 0.1 m. A set of spans that only a point *beside* all of
    them reaches is no stretch of any of them.
    """
    is_cut = ~network.spans["is_candidate"].to_numpy(dtype=bool) & network.spans["is_cuttable"].to_numpy(dtype=bool)
    courses = to_courses(network, np.flatnonzero(is_cut))
    clear = leave_clearance(courses, network, site_clearance_m)
    shift, ruler = _to_shift(network), Ruler(network.crs, network.is_planar)
    accuracy_m = find_accuracy_m(network)
    hidden = np.setdiff1d(np.unique(courses.span), clear.span)
    runs = to_runs(clear, shift)
    if sites_fail == "disc":
        reached = _find_reached(courses, clear, ruler, radius_m, accuracy_m, shift)
        near = find_near_sites(courses, network, ruler, float(_to_closed_m(radius_m)))
        return _to_taking(network, courses, runs, reached, near, hidden)
    other, low, high = join(*_find_reached(clear, clear, ruler, radius_m, accuracy_m, shift))
    pieces = split(*runs, low, high)
    sets, severed = collect(pieces, other)
    span, from_m, to_m = pieces.span, pieces.low - shift[pieces.span], pieces.high - shift[pieces.span]
    return _add_hidden(network, hidden, Stretches(span, from_m, to_m, severed, sets, courses))


def _to_taking(
    network: Network, courses: Courses, runs: Runs, reached: _Reached, near: NearSites, hidden: IntArray
) -> Stretches:
    """Stretches along which one cut also takes the same sites, which are numbered behind the spans."""
    shift = _to_shift(network)
    is_own = near.is_own
    length_m = network.spans["length_m"].to_numpy(dtype=np.float64)
    runs = unite(
        np.concatenate([runs[0], (shift[near.span] + near.from_m)[is_own], shift[hidden]]),
        np.concatenate([runs[1], (shift[near.span] + near.to_m)[is_own], shift[hidden] + length_m[hidden]]),
        np.concatenate([runs[2], near.span[is_own], hidden]),
    )
    base = shift[near.span]
    parts = (near.span, near.site + len(length_m), base + near.from_m, base + near.to_m)
    span, item, begin, end = (np.concatenate(pair) for pair in zip(reached, parts, strict=True))
    item, low, high = join(span, item, begin, end)
    pieces = split(*runs, low, high)
    codes, code = collect(pieces, item)
    is_hidden = np.zeros(len(length_m), dtype=bool)
    is_hidden[hidden] = True
    taken, severed = to_taken(network, codes, pieces.span, code, is_hidden)
    span = pieces.span
    spans, sites = tuple(spans for _, spans in taken), tuple(sites for sites, _ in taken)
    return Stretches(span, pieces.low - shift[span], pieces.high - shift[span], severed, spans, courses, sites)


def _to_shift(network: Network) -> FloatArray:
    """Where each span begins when all lie on one line, a metre apart."""
    length_m = network.spans["length_m"].to_numpy(dtype=np.float64)
    shift: FloatArray = np.cumsum(length_m + 1.0) - length_m
    return shift


def _to_closed_m(radius_m: FloatArray | float) -> FloatArray:
    """What still counts as within the radius."""
    return radius_m + to_tolerance_m(np.asarray(radius_m, dtype=np.float64))


def _find_reached(
    where: Courses, clear: Courses, ruler: Ruler, radius_m: float, accuracy_m: FloatArray, shift: FloatArray
) -> _Reached:
    """Parts of spans that are within reach of other spans: span, other span, begin and end on the long line."""
    tree = STRtree(_to_lines(clear, slice(None)))
    widest_m = radius_m + float(accuracy_m.max(initial=0.0))
    reach = ruler.reach(clear.start, 1.0)
    found = [np.zeros((4, 0))]
    for first in range(0, len(where), _BLOCK):
        block = slice(first, first + _BLOCK)
        distance = reach * _to_closed_m(widest_m + accuracy_m[where.span[block]])
        piece, near = tree.query(_to_lines(where, block), predicate="dwithin", distance=distance)
        piece += first
        is_other = where.span[piece] != clear.span[near]
        piece, near = piece[is_other], near[is_other]
        reach_m = _to_closed_m(radius_m + accuracy_m[where.span[piece]] + accuracy_m[clear.span[near]])
        low, high = _find_parts(where, clear, piece, near, ruler, reach_m)
        is_hit = low <= high
        piece, near, low, high = piece[is_hit], near[is_hit], low[is_hit], high[is_hit]
        base, length_m = shift[where.span[piece]] + where.from_m[piece], where.to_m[piece] - where.from_m[piece]
        found.append(np.stack([where.span[piece], clear.span[near], base + low * length_m, base + high * length_m]))
    span, other, begin, end = np.concatenate(found, axis=1)
    return span.astype(np.int64), other.astype(np.int64), begin, end


def _to_lines(courses: Courses, block: slice) -> NDArray[Any]:
    lines = shapely.linestrings(np.stack([courses.start[block], courses.end[block]], axis=1))
    return np.asarray(lines, dtype=object)


def _find_parts(
    where: Courses, clear: Courses, piece: IntArray, near: IntArray, ruler: Ruler, radius_m: FloatArray
) -> tuple[FloatArray, FloatArray]:
    middle = (where.start[piece] + where.end[piece]) / 2
    one, pair = np.unique(piece, return_inverse=True)
    step = to_ground(ruler, (where.start[one] + where.end[one]) / 2)[pair]
    places = (where.start[piece], where.end[piece], clear.start[near], clear.end[near])
    start, end, near_start, near_end = (np.einsum("nij,nj->ni", step, place - middle) for place in places)
    return find_part_near_segment(start, end, near_start, near_end, radius_m)


def _add_hidden(network: Network, hidden: IntArray, stretches: Stretches) -> Stretches:
    """Take in the spans that the clearance hides altogether, each severed alone."""
    number = {severed: index for index, severed in enumerate(stretches.sets)}
    own = [number.setdefault((span,), len(number)) for span in hidden.tolist()]
    span = np.concatenate([stretches.span, hidden])
    from_m = np.concatenate([stretches.from_m, np.zeros(len(hidden))])
    length_m = network.spans["length_m"].to_numpy(dtype=np.float64)
    to_m = np.concatenate([stretches.to_m, length_m[hidden]])
    severed = np.concatenate([stretches.severed, np.array(own, dtype=np.int64)])
    order = np.lexsort((from_m, span))
    return Stretches(span[order], from_m[order], to_m[order], severed[order], tuple(number), stretches.courses)
