"""Reads the routes: ids, ends, status and what they are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.network.columns import check_ids, flag_column, number_column, text_column, to_objects, to_text
from planner.network.geometry import LINES, check_geometry
from planner.network.layer import Layer, other_columns
from planner.network.named_ends import UNUSABLE, read_named_ends
from planner.network.notes import Notes
from planner.network.route_table import RouteTable
from planner.network.sites import SiteTable
from planner.network.status import Status, to_status
from planner.network.straight import draw_straight, drop_lost_routes
from planner.study import Study, find_nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

ROUTE_COLUMNS = ("id", "a", "b", "status", "kind", "operator", "cuttable", "accuracy_m", "cost")

type BoolArray = NDArray[np.bool_]


def read_routes(layer: Layer, default: Status, study: Study, sites: SiteTable | None, notes: Notes) -> RouteTable:
    """Read the routes of a layer.

    Parameters
    ----------
    layer
        Lines, with the columns of `ROUTE_COLUMNS`; all but the id may be absent.
    default
        Status of rows that have none.
    study
        What planned routes count as.
    sites
        The sites that ends may name; None where they could not be read.
    notes
        Takes faults: ids that are missing or used twice, no line, unknown status, unknown ends, wrong numbers.

    Returns
    -------
    RouteTable
        The rows without a fault, in file order, lines as drawn.
    """
    layer = draw_straight(drop_lost_routes(layer, sites, notes), sites, notes)
    has_id = check_ids(layer, notes)
    is_usable = check_geometry(layer, LINES, notes)
    status, is_kept = _read_status(layer, default, study, notes)
    a, b = read_named_ends(layer, sites, notes)
    columns = pd.DataFrame(
        {
            "route_id": to_objects(layer.ids),
            "status": to_objects(status),
            "kind": to_objects(text_column(layer, "kind")),
            "operator": to_objects(text_column(layer, "operator")),
            "is_cuttable": flag_column(layer, "cuttable", notes, default=True),
            "accuracy_m": _read_accuracy_m(layer, default, study, notes),
            "own_cost": number_column(layer, "cost", notes, rows=status == "candidate"),
        }
    )
    others = other_columns(layer, ROUTE_COLUMNS, [*columns, "length_km", "geometry"])
    declared = [name for name in study.cuts.declared if name in others]
    others = others.assign(**{name: to_objects(to_text(others[name])) for name in declared})
    good = np.flatnonzero(has_id & is_usable & is_kept & (a != UNUSABLE) & (b != UNUSABLE))
    return RouteTable(
        file=layer.file,
        columns=pd.concat([columns, others], axis="columns").iloc[good].reset_index(drop=True),
        lines=layer.geometry[good],
        crs=layer.crs,
        a=a[good],
        b=b[good],
        wheres=np.array(layer.wheres(good), dtype=object),
    )


def check_shared_ids(first: Layer, second: Layer, notes: Notes) -> BoolArray:
    """Tell which rows of the second layer have an id of their own; a fault for those that the first has too."""
    row_of = {one: row for row, one in enumerate(first.ids) if one is not None}
    shared = [row for row, one in enumerate(second.ids) if one in row_of]
    notes.fault_rows(
        second.file,
        second.wheres(shared),
        [f"row {first.number(row_of[second.ids[row]])} of {first.file} has the same id" for row in shared],
        "give every route its own id",
    )
    is_own = np.ones(len(second), dtype=bool)
    is_own[shared] = False
    return is_own


def check_declared(layers: Sequence[Layer], study: Study, notes: Notes) -> None:
    """Note a fault for each column that ``cuts.declared`` names and that no file of routes has."""
    there = sorted({str(name) for layer in layers for name in layer.columns} - {*ROUTE_COLUMNS} | {"kind", "operator"})
    for name in study.cuts.declared:
        if name not in there and any(len(layer) for layer in layers):
            nearest = find_nearest(name, there)
            notes.fault(
                f"{study.path.name}, cuts.declared",
                f"no file of routes has a column {name!r}",
                f"did you mean {nearest!r}?" if nearest else f"those that can name risk groups: {', '.join(there)}",
            )


def _read_accuracy_m(layer: Layer, default: str, study: Study, notes: Notes) -> NDArray[np.float64]:
    """How far each route may lie from where it is drawn: its own column, else what the study says of its file."""
    of_file = study.candidates.accuracy_m if default == "candidate" else study.network.accuracy_m
    own = number_column(layer, "accuracy_m", notes, rows=np.ones(len(layer), dtype=bool))
    return np.where(np.isnan(own), of_file, own)


def _read_status(layer: Layer, default: Status, study: Study, notes: Notes) -> tuple[NDArray[Any], BoolArray]:
    text = text_column(layer, "status")
    meaning = {word: to_status(word, default) for word in sorted({word for word in text if word is not None})}
    status = np.array([default if word is None else meaning[word] for word in text], dtype=object)
    unknown = np.flatnonzero(pd.isna(status))
    notes.fault_rows(
        layer.file,
        layer.wheres(unknown),
        [f"status is {text[row]!r}" for row in unknown],
        "use existing, candidate or planned, or leave the row out (network.route_where, candidates.where)",
    )
    is_planned = status == "planned"
    if study.network.planned == "ignore":
        planned = np.flatnonzero(is_planned)
        notes.remark_rows(
            "dropped",
            layer.file,
            f"{len(planned)} planned routes were left out, as network.planned asks.",
            layer.wheres(planned),
            ["It is planned and was left out, as network.planned asks."] * len(planned),
        )
        return status, ~is_planned & ~pd.isna(status)
    status[is_planned] = study.network.planned
    return status, ~pd.isna(status)
