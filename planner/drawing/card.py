"""A result in short, as HTML for a notebook: facts, a small table, a small map."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

MAX_ROWS = 8

_TABLE = '<table style="border-collapse:collapse">'
_CELL = "text-align:left;vertical-align:top;padding:0.1em 0.8em 0.1em 0"


def to_card(
    title: str,
    facts: Iterable[tuple[str, str]],
    *,
    head: Sequence[str] = (),
    rows: Sequence[Sequence[str]] = (),
    svg: str = "",
    max_rows: int = MAX_ROWS,
) -> str:
    """Put a summary together; all text is escaped.

    Parameters
    ----------
    title
        First line.
    facts
        Names and values; facts with an empty value are left out.
    head, rows
        A table below them.
    svg
        A map, as `to_svg` draws it, put in as it is.
    max_rows
        How many rows are shown; the others are counted.

    Examples
    --------
    >>> print(to_card("Plan", [("status", "<optimal>")]))
    <div style="max-width:60em"><div style="font-weight:bold">Plan</div><table style="border-collapse:collapse">...
    """
    lines = "".join(f"<tr>{_cell('th', name)}{_cell('td', value)}</tr>" for name, value in facts if value)
    table = f"{_TABLE}{lines}</table>" if lines else ""
    body = f'<div style="font-weight:bold">{_text(title)}</div>{table}{_to_table(head, rows, max_rows)}{svg}'
    return f'<div style="max-width:60em">{body}</div>'


def _to_table(head: Sequence[str], rows: Sequence[Sequence[str]], max_rows: int) -> str:
    if not rows:
        return ""
    top = "".join(_cell("th", name) for name in head)
    lines = "".join(f"<tr>{''.join(_cell('td', cell) for cell in row)}</tr>" for row in rows[:max_rows])
    left_out = len(rows) - max_rows
    more = f"<div>and {left_out:,} more</div>" if left_out > 0 else ""
    return f"{_TABLE}<tr>{top}</tr>{lines}</table>{more}"


def _cell(tag: str, value: str) -> str:
    return f'<{tag} style="{_CELL}">{_text(value)}</{tag}>'


def _text(value: str) -> str:
    return html.escape(str(value))
