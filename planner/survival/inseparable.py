"""Sites that no few cuts part: where more ways than cuts join them, of which no cut severs two."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from planner.problem import IntArray
from planner.survival.active import ActiveGraph

_MAX_FLOWS = 3000


def find_inseparable(graph: ActiveGraph, num_cuts: int, max_flows: int = _MAX_FLOWS) -> IntArray:
    """(p, 2) pairs of sites that no `num_cuts` cuts part, as many as join each class of such sites.

    Parameters
    ----------
    graph
        The graph and its cuts. Where cuts take sites, no pair is given.
    num_cuts
        Number of cuts.
    max_flows
        So many flows are tried; pairs that they did not come to are not given.

    Notes
    -----
    Maximum flows over spans of which each cut severs at most one, each counted once: a flow of more than `num_cuts`
    cannot be cut. To be joined by that much is transitive, so a site is compared with one site of each class.
    """
    pairs: list[tuple[int, int]] = []
    if len(graph.falling_cuts):
        return np.array(pairs, dtype=np.int64).reshape(-1, 2)
    capacity = _to_capacity(graph, num_cuts)
    num_ways = capacity.sum(axis=1)
    first_of_class: list[int] = []
    num_flows = 0
    for site in np.flatnonzero(num_ways > num_cuts).tolist():
        for other in first_of_class:
            num_flows += 1
            if csgraph.maximum_flow(capacity, site, other).flow_value > num_cuts:
                pairs.append((other, site))
                break
        else:
            first_of_class.append(site)
        if num_flows > max_flows:
            break
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def _to_capacity(graph: ActiveGraph, num_cuts: int) -> sparse.csr_array:
    """Ways between neighbouring sites: one per span, more than can be cut where a span is hardened."""
    ways = np.zeros(len(graph.ends), dtype=np.int32)
    is_cuttable = np.zeros(len(graph.ends), dtype=bool)
    is_cuttable[graph.cuts.items] = True
    ways[~is_cuttable] = num_cuts + 1
    is_used = np.zeros(len(graph.cuts), dtype=bool)
    cuts_of_span: list[list[int]] = [[] for _ in graph.ends]
    for cut, span in zip(graph.cuts.row_of_item.tolist(), graph.cuts.items.tolist(), strict=True):
        cuts_of_span[span].append(cut)
    for span in sorted(np.flatnonzero(is_cuttable).tolist(), key=lambda span: (len(cuts_of_span[span]), span)):
        if not is_used[cuts_of_span[span]].any():
            is_used[cuts_of_span[span]] = True
            ways[span] = 1
    is_kept = (ways > 0) & (graph.ends[:, 0] != graph.ends[:, 1])
    a, b = graph.ends[is_kept].T
    both = np.tile(ways[is_kept], 2)
    shape = (graph.num_sites, graph.num_sites)
    capacity = sparse.coo_array((both, (np.concatenate((a, b)), np.concatenate((b, a)))), shape=shape).tocsr()
    capacity.sum_duplicates()
    return capacity.astype(np.int32)
