"""The network that was read, and how good its data are."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from planner.report.ground import count_inferred
from planner.report.language import mark, say, say_many
from planner.report.model import Bullets, Column, Facts, Section, Table
from planner.report.riskgroups import count_shared
from planner.report.told import to_told
from planner.report.words import to_km, to_metres, to_number, to_sentence_list, to_yes

if TYPE_CHECKING:
    import pandas as pd

    from planner.report.basis import Basis
    from planner.report.model import Block

MAX_WARNINGS = 25

_KINDS = {
    "snapped": mark("route ends joined to a site"),
    "split": mark("routes split at sites on their way"),
    "merged_parts": mark("routes joined from several parts"),
    "drawn_straight": mark("routes without a line, drawn straight"),
    "dropped_z": mark("heights left out"),
    "length": mark("lengths by the file far from those of the lines"),
    "place": mark("sites at doubtful places"),
    "duplicate": mark("possible duplicates"),
    "unused_site": mark("sites without a route"),
    "components": mark("parts of the network that are not connected"),
    "dropped": mark("rows left out"),
    "other": mark("other remarks"),
}


def to_network_section(basis: Basis) -> Section:
    """What was read, what was repaired and what is doubted."""
    return Section(
        "network",
        say("The network and the quality of its data"),
        (*_to_data_blocks(basis), *_to_remark_blocks(basis)),
    )


def _to_candidate_fact(basis: Basis, km: pd.Series[float]) -> tuple[str, str]:
    found = basis.corridors
    if found is None:
        return say("Candidate routes"), _to_total(km)
    return say("Sections of corridors to choose from"), f"{to_number(found.num_sections)}, {to_km(found.length_km)}"


def _to_data_blocks(basis: Basis) -> tuple[Block, ...]:
    network = basis.network
    routes, spans = network.routes, network.spans
    is_candidate = routes["status"] == "candidate"
    km = routes["length_km"]
    facts = [
        (say("Sites"), to_number(len(network.sites))),
        (say("Existing routes"), _to_total(km[~is_candidate])),
        (say("Existing spans"), to_number(int((~spans["is_candidate"]).sum()))),
        _to_candidate_fact(basis, km[is_candidate]),
        *_to_choice_facts(basis),
        (
            say("Risk groups"),
            say(
                "{num_groups}, of which {num_shared} of several spans",
                num_groups=len(basis.risk_groups.spans),
                num_shared=count_shared(basis),
            ),
        ),
        (say("A line joins a site within"), to_metres(basis.settings.site_snap_m)),
        (say("Lengths"), say("in the plane of the CRS") if network.is_planar else say("on the ground (geodesic)")),
        (say("Coordinate reference system"), network.crs.name),
    ]
    num_inferred = count_inferred(network)
    if num_inferred:
        facts.append((say("Routes and sites on inferred ground"), to_number(num_inferred)))
    return (say("The network, as read."), Facts(tuple(facts)))


def _to_total(lengths_km: pd.Series[float]) -> str:
    """``"47, 9,120 km"``."""
    return f"{to_number(len(lengths_km))}, {to_km(float(lengths_km.sum()))}"


def _to_choice_facts(basis: Basis) -> list[tuple[str, str]]:
    """The candidates that the study requires or forbids, by id."""
    ids, network = basis.labels.route_ids, basis.network
    chosen = [(say("Required candidates"), network.required), (say("Forbidden candidates"), network.forbidden)]
    return [(name, to_sentence_list([ids[row] for row in rows], limit=12)) for name, rows in chosen if rows]


def _to_remark_blocks(basis: Basis) -> tuple[Block, ...]:
    remarks = basis.network.remarks
    if not remarks:
        return (say("Nothing in the data had to be repaired, and nothing was doubted."),)
    counts = Counter(remark.kind for remark in remarks)
    rows = tuple((say(_KINDS.get(kind, kind)), counts[kind]) for kind in sorted(counts))
    table = Table(
        say("Repairs and doubts"), (Column(say("What")), Column(say("How many"), "count")), rows, sheet=say("Remarks")
    )
    warnings = [say("{where}: {what}", where=to_told(r.where), what=to_told(r.what)) for r in remarks if r.is_warning]
    if not warnings:
        return (table,)
    said = say_many("{count} of them is a doubt to look at:", "{count} of them are doubts to look at:", len(warnings))
    more = len(warnings) - MAX_WARNINGS
    rest = (say("{more} more are in tables.xlsx, sheet Remarks.", more=more),) if more > 0 else ()
    return (table, said, Bullets(tuple(warnings[:MAX_WARNINGS])), *rest)


def to_remarks(basis: Basis) -> Table:
    """Every remark on the data."""
    rows = tuple(
        (to_told(r.kind), to_yes(r.is_warning), to_told(r.where), to_told(r.what)) for r in basis.network.remarks
    )
    headings = (say("Kind"), say("To look at"), say("Where"), say("What"))
    return Table(say("Remarks"), tuple(Column(heading) for heading in headings), rows, sheet=say("Remarks"))
