"""What the result rests on: cuts, prices, the data and its repairs, each with its source."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from planner.network.accuracy import find_accuracy_m
from planner.report.ground import count_inferred
from planner.report.model import Bullets, Column, Facts, Section, Table
from planner.report.riskgroups import count_shared
from planner.report.words import to_count, to_km, to_metres, to_sentence_list, to_when

if TYPE_CHECKING:
    from planner.report.basis import Basis
    from planner.report.model import Block

MAX_WARNINGS = 25

_KINDS = {
    "snapped": "route ends joined to a site",
    "split": "routes split at sites on their way",
    "merged_parts": "routes joined from several parts",
    "dropped_z": "heights left out",
    "duplicate": "possible duplicates",
    "unused_site": "sites without a route",
    "components": "parts of the network that are not connected",
    "dropped": "rows left out",
    "other": "other remarks",
}
_SITES_FAIL = {
    "": "sites do not fail",
    "disc": "a cut also takes the sites within its radius; a site that fell owes nothing",
}


def to_assumptions_section(basis: Basis) -> Section:
    """Everything that a reader may want to question."""
    return Section(
        "assumptions",
        "What this rests on",
        (*_to_cut_blocks(basis), *_to_cost_blocks(basis), *_to_data_blocks(basis), *_to_remark_blocks(basis)),
    )


def _to_cut_blocks(basis: Basis) -> tuple[Block, ...]:
    s = basis.settings
    levels = sorted(Counter(basis.required.values()).items())
    asked = to_sentence_list([f"{basis.to_regions(num)} {to_when(cuts)}" for cuts, num in levels])
    reach = "any one of its sites" if basis.network.reach == "any" else "all of its sites"
    facts = [
        ("Has to stay connected", asked),
        (f"A {basis.noun} is held by", reach),
        ("A cut severs every span within", to_metres(s.radius_m)),
        ("Left out around a span's own end sites", to_metres(s.site_clearance_m)),
        ("Risk groups declared by", ", ".join(s.declared) or "no column"),
        (
            "Sites",
            _SITES_FAIL.get(s.sites_fail, "a cut may take any one site with its spans; a site that fell owes nothing"),
        ),
        ("Spans that no cut severs", f"{int((~basis.network.spans['is_cuttable']).sum()):,}"),
    ]
    accuracy_m = find_accuracy_m(basis.network)
    if accuracy_m.any():
        low, high = to_metres(float(accuracy_m.min())), to_metres(float(accuracy_m.max()))
        span = high if low == high else f"{low} to {high}"
        facts.append(("Spans lie within", f"{span} of where they are drawn; that is added to the radius"))
    if s.excluded:
        facts.append((f"{basis.noun.capitalize()}s left out", ", ".join(s.excluded)))
    return ("Cuts, as set in " + s.file + ".", Facts(tuple(facts)))


def _to_cost_blocks(basis: Basis) -> tuple[Block, ...]:
    s, routes = basis.settings, basis.network.routes
    candidates = routes[routes["status"] == "candidate"]
    if not len(candidates):
        return ()
    own = _count_own_costs(basis)
    rows = [(f"{kind}, per km", price, s.file) for kind, price in s.per_km]
    rows += [("any route, once", s.per_route, s.file)] if s.per_route else []
    said = f"{own:,} of {to_count(len(candidates), 'candidate')} carry a cost of their own, which wins." if own else ""
    columns = (Column("Price of"), Column(f"{s.currency}", "money"), Column("Source"))
    table = (Table("Prices", columns, tuple(rows)),) if rows else ()
    return (f"Costs are length times the price of the kind. {said}".strip(), *table)


def _count_own_costs(basis: Basis) -> int:
    """Candidates whose cost is not what their kind's price makes it."""
    s, routes = basis.settings, basis.network.routes
    prices = dict(s.per_km)
    candidates = routes[routes["status"] == "candidate"]
    columns = (candidates[name].tolist() for name in ("kind", "length_km", "cost"))
    own = 0
    for kind, length_km, cost in zip(*columns, strict=True):
        price = prices.get(kind)
        expected = None if price is None else price * length_km + s.per_route
        own += expected is None or abs(cost - expected) > 1e-6 * max(1.0, abs(cost))
    return own


def _to_data_blocks(basis: Basis) -> tuple[Block, ...]:
    network = basis.network
    routes, spans = network.routes, network.spans
    is_candidate = routes["status"] == "candidate"
    km = routes["length_km"]
    facts = [
        ("Sites", f"{len(network.sites):,}"),
        ("Existing routes", f"{int((~is_candidate).sum()):,}, {to_km(float(km[~is_candidate].sum()))}"),
        ("Existing spans", f"{int((~spans['is_candidate']).sum()):,}"),
        ("Candidate routes", f"{int(is_candidate.sum()):,}, {to_km(float(km[is_candidate].sum()))}"),
        *_to_choice_facts(basis),
        ("Risk groups", f"{len(basis.risk_groups.spans):,}, of which {count_shared(basis):,} of several spans"),
        ("A line joins a site within", to_metres(basis.settings.site_snap_m)),
        ("Lengths", "in the plane of the CRS" if network.is_planar else "on the ground (geodesic)"),
        ("Coordinate reference system", network.crs.name),
    ]
    num_inferred = count_inferred(network)
    if num_inferred:
        facts.append(("Routes and sites on inferred ground", f"{num_inferred:,}"))
    return ("The network, as read.", Facts(tuple(facts)))


def _to_choice_facts(basis: Basis) -> list[tuple[str, str]]:
    """The candidates that the study requires or forbids, by id."""
    ids, network = basis.labels.route_ids, basis.network
    chosen = [("Required candidates", network.required), ("Forbidden candidates", network.forbidden)]
    return [(name, to_sentence_list([ids[row] for row in rows], limit=12)) for name, rows in chosen if rows]


def _to_remark_blocks(basis: Basis) -> tuple[Block, ...]:
    remarks = basis.network.remarks
    if not remarks:
        return ("Nothing in the data had to be repaired, and nothing was doubted.",)
    counts = Counter(remark.kind for remark in remarks)
    rows = tuple((_KINDS.get(kind, kind), counts[kind]) for kind in sorted(counts))
    table = Table("Repairs and doubts", (Column("What"), Column("How many", "count")), rows, sheet="Remarks")
    warnings = [f"{r.where}: {r.what}" for r in remarks if r.is_warning]
    if not warnings:
        return (table,)
    is_one = len(warnings) == 1
    said = f"{len(warnings):,} of them {'is a doubt' if is_one else 'are doubts'} to look at:"
    more = len(warnings) - MAX_WARNINGS
    rest = (f"{more:,} more are in tables.xlsx, sheet Remarks.",) if more > 0 else ()
    return (table, said, Bullets(tuple(warnings[:MAX_WARNINGS])), *rest)


def to_remarks(basis: Basis) -> Table:
    """Every remark on the data."""
    rows = tuple((r.kind, "yes" if r.is_warning else "no", r.where, r.what) for r in basis.network.remarks)
    headings = ("Kind", "To look at", "Where", "What")
    return Table("Remarks", tuple(Column(heading) for heading in headings), rows, sheet="Remarks")
