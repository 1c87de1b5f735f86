"""The table of a sweep: one row per variant, from its run folder or its failure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.batch.task import is_finished
from planner.batch.variants import to_text
from planner.batch.whole_file import whole_file
from planner.export.plain import to_plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from planner.batch.task import Failure, Task
    from planner.batch.variants import Variant

CSV_FILE, PARQUET_FILE = "sweep.csv", "sweep.parquet"
EXIT_CODES = {"optimal": 0, "feasible": 0, "infeasible": 3, "no_plan": 4}
NAMED_TIMES = ("seconds", "peak_mb")
"""Columns that begin so may differ from run to run."""


def to_rows(tasks: Sequence[Task], failures: Mapping[str, Failure]) -> list[dict[str, Any]]:
    """A row per variant, in the order of the sweep: status ``failed`` or ``not run`` where there is no run folder."""
    rows = []
    for task in tasks:
        document, place = None, {}
        if is_finished(task):
            document = json.loads((task.folder / "plan.json").read_text(encoding="utf-8"))
            place = {"run": f"{task.runs.name}/{task.variant.folder_name}"}
        rows.append(to_row(task.variant, document, failures.get(task.variant.key), place))
    return rows


def to_row(
    variant: Variant, document: Mapping[str, Any] | None, failure: Failure | None, place: Mapping[str, Any]
) -> dict[str, Any]:
    """One variant: its settings, where its run is, and what its plan.json says; why not, where there is none."""
    head = {"key": variant.key, "study": variant.source, **{key: _to_cell(value) for key, value in variant.settings}}
    return head | _to_absence(failure) if document is None else head | dict(place) | _to_result(document)


def to_frame(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """The rows as a frame; a column for every name that any row has, settings and stages side by side."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    frame = pd.DataFrame([{name: row.get(name) for name in sorted(names, key=_to_rank)} for row in rows])
    typed = frame.convert_dtypes()  # whole numbers stay whole beside empty cells
    for name in typed.select_dtypes(object).columns:
        typed[name] = [None if pd.isna(value) else to_text(value) for value in frame[name]]
    return typed


def write_tables(frame: pd.DataFrame, folder: Path) -> tuple[str, ...]:
    """Write ``sweep.csv``, and ``sweep.parquet`` where pyarrow is installed, each whole or not at all.

    Returns
    -------
    tuple of str
        Names of the files written.
    """
    with whole_file(folder / CSV_FILE) as draft:
        frame.to_csv(draft, index=False, lineterminator="\n")
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        (folder / PARQUET_FILE).unlink(missing_ok=True)  # that of an earlier sweep says something else
        return (CSV_FILE,)
    with whole_file(folder / PARQUET_FILE) as draft:
        frame.to_parquet(draft, index=False)
    return CSV_FILE, PARQUET_FILE


def _to_absence(failure: Failure | None) -> dict[str, Any]:
    if failure is None:
        return {"status": "not run"}
    return {"status": "failed", "exit_code": failure.exit_code, "message": failure.message.replace("\n", " | ")}


def _to_result(document: Mapping[str, Any]) -> dict[str, Any]:
    plan = document if document["objective"] else document["protect_most"] or {}
    objective, bound = plan.get("objective") or {}, plan.get("bound") or {}
    seconds, peak_mb = document["seconds"], document["peak_mb"]
    return {
        "status": document["status"],
        "exit_code": EXIT_CODES[document["status"]],
        "cuts": document["cuts"],
        "routes": objective.get("routes"),
        "cost": objective.get("cost"),
        "length_km": objective.get("length_km"),
        **{f"bound_{key}": value for key, value in sorted(bound.items())},
        "gap": plan.get("gap"),
        "survives": (plan.get("verified") or {}).get("survives"),
        **_to_held(document, plan),
        "selected": " ".join(plan.get("selected", [])),
        "seconds": round(sum(seconds.values()), 3),
        "peak_mb": max(peak_mb.values(), default=None),
        **{f"seconds_{_to_name(stage)}": value for stage, value in seconds.items()},
        **{f"peak_mb_{_to_name(stage)}": value for stage, value in peak_mb.items()},
    }


def _to_held(document: Mapping[str, Any], plan: Mapping[str, Any]) -> dict[str, Any]:
    """Regions at their level with the plan, or as they are where there is none."""
    promised = plan.get("required_cuts") if plan is not document else None
    held = weight = total = 0.0
    for region_id, region in document["regions"].items():
        after, before = region["survives_after"], region["survives_before"]
        survives = promised.get(region_id, 0) if promised else before if after is None else after
        is_held = survives is not None and survives >= region["required_cuts"]
        held, weight = held + is_held, weight + is_held * region["weight"]
        total += region["weight"]
    return {
        "num_regions": len(document["regions"]),
        "num_regions_held": int(held),
        "weight_held_share": round(weight / total, 9) if total else None,
    }


def _to_name(stage: str) -> str:
    return stage.replace(" ", "_")


def _to_rank(name: str) -> tuple[int, str]:
    """Times stand last; everything else keeps its order, for sorting is stable."""
    return (int(name.startswith(NAMED_TIMES)), "")


def _to_cell(value: Any) -> Any:
    """A setting as a cell: lists and tables as JSON."""
    plain = to_plain(value)
    return json.dumps(plain, ensure_ascii=False) if isinstance(plain, list | dict) else plain
