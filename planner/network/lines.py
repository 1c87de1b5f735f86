"""Makes one line of the parts of a drawn route."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import GeometryType

from planner.network.notes import Notes
from planner.network.route_table import RouteTable
from planner.network.ruler import Ruler

type FloatArray = NDArray[np.float64]


def merge_parts(
    routes: RouteTable, ruler: Ruler, snap_m: float, notes: Notes
) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Turn lines of several parts into one line each.

    Parts that meet end to end are merged. Others are chained, nearest ends first, over gaps of up to `snap_m`.

    Parameters
    ----------
    routes
        Lines and multilines in the working CRS.
    ruler
        Measures in that CRS.
    snap_m
        The widest gap between two parts.
    notes
        Takes a remark for each that was merged, a fault for each that could not be.

    Returns
    -------
    lines, is_line
        (n,) lines, and which of them could be made.
    """
    lines = routes.lines.copy()
    several = np.flatnonzero(shapely.get_type_id(lines) == GeometryType.MULTILINESTRING)
    num_parts = shapely.get_num_geometries(lines)
    merged = shapely.line_merge(lines[several])
    # a merged ring begins anywhere: the parts' own order says where it does
    is_whole = (shapely.get_type_id(merged) == GeometryType.LINESTRING) & ~shapely.is_closed(merged)
    lines[several[is_whole]] = merged[is_whole]
    gaps = {row: _chain(lines, row, ruler, snap_m) for row in several[~is_whole].tolist()}
    broken = [row for row, gap in gaps.items() if gap > snap_m]
    notes.fault_rows(
        routes.file,
        list(routes.wheres[broken]),
        [f"its parts do not join: the nearest ends are {gaps[row]:,.0f} m apart" for row in broken],
        "draw it as one line, split it into routes, or raise network.site_snap_m",
    )
    joined = np.setdiff1d(several[num_parts[several] > 1], broken)
    notes.remark_rows(
        "merged_parts",
        routes.file,
        f"{len(joined)} routes drawn in several parts were merged into one line each.",
        list(routes.wheres[joined]),
        [f"Its {num} parts were merged into one line." for num in num_parts[joined]],
    )
    is_line = np.ones(len(lines), dtype=bool)
    is_line[broken] = False
    return lines, is_line


def _chain(lines: NDArray[Any], row: int, ruler: Ruler, snap_m: float) -> float:
    """Replace a multiline by the chain of its parts; return the widest gap, and give up at one too wide."""
    parts = [shapely.get_coordinates(part) for part in shapely.get_parts(lines[row]) if not part.is_empty]
    chain, rest, widest_m = [parts[0]], parts[1:], 0.0
    while rest:
        at_tail, reverse, position = _find_next(chain[0][0], chain[-1][-1], rest)
        part = rest.pop(position)
        part = part[::-1] if reverse else part
        ends = (chain[-1][-1], part[0]) if at_tail else (chain[0][0], part[-1])
        widest_m = max(widest_m, float(ruler.distances_m(ends[0][None], ends[1][None])[0]))
        if widest_m > snap_m:
            return widest_m
        chain.insert(len(chain) if at_tail else 0, part)
    lines[row] = shapely.linestrings(np.concatenate(chain))
    return widest_m


def _find_next(head: FloatArray, tail: FloatArray, rest: list[FloatArray]) -> tuple[bool, bool, int]:
    """Which part comes next: at the tail or the head, reversed or not, and its position."""
    starts, ends = np.array([part[0] for part in rest]), np.array([part[-1] for part in rest])
    gaps = np.array(
        [np.hypot(*(there - here).T) for here, there in ((tail, starts), (tail, ends), (head, ends), (head, starts))]
    )
    # of equal gaps the earliest part, at the tail, as drawn
    position, way = divmod(int(np.argmin(gaps.T)), 4)
    return way < 2, way % 2 == 1, position
