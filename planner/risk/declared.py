"""Groups that a column of the routes names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from planner.errors import FaultList
from planner.network.columns import to_text
from planner.study import find_nearest

if TYPE_CHECKING:
    from planner.network.model import Network


def find_declared_groups(network: Network, columns: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """Find the spans of every group that the routes' columns name.

    Parameters
    ----------
    network
        The network.
    columns
        Columns of its routes. An empty cell names no group; ``;`` separates several.

    Returns
    -------
    dict
        ``"conduit_id=D7"`` to the sorted cuttable spans of all routes with D7 in that column; columns in the order
        given, names sorted.

    Raises
    ------
    InputError
        For columns that the routes do not have.
    """
    _check_columns(network, columns)
    spans = network.spans
    route, is_cuttable = spans["route"].to_numpy(), spans["is_cuttable"].to_numpy(dtype=bool)
    cuttable = np.flatnonzero(is_cuttable)
    by_route: dict[int, list[int]] = {}
    for span, of_route in zip(cuttable.tolist(), route[cuttable].tolist(), strict=True):
        by_route.setdefault(of_route, []).append(span)
    groups: dict[str, tuple[int, ...]] = {}
    for column in dict.fromkeys(columns):
        members: dict[str, set[int]] = {}
        for row, cell in enumerate(to_text(network.routes[column])):
            for name in _split(cell):
                members.setdefault(name, set()).update(by_route.get(row, ()))
        groups |= {f"{column}={name}": tuple(sorted(members[name])) for name in sorted(members) if members[name]}
    return groups


def _split(cell: str | None) -> list[str]:
    return [name for part in (cell or "").split(";") if (name := part.strip())]


def _check_columns(network: Network, columns: Sequence[str]) -> None:
    faults = FaultList()
    known = [str(name) for name in network.routes.columns]
    for column in columns:
        if column not in known:
            nearest = find_nearest(column, known)
            remedy = f"did you mean {nearest!r}?" if nearest else "name a column of the routes"
            faults.add("cuts.declared", f"the routes have no column {column!r}", remedy)
    faults.raise_if_any()
