"""The trenches that new routes share."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from planner.report.language import say
from planner.report.model import Column, Table
from planner.report.words import to_money

if TYPE_CHECKING:
    from planner.report.basis import Basis
    from planner.result import SharedTrench


def to_trenches(trenches: tuple[SharedTrench, ...], basis: Basis) -> tuple[str | Table, ...]:
    """What is saved by digging once, and a row per trench; nothing where none is shared."""
    if not trenches:
        return ()
    currency = basis.settings.currency
    saved = to_money(math.fsum(trench.saved for trench in trenches), currency)
    said = say(
        "Where new routes share a trench it is dug once, which saves {saved}. Each route is shown with its share of the"
        " cost. One cut there severs all of them, and the plan holds all the same.",
        saved=saved,
    )
    columns = (
        Column(say("Routes"), "list"),
        Column(say("Length (km)"), "km"),
        Column(say("Cost ({currency})", currency=currency), "money"),
        Column(say("Saved ({currency})", currency=currency), "money"),
    )
    rows = tuple((trench.route_ids, trench.length_km, trench.cost, trench.saved) for trench in trenches)
    return said, Table(say("Trenches dug once for several routes"), columns, rows, limit=50)
