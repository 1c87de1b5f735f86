"""Values of tables as text for pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.report.language import say, to_local
from planner.report.model import Formula
from planner.report.words import to_clauses, to_number, to_percent

if TYPE_CHECKING:
    from planner.report.model import Kind, Value

_PLAIN: dict[Kind, str] = {"figure": ",.10g", "degrees": ".5f", "km": ",.1f"}
_ALMOST = 0.9999999

MAX_ITEMS = 6
"""Longer lists in a cell are cut short; the workbook has them whole."""


def to_text(value: Value, kind: Kind) -> str:
    """A value as people read it.

    Parameters
    ----------
    value
        The cell.
    kind
        Of its column.
    """
    if isinstance(value, Formula):
        value = value.value
    if value is None:
        return ""
    if isinstance(value, tuple):
        more = say("; and {more} more", more=len(value) - MAX_ITEMS) if len(value) > MAX_ITEMS else ""
        return to_clauses(value[:MAX_ITEMS]) + more
    if isinstance(value, str):
        return value
    return _to_numeral(value, kind)


def is_numeric(kind: Kind) -> bool:
    """Whether a column of this kind is set flush right."""
    return kind not in ("text", "prose", "list")


def _to_numeral(value: float, kind: Kind) -> str:
    if kind == "share":
        return to_percent(value)
    if kind == "availability":
        if _ALMOST < value < 1:
            return say(">{number}%", number=to_local("99.99999"))
        return say("{number}%", number=to_local(f"{value * 100:.5f}"))
    if kind in _PLAIN:
        return to_local(format(value, _PLAIN[kind]))
    if kind in ("money", "weight"):
        return to_local(f"{value:,.0f}") if abs(value) >= 100 else to_number(value)
    return to_number(value)
