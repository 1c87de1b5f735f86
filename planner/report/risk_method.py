"""How expected isolation is worked out, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.report.language import say, say_many
from planner.report.words import to_cuts, to_number

if TYPE_CHECKING:
    from planner.invest.model import NetworkRisk, Risk
    from planner.report.basis import Basis
    from planner.study.failures import FailuresSection


def to_method(risk: Risk, figures: FailuresSection, basis: Basis) -> tuple[str, ...]:
    """How the minutes are worked out and what is not in them, a sentence or two each."""
    later = ""
    if risk.after:
        later = say(", {cuts} with the plan", cuts=to_number(round(risk.after.cuts_per_year, 1)))
    return (
        say(
            "Accidental cuts: {cuts} a year are expected{later}, as the rate of each kind of route times its length."
            " What a cut severs is read off the ground metre by metre; where n spans share ground, each metre of each"
            " counts for one nth, so that a trench is dug into as often as one span of its length. Near a span's own"
            " ends, within the site clearance, a cut severs that span alone. A declared group shares ground as long as"
            " its shortest span.",
            cuts=to_number(round(risk.before.cuts_per_year, 1)),
            later=later,
        ),
        say(
            "Everything one cut severs is back when the slowest of it is mended; cuts come independently of each other."
        ),
        _to_order(risk),
        _to_attack(risk, figures, basis),
        say(
            "Cuts sever spans; that a cut takes a site, power failures, equipment and the load on the ways that are"
            " left are not in these figures."
        ),
    )


def _to_order(risk: Risk) -> str:
    networks = [network for network in (risk.before, risk.after) if network is not None]
    most = [to_minutes(network.neglected_minutes) for network in networks]
    neglected = (
        say("{now} a year now and {then} with the plan", now=most[0], then=most[1])
        if len(most) > 1
        else say("{minutes} a year", minutes=most[0])
    )
    counted = (
        say("up to two at once")
        if min(network.order for network in networks) == 2
        else say("one at a time (there are too many pairs)")
    )
    return say(
        "What coincides is added up exactly for {counted}. The rest is neglected: to any one region's minutes it adds"
        " at most {neglected}, and it takes nothing away.",
        counted=counted,
        neglected=neglected,
    )


def _to_attack(risk: Risk, figures: FailuresSection, basis: Basis) -> str:
    if not figures.attacks_per_year:
        return say("Deliberate attacks are not counted.")
    weight = _to_weight(risk.before, basis)
    if risk.after is not None:
        weight = say("{now} now, {then} with the plan", now=weight, then=_to_weight(risk.after, basis))
    words = {
        "number": to_number(figures.attacks_per_year),
        "cuts": to_cuts(figures.attack_cuts),
        "weight": weight,
    }
    if figures.attack_model == "worst":
        said = say(
            "Attacks: {number} a year, of {cuts} each. Every one is taken to make the cuts that isolate most, which is"
            " the worst case; on average it isolates {weight}.",
            **words,
        )
    else:
        said = say(
            "Attacks: {number} a year, of {cuts} each. Every choice of so many risk groups is taken to be as likely as"
            " any other; on average it isolates {weight}.",
            **words,
        )
    is_proved = all(network.attack_is_proved for network in (risk.before, risk.after) if network)
    return said if is_proved else said + say(" A worse attack may exist: the search stopped at a limit.")


def _to_weight(network: NetworkRisk, basis: Basis) -> str:
    if basis.has_weights:
        return basis.to_weight(network.attack_weight)
    return basis.to_regions(round(network.attack_weight))


def to_minutes(minutes: float) -> str:
    """``"94 minutes"``, ``"0.8 minutes"``, ``"2.5 hours"``."""
    if minutes >= 120:
        return say("{number} hours", number=to_number(round(minutes / 60, 1)))
    if minutes < 0.05:
        return say("less than 0.1 minutes") if minutes else say("no time")
    rounded = round(minutes, 0 if minutes >= 10 else 1)
    return say_many("{number} minutes", "{number} minutes", int(rounded), number=to_number(rounded))
