"""The audit at other radii: section, table and plot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.report.language import say
from planner.report.model import Chart, Column, Line, Section, Table
from planner.report.words import to_capital, to_clauses, to_count, to_magnitude, to_metres

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.report.basis import Basis
    from planner.report.model import Value
    from planner.result import RadiusAudit

_DARK, _BLUE, _ORANGE = "#3a434c", "#0072b2", "#c24e00"


def to_radii_section(radii: Sequence[RadiusAudit], basis: Basis) -> Section | None:
    """What changes with the radius of a cut; None where no other radius was asked for."""
    if not radii:
        return None
    clearance_m = basis.settings.site_clearance_m
    said = say(
        "This study takes one cut to sever all within {metres}. Here is the same audit at other"
        " radii: where the lines are flat, the answer does not hang on that choice.",
        metres=to_metres(basis.settings.radius_m),
    )
    wide = any(at.radius_m > clearance_m for at in radii)
    warning = say(
        "Radii above the site clearance of {metres} let one cut sever every span of a site, which is"
        " then isolated by that cut alone.",
        metres=to_metres(clearance_m),
    )
    charts = (_to_survival_chart(radii, basis), _to_cuts_chart(radii), _to_weight_chart(radii, basis))
    return Section(
        "radii", say("Other radii"), (said, *((warning,) if wide else ()), *charts, to_radii_table(radii, basis))
    )


def to_radii_table(radii: Sequence[RadiusAudit], basis: Basis) -> Table:
    """One row per radius."""
    columns = (
        Column(say("Radius (m)"), "number"),
        Column(say("Risk groups"), "count"),
        Column(say("Of several spans"), "count"),
        Column(say("Spans in the largest"), "count"),
        Column(say("Single cuts that separate"), "count"),
        Column(say("Pairs of cuts that separate"), "count"),
        Column(say("{headings} that survive nothing cut", headings=basis.headings), "count"),
        Column(say("{headings} that survive any one cut", headings=basis.headings), "count"),
        Column(say("{headings} that survive any two cuts", headings=basis.headings), "count"),
        Column(say("The worst single cut isolates ({weight})", weight=basis.weight_label), "weight"),
        Column(say("Share"), "share"),
    )
    return Table(
        say("The audit at each radius"), columns, tuple(_to_row(at, basis) for at in radii), sheet=say("Radii")
    )


def _to_row(at: RadiusAudit, basis: Basis) -> tuple[Value, ...]:
    return (
        at.radius_m,
        at.num_groups,
        at.num_shared_groups,
        at.largest_group,
        at.num_cut_sets[1],
        at.num_cut_sets[2],
        *(at.num_surviving[cuts] for cuts in (0, 1, 2)),
        at.worst_weight,
        basis.to_share(at.worst_weight),
    )


def _to_survival_chart(radii: Sequence[RadiusAudit], basis: Basis) -> Chart:
    one, two = ([at.num_surviving[cuts] for at in radii] for cuts in (1, 2))
    lines = (Line(say("any one cut"), _BLUE, tuple(one)), Line(say("any two cuts"), _DARK, tuple(two), dash="6 4"))
    caption = say("{headings} that survive, of {total}", headings=basis.headings, total=len(basis.required))
    return _to_chart("survive", caption, radii, lines, top=len(basis.required))


def _to_cuts_chart(radii: Sequence[RadiusAudit]) -> Chart:
    single, pairs = ([at.num_cut_sets[size] for at in radii] for size in (1, 2))
    lines = (
        Line(say("single cuts"), _ORANGE, tuple(single)),
        Line(say("pairs of cuts"), _DARK, tuple(pairs), dash="6 4"),
    )
    return _to_chart("separate", say("Cuts that separate"), radii, lines, top=0)


def _to_weight_chart(radii: Sequence[RadiusAudit], basis: Basis) -> Chart:
    line = Line(say("the worst single cut"), _ORANGE, tuple(at.worst_weight for at in radii))
    caption = to_capital(say("{weight} that the worst single cut isolates", weight=basis.weight_label))
    return _to_chart("worst", caption, radii, (line,), top=0)


def _to_chart(key: str, caption: str, radii: Sequence[RadiusAudit], lines: tuple[Line, ...], *, top: float) -> Chart:
    ticks = tuple(to_metres(at.radius_m) for at in radii)
    said = to_clauses([say("{line}: {values}", line=line.label, values=_to_values(ticks, line)) for line in lines])
    description = say(
        "Plot over {radii}, not to scale along the bottom. {said}.",
        radii=to_count(len(radii), "radius", "radii"),
        said=said,
    )
    return Chart(f"radii-{key}", caption, description, ticks, lines, top)


def _to_values(ticks: tuple[str, ...], line: Line) -> str:
    pairs = zip(ticks, line.values, strict=True)
    return ", ".join(say("{value} at {radius}", value=to_magnitude(value), radius=tick) for tick, value in pairs)
