"""The sites in the working CRS: what lines are joined to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from planner.network.geometry import to_working_crs
from planner.network.notes import Notes
from planner.network.ruler import Ruler
from planner.network.sites import SiteTable

# sites this near each other are one place
SAME_PLACE_M = 1.0
# what two ways of writing one coordinate may differ by
ROUNDING_M = 0.001
# beyond this a CRS shows the map, and little more
MAX_SCALE_ERROR = 0.1

type FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class SiteMap:
    """Where the sites are, and what is near them.

    Parameters
    ----------
    table
        The sites.
    points
        (s,) their points in the working CRS.
    is_shadowed
        (s,) sites that stand on another whose id comes first: lines that do not name them are not joined to them.
    ruler
        Measures in that CRS.
    snap_m
        A line this near a site ends there or passes through it.
    """

    table: SiteTable
    points: NDArray[Any]
    is_shadowed: NDArray[np.bool_]
    ruler: Ruler
    snap_m: float

    @property
    def ids(self) -> NDArray[Any]:
        """(s,) site ids."""
        return self.table.ids

    @cached_property
    def xy(self) -> FloatArray:
        """(s, 2) coordinates."""
        xy: FloatArray = shapely.get_coordinates(self.points)
        return xy

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Finds sites by place."""
        return shapely.STRtree(self.points)

    @cached_property
    def reach(self) -> float:
        """`snap_m` in the working CRS's plane, and a little more."""
        return self.ruler.reach(self.xy, self.snap_m)


def place_sites(sites: SiteTable, ruler: Ruler, snap_m: float, notes: Notes) -> SiteMap | None:
    """Bring the sites into the working CRS.

    Parameters
    ----------
    sites
        The sites; their CRS is known.
    ruler
        Measures in the working CRS.
    snap_m
        ``network.site_snap_m``.
    notes
        Takes a fault for each site that the CRS cannot show, and warnings: sites at one place, a CRS that distorts.

    Returns
    -------
    SiteMap or None
        None after a fault.
    """
    assert sites.crs is not None
    points, is_held = to_working_crs(sites.points, sites.crs, ruler.crs, sites.file, sites.wheres, notes)
    if not is_held.all():
        return None
    _remark_distortion(points, ruler, notes)
    is_shadowed = _find_shadowed(sites, points, ruler, notes)
    return SiteMap(sites, points, is_shadowed, ruler, max(snap_m, ROUNDING_M))


def _remark_distortion(points: NDArray[Any], ruler: Ruler, notes: Notes) -> None:
    scales = ruler.scales(shapely.get_coordinates(points))
    off = scales[np.argmax(np.abs(scales - 1))]
    if not ruler.is_planar and abs(off - 1) > MAX_SCALE_ERROR:
        notes.remark(
            "other",
            ruler.crs.name,
            f"It draws distances at some site {off:.2f} times as long as they are: leave study.crs out, or name one "
            "made for this part of the world.",
            is_warning=True,
        )


def _find_shadowed(sites: SiteTable, points: NDArray[Any], ruler: Ruler, notes: Notes) -> NDArray[np.bool_]:
    """(s,) true for sites that stand on another whose id comes first; a warning for each."""
    xy = shapely.get_coordinates(points)
    first, second = shapely.STRtree(points).query(points, predicate="dwithin", distance=ruler.reach(xy, SAME_PLACE_M))
    first, second = first[first < second], second[first < second]
    is_near = ruler.distances_m(xy[first], xy[second]) <= SAME_PLACE_M
    order = np.lexsort((first[is_near], second[is_near]))
    first, second = first[is_near][order], second[is_near][order]
    shadowed, position = np.unique(second, return_index=True)
    notes.remark_rows(
        "other",
        sites.file,
        f"{len(shadowed)} sites stand where another stands: fibre connects only at one site.",
        list(sites.wheres[shadowed]),
        [
            f"It stands where site '{sites.ids[other]}' stands: if they are one place, give it one id."
            for other in first[position]
        ],
        is_warning=True,
    )
    is_shadowed = np.zeros(len(points), dtype=bool)
    is_shadowed[shadowed] = True
    return is_shadowed
