"""The risk groups of a network: every maximal set of spans that one cut severs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from planner.network.ruler import Ruler
from planner.risk.declared import find_declared_groups
from planner.risk.discs import find_line_sets
from planner.risk.drawing import draw_spans
from planner.risk.found import to_groups, to_sets
from planner.risk.maximal import find_maximal
from planner.risk.model import RiskGroups

if TYPE_CHECKING:
    from planner.network.model import Network

type Group = tuple[int, ...]

_MIN_ID_DIGITS = 10


def find_risk_groups(
    network: Network, *, radius_m: float, site_clearance_m: float, declared: Sequence[str] = ()
) -> RiskGroups:
    """Find every inclusion-maximal set of spans that one cut severs.

    Parameters
    ----------
    network
        The network. Its hardened spans are in no group.
    radius_m
        A cut severs every span within this distance of its point; 0 means that spans share where they meet or cross.
    site_clearance_m
        The parts of a span within this straight distance of its own end sites are left out; a span with nothing
        left shares no ground with others.
    declared
        Columns of the routes that name groups (`planner.risk.declared`).

    Returns
    -------
    RiskGroups
        Groups from the map and declared ones, those left out that another one contains. Where a declared group is
        the same as one from the map, the map's stands.

    Raises
    ------
    InputError
        For declared columns that the routes do not have.

    Notes
    -----
    On the ground distances are true to 0.1 % for radii of 5 m and more (`planner.risk.drawing`).
    """
    named = find_declared_groups(network, declared)
    drawing = draw_spans(network, radius_m=radius_m, site_clearance_m=site_clearance_m)
    sets = find_line_sets(drawing.planes, np.full(len(network.spans), float(radius_m)))
    places = drawing.planes.to_places(sets.frame, np.column_stack([sets.x, sets.y]))
    if not drawing.planes.is_ground:
        places = Ruler(network.crs, network.is_planar).to_lonlat(places)
    place_of = dict(zip(to_groups(sets), places.tolist(), strict=True))
    cause_of = _choose_causes(place_of, named)
    cuttable = np.flatnonzero(network.spans["is_cuttable"].to_numpy(dtype=bool)).tolist()
    groups = _keep_maximal([*cause_of], cuttable)
    return RiskGroups(
        spans=tuple(groups),
        group_ids=_to_ids(groups, network.spans["span_id"].tolist()),
        places=np.array([place_of.get(group, drawing.middles[group[0]]) for group in groups]).reshape(-1, 2),
        causes=tuple("single" if len(group) == 1 else cause_of[group] for group in groups),
    )


def _choose_causes(on_map: Mapping[Group, object], named: Mapping[str, Group]) -> dict[Group, str]:
    """What says that each group falls together: the map, else the first name."""
    causes = dict.fromkeys(on_map, "trench")
    for name, group in named.items():
        causes.setdefault(group, f"declared {name}")
    return causes


def _keep_maximal(groups: list[Group], spans: Sequence[int]) -> list[Group]:
    """Leave out groups that others contain, and add the spans that are in none; sorted."""
    kept = [groups[i] for i in find_maximal(to_sets(groups)).tolist()]
    grouped = {span for group in kept for span in group}
    return sorted([*kept, *((span,) for span in spans if span not in grouped)])


def _to_ids(groups: Sequence[Group], span_ids: Sequence[str]) -> tuple[str, ...]:
    """Name groups after the spans in them, with as many digits of a hash as tell all of them apart."""
    hashes = [
        hashlib.sha256(json.dumps(sorted(span_ids[span] for span in group)).encode()).hexdigest() for group in groups
    ]
    digits = _MIN_ID_DIGITS
    while len({one[:digits] for one in hashes}) < len(hashes):
        digits += 1
    return tuple(f"G{one[:digits]}" for one in hashes)
