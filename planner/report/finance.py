"""The plan as an investment: section, tables and plot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.invest.money import to_yearly
from planner.report.finance_tables import to_finance_table, to_kinds_table, to_years_built
from planner.report.language import say, to_currency
from planner.report.model import Chart, Line, Section
from planner.report.sources import to_sources
from planner.report.words import (
    to_clauses,
    to_count,
    to_magnitude,
    to_money,
    to_number,
    to_percent,
    to_person_hours,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from planner.invest.model import Money, Range
    from planner.report.basis import Basis
    from planner.report.model import Block
    from planner.result import Outcome
    from planner.study.invest import InvestSection

_DARK, _BLUE = "#3a434c", "#0072b2"
_TICKS = 5  # so many years apart are named


def to_finance_section(outcome: Outcome, basis: Basis) -> Section | None:
    """What the plan costs and what it is worth; None where the study does not ask."""
    figures = outcome.study.invest
    money = outcome.investment.money if outcome.investment else None
    if figures is None or money is None:
        return None
    blocks: list[Block] = [
        _to_cost_sentence(money, figures, basis),
        *_to_worth_sentences(money, basis),
        say(
            "Building is paid at the beginning of a year, upkeep and leases at the end of each year that a route"
            " stands; present values are those at the beginning of year 0. One unit of {weight} is taken for one"
            " person.",
            weight=basis.weight_label,
        ),
    ]
    if money.routes:
        blocks += [_to_chart(money, figures, basis), to_finance_table(money, basis), to_kinds_table(money, basis)]
        blocks += to_years_built(money, basis)
    blocks.append(to_sources(figures, say("Figures of money and their sources")))
    return Section("finance", say("Finance"), tuple(blocks))


def _to_cost_sentence(money: Money, figures: InvestSection, basis: Basis) -> str:
    years, rate = to_count(figures.horizon_years, "year"), to_percent(figures.discount_rate)
    if not money.routes:
        return say(
            "Over {years} at {rate} a year, nothing is built and nothing is paid.",
            years=years,
            rate=rate,
        )
    kept = money.opex_per_year.middle + money.lease_per_year
    currency = basis.settings.currency
    keep = say("; upkeep is not counted")
    if kept:
        keep = say(" and {amount} a year to keep once all of it stands", amount=to_money(kept, currency))
    return say(
        "Over {years} at {rate} a year{prices}, the plan costs {cost} in present value: {capex} to build{keep}.",
        years=years,
        rate=rate,
        prices=say(", in prices of {year}", year=str(figures.price_year)) if figures.price_year else "",
        cost=_to_amounts(money.present_cost, basis),
        capex=to_money(money.capex.middle, currency),
        keep=keep,
    )


def _to_worth_sentences(money: Money, basis: Basis) -> tuple[str, ...]:
    said = [_to_worth(money, basis)]
    if money.protected_weight and money.cost_per_protected is not None:
        price = to_number(round(money.cost_per_protected, 2))
        said.append(
            say(
                "{magnitude} of {weight} are held as asked with the plan and not without it: {price} each, in present"
                " value.",
                magnitude=to_magnitude(money.protected_weight),
                weight=basis.weight_label,
                price=say("{unit} {number}", unit=to_currency(basis.settings.currency), number=price),
            )
        )
    return tuple(said)


def _to_worth(money: Money, basis: Basis) -> str:
    benefit, net, ratio = money.present_benefit, money.net_present_value, money.benefit_cost_ratio
    if benefit is None or net is None:
        return say("What isolation would cost is not set against this: that needs the study's table [failures].")
    worth = say(
        "With all of it built {hours} of isolation a year are expected to be avoided. That is worth {benefit} over"
        " these years: a net present value of {net}{ratio}.",
        hours=to_person_hours(money.saved_hours[-1]),
        benefit=_to_amounts(benefit, basis),
        net=_to_amounts(net, basis),
        ratio=say(", a benefit-cost ratio of {ratio}", ratio=_to_plain_range(ratio)) if ratio else "",
    )
    verdict = (
        say("On these figures what is avoided pays for the plan by itself.")
        if net.middle >= 0
        else say("On these figures what is avoided does not pay for the plan by itself.")
    )
    is_open = net.low < 0 <= net.high and net.low < net.high
    doubt = say(" Within the ranges given that may turn round.") if is_open else ""
    return f"{worth} {verdict}{doubt}"


def _to_chart(money: Money, figures: InvestSection, basis: Basis) -> Chart:
    paid, saved = to_yearly(money, figures)
    lines = [Line(say("paid"), _DARK, paid, dash="6 4")]
    if money.saved_hours and min(saved) >= 0:
        lines.append(Line(say("avoided"), _BLUE, saved))
    currency = basis.settings.currency
    said = [
        say(
            "{line} by year {year}: {amount}",
            line=line.label,
            year=len(paid) - 1,
            amount=to_money(line.values[-1], currency),
        )
        for line in lines
    ]
    return Chart(
        "finance-years",
        say("Present value summed up, by year ({currency})", currency=currency),
        to_clauses(said),
        tuple(str(year) if year % _TICKS == 0 else "" for year in range(len(paid))),
        tuple(lines),
    )


def _to_amounts(amount: Range, basis: Basis) -> str:
    currency = basis.settings.currency
    return _to_range(amount, lambda value: to_money(value, currency))


def _to_plain_range(amount: Range) -> str:
    if amount.low == amount.high:
        return to_number(round(amount.middle, 2))
    return _to_range(amount, to_number)


def _to_range(amount: Range, to_words: Callable[[float], str]) -> str:
    middle = to_words(amount.middle)
    if amount.low == amount.high:
        return middle
    return say("{middle} ({low} to {high})", middle=middle, low=to_words(amount.low), high=to_words(amount.high))
