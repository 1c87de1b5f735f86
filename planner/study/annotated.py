"""Writes study.toml with every key: those that are set, and all others commented out, with their defaults."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Mapping
from typing import Any

from planner.study.reference import Key, Table, find_tables
from planner.study.schema import SCHEMA_FILE

_WIDTH = 100
_HEAD = f"""#:schema ./{SCHEMA_FILE}
# Every table and key of a study. Lines that begin with # and a blank explain. Lines that begin with # and no blank are
# keys that are not set: what stands there is the default or, where the text says so, an example. Take the # away to
# set one; a key needs the line of its table set too. Paths are relative to this file.
"""


def to_toml(settings: Mapping[str, Any]) -> str:
    """Write settings as a study.toml that names every other key too.

    Parameters
    ----------
    settings
        Table to key to value, as TOML has them. They are written as they are, not checked.

    Returns
    -------
    str
        The file. The same settings come out when it is read.
    """
    parts = [_HEAD]
    for table in find_tables():
        if table.is_entry:
            parts += _to_entry(table)
        else:
            parts += _to_section(table, settings)
    return "\n".join(parts)


def to_value(value: Any) -> str:
    """A value as TOML writes it, on one line."""
    if isinstance(value, Mapping):
        inside = ", ".join(f"{_to_name(key)} = {to_value(one)}" for key, one in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(to_value(one) for one in value)}]"
    if isinstance(value, str | bool):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return repr(value)


def _to_section(table: Table, settings: Mapping[str, Any]) -> list[str]:
    given = settings.get(table.name)
    lines = ["", *_comment(table.description)]
    lines += [f"[{table.name}]" if given is not None or table.is_required else f"#[{table.name}]"]
    for key in table.keys:
        lines += ["", *_explain(key)]
        if given is not None and key.name in given:
            lines.append(f"{key.name} = {to_value(given[key.name])}")
        else:
            lines.append(f"#{key.name} = {to_value(key.example if key.default is None else key.default)}")
    return lines


def _to_entry(table: Table) -> list[str]:
    """The keys of one entry of a list, all commented out: the list itself is a key of the table before."""
    lines = ["", *_comment(f"{table.description} As often as wanted, instead of the list above:"), f"#[[{table.name}]]"]
    for key in table.keys:
        lines += ["", *_explain(key), f"#{key.name} = {to_value(key.example if key.default is None else key.default)}"]
    return lines


def _explain(key: Key) -> list[str]:
    kind = f"{key.kind} ({key.unit})" if key.unit else key.kind
    lines = _comment(key.description)
    if key.is_required:
        return [*lines, *_comment(f"{kind}; has to be set")]
    if key.default is None:
        return [*lines, *_comment(f"{kind}; not set unless given; an example:")]
    is_empty = isinstance(key.default, Mapping | tuple) and not key.default
    return [*lines, *_comment(kind), *([f"# for example {to_value(key.example)}"] if is_empty and key.example else [])]


def _comment(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent="# ", subsequent_indent="# ", break_long_words=False)


def _to_name(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else json.dumps(key, ensure_ascii=False)
