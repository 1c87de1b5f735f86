"""What changed from one run to another: inputs, settings, routes, cost, survival."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.batch.variants import to_text
from planner.export import read_run
from planner.study import flatten

if TYPE_CHECKING:
    from collections.abc import Mapping

_FIGURES = ("routes", "cost", "length_km")


@dataclass(frozen=True, slots=True)
class Change:
    """A value in the first run and in the second; None where it has none."""

    a: Any
    b: Any


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed between two runs, each by name; what is the same is left out.

    Parameters
    ----------
    inputs
        File to its sha256.
    settings
        Dotted name to value, as far as both runs name their settings.
    versions
        Library to version.
    routes_added, routes_removed, routes_kept
        Ids of routes that only the second plan builds, only the first, and both, sorted.
    figures
        Status, number of cuts, routes, cost and length.
    required_cuts, survives
        Region to the cuts asked, and to the cuts that it survives with the plan (without, where there is none).
    """

    inputs: Mapping[str, Change]
    settings: Mapping[str, Change]
    versions: Mapping[str, Change]
    routes_added: tuple[str, ...]
    routes_removed: tuple[str, ...]
    routes_kept: tuple[str, ...]
    figures: Mapping[str, Change]
    required_cuts: Mapping[str, Change]
    survives: Mapping[str, Change]


def find_difference(run_a: str | Path, run_b: str | Path) -> Difference:
    """Compare two run folders of ``planner solve``.

    Raises
    ------
    InputError
        Where either is no whole run folder.
    """
    a, b = (read_run(Path(folder)).document for folder in (run_a, run_b))
    has_settings = "settings" in a and "settings" in b
    built_a, built_b = (set(to_plan(document).get("selected", [])) for document in (a, b))
    return Difference(
        inputs=_compare(a["inputs"], b["inputs"]),
        settings=_compare(flatten(a["settings"]), flatten(b["settings"])) if has_settings else {},
        versions=_compare(a["versions"], b["versions"]),
        routes_added=tuple(sorted(built_b - built_a)),
        routes_removed=tuple(sorted(built_a - built_b)),
        routes_kept=tuple(sorted(built_a & built_b)),
        figures=_compare(_to_figures(a), _to_figures(b)),
        required_cuts=_compare(_to_regions(a, "required_cuts"), _to_regions(b, "required_cuts")),
        survives=_compare(_to_survival(a), _to_survival(b)),
    )


def to_plan(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The plan of a plan.json: its own, else the one that holds most; empty where there is none."""
    return document if document["objective"] else document["protect_most"] or {}


def to_difference_document(difference: Difference) -> dict[str, Any]:
    """The difference as plain data."""
    return asdict(difference)


def to_difference_lines(difference: Difference) -> list[str]:
    """The difference for a terminal, what matters most first."""
    lines = [_to_line(name.replace("_", " "), change) for name, change in difference.figures.items()]
    for word, ids in (("built now", difference.routes_added), ("no longer built", difference.routes_removed)):
        if ids:
            lines.append(f"{word}: {', '.join(ids)}")
    if difference.routes_kept and (difference.routes_added or difference.routes_removed):
        lines.append(f"built in both: {', '.join(difference.routes_kept)}")
    lines += [_to_line(f"region {name} survives cuts", change) for name, change in difference.survives.items()]
    lines += [_to_line(f"region {name} is asked cuts", change) for name, change in difference.required_cuts.items()]
    lines += [_to_line(name, change) for name, change in difference.settings.items()]
    lines += [f"input {name} {_to_file_word(change)}" for name, change in difference.inputs.items()]
    lines += [_to_line(f"version of {name}", change) for name, change in difference.versions.items()]
    return lines or ["nothing changed"]


def _compare(a: Mapping[str, Any], b: Mapping[str, Any]) -> dict[str, Change]:
    names = dict.fromkeys((*a, *b))
    return {name: Change(a.get(name), b.get(name)) for name in names if a.get(name) != b.get(name)}


def _to_figures(document: Mapping[str, Any]) -> dict[str, Any]:
    objective = to_plan(document).get("objective") or {}
    figures = {name: objective.get(name) for name in _FIGURES}
    return {"status": document["status"], "cuts": document["cuts"], **figures}


def _to_regions(document: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {region: values[key] for region, values in document["regions"].items()}


def _to_survival(document: Mapping[str, Any]) -> dict[str, Any]:
    after, before = _to_regions(document, "survives_after"), _to_regions(document, "survives_before")
    return {region: before[region] if survives is None else survives for region, survives in after.items()}


def _to_line(name: str, change: Change) -> str:
    return f"{name}: {_to_value(change.a)} -> {_to_value(change.b)}"


def _to_value(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, float):
        return f"{value:,.10g}"
    return to_text(value)


def _to_file_word(change: Change) -> str:
    return "is new" if change.a is None else "is gone" if change.b is None else "changed"
