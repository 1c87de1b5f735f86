"""Joins railways and roads where a cable can change from one to the other, and leads them into the cities."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import networkx as nx
import numpy as np
import shapely
from arcs import MODULES, PlaceGraph
from ground import DECIMALS, to_lonlat, to_metric
from numpy.typing import NDArray
from scipy.spatial import cKDTree

# the data are rounded to 0.001 degree: what is this near is one junction that the rounding drew apart
JUNCTION_M = 300.0
# where railway and road come this near, a cable can change from one to the other, once in so many metres
LINK_M = 3000.0
LINK_EVERY_M = 8000.0
# lines that break off this near another go on there, if the way round is so many times as long
GAP_M = 5000.0
GAP_DETOUR = 4.0
# inside a city ducts lead from its centre to every corridor around, in each direction to the nearest
ACCESS_M = 4000.0
NUM_DIRECTIONS = 6


def join_corridors(graph: PlaceGraph) -> PlaceGraph:
    """Join what crosses, what the rounding drew apart, railway with road, and lines that break off.

    Parameters
    ----------
    graph
        As `arcs.read_graph` returns it.

    Returns
    -------
    Graph
        A connected one: what hangs together with nothing else is left out. Joints are edges of the kind ``"link"``.
    """
    joined = _join_crossings(graph)
    _add_junction_links(joined)
    _add_mode_links(joined)
    _drop_small_parts(joined)
    _add_gap_links(joined)
    return joined


def _node_xy(graph: PlaceGraph) -> NDArray[np.float64]:
    return to_metric(np.array([graph.nodes[node]["lonlat"] for node in range(len(graph))]))


def _join_crossings(graph: PlaceGraph) -> PlaceGraph:
    """Put a node wherever two arcs cross: a cable can change there from one corridor to the other."""
    arcs = np.array(sorted((min(edge), max(edge)) for edge in graph.edges))
    xy = _node_xy(graph)
    chords = shapely.linestrings(np.stack([xy[arcs[:, 0]], xy[arcs[:, 1]]], axis=1))
    one, other = shapely.STRtree(chords).query(chords, predicate="crosses")
    one, other = one[one < other], other[one < other]
    places = np.round(to_lonlat(shapely.get_coordinates(shapely.intersection(chords[one], chords[other]))), DECIMALS)
    node_at = {place: node for node, place in graph.nodes(data="lonlat")}
    on_arc: dict[int, list[int]] = {arc: [] for arc in range(len(arcs))}
    for arc, crossing, place in zip(one.tolist(), other.tolist(), places.tolist(), strict=True):
        node = node_at.setdefault(tuple(place), len(node_at))
        on_arc[arc].append(node)
        on_arc[crossing].append(node)
    joined: PlaceGraph = nx.Graph()
    joined.add_nodes_from((node, {"lonlat": place}) for place, node in node_at.items())
    metres = _node_xy(joined)
    for kind in MODULES:
        for arc, (a, b) in enumerate(arcs.tolist()):
            if graph.edges[a, b]["kind"] != kind:
                continue
            inner = sorted(set(on_arc[arc]) - {a, b}, key=lambda node: float(np.hypot(*(metres[node] - metres[a]))))
            for pair in pairwise([a, *inner, b]):
                if not joined.has_edge(*pair):
                    joined.add_edge(*pair, kind=kind)
    return joined


def _add_junction_links(graph: PlaceGraph) -> None:
    """Join nodes so near each other that they are one place, unless they are neighbours or nearly so already."""
    xy = _node_xy(graph)
    for a, b in sorted(cKDTree(xy).query_pairs(JUNCTION_M)):
        if not graph.has_edge(a, b) and not set(graph[a]) & set(graph[b]):
            graph.add_edge(a, b, kind="link")


def _add_mode_links(graph: PlaceGraph) -> None:
    """Join railways to road junctions within `LINK_M`, the shortest first, none near another."""
    xy = _node_xy(graph)
    kinds = [{graph.edges[edge]["kind"] for edge in graph.edges(node)} for node in range(len(graph))]
    rail = np.array([node for node, found in enumerate(kinds) if "rail" in found])
    road = np.array([node for node, found in enumerate(kinds) if "road" in found and "rail" not in found])
    distances_m, nearest = cKDTree(xy[rail]).query(xy[road])
    taken: list[NDArray[np.float64]] = []
    for at in np.lexsort((road, distances_m)).tolist():
        if distances_m[at] > LINK_M:
            break
        middle = (xy[road[at]] + xy[rail[nearest[at]]]) / 2
        if all(np.hypot(*(middle - other)) > LINK_EVERY_M for other in taken):
            taken.append(middle)
            graph.add_edge(int(road[at]), int(rail[nearest[at]]), kind="link")


def _drop_small_parts(graph: PlaceGraph) -> None:
    main = max(nx.connected_components(graph), key=lambda part: (len(part), -min(part)))
    graph.remove_nodes_from(sorted(set(graph) - main))


def _add_gap_links(graph: PlaceGraph) -> None:
    """Lead lines that break off on to the nearest place that the corridors reach only by a long way round."""
    nodes = np.array(sorted(graph))
    xy = to_metric(np.array([graph.nodes[node]["lonlat"] for node in nodes.tolist()]))
    metres = dict(zip(nodes.tolist(), xy, strict=True))
    for a, b in graph.edges:
        graph.edges[a, b]["length_m"] = float(np.hypot(*(metres[a] - metres[b])))
    tree = cKDTree(xy)
    for end in [node for node in nodes.tolist() if graph.degree(node) == 1]:
        near = nodes[tree.query_ball_point(metres[end], GAP_M)].tolist()
        apart_m = {node: float(np.hypot(*(metres[end] - metres[node]))) for node in near if node != end}
        way_m = nx.single_source_dijkstra_path_length(graph, end, cutoff=GAP_DETOUR * GAP_M, weight="length_m")
        is_gap = [node for node in apart_m if way_m.get(node, np.inf) > GAP_DETOUR * max(apart_m[node], JUNCTION_M)]
        if is_gap:
            other = min(is_gap, key=lambda node: (apart_m[node], node))
            graph.add_edge(end, other, kind="link", length_m=apart_m[other])


def add_sites(graph: PlaceGraph, sites: Mapping[str, tuple[float, float]]) -> dict[str, int]:
    """Add every site and lead it to the nearest node in each direction."""
    nodes = np.array(sorted(graph))
    xy = to_metric(np.array([graph.nodes[node]["lonlat"] for node in nodes.tolist()]))
    first = int(nodes.max()) + 1
    site_xy = to_metric(np.array([sites[site] for site in sorted(sites)]))
    for number, site in enumerate(sorted(sites)):
        graph.add_node(first + number, lonlat=sites[site])
        for node in _find_accesses(xy - site_xy[number]):
            graph.add_edge(first + number, int(nodes[node]), kind="access")
    return {site: first + number for number, site in enumerate(sorted(sites))}


def _find_accesses(offset: NDArray[np.float64]) -> list[int]:
    """Of nodes at these offsets the nearest in each direction within `ACCESS_M`, or the nearest of all."""
    distances_m = np.hypot(offset[:, 0], offset[:, 1])
    direction = np.floor(np.arctan2(offset[:, 1], offset[:, 0]) / (2 * np.pi) * NUM_DIRECTIONS) % NUM_DIRECTIONS
    found: dict[int, int] = {}
    for node in np.argsort(distances_m, kind="stable").tolist():
        if distances_m[node] > ACCESS_M and found:
            break
        found.setdefault(int(direction[node]), node)
    return sorted(found.values())
