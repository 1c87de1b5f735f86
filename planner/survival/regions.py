"""How many cuts each region survives, with a witness for one more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from planner.problem import IntArray, Problem
from planner.survival.active import ActiveGraph, to_active_graph
from planner.survival.cutsets import CutSet, iter_separating_sets
from planner.survival.damage import Damage
from planner.survival.isolation import Isolation, RegionIndex
from planner.survival.packing import NodesSpent, PackedSearch, Standing, walk_back
from planner.survival.ranking import weigh_spans

_NODES_PER_SITE = 200
_NODES_PER_REGION = 4000
_SPANS_AT_ONCE = 1_000_000  # nodes times spans per number of cuts: a count, not a clock
_MAX_LISTED = 3000
_MAX_WEIGHED = 300_000


@dataclass(frozen=True, slots=True)
class Endurance:
    """What one region survives.

    Parameters
    ----------
    survives
        The largest number of cuts, at most `searched`, after which the region is still in the main component; -1
        when it is not while nothing is cut.
    searched
        Cut sets of up to this size were searched in full.
    witness
        `survives` + 1 cuts that isolate the region, each the sorted spans it severs; None where none was found.
    witness_sites
        Per cut of the witness the sites that fall with it.
    """

    survives: int
    searched: int
    witness: tuple[tuple[int, ...], ...] | None
    witness_sites: tuple[tuple[int, ...], ...] = ()


def find_endurance(problem: Problem, routes: Sequence[int], max_cuts: int) -> list[Endurance]:
    """Per region the number of cuts it survives, counted up to `max_cuts`.

    Parameters
    ----------
    problem
        The problem; regions are numbered by `Problem.region_of`.
    routes
        Indices of the candidate routes that are built.
    max_cuts
        Largest number of simultaneous cuts to try.

    Notes
    -----
    Most witnesses are among the minimal separating sets, which labels list fast. For the rest, per number of cuts, a
    core of sites that so many cuts cannot part is grown. Where regions of more than half of all weight lie wholly in
    it, it stays in the main component, and a region is isolated exactly when all that it needs is parted from the core.
    Else a tree that joins the region to so much weight (or spans the main component) must be hit by one of the cuts,
    and the search branches on those. Where that takes too long, `Endurance.searched` says so.
    """
    standing = Standing(problem, routes)
    index = RegionIndex(problem)
    sites = _entries_by_region(problem)
    found: dict[int, Endurance] = {}
    graph = to_active_graph(problem, routes)
    is_separable = False
    for num_cuts in range(max_cuts + 1):
        listed = _list_sets(problem, graph, num_cuts)
        found.update(_find_listed(problem, graph, index, listed, found))
        # a cut that isolates is a separating set itself, if the network holds while nothing is cut
        is_told_by_list = num_cuts <= 1 and not is_separable and len(listed) < _MAX_LISTED
        is_separable |= bool(listed)
        left = [region for region, entries in enumerate(sites) if entries and region not in found]
        if is_told_by_list or not is_separable or not left:
            continue
        attack = _Attack(standing, index, sites, num_cuts, frozenset(found))
        for region in left:
            cuts, is_complete = attack.isolate(region)
            if cuts is not None:
                chosen = sorted((standing.cuts[cut] for cut in cuts), key=lambda cut: (cut[1], cut[0]))
                spans, taken = tuple(cut[1] for cut in chosen), tuple(cut[0] for cut in chosen)
                found[region] = Endurance(num_cuts - 1, num_cuts, spans, taken)
            elif not is_complete:
                found[region] = Endurance(num_cuts - 1, num_cuts - 1, None)
    return [found.get(region, Endurance(max_cuts, max_cuts, None)) for region in range(len(sites))]


def _entries_by_region(problem: Problem) -> list[list[list[int]]]:
    """Per region the sites of each of its entries."""
    entries: list[list[list[int]]] = [[] for _ in problem.region_weight]
    for region, sites in zip(problem.region_of.tolist(), problem.terminals, strict=True):
        entries[region].append(sites.tolist())
    return entries


def _list_sets(problem: Problem, graph: ActiveGraph, num_cuts: int) -> list[tuple[int, ...]]:
    """Minimal separating sets of one size; of too many those that are known to isolate most."""
    listing = iter_separating_sets(graph, problem.terminals, num_cuts, min_size=num_cuts)
    listed = list(islice(listing, _MAX_LISTED))
    if len(listed) < _MAX_LISTED or np.isnan(weigh_spans(problem, graph, listed)).all():
        return listed
    listed += islice(listing, _MAX_WEIGHED)
    order = np.argsort(-weigh_spans(problem, graph, listed), kind="stable")  # those that are no number come last
    return [listed[place] for place in order[:_MAX_LISTED].tolist()]


def _find_listed(
    problem: Problem,
    graph: ActiveGraph,
    index: RegionIndex,
    listed: Sequence[tuple[int, ...]],
    known: Iterable[int],
) -> dict[int, Endurance]:
    """Witnesses among minimal separating sets of one size: those that isolate a region for the first time."""
    damage = Damage(problem, graph)
    found: dict[int, Endurance] = {}
    is_open = index.num_entries > 0
    is_open[list(known)] = False
    for cut_set in listed:
        isolated = index.isolation(damage.components(cut_set), damage.fallen(cut_set)).is_isolated
        for region in np.flatnonzero(isolated & is_open).tolist():
            found[region] = Endurance(len(cut_set) - 1, len(cut_set), *_name(graph, cut_set))
            is_open[region] = False
        if not is_open.any():
            break
    return found


def _name(graph: ActiveGraph, cut_set: Sequence[int]) -> tuple[CutSet, CutSet]:
    """The spans that each cut severs, and the sites that fall with it, sorted alike."""
    named = sorted(
        (tuple(graph.spans[graph.cuts[cut]].tolist()), tuple(graph.cut_sites[cut].tolist())) for cut in cut_set
    )
    return tuple(spans for spans, _ in named), tuple(sites for _, sites in named)


class _Attack:
    """The search for cut sets of one size that isolate regions."""

    def __init__(
        self,
        standing: Standing,
        index: RegionIndex,
        sites: list[list[list[int]]],
        num_cuts: int,
        known: frozenset[int],
    ) -> None:
        self.standing = standing
        self.index = index
        self.sites = sites
        self.num_cuts = num_cuts
        self.total_weight = float(index.weights[index.num_entries > 0].sum())
        self.terminal_sites = set(index.terminals.items.tolist())
        self.regions_at: dict[int, set[int]] = {}
        for site, entry in zip(index.terminals.items.tolist(), index.terminals.row_of_item.tolist(), strict=True):
            self.regions_at.setdefault(site, set()).add(int(index.region_of[entry]))
        # sites that so many cuts are known to part from the main component
        self.parted = {site for region in known if len(sites[region]) == 1 for site in sites[region][0]}
        self.nodes_left = _SPANS_AT_ONCE // max(1, len(standing.cuts_of_span))
        self.search = None if standing.sites_fall else self._grow_heavy_core()
        self.num_nodes = 0

    def isolate(self, region: int) -> tuple[list[int] | None, bool]:
        """Cuts that isolate a region (None where there are none), and whether the search ran to its end."""
        if self.search is not None:
            # "any" has one entry of several sites, all of which must be parted; "all" has several entries of one site
            for entry in self.sites[region]:
                if not self.search.core.intersection(entry):
                    self.search.nodes_left = self._node_limit(_NODES_PER_REGION)
                    try:
                        cuts = self.search.part_from_core(entry, self.num_cuts)
                    except NodesSpent:
                        return None, False
                    if cuts is not None:
                        return cuts, True
            return None, True
        self.max_nodes = min(_NODES_PER_REGION, self.nodes_left)
        self.num_nodes = 0
        branch = PackedSearch(self.standing, set())
        cuts = self._branch(branch, region, [], self.num_cuts, set())
        self.nodes_left -= self.num_nodes
        return cuts, cuts is not None or self.num_nodes < self.max_nodes

    def _grow_heavy_core(self) -> PackedSearch | None:
        """A core with more than half of all weight, tried from the regions in order of weight; None where none is."""
        by_weight = np.argsort(-self.index.weights, kind="stable")
        tried: set[int] = set()
        for region in by_weight[:3].tolist():
            root = self.sites[region][0][0] if self.sites[region] else None
            if root is None or root in tried:
                continue
            search = PackedSearch(self.standing, {root})
            self._grow(search, root)
            tried |= search.core
            if 2 * self._core_weight(search.core) > self.total_weight:
                return search
        return None

    def _grow(self, search: PackedSearch, root: int) -> None:
        """Gather what stays with the root, as long as it can still come to more than half of all weight."""
        lost_regions: set[int] = set()
        for site in self.standing.by_distance(root):
            if site not in self.terminal_sites:
                continue
            if site not in self.parted and self._is_inseparable(search, site):
                search.core.add(site)
            else:
                lost_regions.update(self.regions_at[site])
                if 2 * float(self.index.weights[list(lost_regions)].sum()) >= self.total_weight:
                    return

    def _is_inseparable(self, search: PackedSearch, site: int) -> bool:
        """Whether a site is known to stay with the core; where that takes too long to tell, it is not."""
        search.nodes_left = self._node_limit(_NODES_PER_SITE)
        try:
            return search.part_from_core([site], self.num_cuts) is None
        except NodesSpent:
            return False

    def _node_limit(self, most: int) -> int:
        """Nodes allowed for one site or region: fewer the larger the network and the more sites it has."""
        size = max(1, len(self.standing.cuts_of_span) * len(self.terminal_sites))
        return max(3, min(most, _SPANS_AT_ONCE // size))

    def _core_weight(self, core: set[int]) -> float:
        """Weight of the regions that lie wholly in the core: no other component can hold them as well."""
        inside = [bool(entries) and all(core.issuperset(entry) for entry in entries) for entries in self.sites]
        return float(self.index.weights[inside].sum())

    def _branch(
        self, search: PackedSearch, region: int, cuts: list[int], budget: int, seen: set[frozenset[int]]
    ) -> list[int] | None:
        self.num_nodes += 1
        component = self._components(search)
        fallen = np.array([search.has_fallen(site) for site in range(len(component))], dtype=bool)
        isolation = self.index.isolation(component, fallen)
        if isolation.is_isolated[region]:
            return cuts
        if budget == 0 or self.num_nodes >= self.max_nodes:
            return None
        if not self._has_sites_left(search, region):
            return None
        for group in search.hitting(*self._tree(search, component, isolation, region)):
            extended = frozenset((*cuts, group))
            if extended in seen:
                continue
            seen.add(extended)
            search.fail(group, 1)
            found = self._branch(search, region, [*cuts, group], budget - 1, seen)
            search.fail(group, -1)
            if found is not None:
                return found
        return None

    def _has_sites_left(self, search: PackedSearch, region: int) -> bool:
        """A region of which every site fell owes nothing, whatever else falls."""
        return any(not search.has_fallen(site) for entry in self.sites[region] for site in entry)

    def _components(self, search: PackedSearch) -> IntArray:
        component = np.full(len(self.standing.neighbours), -1, dtype=np.int64)
        count = 0
        for site in range(len(component)):
            if component[site] < 0:
                component[list(self._reach(search, [site]))] = count
                count += 1
        return component

    def _reach(self, search: PackedSearch, starts: list[int]) -> dict[int, tuple[int, int]]:
        """Breadth first: each site reached, in order, with the site and span it was reached by."""
        came: dict[int, tuple[int, int]] = dict.fromkeys(starts, (-1, -1))
        order = list(came)
        for here in order:  # grows while it is read
            for other, span in self.standing.neighbours[here]:
                if other not in came and search.is_open(span, set()):
                    came[other] = (here, span)
                    order.append(other)
        return came

    def _tree(
        self, search: PackedSearch, component: IntArray, isolation: Isolation, region: int
    ) -> tuple[list[int], list[int]]:
        """Spans and sites of a tree of which one must be cut, those nearest to the region first."""
        left = [[site for site in entry if not search.has_fallen(site)] for entry in self.sites[region]]
        start = next(site for entry in left for site in entry if component[site] == isolation.main)
        came = self._reach(search, [start])
        wanted = self._half_of_the_weight(came, [entry for entry in left if entry])
        leaves = list(came) if wanted is None else wanted
        spans = dict.fromkeys(span for site in leaves for span in reversed(walk_back(came, site)))
        # where the region's own component stays whole, another one may still gain a region that loses sites elsewhere
        elsewhere = self._sites_of_all() if wanted is None and self.standing.sites_fall else []
        return list(spans), [start, *leaves, *elsewhere]

    def _sites_of_all(self) -> list[int]:
        """The sites of regions of which several sites must be held."""
        return sorted({site for entries in self.sites if len(entries) > 1 for entry in entries for site in entry})

    def _half_of_the_weight(self, came: dict[int, tuple[int, int]], needed: list[list[int]]) -> list[int] | None:
        """A site of each entry needed, all sites of the nearest regions up to more than half of all weight; or None.

        A component that wholly holds such regions is the main one, since no other can hold any of them.
        """
        position = {site: rank for rank, site in enumerate(came)}
        own = [min((s for s in entry if s in position), key=position.__getitem__) for entry in needed]
        wholly: list[tuple[int, int, list[int]]] = []
        for other, entries in enumerate(self.sites):
            sites = [site for entry in entries for site in entry]
            if sites and all(site in position for site in sites):
                wholly.append((max(position[site] for site in sites), other, sites))
        weight, wanted = 0.0, own
        for _, other, sites in sorted(wholly):
            if 2 * weight > self.total_weight:
                break
            wanted = wanted + sites
            weight += float(self.index.weights[other])
        return wanted if 2 * weight > self.total_weight else None
