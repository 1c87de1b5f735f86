"""Draws routes that only name the sites at their ends, and leaves out those of sites that were left out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely

from planner.network.columns import text_column
from planner.network.layer import Layer
from planner.network.named_ends import UNUSABLE, read_named_ends
from planner.network.notes import Notes
from planner.network.ruler import transform
from planner.network.sites import SiteTable


def drop_lost_routes(layer: Layer, sites: SiteTable | None, notes: Notes) -> Layer:
    """Leave out routes that name a site which the study leaves out; a remark for each."""
    if sites is None or not sites.left_out:
        return layer
    ends = [text_column(layer, end) for end in ("a", "b")]
    is_lost = np.array([bool({a, b} & sites.left_out) for a, b in zip(*ends, strict=True)], dtype=bool)
    rows = np.flatnonzero(is_lost)
    notes.remark_rows(
        "dropped",
        layer.file,
        f"{len(rows)} routes were left out, since they end at sites that were left out.",
        layer.wheres(rows),
        ["It ends at a site that was left out, and so was it."] * len(rows),
        is_warning=True,
    )
    return layer.take(~is_lost)


def draw_straight(layer: Layer, sites: SiteTable | None, notes: Notes) -> Layer:
    """Draw straight lines for routes without one, between the sites that they name.

    Parameters
    ----------
    layer
        Routes, as read; only a schematic layer is changed.
    sites
        The sites; None where they could not be read.
    notes
        Takes one warning with the number of lines drawn.

    Returns
    -------
    Layer
        Without the rows whose sites are at fault themselves: what is wrong with them is said there.
    """
    if not layer.is_schematic or sites is None or sites.crs is None:
        return layer
    a, b = read_named_ends(layer, sites, Notes())
    is_missing = shapely.is_missing(layer.geometry) | shapely.is_empty(layer.geometry)
    rows = np.flatnonzero(is_missing & (a >= 0) & (b >= 0))
    crs = layer.crs or sites.crs
    xy = shapely.get_coordinates(transform(sites.points, sites.crs, crs)) if len(sites) else np.zeros((0, 2))
    geometry = layer.geometry.copy()
    geometry[rows] = shapely.linestrings(np.stack([xy[a[rows]], xy[b[rows]]], axis=1))
    if len(rows):
        what = f"{len(rows)} of {len(layer)} routes have no line and were drawn straight from site to site."
        notes.remark("drawn_straight", layer.file, what, is_warning=True)
    known = sites.known_ids or frozenset()
    texts = [text_column(layer, end) for end in ("a", "b")]
    is_faulty = np.zeros(len(layer), dtype=bool)
    for end, text in zip((a, b), texts, strict=True):
        is_faulty |= (end == UNUSABLE) & np.array([one in known for one in text], dtype=bool)
    return replace(layer, geometry=geometry, crs=crs).take(~(is_missing & is_faulty))
