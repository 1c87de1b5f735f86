"""Tables of new routes and of every span."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planner.report.language import say
from planner.report.model import Column, Table
from planner.report.pictures import to_separation_text
from planner.report.words import to_yes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from planner.report.basis import Basis
    from planner.report.model import Value
    from planner.report.separation import Separation
    from planner.result import NewRoute

_FIRST_OF_PURPOSE = 9
"""Column of `to_new_routes` from which on it is said what a route is for."""


def to_new_routes(
    routes: tuple[NewRoute, ...],
    basis: Basis,
    without: Mapping[int, str],
    separations: Mapping[int, Separation],
) -> Table:
    """One row per new route: where it runs, what it costs, how far it keeps, whom it defends, what is `without` it."""
    columns = (
        Column(say("Route")),
        Column(say("From")),
        Column(say("To")),
        Column(say("Kind")),
        Column(say("Length (km)"), "km"),
        Column(say("Cost ({currency})", currency=basis.settings.currency), "money"),
        Column(say("Nearest other route"), where="page"),
        Column(say("Nearest other route (m)"), "number", "sheet"),
        Column(say("Which one"), where="sheet"),
        Column(say("One cut may also sever"), "list"),
        Column(say("Defends"), "list"),
        Column(say("For example against"), "prose"),
        Column(say("Without it"), "prose"),
    )
    ordered = sorted(routes, key=lambda route: route.route_id)
    return Table(
        caption=say("New routes"),
        columns=columns,
        rows=tuple(
            (*_to_route_row(route, separations.get(route.route), basis), without.get(route.route, ""))
            for route in ordered
        ),
        limit=200,
        sheet=say("New routes"),
        finds=tuple((f"route:{route.route_id}",) for route in ordered),
    )


def split_for_pages(table: Table) -> tuple[Table, Table]:
    """The table of new routes in two that fit a sheet of paper: what each is, and what it is for."""
    last = len(table.columns)
    purpose = say("What each new route is for")
    return _pick(table, table.caption, range(_FIRST_OF_PURPOSE)), _pick(
        table, purpose, (0, *range(_FIRST_OF_PURPOSE, last))
    )


def _pick(table: Table, caption: str, columns: Iterable[int]) -> Table:
    kept = tuple(columns)
    rows = tuple(tuple(row[i] for i in kept) for row in table.rows)
    return replace(table, caption=caption, columns=tuple(table.columns[i] for i in kept), rows=rows)


def to_spans(basis: Basis) -> Table:
    """One row per span of the network: existing, new or left unbuilt."""
    labels, network = basis.labels, basis.network
    kinds, operators = (_to_texts(network.routes[column]) for column in ("kind", "operator"))
    built = set(basis.built)
    rows: list[tuple[Value, ...]] = []
    columns = ("route", "is_candidate", "is_cuttable", "length_m")
    for i, (route, is_candidate, is_cuttable, length_m) in enumerate(
        zip(*(network.spans[column].tolist() for column in columns), strict=True)
    ):
        a, b = labels.span_ends[i]
        status = (say("new") if route in built else say("not built")) if is_candidate else say("existing")
        rows.append(
            (
                labels.span_ids[i],
                labels.route_ids[route],
                labels.sites[a],
                labels.sites[b],
                status,
                kinds[route],
                operators[route],
                to_yes(is_cuttable),
                length_m / 1000,
            )
        )
    headings = (
        say("Span"),
        say("Route"),
        say("From"),
        say("To"),
        say("Status"),
        say("Kind"),
        say("Operator"),
        say("Can be cut"),
    )
    return Table(
        caption=say("Spans"),
        columns=(*(Column(heading) for heading in headings), Column(say("Length (km)"), "km")),
        rows=tuple(rows),
        sheet=say("Spans"),
    )


def _to_route_row(route: NewRoute, separation: Separation | None, basis: Basis) -> tuple[Value, ...]:
    labels, row = basis.labels, basis.network.routes.iloc[route.route]
    a, b = labels.route_ends[route.route]
    return (
        route.route_id,
        labels.sites[a],
        labels.sites[b],
        _to_text(row["kind"]),
        float(row["length_km"]),
        float(row["cost"]),
        to_separation_text(separation),
        round(separation.distance_m) if separation else None,
        separation.route_id if separation else "",
        tuple(route.shares_with),
        labels.to_regions(route.defends),
        labels.to_cut_set(route.defends_against),
    )


def _to_texts(values: pd.Series[str]) -> list[str]:
    return [_to_text(value) for value in values.tolist()]


def _to_text(value: object) -> str:
    return value if isinstance(value, str) else ""
