"""Expected isolation, before and after: section, tables and plot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.report.language import say
from planner.report.model import Bullets, Chart, Column, Line, Section, Table
from planner.report.risk_method import to_method, to_minutes
from planner.report.sources import to_sources
from planner.report.words import to_capital, to_clauses, to_magnitude, to_person_hours

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
        say(
            "These are expectations over very many years, not forecasts of one; the figures behind them are weak, see"
            " their sources below. The order of the regions, and before against after, mean more than the minutes."
        ),
        *_to_check(risk, figures),
    ]
    if risk.after is not None:
        blocks.append(_to_chart(risk.before, risk.after))
    blocks += [
        to_risk_table(outcome, basis),
        to_sources(figures, say("Figures of risk and their sources")),
        say("How this is worked out:"),
        Bullets(to_method(risk, figures, basis)),
    ]
    return Section("risk", say("Risk"), tuple(blocks))


def to_risk_table(outcome: Outcome, basis: Basis) -> Table:
    """One row per region, the most minutes first."""
    columns = (
        Column(basis.heading),
        Column(to_capital(basis.weight_label), "weight", "both" if basis.has_weights else "sheet"),
        Column(say("Minutes a year now"), "number"),
        Column(say("Minutes with the plan"), "number"),
        Column(say("Available now"), "availability"),
        Column(say("Available with the plan"), "availability"),
        *_cause_columns(say("now"), "both"),
        *_cause_columns(say("with the plan"), "sheet"),
    )
    risk = outcome.investment.risk if outcome.investment else None
    if risk is None:
        return Table(say("Risk"), columns, ())
    now = risk.before.regions
    then = risk.after.regions if risk.after else (None,) * len(now)
    order = sorted(range(len(now)), key=lambda i: (-now[i].minutes, now[i].region_id))
    rows = tuple(_to_row(now[i], then[i], basis) for i in order)
    finds = tuple((f"region:{now[i].region_id}",) for i in order)
    caption = say("Expected isolation, worst first")
    return Table(caption, columns, rows, limit=40, sheet=say("Risk"), finds=finds)


def _cause_columns(when: str, where: Where) -> tuple[Column, ...]:
    return (
        Column(say("By one cut, {when}", when=when), "number", where),
        Column(say("By two at once, {when}", when=when), "number", where),
        Column(say("By attack, {when}", when=when), "number", where),
        Column(say("Simulated, {when}", when=when), "number", "sheet"),
        Column(say("Standard error, {when}", when=when), "number", "sheet"),
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
    mean = say("the mean of all")
    if basis.has_weights:
        by = basis.settings.weight_name
        mean = (
            say("weighted by {weight}, the mean of all", weight=basis.weight_label)
            if by
            else say("weighted, the mean of all")
        )
    said = say(
        "As the network is, {a_noun} is expected to be isolated {minutes} a year ({mean}): {hours}.",
        a_noun=basis.a_noun,
        minutes=to_minutes(risk.before.weighted_minutes),
        mean=mean,
        hours=to_person_hours(risk.before.person_hours),
    )
    if risk.after is None:
        return said
    return said + say(
        " With the plan it is {minutes}: {hours}.",
        minutes=to_minutes(risk.after.weighted_minutes),
        hours=to_person_hours(risk.after.person_hours),
    )


def _to_check(risk: Risk, figures: FailuresSection) -> tuple[str, ...]:
    """What the simulation says beside the sums."""
    networks = ((say("as the network is"), risk.before), (say("with the plan"), risk.after))
    said = [_to_simulated(name, network) for name, network in networks if network is not None]
    if any(said):
        return (" ".join(one for one in said if one),)
    if figures.simulated_years:
        return (say("The network is too large for a simulation beside the sums."),)
    return (say("The study asks for no simulation beside the sums."),)


def _to_simulated(name: str, network: NetworkRisk) -> str:
    if network.simulated_person_hours is None or network.person_hours_error is None:
        return ""
    error = network.person_hours_error
    off = abs(network.simulated_person_hours - network.person_hours)
    agrees = off <= _DOUBT * error + _to_most_neglected(network)
    return say(
        "A simulation of {years} years {network} comes to {hours} a year, with a standard error of {error}; {verdict}.",
        years=network.simulated_years,
        network=name,
        hours=to_person_hours(network.simulated_person_hours),
        error=to_magnitude(round(error)),
        verdict=say("it agrees") if agrees else say("it does not agree: look into it"),
    )


def _to_most_neglected(network: NetworkRisk) -> float:
    """Person-hours that what was neglected can come to."""
    return network.neglected_minutes / 60 * sum(region.weight for region in network.regions)


def _to_chart(before: NetworkRisk, after: NetworkRisk) -> Chart:
    lines = (
        Line(say("one cut"), _ORANGE, (_sum(before, "single_minutes"), _sum(after, "single_minutes"))),
        Line(say("two cuts"), _DARK, (_sum(before, "pair_minutes"), _sum(after, "pair_minutes")), dash="6 4"),
        Line(say("attacks"), _PURPLE, (_sum(before, "attack_minutes"), _sum(after, "attack_minutes")), dash="2 4"),
    )
    said = [
        say(
            "{line} {before} to {after}",
            line=line.label,
            before=to_magnitude(round(line.values[0])),
            after=to_magnitude(round(line.values[1])),
        )
        for line in lines
    ]
    return Chart(
        "risk-causes",
        say("Person-hours of isolation a year, by cause"),
        to_clauses(said),
        (say("now"), say("plan")),
        lines,
    )


def _sum(network: NetworkRisk, cause: str) -> float:
    return float(sum(getattr(region, cause) * region.weight for region in network.regions)) / 60
