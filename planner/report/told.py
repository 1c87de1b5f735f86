"""Sentences that other stages wrote into a result, in the language of the report.

They are English there, since plan.json and the terminal are. The catalogue holds them as patterns under the context
``stage``, so that no stage has to know of languages; what no pattern fits stays as it is. The field ``{count}`` takes
whole numbers only, every other field any text.
"""

from __future__ import annotations

import re
from functools import cache

from planner.report.language import read_messages, to_language, to_local

CONTEXT = "stage"

_FIELD = re.compile(r"\\\{(\w+)\\\}")
_NUMBER = re.compile(r"-?\d[\d,]*(\.\d+)?")


def to_told(text: str) -> str:
    """The same sentence in the language spoken now; itself in English."""
    language = to_language()
    if language == "en" or not text:
        return text
    for pattern, said in _to_patterns(language):
        match = pattern.fullmatch(text)
        if match:
            return said.format(**{name: _to_value(value) for name, value in match.groupdict().items()})
    return text


def _to_value(text: str) -> str:
    """A number with its separators, a nested sentence told in turn, anything else as it is."""
    return to_local(text) if _NUMBER.fullmatch(text) else to_told(text)


@cache
def _to_patterns(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Regular expression and translation, the most literal patterns first."""
    found = [(m.id, m.string) for m in read_messages(language) if m.context == CONTEXT and isinstance(m.id, str)]
    found.sort(key=lambda pair: (-len(re.sub(r"\{\w+\}", "", pair[0])), pair[0]))
    return tuple((_to_pattern(message), str(said)) for message, said in found)


def _to_pattern(message: str) -> re.Pattern[str]:
    seen: set[str] = set()

    def to_group(match: re.Match[str]) -> str:
        name = match[1]
        if name in seen:
            return f"(?P={name})"
        seen.add(name)
        return rf"(?P<{name}>\d[\d,]*)" if name == "count" else f"(?P<{name}>.+?)"

    return re.compile(_FIELD.sub(to_group, re.escape(message)), re.DOTALL)
