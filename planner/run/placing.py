"""Cut sets put on the map: where to cut, what it severs, whom it isolates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planner.errors import Fault, InputError
from planner.network import Network
from planner.problem import BoolArray, IntArray, Problem
from planner.result import PlacedCutSet, RegionSurvival, Survival
from planner.risk.model import RiskGroups
from planner.survival.active import ActiveGraph, to_active_graph
from planner.survival.cutsets import CutSet, CutSetSearch, components, find_and_count
from planner.survival.isolation import RegionIndex
from planner.survival.ranking import rank_cut_sets
from planner.survival.regions import find_endurance

LISTED_CUTS = 2
_MOST_LISTED_CUTS = 6
_MAX_LISTED = 5000
_MAX_WEIGHED = 10_000
_MAX_SITES = 2_000_000  # in all sets listed


class Placer:
    """Turns cut sets of spans into places on the map.

    Parameters
    ----------
    problem, network, risk_groups
        The same study as numbers, as frames, and what one cut severs.
    """

    def __init__(self, problem: Problem, network: Network, risk_groups: RiskGroups) -> None:
        self.problem = problem
        self.region_ids: list[str] = network.regions["region_id"].tolist()
        self._index = RegionIndex(problem)
        self._places = risk_groups.places
        self._group_of_cut = GroupFinder(risk_groups)

    def place(self, cuts: CutSet, sites: CutSet, graph: ActiveGraph) -> PlacedCutSet:
        """Put cuts on the map, each given as the spans of `graph` that it severs and the sites that fall with it."""
        groups = tuple(sorted(map(self._group_of_cut, cuts, sites or ((),) * len(cuts))))
        severed = np.unique(np.array([span for spans in cuts for span in spans], dtype=np.int64))
        fallen = graph.fallen.copy()
        fallen[[site for taken in sites for site in taken]] = True
        component = components(graph.keeping(~np.isin(graph.spans, severed)))
        places = tuple((float(x), float(y)) for x, y in self._places[list(groups)])
        return self.place_at(component, severed, groups, places, fallen)

    def place_numbered(self, cut_set: Sequence[int], graph: ActiveGraph) -> PlacedCutSet:
        """The same for cuts given by their numbers in `graph`."""
        spans = tuple(tuple(graph.spans[graph.cuts[cut]].tolist()) for cut in cut_set)
        return self.place(spans, tuple(tuple(graph.cut_sites[cut].tolist()) for cut in cut_set), graph)

    def place_at(
        self,
        component: IntArray,
        severed: IntArray,
        groups: tuple[int, ...] = (),
        places: tuple[tuple[float, float], ...] = (),
        fallen: BoolArray | None = None,
    ) -> PlacedCutSet:
        """Describe what is left after cuts, from the component of each site and the sites that fell."""
        has_fallen = np.zeros(len(component), dtype=bool) if fallen is None else fallen
        isolation = self._index.isolation(component, has_fallen)
        isolated = sorted(self.region_ids[region] for region in np.flatnonzero(isolation.is_isolated))
        sites = np.flatnonzero((component != isolation.main) & ~has_fallen)
        return PlacedCutSet(
            groups,
            places,
            tuple(severed.tolist()),
            tuple(isolated),
            isolation.weight,
            tuple(sites.tolist()),
            tuple(np.flatnonzero(has_fallen).tolist()),
        )


class GroupFinder:
    """Finds the risk group of a cut on a network with fewer routes: it takes the same sites, and severs as much."""

    def __init__(self, risk_groups: RiskGroups) -> None:
        self._groups = [frozenset(spans) for spans in risk_groups.spans]
        self._sites = risk_groups.sites or ((),) * len(self._groups)
        self._groups_of_span: dict[int, list[int]] = {}
        self._groups_of_sites: dict[tuple[int, ...], list[int]] = {}
        for group, (spans, sites) in enumerate(zip(risk_groups.spans, self._sites, strict=True)):
            for span in spans:
                self._groups_of_span.setdefault(span, []).append(group)
            if sites:
                self._groups_of_sites.setdefault(sites, []).append(group)

    def __call__(self, spans: Sequence[int], sites: Sequence[int]) -> int:
        """Index of the group."""
        wanted = frozenset(spans)
        near = self._groups_of_sites[tuple(sites)] if sites else self._groups_of_span[spans[0]]
        alike = [group for group in near if self._sites[group] == tuple(sites)]
        # with sites that fall the cut also severs what enters them, which the group need not name
        return min(alike, key=lambda group: (-len(wanted & self._groups[group]), len(self._groups[group]), group))


def check_listed(cuts: int) -> None:
    """Refuse a size of listed cut sets that is none, or that no search comes to the end of."""
    if not 1 <= cuts <= _MOST_LISTED_CUTS:
        raise InputError(
            [Fault("--cuts", f"is {cuts}", f"give the largest size of set to list, 1 to {_MOST_LISTED_CUTS}")]
        )


def find_survival(
    placer: Placer,
    routes: Sequence[int],
    max_cuts: int,
    *,
    listed_cuts: int = LISTED_CUTS,
    search: CutSetSearch = find_and_count,
) -> Survival:
    """What cuts do to the existing network with the given routes built.

    Parameters
    ----------
    placer
        Knows the problem and the map.
    routes
        Indices of the candidate routes that are built.
    max_cuts
        Per region cut sets of up to this size are searched.
    listed_cuts
        Cut sets of up to this size are counted, and the heaviest listed.
    search
        Finds and counts them.
    """
    problem = placer.problem
    graph = to_active_graph(problem, routes)
    found, by_size = search(graph, problem.terminals, listed_cuts, _MAX_WEIGHED)
    placed = _place_heaviest(placer, graph, found)
    placed.sort(key=lambda cut_set: (-cut_set.isolated_weight, len(cut_set.groups), cut_set.groups))
    return Survival(
        regions=_find_regions(placer, graph, routes, max_cuts),
        cut_sets=tuple(placed),
        num_cut_sets=by_size,
    )


def _place_heaviest(placer: Placer, graph: ActiveGraph, found: Sequence[tuple[int, ...]]) -> list[PlacedCutSet]:
    """The heaviest sets, as many as may be listed with the sites that they isolate."""
    placed: list[PlacedCutSet] = []
    num_sites = 0
    for _, cut_set in rank_cut_sets(placer.problem, graph, found)[:_MAX_LISTED]:
        one = placer.place_numbered(cut_set, graph)
        num_sites += len(one.isolated_sites)
        if placed and num_sites > _MAX_SITES:
            break
        placed.append(one)
    return placed


def _find_regions(
    placer: Placer, graph: ActiveGraph, routes: Sequence[int], max_cuts: int
) -> tuple[RegionSurvival, ...]:
    endured = find_endurance(placer.problem, routes, max_cuts)
    placed: dict[tuple[CutSet, CutSet], PlacedCutSet] = {}
    for endurance in endured:
        key = (endurance.witness or (), endurance.witness_sites)
        if endurance.witness is not None and key not in placed:
            placed[key] = placer.place(*key, graph)
    return tuple(
        RegionSurvival(
            region_id=placer.region_ids[region],
            survives=endurance.survives,
            searched=endurance.searched,
            witness=None if endurance.witness is None else placed[endurance.witness, endurance.witness_sites],
        )
        for region, endurance in enumerate(endured)
    )
