"""The second opinion: a bounded search tree that shares nothing with the labels.

Per level j, sites that no j cuts part from a root are gathered into one class: breadth-first paths to the class that
share no risk group are packed, and where more of them fit than cuts are left, no cut set of that size parts them;
else one of the groups on a path must be cut, and the search branches on those, at most j deep. When every region
that owes the level has a site in the class, the level holds. Otherwise a tree that joins one site of each is taken,
and the search branches on the groups that hit the tree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb
from typing import Protocol

from planner.problem import Problem
from planner.survival.packing import PackedSearch, Standing, walk_back
from planner.survival.verify_ways import LongWay, find_long_way

METHOD = "bounded search tree over risk groups, with packed paths"


class HasRoutes(Protocol):
    """Anything that names chosen routes, such as a plan."""

    @property
    def routes(self) -> Sequence[int]:
        """Indices of the chosen candidate routes."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What the second algorithm says of a plan.

    Parameters
    ----------
    survives
        True when no cut set within the requirement separates regions, and no detour limit is broken.
    witness
        Where it does not survive: cuts that separate, or after which a way is too long, each the sorted spans it
        severs; else None.
    cut_sets_covered
        How many cut sets of inclusion-maximal risk groups the verdict speaks of, up to the largest level.
    witness_sites
        Per cut of the witness the sites that fall with it.
    long_way
        The way that is too long, where the witness separates nobody.

    Examples
    --------
    >>> found = planner.verify(problem, [])
    >>> found.survives, found.witness
    (False, ((0,),))
    """

    survives: bool
    witness: tuple[tuple[int, ...], ...] | None
    cut_sets_covered: int
    witness_sites: tuple[tuple[int, ...], ...] = ()
    long_way: LongWay | None = None


def verify(problem: Problem, plan: HasRoutes | Sequence[int]) -> Verification:
    """Re-prove that a plan meets every requirement, whatever it claims of itself.

    Parameters
    ----------
    problem
        The problem.
    plan
        A plan, or route indices. Routes that do not exist are taken as not built.

    Examples
    --------
    >>> planner.verify(problem, planner.optimise(problem)).survives
    True
    """
    named = plan if isinstance(plan, Sequence) else plan.routes
    routes = sorted({int(route) for route in named if 0 <= int(route) < problem.num_routes})
    standing = Standing(problem, routes)
    num_covered = sum(comb(len(standing.groups), size) for size in range(max(problem.max_cuts, 0) + 1))
    levels = sorted({int(level) for level in problem.required_cuts if level >= 0})
    for level in levels:
        entries = [
            sites.tolist()
            for sites, owed in zip(problem.terminals, problem.required_cuts, strict=True)
            if owed >= level
        ]
        cuts = _LevelSearch(standing, entries, level).find_witness()
        if cuts is not None:
            chosen = sorted((standing.cuts[cut] for cut in cuts), key=lambda cut: (cut[1], cut[0]))
            spans, sites = tuple(cut[1] for cut in chosen), tuple(cut[0] for cut in chosen)
            return Verification(False, spans, num_covered, sites)
    way = find_long_way(problem, standing)
    if way is not None:
        sites, spans = zip(standing.cuts[way.cut], strict=True) if way.cut is not None else ((), ())
        return Verification(False, spans, num_covered, sites, way)
    return Verification(True, None, num_covered)


class _LevelSearch:
    """One level: the entries that owe it, and the cuts it allows."""

    def __init__(self, standing: Standing, entries: list[list[int]], level: int) -> None:
        self.entries = entries
        self.level = level
        self.standing = standing
        self.search = PackedSearch(standing, {entries[0][0]} if entries else set())

    def find_witness(self) -> list[int] | None:
        """Groups that separate the entries, at most `level` of them; None where there are none."""
        if len(self.entries) < 2:
            return None
        if self.standing.sites_fall:  # a core would have to outlive its own sites
            self.search.core.clear()
            return self._separate([], self.level, set())
        is_simple = all(len(entry) == 1 for entry in self.entries)
        cuts = self._grow_core(stops=is_simple)
        if is_simple:
            return cuts
        if all(any(site in self.search.core for site in entry) for entry in self.entries):
            return None
        return self._separate([], self.level, set())

    def _grow_core(self, *, stops: bool) -> list[int] | None:
        """Gather the sites that cannot be parted from the root; with `stops` return the first cuts that part one."""
        core = self.search.core
        wanted = {site for entry in self.entries for site in entry}
        reached = self.standing.by_distance(self.entries[0][0])
        if stops and not wanted.issubset(reached):
            return []
        for site in reached:
            if site in wanted and site not in core:
                cuts = self.search.part_from_core([site], self.level)
                if cuts is None:
                    core.add(site)
                elif stops:
                    return cuts
        return None

    def _separate(self, cuts: list[int], budget: int, seen: set[frozenset[int]]) -> list[int] | None:
        """Extend `cuts` by at most `budget` groups so that no component holds all entries; None where impossible."""
        entries = self._entries_left()
        if len(entries) < 2:
            return None
        groups = self._groups_to_cut(entries, budget)
        if groups is None:
            return cuts
        for group in groups if budget else ():
            extended = frozenset((*cuts, group))
            if extended in seen:
                continue
            seen.add(extended)
            self.search.fail(group, 1)
            witness = self._separate([*cuts, group], budget - 1, seen)
            self.search.fail(group, -1)
            if witness is not None:
                return witness
        return None

    def _entries_left(self) -> list[list[int]]:
        """Sites of each entry that have not fallen; entries without any owe nothing."""
        if not self.standing.sites_fall:
            return self.entries
        left = [[site for site in entry if not self.search.has_fallen(site)] for entry in self.entries]
        return [entry for entry in left if entry]

    def _groups_to_cut(self, entries: list[list[int]], budget: int) -> list[int] | None:
        """Groups of which one must be cut so that the entries can be separated; None where they already are."""
        if self.standing.sites_fall:
            tree = self._tree(entries, set())
            return None if tree is None else self.search.hitting(*tree)
        trees = self.search.pack(lambda blocked: _spans(self._tree(entries, blocked)), budget)
        if trees is None:
            return []
        smallest = min(trees, key=len, default=None)
        return None if smallest is None else self.search.hitting(smallest)

    def _tree(self, entries: list[list[int]], blocked: set[int]) -> tuple[list[int], list[int]] | None:
        """Spans that join one site of every entry to one another (the core counts as joined), and those sites."""
        core = sorted(self.search.core)
        for start in [core] + [[site] for site in entries[0] if site not in self.search.core]:
            came = self._reach(start, core, blocked)
            position = {site: rank for rank, site in enumerate(came)}
            joined = [min((s for s in entry if s in came), key=position.__getitem__, default=-1) for entry in entries]
            if min(joined) >= 0:
                spans = dict.fromkeys(span for site in joined for span in walk_back(came, site))
                return list(spans), sorted({*start, *joined})
        return None

    def _reach(self, start: list[int], core: list[int], blocked: set[int]) -> dict[int, tuple[int, int]]:
        """Breadth first: each site reached, in order, with the site and span before it. The core is one site."""
        came: dict[int, tuple[int, int]] = dict.fromkeys(start, (-1, -1))
        order = list(came)
        for here in order:  # grows while it is read
            for other, span in self.standing.neighbours[here]:
                if other not in came and self.search.is_open(span, blocked):
                    came[other] = (here, span)
                    order.append(other)
                    if other in self.search.core:
                        joined = [site for site in core if site not in came]
                        came.update(dict.fromkeys(joined, (-1, -1)))
                        order.extend(joined)
        return came


def _spans(tree: tuple[list[int], list[int]] | None) -> list[int] | None:
    return None if tree is None else tree[0]
