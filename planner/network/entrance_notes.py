"""Says at which sites routes enter on the same side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.network.entrances import MAX_SPANS, Entrances, find_entrances
from planner.network.notes import MAX_SHOWN, Notes, join_ids

if TYPE_CHECKING:
    from planner.network.approaches import IntArray
    from planner.network.model import Network
    from planner.study import Study

KIND = "entrance"
MAX_PAIRS = 3  # named per site


def remark_entrances(network: Network, study: Study, notes: Notes) -> None:
    """Remark sites where spans of different routes enter on the same side (`planner.network.entrances`).

    Parameters
    ----------
    network
        The network.
    study
        Names the file of the sites, the radius of a cut and the clearance.
    notes
        Takes one warning that says what is meant, and one for each of the ten worst sites, worst first: those where
        all existing spans enter on one side before others, then those with a pair of existing routes, then by weight.
    """
    found = find_entrances(network, study.cuts.radius_m, study.cuts.site_clearance_m)
    file, ids = study.network.sites, network.sites["site_id"].tolist()
    crowded = [ids[site] for site in np.flatnonzero(found.is_crowded)]
    if crowded:
        what = f"Sites with more than {MAX_SPANS} spans were not searched for shared entrances: {join_ids(crowded)}."
        notes.remark(KIND, file, what)
    sites = _rank_sites(found, network)
    if not len(sites):
        return
    notes.remark(KIND, file, _to_summary(found, study, sites), is_warning=True)
    for site in sites[:MAX_SHOWN]:
        notes.remark(KIND, f"{file} (id '{ids[site]}')", _to_sentence(found, network, site), is_warning=True)
    if len(sites) > MAX_SHOWN:
        rest = [ids[site] for site in sites[MAX_SHOWN:]]
        what = f"Routes enter on the same side at {len(rest)} more sites: {join_ids(rest)}."
        notes.remark(KIND, file, what, is_warning=True)


def _rank_sites(found: Entrances, network: Network) -> IntArray:
    """The sites with pairs, worst first."""
    num_sites = len(network.sites)
    num_pairs = np.bincount(found.site, minlength=num_sites)
    has_existing = np.bincount(found.site[found.num_candidates == 0], minlength=num_sites) > 0
    weight = network.sites["weight"].to_numpy(dtype=np.float64)
    order = np.lexsort((-num_pairs, -weight, ~has_existing, ~found.has_one_side))
    return order[num_pairs[order] > 0]


def _to_summary(found: Entrances, study: Study, sites: IntArray) -> str:
    ways, cuts = found.approaches, study.cuts
    apart_m = 2 * float(ways.reach_m.min())
    is_vague = bool((ways.reach_m > ways.reach_m.min()).any()) or apart_m > max(cuts.radius_m, 1.0)
    near = "their accuracies added to the radius" if is_vague else "the radius of a cut"
    edge_m = float(ways.edge_m.max())
    num_one_side = int(found.has_one_side.sum())
    what = (
        f"At {len(sites)} of {int(found.is_compared.sum())} sites with several routes some enter on the same side: "
        f"{float(ways.inner_m.min()):,.0f} to {edge_m:,.0f} m from the site they come within {apart_m:,.0f} m of each "
        f"other ({near}), so that one dig may take both."
    )
    if num_one_side:
        what += f" At {num_one_side} all existing routes do."
    if cuts.site_clearance_m > float(ways.inner_m.min()):
        what += (
            f" What lies within cuts.site_clearance_m ({cuts.site_clearance_m:,.0f} m) of a site is not cut, so no "
            "plan answers for it."
        )
    return f"{what} Where the building has separate entrances, draw the last stretch of every route as it lies."


def _to_sentence(found: Entrances, network: Network, site: int) -> str:
    rows = np.flatnonzero(found.site == site)
    existing = rows[found.num_candidates[rows] == 0]
    head = "Candidates enter on the same side as other routes"
    if len(existing):
        every = found.has_one_side[site]
        head = "All existing routes enter on the same side" if every else "Routes enter on the same side"
    named = _name_pairs(found, network, existing if len(existing) else rows)
    num_more = len(rows) - len(existing)
    if not len(existing) or not num_more:
        return f"{head}: {named}."
    pairs = "is 1 pair" if num_more == 1 else f"are {num_more:,} pairs"
    return f"{head}: {named}. There {pairs} with candidates; {_count_elsewhere(found, network, site)}."


def _name_pairs(found: Entrances, network: Network, rows: IntArray) -> str:
    """The first pairs with what was measured, and how many more there are."""
    ids = network.routes["route_id"].to_numpy(dtype=object)[found.approaches.route]
    named = rows[:MAX_PAIRS]
    measured = zip(named.tolist(), found.lengths_m(named), found.angle[named], strict=True)
    pairs = [
        f"'{ids[found.first[row]]}' and '{ids[found.second[row]]}' (beside each other for {length_m:,.0f} m, "
        f"{angle:.0f}° apart where they leave)"
        for row, length_m, angle in measured
    ]
    num_more = len(rows) - len(named)
    return "; ".join([*pairs, f"{num_more:,} more"] if num_more else pairs)


def _count_elsewhere(found: Entrances, network: Network, site: int) -> str:
    """How many candidates at a site share the side of no existing route."""
    spans = network.spans
    is_there = ((spans["a"] == site) | (spans["b"] == site)) & spans["is_candidate"]
    routes = np.unique(spans["route"][is_there])
    pairs = (found.site == site) & (found.num_candidates == 1)
    num_elsewhere = len(np.setdiff1d(routes, found.approaches.route[found.second[pairs]]))
    if not num_elsewhere:
        return "every candidate enters where an existing route does"
    return f"{num_elsewhere:,} of {len(routes):,} candidates {'enters' if num_elsewhere == 1 else 'enter'} elsewhere"
