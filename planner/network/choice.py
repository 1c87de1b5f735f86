"""Says which candidates a study requires or forbids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

from planner.network.layer import Layer
from planner.network.notes import Notes, join_ids
from planner.network.route_table import RouteTable
from planner.study import Study, find_near

MAX_NEAREST = 3


def find_chosen(routes: RouteTable, patterns: Sequence[str]) -> tuple[int, ...]:
    """Rows of the candidates whose ids match one of the patterns, ascending."""
    pairs = zip(routes.ids.tolist(), routes.columns["status"].tolist(), strict=True)
    return tuple(row for row, (one, status) in enumerate(pairs) if status == "candidate" and _matches(one, patterns))


def check_choice(layers: Sequence[Layer], tables: Sequence[RouteTable], study: Study, notes: Notes) -> None:
    """Note a fault for each pattern that names no candidate, and for candidates both required and forbidden.

    Parameters
    ----------
    layers
        Every file of routes, rows with faults included, so that one fault does not bring up another.
    tables
        The routes that could be read.
    study
        Its ``candidates.required`` and ``candidates.forbidden``.
    notes
        Takes the faults.
    """
    ids = sorted({str(one) for layer in layers for one in layer.ids if one is not None})
    pairs = (zip(table.ids.tolist(), table.columns["status"].tolist(), strict=True) for table in tables)
    status = {one: status for table in pairs for one, status in table}
    settings = study.candidates
    for setting, patterns in (("required", settings.required), ("forbidden", settings.forbidden)):
        for pattern in dict.fromkeys(patterns):
            _check_pattern(_to_where(study, setting), pattern, ids, status, study, notes)
    both = [one for one in ids if _matches(one, settings.required) and _matches(one, settings.forbidden)]
    both = [one for one in both if status.get(one) == "candidate"]
    if both:
        what = f"{join_ids(both)} {'is' if len(both) == 1 else 'are'} both required and forbidden"
        notes.fault(f"{study.path.name}, candidates", what, "take each out of one of the two lists")


def check_left(routes: RouteTable, study: Study, notes: Notes) -> None:
    """Note a fault for each pattern of which every candidate was left out on the way; said where there is no other."""
    settings = study.candidates
    for setting, patterns in (("required", settings.required), ("forbidden", settings.forbidden)):
        for pattern in () if notes.faults.faults else dict.fromkeys(patterns):
            if not find_chosen(routes, [pattern]):
                notes.fault(
                    _to_where(study, setting),
                    f"every candidate that matches '{pattern}' was left out: it is planned and network.planned is"
                    ' "ignore", or it begins and ends at one site',
                    "take the pattern out, or mend the route",
                )


def _to_where(study: Study, setting: str) -> str:
    decisions = study.candidates.decisions
    return f"{study.path.name}, candidates.{setting}{f' with {decisions}' if decisions else ''}"


def _check_pattern(
    where: str, pattern: str, ids: Sequence[str], status: Mapping[str, str], study: Study, notes: Notes
) -> None:
    matched = [one for one in ids if _matches(one, [pattern])]
    if not matched:
        near = find_near(pattern, ids, MAX_NEAREST)
        remedy = f"the nearest ids are {join_ids(near)}" if near else f"the ids are {join_ids(ids)}"
        notes.fault(where, f"no route has an id that matches '{pattern}'", remedy)
        return
    # a row that is missing from the tables has a fault of its own, or was left out
    if {status[one] for one in matched if one in status} == {"existing"}:
        counts = "or counts as existing, as network.planned asks" if study.network.planned == "existing" else ""
        what = f"'{pattern}' names {join_ids(matched)}, which exists already {counts}".rstrip()
        notes.fault(where, what, "name candidates")


def _matches(one: str, patterns: Sequence[str]) -> bool:
    return any(one == pattern or fnmatchcase(one, pattern) for pattern in patterns)
