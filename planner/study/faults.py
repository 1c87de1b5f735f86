"""What pydantic says of a study, in the words of the file."""

from __future__ import annotations

import json
from typing import Any

from planner.errors import Fault
from planner.study.goals import DetourPair
from planner.study.ground import CrossingPrice, ZonePrice
from planner.study.inputs import Corridor
from planner.study.model import SECTIONS
from planner.study.near import find_nearest, suggest
from planner.study.section import Section

# pydantic's error types in the words of this file
WORDINGS = {
    "string_type": "text in quotes",
    "string_too_short": "text that is not empty",
    "float_type": "a number",
    "int_type": "a whole number",
    "finite_number": "a finite number",
    "greater_than_equal": "{ge:g} or more",
    "greater_than": "more than {gt:g}",
    "less_than": "less than {lt:g}",
    "less_than_equal": "{le:g} or less",
    "literal_error": "{expected}",
    "tuple_type": "a list in [ ]",
    "dict_type": "a table of names and values",
    "model_type": "a section with keys",
    "model_attributes_type": "a section with keys",
}


# tables within tables
_ENTRIES: dict[object, type[Section]] = {
    "corridors": Corridor,
    "crossings": CrossingPrice,
    "pairs": DetourPair,
    "zones": ZonePrice,
}


def to_fault(file: str, error: dict[str, Any]) -> Fault:
    """One of pydantic's errors as a fault of the file."""
    location, kind = error["loc"], error["type"]
    keys = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    where = f"{file}, {keys[1:]}"
    if kind == "extra_forbidden":
        if len(location) > 2:
            return Fault(where, "unknown key", suggest(str(location[-1]), _ENTRIES[location[1]].model_fields))
        return Fault(where, "unknown key", _suggest_key(str(location[0]), str(location[-1])))
    if kind == "missing" and len(location) == 1:
        required = [name for name, info in SECTIONS[location[0]].model_fields.items() if info.is_required()]
        return Fault(f"{file}, [{location[0]}]", "the section is missing", f"add it with {' and '.join(required)}")
    if kind == "missing":
        return Fault(where, "the key is missing", "add it")
    value = json.dumps(error["input"], default=str, ensure_ascii=False)
    context = error.get("ctx", {})
    if kind == "value_error":
        return Fault(where, f"is {value}, but {context['error']}") if location else Fault(file, str(context["error"]))
    wording = WORDINGS.get(kind)
    return Fault(where, f"is {value} but must be {wording.format(**context)}" if wording else error["msg"])


def _suggest_key(section: str, key: str) -> str:
    options = SECTIONS[section].model_fields
    homes = [name for name, model in SECTIONS.items() if key in model.model_fields]
    if homes and not find_nearest(key, options):
        return f"it belongs in [{homes[0]}]"
    return suggest(key, options)
