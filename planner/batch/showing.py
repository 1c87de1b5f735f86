"""A sweep's result for a notebook: its table in short, and a plot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.batch.variants import to_text
from planner.drawing import palette
from planner.drawing.card import to_card
from planner.drawing.plot import make_axes
from planner.errors import Fault, InputError
from planner.study import suggest

if TYPE_CHECKING:
    from planner.batch.result import SweepResult

_CUTS = "cuts.simultaneous"
_MAX_ROWS = 30
_COLUMNS = {
    "status": "status",
    "routes": "new routes",
    "cost": "cost",
    "length_km": "km",
    "gap": "gap",
    "num_regions_held": "regions held",
    "message": "what went wrong",
}
_FORMATS = {"gap": ".2%", "cost": ",.0f", "length_km": ",.1f"}


def to_sweep_card(result: SweepResult) -> str:
    """How many variants came to what, and a row for each."""
    frame = result.frame
    counts = frame["status"].value_counts()
    facts = [
        ("variants", f"{len(frame):,}: " + ", ".join(f"{counts[name]:,} {name}" for name in sorted(counts.index))),
        ("done before", f"{result.num_found:,}" if result.num_found else ""),
        ("files", f"in {result.folder.name}" if result.folder else ""),
        ("stopped", "before its end" if result.is_interrupted else ""),
    ]
    studies = ["study"] if frame["study"].nunique() > 1 else []
    names = [*studies, *result.settings, *(name for name in _COLUMNS if name in frame)]
    rows = [[_to_cell(row[name], name) for name in names] for row in frame[names].to_dict("records")]
    head = [_COLUMNS.get(name, name) for name in names]
    return to_card(result.name, facts, head=head, rows=rows, max_rows=_MAX_ROWS)


def plot_sweep(result: SweepResult, ax: Any, x: str | None, y: str) -> Any:
    """See `SweepResult.plot`."""
    frame = result.frame
    x = x or _find_axis(result)
    for name in (x, y):
        if name not in frame:
            raise InputError([Fault("plot", f"{name} is no column of the sweep", suggest(name, frame.columns))])
    ax = make_axes(ax)
    others = [name for name in ("study", *result.settings) if name != x and frame[name].nunique(dropna=False) > 1]
    colours = [palette.NEW, palette.CRITICAL["before"], palette.CRITICAL["after"], palette.STRETCH[2], palette.EXISTING]
    labels = [_to_label(row, others) for row in frame.to_dict("records")]
    for number, label in enumerate(dict.fromkeys(labels)):
        rows = frame[[one == label for one in labels]]
        has_plan = rows[y].notna()
        told = {"color": colours[number % len(colours)], "label": label.replace("$", r"\$") or None}
        size = max(4.0, 10.0 - 2.0 * number)  # lines that coincide are all seen
        ax.plot(_to_list(rows[has_plan], x), _to_list(rows[has_plan], y), marker="o", markersize=size, **told)
        feet = _to_list(rows[~has_plan], x)
        ax.plot(feet, [0.0] * len(feet), "x", color=told["color"])
    if pd.api.types.is_integer_dtype(frame[x]):
        ax.xaxis.get_major_locator().set_params(integer=True)
    ax.set_xlabel(x)
    ax.set_ylabel(_COLUMNS.get(y, y))
    if others:
        ax.legend(fontsize="small")
    return ax


def _find_axis(result: SweepResult) -> str:
    varied = [name for name in result.settings if result.frame[name].nunique(dropna=False) > 1]
    return _CUTS if _CUTS in varied else (varied or [*result.settings, "study"])[0]


def _to_label(row: dict[Any, Any], names: list[str]) -> str:
    return ", ".join(f"{name} = {_to_cell(row[name], name)}" for name in names)


def _to_list(rows: pd.DataFrame, name: str) -> list[Any]:
    """Numbers as numbers, all else as text."""
    if pd.api.types.is_numeric_dtype(rows[name]):
        return rows[name].astype(float).tolist()
    return [_to_cell(value, name) for value in rows[name]]


def _to_cell(value: Any, name: str) -> str:
    if value is None or value is pd.NA or (isinstance(value, float) and pd.isna(value)):
        return ""
    if name in _FORMATS:
        return format(value, _FORMATS[name])
    return f"{value:,.10g}" if isinstance(value, float) else to_text(value)
