"""What sections of corridors cost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
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
    own = sorted(set(sections["kind"]) - set(_DRAWN))
    dearest = max((prices[kind] for kind in own if kind in prices), default=np.nan)
    per_km = dict.fromkeys(_DRAWN, dearest) | prices
    for kind in own:
        if kind not in prices:
            nearest = find_nearest(kind, prices)
            meant = f" (did you mean '{nearest}'?)" if nearest else ""
            notes.fault(f"{study.path.name}, costs.per_km", f"there is no price for corridors of kind '{kind}'{meant}")
    is_site = corridors.junctions["site"].to_numpy() >= 0
    at_ends = np.where(is_site, costs.per_route, costs.per_junction) / 2
    ends: FloatArray = at_ends[sections[["start", "end"]].to_numpy(dtype=np.int64)].sum(axis=1)
    lines, crs = sections.geometry.to_numpy(), CRS.from_user_input(sections.crs)
    per_section = sections["kind"].map(per_km).to_numpy(dtype=np.float64) * find_factors(lines, study, crs, notes)
    cost = (
        sections["length_m"].to_numpy(dtype=np.float64) / 1000 * per_section
        + price_crossings(lines, study, crs, notes)
        + ends
    )
    is_left = ~find_forbidden(lines, study, crs, notes)
    return replace(
        corridors,
        sections=sections.assign(cost=cost)[is_left].reset_index(drop=True),
        remarks=(*corridors.remarks, *notes.remarks[len(corridors.remarks) :]),
    )
