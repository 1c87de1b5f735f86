"""How far a plan depends on each of its routes, and which plans are as good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.report.decision import to_objective_value, to_ties
from planner.report.model import Column, Section, Table
from planner.report.words import to_count, to_sentence_list

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
        return {route: "The study requires it." for route in basis.built if route in basis.network.required}
    return {
        route: _to_standing(route, found, outcome.minimise, basis)
        for route in basis.built
        if route not in found.undecided
    }


def to_dependence(outcome: Outcome) -> tuple[str, ...]:
    """How many of the routes every optimal plan builds, and what a limit left open."""
    found = outcome.alternatives
    if found is None:
        return (outcome.alternatives_note,) if outcome.alternatives_note else ()
    num, needed, others = len(outcome.plan.routes) if outcome.plan else 0, len(found.needed), len(found.replaceable)
    if not num:
        return ()
    ties = to_ties(outcome.minimise)
    parts = [f"Of {to_count(num, 'route')} {needed:,} {'is' if needed == 1 else 'are'} in every plan with {ties}"]
    if needed == num:
        parts = [f"Every plan with {ties} builds {'it' if num == 1 else 'all of them'}"]
    parts += [f"{others:,} could be replaced"] if others else []
    parts += [f"of {len(found.undecided):,} it was not found out"] if found.undecided else []
    return (f"{', '.join(parts)}.", *((outcome.alternatives_note,) if outcome.alternatives_note else ()))


def to_others_section(outcome: Outcome, basis: Basis) -> Section | None:
    """Other plans that are as good; None where none were asked for."""
    found = outcome.alternatives
    if found is None or not outcome.study.objective.others:
        return None
    ties = to_ties(outcome.minimise)
    if not found.others:
        what = f"No other plan has {ties}." if found.has_all_others else "None was found before a limit."
        return Section("others", "Other optimal plans", (what,))
    rest = "There is no further one." if found.has_all_others else "There are others."
    if found.is_others_cut_short:
        rest = "The search for more was stopped by a limit."
    said = f"{to_count(len(found.others), 'other plan')} with {ties}, the nearest to the plan first. {rest}"
    return Section("others", "Other optimal plans", (said, to_others_table(outcome, basis)))


def to_others_table(outcome: Outcome, basis: Basis) -> Table:
    """One row per other optimal plan: what it leaves out, what it builds, and its totals."""
    columns = (
        Column("Other plan", "count"),
        Column("Leaves out", "list"),
        Column("Builds instead", "list"),
        Column("New routes", "count"),
        Column(f"Cost ({basis.settings.currency})", "money"),
        Column("Length (km)", "km"),
    )
    ids, routes = basis.labels.route_ids, basis.network.routes
    rows: list[tuple[Value, ...]] = []
    for number, swap in enumerate(outcome.alternatives.others if outcome.alternatives else (), start=1):
        built = sorted(set(basis.built) - set(swap.leaves_out) | set(swap.builds))
        totals = (float(routes[name].iloc[built].sum()) for name in ("cost", "length_km"))
        names = (tuple(ids[route] for route in part) for part in (swap.leaves_out, swap.builds))
        rows.append((number, *names, len(built), *totals))
    return Table("Other optimal plans", columns, tuple(rows), sheet="Other plans")


def _to_standing(route: int, found: Alternatives, minimise: Sequence[str], basis: Basis) -> str:
    price = found.prices.get(route)
    if route in found.replaceable:
        return _to_swap(route, found.replaceable[route], minimise, basis)
    if route in basis.network.required:
        said = _to_price(price, minimise, basis) if price else ""
        return f"The study requires it{f'; {said}' if said else ''}."
    if price and price.status == "infeasible":
        return "No plan does without it."
    said = _to_price(price, minimise, basis) if price else ""
    return f"In every optimal plan{f'; {said}' if said else ''}."


def _to_swap(route: int, swap: Swap, minimise: Sequence[str], basis: Basis) -> str:
    ids, ties = basis.labels.route_ids, to_ties(tuple(minimise))
    more = [ids[other] for other in swap.leaves_out if other != route]
    beside = f" together with {to_sentence_list(more)}" if more else ""
    if not swap.builds:
        return f"Could be left out{beside} with {ties}."
    instead = to_sentence_list([ids[other] for other in swap.builds])
    return f"Could be replaced{beside} by {instead} with {ties}."


def _to_price(price: Price, minimise: Sequence[str], basis: Basis) -> str:
    if price.status == "infeasible":
        return "no plan does without it"
    if price.status == "optimal":
        return f"the best plan without it {_to_changes(price.difference, minimise, basis)}"
    known = {key: price.at_least[_NAMES[key]] for key in minimise if price.at_least.get(_NAMES[key], 0.0) > 0}
    first = next(iter(known), None)
    return "" if first is None else f"without it at least {to_objective_value(first, known[first], basis)} more"


def _to_changes(difference: Mapping[str, float], minimise: Sequence[str], basis: Basis) -> str:
    changes = [(key, difference[_NAMES[key]]) for key in minimise if difference[_NAMES[key]]]
    texts = [f"{to_objective_value(key, abs(by), basis)} {'more' if by > 0 else 'less'}" for key, by in changes]
    return f"takes {to_sentence_list(texts)}" if texts else "is as good"
