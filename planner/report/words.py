"""Numbers, counts and cuts in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from planner.report.language import mark, say, say_many, to_currency, to_local

if TYPE_CHECKING:
    from collections.abc import Sequence

_CUTS = (
    mark("no cuts"),
    mark("one cut"),
    mark("two cuts"),
    mark("three cuts"),
    mark("four cuts"),
    mark("five cuts"),
    mark("six cuts"),
)
_ANY_CUTS = (
    mark("while nothing is cut"),
    mark("after any one cut"),
    mark("after any two cuts"),
    mark("after any three cuts"),
    mark("after any four cuts"),
    mark("after any five cuts"),
    mark("after any six cuts"),
)


def to_number(value: float) -> str:
    """A number with commas, and with decimals only where it is small and has some.

    >>> to_number(65326589.8), to_number(12), to_number(3.25)
    ('65,326,590', '12', '3.25')
    """
    if abs(value) >= 1000 or float(value).is_integer():
        return to_local(f"{value:,.0f}")
    return to_local(f"{value:,.2f}".rstrip("0").rstrip("."))


def to_magnitude(value: float) -> str:
    """A number to remember: millions and billions in words.

    >>> to_magnitude(65326589.8), to_magnitude(6050000), to_magnitude(7000000), to_magnitude(12500)
    ('65.3 million', '6.05 million', '7 million', '12,500')
    """
    if abs(value) >= 1e9:
        rounded = _round_to_three_digits(value / 1e9)
        return say_many("{number} billion", "{number} billion", _to_form(rounded), number=to_number(rounded))
    if abs(value) >= 1e6:
        rounded = _round_to_three_digits(value / 1e6)
        return say_many("{number} million", "{number} million", _to_form(rounded), number=to_number(rounded))
    return to_number(value)


def to_person_hours(hours: float) -> str:
    """Person-hours, rounded.

    >>> to_person_hours(1512345.6), to_person_hours(812.4)
    ('1.51 million person-hours', '812 person-hours')
    """
    whole = round(hours)
    if abs(whole) >= 1e6:  # French says a million *of* them
        return say("{magnitude} person-hours", magnitude=to_magnitude(whole))
    return say_many("{number} person-hours", "{number} person-hours", abs(whole), number=to_number(whole))


def to_money(value: float, currency: str) -> str:
    """An amount to remember, currency first in English.

    >>> to_money(35200000, "EUR"), to_money(12500, "EUR")
    ('EUR 35.2 million', 'EUR 12,500')
    """
    unit = to_currency(currency)
    if abs(value) >= 1e9:
        return say("{unit} {number} billion", unit=unit, number=to_number(_round_to_three_digits(value / 1e9)))
    if abs(value) >= 1e6:
        return say("{unit} {number} million", unit=unit, number=to_number(_round_to_three_digits(value / 1e6)))
    return to_exact_money(value, currency)


def to_exact_money(value: float, currency: str) -> str:
    """An amount to the unit.

    >>> to_exact_money(35200000.4, "EUR")
    'EUR 35,200,000'
    """
    return say("{unit} {number}", unit=to_currency(currency), number=to_number(round(value)))


def to_km(length_km: float) -> str:
    """A length, whole kilometres from 100 up.

    >>> to_km(1088.7), to_km(12.34)
    ('1,089 km', '12.3 km')
    """
    number = to_local(f"{length_km:,.0f}") if length_km >= 100 else _trimmed(length_km)
    return say("{number} km", number=number)


def to_metres(length_m: float) -> str:
    """A short length: metres, and kilometres from 1,000 up when they are round.

    >>> to_metres(50.0), to_metres(15000.0)
    ('50 m', '15 km')
    """
    if length_m >= 1000 and length_m % 100 == 0:
        return say("{number} km", number=_trimmed(length_m / 1000))
    return say("{number} m", number=to_number(length_m))


def to_percent(share: float) -> str:
    """A fraction of one in per cent, never rounded to nothing or to all.

    >>> to_percent(0.306), to_percent(0.0004), to_percent(0.9999), to_percent(1.0)
    ('31%', '<0.1%', '>99.9%', '100%')
    """
    if not math.isfinite(share):
        return say("unknown")
    if 0 < share < 0.001:
        return say("<{number}%", number=to_local("0.1"))
    if 0.999 < share < 1:
        return say(">{number}%", number=to_local("99.9"))
    percent = share * 100
    decimals = 0 if percent.is_integer() or 10 <= percent < 99.5 else 1
    return say("{number}%", number=to_local(f"{percent:.{decimals}f}"))


def to_seconds(seconds: float) -> str:
    """A duration.

    >>> to_seconds(0.0312), to_seconds(12.34), to_seconds(600)
    ('0.03 s', '12.3 s', '600 s')
    """
    number = to_local(f"{seconds:,.2f}") if seconds < 10 else _trimmed(seconds)
    return say("{number} s", number=number)


def to_count(count: int, singular: str, plural: str = "") -> str:
    """A count with its noun; catalogues hold it as ``"{count} route"`` and ``"{count} routes"``.

    >>> to_count(1, "route"), to_count(5, "route"), to_count(0, "city", "cities")
    ('1 route', '5 routes', '0 cities')
    """
    return say_many(f"{{count}} {singular}", f"{{count}} {plural or singular + 's'}", count)


def to_cuts(cuts: int) -> str:
    """So many cuts.

    >>> to_cuts(1), to_cuts(3)
    ('one cut', 'three cuts')
    """
    return say(_CUTS[cuts]) if 0 <= cuts < len(_CUTS) else to_count(cuts, "cut")


def to_when(cuts: int) -> str:
    """When a region has to stay connected.

    >>> to_when(0), to_when(1), to_when(2)
    ('while nothing is cut', 'after any one cut', 'after any two cuts')
    """
    known = say(_ANY_CUTS[max(0, cuts)]) if cuts < len(_ANY_CUTS) else ""
    return known or say("after any {cuts} cuts", cuts=cuts)


def to_at_level(count: int, cuts: int) -> str:
    """So many regions at a level: ``"3 after any one cut"``."""
    return say("{count} {when}", count=count, when=to_when(cuts))


def to_yes(is_so: bool) -> str:
    """``"yes"`` or ``"no"``."""
    return say("yes") if is_so else say("no")


def to_sentence_list(items: Sequence[str], limit: int = 6) -> str:
    """Items in a sentence, the last joined with "and"; beyond `limit` they are counted.

    >>> to_sentence_list(["A", "B", "C"]), to_sentence_list(["A", "B", "C"], limit=2)
    ('A, B and C', 'A, B and 1 more')
    """
    shown = list(items[:limit])
    if len(items) > limit:
        shown.append(say("{more} more", more=len(items) - limit))
    if len(shown) < 2:
        return "".join(shown)
    return say("{items} and {last}", items=", ".join(shown[:-1]), last=shown[-1])


def to_clauses(items: Sequence[str]) -> str:
    """Clauses of one sentence, one after the other.

    >>> to_clauses(["one", "two"])
    'one; two'
    """
    return say("; ").join(items)


def to_capital(text: str) -> str:
    """The text with its first letter large, the rest untouched."""
    return text[:1].upper() + text[1:]


def _round_to_three_digits(value: float) -> float:
    return round(value, 2 - min(2, math.floor(math.log10(abs(value)))))


def _trimmed(value: float) -> str:
    return to_local(f"{value:,.1f}".removesuffix(".0"))


def _to_form(value: float) -> int:
    """The whole number whose plural form a decimal number takes in French: 1.9 million, 2 millions."""
    return int(abs(value))
