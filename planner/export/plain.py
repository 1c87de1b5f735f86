"""Values of any column, as JSON, XML and SQLite know them."""

from __future__ import annotations

import json
import re
from typing import Any

from planner.result.frames.plain import REPLACEMENT, to_plain

__all__ = ["to_json", "to_plain", "to_sql_value", "to_xml_text"]

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_json(value: object, *, indent: int | None = None) -> str:
    """JSON with the letters as they are and the keys in the order given.

    Raises
    ------
    ValueError
        For a number that is not finite.
    """
    separators = (",", ":") if indent is None else (",", ": ")
    return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent, separators=separators)


def to_xml_text(value: object) -> str:
    """Text without the control characters that XML cannot hold; escaping is left to the XML library."""
    return _NOT_IN_XML.sub(REPLACEMENT, str(value))


def to_sql_value(value: object) -> Any:
    """What a cell of a table can hold: lists and mappings become JSON, a zero byte does not end the text."""
    plain = to_plain(value)
    if isinstance(plain, list | dict):
        plain = to_json(plain)
    return plain.replace("\0", REPLACEMENT) if isinstance(plain, str) else plain
