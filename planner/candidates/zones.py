"""Finds what parts of lines lie in the zones that a study prices or forbids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from planner.network.geometry import LINES, POLYGONS, check_geometry, to_working_crs
from planner.network.notes import Notes
from planner.network.read_layer import read_layer
from planner.network.roles import line_role, zone_role
from planner.problem import BoolArray, FloatArray, IntArray
from planner.study import Study

# a corridor that runs along the border of a zone does not enter it
_ENTERS_M = 1.0


@dataclass(frozen=True, eq=False)
class Parts:
    """Parts of lines, each with what its price per km is multiplied by.

    Parameters
    ----------
    lines
        (p,) lines or multilines.
    source
        (p,) the line that each is a part of.
    factor
        (p,) its factor.
    """

    lines: NDArray[Any]
    source: IntArray
    factor: FloatArray


def read_shapes(study: Study, file: str, crs: CRS, notes: Notes, *, are_lines: bool) -> NDArray[Any]:
    """Read the polygons or lines of a file, in the working CRS; faults for those that are no such thing."""
    role = line_role() if are_lines else zone_role()
    layer = read_layer(study, file, notes, role=role, known=(), id_column="")
    if layer is None or layer.crs is None:
        return np.zeros(0, dtype=object)
    rows = np.flatnonzero(check_geometry(layer, LINES if are_lines else POLYGONS, notes))
    wheres = np.array(layer.wheres(rows), dtype=object)
    shapes, is_held = to_working_crs(layer.geometry[rows], layer.crs, crs, file, wheres, notes)
    shapes = shapes[is_held]
    return shapes if are_lines else shapely.make_valid(shapes)


def find_forbidden(lines: NDArray[Any], study: Study, crs: CRS, notes: Notes) -> BoolArray:
    """(n,) the lines that enter a zone that the study forbids."""
    is_forbidden = np.zeros(len(lines), dtype=bool)
    for zone in study.costs.zones:
        if zone.forbidden:
            shapes = read_shapes(study, zone.file, crs, notes, are_lines=False)
            is_inside = find_inside_m(lines, to_disjoint(shapes)) > _ENTERS_M
            num = int(is_inside.sum())
            what = f"{num} {'section' if num == 1 else 'sections'} of corridor left out: the zone is forbidden."
            notes.remark("forbidden_zone", zone.name or zone.file, what)
            is_forbidden |= is_inside
    return is_forbidden


def to_disjoint(shapes: NDArray[Any]) -> NDArray[Any]:
    """The polygons that make up the union of shapes: no two of them overlap."""
    parts: NDArray[Any] = shapely.get_parts(shapely.union_all(shapes))
    return parts[shapely.area(parts) > 0]


def find_inside_m(lines: NDArray[Any], polygons: NDArray[Any]) -> FloatArray:
    """(n,) how much of each line lies within polygons that do not overlap."""
    line, polygon = shapely.STRtree(polygons).query(lines, predicate="intersects")
    inside_m = shapely.length(shapely.intersection(lines[line], polygons[polygon]))
    return np.bincount(line, weights=inside_m, minlength=len(lines))


def split_by_zone(parts: Parts, polygons: NDArray[Any], factor: float) -> Parts:
    """Split parts at the borders of polygons that do not overlap, and multiply the factor of what is inside."""
    line, polygon = shapely.STRtree(polygons).query(parts.lines, predicate="intersects")
    if not len(line):
        return parts
    order = np.lexsort((polygon, line))
    near, group = np.unique(line[order], return_inverse=True)
    masks = shapely.multipolygons(polygons[polygon[order]], indices=group)
    inside = shapely.intersection(parts.lines[near], masks)
    outside = shapely.difference(parts.lines[near], masks)
    rest = np.setdiff1d(np.arange(len(parts.lines)), near)
    return Parts(
        np.concatenate([parts.lines[rest], outside, inside]),
        np.concatenate([parts.source[rest], parts.source[near], parts.source[near]]),
        np.concatenate([parts.factor[rest], parts.factor[near], parts.factor[near] * factor]),
    )
