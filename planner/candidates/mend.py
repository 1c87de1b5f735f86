"""Mends ways along corridors: lines without spurs, with what they then measure and cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from planner.candidates.prices import Pricing, find_kind_prices
from planner.candidates.spurs import trim_spurs
from planner.candidates.zones import find_forbidden
from planner.network.columns import to_objects
from planner.network.model import Network
from planner.network.notes import Notes
from planner.network.ruler import Ruler
from planner.problem import BoolArray, FloatArray
from planner.study import Study


@dataclass(frozen=True)
class Way:
    """Sections one after the other, each from where the last one ends, their kinds, and what mending took off."""

    lines: tuple[shapely.LineString, ...]
    kinds: tuple[str, ...]
    saved_m: float = 0.0
    saved_cost: float = 0.0


class Mender:
    """Takes spurs off ways along the corridors of one study.

    Parameters
    ----------
    study
        Says how far junctions were moved, and what ground costs.
    network
        Its sites and CRS.
    kinds
        All kinds of sections: what the planner draws itself costs as the dearest.
    """

    def __init__(self, study: Study, network: Network, kinds: Sequence[str]) -> None:
        self.study, self.crs = study, CRS.from_user_input(network.crs)
        self.ruler = Ruler(network.crs, network.is_planar)
        self.pricing = Pricing(study, self.crs, find_kind_prices(kinds, study))
        keep_m = max(study.candidates.keep_off_m, study.network.site_snap_m, 1.0)
        self._discs = shapely.buffer(shapely.union_all(network.sites.geometry.to_numpy()), keep_m)
        shapely.prepare(self._discs)

    def mend(self, ways: Sequence[Way]) -> list[Way]:
        """The ways without spurs; as they were where that were dearer, in a forbidden zone or near another site."""
        trimmed = [trim_spurs(way.lines, self.study.candidates.merge_m) for way in ways]
        changed = [
            (at, row)
            for at, (way, lines) in enumerate(zip(ways, trimmed, strict=True))
            for row, line in enumerate(lines)
            if line is not way.lines[row]
        ]
        if not changed:
            return list(ways)
        old = to_objects([ways[at].lines[row] for at, row in changed]).to_numpy()
        new = to_objects([trimmed[at][row] for at, row in changed]).to_numpy()
        kinds = [ways[at].kinds[row] for at, row in changed]
        of_way, (old_m, old_cost), (new_m, new_cost) = [at for at, _ in changed], *self._measure(old, new, kinds)
        num = len(ways)
        saved_m, saved = (np.bincount(of_way, one, num) for one in (old_m - new_m, old_cost - new_cost))
        is_barred = np.bincount(of_way, self._find_barred(old, new), num) > 0
        is_better = (saved >= 0) & (saved_m > 0) & ~is_barred
        return [
            Way(tuple(trimmed[at]), way.kinds, float(saved_m[at]), float(saved[at])) if is_better[at] else way
            for at, way in enumerate(ways)
        ]

    def _find_barred(self, old: NDArray[Any], new: NDArray[Any]) -> BoolArray:
        """(n,) lines that enter a forbidden zone now, or come near a site."""
        comes_near: BoolArray = shapely.intersects(self._discs, new) & ~shapely.intersects(self._discs, old)
        return comes_near | find_forbidden(new, self.study, self.crs, Notes())

    def _measure(
        self, old: NDArray[Any], new: NDArray[Any], kinds: list[str]
    ) -> tuple[tuple[FloatArray, FloatArray], tuple[FloatArray, FloatArray]]:
        """Metres and costs of lines before and after."""
        both = np.concatenate([old, new])
        length_m = self.ruler.lengths_m(both)
        cost = self.pricing.price(both, length_m, kinds * 2, Notes())
        num = len(old)
        return (length_m[:num], cost[:num]), (length_m[num:], cost[num:])
