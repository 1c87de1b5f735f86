"""The second opinion on detour limits: trees of shortest ways, mended where a cut breaks them.

Plain heaps and lists over the network of `Standing`; it shares nothing with `ways` and `long_ways`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from planner.problem import WAY_TOLERANCE_KM, Problem
from planner.survival.packing import Standing


@dataclass(frozen=True, slots=True)
class LongWay:
    """A limited pair whose way is too long, or that has none.

    Parameters
    ----------
    regions
        The two regions.
    length_km
        How long its shortest way is; infinite where there is none.
    limit_km
        How long it may be.
    cut
        The cut after which it is so: its number in `Standing.cuts`; None while nothing is cut.
    """

    regions: tuple[int, int]
    length_km: float
    limit_km: float
    cut: int | None


def find_long_way(problem: Problem, standing: Standing) -> LongWay | None:
    """A limit that is broken while nothing is cut or after one cut; None where all are kept.

    Notes
    -----
    From each region one tree of shortest ways is grown. A cut that severs none of its spans leaves every way as it
    is. Else only the sites below the severed spans lose their ways, and new ones are grown into them from the sites
    around. Where the ways to all limited regions would stay within their limits even if each severed span were
    replaced by the shortest way around it, nothing is grown.
    """
    asked: dict[int, list[tuple[int, float, int]]] = {}
    columns = (problem.limited_pairs.tolist(), problem.limit_km.tolist(), problem.levels_of_pairs.tolist())
    for (a, b), limit_km, level in zip(*columns, strict=True):
        if level >= 0:
            asked.setdefault(a, []).append((b, limit_km, level))
    if not asked:
        return None
    search = _Search(problem, standing)
    found = (search.check(region, asked[region]) for region in sorted(asked))
    return next((way for way in found if way is not None), None)


class _Search:
    """The network with lengths, and what going around each cut costs."""

    def __init__(self, problem: Problem, standing: Standing) -> None:
        self.standing = standing
        self.length_km: list[float] = problem.span_length_km.tolist()
        self.ends: list[list[int]] = problem.span_ends.tolist()
        self.sites: list[list[int]] = [[] for _ in problem.region_weight]
        for sites, region in zip(problem.terminals, problem.region_of.tolist(), strict=True):
            self.sites[region] = sorted({*self.sites[region], *sites.tolist()})
        self._around: dict[int, float] = {}

    def check(self, region: int, asked: Sequence[tuple[int, float, int]]) -> LongWay | None:
        """The first broken limit of one region."""
        order, way, came = self._grow(self.sites[region], set())
        for other, limit_km, _ in asked:
            length_km = min(way.get(site, math.inf) for site in self.sites[other])
            if length_km > limit_km + WAY_TOLERANCE_KM:
                return LongWay((region, other), length_km, limit_km, None)
        bound_asked = [one for one in asked if one[2] > 0]
        for cut in self._suspects(order, way, came, region, bound_asked):
            length = self._mend(region, order, way, came, cut)
            gone = set(self.standing.cuts[cut][0])
            for other, limit_km, _ in bound_asked:
                left = [site for site in self.sites[other] if site not in gone]
                length_km = min((length.get(site, math.inf) for site in left), default=0.0)
                if length_km > limit_km + WAY_TOLERANCE_KM and not gone.issuperset(self.sites[region]):
                    return LongWay((region, other), length_km, limit_km, cut)
        return None

    def _suspects(
        self,
        order: list[int],
        way: dict[int, float],
        came: dict[int, tuple[int, int]],
        region: int,
        asked: Sequence[tuple[int, float, int]],
    ) -> list[int]:
        """Cuts that may make a way from a region too long."""
        room_km: dict[int, float] = {}  # site -> how much longer the way to it may become
        for other, limit_km, _ in asked:
            nearest = min(self.sites[other], key=lambda site: (way.get(site, math.inf), site))
            room_km[nearest] = min(room_km.get(nearest, math.inf), limit_km - way[nearest])
        suspects: set[int] = set()
        for site in reversed(order):  # those farther on come first: their room is room of the spans before
            before, span = came[site]
            if span < 0 or site not in room_km:
                continue
            suspects.update(
                cut for cut in self.standing.cuts_of_span[span] if self._find_around_km(cut) > room_km[site]
            )
            room_km[before] = min(room_km.get(before, math.inf), room_km[site])
        starts = set(self.sites[region])
        suspects.update(cut for site in sorted(starts) for cut in self.standing.cuts_of_site.get(site, ()))
        return sorted(suspects)

    def _find_around_km(self, cut: int) -> float:
        """What going around every span that a cut severs adds to a way; infinite where a site falls."""
        if cut not in self._around:
            sites, spans = self.standing.cuts[cut]
            self._around[cut] = math.inf if sites else sum(self._around_span(span, set(spans)) for span in spans)
        return self._around[cut]

    def _around_span(self, span: int, gone: set[int]) -> float:
        a, b = self.ends[span]
        way = self._grow([a], gone, stop=b)[1]
        return max(0.0, way.get(b, math.inf) - self.length_km[span])

    def _grow(
        self, starts: Sequence[int], gone: set[int], *, stop: int = -1
    ) -> tuple[list[int], dict[int, float], dict[int, tuple[int, int]]]:
        """Sites in order of their distance, their distance, and the site and span before each."""
        came: dict[int, tuple[int, int]] = {}
        way: dict[int, float] = {}
        heap = [(0.0, site, -1, -1) for site in starts]
        return self._settle(heap, way, came, gone, stop), way, came

    def _settle(
        self,
        heap: list[tuple[float, int, int, int]],
        way: dict[int, float],
        came: dict[int, tuple[int, int]],
        gone: set[int],
        stop: int = -1,
    ) -> list[int]:
        """Dijkstra's algorithm from a heap of length, site, site before and span; sites in `way` are settled."""
        heapify(heap)
        order: list[int] = []
        while heap:
            length_km, here, before, last = heappop(heap)
            if here in way:
                continue
            way[here], came[here] = length_km, (before, last)
            order.append(here)
            if here == stop:
                break
            for other, span in self.standing.neighbours[here]:
                if other not in way and span not in gone:
                    heappush(heap, (length_km + self.length_km[span], other, here, span))
        return order

    def _mend(
        self, region: int, order: list[int], way: dict[int, float], came: dict[int, tuple[int, int]], cut: int
    ) -> dict[int, float]:
        """The distances after a cut: those of sites below it are grown anew from the sites around them."""
        sites, spans = self.standing.cuts[cut]
        gone = set(spans)
        fallen = set(sites)
        if fallen.intersection(self.sites[region]):
            return self._grow([site for site in self.sites[region] if site not in fallen], gone)[1]
        lost: set[int] = set()
        for site in order:
            before, span = came[site]
            if span in gone or before in lost:
                lost.add(site)
        left = {site: length_km for site, length_km in way.items() if site not in lost}
        self._settle(list(self._edges_into(lost, left, gone)), left, {}, gone)
        return left

    def _edges_into(
        self, lost: set[int], left: dict[int, float], gone: set[int]
    ) -> Iterator[tuple[float, int, int, int]]:
        for site in sorted(lost):
            for other, span in self.standing.neighbours[site]:
                if other in left and span not in gone:
                    yield left[other] + self.length_km[span], site, other, span
