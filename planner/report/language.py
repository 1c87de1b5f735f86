"""In which language the report speaks: its sentences from a catalogue, its numbers and dates by the locale.

How to write a new section so that it can be translated: wrap every English sentence, heading and caption in `say`
(`say_many` or `to_count` where a count decides the form) with named placeholders instead of an f-string, and `mark`
those that stand in a table of constants and are said later. Then add the French to ``locale/fr/report.po``;
``tests/test_report_language.py`` names every string that is missing there, unused, or has other placeholders.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from babel.messages.catalog import Catalog
    from babel.support import Translations

LOCALES = {"en": "en_GB", "fr": "fr_FR"}
"""Language of study.toml to locale."""

_language: ContextVar[str] = ContextVar("language", default="en")
_OF_NAME = re.compile(r"\b([dD]e|[àÀ]|[qQ]ue) \{(\w+)\}")
_VOWELS = "aàâeéèêëiîïoôœuùûüyAÀÂEÉÈÊËIÎÏOÔŒUÙÛÜ"


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say everything within the block in this language, ``"en"`` or ``"fr"``; of this thread alone."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


def to_language() -> str:
    """The language spoken now."""
    return _language.get()


def mark(message: str) -> str:
    """Mark a message of a table of constants for the catalogue; `say` it where it is used."""
    return message


def say(message: str, /, **values: object) -> str:
    """A sentence in the language spoken now, its ``{placeholders}`` filled; whole numbers get their separators."""
    language = to_language()
    said = message if language == "en" else _read_catalogue(language).gettext(message)
    return _fill(said, values, language)


def say_many(singular: str, plural: str, count: int, /, **values: object) -> str:
    """The same where `count` decides the form; it fills ``{count}``."""
    language = to_language()
    if language == "en":
        said = singular if count == 1 else plural
    else:
        said = _read_catalogue(language).ngettext(singular, plural, count)
    return _fill(said, {"count": count, **values}, language)


def to_local(number: str) -> str:
    """A number written the English way, ``"1,234.5"``, with the separators of the language spoken now."""
    language = to_language()
    return number if language == "en" else number.translate(_to_separators(language))


def to_date(day: datetime.date) -> str:
    """``"27 April 2022"``."""
    from babel.dates import format_date

    return format_date(day, format="long", locale=LOCALES[to_language()])


def to_currency(code: str) -> str:
    """The sign of a currency where the language has one for it; English reports keep the code."""
    if to_language() == "en":
        return code
    from babel.numbers import get_currency_symbol

    return get_currency_symbol(code, locale=LOCALES[to_language()])


def _fill(said: str, values: dict[str, object], language: str) -> str:
    if not values:
        return said
    texts = {name: _to_text(value) for name, value in values.items()}
    if language == "fr":
        said = _OF_NAME.sub(lambda match: _join(match[1], match[2], texts), said)
    return said.format(**texts)


def _to_text(value: object) -> str:
    return to_local(f"{value:,}") if isinstance(value, int) else str(value)


def _join(word: str, name: str, texts: dict[str, str]) -> str:
    """French elides ``de`` and ``que`` before a vowel and merges ``de`` and ``à`` with an article: d'Albi, du Mans."""
    value, is_of = texts[name], word.lower() == "de"
    if word.lower() != "à" and value[:1] and value[0] in _VOWELS:
        return f"{word[:-1]}\N{RIGHT SINGLE QUOTATION MARK}{{{name}}}"
    for article, merged in (("Le ", "du" if is_of else "au"), ("Les ", "des" if is_of else "aux")):
        if value.startswith(article) and word.lower() in ("de", "à"):
            texts[name] = value.removeprefix(article)
            return f"{merged if word[0].islower() else merged.capitalize()} {{{name}}}"
    return f"{word} {{{name}}}"


@cache
def _to_separators(language: str) -> dict[int, str]:
    from babel.numbers import get_decimal_symbol, get_group_symbol

    locale = LOCALES[language]
    return str.maketrans({",": get_group_symbol(locale), ".": get_decimal_symbol(locale)})


@cache
def _read_catalogue(language: str) -> Translations:
    """The messages for gettext; nothing has to be compiled when the package is built."""
    from babel.messages.mofile import write_mo
    from babel.support import Translations

    compiled = BytesIO()
    write_mo(compiled, read_messages(language))
    compiled.seek(0)
    return Translations(compiled)


@cache
def read_messages(language: str) -> Catalog:
    """Read the catalogue of a language, ``locale/<language>/report.po``."""
    from babel.messages.pofile import read_po

    text = files("planner.report").joinpath("locale", language, "report.po").read_bytes()
    return read_po(BytesIO(text), locale=LOCALES[language])
