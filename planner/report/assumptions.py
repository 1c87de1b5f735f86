"""The prices that the costs rest on, each with its source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.network.columns import to_text
from planner.report.language import say
from planner.report.model import Column, Section, Table
from planner.report.words import to_count
from planner.study.terrain import find_figure

if TYPE_CHECKING:
    from planner.report.basis import Basis
    from planner.report.model import Block


def to_assumptions_section(basis: Basis) -> Section | None:
    """What a new route costs, and why; None without candidates."""
    blocks = _to_cost_blocks(basis)
    return Section("assumptions", say("Prices"), blocks) if blocks else None


def _to_cost_blocks(basis: Basis) -> tuple[Block, ...]:
    s, routes = basis.settings, basis.network.routes
    candidates = routes[routes["status"] == "candidate"]
    if not len(candidates):
        return ()
    own = _count_own_costs(basis)
    rows = [(say("{kind}, per km", kind=kind), price, s.file) for kind, price in s.per_km]
    rows += [(say("any route, once"), s.per_route, s.file)] if s.per_route else []
    said = (
        say(
            "{own} of {candidates} carry a cost of their own, which wins.",
            own=own,
            candidates=to_count(len(candidates), "candidate"),
        )
        if own
        else ""
    )
    columns = (Column(say("Price of")), Column(f"{s.currency}", "money"), Column(say("Source")))
    table = (Table(say("Prices"), columns, tuple(rows)),) if rows else ()
    year = say("Prices are those of {year}.", year=str(s.price_year)) if s.price_year else ""
    said = " ".join(part for part in (say("Costs are length times the price of the kind."), said, year) if part)
    return (said, *table)


def _count_own_costs(basis: Basis) -> int:
    """Candidates whose cost is not what their kind's price makes it."""
    s, routes = basis.settings, basis.network.routes
    prices = dict(s.per_km)
    candidates = routes[routes["status"] == "candidate"]
    columns = [candidates[name].tolist() for name in ("kind", "length_km", "cost")]
    terrains = to_text(candidates["terrain"]) if "terrain" in candidates.columns else [None] * len(candidates)
    own = 0
    for kind, length_km, cost, terrain in zip(*columns, terrains, strict=True):
        price = find_figure(prices, kind or "", terrain or "")
        expected = None if price is None else price * length_km + s.per_route
        own += expected is None or abs(cost - expected) > 1e-6 * max(1.0, abs(cost))
    return own
