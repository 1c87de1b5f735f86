"""The build order: section, table and plots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.report.language import say
from planner.report.model import Chart, Column, Line, Section, Table
from planner.report.words import to_capital, to_clauses, to_count, to_magnitude, to_money, to_sentence_list

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
        return Section("phases", say("Phases"), (say("There is nothing to build."),))
    blocks: list[Block] = [
        _to_headline(phasing, basis),
        say(
            "Each year builds the routes of the plan that, beside what is built, hold the most {weight} as asked for"
            " the money there is, and of such choices the cheapest; what is not spent is there the next year. That is"
            " exact for every year, given the years before it. Only routes of the plan are built, so none is"
            " regretted. In hindsight any candidate could have been built for all the money so far: what that would"
            " hold more is the loss.",
            weight=basis.weight_label,
        ),
        *_to_loss(phasing, basis),
        _to_weight_chart(phasing, basis),
    ]
    if all(phase.person_hours is not None for phase in phasing.phases):
        blocks.append(_to_hours_chart(phasing, outcome))
    blocks.append(to_phases_table(outcome, basis))
    if phasing.unpaid:
        unpaid = to_sentence_list(phasing.unpaid, limit=12)
        blocks.append(say("No budget within the horizon pays for {routes}.", routes=unpaid))
    return Section("phases", say("Phases"), tuple(blocks))


def to_phases_table(outcome: Outcome, basis: Basis) -> Table:
    """One row per year."""
    weight = to_capital(basis.weight_label)
    columns = (
        Column(say("Year"), "count"),
        Column(say("Builds"), "list"),
        Column(say("Budget ({currency})", currency=basis.settings.currency), "money"),
        Column(say("Spent"), "money"),
        Column(say("Left"), "money"),
        Column(say("{weight} held after it", weight=weight), "weight"),
        Column(say("At most possible"), "weight", "sheet"),
        Column(say("Best in hindsight"), "weight"),
        Column(say("At most in hindsight"), "weight", "sheet"),
        Column(say("Loss"), "weight"),
        Column(say("Person-hours isolated a year"), "number"),
    )
    phasing = outcome.investment.phasing if outcome.investment else None
    rows = tuple(_to_row(phase) for phase in phasing.phases) if phasing else ()
    return Table(say("Year by year; year 0 begins at once"), columns, rows, sheet=say("Phases"))


def _to_row(phase: Phase) -> tuple[Value, ...]:
    return (
        phase.year,
        phase.routes or (say("nothing: saved"),),
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
    words = {
        "routes": to_count(sum(len(phase.routes) for phase in phasing.phases), "route"),
        "cost": to_money(sum(phase.spent for phase in phasing.phases), basis.settings.currency),
        "years": to_count(len(phasing.phases), "year"),
        "before": to_magnitude(phasing.before_weight),
        "after": to_magnitude(phasing.phases[-1].protected_weight),
        "weight": basis.weight_label,
    }
    if phasing.unpaid:
        return say(
            "{routes} for {cost} in {years}, and the plan is not complete: from {before} of {weight} held as asked to"
            " {after}.",
            **words,
        )
    return say(
        "{routes} for {cost} in {years}, and the plan stands: from {before} of {weight} held as asked to {after}.",
        **words,
    )


def _to_loss(phasing: Phasing, basis: Basis) -> tuple[str, ...]:
    late = [phase for phase in phasing.phases if phase.loss > 0]
    is_open = any(
        phase.bound > phase.protected_weight or phase.hindsight_bound > phase.hindsight_weight
        for phase in phasing.phases
    )
    doubt = say(" Not all of it is proved: a limit was hit, and tables.xlsx has the bounds.") if is_open else ""
    if not late:
        return (say("The order loses nothing against hindsight in any year.") + doubt,)
    worst = max(late, key=lambda phase: (phase.loss, -phase.year))
    said = say(
        "It loses most after year {year}: {loss} of {weight}; in {years} of {all} it loses nothing.",
        year=worst.year,
        loss=to_magnitude(worst.loss),
        weight=basis.weight_label,
        years=to_count(len(phasing.phases) - len(late), "year"),
        all=len(phasing.phases),
    )
    return (said + doubt,)


def _to_weight_chart(phasing: Phasing, basis: Basis) -> Chart:
    held = tuple(phase.protected_weight for phase in phasing.phases)
    hindsight = tuple(phase.hindsight_weight for phase in phasing.phases)
    before = phasing.before_weight
    lines = (
        Line(say("in hindsight"), _DARK, (before, *hindsight), dash="6 4"),
        Line(say("this order"), _BLUE, (before, *held)),
    )
    said = [
        say(
            "after year {year} {held}, in hindsight {hindsight}",
            year=phase.year,
            held=to_magnitude(phase.protected_weight),
            hindsight=to_magnitude(phase.hindsight_weight),
        )
        for phase in phasing.phases
    ]
    caption = say("{weight} held as asked after each year", weight=to_capital(basis.weight_label))
    return Chart("phases-held", caption, to_clauses(said), _to_ticks(phasing), lines, top=basis.total_weight)


def _to_hours_chart(phasing: Phasing, outcome: Outcome) -> Chart:
    risk = outcome.investment.risk if outcome.investment else None
    before = risk.before.person_hours if risk else 0.0
    hours = [before, *(phase.person_hours or 0.0 for phase in phasing.phases)]
    said = to_clauses([to_magnitude(round(value)) for value in hours])
    line = Line(say("person-hours"), _ORANGE, tuple(hours))
    caption = say("Person-hours of isolation a year, after each year")
    return Chart("phases-hours", caption, say("from before on: {values}", values=said), _to_ticks(phasing), (line,))


def _to_ticks(phasing: Phasing) -> tuple[str, ...]:
    step = -(-len(phasing.phases) // _MOST_TICKS)
    return (say("now"), *(str(phase.year) if phase.year % step == 0 else "" for phase in phasing.phases))
