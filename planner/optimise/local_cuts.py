"""Small cuts between sites and a root, found near each site: a flow is grown no further than it has to carry."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence

import numpy as np

from planner.problem import BoolArray, FloatArray, Problem

_EPSILON = 1e-9
_TOLERANCE = 1e-4  # how much less than needed is overlooked: less is the solver's own error


class LocalCuts:
    """Cuts that carry too little between a root and the other sites that count.

    Sites that enough flow reaches join the root: a cut between a later site and the root that is too small cannot part
    them from it. So most searches end after a few steps, at a neighbour that has joined already.

    Parameters
    ----------
    problem
        Gives the spans.
    """

    def __init__(self, problem: Problem) -> None:
        self._neighbours: list[list[tuple[int, int, int]]] = [[] for _ in range(problem.num_sites)]
        for span, (a, b) in enumerate(problem.span_ends.tolist()):
            if a != b:
                self._neighbours[a].append((b, span, 1))
                self._neighbours[b].append((a, span, -1))

    def by_distance(self, root: int) -> list[int]:
        """Sites that a root can reach over any span, nearest first."""
        reached, order = {root}, [root]
        for site in order:  # grows while it is read
            for other, _, _ in self._neighbours[site]:
                if other not in reached:
                    reached.add(other)
                    order.append(other)
        return order

    def find(
        self, capacity: FloatArray, root: int, sites: Sequence[int], needed: Sequence[float]
    ) -> Iterator[BoolArray]:
        """Cuts that carry less than needed.

        Parameters
        ----------
        capacity
            (m,) of each span.
        root
            Site to be reached.
        sites, needed
            Sites to reach it, those that need most first among equals, and the flow each needs.

        Yields
        ------
        BoolArray
            (num_sites,) the sites on one side of a cut. `capacity` may be raised before the next one is asked for.
        """
        limits = capacity.tolist()
        joined = {root}
        for site, demand in zip(sites, needed, strict=True):
            if site in joined:
                continue
            inside = self._grow(limits, [site], joined, demand)
            if inside is None:
                joined.add(site)
            else:
                yield self._to_mask(inside)
                limits = capacity.tolist()

    def find_between(
        self, capacity: FloatArray, sites: Sequence[int], others: Sequence[int], needed: float
    ) -> BoolArray | None:
        """(num_sites,) the side, with the first sites, of a cut that carries less than needed; None without one."""
        inside = None if set(sites).intersection(others) else self._grow(capacity.tolist(), sites, set(others), needed)
        return None if inside is None else self._to_mask(inside)

    def _to_mask(self, sites: Sequence[int]) -> BoolArray:
        mask = np.zeros(len(self._neighbours), dtype=bool)
        mask[sites] = True
        return mask

    def _grow(self, limits: list[float], sites: Sequence[int], joined: set[int], demand: float) -> list[int] | None:
        """Augment from some sites to the joined ones until the demand is met; else the sites still reached."""
        sent: dict[int, float] = {}
        flow = 0.0
        while flow < demand - _TOLERANCE:
            came, goal = self._search(limits, sent, sites, joined)
            if goal < 0:
                return list(came)
            flow += self._augment(limits, sent, came, goal, demand - flow)
        return None

    def _search(
        self, limits: list[float], sent: dict[int, float], sites: Sequence[int], joined: set[int]
    ) -> tuple[dict[int, tuple[int, int, int]], int]:
        came: dict[int, tuple[int, int, int]] = dict.fromkeys(sites, (-1, -1, 0))
        queue = deque(sites)
        while queue:
            here = queue.popleft()
            for other, span, direction in self._neighbours[here]:
                if other not in came and limits[span] - direction * sent.get(span, 0.0) > _EPSILON:
                    came[other] = (here, span, direction)
                    if other in joined:
                        return came, other
                    queue.append(other)
        return came, -1

    @staticmethod
    def _augment(
        limits: list[float],
        sent: dict[int, float],
        came: dict[int, tuple[int, int, int]],
        goal: int,
        most: float,
    ) -> float:
        path = []
        here = goal
        while came[here][1] >= 0:
            here, span, direction = came[here]
            path.append((span, direction))
            most = min(most, limits[span] - direction * sent.get(span, 0.0))
        for span, direction in path:
            sent[span] = sent.get(span, 0.0) + direction * most
        return most
