"""Finds the sites that a route's columns a and b name."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from planner.network.columns import text_column
from planner.network.layer import Layer
from planner.network.notes import MAX_SHOWN, Notes
from planner.network.route_table import NOT_NAMED
from planner.network.sites import SiteTable
from planner.study import find_nearest

# site index of an end that names a site which is not there, or is itself at fault
UNUSABLE = -2
# beyond this many ids a search for the nearest takes longer than it helps
MAX_IDS_TO_COMPARE = 5000

type IntArray = NDArray[np.int64]


def read_named_ends(layer: Layer, sites: SiteTable | None, notes: Notes) -> tuple[IntArray, IntArray]:
    """Site index of each end: `NOT_NAMED` where the cell is empty, `UNUSABLE` where it names no usable site."""
    if sites is None or sites.known_ids is None:
        return np.full(len(layer), NOT_NAMED), np.full(len(layer), NOT_NAMED)
    index_of = {one: row for row, one in enumerate(sites.ids)}
    num_of_name = Counter(sites.columns["name"])
    index_of_name = {
        name: row for row, name in enumerate(sites.columns["name"]) if num_of_name[name] == 1 and name not in index_of
    }
    ends, by_name, unknown = [], [], []
    for end in ("a", "b"):
        sites_of_end = np.full(len(layer), NOT_NAMED)
        for row, text in enumerate(text_column(layer, end)):
            if text is None:
                continue
            sites_of_end[row] = index_of.get(text, index_of_name.get(text, UNUSABLE))
            if text in index_of_name:
                by_name.append((row, end, text))
            elif text not in index_of and text not in sites.known_ids:
                unknown.append((row, end, text))
        ends.append(sites_of_end)
    _remark_names(layer, by_name, sites, index_of_name, notes)
    _fault_unknown(layer, unknown, sites, num_of_name, notes)
    return ends[0], ends[1]


def _remark_names(
    layer: Layer, ends: list[tuple[int, str, str]], sites: SiteTable, index_of_name: dict[str, int], notes: Notes
) -> None:
    num_ends = Counter(text for _, _, text in ends)
    notes.remark_rows(
        "other",
        layer.file,
        f"{len(ends)} ends give a site's name rather than its id; they were taken for the one site of that name.",
        [f"{layer.file}, columns a and b"] * len(num_ends),
        [
            f"The name '{text}' in {num} ends was taken for site '{sites.ids[index_of_name[text]]}'."
            for text, num in sorted(num_ends.items())
        ],
    )


def _fault_unknown(
    layer: Layer, ends: list[tuple[int, str, str]], sites: SiteTable, num_of_name: Counter[str], notes: Notes
) -> None:
    ends, whats = sorted(ends), []
    can_compare = len(sites) <= MAX_IDS_TO_COMPARE
    for position, (_, end, text) in enumerate(ends):
        what = f"{end} is '{text}', which is no site of {sites.file}"
        if num_of_name[text] > 1:
            what = f"{end} is '{text}', the name of {num_of_name[text]} sites of {sites.file}"
        elif can_compare and position < MAX_SHOWN and (nearest := find_nearest(text, sites.ids)):
            what += f" (did you mean '{nearest}'?)"
        whats.append(what)
    notes.fault_rows(
        layer.file, layer.wheres([row for row, _, _ in ends]), whats, "give a site id, or leave the cell empty"
    )
