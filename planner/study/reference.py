"""Every table and key of study.toml as the models define them: type, bounds, unit, default, description."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from planner.study.examples import EXAMPLES
from planner.study.model import SECTIONS, Study
from planner.study.schema import to_json_schema

type Node = dict[str, Any]

# ends of names, the longest first where one ends like another
_UNITS = {
    "_per_1000_km": "per 1,000 km and year",
    "per_km_year": "money per km and year",
    "opex_per_km": "money per km and year",
    "lease_per_km": "money per km and year",
    "per_km": "money per km",
    "per_route": "money per route",
    "per_junction": "money per junction",
    "_one_way_ms": "ms",
    "_gbps": "Gbit/s",
    "_hours": "hours",
    "_years": "years",
    "_km": "km",
    "_mb": "MB",
    "_m": "m",
    "_s": "s",
}


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a table.

    Parameters
    ----------
    name
        As written in the file.
    kind
        Its type and bounds in words.
    unit
        Its unit; empty where it has none, or where the description says it.
    default
        What holds where the key is left out; None for nothing.
    is_required
        Whether it has to be there wherever its table is.
    example
        A value that may stand there: an example, else the default.
    description
        What it does.
    """

    name: str
    kind: str
    unit: str
    default: Any
    is_required: bool
    example: Any
    description: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table, or one entry of a list of tables.

    Parameters
    ----------
    name
        Dotted name, such as ``costs`` or ``costs.zones``.
    is_entry
        Whether it is written ``[[costs.zones]]``, as often as one likes.
    is_required
        Whether a study has to have it.
    description
        What it is for.
    keys
        In the order of the model.
    """

    name: str
    is_entry: bool
    is_required: bool
    description: str
    keys: tuple[Key, ...]


def find_tables() -> tuple[Table, ...]:
    """Find every table of study.toml, tables within tables after the one that they are in."""
    schema = to_json_schema()
    tables = []
    for name, model in SECTIONS.items():
        tables.append(_to_table(name, model, schema, is_required=Study.model_fields[name].is_required()))
        for key, node in _find_node(schema, model)["properties"].items():
            entry = _find_entry(model, key, node, schema)
            if entry is not None:
                tables.append(_to_table(f"{name}.{key}", entry, schema, is_entry=True))
    return tuple(tables)


def _find_node(schema: Node, model: type[BaseModel]) -> Node:
    node: Node = schema["$defs"][model.__name__]
    return node


def _find_entry(model: type[BaseModel], key: str, node: Node, schema: Node) -> type[BaseModel] | None:
    """The model of the entries of a list of tables; None for other keys."""
    name = node.get("items", {}).get("$ref", "").rpartition("/")[2]
    if "properties" not in schema["$defs"].get(name, {}):
        return None
    of_field = getattr(model.model_fields[key].annotation, "__args__", ())
    found: type[BaseModel] = next(one for one in of_field if getattr(one, "__name__", "") == name)
    return found


def _to_table(
    name: str,
    model: type[BaseModel],
    schema: Node,
    *,
    is_required: bool = False,
    is_entry: bool = False,
) -> Table:
    node = _find_node(schema, model)
    required = node.get("required", [])
    keys = tuple(
        _to_key(name, key, model, schema, one, is_required=key in required) for key, one in node["properties"].items()
    )
    text = " ".join((model.__doc__ or "").split())
    description = text.partition(": ")[2] if text.startswith(("`[", "One of `")) and ": " in text else text
    return Table(name, is_entry, is_required, description[:1].upper() + description[1:], keys)


def _to_key(table: str, name: str, model: type[BaseModel], schema: Node, node: Node, *, is_required: bool) -> Key:
    field = model.model_fields[name]
    default = None if field.is_required() else field.get_default(call_default_factory=True)
    sample = EXAMPLES.get(f"{table}.{name}", default)
    return Key(
        name=name,
        kind=_to_kind(node, schema),
        unit=next((unit for end, unit in _UNITS.items() if name.endswith(end)), ""),
        default=default,
        is_required=is_required,
        example=_to_sample(node, schema) if sample is None else sample,
        description=field.description or "",
    )


def _resolve(node: Node, schema: Node) -> Node:
    if "$ref" in node:
        return _resolve(schema["$defs"][node["$ref"].rpartition("/")[2]], schema)
    choices = [one for one in node.get("anyOf", []) if one.get("type") != "null"]
    return _resolve(choices[0], schema) if len(choices) == 1 else node


def _to_kind(node: Node, schema: Node) -> str:
    """Type and bounds in words."""
    node = _resolve(node, schema)
    if "enum" in node:
        return " or ".join(str(one).lower() if isinstance(one, bool) else f'"{one}"' for one in node["enum"])
    if "anyOf" in node:
        return _join([_to_kind(one, schema) for one in node["anyOf"] if one.get("type") != "null"])
    kind = node.get("type")
    if isinstance(kind, list):
        return "text, number, true or false"
    if kind == "array":
        return f"list of: {_to_kind(node['items'], schema)}"
    if kind == "object":
        return (
            "table of its own" if "properties" in node else f"name = {_to_kind(node['additionalProperties'], schema)}"
        )
    words = {"string": "text", "number": "number", "integer": "whole number", "boolean": "true or false"}
    return words[str(kind)] + _to_bounds(node)


def _join(kinds: list[str]) -> str:
    if kinds[1:] == [f"list of: {kinds[0]}"]:
        return f"{kinds[0]}, or a list of these"
    return ", or ".join(dict.fromkeys(kinds))


def _to_bounds(node: Node) -> str:
    low, above = node.get("minimum"), node.get("exclusiveMinimum")
    high, below = node.get("maximum"), node.get("exclusiveMaximum")
    if low is not None and high is not None:
        return f" from {low:g} to {high}" if high < 10_000 else f" from {low:g} to {high:,}"
    words = [f"{low:g} or more"] if low is not None else []
    words += [f"more than {above:g}"] if above is not None else []
    words += [f"less than {below:g}"] if below is not None else []
    return ", " + ", ".join(words) if words else ""


def _to_sample(node: Node, schema: Node) -> Any:
    """The simplest value of a type."""
    node = _resolve(node, schema)
    if "enum" in node:
        return node["enum"][0]
    kind = _resolve(node["anyOf"][0], schema)["type"] if "anyOf" in node else node["type"]
    low = node.get("minimum", node.get("exclusiveMinimum", 0) + 1)
    return {"string": "…", "number": float(low), "integer": int(low), "boolean": False, "array": []}.get(kind, {})
