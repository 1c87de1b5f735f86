"""Report -> report.md: the same words and tables for wikis, without the map."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planner.report.cells import is_numeric, to_text
from planner.report.language import say, say_many
from planner.report.model import Bullets, Chart, Frontier, Gallery, Table, Tornado

if TYPE_CHECKING:
    from pathlib import Path

    from planner.report.model import Block, Facts, Figure, Report

MAX_ROWS = 50

_SPECIAL = re.compile(r"([\\`*_\[\]|#~])")
_LEADING = re.compile(r"^(\s*)([-+>]|\d+[.)])(?=\s|$)")


def write_markdown(report: Report, path: Path) -> None:
    """Write the report as one Markdown file (GitHub's dialect, for its tables).

    Parameters
    ----------
    path
        File to write; replaced where it exists.
    """
    path.write_text(to_markdown(report), encoding="utf-8", newline="\n")


def to_markdown(report: Report) -> str:
    """The report as Markdown text."""
    notes = [f"> **{say('Note.')}** {escape(note)}" for note in report.notes]
    parts = [
        f"# {escape(report.headline)}",
        say("{title}: {badge}", title=escape(report.title), badge=f"**{escape(report.badge)}**"),
        *notes,
        *(escape(sentence) for sentence in report.statements),
        _to_figures(report.figures),
        say("The map is in `report.html`, every row of every table in `tables.xlsx`."),
    ]
    for section in report.sections:
        parts.append(f"## {escape(section.title)}")
        parts += [_to_block(block) for block in section.blocks]
    if notes:
        parts += ["---", *notes]
    return "\n\n".join(part for part in parts if part) + "\n"


def escape(text: str) -> str:
    """Text that Markdown and HTML take for text, on one line."""
    line = " ".join(text.split())
    line = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    line = _SPECIAL.sub(r"\\\1", line)
    line = re.sub(r"://", ":&#8203;//", line)
    return _LEADING.sub(lambda m: f"{m[1]}{m[2][:-1]}\\{m[2][-1]}", line)


def _to_block(block: Block) -> str:
    if isinstance(block, str):
        return escape(block)
    if isinstance(block, Table):
        return _to_table(block)
    if isinstance(block, Bullets):
        return "\n".join(f"- {escape(item)}" for item in block.items)
    if isinstance(block, Chart | Tornado):
        return say("{title}: {text}", title=escape(block.caption), text=escape(block.description))
    if isinstance(block, Gallery | Frontier):
        return ""  # its tables and sentences say the same
    return _to_facts(block)


def _to_facts(facts: Facts) -> str:
    return "\n".join(say("- {name}: {value}", name=escape(name), value=escape(value)) for name, value in facts.items)


def _to_figures(figures: tuple[Figure, ...]) -> str:
    has_before = any(figure.before is not None for figure in figures)
    heads = ["", say("Before"), say("After"), ""] if has_before else ["", "", ""]
    rows = []
    for figure in figures:
        before = [figure.before or ""] if has_before else []
        rows.append([figure.label, *before, figure.value, figure.note])
    return _to_grid(heads, [False] * len(heads), rows)


def _to_table(table: Table) -> str:
    shown = [table.columns[i] for i in table.page_columns]
    limit = min(table.limit, MAX_ROWS)
    rows = [[to_text(row[i], table.columns[i].kind) for i in table.page_columns] for row in table.rows[:limit]]
    grid = _to_grid([c.label for c in shown], [is_numeric(c.kind) for c in shown], rows)
    left_out = len(table.rows) - limit
    if left_out <= 0:
        return grid
    where = say(" (tables.xlsx, sheet {sheet})", sheet=table.sheet) if table.sheet else ""
    said = say_many(
        "{count} more row left out here{where}.", "{count} more rows left out here{where}.", left_out, where=where
    )
    return f"{grid}\n\n{said}"


def _to_grid(headings: list[str], is_right: list[bool], rows: list[list[str]]) -> str:
    lines = [[escape(heading) for heading in headings], ["---:" if right else "---" for right in is_right]]
    lines += [[escape(cell) for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
