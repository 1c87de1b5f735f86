"""Turns the corridors of a study into candidate routes, as a layer."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.candidates.free import lay_free
from planner.candidates.lay import Laid, RouteLayer
from planner.candidates.mend import Way
from planner.candidates.model import CorridorNetwork
from planner.candidates.needed import lay_across
from planner.candidates.paths import PathFinder
from planner.candidates.spurs import to_way
from planner.network.columns import to_objects
from planner.network.model import Network
from planner.study import Study

if TYPE_CHECKING:
    from planner.problem import Problem

_ID_DIGITS = 8


def propose_routes(
    corridors: CorridorNetwork, network: Network, study: Study, problem: Problem | None = None
) -> gpd.GeoDataFrame:
    """Lay candidate routes along corridors.

    Parameters
    ----------
    corridors
        The corridors, priced.
    network
        The study's network as it is.
    study
        How routes are laid, and what a cut is.
    problem
        The same network as a problem: then routes are also laid across the cut sets that separate it.

    Returns
    -------
    GeoDataFrame
        Sorted by id, in the network's CRS: ``id`` str (the same from run to run), ``a`` and ``b`` str (site ids),
        ``status`` ``"candidate"``, ``kind`` str (what most of it follows), ``cost`` float, ``reason`` str,
        ``geometry`` LineString from a to b.
    """
    finder = PathFinder(corridors)
    layer = RouteLayer(finder, network, study)
    laid = layer.lay()
    if problem is not None:
        laid += lay_across(layer, network, problem)
    site_ids = network.sites["site_id"].tolist()
    ways = layer.mender.mend([finder.to_way(one.path) for one in laid])
    rows = [_to_row(finder, one, way, site_ids) for one, way in zip(laid, ways, strict=True)]
    lines = [to_way(way.lines, study.candidates.simplify_m) for way in ways]
    if study.candidates.free:
        free, free_lines = lay_free({(one.a, one.b) for one in laid}, layer, network, study)
        rows, lines = rows + free, lines + free_lines
    columns = ["id", "a", "b", "status", "kind", "cost", "reason"]
    frame = pd.DataFrame(rows, columns=columns).assign(status="candidate")
    found = gpd.GeoDataFrame(frame, geometry=to_objects(lines).to_numpy(), crs=network.crs)
    return found.drop_duplicates("id").sort_values("id", kind="stable").reset_index(drop=True)


def _to_row(finder: PathFinder, laid: Laid, way: Way, site_ids: list[str]) -> dict[str, object]:
    rows = list(laid.path.sections)
    a, b = site_ids[laid.a], site_ids[laid.b]
    course = hashlib.sha256("\0".join(finder.section_ids[rows]).encode()).hexdigest()
    return {
        "id": f"{a}-{b}-{course[:_ID_DIGITS]}",
        "a": a,
        "b": b,
        "kind": finder.find_kind(laid.path),
        "cost": round(float(np.sum(finder.cost[rows])) - way.saved_cost, 2),
        "reason": laid.reason,
    }
