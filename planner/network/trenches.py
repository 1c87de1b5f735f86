"""Stretches of ground that several candidates would dig: once, where they share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Trenches:
    """What candidates share, stretch by stretch.

    Parameters
    ----------
    routes
        Per trench the rows of `Network.routes` that lie in it, two or more, ascending.
    length_km
        Its length.
    per_route
        What of a route's cost is not for digging, whatever its length.
    """

    routes: tuple[tuple[int, ...], ...] = ()
    length_km: tuple[float, ...] = ()
    per_route: float = 0.0

    def __len__(self) -> int:
        return len(self.routes)

    @property
    def needs(self) -> list[tuple[int, int]]:
        """Pairs of a route and the trench that it lies in, by their numbers."""
        return [(route, trench) for trench, routes in enumerate(self.routes) for route in routes]

    def split(self, cost: FloatArray, length_km: FloatArray) -> FloatArray:
        """What routes cost beside their trenches, then what the trenches cost.

        A route's cost is spread evenly over its length. Of those in a trench the least dear tells what it costs, in
        whole units of money, rounded down: so no more is saved than each of them would have paid there.

        Parameters
        ----------
        cost, length_km
            (routes,) of each route alone.

        Returns
        -------
        ndarray
            (routes + trenches,).
        """
        digging = np.maximum(0.0, cost - self.per_route)
        rate = np.divide(digging, length_km, out=np.zeros(len(cost)), where=length_km > 0)
        dug = np.array(
            [np.floor(rate[list(r)].min() * km) for r, km in zip(self.routes, self.length_km, strict=True)], dtype=float
        )
        route, trench = np.array(self.needs, dtype=np.int64).reshape(-1, 2).T
        rest = cost - np.bincount(route, dug[trench], minlength=len(cost))
        return np.concatenate([np.maximum(0.0, rest), dug])
