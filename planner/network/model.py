"""The network as frames: what every later stage reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from planner.drawing.shown import Shown
from planner.network.trenches import Trenches

if TYPE_CHECKING:
    import geopandas as gpd
    from pyproj import CRS

    from planner.drawing.layer import Layer

RepairKind = Literal[
    "snapped",
    "split",
    "merged_parts",
    "drawn_straight",
    "dropped_z",
    "duplicate",
    "length",
    "place",
    "unused_site",
    "components",
    "dropped",
    "other",
]


@dataclass(frozen=True, slots=True)
class Remark:
    """One repair made while reading, or one doubt about the data.

    Parameters
    ----------
    kind
        What sort of remark, for counting and filtering.
    where
        File, and row or id.
    what
        One sentence for the reader.
    is_warning
        True for a doubt that the planner should look at, false for a repair that is merely said.

    Examples
    --------
    >>> [(remark.kind, remark.is_warning) for remark in planner.check("towns").remarks][:1]
    [('duplicate', True)]
    """

    kind: RepairKind | str
    where: str
    what: str
    is_warning: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Network(Shown):
    """Sites, routes, spans and regions in the study's metric CRS, cleaned and joined up.

    Row *i* of a frame is object *i* everywhere else: indices are ``0 … n-1`` without gaps. Frames are sorted by
    id, so the same data in another row order is the same network.

    Parameters
    ----------
    crs
        Metric CRS of every geometry.
    is_planar
        True for ``distances = "plane"``: lengths and radii are those of the CRS's own plane. False: lengths are
        geodesic and radii true on the ground.
    sites
        ``site_id`` str, ``name`` str, ``region`` str or None (region id), ``weight`` float, ``terminal`` bool,
        ``protected`` bool (no cut takes it), ``geometry`` Point, then the user's other columns.
    routes
        ``route_id`` str, ``a`` and ``b`` int (site indices of its ends), ``status`` ``"existing"`` or
        ``"candidate"``, ``kind`` str or None, ``operator`` str or None, ``is_cuttable`` bool, ``accuracy_m`` float
        (how far it may lie from where it is drawn), ``cost`` float (0 for existing), ``length_km`` float, ``geometry``
        LineString, then the user's other columns, untouched.
    spans
        ``span_id`` str (the route's id, with ``#1``, ``#2``, … where the route has several), ``route`` int (row of
        `routes`), ``route_id`` str, ``a`` and ``b`` int (site indices), ``is_candidate`` bool, ``is_cuttable``
        bool, ``accuracy_m`` float, ``length_m`` float, ``geometry`` LineString from a to b.
    regions
        ``region_id`` str, ``name`` str, ``weight`` float, ``required_cuts`` int, ``sites`` tuple of int (the
        terminal sites in it), ``geometry`` polygon or None. Excluded regions are not in it.
    reach
        ``"any"`` or ``"all"`` sites of a region must be held.
    remarks
        Repairs and doubts, in reading order.
    required, forbidden
        Rows of `routes`, ascending: candidates that every plan builds, and those that none does.
    trenches
        What candidates would dig once for several; nothing unless asked for.

    Examples
    --------
    >>> network = planner.check("towns")
    >>> network.spans[["span_id", "is_candidate"]].values.tolist()[:2]
    [['M1', False], ['M2', False]]
    >>> network.remarks[0].where
    "candidates.geojson, row 6 (id 'N6')"
    >>> axes = network.plot()
    """

    crs: CRS
    is_planar: bool
    sites: gpd.GeoDataFrame
    routes: gpd.GeoDataFrame
    spans: gpd.GeoDataFrame
    regions: gpd.GeoDataFrame
    reach: Literal["any", "all"]
    remarks: tuple[Remark, ...] = ()
    required: tuple[int, ...] = ()
    forbidden: tuple[int, ...] = ()
    trenches: Trenches = field(default_factory=Trenches)

    def _find_drawing(self) -> tuple[str, Any, list[Layer]]:
        from planner.network.drawn import to_network_layers

        return "", self.crs, to_network_layers(self)

    def __repr__(self) -> str:
        return f"<Network of {len(self.sites)} sites, {len(self.routes)} routes>"

    def _repr_html_(self) -> str:
        from planner.network.drawn import to_network_card

        return to_network_card(self)
