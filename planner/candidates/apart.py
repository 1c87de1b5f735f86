"""Finds which sections one cut could sever together with given lines: the plan's own measure of diversity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array

from planner.candidates.paths import Path, PathFinder
from planner.problem import BoolArray, IntArray

type Pairs = tuple[IntArray, IntArray]

# distances are those of the plane: a little more, so that what is apart here is apart on the ground
_MARGIN = 1.01


@dataclass(frozen=True, eq=False)
class Diversity:
    """What counts as apart.

    Parameters
    ----------
    finder
        The sections.
    apart_m
        How near two lines share a risk: twice the radius of a cut, and what the data are inaccurate by.
    clearance_m
        What lies this near the ends of a route does not count, as in ``cuts.site_clearance_m``.
    """

    finder: PathFinder
    apart_m: float
    clearance_m: float

    @cached_property
    def _beside(self) -> csr_array:
        """(m, m) which sections come near which."""
        lines = self.finder.lines
        one, other = self.finder.tree.query(lines, predicate="dwithin", distance=self.apart_m * _MARGIN)
        return csr_array((np.ones(len(one), dtype=np.int8), (one, other)), shape=(len(lines), len(lines)))

    def find_sharing(self, paths: Sequence[Path], ends: tuple[int, int]) -> BoolArray:
        """(m,) the sections that share a risk with paths, for a route between two junctions."""
        is_used = np.zeros(len(self.finder), dtype=np.int32)
        for path in paths:
            is_used[list(path.sections)] = 1
        discs = self._to_discs(ends)
        is_near = self._find_near(discs)
        # what reaches into the discs is looked at without the part inside
        sharing = self._beside @ (is_used * ~is_near) > 0
        clipped = shapely.difference(self.finder.lines[is_used * is_near > 0], discs)
        sharing[self._find_beside(clipped)] = True
        sharing[is_near] = False
        whole = self.finder.lines[(is_used > 0) & ~is_near]
        return self._add_near(sharing, np.concatenate([whole, clipped]), is_near, discs)

    def find_pairs(self, lines: NDArray[Any]) -> Pairs:
        """Lines, and sections that come near each."""
        line, section = self.finder.tree.query(lines, predicate="dwithin", distance=self.apart_m * _MARGIN)
        return line, section

    def find_sharing_lines(self, lines: NDArray[Any], pairs: Pairs, ends: tuple[int, int]) -> BoolArray:
        """The same for lines of any kind, of which `find_pairs` is known."""
        discs = self._to_discs(ends)
        reaches_in = shapely.intersects(lines, discs)
        clipped = shapely.difference(lines[reaches_in], discs)
        sharing = np.zeros(len(self.finder), dtype=bool)
        sharing[pairs[1][~reaches_in[pairs[0]]]] = True
        sharing[self._find_beside(clipped)] = True
        is_near = self._find_near(discs)
        sharing[is_near] = False
        return self._add_near(sharing, np.concatenate([lines[~reaches_in], clipped]), is_near, discs)

    def find_shared(self, path: Path, sharing: BoolArray, ends: tuple[int, int]) -> float:
        """The share of a path's length, its ends left out, that lies on such sections."""
        rows = np.array(path.sections)
        inner_m = shapely.length(shapely.difference(self.finder.lines[rows], self._to_discs(ends)))
        return float(inner_m[sharing[rows]].sum() / max(inner_m.sum(), 1.0))

    def _find_beside(self, lines: NDArray[Any]) -> IntArray:
        """Sections that come near one of these lines."""
        lines = lines[~shapely.is_empty(lines)]
        beside: IntArray = self.finder.tree.query(lines, predicate="dwithin", distance=self.apart_m * _MARGIN)[1]
        return beside

    def _to_discs(self, ends: tuple[int, int]) -> Any:
        places = shapely.points(self.finder.xy[list(ends)])
        return shapely.union_all(shapely.buffer(places, self.clearance_m, quad_segs=32))

    def _find_near(self, discs: Any) -> BoolArray:
        is_near = np.zeros(len(self.finder), dtype=bool)
        is_near[self.finder.tree.query(discs, predicate="intersects")] = True
        return is_near

    def _add_near(self, sharing: BoolArray, lines: NDArray[Any], is_near: BoolArray, discs: Any) -> BoolArray:
        """Mark those sections that reach into the discs and share a risk outside of them."""
        rows = np.flatnonzero(is_near)
        outside = shapely.difference(self.finder.lines[rows], discs)
        tree = shapely.STRtree(outside)
        lines = lines[~shapely.is_empty(lines)]
        sharing[rows[tree.query(lines, predicate="dwithin", distance=self.apart_m * _MARGIN)[1]]] = True
        return sharing
