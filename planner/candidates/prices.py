"""What sections of corridors cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS

from planner.candidates.ground import find_factors, price_crossings
from planner.candidates.model import ACCESS, CONNECTOR, GAP, CorridorNetwork
from planner.candidates.zones import find_forbidden
from planner.network.costs import find_prices
from planner.network.notes import Notes
from planner.problem import FloatArray
from planner.study import Study, find_nearest

_DRAWN = (ACCESS, CONNECTOR, GAP)


def price_sections(corridors: CorridorNetwork, study: Study, notes: Notes) -> CorridorNetwork:
    """Price every section.

    A section costs its length times ``costs.per_km`` of its kind; what the planner draws itself (access, connector,
    gap) as the dearest kind, where it has no price of its own. Zones multiply what lies within them, each crossing is
    paid for, and sections that enter a forbidden zone are left out. Half of ``costs.per_junction`` is added for each
    end at a junction, and half of ``costs.per_route`` for each end at a site.

    Parameters
    ----------
    corridors
        The sections.
    study
        Its costs.
    notes
        Holds the corridors' own remarks; takes a fault for each kind without a price.
    """
    costs, sections, prices = study.costs, corridors.sections, find_prices(study)
    for kind in sorted(set(sections["kind"]) - set(_DRAWN)):
        if kind not in prices:
            nearest = find_nearest(kind, prices)
            meant = f" (did you mean '{nearest}'?)" if nearest else ""
            notes.fault(f"{study.path.name}, costs.per_km", f"there is no price for corridors of kind '{kind}'{meant}")
    is_site = corridors.junctions["site"].to_numpy() >= 0
    at_ends = np.where(is_site, costs.per_route, costs.per_junction) / 2
    ends: FloatArray = at_ends[sections[["start", "end"]].to_numpy(dtype=np.int64)].sum(axis=1)
    lines, crs = sections.geometry.to_numpy(), CRS.from_user_input(sections.crs)
    pricing = Pricing(study, crs, find_kind_prices(sections["kind"].unique().tolist(), study))
    length_m = sections["length_m"].to_numpy(dtype=np.float64)
    cost = pricing.price(lines, length_m, sections["kind"].tolist(), notes) + ends
    is_left = ~find_forbidden(lines, study, crs, notes)
    return replace(
        corridors,
        sections=sections.assign(cost=cost)[is_left].reset_index(drop=True),
        remarks=(*corridors.remarks, *notes.remarks[len(corridors.remarks) :]),
    )


def find_kind_prices(kinds: Sequence[str], study: Study) -> dict[str, float]:
    """Price per km of every kind; what the planner draws itself as the dearest of some kinds, unless it has its own."""
    prices = find_prices(study)
    dearest = max((prices[kind] for kind in set(kinds) - set(_DRAWN) if kind in prices), default=np.nan)
    return dict.fromkeys(_DRAWN, dearest) | prices


@dataclass(frozen=True, eq=False)
class Pricing:
    """What lines cost by kind and ground, their ends aside.

    Parameters
    ----------
    study
        Its zones and crossings.
    crs
        The working CRS.
    per_km
        Price of each kind.
    """

    study: Study
    crs: CRS
    per_km: Mapping[str, float]

    def price(self, lines: NDArray[Any], length_m: FloatArray, kinds: Sequence[str], notes: Notes) -> FloatArray:
        """(n,) prices of lines of so many metres each."""
        per_km = np.array([self.per_km.get(kind, np.nan) for kind in kinds], dtype=np.float64)
        cost: FloatArray = length_m / 1000 * per_km * find_factors(lines, self.study, self.crs, notes)
        return cost + price_crossings(lines, self.study, self.crs, notes)
