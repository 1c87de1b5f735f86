"""Settings given in place of those of study.toml: by the command line, by a sweep, in Python."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any

from planner.errors import Fault, FaultList
from planner.study.model import SECTIONS, Study
from planner.study.near import find_nearest

if TYPE_CHECKING:
    from planner.study.report import Language

SHORT_NAMES = {
    "name": "study.name",
    "crs": "study.crs",
    "distances": "study.distances",
    "cuts": "cuts.simultaneous",
    "radius_m": "cuts.radius_m",
    "site_clearance_m": "cuts.site_clearance_m",
    "sites_fail": "cuts.sites_fail",
    "declared": "cuts.declared",
    "required": "candidates.required",
    "forbidden": "candidates.forbidden",
    "weight": "regions.weight",
    "reach": "regions.reach",
    "survive_cuts": "regions.survive_cuts",
    "exclude": "regions.exclude",
    "per_km": "costs.per_km",
    "per_route": "costs.per_route",
    "currency": "costs.currency",
    "minimise": "objective.minimise",
    "budget": "objective.budget",
    "others": "objective.others",
    "max_km": "detours.max_km",
    "max_one_way_ms": "detours.max_one_way_ms",
    "time_limit_s": "solver.time_limit_s",
    "gap": "solver.gap",
    "threads": "solver.threads",
    "seed": "solver.seed",
    "when_infeasible": "solver.when_infeasible",
    "cross_check": "solver.cross_check",
    "language": "report.language",
    "incident": "report.incident",
}
"""What the usual settings are called in Python, without their section."""


def with_language(study: Study, language: Language | None) -> Study:
    """The study with its report in this language; as it is where None is given."""
    if language is None:
        return study
    return study.model_copy(update={"report": study.report.model_copy(update={"language": language})})


def with_settings(study: Study, settings: Mapping[str, Any]) -> Study:
    """The study with other settings, checked as if they stood in its file.

    Parameters
    ----------
    study
        Stays as it is.
    settings
        By short name, by dotted name (``"solver.gap"``), or by section with a mapping of its keys; None takes a
        setting back to its default.

    Raises
    ------
    InputError
        With every fault: unknown names, with the nearest known one, and values that the study's file could not have.
    """
    from planner.study.read import to_study  # it checks studies, and studies change themselves by this module

    changed = to_table(study)
    for name, value in to_dotted(settings, study.path.name).items():
        put(changed, name, value)
    return to_study(changed, study.path)


def to_table(study: Study) -> dict[str, Any]:
    """The settings that a study was given, as its file has them; defaults are left out."""
    table: dict[str, Any] = study.model_dump(exclude_unset=True, exclude={"path"})
    return table


def to_dotted(settings: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Settings by dotted name, in the order given, with plain values.

    Parameters
    ----------
    settings
        As `with_settings` takes them.
    where
        What faults name as their place.

    Raises
    ------
    InputError
        For every name that is none of a setting.
    """
    faults, found = FaultList(), dict[str, Any]()
    for name, value in settings.items():
        if name in SECTIONS and isinstance(value, Mapping):
            found |= {f"{name}.{key}": to_setting(inner) for key, inner in value.items()}
        elif name in SHORT_NAMES or _is_known(name):
            found[SHORT_NAMES.get(name, name)] = to_setting(value)
        else:
            faults.faults.append(_to_unknown(name, where))
    faults.raise_if_any()
    return found


def to_setting(value: Any) -> Any:
    """A value as TOML could have it: numbers of numpy, arrays and paths become plain."""
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, PathLike):
        return fspath(value)
    if isinstance(value, Mapping):
        return {key: to_setting(inner) for key, inner in value.items()}
    return [to_setting(inner) for inner in value] if isinstance(value, list | tuple) else value


def put(table: dict[str, Any], name: str, value: Any) -> None:
    """Set a dotted name within tables, in place; None takes it out. What does not fit the check of the study names."""
    *sections, last = name.split(".")
    for depth, section in enumerate(sections):
        inner = table.get(section)
        if not isinstance(inner, dict):
            if value is None or (inner is not None and depth == 0):
                return
            table[section] = {}
        table = table[section]
    if value is None:
        table.pop(last, None)
    else:
        table[last] = copy.deepcopy(value)


def flatten(table: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Tables within tables as dotted names: ``{"cuts": {"radius_m": 5}}`` is ``{"cuts.radius_m": 5}``."""
    flat: dict[str, Any] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            flat |= flatten(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = value
    return flat


def _is_known(name: str) -> bool:
    """Whether it is a dotted name that may stand in a study; what stands deeper the check of the study knows."""
    section, _, rest = name.partition(".")
    return section in SECTIONS and (not rest or rest.partition(".")[0] in SECTIONS[section].model_fields)


def _to_unknown(name: str, where: str) -> Fault:
    dotted = [f"{section}.{key}" for section, model in SECTIONS.items() for key in model.model_fields]
    homes = [one for one in dotted if one.partition(".")[2] == name]
    nearest = homes[0] if homes else find_nearest(name, dotted if "." in name else (*SHORT_NAMES, *dotted))
    if nearest is None:
        return Fault(f"{where}, {name}", "unknown key", f"the short ones are {', '.join(SHORT_NAMES)}")
    return Fault(f"{where}, {name}", "unknown key", f"did you mean {nearest}?")
