"""Sheets of the workbook that work the money out again when a reader changes a price."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.invest.money import to_factor
from planner.report.language import say
from planner.report.model import Column, Formula, Table
from planner.report.sources import to_source
from planner.study.terrain import find_key

if TYPE_CHECKING:
    from planner.invest.model import Money, RouteMoney
    from planner.report.basis import Basis
    from planner.report.model import Value
    from planner.result import Outcome
    from planner.study.invest import InvestSection

_RATE, _HORIZON, _VALUE, _ONCE = 2, 3, 4, 5  # rows on the sheet of prices
_FIRST_KIND = 6  # row of the first kind's price


def to_finance_sheets(outcome: Outcome, basis: Basis) -> tuple[tuple[str, Table], ...]:
    """``Prices``, ``Finance`` and ``Finance by year``; none where the study does not ask."""
    figures = outcome.study.invest
    money = outcome.investment.money if outcome.investment else None
    if figures is None or money is None:
        return ()
    tables = _to_tables(figures, basis)
    places = _to_places(money, tables)
    return (
        (say("Prices"), _to_prices(figures, basis, tables, places)),
        (say("Finance"), _to_routes(money, figures, basis, tables, places)),
        (say("Finance by year"), _to_years(money, figures)),
    )


type _Tables = dict[str, tuple[dict[str, float], str, str]]
type _Places = dict[tuple[str, str], int]


def _to_tables(figures: InvestSection, basis: Basis) -> _Tables:
    """What is priced by kind: its table, what it is called and where it comes from."""
    return {
        "price": (dict(basis.settings.per_km), say("price per km"), basis.settings.file),
        "share": (figures.opex_share, say("upkeep a year, share"), to_source(figures, "opex_share")),
        "upkeep": (figures.opex_per_km, say("upkeep per km and year"), to_source(figures, "opex_per_km")),
        "lease": (figures.lease_per_km, say("lease per km and year"), to_source(figures, "lease_per_km")),
    }


def _to_places(money: Money, tables: _Tables) -> _Places:
    """Key of a table and the table to the row of its cell on the sheet of prices."""
    wanted = {
        (key, number, what)
        for row in money.routes
        for number, what in enumerate(tables)
        if (key := find_key(tables[what][0], row.kind, row.terrain)) is not None
        and (what != "price" or row.price_per_km is not None)
    }
    return {(key, what): _FIRST_KIND + place for place, (key, _, what) in enumerate(sorted(wanted))}


def _to_prices(figures: InvestSection, basis: Basis, tables: _Tables, places: _Places) -> Table:
    columns = (Column(say("What may be changed")), Column(say("Value"), "figure"), Column(say("Source"), "prose"))
    settings = basis.settings
    rows: list[tuple[Value, ...]] = [
        (say("Discount rate a year"), figures.discount_rate, to_source(figures, "discount_rate")),
        (say("Years counted"), figures.horizon_years, to_source(figures, "horizon_years")),
        (
            say("Worth of a person-hour ({currency})", currency=settings.currency),
            figures.person_hour_value,
            to_source(figures, "person_hour_value"),
        ),
        (say("Any route priced per km, once"), settings.per_route, settings.file),
    ]
    for kind, what in places:
        values, label, source = tables[what]
        rows.append((say("{kind}: {what}", kind=kind, what=label), values[kind], source))
    return Table(say("Prices"), columns, tuple(rows))


def _to_place(row: int) -> str:
    """A figure on the sheet of prices, for formulas."""
    return f"{say('Prices')}!$B${row}"


def _to_routes(money: Money, figures: InvestSection, basis: Basis, tables: _Tables, places: _Places) -> Table:
    currency = basis.settings.currency
    columns = (
        Column(say("Route")),
        Column(say("Kind")),
        Column(say("Terrain")),
        Column(say("Length (km)"), "number"),
        Column(say("Built in year"), "count"),
        Column(say("Price per km"), "money"),
        Column(say("To build ({currency})", currency=currency), "money"),
        Column(say("Upkeep a year"), "money"),
        Column(say("Lease a year"), "money"),
        Column(say("Present cost"), "money"),
    )
    rows = [_to_row(row, number, tables, places) for number, row in enumerate(money.routes, start=2)]
    return Table(say("Finance"), columns, (*rows, *_to_totals(money, figures, len(rows))), sheet=say("Finance"))


def _to_row(row: RouteMoney, number: int, tables: _Tables, places: _Places) -> tuple[Value, ...]:
    def cell(what: str) -> str:
        key = find_key(tables[what][0], row.kind, row.terrain)
        place = None if key is None else places.get((key, what))
        return _to_place(place) if place else "0"

    price: Value = None
    capex: Value = row.capex.middle
    if row.price_per_km is not None:
        price = Formula(cell("price"), row.price_per_km)
        capex = Formula(f"D{number}*F{number}+{_to_place(_ONCE)}", row.capex.middle)
    present = Formula("0", 0.0)
    if row.year is not None:
        rate, horizon = _to_place(_RATE), _to_place(_HORIZON)
        kept = f"IF({rate}=0,MAX(0,{horizon}-E{number}),MAX(0,((1+{rate})^-E{number}-(1+{rate})^-{horizon})/{rate}))"
        present = Formula(
            f"G{number}*(1+{rate})^-E{number}+(H{number}+I{number})*{kept}",
            row.present_cost.middle,
        )
    return (
        row.route_id,
        row.kind,
        row.terrain,
        row.length_km,
        row.year,
        price,
        capex,
        Formula(f"G{number}*{cell('share')}+D{number}*{cell('upkeep')}", row.opex_per_year.middle),
        Formula(f"D{number}*{cell('lease')}", row.lease_per_year),
        present,
    )


def _to_totals(money: Money, figures: InvestSection, num_rows: int) -> list[tuple[Value, ...]]:
    last, blank = num_rows + 1, ("", "", None, None, None)
    sums = {"G": money.capex.middle, "H": money.opex_per_year.middle, "I": money.lease_per_year}
    sums["J"] = money.present_cost.middle
    rows: list[tuple[Value, ...]] = []
    if num_rows:
        cells = (Formula(f"SUM({letter}2:{letter}{last})", value) for letter, value in sums.items())
        rows.append((say("All routes"), *blank, *cells))
    if money.present_benefit and money.net_present_value and num_rows:
        end = figures.horizon_years + 1
        saved = Formula(f"SUM('{say('Finance by year')}'!D2:D{end})", money.present_benefit.middle)
        net = Formula(f"J{last + 2}-J{last + 1}", money.net_present_value.middle)
        rows += [
            (say("Isolation avoided"), *blank, None, None, None, saved),
            (say("Net"), *blank, None, None, None, net),
        ]
    return rows


def _to_years(money: Money, figures: InvestSection) -> Table:
    rate, horizon, worth = _to_place(_RATE), _to_place(_HORIZON), _to_place(_VALUE)
    columns = (
        Column(say("At the end of year"), "count"),
        Column(say("Person-hours avoided"), "number"),
        Column(say("Discount factor"), "figure"),
        Column(say("Present worth"), "money"),
    )
    rows = tuple(
        (
            year,
            hours,
            Formula(f"IF(A{year + 1}<={horizon},(1+{rate})^-A{year + 1},0)", to_factor(figures.discount_rate, year)),
            Formula(
                f"B{year + 1}*C{year + 1}*{worth}",
                hours * figures.person_hour_value * to_factor(figures.discount_rate, year),
            ),
        )
        for year, hours in enumerate(money.saved_hours, start=1)
    )
    return Table(say("Finance by year"), columns, rows)
