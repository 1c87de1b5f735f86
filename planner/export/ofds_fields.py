"""Cells of a table as fields of the Open Fibre Data Standard: those that fit, and all others beside them."""

from __future__ import annotations

import datetime
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Convert = Callable[[Any], Any]

STATUSES = ("proposed", "planned", "underConstruction", "inactive", "operational", "decommissioned")
FIBRES = ("G.651.1", "G.652", "G.653", "G.654", "G.655", "G.656", "G.657")
MEDIA = ("coaxial", "copper", "fibre", "microwave")
DEPLOYMENTS = ("aboveGround", "belowGround")


@dataclass
class Register:
    """Organisations or phases that records name: each has one id and one name, however often it is named."""

    names: dict[str, str | None] = field(default_factory=dict)

    def refer(self, identifier: str, name: str | None) -> dict[str, str]:
        """A reference; the name first given to an id is its name."""
        self.names.setdefault(identifier, name)
        return _to_named(identifier, self.names[identifier])

    def to_list(self) -> list[dict[str, str]]:
        """Everything that was referred to, by id."""
        return [_to_named(identifier, name) for identifier, name in sorted(self.names.items())]


def to_fields(cells: Mapping[str, Any], known: Mapping[str, Convert], taken: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of a row as fields.

    Parameters
    ----------
    cells
        Column to plain value; empty ones are left out.
    known
        Field of the standard to what makes its value of a cell, or None where the cell does not fit.
    taken
        The fields that the record has already.

    Returns
    -------
    dict
        A column that has the name of a field and does not fit it is called ``input_`` and its name.
    """
    fields: dict[str, Any] = {}
    for name, cell in cells.items():
        if cell is None or cell == "":
            continue
        value = known[name](cell) if name in known else cell
        free = name if value is not None and name not in taken else f"input_{name}"
        while free in fields or free in taken or (free != name and free in cells):
            free = f"input_{free}"
        fields[free] = cell if value is None else value
    return fields


def to_word(cell: Any) -> str | None:
    """Any text."""
    return cell if isinstance(cell, str) and cell else None


def to_flag(cell: Any) -> bool | None:
    """True or false."""
    return cell if isinstance(cell, bool) else {"true": True, "false": False}.get(str(cell).casefold())


def to_number(cell: Any) -> float | None:
    """A number, also written as text."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return cell
    return float(cell) if isinstance(cell, str) and re.fullmatch(r"-?\d{1,15}(\.\d{1,15})?", cell) else None


def to_whole_number(cell: Any) -> int | None:
    """A whole number: tables with empty cells keep it as one with a fraction."""
    number = to_number(cell)
    return int(number) if number is not None and float(number).is_integer() else None


def to_date(cell: Any) -> str | None:
    """A day, without the time that a table may have put behind it."""
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d)([T ]00:00:00.*)?", str(cell))
    try:
        return datetime.date.fromisoformat(match[1]).isoformat() if match else None
    except ValueError:
        return None


def to_object(cell: Any) -> dict[str, Any] | None:
    """A nested field: tables keep it as JSON."""
    value = _from_json(cell)
    return value if isinstance(value, dict) and value else None


def to_choice(words: tuple[str, ...]) -> Convert:
    """One of the words of a closed list."""
    return lambda cell: cell if cell in words else None


def to_list(words: tuple[str, ...] = (), pattern: str = ".+") -> Convert:
    """A list of different words: tables keep it as one text with ``; `` between, or as JSON."""

    def convert(cell: Any) -> list[str] | None:
        value = _from_json(cell)
        items = value if isinstance(value, list) else str(cell).split("; ")
        fits = all(isinstance(item, str) and re.fullmatch(pattern, item, flags=re.S) for item in items)
        return list(dict.fromkeys(items)) if items and fits and (not words or set(items) <= set(words)) else None

    return convert


def _from_json(cell: Any) -> Any:
    if not isinstance(cell, str) or not cell.lstrip().startswith(("{", "[")):
        return cell
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        return cell


def _to_named(identifier: str, name: str | None) -> dict[str, str]:
    return {"id": identifier, "name": name} if name else {"id": identifier}


NODE_FIELDS: dict[str, Convert] = {
    "name": to_word,
    "status": to_choice(STATUSES),
    "address": to_object,
    "type": to_list(),
    "supportingInfrastructure": to_object,
    "accessPoint": to_flag,
    "power": to_flag,
    "technologies": to_list(),
}
SPAN_FIELDS: dict[str, Convert] = {
    "name": to_word,
    "readyForServiceDate": to_date,
    "directed": to_flag,
    "transmissionMedium": to_list(MEDIA),
    "deployment": to_list(DEPLOYMENTS),
    "supportingInfrastructure": to_object,
    "codeployment": to_word,
    "cableType": to_word,
    "darkFibre": to_flag,
    "fibreType": to_choice(FIBRES),
    "fibreTypeDetails": to_object,
    "fibreCount": to_whole_number,
    "fibreLength": to_number,
    "technologies": to_list(),
    "capacity": to_number,
    "capacityDetails": to_object,
    "countries": to_list(pattern="[A-Z]{2}"),
}
