"""How expected isolation is worked out, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.report.words import to_count, to_cuts, to_number

if TYPE_CHECKING:
    from planner.invest.model import NetworkRisk, Risk
    from planner.report.basis import Basis
    from planner.study.failures import FailuresSection


def to_method(risk: Risk, figures: FailuresSection, basis: Basis) -> tuple[str, ...]:
    """How the minutes are worked out and what is not in them, a sentence or two each."""
    before = risk.before
    later = f", {to_number(round(risk.after.cuts_per_year, 1))} with the plan" if risk.after else ""
    return (
        f"Accidental cuts: {to_number(round(before.cuts_per_year, 1))} a year are expected{later}, as the rate of each"
        " kind of route times its length. What a cut severs is read off the ground metre by metre; where n spans share"
        " ground, each metre of each counts for one nth, so that a trench is dug into as often as one span of its"
        " length. Near a span's own ends, within the site clearance, a cut severs that span alone. A declared group"
        " shares ground as long as its shortest span.",
        "Everything one cut severs is back when the slowest of it is mended; cuts come independently of each other.",
        _to_order(risk),
        _to_attack(risk, figures, basis),
        "Cuts sever spans; that a cut takes a site, power failures, equipment and the load on the ways that are left"
        " are not in these figures.",
    )


def _to_order(risk: Risk) -> str:
    networks = [network for network in (risk.before, risk.after) if network is not None]
    order = min(network.order for network in networks)
    counted = "up to two at once" if order == 2 else "one at a time (there are too many pairs)"
    most = [to_minutes(network.neglected_minutes) for network in networks]
    neglected = f"{most[0]} a year now and {most[1]} with the plan" if len(most) > 1 else f"{most[0]} a year"
    return (
        f"What coincides is added up exactly for {counted}. The rest is neglected: to any one region's minutes it adds"
        f" at most {neglected}, and it takes nothing away."
    )


def _to_attack(risk: Risk, figures: FailuresSection, basis: Basis) -> str:
    if not figures.attacks_per_year:
        return "Deliberate attacks are not counted."
    often = f"{to_number(figures.attacks_per_year)} a year, of {to_cuts(figures.attack_cuts)} each"
    weight = _to_weight(risk.before, basis)
    if risk.after is not None:
        weight += f" now, {_to_weight(risk.after, basis)} with the plan"
    if figures.attack_model == "worst":
        said = f"Attacks: {often}. Every one is taken to make the cuts that isolate most, which is the worst case"
    else:
        said = f"Attacks: {often}. Every choice of so many risk groups is taken to be as likely as any other"
    is_proved = all(network.attack_is_proved for network in (risk.before, risk.after) if network)
    doubt = "" if is_proved else " A worse attack may exist: the search stopped at a limit."
    return f"{said}; on average it isolates {weight}.{doubt}"


def _to_weight(network: NetworkRisk, basis: Basis) -> str:
    return (
        basis.to_weight(network.attack_weight)
        if basis.has_weights
        else to_count(round(network.attack_weight), basis.noun)
    )


def to_minutes(minutes: float) -> str:
    """``"94 minutes"``, ``"0.8 minutes"``, ``"2.5 hours"``."""
    if minutes >= 120:
        return f"{to_number(round(minutes / 60, 1))} hours"
    if minutes < 0.05:
        return "less than 0.1 minutes" if minutes else "no time"
    return f"{to_number(round(minutes, 0 if minutes >= 10 else 1))} minutes"
