"""Reads what somebody decided of routes on a map: those accepted are required, those rejected forbidden."""

from __future__ import annotations

import glob
from typing import TYPE_CHECKING

from planner.network.columns import text_column
from planner.network.layer import check_column
from planner.network.read_layer import read_layer
from planner.network.roles import line_role

if TYPE_CHECKING:
    from planner.network.notes import Notes
    from planner.study import Study

COLUMN = "decision"
_SETTINGS = {"accept": "required", "reject": "forbidden"}


def read_decisions(study: Study, notes: Notes) -> Study:
    """Add the routes of ``candidates.decisions`` to those required and forbidden; an empty cell decides nothing.

    Parameters
    ----------
    study
        Its ``candidates.decisions`` names a layer with the columns ``id`` and ``decision``, or is None.
    notes
        Takes the faults: other words than accept and reject, and rows without an id.
    """
    name = study.candidates.decisions
    layer = None if name is None else read_layer(study, name, notes, role=line_role(), known=(COLUMN,))
    if layer is None or not check_column(layer, COLUMN, "candidates.decisions", notes):
        return study
    chosen: dict[str, list[str]] = {"required": [], "forbidden": []}
    for row, word in enumerate(text_column(layer, COLUMN)):
        if word is None:
            continue
        setting = _SETTINGS.get(word.strip().casefold())
        if setting is None:
            notes.fault(layer.where(row), f"decision is '{word}'", "write accept or reject, or leave it empty")
        elif layer.ids[row] is None:
            notes.fault(layer.where(row), "has a decision but no id", "give it the route's id")
        else:
            chosen[setting].append(glob.escape(layer.ids[row]))  # an id is no pattern
    own = study.candidates
    update = {key: tuple(dict.fromkeys((*getattr(own, key), *ids))) for key, ids in chosen.items()}
    return study.model_copy(update={"candidates": own.model_copy(update=update)})
