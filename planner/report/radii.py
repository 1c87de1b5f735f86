"""The audit at other radii: section, table and plot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.report.model import Chart, Column, Line, Section, Table
from planner.report.words import to_count, to_magnitude, to_metres

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
    said = (
        f"This study takes one cut to sever all within {to_metres(basis.settings.radius_m)}. Here is the same audit at"
        " other radii: where the lines are flat, the answer does not hang on that choice."
    )
    wide = any(at.radius_m > clearance_m for at in radii)
    warning = (
        f"Radii above the site clearance of {to_metres(clearance_m)} let one cut sever every span of a site, which is"
        " then isolated by that cut alone."
    )
    charts = (_to_survival_chart(radii, basis), _to_cuts_chart(radii), _to_weight_chart(radii, basis))
    return Section("radii", "Other radii", (said, *((warning,) if wide else ()), *charts, to_radii_table(radii, basis)))


def to_radii_table(radii: Sequence[RadiusAudit], basis: Basis) -> Table:
    """One row per radius."""
    nouns = f"{basis.noun.capitalize()}s that survive"
    columns = (
        Column("Radius (m)", "number"),
        Column("Risk groups", "count"),
        Column("Of several spans", "count"),
        Column("Spans in the largest", "count"),
        Column("Single cuts that separate", "count"),
        Column("Pairs of cuts that separate", "count"),
        Column(f"{nouns} nothing cut", "count"),
        Column(f"{nouns} any one cut", "count"),
        Column(f"{nouns} any two cuts", "count"),
        Column(f"The worst single cut isolates ({basis.weight_label})", "weight"),
        Column("Share", "share"),
    )
    return Table("The audit at each radius", columns, tuple(_to_row(at, basis) for at in radii), sheet="Radii")


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
    nouns = f"{basis.noun}s"
    one, two = ([at.num_surviving[cuts] for at in radii] for cuts in (1, 2))
    lines = (Line("any one cut", _BLUE, tuple(one)), Line("any two cuts", _DARK, tuple(two), dash="6 4"))
    caption = f"{nouns.capitalize()} that survive, of {len(basis.required):,}"
    return _to_chart("survive", caption, radii, lines, top=len(basis.required))


def _to_cuts_chart(radii: Sequence[RadiusAudit]) -> Chart:
    single, pairs = ([at.num_cut_sets[size] for at in radii] for size in (1, 2))
    lines = (Line("single cuts", _ORANGE, tuple(single)), Line("pairs of cuts", _DARK, tuple(pairs), dash="6 4"))
    return _to_chart("separate", "Cuts that separate", radii, lines, top=0)


def _to_weight_chart(radii: Sequence[RadiusAudit], basis: Basis) -> Chart:
    line = Line("the worst single cut", _ORANGE, tuple(at.worst_weight for at in radii))
    caption = f"{basis.weight_label.capitalize()} that the worst single cut isolates"
    return _to_chart("worst", caption, radii, (line,), top=0)


def _to_chart(key: str, caption: str, radii: Sequence[RadiusAudit], lines: tuple[Line, ...], *, top: float) -> Chart:
    ticks = tuple(to_metres(at.radius_m) for at in radii)
    said = "; ".join(
        f"{line.label}: " + ", ".join(f"{to_magnitude(y)} at {x}" for x, y in zip(ticks, line.values, strict=True))
        for line in lines
    )
    description = f"Plot over {to_count(len(radii), 'radius', 'radii')}, not to scale along the bottom. {said}."
    return Chart(f"radii-{key}", caption, description, ticks, lines, top)
