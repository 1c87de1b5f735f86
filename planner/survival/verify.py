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
        True when no cut set within the requirement separates regions.
    witness
        Where it does not survive: cuts that separate, each the sorted spans it severs; else None.
    cut_sets_covered
        How many cut sets of inclusion-maximal risk groups the verdict speaks of, up to the largest level.
    """

    survives: bool
    witness: tuple[tuple[int, ...], ...] | None
    cut_sets_covered: int


def verify(problem: Problem, plan: HasRoutes | Sequence[int]) -> Verification:
    """Re-prove that a plan meets every requirement, whatever it claims of itself.

    Parameters
    ----------
    problem
        The problem.
    plan
        A plan, or route indices. Routes that do not exist are taken as not built.
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
            return Verification(False, tuple(sorted(standing.groups[cut] for cut in cuts)), num_covered)
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
        root = self.entries[0][0]
        core = self.search.core
        wanted = {site for entry in self.entries for site in entry}
        is_simple = all(len(entry) == 1 for entry in self.entries)
        for site in self.standing.by_distance(root):
            if site in wanted and site not in core:
                cuts = self.search.part_from_core([site], self.level)
                if cuts is None:
                    core.add(site)
                elif is_simple:
                    return cuts
        if is_simple:
            missing = any(entry[0] not in core for entry in self.entries)
            return [] if missing else None
        if all(any(site in core for site in entry) for entry in self.entries):
            return None
        return self._separate([], self.level, set())

    def _separate(self, cuts: list[int], budget: int, seen: set[frozenset[int]]) -> list[int] | None:
        """Extend `cuts` by at most `budget` groups so that no component holds all entries; None where impossible."""
        trees = self.search.pack(self._tree, budget)
        if trees is None:
            return None
        if not trees:
            return cuts
        if budget == 0:
            return None
        for group in self.search.hitting(min(trees, key=len)):
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

    def _tree(self, blocked: set[int]) -> list[int] | None:
        """Spans that join one site of every entry to one another (the core counts as joined), or None."""
        core = self.search.core
        starts = [sorted(core)] + [[site] for site in self.entries[0] if site not in core]
        for start in starts:
            came: dict[int, tuple[int, int]] = dict.fromkeys(start, (-1, -1))
            order = list(came)
            for here in order:  # grows while it is read: breadth first
                for other, span in self.standing.neighbours[here]:
                    if other not in came and self.search.is_open(span, blocked):
                        came[other] = (here, span)
                        order.append(other)
                        if other in core:
                            joined = [site for site in starts[0] if site not in came]
                            came.update(dict.fromkeys(joined, (-1, -1)))
                            order.extend(joined)
            position = {site: rank for rank, site in enumerate(order)}
            nearest = [
                min((site for site in entry if site in came), key=position.__getitem__, default=None)
                for entry in self.entries
            ]
            if None not in nearest:
                return list(
                    dict.fromkeys(span for site in nearest if site is not None for span in walk_back(came, site))
                )
        return None
