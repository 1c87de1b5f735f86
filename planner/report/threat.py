"""What one cut is taken to be, and how many are asked."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from planner.network.accuracy import find_accuracy_m
from planner.report.language import mark, say
from planner.report.model import Facts, Section
from planner.report.words import to_metres, to_number, to_sentence_list, to_when

if TYPE_CHECKING:
    from planner.report.basis import Basis
    from planner.report.model import Block

_SITES_FAIL = {
    "": mark("sites do not fail"),
    "disc": mark("a cut also takes the sites within its radius; a site that fell owes nothing"),
    "single": mark("a cut may take any one site with its spans; a site that fell owes nothing"),
}


def to_threat_section(basis: Basis) -> Section:
    """Against what the regions are to be held."""
    said = say(
        "A cut happens at one place and severs every span within its radius, whether they share a trench, cross or run"
        " side by side. New routes are cut like any other."
    )
    return Section("threat", say("The threat"), (said, *_to_cut_blocks(basis)))


def _to_cut_blocks(basis: Basis) -> tuple[Block, ...]:
    s = basis.settings
    levels = sorted(Counter(basis.required.values()).items())
    asked = to_sentence_list([f"{basis.to_regions(num)} {to_when(cuts)}" for cuts, num in levels])
    reach = say("any one of its sites") if basis.network.reach == "any" else say("all of its sites")
    facts = [
        (say("Has to stay connected"), asked),
        (say("{heading} held by", heading=basis.heading), reach),
        (say("A cut severs every span within"), to_metres(s.radius_m)),
        (say("Left out around a span's own end sites"), to_metres(s.site_clearance_m)),
        (say("Risk groups declared by"), ", ".join(s.declared) or say("no column")),
        (
            say("Sites"),
            say(_SITES_FAIL[s.sites_fail]),
        ),
        (say("Spans that no cut severs"), to_number(int((~basis.network.spans["is_cuttable"]).sum()))),
    ]
    accuracy_m = find_accuracy_m(basis.network)
    if accuracy_m.any():
        low, high = to_metres(float(accuracy_m.min())), to_metres(float(accuracy_m.max()))
        span = high if low == high else say("{low} to {high}", low=low, high=high)
        facts.append(
            (say("Spans lie within"), say("{span} of where they are drawn; that is added to the radius", span=span))
        )
    if s.excluded:
        facts.append((say("{headings} left out", headings=basis.headings), ", ".join(s.excluded)))
    return (say("Cuts, as set in {file}.", file=s.file), Facts(tuple(facts)))
