"""What new routes cost, route by route, by kind and by year of building."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.invest.model import NOTHING, Money, Range
from planner.report.language import say
from planner.report.model import Column, Table

if TYPE_CHECKING:
    from collections.abc import Callable

    from planner.invest.model import RouteMoney
    from planner.report.basis import Basis
    from planner.report.model import Value


def to_finance_table(money: Money, basis: Basis) -> Table:
    """One row per route."""
    columns = (
        Column(say("Route")),
        Column(say("Ends")),
        Column(say("Kind")),
        Column(say("Terrain")),
        Column(say("Length (km)"), "km"),
        Column(say("Built in year"), "count"),
        Column(say("To build ({currency})", currency=basis.settings.currency), "money"),
        Column(say("Low"), "money"),
        Column(say("High"), "money"),
        Column(say("Upkeep a year"), "money"),
        Column(say("Lease a year"), "money"),
        Column(say("Present cost"), "money"),
    )
    has_range = any(row.capex.low < row.capex.high for row in money.routes)
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (
            row.route_id,
            basis.labels.to_route_ends(row.route),
            row.kind,
            row.terrain,
            row.length_km,
            row.year,
            row.capex.middle,
            row.capex.low if has_range else None,
            row.capex.high if has_range else None,
            row.opex_per_year.middle or None,
            row.lease_per_year or None,
            row.present_cost.middle,
        )
        for row in money.routes
    )
    finds = tuple((f"route:{row.route_id}",) for row in money.routes)
    return Table(say("What each route costs"), columns, rows, limit=50, sheet=say("Finance"), finds=finds)


def to_kinds_table(money: Money, basis: Basis) -> Table:
    """One row per kind and terrain, and all together."""
    groups: dict[tuple[str, str], list[RouteMoney]] = {}
    for row in money.routes:
        groups.setdefault((row.kind, row.terrain), []).append(row)
    named = [(kind or say("no kind"), terrain, groups[kind, terrain]) for kind, terrain in sorted(groups)]
    everything = [*named, (say("all"), "", list(money.routes))] if len(named) > 1 else named
    columns = (Column(say("Kind")), Column(say("Terrain")), *_sum_columns(basis))
    rows = tuple((kind, terrain, *_to_sums(rows)) for kind, terrain, rows in everything)
    return Table(say("By kind of route"), columns, rows)


def to_years_built(money: Money, basis: Basis) -> tuple[Table, ...]:
    """One row per year of building; none where all is built at once."""
    years = sorted({row.year for row in money.routes if row.year is not None})
    if len(years) < 2:
        return ()
    columns = (Column(say("Built in year"), "count"), *_sum_columns(basis))
    rows = tuple((year, *_to_sums([row for row in money.routes if row.year == year])) for year in years)
    return (Table(say("By year of building"), columns, rows),)


def _sum_columns(basis: Basis) -> tuple[Column, ...]:
    return (
        Column(say("Routes"), "count"),
        Column(say("Length (km)"), "km"),
        Column(say("To build ({currency})", currency=basis.settings.currency), "money"),
        Column(say("Upkeep a year"), "money"),
        Column(say("Lease a year"), "money"),
        Column(say("Present cost"), "money"),
    )


def _to_sums(rows: list[RouteMoney]) -> tuple[Value, ...]:
    def total(amount: Callable[[RouteMoney], Range]) -> float:
        return sum((amount(row) for row in rows), NOTHING).middle

    return (
        len(rows),
        sum(row.length_km for row in rows),
        total(lambda row: row.capex),
        total(lambda row: row.opex_per_year) or None,
        sum(row.lease_per_year for row in rows) or None,
        total(lambda row: row.present_cost),
    )
