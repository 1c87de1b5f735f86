"""Reads the world's railways and main roads and keeps those of one area, as a graph of places."""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

import networkx as nx
import numpy as np
import shapely
from ground import to_metric
from numpy.typing import NDArray

Kind = Literal["rail", "road", "link", "access"]
MODULES: Mapping[Kind, str] = {"rail": "world_railways", "road": "world_highways"}
# corridors along a border weave in and out of the country
BORDER_M = 6000.0
ABROAD_M = 20_000.0


# nodes with "lonlat", edges with "kind"
type PlaceGraph = nx.Graph[int]


def find_area(regions: list[shapely.Geometry], extra_lonlat: tuple[float, float]) -> shapely.Geometry:
    """Where routes may run: the regions, a strip around them, and the surroundings of one city abroad."""
    abroad = shapely.points(to_metric(np.array([extra_lonlat])))[0]
    return shapely.union_all([*(shapely.buffer(one, BORDER_M) for one in regions), shapely.buffer(abroad, ABROAD_M)])


def read_graph(area: shapely.Geometry) -> PlaceGraph:
    """Read the corridors of an area; places that round to the same are one node, railways come first."""
    shapely.prepare(area)
    graph: PlaceGraph = nx.Graph()
    node_at: dict[tuple[float, float], int] = {}
    for kind in MODULES:
        lonlat, arcs = _read_arcs(kind, area)
        for ends in arcs.tolist():
            a, b = (node_at.setdefault(tuple(lonlat[end].tolist()), len(node_at)) for end in ends)
            if a != b and not graph.has_edge(a, b):
                graph.add_edge(a, b, kind=kind)
    for place, node in node_at.items():
        graph.nodes[node]["lonlat"] = place
    return graph


def _read_arcs(kind: Kind, area: shapely.Geometry) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Read (n, 2) longitudes and latitudes and (m, 2) arcs that lie within the area.

    scgraph_data is read as text: importing it loads the whole world, and an older scgraph than there is.
    """
    text = _find_module(MODULES[kind]).read_text(encoding="utf-8")
    start = text.index("\nnodes=") + len("\nnodes=")
    lonlat = np.array(json.loads(text[start : text.index("\n", start)]))[:, ::-1]
    xy = to_metric(lonlat)
    west, south, east, north = area.bounds
    is_near = (xy[:, 0] > west) & (xy[:, 0] < east) & (xy[:, 1] > south) & (xy[:, 1] < north)
    arcs = np.array(list(_find_arcs(text[text.index("graph=") : start], is_near)), dtype=np.int64)
    chords = shapely.linestrings(np.stack([xy[arcs[:, 0]], xy[arcs[:, 1]]], axis=1))
    return lonlat, arcs[shapely.covers(area, chords)]


def _find_module(name: str) -> Path:
    spec = importlib.util.find_spec("scgraph_data")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("scgraph_data is missing: pip install .[examples]")
    return Path(spec.submodule_search_locations[0]) / f"{name}.py"


def _find_arcs(text: str, is_near: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Arcs once each, smaller index first: the text has one {neighbour: km, ...} per node."""
    for node, neighbours in enumerate(re.finditer(r"\{([^{}]*)\}", text)):
        if is_near[node]:
            for neighbour in re.findall(r"(\d+):", neighbours[1]):
                if node < int(neighbour) and is_near[int(neighbour)]:
                    yield node, int(neighbour)
