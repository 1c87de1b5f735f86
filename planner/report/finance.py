"""The plan as an investment: section, tables and plot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.invest.money import to_yearly
from planner.report.finance_tables import to_finance_table, to_kinds_table, to_years_built
from planner.report.model import Chart, Line, Section
from planner.report.sources import to_sources
from planner.report.words import to_magnitude, to_money, to_number, to_percent

if TYPE_CHECKING:
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
        "Building is paid at the beginning of a year, upkeep and leases at the end of each year that a route stands;"
        f" present values are those at the beginning of year 0. One unit of {basis.weight_label} is taken for one"
        " person.",
    ]
    if money.routes:
        blocks += [_to_chart(money, figures, basis), to_finance_table(money, basis), to_kinds_table(money, basis)]
        blocks += to_years_built(money, basis)
    blocks.append(to_sources(figures, "Figures of money and their sources"))
    return Section("finance", "Finance", tuple(blocks))


def _to_cost_sentence(money: Money, figures: InvestSection, basis: Basis) -> str:
    span = f"Over {figures.horizon_years} years at {to_percent(figures.discount_rate)} a year"
    if not money.routes:
        return f"{span}, nothing is built and nothing is paid."
    kept = money.opex_per_year.middle + money.lease_per_year
    currency = basis.settings.currency
    year = f", in prices of {figures.price_year}" if figures.price_year else ""
    keep = (
        f" and {to_money(kept, currency)} a year to keep once all of it stands" if kept else "; upkeep is not counted"
    )
    return (
        f"{span}{year}, the plan costs {_to_words(money.present_cost, basis)} in present value:"
        f" {to_money(money.capex.middle, currency)} to build{keep}."
    )


def _to_worth_sentences(money: Money, basis: Basis) -> tuple[str, ...]:
    said = []
    benefit, net, ratio = money.present_benefit, money.net_present_value, money.benefit_cost_ratio
    if benefit is None or net is None:
        said.append("What isolation would cost is not set against this: that needs the study's table [failures].")
    else:
        verdict = "pays for" if net.middle >= 0 else "does not pay for"
        doubt = (
            " Within the ranges given that may turn round." if net.low < 0 <= net.high and net.low < net.high else ""
        )
        of_cost = f", a benefit-cost ratio of {_to_plain_range(ratio)}" if ratio else ""
        said.append(
            f"With all of it built {to_magnitude(round(money.saved_hours[-1]))} person-hours of isolation a year are"
            f" expected to be avoided. That is worth {_to_words(benefit, basis)} over these years: a net present value"
            f" of {_to_words(net, basis)}{of_cost}. On these figures what is avoided {verdict} the plan"
            f" by itself.{doubt}"
        )
    if money.protected_weight and money.cost_per_protected is not None:
        said.append(
            f"{to_magnitude(money.protected_weight)} of {basis.weight_label} are held as asked with the plan and not"
            f" without it: {basis.settings.currency} {to_number(round(money.cost_per_protected, 2))} each, in present"
            " value."
        )
    return tuple(said)


def _to_chart(money: Money, figures: InvestSection, basis: Basis) -> Chart:
    paid, saved = to_yearly(money, figures)
    lines = [Line("paid", _DARK, paid, dash="6 4")]
    if money.saved_hours and min(saved) >= 0:
        lines.append(Line("avoided", _BLUE, saved))
    currency = basis.settings.currency
    return Chart(
        "finance-years",
        f"Present value summed up, by year ({currency})",
        "; ".join(f"{line.label} by year {len(paid) - 1}: {to_money(line.values[-1], currency)}" for line in lines),
        tuple(str(year) if year % _TICKS == 0 else "" for year in range(len(paid))),
        tuple(lines),
    )


def _to_words(amount: Range, basis: Basis) -> str:
    currency = basis.settings.currency
    middle = to_money(amount.middle, currency)
    if amount.low == amount.high:
        return middle
    return f"{middle} ({to_money(amount.low, currency)} to {to_money(amount.high, currency)})"


def _to_plain_range(amount: Range) -> str:
    if amount.low == amount.high:
        return to_number(round(amount.middle, 2))
    return f"{to_number(amount.middle)} ({to_number(amount.low)} to {to_number(amount.high)})"
