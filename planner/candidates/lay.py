"""Lays routes between neighbouring sites: the cheapest, and others that no one cut severs with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from planner.candidates.apart import Diversity, Pairs
from planner.candidates.backtrack import doubles_back
from planner.candidates.mend import Mender
from planner.candidates.neighbours import find_neighbours
from planner.candidates.paths import Path, PathFinder
from planner.candidates.spurs import to_way, trim_spurs
from planner.network.model import Network
from planner.problem import BoolArray, FloatArray
from planner.study import Study

# where nothing is wholly apart: so many times dearer is what shares a risk, and so much of a way may do so
AVOID_FACTOR = 5.0
MAX_SHARED = 0.35

CHEAPEST, APART, PARTLY_APART, APART_FROM_EXISTING = "cheapest", "apart", "partly apart", "apart from existing"


@dataclass(frozen=True)
class Laid:
    """A route that could be built.

    Parameters
    ----------
    a, b
        Rows of the network's sites.
    path
        Its way.
    reason
        Why it is proposed.
    """

    a: int
    b: int
    path: Path
    reason: str


class RouteLayer:
    """Lays routes over one network of corridors.

    Parameters
    ----------
    finder
        The corridors.
    network
        Its sites, and the spans that exist.
    study
        How routes are laid, and what a cut is.
    """

    def __init__(self, finder: PathFinder, network: Network, study: Study) -> None:
        self.finder, self.settings = finder, study.candidates
        self.mender = Mender(study, network, sorted(set(finder.kinds.tolist())))
        accuracy_m = max(study.candidates.accuracy_m, study.network.accuracy_m)
        apart_m = 2 * (study.cuts.radius_m + accuracy_m)
        self.diversity = Diversity(finder, apart_m, study.cuts.site_clearance_m)
        points = network.sites.geometry.to_numpy()
        self.site_xy: FloatArray = shapely.get_coordinates(points)
        is_existing = ~network.spans["is_candidate"].to_numpy(dtype=bool)
        self.existing: NDArray[Any] = network.spans.geometry.to_numpy()[is_existing]
        self.spans: NDArray[Any] = network.spans.geometry.to_numpy()
        self.existing_ends = np.sort(network.spans[["a", "b"]].to_numpy(dtype=np.int64)[is_existing], axis=1)
        keep_m = max(study.candidates.keep_off_m, study.network.site_snap_m, 1.0)
        self._near_site = finder.tree.query(points, predicate="dwithin", distance=keep_m)

    def lay(self) -> list[Laid]:
        """Lay routes between all neighbours."""
        settings = self.settings
        max_m = settings.max_apart_km * 1000
        pairs = find_neighbours(self.finder, self.site_xy, settings.neighbours, max_m, settings.detour)
        reached = self.finder.junction_of
        return [
            Laid(a, b, path, reason)
            for a, b in pairs
            if a in reached and b in reached
            for path, reason in self._lay_between(a, b)
        ]

    def _lay_between(self, a: int, b: int) -> Iterator[tuple[Path, str]]:
        """Ways between two sites: where a span joins them already, it takes the place of the cheapest."""
        ends = (self.finder.junction_of[a], self.finder.junction_of[b])
        forbidden = self.find_forbidden((a, b))
        spans = self.existing[(self.existing_ends == sorted((a, b))).all(axis=1)]
        sharing = self.diversity.find_sharing_lines(spans, self.diversity.find_pairs(spans), ends)
        known: list[Path] = []
        if not len(spans):
            path = self.finder.find_path(*ends, forbidden=forbidden)
            if path is None or self._is_too_long(path, (a, b)):
                return
            known.append(path)
            sharing = self.diversity.find_sharing(known, ends)
            if not self.doubles_back(path):
                yield path, CHEAPEST
        for _ in range(self.settings.alternatives):
            found = self._find_apart(ends, forbidden, sharing)
            if found is None or self._is_too_long(found[0], (a, b)):
                break
            known.append(found[0])
            sharing = sharing | self.diversity.find_sharing(known[-1:], ends)
            if not self.doubles_back(found[0]):
                yield found
        beside_existing = self.diversity.find_sharing_lines(*self._network, ends)
        for path in self._find_avoiding(ends, forbidden, beside_existing):
            if not self._is_too_long(path, (a, b)) and path not in known and not self.doubles_back(path):
                known.append(path)
                yield path, APART_FROM_EXISTING

    def doubles_back(self, path: Path) -> bool:
        """Whether a way comes back to where it was, other than by spurs that are taken off it."""
        return doubles_back(to_way(trim_spurs(self.finder.to_way(path).lines, self.settings.merge_m)))

    def find_forbidden(self, ends: Sequence[int]) -> BoolArray:
        """(m,) the sections that come near a site other than these."""
        site, section = self._near_site
        forbidden = np.zeros(len(self.finder), dtype=bool)
        forbidden[section[~np.isin(site, ends)]] = True
        own = [self.finder.junction_of[site] for site in ends]
        forbidden[np.isin(self.finder.ends, own).any(axis=1)] = False
        is_other = (self.finder.site_of >= 0) & ~np.isin(self.finder.site_of, ends)
        return forbidden | is_other[self.finder.ends].any(axis=1)

    @cached_property
    def _network(self) -> tuple[NDArray[Any], Pairs]:
        """Existing spans without what lies within the clearance of their own ends, and the sections that come near."""
        ends = shapely.multipoints(self.site_xy[self.existing_ends])
        lines = shapely.difference(self.existing, shapely.buffer(ends, self.diversity.clearance_m, quad_segs=32))
        lines = lines[~shapely.is_empty(lines)]
        return lines, self.diversity.find_pairs(lines)

    @cached_property
    def _away_from_sites(self) -> tuple[NDArray[Any], shapely.STRtree]:
        """Existing and candidate spans, and a tree of sections, without what lies within the clearance of any site."""
        discs = shapely.union_all(shapely.buffer(shapely.points(self.site_xy), self.diversity.clearance_m))
        return shapely.difference(self.spans, discs), shapely.STRtree(shapely.difference(self.finder.lines, discs))

    def find_beside_spans(self, spans: Sequence[int]) -> BoolArray:
        """(m,) the sections that share a risk with some spans, away from all sites."""
        lines, tree = self._away_from_sites
        some = lines[list(spans)]
        some = some[~shapely.is_empty(some)]
        beside = np.zeros(len(self.finder), dtype=bool)
        beside[tree.query(some, predicate="dwithin", distance=self.diversity.apart_m)[1]] = True
        return beside

    def _find_apart(self, ends: tuple[int, int], forbidden: BoolArray, sharing: BoolArray) -> tuple[Path, str] | None:
        """The cheapest way that shares no risk; where there is none, one that shares as little as may be."""
        path = self.finder.find_path(*ends, forbidden=forbidden | sharing)
        if path is not None:
            return path, APART
        path = self.finder.find_path(*ends, forbidden=forbidden, avoided=sharing, factor=AVOID_FACTOR)
        if path is None or self.diversity.find_shared(path, sharing, ends) > MAX_SHARED:
            return None
        return path, PARTLY_APART

    def _find_avoiding(self, ends: tuple[int, int], forbidden: BoolArray, avoided: BoolArray) -> Iterator[Path]:
        """The cheapest way that keeps off some sections, and the one that does so only where that costs little."""
        for barred in (forbidden | avoided, forbidden):
            path = self.finder.find_path(*ends, forbidden=barred, avoided=avoided, factor=AVOID_FACTOR)
            if path is not None:
                yield path

    def _is_too_long(self, path: Path, ends: tuple[int, int]) -> bool:
        a, b = self.site_xy[list(ends)]
        return self.finder.length_of(path) > self.settings.detour * float(np.hypot(*(a - b)))
