"""The build order: section, table and plots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.report.model import Chart, Column, Line, Section, Table
from planner.report.words import to_count, to_magnitude, to_money, to_sentence_list

if TYPE_CHECKING:
    from planner.invest.model import Phase, Phasing
    from planner.report.basis import Basis
    from planner.report.model import Block, Value
    from planner.result import Outcome

_DARK, _BLUE, _ORANGE = "#3a434c", "#0072b2", "#c24e00"
_MOST_TICKS = 12


def to_phases_section(outcome: Outcome, basis: Basis) -> Section | None:
    """In which year to build what; None where the study gives no budgets."""
    phasing = outcome.investment.phasing if outcome.investment else None
    if phasing is None:
        return None
    if not phasing.phases:
        return Section("phases", "Phases", ("There is nothing to build.",))
    blocks: list[Block] = [
        _to_headline(phasing, basis),
        f"Each year builds the routes of the plan that, beside what is built, hold the most {basis.weight_label} as"
        " asked for the money there is, and of such choices the cheapest; what is not spent is there the next year."
        " That is exact for every year, given the years before it. Only routes of the plan are built, so none is"
        " regretted. In hindsight any candidate could have been built for all the money so far: what that"
        " would hold more is the loss.",
        *_to_loss(phasing, basis),
        _to_weight_chart(phasing, basis),
    ]
    if all(phase.person_hours is not None for phase in phasing.phases):
        blocks.append(_to_hours_chart(phasing, outcome))
    blocks.append(to_phases_table(outcome, basis))
    if phasing.unpaid:
        blocks.append(f"No budget within the horizon pays for {to_sentence_list(phasing.unpaid, limit=12)}.")
    return Section("phases", "Phases", tuple(blocks))


def to_phases_table(outcome: Outcome, basis: Basis) -> Table:
    """One row per year."""
    weight = basis.weight_label.capitalize()
    columns = (
        Column("Year", "count"),
        Column("Builds", "list"),
        Column(f"Budget ({basis.settings.currency})", "money"),
        Column("Spent", "money"),
        Column("Left", "money"),
        Column(f"{weight} held after it", "weight"),
        Column("At most possible", "weight", "sheet"),
        Column("Best in hindsight", "weight"),
        Column("At most in hindsight", "weight", "sheet"),
        Column("Loss", "weight"),
        Column("Person-hours isolated a year", "number"),
    )
    phasing = outcome.investment.phasing if outcome.investment else None
    rows = tuple(_to_row(phase) for phase in phasing.phases) if phasing else ()
    return Table("Year by year; year 0 begins at once", columns, rows, sheet="Phases")


def _to_row(phase: Phase) -> tuple[Value, ...]:
    return (
        phase.year,
        phase.routes or ("nothing: saved",),
        phase.budget,
        phase.spent,
        phase.left,
        phase.protected_weight,
        phase.bound,
        phase.hindsight_weight,
        phase.hindsight_bound,
        phase.loss,
        None if phase.person_hours is None else round(phase.person_hours),
    )


def _to_headline(phasing: Phasing, basis: Basis) -> str:
    built = sum(len(phase.routes) for phase in phasing.phases)
    spent = sum(phase.spent for phase in phasing.phases)
    last = phasing.phases[-1]
    years = to_count(len(phasing.phases), "year")
    done = "and the plan stands" if not phasing.unpaid else "and the plan is not complete"
    return (
        f"{to_count(built, 'route')} for {to_money(spent, basis.settings.currency)} in {years}, {done}:"
        f" from {to_magnitude(phasing.before_weight)} of {basis.weight_label} held as asked to"
        f" {to_magnitude(last.protected_weight)}."
    )


def _to_loss(phasing: Phasing, basis: Basis) -> tuple[str, ...]:
    late = [phase for phase in phasing.phases if phase.loss > 0]
    open_ = any(
        phase.bound > phase.protected_weight or phase.hindsight_bound > phase.hindsight_weight
        for phase in phasing.phases
    )
    doubt = " Not all of it is proved: a limit was hit, and tables.xlsx has the bounds." if open_ else ""
    if not late:
        return (f"The order loses nothing against hindsight in any year.{doubt}",)
    worst = max(late, key=lambda phase: (phase.loss, -phase.year))
    return (
        f"It loses most after year {worst.year}: {to_magnitude(worst.loss)} of {basis.weight_label}; in"
        f" {to_count(len(phasing.phases) - len(late), 'year')} of {len(phasing.phases):,} it loses nothing.{doubt}",
    )


def _to_weight_chart(phasing: Phasing, basis: Basis) -> Chart:
    held = tuple(phase.protected_weight for phase in phasing.phases)
    hindsight = tuple(phase.hindsight_weight for phase in phasing.phases)
    before = phasing.before_weight
    lines = (
        Line("in hindsight", _DARK, (before, *hindsight), dash="6 4"),
        Line("this order", _BLUE, (before, *held)),
    )
    said = "; ".join(
        f"after year {phase.year} {to_magnitude(phase.protected_weight)}, in hindsight"
        f" {to_magnitude(phase.hindsight_weight)}"
        for phase in phasing.phases
    )
    caption = f"{basis.weight_label.capitalize()} held as asked after each year"
    return Chart("phases-held", caption, said, _to_ticks(phasing), lines, top=basis.total_weight)


def _to_hours_chart(phasing: Phasing, outcome: Outcome) -> Chart:
    risk = outcome.investment.risk if outcome.investment else None
    before = risk.before.person_hours if risk else 0.0
    hours = [before, *(phase.person_hours or 0.0 for phase in phasing.phases)]
    said = ", ".join(to_magnitude(round(value)) for value in hours)
    line = Line("person-hours", _ORANGE, tuple(hours))
    caption = "Person-hours of isolation a year, after each year"
    return Chart("phases-hours", caption, f"from before on: {said}", _to_ticks(phasing), (line,))


def _to_ticks(phasing: Phasing) -> tuple[str, ...]:
    step = -(-len(phasing.phases) // _MOST_TICKS)
    return ("now", *(str(phase.year) if phase.year % step == 0 else "" for phase in phasing.phases))
