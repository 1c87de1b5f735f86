"""Synthetic corridors: many junctions that owe nothing, few terminals, cables that follow the sections."""

from __future__ import annotations

import numpy as np
from national import to_candidate_ends, to_tree
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import Delaunay

from planner.problem import BoolArray, FloatArray, IntArray, Problem, Rows

_SECTIONS_PER_SITE = 1.85
_SIDE_KM_PER_ROOT_SITE = 20.0  # a country of 2,400 junctions is some 1,000 km across
_FEWEST_SECTIONS_AT_JUNCTION = 3
_FEWEST_SECTIONS_AT_TERMINAL = 4


def to_corridors(
    num_sites: int, num_terminals: int, cuts: int, *, seed: int = 1, ring_share: float = 0.2, clearance_km: float = 20.0
) -> Problem:
    """Railways or roads as candidates, section by section, between terminals that cables join already.

    Every section between two junctions is a candidate; every cable is one span between two terminals and lies along
    the sections of a shortest way. One cut severs a section with the cables along it, or all that meets at a junction.
    Within the clearance of a terminal it severs single spans only.

    Parameters
    ----------
    num_sites
        Number of junctions, terminals included. There are 1.85 times as many sections.
    num_terminals
        How many of them must stay connected; all others owe nothing.
    cuts
        Level that every terminal requires.
    seed
        Of the random numbers.
    ring_share
        Cables beyond a spanning tree of the terminals, as a share of their number.
    clearance_km
        Straight distance from a terminal up to which no spans share a risk.
    """
    rng = np.random.default_rng(seed)
    places = rng.random((num_sites, 2)) * _SIDE_KM_PER_ROOT_SITE * np.sqrt(num_sites)
    sections = _sections(places, rng)
    section_km = np.round(np.hypot(*(places[sections[:, 0]] - places[sections[:, 1]]).T), 1)
    terminals = _terminals(sections, num_sites, num_terminals, rng)
    ways = _Ways(sections, section_km, num_sites, terminals)
    cables = ways.cables(ring_share, rng)
    length_km = np.concatenate((section_km, ways.length_km[cables[:, 0], cables[:, 1]]))
    is_near = np.hypot(*(places[:, None] - places[terminals]).transpose(2, 0, 1)).min(axis=1) <= clearance_km
    return Problem(
        num_sites=num_sites,
        span_ends=np.concatenate((sections, terminals[cables])),
        route_of_span=np.arange(len(length_km)),
        route_cost=length_km,
        is_candidate=np.arange(len(length_km)) < len(sections),
        groups=_groups(sections, [ways.sections(a, b) for a, b in cables.tolist()], is_near),
        terminals=Rows(np.arange(num_terminals + 1), terminals),
        required_cuts=np.full(num_terminals, cuts),
        route_length_km=length_km,
    )


def _sections(places: FloatArray, rng: np.random.Generator) -> IntArray:
    """Of Delaunay's sides a tree, the outline of the country, at least three at each junction, and short ones."""
    ends = to_candidate_ends(places)
    length = np.hypot(*(places[ends[:, 0]] - places[ends[:, 1]]).T) * (0.7 + 0.6 * rng.random(len(ends)))
    outline = np.sort(Delaunay(places).convex_hull, axis=1).astype(np.int64)
    is_kept = to_tree(ends, length, len(places))
    is_kept |= np.isin(ends @ [len(places), 1], outline @ [len(places), 1])
    num_kept = np.bincount(ends[is_kept].ravel(), minlength=len(places))
    for side in np.argsort(length, kind="stable"):
        if not is_kept[side] and num_kept[ends[side]].min() < _FEWEST_SECTIONS_AT_JUNCTION:
            is_kept[side] = True
            num_kept[ends[side]] += 1
    order = np.lexsort((length, ~is_kept))
    return ends[np.sort(order[: max(int(is_kept.sum()), int(_SECTIONS_PER_SITE * len(places)))])]


def _terminals(sections: IntArray, num_sites: int, num_terminals: int, rng: np.random.Generator) -> IntArray:
    """Random junctions at which enough sections meet, ascending."""
    num_sections = np.bincount(sections.ravel(), minlength=num_sites)
    return np.sort(
        rng.choice(np.flatnonzero(num_sections >= _FEWEST_SECTIONS_AT_TERMINAL), num_terminals, replace=False)
    )


class _Ways:
    """Shortest ways along sections between terminals."""

    def __init__(self, sections: IntArray, section_km: FloatArray, num_sites: int, terminals: IntArray) -> None:
        graph = csr_matrix((section_km, (sections[:, 0], sections[:, 1])), shape=(num_sites, num_sites))
        from_each, self._before = dijkstra(graph, directed=False, indices=terminals, return_predecessors=True)
        self.length_km = np.minimum(from_each[:, terminals], from_each[:, terminals].T)
        self._number = {pair: number for number, pair in enumerate(map(tuple, sections.tolist()))}
        self._terminals = terminals

    def sections(self, a: int, b: int) -> list[int]:
        """Those of the shortest way between two terminals, given by rank."""
        found = []
        here, goal = int(self._terminals[b]), int(self._terminals[a])
        while here != goal:
            before = int(self._before[a, here])
            found.append(self._number[min(here, before), max(here, before)])
            here = before
        return found

    def cables(self, ring_share: float, rng: np.random.Generator) -> IntArray:
        """(c, 2) pairs of terminals, by rank: a spanning tree, and some of the shortest other pairs."""
        num = len(self._terminals)
        ends = np.column_stack(np.triu_indices(num, 1))
        length = self.length_km[ends[:, 0], ends[:, 1]]
        is_cable = to_tree(ends, length, num)
        spare = np.flatnonzero(~is_cable)
        nearby = spare[np.argsort(length[spare], kind="stable")][: 2 * num]
        is_cable[rng.choice(nearby, int(ring_share * num), replace=False)] = True
        return ends[is_cable]


def _groups(sections: IntArray, along: list[list[int]], is_near: BoolArray) -> list[list[int]]:
    """What one cut severs along each section that a cable follows, and at each junction."""
    on_section: list[list[int]] = [[] for _ in sections]
    at_site: list[list[int]] = [[] for _ in is_near]
    for section, ends in enumerate(sections.tolist()):
        for site in ends:
            at_site[site].append(section)
    for cable, way in enumerate(along, start=len(sections)):
        for section in way:
            on_section[section].append(cable)
            for site in sections[section].tolist():
                at_site[site].append(cable)
    is_open = ~is_near[sections].all(axis=1)
    followed = [[number, *cables] for number, cables in enumerate(on_section) if cables and is_open[number]]
    return followed + [spans for site, spans in enumerate(at_site) if not is_near[site]]
