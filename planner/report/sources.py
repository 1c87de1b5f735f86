"""The figures of money and risk with their sources, as the study or the defaults give them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.report.language import mark, say, to_local
from planner.report.model import Column, Table
from planner.report.told import to_told
from planner.report.words import to_clauses

if TYPE_CHECKING:
    from planner.report.model import Value
    from planner.study.sources import SourcedSection

_LABELS = {
    "horizon_years": mark("Years counted"),
    "discount_rate": mark("Discount rate a year"),
    "price_year": mark("Year of the prices"),
    "opex_share": mark("Upkeep a year, share of what a route cost"),
    "opex_per_km": mark("Upkeep per km and year"),
    "lease_per_km": mark("Lease per km and year"),
    "price_range_per_km": mark("Price per km, low and high"),
    "person_hour_value": mark("Worth of a person-hour without isolation"),
    "person_hour_range": mark("The same, low and high"),
    "budgets": mark("Money of each year"),
    "cuts_per_1000_km": mark("Cuts per 1,000 km and year, by kind"),
    "default_cuts_per_1000_km": mark("Cuts per 1,000 km and year, other kinds"),
    "repair_hours": mark("Hours of repair, by kind"),
    "default_repair_hours": mark("Hours of repair, other kinds"),
    "attacks_per_year": mark("Attacks a year"),
    "attack_cuts": mark("Cuts of an attack"),
    "attack_model": mark("What an attack cuts"),
    "attack_repair_hours": mark("Hours until an attack is repaired"),
}
_WORDS = {
    "worst": mark("the cuts that isolate most, every time"),
    "random": mark("any risk groups at once, all choices as likely"),
}


def to_source(section: SourcedSection, key: str) -> str:
    """Where the figure of a key comes from; the defaults' own sources in the language spoken now."""
    return to_told(section.find_source(key))


def to_sources(section: SourcedSection, caption: str) -> Table:
    """One row per figure."""
    columns = (Column(say("Figure")), Column(say("Value")), Column(say("Source"), "prose"))
    rows: list[tuple[Value, ...]] = []
    for key, label in _LABELS.items():
        value = getattr(section, key, None)
        if value not in (None, {}, ()):
            rows.append((say(label), _to_figure(key, value), to_source(section, key)))
        elif key in section.default_sources:
            rows.append((say(label), say("none"), to_source(section, key)))
    return Table(caption, columns, tuple(rows))


def _to_figure(key: str, value: Any) -> str:
    if key == "price_year":
        return str(value)
    return to_clauses([to_words(item) for item in value]) if key == "budgets" else to_words(value)


def to_words(value: Any) -> str:
    """A figure, or a table of figures by kind, for a reader."""
    if isinstance(value, dict):
        return to_clauses([f"{name} {to_words(value[name])}" for name in sorted(value)])
    if isinstance(value, tuple):
        low, high = value
        return say("{low} to {high}", low=to_words(low), high=to_words(high))
    if isinstance(value, str):
        return say(_WORDS[value]) if value in _WORDS else value
    return to_local(f"{value:,.10g}")
