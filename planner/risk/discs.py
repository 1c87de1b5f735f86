"""Every maximal set of lines in the plane that one disc can hit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from planner.risk.cells import to_cells
from planner.risk.deepen import deepen
from planner.risk.found import LineSets, to_groups
from planner.risk.maximal import find_maximal
from planner.risk.planes import Planes, to_flat_plane
from planner.risk.ragged import FloatArray
from planner.risk.search import find_sets
from planner.risk.segments import to_segments
from planner.risk.strips import Strips, to_strips


@dataclass(frozen=True, slots=True, eq=False)
class DiscGroups:
    """Every inclusion-maximal set of lines that one disc can hit.

    Parameters
    ----------
    lines
        Per group the sorted line indices; groups sorted by them.
    points
        (g, 2) centre of such a disc: within reach of every line of the group. Not a number for a line without
        geometry.
    """

    lines: tuple[tuple[int, ...], ...]
    points: FloatArray


def to_tolerance_m(radius_m: FloatArray) -> FloatArray:
    """How much farther than the radius still counts: discs are closed, and coordinates are rounded."""
    return 1e-6 + 1e-9 * radius_m


def find_disc_groups(lines: Sequence[Any] | NDArray[Any], radius_m: ArrayLike) -> DiscGroups:
    """Find every inclusion-maximal set of lines that some point of the plane is within the radius of.

    Parameters
    ----------
    lines
        (n,) shapely lines, or parts of lines, in metres. Empty ones are groups of their own.
    radius_m
        Radius of the disc, 0 or more; one for all lines, or one each. Within means d <= r + 1e-6 m + 1e-9 r: every
        set that some point has within r + 5e-7 m + 5e-10 r is found as a part of a group, and no group is farther
        than the full tolerance from its point.

    Returns
    -------
    DiscGroups
        The groups; single lines that no larger group holds are groups of one.

    Raises
    ------
    ValueError
        If a coordinate or a radius is not finite, or a radius is negative.
    """
    geometry = np.asarray(lines, dtype=object)
    radius = np.broadcast_to(np.asarray(radius_m, dtype=np.float64), len(geometry))
    if not (np.isfinite(radius) & (radius >= 0)).all():
        raise ValueError("a radius is negative or no finite number")
    segments = to_segments(geometry)
    is_alone = np.ones(len(geometry), dtype=bool)
    points = np.full((len(geometry), 2), np.nan)
    is_there = ~(shapely.is_missing(geometry) | shapely.is_empty(geometry))
    points[is_there] = shapely.get_coordinates(shapely.point_on_surface(geometry[is_there]))
    groups: list[tuple[int, ...]] = []
    places = np.zeros((0, 2))
    if len(segments):
        planes = to_flat_plane(segments, float(radius.max()))
        sets = find_line_sets(planes, radius)
        is_alone[sets.line] = False
        groups, places = to_groups(sets), planes.to_places(sets.frame, np.column_stack([sets.x, sets.y]))
    alone = np.flatnonzero(is_alone)
    groups += [(line,) for line in alone.tolist()]
    order = sorted(range(len(groups)), key=groups.__getitem__)
    return DiscGroups(tuple(groups[i] for i in order), np.concatenate([places, points[alone]])[order])


def find_line_sets(planes: Planes, radius_m: FloatArray) -> LineSets:
    """Find the maximal sets of two lines or more that a point of the planes has within reach.

    Parameters
    ----------
    planes
        The lines, in one or several planes.
    radius_m
        (n,) radius for each line.
    """
    sets, strips = search_planes(planes, radius_m)
    return deepen(sets.take(find_maximal(sets)), strips, planes.half_m)


def search_planes(planes: Planes, radius_m: FloatArray, *, first_site: int | None = None) -> tuple[LineSets, Strips]:
    """Find all maximal sets, and others, as `planner.risk.search.find_sets`; and the strips that were searched."""
    tolerance = to_tolerance_m(radius_m)
    # test a hair within the tolerance, so that whoever measures again, rounding otherwise, agrees
    strips = to_strips(planes.segments, planes.frame, radius_m + 0.95 * tolerance)
    cells = to_cells(planes.half_m, strips)
    slack_m = float(tolerance.min()) * 0.45
    return find_sets(strips, cells, len(radius_m), slack_m, first_site=first_site), strips
