"""The figures of money and risk with their sources, as the study or the defaults give them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.report.model import Column, Table

if TYPE_CHECKING:
    from planner.report.model import Value
    from planner.study.sources import SourcedSection

_LABELS = {
    "horizon_years": "Years counted",
    "discount_rate": "Discount rate a year",
    "price_year": "Year of the prices",
    "opex_share": "Upkeep a year, share of what a route cost",
    "opex_per_km": "Upkeep per km and year",
    "lease_per_km": "Lease per km and year",
    "price_range_per_km": "Price per km, low and high",
    "person_hour_value": "Worth of a person-hour without isolation",
    "person_hour_range": "The same, low and high",
    "budgets": "Money of each year",
    "cuts_per_1000_km": "Cuts per 1,000 km and year, by kind",
    "default_cuts_per_1000_km": "Cuts per 1,000 km and year, other kinds",
    "repair_hours": "Hours of repair, by kind",
    "default_repair_hours": "Hours of repair, other kinds",
    "attacks_per_year": "Attacks a year",
    "attack_cuts": "Cuts of an attack",
    "attack_model": "What an attack cuts",
    "attack_repair_hours": "Hours until an attack is repaired",
}
_WORDS = {
    "worst": "the cuts that isolate most, every time",
    "random": "any risk groups at once, all choices as likely",
}


def to_sources(section: SourcedSection, caption: str) -> Table:
    """One row per figure."""
    columns = (Column("Figure"), Column("Value"), Column("Source", "prose"))
    rows: list[tuple[Value, ...]] = []
    for key, label in _LABELS.items():
        value = getattr(section, key, None)
        if value not in (None, {}, ()):
            words = str(value) if key == "price_year" else _to_words(value)
            rows.append((label, words, section.find_source(key)))
        elif key in section.default_sources:
            rows.append((label, "none", section.find_source(key)))
    return Table(caption, columns, tuple(rows))


def _to_words(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{name} {_to_words(value[name])}" for name in sorted(value))
    if isinstance(value, tuple):
        return " to ".join(_to_words(item) for item in value) if len(value) == 2 else ", ".join(map(_to_words, value))
    return _WORDS.get(value, value) if isinstance(value, str) else f"{value:,.10g}"
