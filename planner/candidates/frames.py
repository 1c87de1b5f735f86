"""Ways between junctions as frames with ids that stay the same from run to run."""

from __future__ import annotations

import hashlib
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from planner.candidates.graph import Chains
from planner.candidates.model import CorridorNetwork
from planner.network.columns import to_objects
from planner.network.model import Network
from planner.network.notes import Notes
from planner.network.ruler import Ruler
from planner.problem import FloatArray, IntArray

_NUM_DIGITS = 10


def to_corridor_network(
    network: Network, chains: Chains, xy: FloatArray, sites: IntArray, names: list[str], notes: Notes
) -> CorridorNetwork:
    """Number junctions and name everything after where it is.

    Parameters
    ----------
    network
        Its CRS, and the sites.
    chains
        Ways between vertices.
    xy
        (n, 2) where the vertices are.
    sites
        (s,) the vertex of each site of the network; -1 for none.
    names
        The kinds.
    notes
        Holds the remarks so far.
    """
    site_of = np.full(len(xy), -1)
    site_of[sites[sites >= 0]] = np.flatnonzero(sites >= 0)
    used = np.unique(chains.ends)
    site_ids = network.sites["site_id"].to_numpy(dtype=object)
    at_site, others = used[site_of[used] >= 0], used[site_of[used] < 0]
    ids = np.array(_to_ids("J", [_to_text(row) for row in xy[others]]), dtype=object)
    order = np.concatenate([at_site[np.argsort(site_of[at_site])], others[np.argsort(ids, kind="stable")]])
    junction_ids = [*site_ids[np.sort(site_of[at_site])], *np.sort(ids)]
    number = np.full(len(xy), -1)
    number[order] = np.arange(len(order))
    junctions = gpd.GeoDataFrame(
        {"junction_id": to_objects(junction_ids), "site": site_of[order]},
        geometry=shapely.points(xy[order]),
        crs=network.crs,
    )
    return CorridorNetwork(_to_sections(network, chains, number, names), junctions, tuple(notes.remarks))


def _to_sections(network: Network, chains: Chains, number: IntArray, names: list[str]) -> gpd.GeoDataFrame:
    ends = number[chains.ends]
    is_turned = ends[:, 0] > ends[:, 1]
    lines = np.where(is_turned, shapely.reverse(chains.lines), chains.lines)
    ends = np.sort(ends, axis=1)
    kinds = np.array(names, dtype=object)[chains.kind]
    frame = pd.DataFrame(
        {
            "section_id": to_objects(_name_sections(kinds, lines)),
            "kind": to_objects(kinds),
            "start": ends[:, 0],
            "end": ends[:, 1],
            "length_m": Ruler(network.crs, network.is_planar).lengths_m(lines),
            "cost": np.full(len(lines), np.nan),
        }
    )
    order = np.argsort(frame["section_id"].to_numpy(dtype=object), kind="stable")
    return gpd.GeoDataFrame(frame.iloc[order].reset_index(drop=True), geometry=lines[order], crs=network.crs)


def _name_sections(kinds: NDArray[Any], lines: NDArray[Any]) -> list[str]:
    """Ids from the kind and the course: turning a line round changes nothing."""
    texts = []
    for line in lines:
        course = [_to_text(row) for row in shapely.get_coordinates(line)]
        texts.append(" ".join(min(course, course[::-1])))
    ids = np.array(_to_ids("", texts), dtype=object)
    return [f"{kind}-{one}" for kind, one in zip(kinds, ids, strict=True)]


def _to_text(xy: FloatArray) -> str:
    return f"{xy[0]:.0f},{xy[1]:.0f}"


def _to_ids(prefix: str, texts: list[str]) -> list[str]:
    """Hashes of texts; those that come several times are told apart by a number."""
    seen: dict[str, int] = {}
    ids = []
    for text in texts:
        one = prefix + hashlib.sha256(text.encode()).hexdigest()[:_NUM_DIGITS]
        seen[one] = seen.get(one, 0) + 1
        ids.append(one if seen[one] == 1 else f"{one}-{seen[one]}")
    return ids
