"""Tables of new routes and of every span."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.report.model import Column, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from planner.report.basis import Basis
    from planner.report.model import Value
    from planner.result import NewRoute


def to_new_routes(routes: tuple[NewRoute, ...], basis: Basis, without: Mapping[int, str]) -> Table:
    """One row per new route: where it runs, what it costs, what it shares, whom it defends, what is `without` it."""
    columns = (
        Column("Route"),
        Column("From"),
        Column("To"),
        Column("Kind"),
        Column("Length (km)", "km"),
        Column(f"Cost ({basis.settings.currency})", "money"),
        Column("One cut may also sever", "list"),
        Column("Defends", "list"),
        Column("For example against", "prose"),
        Column("Without it", "prose"),
    )
    ordered = sorted(routes, key=lambda route: route.route_id)
    return Table(
        caption="New routes",
        columns=columns,
        rows=tuple((*_to_route_row(route, basis), without.get(route.route, "")) for route in ordered),
        limit=200,
        sheet="New routes",
        finds=tuple((f"route:{route.route_id}",) for route in ordered),
    )


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
        status = ("new" if route in built else "not built") if is_candidate else "existing"
        rows.append(
            (
                labels.span_ids[i],
                labels.route_ids[route],
                labels.sites[a],
                labels.sites[b],
                status,
                kinds[route],
                operators[route],
                "yes" if is_cuttable else "no",
                length_m / 1000,
            )
        )
    headings = ("Span", "Route", "From", "To", "Status", "Kind", "Operator", "Can be cut")
    return Table(
        caption="Spans",
        columns=(*(Column(heading) for heading in headings), Column("Length (km)", "km")),
        rows=tuple(rows),
        sheet="Spans",
    )


def _to_route_row(route: NewRoute, basis: Basis) -> tuple[Value, ...]:
    labels, row = basis.labels, basis.network.routes.iloc[route.route]
    a, b = labels.route_ends[route.route]
    return (
        route.route_id,
        labels.sites[a],
        labels.sites[b],
        _to_text(row["kind"]),
        float(row["length_km"]),
        float(row["cost"]),
        tuple(route.shares_with),
        labels.to_regions(route.defends),
        labels.to_cut_set(route.defends_against),
    )


def _to_texts(values: pd.Series[str]) -> list[str]:
    return [_to_text(value) for value in values.tolist()]


def _to_text(value: object) -> str:
    return value if isinstance(value, str) else ""
