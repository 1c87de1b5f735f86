"""How far a plan depends on each of its routes, and which plans are as good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.report.decision import to_objective_value, to_ties
from planner.report.language import say, say_many
from planner.report.model import Column, Section, Table
from planner.report.told import to_told
from planner.report.words import to_clauses, to_count, to_sentence_list

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planner.optimise.alternatives import Alternatives, Price, Swap
    from planner.report.basis import Basis
    from planner.report.model import Value
    from planner.result import Outcome

_NAMES = {"routes": "routes", "cost": "cost", "length": "length_km"}


def to_without(outcome: Outcome, basis: Basis) -> dict[int, str]:
    """For each chosen route a sentence on what the plan would be without it, as far as that was found out."""
    found = outcome.alternatives
    if found is None or outcome.plan is None:
        return {route: say("The study requires it.") for route in basis.built if route in basis.network.required}
    return {
        route: _to_standing(route, found, outcome.minimise, basis)
        for route in basis.built
        if route not in found.undecided
    }


def to_dependence(outcome: Outcome) -> tuple[str, ...]:
    """How many of the routes every optimal plan builds, and what a limit left open."""
    found = outcome.alternatives
    if found is None:
        return (to_told(outcome.alternatives_note),) if outcome.alternatives_note else ()
    num, needed, others = len(outcome.plan.routes) if outcome.plan else 0, len(found.needed), len(found.replaceable)
    if not num:
        return ()
    ties = to_ties(outcome.minimise)
    parts = [
        say_many(
            "Of {routes} {count} is in every plan with {ties}",
            "Of {routes} {count} are in every plan with {ties}",
            needed,
            routes=to_count(num, "route"),
            ties=ties,
        )
    ]
    if needed == num:
        parts = [
            say_many("Every plan with {ties} builds it", "Every plan with {ties} builds all of them", num, ties=ties)
        ]
    parts += [say_many("{count} could be replaced", "{count} could be replaced", others)] if others else []
    parts += (
        [say("of {num_undecided} it was not found out", num_undecided=len(found.undecided))] if found.undecided else []
    )
    return (f"{', '.join(parts)}.", *((to_told(outcome.alternatives_note),) if outcome.alternatives_note else ()))


def to_others_section(outcome: Outcome, basis: Basis) -> Section | None:
    """Other plans that are as good; None where none were asked for."""
    found = outcome.alternatives
    if found is None or not outcome.study.objective.others:
        return None
    ties = to_ties(outcome.minimise)
    if not found.others:
        what = (
            say("No other plan has {ties}.", ties=ties)
            if found.has_all_others
            else say("None was found before a limit.")
        )
        return Section("others", say("Other optimal plans"), (what,))
    rest = say("There is no further one.") if found.has_all_others else say("There are others.")
    if found.is_others_cut_short:
        rest = say("The search for more was stopped by a limit.")
    said = say(
        "{plans} with {ties}, the nearest to the plan first. {rest}",
        plans=to_count(len(found.others), "other plan"),
        ties=ties,
        rest=rest,
    )
    return Section("others", say("Other optimal plans"), (said, to_others_table(outcome, basis)))


def to_others_table(outcome: Outcome, basis: Basis) -> Table:
    """One row per other optimal plan: what it leaves out, what it builds, and its totals."""
    columns = (
        Column(say("Other plan"), "count"),
        Column(say("Leaves out"), "list"),
        Column(say("Builds instead"), "list"),
        Column(say("New routes"), "count"),
        Column(say("Cost ({currency})", currency=basis.settings.currency), "money"),
        Column(say("Length (km)"), "km"),
    )
    ids, routes = basis.labels.route_ids, basis.network.routes
    rows: list[tuple[Value, ...]] = []
    for number, swap in enumerate(outcome.alternatives.others if outcome.alternatives else (), start=1):
        built = sorted(set(basis.built) - set(swap.leaves_out) | set(swap.builds))
        totals = (float(routes[name].iloc[built].sum()) for name in ("cost", "length_km"))
        names = (tuple(ids[route] for route in part) for part in (swap.leaves_out, swap.builds))
        rows.append((number, *names, len(built), *totals))
    return Table(say("Other optimal plans"), columns, tuple(rows), sheet=say("Other plans"))


def _to_standing(route: int, found: Alternatives, minimise: Sequence[str], basis: Basis) -> str:
    price = found.prices.get(route)
    if route in found.replaceable:
        return _to_swap(route, found.replaceable[route], minimise, basis)
    if route in basis.network.required:
        said = _to_price(price, minimise, basis) if price else ""
        return say("The study requires it{more}.", more=to_clauses(["", said]) if said else "")
    if price and price.status == "infeasible":
        return say("No plan does without it.")
    said = _to_price(price, minimise, basis) if price else ""
    return say("In every optimal plan{more}.", more=to_clauses(["", said]) if said else "")


def _to_swap(route: int, swap: Swap, minimise: Sequence[str], basis: Basis) -> str:
    ids, ties = basis.labels.route_ids, to_ties(tuple(minimise))
    more = [ids[other] for other in swap.leaves_out if other != route]
    beside = say(" together with {sentence_list}", sentence_list=to_sentence_list(more)) if more else ""
    if not swap.builds:
        return say("Could be left out{beside} with {ties}.", beside=beside, ties=ties)
    instead = to_sentence_list([ids[other] for other in swap.builds])
    return say("Could be replaced{beside} by {instead} with {ties}.", beside=beside, instead=instead, ties=ties)


def _to_price(price: Price, minimise: Sequence[str], basis: Basis) -> str:
    if price.status == "infeasible":
        return say("no plan does without it")
    if price.status == "optimal":
        return say("the best plan without it {changes}", changes=_to_changes(price.difference, minimise, basis))
    known = {key: price.at_least[_NAMES[key]] for key in minimise if price.at_least.get(_NAMES[key], 0.0) > 0}
    first = next(iter(known), None)
    return (
        ""
        if first is None
        else say(
            "without it at least {objective_value} more", objective_value=to_objective_value(first, known[first], basis)
        )
    )


def _to_changes(difference: Mapping[str, float], minimise: Sequence[str], basis: Basis) -> str:
    changes = [(key, difference[_NAMES[key]]) for key in minimise if difference[_NAMES[key]]]
    texts = [
        say("{value} more", value=to_objective_value(key, abs(by), basis))
        if by > 0
        else say("{value} less", value=to_objective_value(key, abs(by), basis))
        for key, by in changes
    ]
    return say("takes {sentence_list}", sentence_list=to_sentence_list(texts)) if texts else say("is as good")
