"""Lays routes where the audit of the existing network says that they are needed: across its separating cut sets."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from planner.candidates.lay import AVOID_FACTOR, MAX_SHARED, Laid, RouteLayer
from planner.network.model import Network
from planner.problem import Problem
from planner.survival.cutsets import iter_separating_cut_sets

ACROSS = "across a cut set"

# so many cut sets are looked at, the smaller ones first
_MAX_SETS = 2000
# and from each side that they part, so many routes are laid, to different sites
_PER_SIDE = 3


def lay_across(layer: RouteLayer, network: Network, problem: Problem) -> list[Laid]:
    """Lay the cheapest routes from what separating cut sets part to the rest.

    Parameters
    ----------
    layer
        Lays routes over the corridors.
    network, problem
        The network as it is.

    Returns
    -------
    list
        Routes in the order of the sides that they lead out of; each once.
    """
    found: dict[tuple[int, ...], Laid] = {}
    for side, cut in find_sides(network, problem):
        for laid in _lay_out_of(layer, side, cut):
            found.setdefault(tuple(sorted(laid.path.sections)), laid)
    return list(found.values())


def find_sides(network: Network, problem: Problem) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Each set of sites that a separating cut set parts from the rest, once, with the spans that it severs."""
    ends = network.spans[["a", "b"]].to_numpy(dtype=np.int64)
    is_existing = ~network.spans["is_candidate"].to_numpy(dtype=bool)
    levels = max(problem.max_cuts, 0)
    seen: set[tuple[int, ...]] = set()
    for cut_set in islice(iter_separating_cut_sets(problem, cuts=levels), _MAX_SETS):
        cut = tuple(sorted({span for one in cut_set for span in one}))
        is_left = is_existing.copy()
        is_left[list(cut)] = False
        graph = coo_array((np.ones(is_left.sum()), ends[is_left].T), shape=(problem.num_sites, problem.num_sites))
        _, part = connected_components(graph, directed=False)
        # the largest part, the first of equal ones, is the rest
        main = int(np.argmax(np.bincount(part)))
        for number in range(int(part.max()) + 1):
            side = tuple(np.flatnonzero(part == number).tolist())
            if number != main and side not in seen:
                seen.add(side)
                yield side, cut


def _lay_out_of(layer: RouteLayer, side: tuple[int, ...], cut: tuple[int, ...]) -> Iterator[Laid]:
    finder = layer.finder
    reached = finder.junction_of
    sources = np.array([reached[site] for site in side if site in reached], dtype=np.int64)
    targets = np.array([at for site, at in sorted(reached.items()) if site not in side], dtype=np.int64)
    if not len(sources) or not len(targets):
        return
    # sites on the way are no obstacle: the way begins at the last of this side and ends at the first of the other
    forbidden = np.zeros(len(finder), dtype=bool)
    beside = layer.find_beside_spans(cut)
    num = 0
    for path in finder.find_way_out(sources, targets, forbidden=forbidden, avoided=beside, factor=AVOID_FACTOR):
        passed = [site for site in finder.site_of[list(path.junctions[1:-1])].tolist() if site >= 0]
        length_m = finder.length_m[list(path.sections)]
        is_shared = length_m[beside[list(path.sections)]].sum() > MAX_SHARED * length_m.sum()
        if passed or is_shared or layer.doubles_back(path):
            continue
        a, b = sorted(finder.site_of[[path.junctions[0], path.junctions[-1]]].tolist())
        yield Laid(a, b, path if finder.site_of[path.junctions[0]] == a else path.turned(), ACROSS)
        num += 1
        if num == _PER_SIDE:
            return
