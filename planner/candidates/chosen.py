"""The sections that a plan chose, joined up into the routes to build."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import networkx as nx
import numpy as np
import shapely
from numpy.typing import NDArray

from planner.candidates.mend import Mender, Way
from planner.candidates.sections import extend, find_near_sites
from planner.candidates.spurs import to_way
from planner.network.model import Network


def join_chosen(
    network: Network,
    sectioned: Network,
    chosen: Iterable[int],
    *,
    clearance_m: float,
    beside: Iterable[int] = (),
    mender: Mender | None = None,
) -> Network:
    """The network with what was chosen of its corridors as candidates, from site or fork to site or fork.

    Parameters
    ----------
    network
        Without sections.
    sectioned
        The same as `add_sections` made it.
    chosen
        Rows of its routes.
    clearance_m
        As for `add_sections`.
    beside
        Rows of sections that were not chosen and are to stay, each as a candidate of its own.
    mender
        Takes spurs off the ways: they cost and measure what is left of them; None to leave them as they are.

    Returns
    -------
    Network
        Behind the network's own routes one of each way along chosen sections, by id; ``sections`` lists those that it
        follows, in order. Junctions where ways fork are sites that owe nothing.
    """
    graph: nx.MultiGraph[int] = nx.MultiGraph()
    ends = sectioned.routes[["a", "b"]].to_numpy(dtype=np.int64)
    built = sorted(int(route) for route in chosen if route >= len(network.routes))
    for row in built:
        graph.add_edge(int(ends[row, 0]), int(ends[row, 1]), key=row)
    ways = sorted(_find_ways(graph, len(network.sites)), key=lambda way: (way[0][0], way[0][-1], way[1]))
    ways += [(ends[row].tolist(), [row]) for row in sorted(set(beside).difference(built)) if row >= len(network.routes)]
    forks = sorted({end for stops, _ in ways for end in (stops[0], stops[-1]) if end >= len(network.sites)})
    number = {site: site for site in range(len(network.sites))}
    number |= {site: len(network.sites) + row for row, site in enumerate(forks)}
    ids = _name(ways, sectioned)
    order = np.argsort(np.array(ids, dtype=object), kind="stable").tolist()
    ways, ids = [ways[i] for i in order], [ids[i] for i in order]
    rows = [rows for _, rows in ways]
    drawn = [_draw(way, sectioned) for way in ways]
    drawn = drawn if mender is None else mender.mend(drawn)
    lines = np.array([to_way(way.lines) for way in drawn], dtype=object)
    saved_cost, saved_km = [way.saved_cost for way in drawn], [way.saved_m / 1000 for way in drawn]
    junctions = sectioned.sites.iloc[forks].rename(columns={"site_id": "junction_id"})
    routes = sectioned.routes
    return extend(
        replace(network, remarks=sectioned.remarks),
        junctions=junctions,
        ends=np.array([(number[stops[0]], number[stops[-1]]) for stops, _ in ways], dtype=np.int64).reshape(-1, 2),
        columns={
            "route_id": ids,
            "kind": [_find_kind(taken, sectioned) for taken in rows],
            "accuracy_m": np.array([routes["accuracy_m"].iloc[taken].max() for taken in rows], dtype=np.float64),
            "cost": np.array([routes["cost"].iloc[taken].sum() for taken in rows], dtype=np.float64) - saved_cost,
            "length_km": np.array([routes["length_km"].iloc[taken].sum() for taken in rows], dtype=np.float64)
            - saved_km,
            "sections": [json.dumps(routes["route_id"].iloc[taken].to_list()) for taken in rows],
        },
        lines=lines,
        cleared=find_near_sites(network, lines, clearance_m),
    )


type Stops = tuple[list[int], list[int]]
"""Sites one after the other, and the rows of the sections between them."""


def _find_ways(graph: nx.MultiGraph[int], num_sites: int) -> Iterator[Stops]:
    """Ways between sites and forks, each once, from the lower of its ends."""
    stops = {site for site in graph if site < num_sites or graph.degree(site) != 2}
    used: set[int] = set()
    for start in sorted(stops):
        for _, there, row in sorted(graph.edges(start, keys=True)):
            if row in used:
                continue
            sites, rows = [start, there], [row]
            while sites[-1] not in stops:
                (onward,) = (edge for edge in graph.edges(sites[-1], keys=True) if edge[2] != rows[-1])
                sites.append(onward[1])
                rows.append(onward[2])
            used.update(rows)
            yield (sites, rows) if sites[0] <= sites[-1] else (sites[::-1], rows[::-1])


def _name(ways: list[Stops], sectioned: Network) -> list[str]:
    """Ends, and a number where several ways have the same."""
    ids = sectioned.sites["site_id"].tolist()
    seen: dict[str, int] = {}
    names = []
    for stops, _ in ways:
        name = f"{ids[stops[0]]}-{ids[stops[-1]]}"
        seen[name] = seen.get(name, 0) + 1
        names.append(f"{name}-{seen[name]}")
    return names


def _draw(way: Stops, sectioned: Network) -> Way:
    stops, rows = way
    routes = sectioned.routes
    lines: NDArray[Any] = routes.geometry.to_numpy()[rows]
    is_turned = routes["a"].to_numpy()[rows] != np.array(stops[:-1])
    return Way(tuple(np.where(is_turned, shapely.reverse(lines), lines)), tuple(routes["kind"].iloc[rows]))


def _find_kind(rows: list[int], sectioned: Network) -> str:
    """What most of a way follows."""
    length = sectioned.routes.iloc[rows].groupby("kind", sort=True)["length_km"].sum()
    return str(length.idxmax())
