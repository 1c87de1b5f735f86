"""Limits on the ways between regions: section, table and sentences."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from planner.report.language import say, say_many, to_local
from planner.report.model import Bullets, Column, Section, Table
from planner.report.words import to_count, to_cuts, to_km, to_sentence_list, to_when
from planner.survival.limits import KM_PER_MS

if TYPE_CHECKING:
    from planner.report.basis import Basis
    from planner.report.model import Block, Value
    from planner.result import BrokenLimit, DetourReport, LongestWay, Outcome

_MAX_ROUTES = 20


def to_detours_section(outcome: Outcome, basis: Basis) -> Section | None:
    """What is limited and whether it is kept; None where nothing is."""
    detours = outcome.detours
    if detours is None:
        return None
    pairs = say_many("{count} pair of {nouns}", "{count} pairs of {nouns}", detours.num_limited, nouns=basis.nouns)
    when = say("while nothing is cut")
    if any(pair.cuts for pair in detours.pairs):
        when = say("{when} and {then}, as far as both must survive one", when=when, then=to_when(1))
    said = say(
        "The way between {pairs} is limited, {when}. A way is the shortest over what stands, between"
        " the nearest sites of the two; light takes {delay} ms per 1,000 km of fibre, one way.",
        pairs=pairs,
        when=when,
        delay=to_local(f"{1000 / KM_PER_MS:.3f}"),
    )
    blocks: list[Block] = [said, _to_verdict(outcome), to_detours_table(outcome, basis), *_to_two(detours)]
    return Section("detours", say("Ways between {nouns}", nouns=basis.nouns), (*blocks, *_to_needed(detours, basis)))


def to_detours_table(outcome: Outcome, basis: Basis) -> Table:
    """One row per pair listed."""
    columns = (
        Column(basis.heading),
        Column(say("Other {noun}", noun=basis.heading.lower())),
        Column(say("Limit (km)"), "km"),
        Column(say("Longest way now (km)"), "km"),
        Column(say("After this cut")),
        Column(say("With the plan (km)"), "km"),
        Column(say("One way (ms)"), "number"),
        Column(say("After this cut with the plan")),
        Column(say("After two cuts (km)"), "km"),
        Column(say("After these two")),
    )
    rows: list[tuple[Value, ...]] = []
    for pair in outcome.detours.pairs if outcome.detours else ():
        ends = basis.labels.to_regions((pair.region_a, pair.region_b))
        now, then, two = (_to_cells(way, basis) for way in (pair.before, pair.after, pair.after_two))
        delay_ms = round(then[0] / KM_PER_MS, 3) if isinstance(then[0], float) else None
        rows.append((*ends, pair.limit_km, *now, then[0], delay_ms, then[1], *two))
    num_left_out = outcome.detours.num_limited - len(rows) if outcome.detours else 0
    caption = (
        say("The longest way that cuts leave, of the pairs with the least room")
        if num_left_out
        else say("The longest way that cuts leave")
    )
    return Table(caption, columns, tuple(rows), limit=50, sheet=say("Ways"))


def to_long_way_sentence(outcome: Outcome, basis: Basis) -> str:
    """The limit that is broken with every candidate built; empty where it is not for a limit that no plan exists."""
    blocking = outcome.detours.blocking if outcome.detours else None
    if blocking is None:
        return ""
    cuts = len(outcome.blocking.groups) if outcome.blocking else 0
    when = say("after {cuts}", cuts=to_cuts(cuts)) if cuts else say("with nothing cut")
    way = say("is {km}", km=to_km(blocking.length_km)) if math.isfinite(blocking.length_km) else say("does not exist")
    ends = _to_ends(blocking, basis)
    limit = to_km(blocking.limit_km)
    return say(
        "Even with every candidate built, the way between {ends} {way} {when}; its limit is {limit}.",
        ends=ends,
        way=way,
        when=when,
        limit=limit,
    )


def _to_verdict(outcome: Outcome) -> str:
    if outcome.status == "infeasible":
        return say("No plan keeps all that is asked.") if outcome.detours and outcome.detours.blocking else ""
    if outcome.plan is None:
        return say("There is no plan to compare with.")
    if not outcome.plan.proof.survives:
        return say("The second algorithm did not confirm that the plan keeps what is asked.")
    return say("The plan keeps every limit; the second algorithm confirms it.")


def _to_cells(way: LongestWay | None, basis: Basis) -> tuple[float | None, str]:
    """The length, and after which cut it is so."""
    if way is None:
        return None, ""
    where = basis.labels.to_cut_set(way.cut_set) if way.cut_set else say("none makes it longer")
    if math.isfinite(way.length_km):
        return way.length_km, where
    return None, say("{where}: no way is left", where=where) if way.cut_set else say("no way, with nothing cut")


def _to_two(detours: DetourReport) -> tuple[str, ...]:
    if not detours.num_searched_for_two:
        return ()
    pairs = to_count(detours.num_searched_for_two, "pair")
    return (
        say("Nothing limits ways after two cuts. They were searched for the {pairs} with the least room.", pairs=pairs),
    )


def _to_ends(limit: BrokenLimit, basis: Basis) -> str:
    return to_sentence_list(basis.labels.to_regions((limit.region_a, limit.region_b)))


def _to_needed(detours: DetourReport, basis: Basis) -> tuple[Block, ...]:
    """Routes that a limit needs, whatever else they defend."""
    if not detours.needed:
        return ()
    lines = []
    for route_id, limit in detours.needed[:_MAX_ROUTES]:
        way = (
            say("may be {km} long", km=to_km(limit.length_km)) if math.isfinite(limit.length_km) else say("may be lost")
        )
        ends = _to_ends(limit, basis)
        lines.append(
            say(
                "{route_id}: without it the way between {ends} {way}; its limit is {km}",
                route_id=route_id,
                ends=ends,
                way=way,
                km=to_km(limit.limit_km),
            )
        )
    more = len(detours.needed) - _MAX_ROUTES
    rest = (say("{more} more routes are needed for a limit.", more=more),) if more > 0 else ()
    return (say("These new routes are needed for a limit:"), Bullets(tuple(lines)), *rest)
