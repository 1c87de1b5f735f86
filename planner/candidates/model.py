"""Corridors as a network of sections between junctions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import geopandas as gpd

    from planner.network.model import Remark

FREE = "free"
"""Kind of a route that follows no corridor."""

ACCESS, CONNECTOR, GAP = "access", "connector", "gap"
"""Kinds of what the planner draws itself: from a site to corridors, between layers, over gaps of one layer."""


@dataclass(frozen=True, slots=True, eq=False)
class CorridorNetwork:
    """Sections of corridors that meet at junctions, in a study's working CRS.

    Parameters
    ----------
    sections
        Sorted by id: ``section_id`` str (the same from run to run), ``kind`` str, ``start`` and ``end`` int (rows of
        `junctions`), ``length_m`` float, ``cost`` float (NaN before it is priced), ``geometry`` LineString from start
        to end.
    junctions
        The sites that corridors reach first, in the network's order, then the others by id: ``junction_id`` str,
        ``site`` int (row of the network's sites, -1 for none), ``geometry`` Point.
    remarks
        What was repaired, and what is doubted.
    """

    sections: gpd.GeoDataFrame
    junctions: gpd.GeoDataFrame
    remarks: tuple[Remark, ...] = ()
