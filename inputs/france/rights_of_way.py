"""Makes the layer of corridors: railways and main roads as the package has them, drawn together into lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import shapely
from arcs import PlaceGraph
from ground import to_feature

DECIMALS = 3  # of the data: 0.001 degree


def to_corridors(graph: PlaceGraph) -> Iterator[Mapping[str, Any]]:
    """One feature per kind and degree of longitude and latitude: tens of thousands of features take more room.

    Parameters
    ----------
    graph
        As `arcs.read_graph` returns it, not joined up: that is left to the planner.
    """
    for kind in ("rail", "road"):
        ends = sorted(tuple(sorted(edge)) for edge in graph.edges if graph.edges[edge]["kind"] == kind)
        lonlat = np.array([[graph.nodes[node]["lonlat"] for node in edge] for edge in ends])
        merged = shapely.normalize(shapely.line_merge(shapely.multilinestrings(shapely.linestrings(lonlat))))
        in_cell = defaultdict(list)
        for line in shapely.get_parts(merged):
            west, south = np.floor(line.coords[0])
            in_cell[west, south].append(line)
        for cell in sorted(in_cell):
            lines = shapely.transform(shapely.MultiLineString(in_cell[cell]), lambda part: np.round(part, DECIMALS))
            yield to_feature({"kind": kind}, shapely.normalize(lines))
