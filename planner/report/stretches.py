"""The metres of span that isolate somebody: section, table and map layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.network.accuracy import find_accuracy_m
from planner.report.language import mark, say, say_many, to_local
from planner.report.model import Column, Feature, Layer, Section, Table
from planner.report.told import to_told
from planner.report.words import to_capital, to_count, to_km, to_sentence_list

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.report.basis import Basis
    from planner.report.model import Value, Where
    from planner.result import AuditOutcome, CriticalStretch

MAX_DRAWN = 1500
"""More stretches than this make the page slow; those that are drawn are the worst."""

_LAYERS = {
    1: ("stretches", mark("Metres that isolate")),
    2: ("stretches-2", mark("Metres that do so with one more cut")),
}


def to_stretches_section(outcome: AuditOutcome, basis: Basis) -> Section:
    """How many kilometres are critical, and which."""
    found = outcome.critical_stretches
    title = say("Critical stretches")
    if not found:
        said = say(
            "There is no metre of span whose loss isolates {a_noun}, alone or with one more cut.", a_noun=basis.a_noun
        )
        return Section("stretches", title, (said,))
    lengths = {cuts: sum(one.length_m for one in found if one.num_cuts == cuts) / 1000 for cuts in (1, 2)}
    said = say(
        "Whoever digs anywhere on {km} of span isolates {a_noun} at once; on {more_km} more it takes one"
        " more cut elsewhere.",
        km=to_km(lengths[1]),
        a_noun=basis.a_noun,
        more_km=to_km(lengths[2]),
    )
    how = say(
        "A cut severs what lies within the radius of the point where it happens, or a declared group"
        " of the span. Places beside the spans, from where one cut reaches several of them, are among"
        " the weak points alone."
    )
    note = (to_told(outcome.stretches_note),) if outcome.stretches_note else ()
    return Section("stretches", title, (said, how, *_to_options(basis), *note, to_stretches_table(found, basis)))


def _to_options(basis: Basis) -> tuple[str, ...]:
    """What else a cut takes: sites, and spans that the data cannot tell apart."""
    said = []
    if basis.settings.sites_fail == "disc":
        said.append(
            say(
                "A cut within the radius of a site that is not protected takes the site with every span"
                " there, so the last metres of a span count too. A site that fell owes nothing."
            )
        )
    if basis.settings.sites_fail == "single":
        said.append(say("The one more cut may be a site with every span there; digging takes spans only."))
    if find_accuracy_m(basis.network).any():
        said.append(
            say(
                "The accuracies of two spans are added to the radius, as far as one risk group holds what"
                " then falls together."
            )
        )
    return (" ".join(said),) if said else ()


def to_stretches_table(found: Sequence[CriticalStretch], basis: Basis) -> Table:
    """One row per stretch: those that isolate alone first, then by weight."""
    where: Where = "both" if basis.has_weights else "sheet"
    takes = (Column(say("Takes sites"), "list"),) if _takes_sites(basis) else ()
    columns = (
        Column(say("Span")),
        Column(say("From (m)"), "count"),
        Column(say("To (m)"), "count"),
        Column(say("Length (m)"), "count"),
        Column(say("Cuts"), "count"),
        Column(say("Severs"), "list"),
        *takes,
        Column(say("Other cut")),
        Column(say("Isolates"), "list"),
        Column(to_capital(say("{weight} isolated", weight=basis.weight_label)), "weight", where),
        Column(say("Share"), "share", where),
        Column(say("Id of the other cut's risk group"), "text", "sheet"),
    )
    return Table(
        caption=say("Stretches of span whose loss isolates, worst first"),
        columns=columns,
        rows=tuple(_to_row(one, basis) for one in found),
        limit=25,
        sheet=say("Critical stretches"),
        finds=tuple((_to_key(number, one),) for number, one in enumerate(found)),
    )


def to_stretch_layers(found: Sequence[CriticalStretch], basis: Basis) -> list[Layer]:
    """A layer for the stretches that isolate alone, one for those that do so with one more cut."""
    layers = []
    for cuts in (2, 1):
        of_kind = [(number, one) for number, one in enumerate(found) if one.num_cuts == cuts]
        features = tuple(_to_feature(number, one, basis) for number, one in of_kind[:MAX_DRAWN])
        key, label = _LAYERS[cuts]
        more = say(", the worst of {total}", total=len(of_kind)) if len(of_kind) > MAX_DRAWN else ""
        layers.append(Layer(key, f"{say(label)}{more}", is_on=cuts == 1, features=features))
    return layers


def _to_row(one: CriticalStretch, basis: Basis) -> tuple[Value, ...]:
    labels = basis.labels
    return (
        labels.to_span(one.span),
        round(one.from_m),
        round(one.to_m),
        round(one.length_m),
        one.num_cuts,
        tuple(labels.span_ids[span] for span in one.severed),
        *((_to_fallen(one, basis),) if _takes_sites(basis) else ()),
        _to_partner(one, basis),
        labels.to_regions(one.isolated_regions),
        one.isolated_weight,
        basis.to_share(one.isolated_weight),
        "" if one.partner is None else basis.risk_groups.group_ids[one.partner],
    )


def _takes_sites(basis: Basis) -> bool:
    """Whether whoever digs somewhere may take a site."""
    return basis.settings.sites_fail == "disc"


def _to_fallen(one: CriticalStretch, basis: Basis) -> tuple[str, ...]:
    return tuple(basis.labels.sites[site] for site in one.fallen)


def _to_partner(one: CriticalStretch, basis: Basis) -> str:
    """Where the other cut is; the sites that it takes, if it takes any."""
    if one.partner is None or one.partner_place is None:
        return ""
    fallen = basis.risk_groups.sites[one.partner] if basis.risk_groups.sites else ()
    if fallen:
        names = to_sentence_list([basis.labels.sites[site] for site in fallen])
        return say_many("at {names}, which falls", "at {names}, which fall", len(fallen), names=names)
    return basis.labels.to_place(*one.partner_place)


def _to_feature(number: int, one: CriticalStretch, basis: Basis) -> Feature:
    labels = basis.labels
    regions = to_sentence_list(labels.to_regions(one.isolated_regions))
    isolated = f"{regions} ({basis.to_weight(one.isolated_weight)})" if basis.has_weights else regions
    partner = _to_partner(one, basis)
    facts = (
        (
            say("Metres along the span"),
            say("{from_m} to {to_m}", from_m=to_local(f"{one.from_m:,.0f}"), to_m=to_local(f"{one.to_m:,.0f}")),
        ),
        (say("A cut here severs"), to_sentence_list([labels.to_span(span) for span in one.severed])),
        *(((say("It takes"), to_sentence_list(_to_fallen(one, basis))),) if one.fallen else ()),
        (
            say("With a cut {partner}", partner=partner) if partner else say("Alone"),
            say("isolates {isolated}", isolated=isolated),
        ),
    )
    title = say("{metres} of {span}", metres=to_count(round(one.length_m), "metre"), span=labels.to_span(one.span))
    return Feature(one.line, title, facts, key=_to_key(number, one))


def _to_key(number: int, one: CriticalStretch) -> str:
    return f"{_LAYERS[one.num_cuts][0]}:{number}"
