"""Finds cheapest paths along corridors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import igraph
import numpy as np
import shapely
from corridors import Corridors, Section
from numpy.typing import NDArray

# prices that paths are sought by, per metre: rail 1; a road costs more to dig, and is longer than its chords
ROAD_FACTOR = 1.3
CHORD_FACTOR = 1.2
CHORD_M = 5000.0
CHANGE_M = 500.0  # what a change of corridor costs, in metres of rail

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
        self.graph = igraph.Graph(n=len(corridors.junction_xy), edges=self.ends.tolist())

    def find_path(self, a: str, b: str) -> Path | None:
        """Find the cheapest path between two sites that enters no other site.

        Parameters
        ----------
        a, b
            Site ids.

        Returns
        -------
        Path or None
            None where there is no path.
        """
        start, end = self.corridors.site_junction[a], self.corridors.site_junction[b]
        is_own = np.isin(self.ends, [start, end]).any(axis=1)
        blocked = self.is_access & ~is_own
        weight = np.where(blocked, FORBIDDEN, self.price)
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
