"""How far new routes keep from the other routes: the least distance outside the clearances of their sites."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import STRtree

from planner.network.cleared import find_cleared
from planner.network.ruler import Ruler

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from planner.report.basis import Basis

_FIRST_M = 1000.0
_GROWTH = 4.0


@dataclass(frozen=True, slots=True)
class Separation:
    """The nearest other route: how far it is, and which one."""

    distance_m: float
    route_id: str


def find_separations(basis: Basis) -> dict[int, Separation]:
    """Find the nearest existing or new route of each new one; by row of the route, none where nothing is left.

    Of every span the parts within the site clearance of its own end sites are left out, as in risk groups. The nearest
    place is found in the study's projection, and the distance there measured as the study measures distances.
    """
    spans = basis.network.spans
    routes = spans["route"].to_numpy()
    standing = np.flatnonzero(~spans["is_candidate"].to_numpy(dtype=bool) | np.isin(routes, list(basis.built)))
    finder = _Finder(basis, standing)
    found = {route: finder.find(route) for route in basis.built}
    return {route: separation for route, separation in found.items() if separation}


class _Finder:
    """Searches outwards from a route, so that only spans near it are trimmed."""

    def __init__(self, basis: Basis, standing: NDArray[np.int64]) -> None:
        network = basis.network
        self._basis, self._standing = basis, standing
        self._ruler = Ruler(network.crs, is_planar=network.is_planar)
        self._lines = shapely.force_2d(network.spans.geometry.to_numpy())
        self._routes = network.spans["route"].to_numpy()
        self._ends = find_cleared(network)
        self._sites = network.sites.geometry.to_numpy()
        self._tree = STRtree(self._lines[standing])
        self._trimmed: dict[int, BaseGeometry] = {}
        x0, y0, x1, y1 = network.spans.total_bounds.tolist()
        self._largest_m = _FIRST_M + float(np.hypot(x1 - x0, y1 - y0))

    def find(self, route: int) -> Separation | None:
        own = shapely.union_all([self._trim(int(span)) for span in np.flatnonzero(self._routes == route)])
        if own.is_empty:
            return None
        reach_m = _FIRST_M
        while True:
            near = self._standing[np.sort(self._tree.query(own, predicate="dwithin", distance=reach_m))]
            others = [int(span) for span in near if self._routes[span] != route]
            apart = [(shapely.distance(own, self._trim(span)), span) for span in others]
            best = min((pair for pair in apart if np.isfinite(pair[0])), default=None)
            if best and best[0] <= reach_m:
                return self._measure(own, best[1])
            if reach_m > self._largest_m:
                return None
            reach_m *= _GROWTH

    def _trim(self, span: int) -> BaseGeometry:
        """The span without what lies within the clearance of its own ends."""
        if span not in self._trimmed:
            clearance_m, line = self._basis.settings.site_clearance_m, self._lines[span]
            for site in self._ends[span][self._ends[span] >= 0] if clearance_m > 0 else ():
                xy = shapely.get_coordinates(self._sites[site])
                radius = clearance_m * float(self._ruler.scales(xy)[0])
                line = shapely.difference(line, shapely.buffer(self._sites[site], radius, quad_segs=32))
            self._trimmed[span] = line
        return self._trimmed[span]

    def _measure(self, own: BaseGeometry, span: int) -> Separation:
        ends = shapely.get_coordinates(shapely.shortest_line(own, self._trim(span)))
        distance_m = float(self._ruler.distances_m(ends[:1], ends[1:])[0])
        return Separation(distance_m, self._basis.labels.route_ids[int(self._routes[span])])
