"""Tables of what one cut severs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.report.language import say
from planner.report.model import Column, Table
from planner.report.told import to_told
from planner.report.words import to_metres

if TYPE_CHECKING:
    from planner.report.basis import Basis


def to_shared_ground(basis: Basis) -> Table:
    """Where several spans that exist or are to be built fall together, the most spans first."""
    standing = _find_standing(basis)
    rows = [(g, tuple(span for span in spans if standing[span])) for g, spans in enumerate(basis.risk_groups.spans)]
    shared = sorted(((g, spans) for g, spans in rows if len(spans) > 1), key=lambda r: (-len(r[1]), r[0]))
    return Table(
        caption=say("Places where one cut severs several spans"),
        columns=(
            Column(say("Where")),
            Column(say("Cause")),
            Column(say("Spans"), "count"),
            Column(say("Severs"), "list"),
        ),
        rows=tuple(
            (_to_where(g, basis), _to_cause(g, basis), len(spans), tuple(map(basis.labels.to_span, spans)))
            for g, spans in shared
        ),
        limit=15,
        sheet=say("Risk groups"),
    )


def to_risk_groups(basis: Basis) -> Table:
    """Every risk group, candidates counted."""
    groups, labels = basis.risk_groups, basis.labels
    standing = _find_standing(basis)
    columns = (
        Column(say("Risk group")),
        Column(say("Cause")),
        Column(say("Where")),
        Column(say("Spans"), "count"),
        Column(say("Spans that exist or are to be built"), "count"),
        Column(say("Severs"), "list"),
        Column(say("Longitude (°)"), "degrees"),
        Column(say("Latitude (°)"), "degrees"),
    )
    rows = tuple(
        (
            groups.group_ids[g],
            _to_cause(g, basis),
            _to_where(g, basis),
            len(spans),
            sum(standing[span] for span in spans),
            tuple(labels.to_span(span) for span in spans),
            float(groups.places[g][0]),
            float(groups.places[g][1]),
        )
        for g, spans in enumerate(groups.spans)
    )
    return Table(say("Risk groups"), columns, rows, sheet=say("Risk groups"))


def count_shared(basis: Basis) -> int:
    """Number of risk groups of several spans, candidates counted."""
    return sum(len(spans) > 1 for spans in basis.risk_groups.spans)


def _find_standing(basis: Basis) -> list[bool]:
    """Per span whether it exists or is to be built."""
    spans, built = basis.network.spans, set(basis.built)
    pairs = zip(spans["is_candidate"].tolist(), spans["route"].tolist(), strict=True)
    return [not is_candidate or route in built for is_candidate, route in pairs]


def _to_where(group: int, basis: Basis) -> str:
    lon, lat = basis.risk_groups.places[group]
    return basis.labels.to_place(float(lon), float(lat))


def _to_cause(group: int, basis: Basis) -> str:
    cause = basis.risk_groups.causes[group]
    radius = say("within {radius} of one point", radius=to_metres(basis.settings.radius_m))
    return {"trench": radius, "single": say("one span")}.get(cause) or to_told(cause)
