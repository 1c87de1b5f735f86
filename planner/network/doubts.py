"""Looks for what may be wrong with a network that can be read."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from planner.network.columns import to_text
from planner.network.notes import Notes, join_ids
from planner.network.route_table import RouteTable
from planner.network.sites import SiteTable
from planner.network.spans import Spans
from planner.study import Study

if TYPE_CHECKING:
    from collections.abc import Iterator

# two lines nowhere farther apart are drawn alike
SAME_LINE_M = 1.0
MAX_COMPARED = 300


def remark_duplicates(routes: RouteTable, lines: NDArray[Any], notes: Notes) -> None:
    """Remark routes that have the same ends as another and are drawn like it, in either direction.

    Parameters
    ----------
    routes
        The routes.
    lines
        (n,) their lines from site to site.
    notes
        Takes one warning per route that is drawn like one whose id comes before.
    """
    first_like = find_duplicates(routes.a, routes.b, lines)
    notes.remark_rows(
        "duplicate",
        routes.file,
        f"{len(first_like)} routes have the same ends as another and are drawn like it.",
        [str(routes.wheres[second]) for second in first_like],
        [
            f"It is drawn like route '{routes.ids[first]}'{_say_direction(lines, first, second)}: if both are one "
            "cable, leave one out."
            for second, first in first_like.items()
        ],
        is_warning=True,
    )


def _say_direction(lines: NDArray[Any], first: int, second: int) -> str:
    """Whether two routes alike are one listed in both directions, as far as their lines say."""
    starts = shapely.get_coordinates(shapely.get_point(lines[[first, second]], 0))
    ends = shapely.get_coordinates(shapely.get_point(lines[[first, second]], -1))
    is_turned = np.hypot(*(starts[0] - ends[1])) + np.hypot(*(ends[0] - starts[1])) < np.hypot(
        *(starts[0] - starts[1])
    ) + np.hypot(*(ends[0] - ends[1]))
    return " in the other direction" if is_turned else ""


def find_duplicates(a: NDArray[Any], b: NDArray[Any], lines: NDArray[Any]) -> dict[int, int]:
    """Find lines that are nowhere more than a metre from another between the same sites.

    Lines are compared by their Hausdorff distance, which knows no direction. Of very many nearly alike each is compared
    with `MAX_COMPARED` others: a file may repeat one line without end.

    Returns
    -------
    dict
        Line to the first line that it is like, where that comes before it; sorted.
    """
    first_like = np.arange(len(lines))
    same_as = _find_equal(a, b, lines)
    rows = np.flatnonzero(same_as == first_like)
    for first, second in _iterate_alike(a[rows], b[rows], lines[rows]):
        np.minimum.at(first_like, rows[np.maximum(first, second)], rows[np.minimum(first, second)])
    first_like = first_like[same_as]
    return {second: int(first_like[second]) for second in np.flatnonzero(first_like < np.arange(len(lines))).tolist()}


def _find_equal(a: NDArray[Any], b: NDArray[Any], lines: NDArray[Any]) -> NDArray[np.int64]:
    """(n,) the first line with the same ends and the very same points, in either direction."""
    ends = np.column_stack([np.minimum(a, b), np.maximum(a, b), shapely.bounds(lines).reshape(-1, 4)])
    _, first, group, num = np.unique(ends, axis=0, return_index=True, return_inverse=True, return_counts=True)
    same_as, group = np.arange(len(lines)), group.reshape(-1)
    seen: dict[tuple[int, bytes], int] = {}
    for row in np.flatnonzero(num[group] > 1).tolist():
        points = _hash(shapely.to_wkb(shapely.normalize(lines[row])))
        same_as[row] = seen.setdefault((int(first[group[row]]), points), row)
    return same_as


def _hash(data: bytes) -> bytes:
    """Few bytes that stand for many."""
    return blake2b(data, digest_size=16).digest()


def _iterate_alike(
    a: NDArray[Any], b: NDArray[Any], lines: NDArray[Any]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Pairs of lines alike, some at a time."""
    low, high = np.minimum(a, b), np.maximum(a, b)
    bounds = shapely.bounds(lines).reshape(-1, 4)
    order = np.lexsort((bounds[:, 0], high, low))
    # neighbours in this order at growing distance, until nobody has the same ends and western edge
    is_open, step = np.ones(len(order), dtype=bool), 0
    while is_open.any() and step < MAX_COMPARED:
        step += 1
        is_open = is_open[:-1]
        first, second = order[:-step], order[step:]
        is_open &= (low[first] == low[second]) & (high[first] == high[second])
        is_open &= bounds[second, 0] - bounds[first, 0] <= SAME_LINE_M
        first, second = first[is_open], second[is_open]
        is_near = (np.abs(bounds[first] - bounds[second]) <= SAME_LINE_M).all(axis=1)
        first, second = first[is_near], second[is_near]
        is_same = shapely.hausdorff_distance(lines[first], lines[second]) <= SAME_LINE_M
        yield first[is_same], second[is_same]


def remark_other_ends(routes: RouteTable, sites: SiteTable, notes: Notes) -> None:
    """Remark routes that a file in the Open Fibre Data Standard says to end elsewhere than their lines do."""
    if not {"start_id", "end_id"} <= set(routes.columns):
        return
    said = [to_text(routes.columns[column]) for column in ("start_id", "end_id")]
    drawn = [sites.ids[routes.a], sites.ids[routes.b]]
    rows = [
        row
        for row in range(len(routes))
        if said[0][row] is not None
        and said[1][row] is not None
        and {said[0][row], said[1][row]} != {drawn[0][row], drawn[1][row]}
    ]
    notes.remark_rows(
        "other",
        routes.file,
        f"{len(rows)} routes end elsewhere by their columns start and end than by their lines, which count.",
        [str(routes.wheres[row]) for row in rows],
        [
            f"It ends at '{drawn[0][row]}' and '{drawn[1][row]}' by its line, which counts, and at '{said[0][row]}' "
            f"and '{said[1][row]}' by its columns."
            for row in rows
        ],
        is_warning=True,
    )


def remark_unused(sites: SiteTable, spans: Spans, notes: Notes) -> None:
    """Remark sites that no span reaches, as a doubt where they count."""
    is_used = np.zeros(len(sites), dtype=bool)
    is_used[spans.a] = is_used[spans.b] = True
    terminal = sites.columns["terminal"].to_numpy(dtype=bool)
    for counts in (True, False):
        unused = np.flatnonzero(~is_used & (terminal == counts))
        notes.remark_rows(
            "unused_site",
            sites.file,
            f"{len(unused)} sites have no route, existing or candidate: {join_ids(list(sites.ids[unused]))}.",
            list(sites.wheres[unused]),
            ["It has no route, existing or candidate."] * len(unused),
            is_warning=counts,
        )


def remark_components(routes: RouteTable, spans: Spans, num_sites: int, notes: Notes) -> None:
    """Remark into how many parts the existing network falls, as a doubt where it is more than one."""
    is_existing = (routes.columns["status"] == "existing").to_numpy()[spans.route]
    a, b = spans.a[is_existing], spans.b[is_existing]
    joined = np.unique(np.concatenate([a, b]))
    if not len(joined):
        notes.remark("components", routes.file, "There is no existing route.", is_warning=True)
        return
    graph = coo_array((np.ones(len(a)), (a, b)), shape=(num_sites, num_sites))
    labels = connected_components(graph, directed=False)[1][joined]
    sizes = np.bincount(np.unique(labels, return_inverse=True)[1])
    what = f"The existing network of {len(joined)} sites is one connected part."
    if len(sizes) > 1:
        what = (
            f"The existing network of {len(joined)} sites falls into {len(sizes)} parts; "
            f"the largest joins {sizes.max()} of them."
        )
    notes.remark("components", routes.file, what, is_warning=len(sizes) > 1)


def remark_settings(study: Study, notes: Notes) -> None:
    """Remark settings that are allowed and yet seldom meant."""
    cuts = study.cuts
    if cuts.site_clearance_m < cuts.radius_m:
        notes.remark(
            "other",
            f"{study.path.name}, cuts.site_clearance_m",
            f"It is below cuts.radius_m ({cuts.site_clearance_m:g} < {cuts.radius_m:g}), so one cut beside a site "
            "severs every span that ends there.",
            is_warning=True,
        )
    unused = sorted({"id", "name"} & study.regions.model_fields_set)
    if study.regions.polygons is None and unused:
        notes.remark(
            "other",
            f"{study.path.name}, regions.{unused[0]}",
            "It names a column of regions.polygons, and there are none: it changes nothing.",
            is_warning=True,
        )
