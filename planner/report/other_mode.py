"""The plan beside the one that the other way to choose comes to: from a list of routes, or along all corridors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.invest.options import Choice
from planner.report.language import mark, say
from planner.report.model import Column, Table
from planner.report.options_tables import to_proof
from planner.report.words import to_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.report.basis import Basis
    from planner.report.model import Value
    from planner.result import Outcome

_CHOSEN_FROM = {
    "routes": mark("{number} ready-made routes"),
    "sections": mark("{number} sections of corridors"),
}


def to_other_mode(outcome: Outcome, basis: Basis) -> tuple[str | Table, ...]:
    """A sentence and a row for each of the two ways; nothing where only one was asked for."""
    other, built = outcome.other_mode, outcome.built
    if other is None or built is None:
        return ()
    said = say(
        "The same was planned in both ways: from routes laid or listed beforehand, and over every section of the"
        " corridors, where any way along them may become a route. The one has fewer choices, the other finds routes"
        " that nobody listed; a section is cut, priced and joined as it lies, a listed route as a whole."
    )
    columns = (
        Column(say("Chosen from")),
        Column(say("Routes"), "count"),
        Column(say("Cost ({currency})", currency=basis.settings.currency), "money"),
        Column(say("Length (km)"), "km"),
        Column(say("Proof")),
    )
    own_mode = "routes" if other.mode == "sections" else "sections"
    num_own = outcome.corridors.num_sections if outcome.corridors else _count_candidates(basis)
    status = "infeasible" if outcome.protect_most else built.status
    own = _to_row(own_mode, num_own, built.objective, Choice(status, gap=built.gap))
    theirs = _to_row(other.mode, other.num_candidates, other.objective, Choice(other.status, gap=other.gap or 0.0))
    rows = (own, theirs) if own_mode == "sections" else (theirs, own)
    return said, Table(say("From a list of routes, and over all sections"), columns, rows)


def _to_row(mode: str, number: int, objective: Mapping[str, float], choice: Choice) -> tuple[Value, ...]:
    values = (objective.get(key) for key in ("routes", "cost", "length_km"))
    return (say(_CHOSEN_FROM[mode], number=to_number(number)), *values, to_proof(choice))


def _count_candidates(basis: Basis) -> int:
    return int((basis.network.routes["status"] == "candidate").sum())
