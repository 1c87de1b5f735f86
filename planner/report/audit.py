"""What an audit comes to, in a sentence or two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.report.figures import count_held
from planner.report.language import say, say_many
from planner.report.words import to_capital, to_count, to_cuts, to_sentence_list

if TYPE_CHECKING:
    from planner.report.basis import Basis
    from planner.report.model import Tone
    from planner.result import Survival


def to_audit_tone(survival: Survival, basis: Basis) -> Tone:
    """Good where every region is held as asked."""
    return "good" if count_held(survival, basis) == len(basis.required) else "bad"


def to_audit_headline(survival: Survival, basis: Basis) -> str:
    """How many regions the fewest cuts isolate, and the worst case."""
    size = next((n for n in sorted(survival.num_cut_sets) if survival.num_cut_sets[n]), None)
    if size is None:
        searched = max((region.searched for region in survival.regions), default=0)
        if basis.noun == "region":
            return say("No region is isolated by up to {cuts}.", cuts=to_cuts(searched))
        return say("No site is isolated by up to {cuts}.", cuts=to_cuts(searched))
    exposed = sum(region.survives < size for region in survival.regions)
    who = say("{exposed} of {regions}", exposed=exposed, regions=basis.to_regions(len(survival.regions)))
    if size == 0:
        return say_many(
            "The network is separated while nothing is cut: {who} is isolated.",
            "The network is separated while nothing is cut: {who} are isolated.",
            exposed,
            who=who,
        )
    worst = next((c for c in survival.cut_sets if len(c.groups) == size), None)
    what = say("; the worst takes {isolated}", isolated=basis.to_isolated(worst, limit=3)) if worst else ""
    fallen = basis.labels.to_fallen(worst, limit=3) if worst else ""
    can = (
        say("A single cut can isolate")
        if size == 1
        else say("{cuts} together can isolate", cuts=to_capital(to_cuts(size)))
    )
    return f"{can} {who}{what}{say(', and {fallen}', fallen=fallen) if fallen else ''}."


def to_audit_statements(survival: Survival, basis: Basis) -> tuple[str, ...]:
    """How many places and combinations there are, and how they are known."""
    counts = survival.num_cut_sets
    num_places, num_pairs = counts.get(1, 0), counts.get(2, 0)
    parts = (
        [to_count(num_places, "place where one cut isolates", "places where one cut isolates")] if num_places else []
    )
    parts += (
        [to_count(num_pairs, "pair of cuts that does so only together", "pairs of cuts that do so only together")]
        if num_pairs
        else []
    )
    num_more = sum(counts[size] for size in counts if size > 2)
    parts += (
        [
            to_count(
                num_more,
                "set of three or more cuts that does so only together",
                "sets of three or more cuts that do so only together",
            )
        ]
        if num_more
        else []
    )
    held = count_held(survival, basis)
    return (
        *(
            (say("To isolate {a_noun} there are: {items}.", a_noun=basis.a_noun, items=to_sentence_list(parts)),)
            if parts
            else ()
        ),
        say_many(
            "{count} of {regions} is held as asked.",
            "{count} of {regions} are held as asked.",
            held,
            regions=basis.to_regions(len(basis.required)),
        ),
    )
