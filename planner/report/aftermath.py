"""After the cut: the incident of the study and the worst attack, without and with the plan."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from planner.report.aftermath_tables import TITLES, to_overloads_table, to_ways_table
from planner.report.language import mark, say, say_many, to_local
from planner.report.model import Section
from planner.report.words import to_cuts, to_km, to_number, to_sentence_list
from planner.result.aftermath import MAX_REGIONS
from planner.survival.limits import KM_PER_MS

if TYPE_CHECKING:
    from planner.report.basis import Basis
    from planner.report.model import Block
    from planner.result import Aftermath, Outcome, PairWays, TrafficState

_WAYS = mark(
    "A way is the shortest over what stands, between the nearest sites of the two; light takes {delay} ms per 1,000 km"
    " of fibre, one way. Pairs are weighed by {weighed}."
)
_TRAFFIC = mark(
    "The model of traffic: {demands}; each pair takes its one shortest way, whatever is free there, and loads are"
    " compared with the routes' column capacity_gbps in both directions together. A network that spreads its traffic"
    " does better than this."
)
_WHEN = {
    "uncut": mark("With nothing cut"),
    "cut": mark("After the cuts"),
    "planned": mark("After the cuts, with the plan"),
}


def to_aftermath_section(outcome: Outcome, basis: Basis) -> Section | None:
    """Each of them with its detours and loads; None where the study asks for none."""
    if not outcome.aftermaths:
        return _to_left_out(outcome)
    traffic = outcome.study.traffic
    weighed = say("their traffic") if traffic else say("the product of their weights")
    blocks: list[Block] = [say(_WAYS, delay=to_local(f"{1000 / KM_PER_MS:.3f}"), weighed=weighed)]
    if traffic:
        shared = say("all of it shared out over the pairs by the product of their weights")
        demands = shared if traffic.demands is None else say("demands from {file}", file=traffic.demands)
        blocks.append(say(_TRAFFIC, demands=demands))
    for found in outcome.aftermaths:
        blocks += _to_blocks(found, basis)
    return Section("aftermath", say("After the cut"), tuple(blocks))


def _to_left_out(outcome: Outcome) -> Section | None:
    """Why there is nothing although the study asks; None where it does not ask, or nothing can happen."""
    study, num = outcome.study, len(outcome.network.regions)
    if (study.report.incident is None and study.traffic is None) or num <= MAX_REGIONS:
        return None
    said = say(
        "Not worked out: ways between all pairs of {number} regions would take too long; {most} are the most.",
        number=to_number(num),
        most=to_number(MAX_REGIONS),
    )
    return Section("aftermath", say("After the cut"), (said,))


def _to_blocks(found: Aftermath, basis: Basis) -> list[Block]:
    title = say(TITLES[found.key], file=found.name)
    cuts = to_cuts(found.num_cuts)
    said = say("{title}, {cuts}: {isolated}.", title=title, cuts=cuts, isolated=_to_isolated(found, basis))
    blocks: list[Block] = [f"{said} {_to_longest(found, basis)}".strip()]
    if found.pairs:
        blocks.append(to_ways_table(found, basis))
    blocks += [_to_state(state) for state in found.traffic]
    if any(state.overloaded for state in found.traffic):
        blocks.append(to_overloads_table(found, basis))
    return blocks


def _to_isolated(found: Aftermath, basis: Basis) -> str:
    before, after = found.isolated, found.isolated_planned
    now = say("it isolates {regions}", regions=basis.to_isolated(before))
    if not before.isolated_regions:
        now = say("it isolates nobody")
    if after is None:
        return now
    then = say("with the plan it still isolates {regions}", regions=basis.to_isolated(after))
    if not after.isolated_regions:
        then = say("with the plan it isolates nobody")
    return say("{now}; {then}", now=now, then=then)


def _to_longest(found: Aftermath, basis: Basis) -> str:
    """How many ways change, and what becomes of the pair with most traffic."""
    if not found.pairs:
        return ""
    pair = found.pairs[0]
    ends = to_sentence_list(basis.labels.to_regions((pair.region_a, pair.region_b)))
    many = say_many(
        "{count} pair of {nouns} has a longer way or none.",
        "{count} pairs of {nouns} have a longer way or none.",
        found.num_pairs,
        nouns=basis.nouns,
    )
    way = say("is lost") if math.isinf(pair.cut_km) else say("becomes {km}", km=_to_length(pair.cut_km))
    first = say(
        "The way between {ends}, {km}, {way}{then}.",
        ends=ends,
        km=_to_length(pair.uncut_km),
        way=way,
        then=_to_then(pair),
    )
    return f"{many} {first}"


def _to_then(pair: PairWays) -> str:
    if pair.planned_km is None:
        return ""
    if math.isinf(pair.planned_km):
        return say(", and with the plan there is none")
    return say(", and with the plan {km}", km=_to_length(pair.planned_km))


def _to_length(length_km: float) -> str:
    delay = to_local(f"{length_km / KM_PER_MS:.2f}")
    return say("{km} ({delay} ms)", km=to_km(length_km), delay=delay)


def _to_state(state: TrafficState) -> str:
    figures = {
        "when": say(_WHEN[state.when]),
        "carried": to_local(f"{state.asked_gbps - state.lost_gbps:,.0f}"),
        "asked": to_local(f"{state.asked_gbps:,.0f}"),
    }
    said = say("{when}: {carried} of {asked} Gbit/s find a way.", **figures)
    over = say_many("{count} span is overloaded.", "{count} spans are overloaded.", len(state.overloaded))
    unknown = say_many(
        "Of {count} span in use no capacity is known.",
        "Of {count} spans in use no capacity is known.",
        state.num_unknown,
    )
    return f"{said} {over}{f' {unknown}' if state.num_unknown else ''}"
