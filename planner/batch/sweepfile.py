"""Reads a sweep's file: which studies, and which settings to try."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from planner.errors import Fault, FaultList, InputError
from planner.study import Study, find_nearest, flatten, read_toml

type Settings = tuple[tuple[str, Any], ...]

KEYS = ("name", "studies", "grid", "variants")


@dataclass(frozen=True, slots=True)
class Sweep:
    """What a sweep's file says.

    Parameters
    ----------
    file
        The file that was read, absolute.
    name
        Title of the sweep.
    studies
        Studies as written, relative to the file's folder, or in memory.
    choices
        What each study is solved with, in order: dotted names of settings and their values.
    """

    file: Path
    name: str
    studies: tuple[str | Study, ...]
    choices: tuple[Settings, ...]


def read_sweep(path: str | Path) -> Sweep:
    """Read and check a sweep's file; the settings themselves are checked with the studies, by `find_variants`.

    Every combination of the grid is tried, then every one of ``[[variants]]``; the studies as they are where there
    is neither.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    file = Path(path)
    if not file.is_file():
        raise InputError([Fault(str(file), "there is no such file", "give the .toml file of a sweep")])
    file = file.resolve()
    table = read_toml(file)
    faults = FaultList()
    _check_keys(table, file.name, faults)
    studies = _to_studies(table.get("studies"), file.name, faults)
    axes = _to_axes(table.get("grid", {}), file.name, faults)
    explicit = _to_explicit(table.get("variants", []), file.name, faults)
    name = table.get("name", file.stem)
    if not isinstance(name, str) or not name:
        faults.add(f"{file.name}, name", "is no text", "give it in quotes")
    faults.raise_if_any()
    grid = [tuple(zip(axes, values, strict=True)) for values in product(*axes.values())] if axes else []
    return Sweep(file, name, studies, (*grid, *explicit) or ((),))


def _check_keys(table: dict[str, Any], name: str, faults: FaultList) -> None:
    for key in sorted(set(table) - set(KEYS)):
        nearest = find_nearest(key, KEYS)
        remedy = f"did you mean {nearest}?" if nearest else f"the known ones are {', '.join(KEYS)}"
        faults.add(f"{name}, {key}", "unknown key", f"{remedy} Settings of a study belong in [grid]")


def _to_studies(value: Any, name: str, faults: FaultList) -> tuple[str, ...]:
    if isinstance(value, list) and value and all(isinstance(one, str) and one for one in value):
        return tuple(dict.fromkeys(value))
    faults.add(f"{name}, studies", "is no list of studies", 'name one or more, as in studies = ["../france"]')
    return ()


def _to_axes(value: Any, name: str, faults: FaultList) -> dict[str, list[Any]]:
    """Setting to its values, in the order written."""
    if not isinstance(value, dict):
        faults.add(f"{name}, grid", "is no table", 'write it as [grid] and below "cuts.simultaneous" = [1, 2]')
        return {}
    axes = flatten(value)
    for key, values in axes.items():
        where = f"{name}, grid.{key}"
        if not isinstance(values, list) or not values:
            faults.add(where, "is no list of values", f'write "{key}" = [first, second]')
        elif any(one in values[:i] for i, one in enumerate(values)):
            faults.add(where, "holds a value twice", "take one of them out")
        _check_dotted(key, where, faults)
    return axes


def _to_explicit(value: Any, name: str, faults: FaultList) -> list[Settings]:
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        faults.add(f"{name}, variants", "is no list of tables", "write each as [[variants]]")
        return []
    found = [tuple(flatten(one).items()) for one in value]
    for number, settings in enumerate(found, start=1):
        for key, _ in settings:
            _check_dotted(key, f"{name}, variants[{number}].{key}", faults)
    return found


def _check_dotted(key: str, where: str, faults: FaultList) -> None:
    if "." not in key:
        faults.add(where, "names no section", "write section and key of study.toml, as in cuts.radius_m")
