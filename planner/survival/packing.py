"""Bounded search over risk groups: paths and trees that share no group are packed, and one of theirs must be cut.

The engine of the second algorithm: it shares nothing with the labels.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence

from planner.problem import Problem

type Cut = tuple[tuple[int, ...], tuple[int, ...]]  # sites that fall, spans that are severed


class Standing:
    """Adjacency lists of the spans that stand, and the groups that sever them."""

    def __init__(self, problem: Problem, routes: Sequence[int]) -> None:
        spans = problem.active_spans(routes).tolist()
        standing = set(spans)
        cuttable = {span for span in spans if problem.is_cuttable[span]}
        self.neighbours: list[list[tuple[int, int]]] = [[] for _ in range(problem.num_sites)]
        for span in spans:
            a, b = problem.span_ends[span].tolist()
            self.neighbours[a].append((b, span))
            self.neighbours[b].append((a, span))
        self.sites_fall = problem.group_sites is not None
        if problem.group_sites is None:
            families = {((), tuple(s for s in group.tolist() if s in cuttable)) for group in problem.groups}
            families |= {((), (span,)) for span in cuttable}
        else:
            families = {
                (tuple(sites.tolist()), self._all_severed(sites.tolist(), cuttable.intersection(group.tolist())))
                for sites, group in zip(problem.group_sites, problem.groups, strict=True)
            }
        self.cuts = _drop_subsets(families)
        self.groups = [spans for _, spans in self.cuts]
        self.cuts_of_span: dict[int, list[int]] = {span: [] for span in standing}
        self.cuts_of_site: dict[int, list[int]] = {}
        for number, (taken, severed) in enumerate(self.cuts):
            for span in severed:
                self.cuts_of_span[span].append(number)
            for site in taken:
                self.cuts_of_site.setdefault(site, []).append(number)

    def _all_severed(self, sites: list[int], spans: set[int]) -> tuple[int, ...]:
        """The spans of a group and all those at the sites that fall with it."""
        return tuple(sorted(spans.union(span for site in sites for _, span in self.neighbours[site])))

    def by_distance(self, root: int) -> list[int]:
        """Sites that a root reaches, nearest first."""
        order, reached, queue = [], {root}, deque([root])
        while queue:
            site = queue.popleft()
            order.append(site)
            for other, _ in self.neighbours[site]:
                if other not in reached:
                    reached.add(other)
                    queue.append(other)
        return order


def _drop_subsets(families: Iterable[tuple[tuple[int, ...], tuple[int, ...]]]) -> list[Cut]:
    """Of the cuts that take the same sites the inclusion-maximal ones, sorted.

    Largest first, each is compared with the kept ones that hold its first span.
    """
    kept: list[Cut] = []
    holding: dict[tuple[tuple[int, ...], int], list[frozenset[int]]] = {}
    for sites, spans in sorted(families, key=lambda cut: (-len(cut[1]), cut)):
        larger = holding.get((sites, spans[0]), ()) if spans else ()
        if (spans or sites) and not any(other.issuperset(spans) for other in larger):
            kept.append((sites, spans))
            members = frozenset(spans)
            for span in spans:
                holding.setdefault((sites, span), []).append(members)
    return sorted(kept, key=lambda cut: (cut[1], cut[0]))


class NodesSpent(Exception):  # noqa: N818 - it is no error
    """A search was given a number of nodes and needs more."""


class PackedSearch:
    """Which few groups part sites from a core: a set of sites that no allowed number of cuts parts from one another.

    Parameters
    ----------
    standing
        The network.
    core
        The sites to start from, such as one root. Sites found to be inseparable from it may be added.
    max_nodes
        Nodes of the search tree after which `part_from_core` gives up; None for never.
    """

    def __init__(self, standing: Standing, core: set[int], max_nodes: int | None = None) -> None:
        self.standing = standing
        self.core = core
        self.nodes_left = float("inf") if max_nodes is None else max_nodes
        self._dead: dict[int, int] = {}  # span -> number of failed cuts that sever it
        self._fallen: dict[int, int] = {}  # site -> number of failed cuts that take it

    def part_from_core(self, sites: Sequence[int], budget: int) -> list[int] | None:
        """At most `budget` groups that part all the given sites from the core; None where none do.

        Raises
        ------
        NodesSpent
            When the nodes allowed did not suffice to tell.
        """
        self.nodes_left -= 1
        if self.nodes_left < 0:
            raise NodesSpent
        paths = self.pack(lambda blocked: self._path_to_core(sites, blocked), budget)
        if paths is None:
            return None
        if not paths:
            return []
        if budget == 0:
            return None
        shortest = min(paths, key=len)
        for group in self.hitting(shortest):
            self.fail(group, 1)
            try:
                rest = self.part_from_core(sites, budget - 1)
            finally:
                self.fail(group, -1)
            if rest is not None:
                return [group, *rest]
        return None

    def pack(self, find: Callable[[set[int]], list[int] | None], budget: int) -> list[list[int]] | None:
        """Span lists that share no group, found greedily; None as soon as no `budget` cuts can hit them all."""
        blocked: set[int] = set()
        packed: list[list[int]] = []
        while len(packed) <= budget:
            spans = find(blocked)
            if spans is None:
                return packed
            groups = [group for span in spans for group in self.standing.cuts_of_span[span]]
            if not groups:
                return None
            packed.append(spans)
            for group in groups:
                blocked.update(self.standing.groups[group])
        return None

    def hitting(self, spans: Iterable[int], sites: Iterable[int] = ()) -> list[int]:
        """The cuts that sever any of the spans, in the spans' order, then those that take any of the sites."""
        of_spans = (cut for span in spans for cut in self.standing.cuts_of_span[span])
        of_sites = (cut for site in sites for cut in self.standing.cuts_of_site.get(site, ()))
        return list(dict.fromkeys((*of_spans, *of_sites)))

    def fail(self, group: int, change: int) -> None:
        """Fail a group (`change` 1) or mend it again (-1)."""
        sites, spans = self.standing.cuts[group]
        for span in spans:
            self._dead[span] = self._dead.get(span, 0) + change
        for site in sites:
            self._fallen[site] = self._fallen.get(site, 0) + change

    def has_fallen(self, site: int) -> bool:
        """Whether a failed cut took a site."""
        return bool(self._fallen.get(site))

    def is_open(self, span: int, blocked: set[int]) -> bool:
        """Whether a span stands and is not blocked."""
        return span not in blocked and not self._dead.get(span)

    def _path_to_core(self, sites: Sequence[int], blocked: set[int]) -> list[int] | None:
        """Spans of a shortest path from one of the sites to the core, or None."""
        came: dict[int, tuple[int, int]] = dict.fromkeys(sites, (-1, -1))
        queue = deque(sites)
        while queue:
            here = queue.popleft()
            if here in self.core:
                return walk_back(came, here)
            for other, span in self.standing.neighbours[here]:
                if other not in came and self.is_open(span, blocked):
                    came[other] = (here, span)
                    queue.append(other)
        return None


def walk_back(came: dict[int, tuple[int, int]], site: int) -> list[int]:
    """Spans from a site back to where a breadth-first search came from."""
    spans = []
    while came[site][1] >= 0:
        site, span = came[site]
        spans.append(span)
    return spans
