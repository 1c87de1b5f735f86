"""The risk groups of a network: every maximal set of spans that one cut severs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from planner.network.accuracy import find_accuracy_m
from planner.risk.declared import find_declared_groups
from planner.risk.discs import find_line_sets
from planner.risk.drawing import Drawing, draw_spans
from planner.risk.falling import Taken, find_falling_sites, find_places, find_single_sites, find_taken_sets
from planner.risk.found import to_groups, to_sets
from planner.risk.maximal import find_maximal
from planner.risk.model import RiskGroups
from planner.risk.planes import Planes
from planner.risk.ragged import FloatArray

if TYPE_CHECKING:
    from planner.network.model import Network
    from planner.study import SitesFail

type Group = tuple[int, ...]
type Place = tuple[float, float]

_MIN_ID_DIGITS = 10


def find_risk_groups(
    network: Network,
    *,
    radius_m: float,
    site_clearance_m: float,
    declared: Sequence[str] = (),
    sites_fail: SitesFail = False,
) -> RiskGroups:
    """Find every inclusion-maximal set of spans that one cut severs.

    Parameters
    ----------
    network
        The network. Its hardened spans are in no group.
    radius_m
        A cut severs every span within this distance of its point; 0 means that spans share where they meet or cross.
        The ``accuracy_m`` of a span is added to it: two spans that are shared, or of which the data cannot tell
        (`planner.risk.vague`), count as shared.
    site_clearance_m
        The parts of a span within this straight distance of its own end sites are left out; a span with nothing
        left shares no ground with others.
    declared
        Columns of the routes that name groups (`planner.risk.declared`).
    sites_fail
        ``"disc"``: a cut also takes every site within `radius_m` of its point, with all spans there, unless the site
        is protected; `site_clearance_m` does not count for sites. Then of the sets that take the same sites the
        maximal ones are kept, since a smaller one may leave a site standing that owes something. Sites are taken to
        lie exactly where they are drawn: ``accuracy_m`` is of spans. ``"single"``: a cut may instead take any one
        site.

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
    Groups of three spans or more are formed by the same reaches: as soon as one point is within reach of all of them
    they fall together, although the spans may not all lie where that needs them at the same time. That is on the safe
    side: inaccurate data make groups larger, never smaller.

    Where sites fall, spans may lie anywhere within their accuracy and sites may not. So a cut at a point takes the
    sites within `radius_m` of it, always the same ones, and of the spans at most those within `radius_m` and their
    accuracy. With the same sites down, a cut that severs more is never the lesser one: these largest sets stand for
    all that could happen.

    On the ground distances are true to 0.1 % for radii of 5 m and more (`planner.risk.drawing`).

    Examples
    --------
    >>> network = planner.read_network(planner.read_study("towns"))
    >>> groups = planner.find_risk_groups(network, radius_m=50, site_clearance_m=1000)
    >>> groups.spans[:2]
    ((0, 1, 11), (2,))
    """
    named = find_declared_groups(network, declared)
    falling = find_falling_sites(network) if sites_fail == "disc" else np.zeros(0, dtype=np.int64)
    reach_m = radius_m + find_accuracy_m(network)
    widest_m = float(reach_m.max(initial=radius_m))
    drawing = draw_spans(network, radius_m=widest_m, site_clearance_m=site_clearance_m, drawn_sites=falling)
    if len(falling):
        taken = find_taken_sets(network, drawing.planes, falling, reach_m, radius_m)
    else:
        taken = _find_spans(network, drawing.planes, reach_m)
    if sites_fail == "single":
        taken |= find_single_sites(network)
    cause_of = _choose_causes([spans for sites, spans in taken if not sites], named)
    return _to_risk_groups(network, drawing, cause_of, taken, has_sites=bool(sites_fail))


def _find_spans(network: Network, planes: Planes, reach_m: FloatArray) -> dict[Taken, Place]:
    sets = find_line_sets(planes, reach_m)
    places = find_places(network, planes, sets).tolist()
    return {((), group): (lon, lat) for group, (lon, lat) in zip(to_groups(sets), places, strict=True)}


def _to_risk_groups(
    network: Network,
    drawing: Drawing,
    cause_of: Mapping[Group, str],
    where: Mapping[Taken, Place],
    *,
    has_sites: bool,
) -> RiskGroups:
    """Put the groups that take no site and those that do in one order; a place that no search gave is a middle."""
    cuttable = np.flatnonzero(network.spans["is_cuttable"].to_numpy(dtype=bool)).tolist()
    groups: list[Taken] = [((), group) for group in _keep_maximal([*cause_of], cuttable)]
    groups = sorted([*groups, *(one for one in where if one[0])], key=lambda one: (one[1], one[0]))
    return RiskGroups(
        spans=tuple(spans for _, spans in groups),
        group_ids=_to_ids(groups, network),
        places=np.array([where[g] if g in where else drawing.middles[g[1][0]] for g in groups]).reshape(-1, 2),
        causes=tuple(_to_cause(sites, spans, cause_of) for sites, spans in groups),
        sites=tuple(sites for sites, _ in groups) if has_sites else (),
    )


def _choose_causes(on_map: Sequence[Group], named: Mapping[str, Group]) -> dict[Group, str]:
    """What says that each group falls together: the map, else the first name."""
    causes = dict.fromkeys(on_map, "trench")
    for name, group in named.items():
        causes.setdefault(group, f"declared {name}")
    return causes


def _to_cause(sites: Group, spans: Group, cause_of: Mapping[Group, str]) -> str:
    if sites:
        return "site" if len(sites) == 1 else "sites"
    return "single" if len(spans) == 1 else cause_of[spans]


def _keep_maximal(groups: list[Group], spans: Sequence[int]) -> list[Group]:
    """Leave out groups that others contain, and add the spans that are in none; sorted."""
    kept = [groups[i] for i in find_maximal(to_sets(groups)).tolist()]
    grouped = {span for group in kept for span in group}
    return sorted([*kept, *((span,) for span in spans if span not in grouped)])


def _to_ids(groups: Sequence[Taken], network: Network) -> tuple[str, ...]:
    """Name groups after what is in them, with as many digits of a hash as tell all of them apart."""
    span_ids, site_ids = network.spans["span_id"].tolist(), network.sites["site_id"].tolist()
    hashes = []
    for sites, spans in groups:
        named: list[Any] = sorted(span_ids[span] for span in spans)
        if sites:
            named = [named, sorted(site_ids[site] for site in sites)]
        hashes.append(hashlib.sha256(json.dumps(named).encode()).hexdigest())
    digits = _MIN_ID_DIGITS
    while len({one[:digits] for one in hashes}) < len(hashes):
        digits += 1
    return tuple(f"G{one[:digits]}" for one in hashes)
