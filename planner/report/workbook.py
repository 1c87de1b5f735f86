"""Report -> tables.xlsx: typed cells, frozen headings, filters, and no formula but the report's own."""

from __future__ import annotations

import datetime
import math
from typing import TYPE_CHECKING, Any

import xlsxwriter

from planner.report.model import Formula

if TYPE_CHECKING:
    from pathlib import Path

    from planner.report.model import Column, Kind, Report, Table, Value

CREATED = datetime.datetime(2000, 1, 1)
"""Fixed, so that the same tables give the same bytes."""

MAX_CHARACTERS = 32_767
MAX_ROWS = 1_048_575

_FORMATS: dict[Kind, str] = {
    "count": "#,##0",
    "number": "#,##0.##",
    "km": "#,##0.0",
    "money": "#,##0",
    "weight": "#,##0.##",
    "share": "0.0%",
    "degrees": "0.00000",
    "figure": "General",
    "availability": "0.00000%",
}
_WIDTHS: dict[Kind, int] = {"text": 24, "prose": 60, "list": 44}


def write_workbook(report: Report, path: Path) -> None:
    """Write every sheet of the report.

    Parameters
    ----------
    path
        File to write; replaced where it exists.
    """
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        book.set_properties({"title": report.title[:255], "created": CREATED})
        formats = _to_formats(book)
        for name, table in report.sheets:
            _write_sheet(book.add_worksheet(name), table, formats)


def _to_formats(book: Any) -> dict[str, Any]:
    formats: dict[str, Any] = {
        kind: book.add_format({"num_format": code, "valign": "top"}) for kind, code in _FORMATS.items()
    }
    formats.update(dict.fromkeys(("text", "prose", "list"), book.add_format({"text_wrap": True, "valign": "top"})))
    formats["heading"] = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    return formats


def _write_sheet(sheet: Any, table: Table, formats: dict[str, Any]) -> None:
    kept = [i for i, column in enumerate(table.columns) if column.where != "page"]
    columns = [table.columns[i] for i in kept]
    rows = table.rows[:MAX_ROWS]
    for n, column in enumerate(columns):
        sheet.set_column(n, n, _to_width(column, n, len(columns)))
        sheet.write_string(0, n, column.label, formats["heading"])
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(1, len(rows)), len(columns) - 1)
    for r, row in enumerate(rows, start=1):
        for n, (i, column) in enumerate(zip(kept, columns, strict=True)):
            _write_cell(sheet, r, n, row[i], formats[column.kind])


def _to_width(column: Column, position: int, num_columns: int) -> int:
    if num_columns == 4 and position == 2:
        return 80  # the summary's values are sentences
    return _WIDTHS.get(column.kind, 14)


def _write_cell(sheet: Any, row: int, column: int, value: Value, cell_format: Any) -> None:
    """Write a text as a text whatever it begins with, a number as a number, and nothing as nothing."""
    if isinstance(value, Formula):
        sheet.write_formula(row, column, f"={value.text}", cell_format, value.value)
        return
    if isinstance(value, tuple):
        value = "; ".join(value)
    if value is None or value == "" or (isinstance(value, float) and not math.isfinite(value)):
        sheet.write_blank(row, column, None, cell_format)
    elif isinstance(value, str):
        sheet.write_string(row, column, value[:MAX_CHARACTERS], cell_format)
    else:
        sheet.write_number(row, column, value, cell_format)
