"""Expected isolation, before and after: section, tables and plot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.report.model import Bullets, Chart, Column, Line, Section, Table
from planner.report.risk_method import to_method, to_minutes
from planner.report.sources import to_sources
from planner.report.words import to_magnitude

if TYPE_CHECKING:
    from planner.invest.model import NetworkRisk, RegionRisk, Risk
    from planner.report.basis import Basis
    from planner.report.model import Block, Value, Where
    from planner.result import Outcome
    from planner.study.failures import FailuresSection

_ORANGE, _DARK, _PURPLE = "#c24e00", "#3a434c", "#8b3a78"
_DOUBT = 3  # standard errors between the two methods that are worth a word


def to_risk_section(outcome: Outcome, basis: Basis) -> Section | None:
    """How long each region is expected to be isolated; None where the study does not ask."""
    figures = outcome.study.failures
    risk = outcome.investment.risk if outcome.investment else None
    if figures is None or risk is None:
        return None
    blocks: list[Block] = [
        _to_headline(risk, basis),
        "These are expectations over very many years, not forecasts of one; the figures behind them are weak, see their"
        " sources below. The order of the regions, and before against after, mean more than the minutes.",
        *_to_check(risk, figures),
    ]
    if risk.after is not None:
        blocks.append(_to_chart(risk.before, risk.after))
    blocks += [
        to_risk_table(outcome, basis),
        to_sources(figures, "Figures of risk and their sources"),
        "How this is worked out:",
        Bullets(to_method(risk, figures, basis)),
    ]
    return Section("risk", "Risk", tuple(blocks))


def to_risk_table(outcome: Outcome, basis: Basis) -> Table:
    """One row per region, the most minutes first."""
    columns = (
        Column(basis.noun.capitalize()),
        Column(basis.weight_label.capitalize(), "weight", "both" if basis.has_weights else "sheet"),
        Column("Minutes a year now", "number"),
        Column("Minutes with the plan", "number"),
        Column("Available now", "availability"),
        Column("Available with the plan", "availability"),
        *_cause_columns("now", "both"),
        *_cause_columns("with the plan", "sheet"),
    )
    risk = outcome.investment.risk if outcome.investment else None
    if risk is None:
        return Table("Risk", columns, ())
    now = risk.before.regions
    then = risk.after.regions if risk.after else (None,) * len(now)
    order = sorted(range(len(now)), key=lambda i: (-now[i].minutes, now[i].region_id))
    rows = tuple(_to_row(now[i], then[i], basis) for i in order)
    finds = tuple((f"region:{now[i].region_id}",) for i in order)
    caption = "Expected isolation, worst first"
    return Table(caption, columns, rows, limit=40, sheet="Risk", finds=finds)


def _cause_columns(when: str, where: Where) -> tuple[Column, ...]:
    return (
        Column(f"By one cut, {when}", "number", where),
        Column(f"By two at once, {when}", "number", where),
        Column(f"By attack, {when}", "number", where),
        Column(f"Simulated, {when}", "number", "sheet"),
        Column(f"Standard error, {when}", "number", "sheet"),
    )


def _to_row(now: RegionRisk, then: RegionRisk | None, basis: Basis) -> tuple[Value, ...]:
    return (
        basis.labels.to_region(now.region_id),
        now.weight,
        now.minutes,
        then.minutes if then else None,
        now.availability,
        then.availability if then else None,
        *_to_causes(now),
        *(_to_causes(then) if then else (None,) * 5),
    )


def _to_causes(region: RegionRisk) -> tuple[Value, ...]:
    causes = (region.single_minutes, region.pair_minutes, region.attack_minutes)
    return (*causes, region.simulated_minutes, region.standard_error)


def _to_headline(risk: Risk, basis: Basis) -> str:
    by = f" by {basis.weight_label}" if basis.settings.weight_name else ""
    weighted = f"weighted{by}, " if basis.has_weights else ""
    said = (
        f"As the network is, a {basis.noun} is expected to be isolated"
        f" {to_minutes(risk.before.weighted_minutes)} a year ({weighted}the mean of all):"
        f" {to_magnitude(round(risk.before.person_hours))} person-hours."
    )
    if risk.after is None:
        return said
    return (
        f"{said} With the plan it is {to_minutes(risk.after.weighted_minutes)}:"
        f" {to_magnitude(round(risk.after.person_hours))} person-hours."
    )


def _to_check(risk: Risk, figures: FailuresSection) -> tuple[str, ...]:
    """What the simulation says beside the sums."""
    said = []
    for name, network in (("as the network is", risk.before), ("with the plan", risk.after)):
        if network is None or network.simulated_person_hours is None or network.person_hours_error is None:
            continue
        error = network.person_hours_error
        off = abs(network.simulated_person_hours - network.person_hours)
        agrees = "agrees" if off <= _DOUBT * error + _to_most_neglected(network) else "does not agree: look into it"
        said.append(
            f"A simulation of {network.simulated_years:,} years {name} comes to"
            f" {to_magnitude(round(network.simulated_person_hours))} person-hours a year, with a standard error of"
            f" {to_magnitude(round(error))}; it {agrees}."
        )
    if said:
        return (" ".join(said),)
    why = "The network is too large for a" if figures.simulated_years else "The study asks for no"
    return (f"{why} simulation beside the sums.",)


def _to_most_neglected(network: NetworkRisk) -> float:
    """Person-hours that what was neglected can come to."""
    return network.neglected_minutes / 60 * sum(region.weight for region in network.regions)


def _to_chart(before: NetworkRisk, after: NetworkRisk) -> Chart:
    lines = (
        Line("one cut", _ORANGE, (_sum(before, "single_minutes"), _sum(after, "single_minutes"))),
        Line("two cuts", _DARK, (_sum(before, "pair_minutes"), _sum(after, "pair_minutes")), dash="6 4"),
        Line("attacks", _PURPLE, (_sum(before, "attack_minutes"), _sum(after, "attack_minutes")), dash="2 4"),
    )
    said = (
        f"{line.label} {to_magnitude(round(line.values[0]))} to {to_magnitude(round(line.values[1]))}" for line in lines
    )
    return Chart(
        "risk-causes",
        "Person-hours of isolation a year, by cause",
        "; ".join(said),
        ("now", "plan"),
        lines,
    )


def _sum(network: NetworkRisk, cause: str) -> float:
    return float(sum(getattr(region, cause) * region.weight for region in network.regions)) / 60
