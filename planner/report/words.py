"""Numbers, counts and cuts in plain English."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def to_number(value: float) -> str:
    """A number with commas, and with decimals only where it is small and has some.

    >>> to_number(65326589.8), to_number(12), to_number(3.25)
    ('65,326,590', '12', '3.25')
    """
    if abs(value) >= 1000 or float(value).is_integer():
        return f"{value:,.0f}"
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def to_magnitude(value: float) -> str:
    """A number to remember: millions and billions in words.

    >>> to_magnitude(65326589.8), to_magnitude(6050000), to_magnitude(7000000), to_magnitude(12500)
    ('65.3 million', '6.05 million', '7 million', '12,500')
    """
    for size, word in ((1e9, "billion"), (1e6, "million")):
        if abs(value) >= size:
            return f"{to_number(_round_to_three_digits(value / size))} {word}"
    return to_number(value)


def to_money(value: float, currency: str) -> str:
    """An amount to remember, currency first.

    >>> to_money(35200000, "EUR")
    'EUR 35.2 million'
    """
    return f"{currency} {to_magnitude(value if abs(value) >= 1e6 else round(value))}"


def to_km(length_km: float) -> str:
    """A length, whole kilometres from 100 up.

    >>> to_km(1088.7), to_km(12.34)
    ('1,089 km', '12.3 km')
    """
    return f"{length_km:,.0f} km" if length_km >= 100 else f"{_trimmed(length_km)} km"


def to_metres(length_m: float) -> str:
    """A short length: metres, and kilometres from 1,000 up when they are round.

    >>> to_metres(50.0), to_metres(15000.0)
    ('50 m', '15 km')
    """
    if length_m >= 1000 and length_m % 100 == 0:
        return f"{_trimmed(length_m / 1000)} km"
    return f"{to_number(length_m)} m"


def to_percent(share: float) -> str:
    """A fraction of one in per cent, never rounded to nothing or to all.

    >>> to_percent(0.306), to_percent(0.0004), to_percent(0.9999), to_percent(1.0)
    ('31%', '<0.1%', '>99.9%', '100%')
    """
    if not math.isfinite(share):
        return "unknown"
    if 0 < share < 0.001:
        return "<0.1%"
    if 0.999 < share < 1:
        return ">99.9%"
    percent = share * 100
    decimals = 0 if percent.is_integer() or 10 <= percent < 99.5 else 1
    return f"{percent:.{decimals}f}%"


def to_seconds(seconds: float) -> str:
    """A duration.

    >>> to_seconds(0.0312), to_seconds(12.34), to_seconds(600)
    ('0.03 s', '12.3 s', '600 s')
    """
    return f"{seconds:,.2f} s" if seconds < 10 else f"{_trimmed(seconds)} s"


def to_count(count: int, singular: str, plural: str = "") -> str:
    """A count with its noun.

    >>> to_count(1, "route"), to_count(5, "route"), to_count(0, "city", "cities")
    ('1 route', '5 routes', '0 cities')
    """
    return f"{count:,} {singular if count == 1 else plural or singular + 's'}"


def to_word(count: int) -> str:
    """A small number as a word.

    >>> to_word(2), to_word(12)
    ('two', '12')
    """
    return _WORDS[count] if 0 <= count < len(_WORDS) else f"{count:,}"


def to_cuts(cuts: int) -> str:
    """So many cuts.

    >>> to_cuts(1), to_cuts(3)
    ('one cut', 'three cuts')
    """
    return f"{to_word(cuts)} {'cut' if cuts == 1 else 'cuts'}"


def to_when(cuts: int) -> str:
    """When a region has to stay connected.

    >>> to_when(0), to_when(1), to_when(2)
    ('while nothing is cut', 'after any one cut', 'after any two cuts')
    """
    return f"after any {to_cuts(cuts)}" if cuts > 0 else "while nothing is cut"


def to_sentence_list(items: Sequence[str], limit: int = 6) -> str:
    """Items in a sentence, the last joined with "and"; beyond `limit` they are counted.

    >>> to_sentence_list(["A", "B", "C"]), to_sentence_list(["A", "B", "C"], limit=2)
    ('A, B and C', 'A, B and 1 more')
    """
    shown = list(items[:limit])
    if len(items) > limit:
        shown.append(f"{len(items) - limit:,} more")
    if len(shown) < 2:
        return "".join(shown)
    return f"{', '.join(shown[:-1])} and {shown[-1]}"


def to_capital(text: str) -> str:
    """The text with its first letter large, the rest untouched."""
    return text[:1].upper() + text[1:]


def _round_to_three_digits(value: float) -> float:
    return round(value, 2 - min(2, math.floor(math.log10(abs(value)))))


def _trimmed(value: float) -> str:
    return f"{value:,.1f}".removesuffix(".0")
