"""The comparison of a sweep's variants as one page: table, frontiers, small maps side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.batch.maps import to_galleries
from planner.batch.variants import to_text
from planner.batch.whole_file import whole_file
from planner.report.html import to_plain_page
from planner.report.language import mark, say, speaking
from planner.report.model import Column, Frontier, Section, Table
from planner.report.words import to_count

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from planner.batch.task import Task
    from planner.report.model import Block
    from planner.study import Language

REPORT_FILE = "report.html"
_COLUMNS = (
    ("status", mark("Status"), "text"),
    ("routes", mark("New routes"), "count"),
    ("cost", mark("Cost"), "number"),
    ("length_km", mark("Length, km"), "km"),
    ("gap", mark("Gap"), "share"),
    ("num_regions_held", mark("Regions held"), "count"),
    ("weight_held_share", mark("Weight held"), "share"),
    ("seconds", mark("Seconds"), "number"),
    ("peak_mb", mark("Peak memory, MB"), "number"),
    ("message", mark("What went wrong"), "prose"),
)
_STATUSES = {
    "optimal": mark("optimal"),
    "feasible": mark("feasible"),
    "infeasible": mark("infeasible"),
    "no_plan": mark("no plan"),
    "failed": mark("failed"),
    "not run": mark("not run"),
}


def write_comparison(
    name: str, tasks: Sequence[Task], table: pd.DataFrame, folder: Path, language: Language | None = None
) -> None:
    """Write ``report.html`` of a sweep.

    Parameters
    ----------
    name
        Title of the sweep.
    tasks, table
        The variants, and what each came to.
    folder
        Where to.
    language
        Of the page; that of the studies unless given, and English where they differ.
    """
    of_studies = {task.variant.study.report.language for task in tasks}
    with speaking(language or (of_studies.pop() if len(of_studies) == 1 else "en")):
        page = _to_page(name, tasks, table)
    with whole_file(folder / REPORT_FILE) as draft:
        draft.write_text(page, encoding="utf-8", newline="\n")


def _to_page(name: str, tasks: Sequence[Task], table: pd.DataFrame) -> str:
    counts = table["status"].value_counts()
    done = [
        say("{count} {status}", count=int(counts[status]), status=say(_STATUSES[status]))
        for status in sorted(counts.index)
    ]
    sections = [
        Section("variants", say("Variants"), (_to_table(tasks, table),)),
        Section("frontiers", say("Cost against what it buys"), _to_frontiers(tasks, table)),
        Section("maps", say("Maps"), to_galleries(tasks)),
    ]
    return to_plain_page(
        title=name,
        headline=say(
            "{variants} of {studies}",
            variants=to_count(len(table), "variant"),
            studies=to_count(table["study"].nunique(), "study", "studies"),
        ),
        statements=[
            ", ".join(done) + ".",
            say("The whole table is in sweep.csv, each run in its folder under runs."),
        ],
        sections=[section for section in sections if section.blocks],
    )


def _to_table(tasks: Sequence[Task], table: pd.DataFrame) -> Table:
    settings = list(dict.fromkeys(key for task in tasks for key, _ in task.variant.settings))
    shown = [column for column in _COLUMNS if column[0] in table.columns]
    columns = [Column(say("Variant")), Column(say("Study")), *map(Column, settings)]
    columns += [Column(say(label), kind) for _, label, kind in shown]  # type: ignore[arg-type]
    rows = []
    for number, (task, row) in enumerate(zip(tasks, table.to_dict("records"), strict=True), start=1):
        values = dict(task.variant.settings)
        said = [to_text(values[key]) if key in values else "" for key in settings]
        rows.append(
            (str(number), task.variant.source, *said, *(_to_cell(key, row[key], kind) for key, _, kind in shown))
        )
    return Table(say("What each variant came to"), tuple(columns), tuple(rows), limit=1000)


def _to_cell(key: str, value: Any, kind: str) -> Any:
    if key == "status":
        return say(_STATUSES[value])
    if value is None or pd.isna(value):
        return None
    return int(value) if kind == "count" else value


def _to_frontiers(tasks: Sequence[Task], table: pd.DataFrame) -> tuple[Block, ...]:
    """Per study its cost against the cuts survived and against the weight held, where these vary."""
    blocks: list[Block] = []
    if "cost" not in table.columns:
        return ()
    costs = table["cost"].notna()
    for number, source in enumerate(dict.fromkeys(table["study"])):
        own = costs & (table["study"] == source)
        solved = own & table["status"].isin(["optimal", "feasible"])
        for key, label, rows in (
            ("cuts", say("cuts survived"), solved),
            ("weight_held_share", say("share of weight held at the level asked"), own),
        ):
            if table.loc[rows, key].nunique() < 2:
                continue
            points = tuple(
                (float(table["cost"][i]), float(table[key][i]), tasks[i].variant.label) for i in table.index[rows]
            )
            name = f"frontier-{number + 1}-{key.replace('_', '-')}"
            blocks.append(
                Frontier(
                    name, say("{source}: cost and {label}", source=source, label=label), say("cost"), label, points
                )
            )
    return tuple(blocks)
