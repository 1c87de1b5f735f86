"""Figures by kind of route, and by kind and terrain where the study tells them apart."""

from __future__ import annotations

from collections.abc import Mapping


def find_key[T](table: Mapping[str, T], kind: str, terrain: str) -> str | None:
    """The key that holds for a route: ``"kind/terrain"`` where the table has it, else its kind; None for neither."""
    key = f"{kind}/{terrain}"
    if terrain and key in table:
        return key
    return kind if kind in table else None


def find_figure[T](table: Mapping[str, T], kind: str, terrain: str) -> T | None:
    """What the table says of a route of a kind on a terrain; None where it says nothing."""
    key = find_key(table, kind, terrain)
    return None if key is None else table[key]
