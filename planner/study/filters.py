"""Which columns stand for which, and which rows count: what a study may say of each of its files."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator

from planner.study.section import Text


def _to_where(value: Any) -> Any:
    """Every condition as a list of words: one value is a list of one, numbers and flags are their text."""
    if not isinstance(value, dict):
        return value
    return {column: _to_words(cells) for column, cells in value.items()}


def _to_words(cells: Any) -> tuple[str, ...]:
    several = cells if isinstance(cells, list | tuple) else [cells]
    if not several or not all(isinstance(cell, str | bool | int | float) for cell in several):
        raise ValueError(
            'a condition is a text, a number, true or false, or a list of these, as in { status = ["live"] }'
        )
    return tuple(str(cell).lower() if isinstance(cell, bool) else _to_text(cell) for cell in several)


def _to_text(cell: str | float) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


ColumnMap = dict[Text, Text]
Where = Annotated[dict[Text, tuple[str, ...]], BeforeValidator(_to_where)]
