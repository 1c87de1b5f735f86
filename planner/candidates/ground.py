"""What the ground does to the price of lines: zones that they run through, lines that they cross."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from planner.candidates.zones import Parts, read_shapes, split_by_zone, to_disjoint
from planner.network.notes import Notes
from planner.problem import FloatArray
from planner.study import Study


def find_factors(lines: NDArray[Any], study: Study, crs: CRS, notes: Notes) -> FloatArray:
    """(n,) mean over each line of what ``costs.zones`` multiply its price by; where zones overlap, by both."""
    parts = Parts(lines, np.arange(len(lines)), np.ones(len(lines)))
    for zone in study.costs.zones:
        if zone.factor is not None:
            shapes = read_shapes(study, zone.file, crs, notes, are_lines=False)
            parts = split_by_zone(parts, to_disjoint(shapes), zone.factor)
    total = np.bincount(parts.source, weights=shapely.length(parts.lines) * parts.factor, minlength=len(lines))
    factors: FloatArray = total / shapely.length(lines)
    return factors


def price_crossings(lines: NDArray[Any], study: Study, crs: CRS, notes: Notes) -> FloatArray:
    """(n,) what each line pays for crossing the lines of ``costs.crossings``."""
    cost = np.zeros(len(lines))
    for crossing in study.costs.crossings:
        crossed = read_shapes(study, crossing.file, crs, notes, are_lines=True)
        line, other = shapely.STRtree(crossed).query(lines, predicate="intersects")
        num = shapely.get_num_geometries(shapely.intersection(lines[line], crossed[other]))
        cost += crossing.price * np.bincount(line, weights=num, minlength=len(lines))
    return cost
