"""Cheapest ways along a network of corridors."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from planner.candidates.mend import Way
from planner.candidates.model import ACCESS, CONNECTOR, GAP, CorridorNetwork
from planner.candidates.spurs import to_way
from planner.problem import BoolArray, FloatArray, IntArray

# so many sources are searched from at once, to bound the memory
_CHUNK = 64
_NOWHERE = -9999  # scipy's word for no predecessor


@dataclass(frozen=True)
class Path:
    """A way from one junction to another.

    Parameters
    ----------
    junctions
        Those that it runs through, ends included.
    sections
        Those that it follows, one less.
    """

    junctions: tuple[int, ...]
    sections: tuple[int, ...]

    def turned(self) -> Path:
        """The same way from its end to its start."""
        return Path(self.junctions[::-1], self.sections[::-1])


class PathFinder:
    """Cheapest ways over one network of corridors.

    Parameters
    ----------
    corridors
        The network. Ways are sought by cost; by length where everything is free of charge.
    """

    def __init__(self, corridors: CorridorNetwork) -> None:
        sections = corridors.sections
        self.ends: IntArray = sections[["start", "end"]].to_numpy(dtype=np.int64)
        self.length_m: FloatArray = sections["length_m"].to_numpy(dtype=np.float64)
        self.cost: FloatArray = sections["cost"].to_numpy(dtype=np.float64)
        self.lines: NDArray[Any] = sections.geometry.to_numpy()
        self.kinds: NDArray[Any] = sections["kind"].to_numpy(dtype=object)
        self.section_ids: NDArray[Any] = sections["section_id"].to_numpy(dtype=object)
        self.xy: FloatArray = shapely.get_coordinates(corridors.junctions.geometry.to_numpy())
        self.site_of: IntArray = corridors.junctions["site"].to_numpy(dtype=np.int64)
        # a millionth for the length, so that of ways at one price the shortest is taken
        scale = self.cost.sum() / max(self.length_m.sum(), 1.0) or 1.0
        self.weight: FloatArray = self.cost + 1e-6 * scale * self.length_m + (self.cost.sum() == 0) * self.length_m
        low, high = self.ends.min(axis=1), self.ends.max(axis=1)
        self._pair = low * len(self.xy) + high
        self._order = np.lexsort((self.weight, self._pair))

    def __len__(self) -> int:
        return len(self.ends)

    @cached_property
    def junction_of(self) -> dict[int, int]:
        """Site to its junction, for the sites that corridors reach."""
        at = np.flatnonzero(self.site_of >= 0)
        return dict(zip(self.site_of[at].tolist(), at.tolist(), strict=True))

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Finds sections by place."""
        return shapely.STRtree(self.lines)

    def find_path(
        self, a: int, b: int, *, forbidden: BoolArray, avoided: BoolArray | None = None, factor: float = 1.0
    ) -> Path | None:
        """The cheapest way between two junctions.

        Parameters
        ----------
        a, b
            The junctions.
        forbidden
            (m,) sections that it may not follow.
        avoided, factor
            (m,) sections that count so many times their price.
        """
        graph, chosen = self._to_graph(forbidden, avoided, factor)
        _, before = dijkstra(graph, directed=False, indices=a, return_predecessors=True)
        return self._trace(before, b, chosen)

    def find_way_out(
        self, sources: IntArray, targets: IntArray, *, forbidden: BoolArray, avoided: BoolArray, factor: float
    ) -> list[Path]:
        """From any of several junctions the cheapest way to each of others, the cheapest first."""
        graph, chosen = self._to_graph(forbidden, avoided, factor)
        away, before, _ = dijkstra(graph, directed=False, indices=sources, return_predecessors=True, min_only=True)
        order = targets[np.argsort(away[targets], kind="stable")].tolist()
        found = (self._trace(before, target, chosen) for target in order if np.isfinite(away[target]))
        return [path for path in found if path is not None]

    def find_lengths_m(self, junctions: IntArray, limit_m: float) -> FloatArray:
        """(j, j) lengths of the shortest ways between junctions; infinite beyond the limit."""
        order = np.lexsort((self.length_m, self._pair))
        order = order[np.diff(self._pair[order], prepend=-1) != 0]
        graph = self._to_matrix(order, self.length_m[order])
        rows = [
            dijkstra(graph, directed=False, indices=junctions[begin : begin + _CHUNK], limit=limit_m)[:, junctions]
            for begin in range(0, len(junctions), _CHUNK)
        ]
        return np.concatenate([np.zeros((0, len(junctions))), *rows])

    def _to_graph(
        self, forbidden: BoolArray, avoided: BoolArray | None, factor: float
    ) -> tuple[csr_array, dict[int, int]]:
        """A matrix of weights, and per pair of junctions the section that it stands for."""
        weight = self.weight if avoided is None else np.where(avoided, self.weight * factor, self.weight)
        order = self._order if avoided is None else np.lexsort((weight, self._pair))
        order = order[~forbidden[order]]
        order = order[np.diff(self._pair[order], prepend=-1) != 0]
        chosen = dict(zip(self._pair[order].tolist(), order.tolist(), strict=True))
        return self._to_matrix(order, weight[order]), chosen

    def _to_matrix(self, order: IntArray, weight: FloatArray) -> csr_array:
        num = len(self.xy)
        low, high = np.divmod(self._pair[order], num)
        begin = np.searchsorted(low, np.arange(num + 1))
        return csr_array((weight, high.astype(np.int32), begin.astype(np.int32)), shape=(num, num))

    def _trace(self, before: IntArray, b: int, chosen: dict[int, int]) -> Path | None:
        junctions = [b]
        while before[junctions[-1]] != _NOWHERE:
            junctions.append(int(before[junctions[-1]]))
        if len(junctions) == 1:
            return None
        junctions.reverse()
        num = len(self.xy)
        steps = pairwise(junctions)
        return Path(tuple(junctions), tuple(chosen[min(a, b) * num + max(a, b)] for a, b in steps))

    def length_of(self, path: Path) -> float:
        """Length of a path in metres."""
        return float(self.length_m[list(path.sections)].sum())

    def to_way(self, path: Path) -> Way:
        """The sections of a path, each from where the last one ends."""
        rows = list(path.sections)
        is_turned = self.ends[rows, 0] != np.array(path.junctions[:-1])
        lines = np.where(is_turned, shapely.reverse(self.lines[rows]), self.lines[rows])
        return Way(tuple(lines), tuple(self.kinds[rows]))

    def to_line(self, path: Path) -> shapely.LineString:
        """The line of a path."""
        return to_way(self.to_way(path).lines)

    def find_kind(self, path: Path) -> str:
        """What most of a path follows, accesses and connectors left aside."""
        rows = list(path.sections)
        kinds, number = np.unique(self.kinds[rows].astype(str), return_inverse=True)
        length_m = np.bincount(number, weights=self.length_m[rows])
        length_m[np.isin(kinds, (ACCESS, CONNECTOR, GAP))] *= 1e-6
        return str(kinds[np.argmax(length_m)])
