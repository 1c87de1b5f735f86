"""Tables of what cuts leave: ways of pairs of regions, and spans with more traffic than they carry."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from planner.report.language import mark, say
from planner.report.model import Column, Table
from planner.survival.limits import KM_PER_MS

if TYPE_CHECKING:
    from planner.report.basis import Basis
    from planner.report.model import Value
    from planner.result import Aftermath, Outcome, PairWays

TITLES = {
    "incident": mark("The incident of {file}, replayed"),
    "attack": mark("The worst attack on the network as it is"),
}
_STATES = {"uncut": mark("nothing cut"), "cut": mark("cut"), "planned": mark("cut, with the plan")}


def to_ways_table(found: Aftermath, basis: Basis) -> Table:
    """One row per pair listed."""
    rows = tuple(_to_row(pair, basis) for pair in found.pairs)
    title = say(TITLES[found.key], file=found.name)
    caption = say("{title}: the ways that change, most traffic first", title=title)
    return Table(caption, _to_columns(basis), rows, limit=12, sheet=say("Ways after cuts"))


def to_ways_sheet(outcome: Outcome, basis: Basis) -> Table:
    """The same of all of them together."""
    rows = tuple(
        (say(TITLES[found.key], file=found.name), *_to_row(pair, basis))
        for found in outcome.aftermaths
        for pair in found.pairs
    )
    return Table(say("Ways after cuts"), (Column(say("After")), *_to_columns(basis)), rows)


def to_overloads_table(found: Aftermath, basis: Basis) -> Table:
    """One row per span and state."""
    title = say(TITLES[found.key], file=found.name)
    caption = say("{title}: spans that overload", title=title)
    return Table(caption, _to_load_columns(), _to_loads(found, basis), limit=20, sheet=say("Overloads"))


def to_overloads_sheet(outcome: Outcome, basis: Basis) -> Table:
    """The same of all of them together."""
    rows = tuple(
        (say(TITLES[found.key], file=found.name), *row)
        for found in outcome.aftermaths
        for row in _to_loads(found, basis)
    )
    return Table(say("Overloads"), (Column(say("After")), *_to_load_columns()), rows)


def _to_load_columns() -> tuple[Column, ...]:
    return (
        Column(say("When")),
        Column(say("Span")),
        Column(say("Load (Gbit/s)"), "number"),
        Column(say("Capacity (Gbit/s)"), "number"),
        Column(say("Times its capacity"), "number"),
    )


def _to_loads(found: Aftermath, basis: Basis) -> tuple[tuple[Value, ...], ...]:
    return tuple(
        (
            say(_STATES[state.when]),
            basis.labels.to_span(span.span),
            round(span.load_gbps, 3),
            span.capacity_gbps,
            round(span.load_gbps / span.capacity_gbps, 2) if span.capacity_gbps else None,
        )
        for state in found.traffic
        for span in state.overloaded
    )


def _to_columns(basis: Basis) -> tuple[Column, ...]:
    return (
        Column(basis.heading),
        Column(say("Other {noun}", noun=basis.heading.lower())),
        Column(say("Share"), "share"),
        Column(say("Uncut (km)"), "km"),
        Column(say("Cut (km)"), "km"),
        Column(say("Longer by (ms)"), "number"),
        Column(say("With the plan (km)"), "km"),
        Column(say("Longer by, with the plan (ms)"), "number"),
        Column(say("Detour")),
        Column(say("Detour with the plan")),
    )


def _to_row(pair: PairWays, basis: Basis) -> tuple[Value, ...]:
    return (
        *basis.labels.to_regions((pair.region_a, pair.region_b)),
        pair.share,
        pair.uncut_km,
        _to_finite(pair.cut_km),
        _to_delay(pair.cut_km, pair.uncut_km),
        _to_finite(pair.planned_km),
        _to_delay(pair.planned_km, pair.uncut_km),
        _to_way(pair.cut_sites, basis),
        "" if pair.planned_km is None else _to_way(pair.planned_sites, basis),
    )


def _to_finite(length_km: float | None) -> float | None:
    return None if length_km is None or math.isinf(length_km) else length_km


def _to_delay(length_km: float | None, uncut_km: float) -> float | None:
    finite = _to_finite(length_km)
    return None if finite is None else round((finite - uncut_km) / KM_PER_MS, 3)


def _to_way(sites: tuple[int, ...], basis: Basis) -> str:
    """The sites passed, in order."""
    return " \N{EN DASH} ".join(basis.labels.sites[site] for site in sites) or say("no way")
