"""Tables of other choices, each point with its proof."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.report.language import mark, say
from planner.report.model import Column, Table
from planner.report.swings import to_factor_name, to_swing_value
from planner.report.words import to_capital, to_percent, to_yes

if TYPE_CHECKING:
    from planner.invest.options import Choice, Variant
    from planner.report.basis import Basis
    from planner.report.model import Value
    from planner.result import Outcome

_VARIANTS = {"nothing": mark("Do nothing"), "build": mark("Build"), "lease": mark("Lease")}
_STATUS = {
    "optimal": mark("proved"),
    "infeasible": mark("no plan holds everybody: proved"),
    "no_plan": mark("no plan found within the time limit"),
    "not_tried": mark("not tried: the time of the study was used up"),
}


def to_proof(choice: Choice) -> str:
    """How sure a point is, in words."""
    if choice.status == "feasible":
        return say("not proved, a limit was hit: gap {gap}", gap=to_percent(choice.gap or 0.0))
    if choice.status == "infeasible" and choice.objective and not choice.gap:
        return say("no plan holds everybody, none holds more: proved")
    if choice.status == "infeasible" and choice.gap:
        return say("no plan holds everybody; this one is not proved: gap {gap}", gap=to_percent(choice.gap))
    return say(_STATUS[choice.status])


def to_cuts_table(outcome: Outcome, basis: Basis) -> Table:
    """One row per level."""
    columns = (Column(say("Cuts survived"), "count"), *_to_columns(basis))
    points = outcome.options.cuts if outcome.options else ()
    rows = tuple((point.cuts, *_to_cells(point.choice, basis)) for point in points)
    return Table(say("Least cost by cuts survived"), columns, rows, sheet=say("By cuts"))


def to_budgets_table(outcome: Outcome, basis: Basis) -> Table:
    """One row per budget."""
    currency = basis.settings.currency
    columns = (Column(say("Budget ({currency})", currency=currency), "money"), *_to_columns(basis))
    points = outcome.options.budgets if outcome.options else ()
    rows = tuple((point.budget, *_to_cells(point.choice, basis)) for point in points)
    return Table(say("The most that each budget holds"), columns, rows, sheet=say("By budget"))


def to_variants_table(outcome: Outcome, basis: Basis) -> Table:
    """Nothing, building and leasing in rows."""
    columns = (
        Column(say("Choice")),
        Column(say("To build ({currency})", currency=basis.settings.currency), "money"),
        Column(say("A year"), "money"),
        Column(say("Present cost over the horizon"), "money"),
        Column(say("{weight} held as asked", weight=to_capital(basis.weight_label)), "weight"),
        *_routes_column(basis),
        Column(say("Length (km)"), "km"),
        Column(say("Proof")),
    )
    keys = ("length_km",) if basis.corridors else ("routes", "length_km")
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (
            say(_VARIANTS[one.key]),
            one.capex,
            one.per_year,
            one.present_cost,
            one.held_weight,
            *(one.choice.objective.get(key) for key in keys),
            "" if one.key == "nothing" else to_proof(one.choice),
        )
        for one in (outcome.options.variants if outcome.options else ())
    )
    return Table(say("Do nothing, build or lease"), columns, rows, sheet=say("Variants"))


def to_worth_table(outcome: Outcome, basis: Basis) -> Table | None:
    """What isolation each variant leaves and spares; None where the study has no figures of failures."""
    variants = outcome.options.variants if outcome.options else ()
    if all(one.person_hours is None for one in variants):
        return None
    currency = basis.settings.currency
    columns = (
        Column(say("Choice")),
        Column(say("Person-hours of isolation a year"), "number"),
        Column(say("Spared a year"), "number"),
        Column(say("Worth of that over the horizon ({currency})", currency=currency), "money"),
        Column(say("Net present value ({currency})", currency=currency), "money"),
        Column(say("Benefit-cost ratio"), "figure"),
    )
    without = next((one.person_hours for one in variants if one.key == "nothing"), None)
    rows = tuple((say(_VARIANTS[one.key]), *_to_worth(one, without)) for one in variants)
    return Table(say("What each choice is worth"), columns, rows, sheet=say("Variants, worth"))


def _to_worth(one: Variant, without: float | None) -> tuple[Value, ...]:
    hours, benefit, cost = one.person_hours, one.present_benefit, one.present_cost
    spared = None if hours is None or without is None else without - hours
    net = None if benefit is None or cost is None else benefit - cost
    ratio = None if benefit is None or not cost else round(benefit / cost, 2)
    return (*(None if value is None else round(value) for value in (hours, spared)), benefit, net, ratio)


def to_swings_table(outcome: Outcome, basis: Basis) -> Table:
    """One row per changed setting."""
    columns = (Column(say("Setting")), Column(say("Changed to")), Column(say("Same plan")), *_to_columns(basis))
    found = outcome.options
    rows = tuple(
        (
            to_factor_name(swing),
            to_swing_value(swing),
            to_yes(swing.choice.routes == found.base.routes) if swing.choice.objective else "",
            *_to_cells(swing.choice, basis),
        )
        for swing in (found.swings if found else ())
        if found
    )
    return Table(say("The plan with one setting changed"), columns, rows, sheet=say("Sensitivity"))


def to_counts_table(outcome: Outcome, basis: Basis) -> Table:
    """One row per route that some plan builds."""
    found = outcome.options
    index = {str(route_id): row for row, route_id in enumerate(basis.network.routes["route_id"])}
    plans = found.num_plans if found else 0
    columns = (
        Column(say("Route")),
        Column(say("Ends")),
        Column(say("In how many of {plans} plans", plans=plans), "count"),
        Column(say("In every one")),
    )
    rows = tuple(
        (route_id, basis.labels.to_route_ends(index[route_id]), count, to_yes(count == plans))
        for route_id, count in (found.counts if found else ())
    )
    return Table(say("Which plans build which routes"), columns, rows, limit=30, sheet=say("Routes of plans"))


def _to_columns(basis: Basis) -> tuple[Column, ...]:
    weight = to_capital(basis.weight_label)
    return (
        Column(say("Cost ({currency})", currency=basis.settings.currency), "money"),
        *_routes_column(basis),
        Column(say("Length (km)"), "km"),
        Column(say("{weight} held as asked", weight=weight), "weight"),
        Column(say("At most possible"), "weight"),
        Column(say("Proof")),
        Column(say("Builds"), "list", "sheet"),
    )


def _routes_column(basis: Basis) -> tuple[Column, ...]:
    """None where sections are chosen and no routes."""
    return () if basis.corridors else (Column(say("Routes"), "count"),)


def _to_cells(choice: Choice, basis: Basis) -> tuple[Value, ...]:
    keys = ("cost", "length_km") if basis.corridors else ("cost", "routes", "length_km")
    figures = (choice.objective.get(key) for key in keys)
    return (*figures, choice.weight, choice.weight_bound, to_proof(choice), choice.routes)
