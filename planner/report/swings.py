"""Settings that are changed one at a time: what they are called, and how far the cost moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.report.language import say
from planner.report.model import Bar, Tornado
from planner.report.words import to_capital, to_cuts, to_magnitude, to_metres, to_money, to_percent

if TYPE_CHECKING:
    from planner.invest.options import Options, Swing
    from planner.report.basis import Basis


def to_factor_name(swing: Swing) -> str:
    """``"Radius of a cut"``, ``"Price per km: rail"``, ``"Cuts asked"``."""
    if swing.factor == "radius":
        return say("Radius of a cut")
    return say("Price per km: {kind}", kind=swing.name) if swing.factor == "price" else say("Cuts asked")


def to_swing_value(swing: Swing) -> str:
    """``"100 m"``, ``"75%"``, ``"1 cut more"``."""
    if swing.factor == "radius":
        return to_metres(swing.value)
    if swing.factor == "price":
        return to_percent(swing.value)
    cuts = to_cuts(abs(int(swing.value)))
    return say("{cuts} more", cuts=cuts) if swing.value > 0 else say("{cuts} fewer", cuts=cuts)


def to_tornado(found: Options, basis: Basis) -> tuple[Tornado, ...]:
    """Bars of every setting, the widest first; none where the study's own plan does not exist."""
    base = found.base.cost
    groups: dict[str, list[Swing]] = {}
    for swing in found.swings:
        groups.setdefault(to_factor_name(swing), []).append(swing)
    if not base:
        return ()
    bars = [_to_bar(name, swings) for name, swings in groups.items()]
    bars.sort(key=lambda bar: (-_to_width(bar, base), bar.label))
    money = to_money(base, basis.settings.currency)
    said = say("The plan costs {money}.", money=money)
    caption = to_capital(say("What the plan costs ({currency}) when a setting changes", currency=_currency(basis)))
    texts = " ".join(say("{label}.", label=bar.label) for bar in bars)
    return (Tornado("options-tornado", caption, f"{said} {texts}", base, tuple(bars)),)


def _currency(basis: Basis) -> str:
    return basis.settings.currency


def _to_bar(name: str, swings: list[Swing]) -> Bar:
    """Label and both ends of one setting: of several values the cheapest and the dearest."""
    parts = [
        say("{value} → {cost}", value=_to_short(swing), cost=_to_cost(swing))
        for swing in sorted(swings, key=lambda swing: swing.value)
    ]
    costs = [cost for swing in swings if (cost := swing.choice.cost) is not None]
    label = say("{name}: {value}", name=name, value=", ".join(parts))
    return Bar(label, min(costs, default=None), max(costs, default=None), parts[0], parts[-1])


def _to_short(swing: Swing) -> str:
    """As `to_swing_value`, for a bar: ``"+1"``."""
    return f"{int(swing.value):+d}" if swing.factor == "level" else to_swing_value(swing)


def _to_cost(swing: Swing) -> str:
    cost = swing.choice.cost
    if cost is not None:
        return to_magnitude(cost)
    return say("(no plan)") if swing.choice.status == "infeasible" else say("(not found in time)")


def _to_width(bar: Bar, base: float) -> float:
    return max(base, bar.high or base) - min(base, base if bar.low is None else bar.low)
