"""Finds cheapest paths along corridors, and paths that keep away from others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import igraph
import numpy as np
import shapely
from corridors import Corridors, Section
from numpy.typing import NDArray
from scipy.sparse import csr_array

# prices that paths are sought by, per metre: rail 1; a road costs more to dig, and is longer than its chords
ROAD_FACTOR = 1.3
CHORD_FACTOR = 1.2
CHORD_M = 5000.0
CHANGE_M = 500.0  # what a change of corridor costs, in metres of rail

# what runs this near another section for so long is in the same corridor
SAME_CORRIDOR_M = 400.0
SAME_CORRIDOR_FOR_M = 1000.0
AVOID_FACTOR = 5.0
FORBIDDEN = 1e9


@dataclass(frozen=True)
class Path:
    """Sections from one junction to another, each with whether it is run from its b to its a."""

    sections: tuple[int, ...]
    is_reversed: tuple[bool, ...]


class PathFinder:
    """Cheapest paths over one network of corridors.

    Parameters
    ----------
    corridors
        The network.
    """

    def __init__(self, corridors: Corridors) -> None:
        self.corridors = corridors
        self.sections = sections = corridors.sections
        self.site_junctions = sorted(corridors.site_junction.values())
        self.ends = np.array([(section.a, section.b) for section in sections])
        self.price = np.array([_find_price(section) for section in sections])
        self.length_m = np.array([section.length_m for section in sections])
        self.is_access = np.array([section.kind == "access" for section in sections])
        self.tree = shapely.STRtree([section.line for section in sections])
        self.graph = igraph.Graph(n=len(corridors.junction_xy), edges=self.ends.tolist())

    @cached_property
    def is_beside(self) -> csr_array:
        """(m, m) which sections run in the same corridor as which."""
        lines = self.tree.geometries
        one, other = self.tree.query(lines, predicate="dwithin", distance=SAME_CORRIDOR_M)
        buffers = shapely.buffer(lines, SAME_CORRIDOR_M, quad_segs=2)
        shared_m = shapely.length(shapely.intersection(lines[one], buffers[other]))
        is_beside = shared_m >= np.minimum(SAME_CORRIDOR_FOR_M, 0.5 * self.length_m[one])
        one, other = one[is_beside], other[is_beside]
        return csr_array((np.ones(len(one), dtype=np.int8), (one, other)), shape=(len(lines), len(lines)))

    def find_beside(self, paths: Iterable[Path]) -> NDArray[np.bool_]:
        """(m,) the sections in the same corridor as one of the paths' sections, these included."""
        is_used = np.zeros(len(self.price), dtype=np.int8)
        for path in paths:
            is_used[list(path.sections)] = 1
        is_used[self.is_access] = 0
        beside: NDArray[np.bool_] = self.is_beside @ is_used > 0
        return beside

    def find_near(self, site: str, distance_m: float) -> NDArray[np.bool_]:
        """(m,) the sections that come so near a site."""
        place = shapely.points(self.corridors.junction_xy[self.corridors.site_junction[site]])
        is_near = np.zeros(len(self.price), dtype=bool)
        is_near[self.tree.query(place, predicate="dwithin", distance=distance_m)] = True
        return is_near

    def find_path(
        self,
        a: str,
        b: str,
        avoid: NDArray[np.bool_] | None = None,
        forbidden: NDArray[np.bool_] | None = None,
    ) -> Path | None:
        """Find the cheapest path between two sites that enters no other site.

        Parameters
        ----------
        a, b
            Site ids.
        avoid
            (m,) sections that cost `AVOID_FACTOR` times as much.
        forbidden
            (m,) sections that may not be used.

        Returns
        -------
        Path or None
            None where there is no path.
        """
        start, end = self.corridors.site_junction[a], self.corridors.site_junction[b]
        weight = self.price if avoid is None else np.where(avoid, self.price * AVOID_FACTOR, self.price)
        is_own = np.isin(self.ends, [start, end]).any(axis=1)
        blocked = self.is_access & ~is_own
        if forbidden is not None:
            blocked = blocked | (forbidden & ~is_own)
        weight = np.where(blocked, FORBIDDEN, weight)
        found = self.graph.get_shortest_paths(start, end, weights=weight.tolist(), output="epath")[0]
        if not found or blocked[found].any():
            return None
        return self._to_path(start, found)

    def _to_path(self, start: int, sections: Sequence[int]) -> Path:
        at, is_reversed = start, []
        for section in sections:
            a, b = self.ends[section]
            is_reversed.append(bool(a != at))
            at = b if a == at else a
        return Path(tuple(sections), tuple(is_reversed))

    def to_lonlat(self, path: Path) -> NDArray[np.float64]:
        """(v, 2) vertices of a path, in degrees."""
        return _join([self._section(at).lonlat[:: -1 if back else 1] for at, back in _steps(path)])

    def to_line(self, path: Path) -> shapely.LineString:
        """The line of a path, in metres."""
        parts = [shapely.get_coordinates(self._section(at).line)[:: -1 if back else 1] for at, back in _steps(path)]
        return shapely.linestrings(_join(parts))

    def length_of(self, path: Path) -> float:
        """Length of a path in metres."""
        return float(self.length_m[list(path.sections)].sum())

    def find_kind(self, path: Path) -> str:
        """What most of a path follows: ``"rail"`` or ``"road"``."""
        is_rail = np.array([self._section(at).kind == "rail" for at in path.sections])
        lengths_m = self.length_m[list(path.sections)]
        return "rail" if lengths_m[is_rail].sum() >= lengths_m[~is_rail].sum() else "road"

    def _section(self, at: int) -> Section:
        return self.corridors.sections[at]


def _find_price(section: Section) -> float:
    if section.kind == "rail":
        return section.length_m
    if section.kind == "link":
        return section.length_m * ROAD_FACTOR + CHANGE_M
    chord = CHORD_FACTOR if section.longest_m > CHORD_M else 1.0
    return section.length_m * ROAD_FACTOR * chord


def _steps(path: Path) -> Iterable[tuple[int, bool]]:
    return zip(path.sections, path.is_reversed, strict=True)


def _join(parts: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])
