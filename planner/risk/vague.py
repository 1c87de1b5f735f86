"""Pairs of spans of which inaccurate data cannot tell whether one cut severs both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from planner.network.accuracy import find_accuracy_m
from planner.risk.discs import to_tolerance_m
from planner.risk.drawing import draw_spans
from planner.risk.planes import Planes
from planner.risk.ragged import FloatArray, IntArray, find_starts
from planner.risk.segments import Segments

if TYPE_CHECKING:
    from planner.network.model import Network

_BLOCK = 50_000  # segments whose neighbours are sought at once


@dataclass(frozen=True, slots=True, eq=False)
class VaguePairs:
    """The pairs that cannot be told apart, sorted by `first` and `second`.

    Parameters
    ----------
    first, second
        (p,) rows in `Network.spans`, the first below the second.
    distance_m
        (p,) how near they are drawn to each other, outside the clearance of their sites.
    accuracy_m
        (p,) their accuracies added.
    num_shared
        How many other pairs one cut severs even if they lie as far apart as the data allow.
    """

    first: IntArray
    second: IntArray
    distance_m: FloatArray
    accuracy_m: FloatArray
    num_shared: int = 0

    def __len__(self) -> int:
        return len(self.first)


def find_vague_pairs(network: Network, radius_m: float, site_clearance_m: float) -> VaguePairs:
    """Find the pairs of spans of which the data cannot tell whether one cut severs both.

    Two spans that are drawn d apart, with accuracies a and b, are *shared* where d + a + b <= 2 r: one point is within
    the radius r of both wherever they truly lie. They are *diverse* where d - a - b > 2 r. Else nobody can tell.

    Parameters
    ----------
    network
        Its cuttable spans count, existing ones and candidates; ``accuracy_m`` is theirs.
    radius_m
        A cut severs every span within this distance of its point.
    site_clearance_m
        The parts of a span this near its own end sites are left out; a span with nothing left is in no pair.

    Returns
    -------
    VaguePairs
        None, and nothing is measured, where every accuracy is 0.

    Notes
    -----
    Distances are those of the search for risk groups: true to 0.1 % on the ground, discs closed. Spans that are drawn
    across each other are 0 apart; where a + b > 2 r they too count as a pair that cannot be told.
    """
    accuracy_m = find_accuracy_m(network)
    none = np.zeros(0, dtype=np.int64)
    if not (accuracy_m > 0).any():
        return VaguePairs(none, none, np.zeros(0), np.zeros(0))
    reach_m = radius_m + accuracy_m
    drawing = draw_spans(network, radius_m=float(reach_m.max()), site_clearance_m=site_clearance_m)
    first, second, distance_m = _find_near_pairs(drawing.planes, reach_m + to_tolerance_m(reach_m))
    doubt_m = accuracy_m[first] + accuracy_m[second]
    sure_m = 2 * (radius_m + float(to_tolerance_m(np.array(radius_m))))
    is_vague = distance_m + doubt_m > sure_m
    return VaguePairs(
        first=first[is_vague],
        second=second[is_vague],
        distance_m=distance_m[is_vague],
        accuracy_m=doubt_m[is_vague],
        num_shared=int(np.count_nonzero(~is_vague)),
    )


def _find_near_pairs(planes: Planes, reach_m: FloatArray) -> tuple[IntArray, IntArray, FloatArray]:
    """Pairs of lines no farther from each other than their reaches added, and their distance."""
    starts = find_starts(planes.frame)
    rows = np.split(np.arange(len(planes.frame)), starts[1:])
    found = [_find_in_frame(planes.segments.take(row), reach_m) for row in rows]
    first, second, distance = (
        np.concatenate([np.zeros(0, dtype=dtype), *column])
        for column, dtype in zip(zip(*found, strict=True), (np.int64, np.int64, np.float64), strict=True)
    )
    return _keep_nearest(first, second, distance)


def _find_in_frame(segments: Segments, reach_m: FloatArray) -> tuple[IntArray, IntArray, FloatArray]:
    shapes = segments.to_shapes()
    own, widest = reach_m[segments.line], float(reach_m.max(initial=0.0))
    tree = shapely.STRtree(shapes)
    none = np.zeros(0, dtype=np.int64)
    found = [(none, none, np.zeros(0))]
    for begin in range(0, len(shapes), _BLOCK):
        block = slice(begin, begin + _BLOCK)
        one, other = tree.query(shapes[block], predicate="dwithin", distance=own[block] + widest)
        one += begin
        is_pair = segments.line[one] < segments.line[other]
        one, other = one[is_pair], other[is_pair]
        distance = shapely.distance(shapes[one], shapes[other])
        is_near = distance <= own[one] + own[other]
        found.append(_keep_nearest(segments.line[one[is_near]], segments.line[other[is_near]], distance[is_near]))
    first, second, distance = (np.concatenate(column) for column in zip(*found, strict=True))
    return _keep_nearest(first, second, distance)


def _keep_nearest(first: IntArray, second: IntArray, distance: FloatArray) -> tuple[IntArray, IntArray, FloatArray]:
    """Each pair once with its least distance, sorted."""
    order = np.lexsort((distance, second, first))
    first, second, distance = first[order], second[order], distance[order]
    starts = find_starts(first, second)
    return first[starts], second[starts], distance[starts]
