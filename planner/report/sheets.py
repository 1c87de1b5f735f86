"""The sheets of the workbook."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from planner.report.annex import with_annex
from planner.report.language import say
from planner.report.model import Column, Facts, Table
from planner.report.regions import to_regions
from planner.report.riskgroups import to_risk_groups
from planner.report.routes import to_new_routes, to_spans
from planner.report.separation import find_separations
from planner.report.weakpoints import to_cut_sheet

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.report.basis import Basis
    from planner.report.model import Report, Value
    from planner.result import PlacedCutSet, SolvedPlan, Survival


def to_sheets(
    report: Report,
    before: Survival,
    built: SolvedPlan | None,
    basis: Basis,
    *,
    blocking: PlacedCutSet | None,
    remarks: Table,
    without: Mapping[int, str] = MappingProxyType({}),
    more: tuple[tuple[str, Table], ...] = (),
) -> Report:
    """The report with its workbook: every row, where pages show the first ones; `more` sheets where they have rows."""
    cuts = (
        (say("every candidate built"), (blocking,) if blocking else ()),
        (say("as it is"), before.cut_sets),
        (say("with the plan"), built.after.cut_sets if built else ()),
    )
    sheets = (
        (say("Summary"), _to_summary(report)),
        *(
            ((say("New routes"), to_new_routes(built.routes, basis, without, find_separations(basis))),)
            if built
            else ()
        ),
        (say("Regions"), to_regions(before, built, basis)),
        (say("Critical cuts"), to_cut_sheet(cuts, basis)),
        *((name, table) for name, table in more if table.rows),
        (say("Risk groups"), to_risk_groups(basis)),
        (say("Spans"), to_spans(basis)),
        *(((say("Remarks"), remarks),) if remarks.rows else ()),
    )
    return with_annex(replace(report, sheets=sheets))


def _to_summary(report: Report) -> Table:
    """The first screen and every list of facts, as names with values."""
    rows: list[tuple[Value, ...]] = [
        ("", say("Study"), report.title, ""),
        ("", say("Result"), report.badge, ""),
        ("", say("Decision"), report.headline, ""),
        *(("", "", sentence, "") for sentence in (*report.statements, *report.notes)),
    ]
    rows += [(say("Figures"), figure.label, figure.value, figure.before or "") for figure in report.figures]
    for section in report.sections:
        for block in section.blocks:
            if isinstance(block, Facts):
                rows += [(section.title, name, value, "") for name, value in block.items]
    columns = (Column(say("Part")), Column(say("What")), Column(say("Value")), Column(say("Before")))
    return Table(say("Summary"), columns, tuple(rows))
