"""Where along spans a cut takes sites."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import STRtree

from planner.network.ruler import Ruler
from planner.risk.courses import Courses, to_ground
from planner.risk.ragged import BoolArray, FloatArray, IntArray
from planner.risk.within import find_part_near_point

if TYPE_CHECKING:
    from planner.network.model import Network

type Taken = tuple[tuple[int, ...], tuple[int, ...]]
"""Sites and spans, sorted."""

_BLOCK = 50_000  # pieces whose neighbours are sought at once


@dataclass(frozen=True, slots=True, eq=False)
class NearSites:
    """Parts of spans from which a cut takes a site, some beside each other.

    Parameters
    ----------
    span, site
        (p,) rows in `Network.spans` and `Network.sites`.
    from_m, to_m
        (p,) metres along the span.
    is_own
        (p,) whether the span ends at the site, so that the cut takes the span too.
    """

    span: IntArray
    site: IntArray
    from_m: FloatArray
    to_m: FloatArray
    is_own: BoolArray


def find_near_sites(courses: Courses, network: Network, ruler: Ruler, reach_m: float) -> NearSites:
    """Find the parts of spans that are within reach of sites that are not protected."""
    is_protected = "protected" in network.sites and network.sites["protected"].to_numpy(dtype=bool)
    sites = np.flatnonzero(~np.broadcast_to(is_protected, len(network.sites)))
    places = shapely.get_coordinates(network.sites.geometry.to_numpy())[sites]
    tree = STRtree(np.asarray(shapely.points(places), dtype=object))
    reach = max(ruler.reach(courses.start, reach_m), ruler.reach(places, reach_m))
    found = [np.zeros((4, 0))]
    for first in range(0, len(courses), _BLOCK):
        block = slice(first, first + _BLOCK)
        lines = np.asarray(
            shapely.linestrings(np.stack([courses.start[block], courses.end[block]], axis=1)), dtype=object
        )
        piece, near = tree.query(lines, predicate="dwithin", distance=reach)
        found.append(_find_parts(courses, piece + first, sites[near], places[near], ruler, reach_m))
    span, site, from_m, to_m = np.concatenate(found, axis=1)
    span, site = span.astype(np.int64), site.astype(np.int64)
    ends = network.spans[["a", "b"]].to_numpy(dtype=np.int64)[span]
    return NearSites(span, site, from_m, to_m, (ends == site[:, None]).any(axis=1))


def _find_parts(
    courses: Courses, piece: IntArray, site: IntArray, place: FloatArray, ruler: Ruler, reach_m: float
) -> FloatArray:
    """(4, p) span, site, begin and end of what is within reach."""
    # the scale half way between the two is that of the straight line between them, to the third order
    step = to_ground(ruler, ((courses.start[piece] + courses.end[piece]) / 2 + place) / 2)
    start, end = (np.einsum("nij,nj->ni", step, one[piece] - place) for one in (courses.start, courses.end))
    low, high = find_part_near_point(start, end, np.zeros_like(start), reach_m)
    is_hit = low <= high
    piece, site, low, high = piece[is_hit], site[is_hit], low[is_hit], high[is_hit]
    length_m = courses.to_m[piece] - courses.from_m[piece]
    base = courses.from_m[piece]
    return np.stack([courses.span[piece], site, base + low * length_m, base + high * length_m])


def to_taken(
    network: Network, codes: Sequence[tuple[int, ...]], span: IntArray, severed: IntArray, is_hidden: BoolArray
) -> tuple[tuple[Taken, ...], IntArray]:
    """Tell spans from sites, and add the spans at the sites.

    Parameters
    ----------
    network
        The network; its candidates are left out.
    codes
        Distinct sets of spans and, numbered behind them, sites.
    span, severed
        (n,) per stretch its span, and its number in `codes`.
    is_hidden
        (spans,) spans that lie wholly within the clearance: where a cut takes none of their sites, each is severed
        alone.

    Returns
    -------
    sets, severed
        The distinct sets, and per stretch its number in them.
    """
    ends = network.spans[["a", "b"]].to_numpy(dtype=np.int64).tolist()
    spans_at = _find_spans_at(network)
    number: dict[Taken, int] = {}
    known: dict[tuple[int, int], int] = {}
    found = []
    for own, code in zip(span.tolist(), severed.tolist(), strict=True):
        key = (own if is_hidden[own] else -1, code)
        if key not in known:
            sites = tuple(item - len(ends) for item in codes[code] if item >= len(ends))
            spans = {item for item in codes[code] if item < len(ends)}
            if is_hidden[own] and not set(sites) & set(ends[own]):
                sites, spans = (), {own}
            spans.update(at for site in sites for at in spans_at.get(site, ()))
            known[key] = number.setdefault((sites, tuple(sorted(spans))), len(number))
        found.append(known[key])
    return tuple(number), np.array(found, dtype=np.int64)


def _find_spans_at(network: Network) -> dict[int, list[int]]:
    """Per site the standing spans there, hardened ones too."""
    spans_at: dict[int, list[int]] = {}
    standing = np.flatnonzero(~network.spans["is_candidate"].to_numpy(dtype=bool))
    ends = network.spans[["a", "b"]].to_numpy(dtype=np.int64)[standing].tolist()
    for span, pair in zip(standing.tolist(), ends, strict=True):
        for site in dict.fromkeys(pair):
            spans_at.setdefault(site, []).append(span)
    return spans_at
