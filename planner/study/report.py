"""`[report]`: how the pages for people are written."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from planner.study.section import Section, Text

Language = Literal["en", "fr"]


class ReportSection(Section):
    """`[report]`: how report.html, report.md and tables.xlsx are written; the files for programs stay English."""

    language: Language = Field(default="en", description="Language of the report: en (English) or fr (French).")
    incident: Text | None = Field(
        default=None, description="File of the cuts of an incident, whose replay the report shows, before and after."
    )
