"""The annex: which tables the workbook holds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planner.report.language import say
from planner.report.model import Column, Section, Table

if TYPE_CHECKING:
    from planner.report.model import Report


def with_annex(report: Report) -> Report:
    """The report with a last section that lists every sheet of its workbook."""
    columns = (Column(say("Sheet")), Column(say("What it holds"), "prose"), Column(say("Rows"), "count"))
    holds = _to_contents()
    rows = tuple((name, holds.get(name, table.caption), len(table.rows)) for name, table in report.sheets)
    said = say("Every row of every table is in the workbook beside this page, typed and with filters.")
    section = Section("annex", say("Annex: tables"), (said, Table("tables.xlsx", columns, rows)))
    return replace(report, sections=(*report.sections, section))


def _to_contents() -> dict[str, str]:
    """What the sheets hold whose caption does not say it."""
    return {
        say("Summary"): say("The decision, the figures before and after, and every list of facts"),
        say("New routes"): say("What each new route is, costs, keeps away from, shares and defends"),
        say("Critical cuts"): say("Every cut set that was kept, with its places, spans, regions and weight"),
        say("Prices"): say("What may be changed: the other sheets of finance work everything out from it"),
        say("Finance"): say("What each new route costs, and the plan as a whole"),
        say("Finance by year"): say("What isolation avoided is worth, year by year"),
        say("Risk groups"): say("What one cut severs, for every place, candidates counted"),
        say("Spans"): say("Every span: existing, new or not built"),
        say("Remarks"): say("Every repair and every doubt, by file and row"),
    }
