"""What the result does not say, read off the settings and the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.network.accuracy import find_accuracy_m
from planner.report.ground import count_inferred
from planner.report.language import say
from planner.report.model import Bullets, Section
from planner.report.words import to_cuts, to_metres

if TYPE_CHECKING:
    from planner.report.basis import Basis


def to_caveats_section(basis: Basis, *, is_audit: bool = False) -> Section:
    """The risks that remain, one sentence each."""
    said = [*_to_cut_caveats(basis), *_to_data_caveats(basis)]
    if not is_audit:
        said.append(
            say(
                "Costs are estimates from prices per kilometre. Rights of way, permits, crossings and the time to"
                " build are not in them."
            )
        )
    return Section("caveats", say("Risks that remain"), (Bullets(tuple(said)),))


def _to_cut_caveats(basis: Basis) -> list[str]:
    s = basis.settings
    asked = max(basis.required.values(), default=0)
    said = [say("More than {cuts} at once can still isolate; nothing is promised beyond that.", cuts=to_cuts(asked))]
    if s.site_clearance_m:
        said.append(
            say(
                "What happens within {distance} of a span's own end sites is not counted as a cut: the entrances of"
                " buildings have to be looked at one by one.",
                distance=to_metres(s.site_clearance_m),
            )
        )
    if not basis.sites_fall:
        said.append(say("Sites are taken to stand: loss of power, fire or flooding in a building is not part of this."))
    said.append(say("Connected means that a way of fibre is left. Whether it carries the traffic is another question."))
    return said


def _to_data_caveats(basis: Basis) -> list[str]:
    said = []
    if count_inferred(basis.network):
        said.append(say("Part of the ground is inferred. Two routes that look apart may lie in one trench."))
    elif not find_accuracy_m(basis.network).any():
        said.append(say("Lines are taken to lie where they are drawn; the data do not say how accurate they are."))
    if not basis.settings.declared:
        said.append(say("No ducts or leased fibres are declared: what geometry does not show is not known here."))
    return said
