"""What sections of corridors cost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from planner.candidates.model import ACCESS, CONNECTOR, GAP, CorridorNetwork
from planner.network.notes import Notes
from planner.problem import FloatArray
from planner.study import Study, find_nearest

_DRAWN = (ACCESS, CONNECTOR, GAP)


def price_sections(corridors: CorridorNetwork, study: Study, notes: Notes) -> CorridorNetwork:
    """Price every section.

    A section costs its length times ``costs.per_km`` of its kind; what the planner draws itself (access, connector,
    gap) as the dearest kind, where it has no price of its own. Half of ``costs.per_junction`` is added for each end at
    a junction, and half of ``costs.per_route`` for each end at a site.

    Parameters
    ----------
    corridors
        The sections.
    study
        Its costs.
    notes
        Takes a fault for each kind without a price.
    """
    costs, sections = study.costs, corridors.sections
    own = sorted(set(sections["kind"]) - set(_DRAWN))
    dearest = max((costs.per_km[kind] for kind in own if kind in costs.per_km), default=np.nan)
    per_km = dict.fromkeys(_DRAWN, dearest) | dict(costs.per_km)
    for kind in own:
        if kind not in costs.per_km:
            nearest = find_nearest(kind, costs.per_km)
            meant = f" (did you mean '{nearest}'?)" if nearest else ""
            notes.fault(f"{study.path.name}, costs.per_km", f"there is no price for corridors of kind '{kind}'{meant}")
    is_site = corridors.junctions["site"].to_numpy() >= 0
    at_ends = np.where(is_site, costs.per_route, costs.per_junction) / 2
    ends: FloatArray = at_ends[sections[["start", "end"]].to_numpy(dtype=np.int64)].sum(axis=1)
    cost = sections["length_m"].to_numpy() / 1000 * sections["kind"].map(per_km).to_numpy(dtype=np.float64) + ends
    return replace(corridors, sections=sections.assign(cost=cost))
