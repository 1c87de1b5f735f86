"""Levels that no plan reaches: how much can be held there at most, and what stands in the way of the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.report.language import say, say_many
from planner.report.model import Bullets
from planner.report.words import to_capital, to_cuts, to_money, to_sentence_list, to_when

if TYPE_CHECKING:
    from planner.invest.options import Blocking, CutsPoint, Options
    from planner.report.basis import Basis

_SPANS, _REGIONS = 5, 8


def to_blocked(found: Options, basis: Basis) -> tuple[Bullets, ...]:
    """A bullet per level; none where a plan reaches every one."""
    points = [point for point in found.cuts if point.choice.status == "infeasible"]
    said = tuple(
        " ".join((_to_most(point, basis), *_to_cut_off(point, basis), *_to_blocking(point.choice.blocking, basis)))
        for point in points
    )
    return (Bullets(said),) if said else ()


def _to_most(point: CutsPoint, basis: Basis) -> str:
    choice, when = point.choice, to_capital(to_when(point.cuts))
    if choice.weight_bound is None:
        return say("{when} no plan holds everybody; how much could be held at most is not known.", when=when)
    most = _to_weight(choice.weight_bound, basis)
    if choice.weight is None:
        return say("{when} no plan holds everybody, and none holds more than {most}.", when=when, most=most)
    held = _to_weight(choice.weight, basis)
    cost = to_money(choice.cost or 0.0, basis.settings.currency)
    left = to_sentence_list(basis.labels.to_regions(choice.unheld), _REGIONS)
    words = {"when": when, "held": held, "cost": cost, "left": left}
    if choice.weight < choice.weight_bound:
        return say(
            "{when} no plan holds everybody. {held} can be held for {cost}, all but {left}; no plan holds more than"
            " {most}.",
            most=most,
            **words,
        )
    return say("{when} no plan holds everybody. The most is {held}, for {cost}: all but {left}.", **words)


def _to_weight(weight: float, basis: Basis) -> str:
    return basis.to_weight(weight) if basis.has_weights else basis.to_regions(round(weight))


def _to_cut_off(point: CutsPoint, basis: Basis) -> tuple[str, ...]:
    ids = point.choice.cut_off
    if not ids:
        return ()
    said = say_many(
        "There {cuts} or fewer can sever every span at {names}, candidates counted.",
        "There {cuts} or fewer can sever every span at each of {names}, candidates counted.",
        len(ids),
        cuts=to_cuts(point.cuts),
        names=to_sentence_list(basis.labels.to_regions(ids), _REGIONS),
    )
    return (said,)


def _to_blocking(blocking: Blocking | None, basis: Basis) -> tuple[str, ...]:
    """The cuts with the most direct proof; none where the network falls apart by itself."""
    if blocking is None or not blocking.num_cuts:
        return ()
    severed = [*blocking.spans, *blocking.sites]
    words = {
        "cuts": to_cuts(blocking.num_cuts),
        "severed": to_sentence_list(severed, _SPANS),
        "names": to_sentence_list(basis.labels.to_regions(blocking.isolated), _REGIONS),
    }
    if not blocking.isolated:
        return (say("With every candidate built, {cuts} that sever {severed} leave a way that is too long.", **words),)
    return (say("With every candidate built, {cuts} that sever {severed} still isolate {names}.", **words),)
