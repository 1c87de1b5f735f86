"""Makes one network of corridors, sections between junctions, out of railways, main roads and short links."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from arcs import Kind, PlaceGraph, read_graph
from ground import to_metric
from joins import add_sites, join_corridors
from numpy.typing import NDArray


@dataclass(frozen=True)
class Section:
    """A stretch of corridor between two junctions.

    Parameters
    ----------
    a, b
        Junctions, as indices that all sections share.
    kind
        What it follows; ``"link"`` joins railway and road, ``"access"`` leads into a city.
    lonlat
        (v, 2) its vertices from a to b, in degrees.
    line
        The same in metres.
    longest_m
        Its longest straight piece: main roads are drawn as chords.
    """

    a: int
    b: int
    kind: Kind
    lonlat: NDArray[np.float64]
    line: shapely.LineString
    longest_m: float

    @property
    def length_m(self) -> float:
        """Length on the plane."""
        return float(self.line.length)


@dataclass(frozen=True)
class Corridors:
    """The network of corridors.

    Parameters
    ----------
    sections
        Every section.
    junction_xy
        (n, 2) metres.
    site_junction
        Site id to its junction.
    """

    sections: list[Section]
    junction_xy: NDArray[np.float64]
    site_junction: dict[str, int]


def read_corridors(area: shapely.Geometry, sites: Mapping[str, tuple[float, float]]) -> Corridors:
    """Read the corridors within an area and lead them into the cities.

    Parameters
    ----------
    area
        In metres of Lambert-93; arcs that leave it are left out.
    sites
        Site id to longitude and latitude.
    """
    graph = join_corridors(read_graph(area))
    site_junction = add_sites(graph, sites)
    return _to_corridors(graph, site_junction)


def _to_corridors(graph: PlaceGraph, site_junction: Mapping[str, int]) -> Corridors:
    """Draw chains of nodes that are no junctions together into sections."""
    nodes = sorted(graph)
    lonlat = dict(zip(nodes, (graph.nodes[node]["lonlat"] for node in nodes), strict=True))
    metres = to_metric(np.array([lonlat[node] for node in nodes]))
    xy = dict(zip(nodes, metres, strict=True))
    junctions = [node for node in nodes if _is_junction(graph, node)]
    index = {node: row for row, node in enumerate(junctions)}
    sections = [
        _to_section(chain, graph.edges[chain[0], chain[1]]["kind"], index, lonlat, xy)
        for chain in _find_chains(graph, junctions)
    ]
    return Corridors(
        sections=[section for section in sections if section.a != section.b],
        junction_xy=np.array([xy[node] for node in junctions]),
        site_junction={site: index[node] for site, node in site_junction.items()},
    )


def _is_junction(graph: PlaceGraph, node: int) -> bool:
    kinds = [kind for _, _, kind in graph.edges(node, data="kind")]
    return len(kinds) != 2 or kinds[0] != kinds[1] or "access" in kinds


def _find_chains(graph: PlaceGraph, junctions: list[int]) -> Iterator[list[int]]:
    """Paths from junction to junction, each once."""
    ends = set(junctions)
    for junction in junctions:
        for neighbour in sorted(graph[junction]):
            chain = [junction, neighbour]
            while chain[-1] not in ends:
                chain.append(next(node for node in sorted(graph[chain[-1]]) if node != chain[-2]))
            if (chain[0], chain[1]) <= (chain[-1], chain[-2]):
                yield chain


def _to_section(
    chain: list[int],
    kind: Kind,
    index: Mapping[int, int],
    lonlat: Mapping[int, tuple[float, float]],
    xy: Mapping[int, NDArray[np.float64]],
) -> Section:
    vertices = np.array([xy[node] for node in chain])
    return Section(
        a=index[chain[0]],
        b=index[chain[-1]],
        kind=kind,
        lonlat=np.array([lonlat[node] for node in chain]),
        line=shapely.linestrings(vertices),
        longest_m=float(np.hypot(*np.diff(vertices, axis=0).T).max()),
    )
