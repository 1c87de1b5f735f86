"""Every minimal set of simultaneous cuts after which no component holds all regions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from planner.problem import BoolArray, IntArray, Problem, Rows
from planner.survival.active import ActiveGraph, to_active_graph
from planner.survival.parting import PartingSets

type CutSet = tuple[tuple[int, ...], ...]
type Watch = Callable[[], None]
"""Called ever and again during a search; what it raises ends the search."""
type CutSetSearch = Callable[[ActiveGraph, Rows, int, int], tuple[list[tuple[int, ...]], dict[int, int]]]
"""What `find_and_count` does, by whatever means."""


def separating_cut_sets(
    problem: Problem, *, cuts: int, routes: Sequence[int] = (), level: int | None = None, limit: int | None = None
) -> list[CutSet]:
    """Every minimal cut set of at most `cuts` cuts that separates regions.

    Parameters
    ----------
    problem
        The problem.
    cuts
        Largest number of simultaneous cuts.
    routes
        Indices of the candidate routes that are built.
    level
        Only the regions that require this level or more count; all of them unless given.
    limit
        The largest number of sets to give; those left out are no smaller than those given.

    Returns
    -------
    list of tuples of tuples of int
        Each cut set as sorted tuples of the spans that each cut severs; smaller sets first, then in order. A
        network that is separated while nothing is cut gives ``[()]``.

    Notes
    -----
    A set separates when no one component of what is left holds every region that counts. Cuts are the
    inclusion-maximal risk groups among existing and chosen spans. Labels find the sets (see `labels`); regions of
    several sites need care: a set may be a union of cuts that part sites harmlessly one by one, so harmless ones
    are failed first and the rest is searched with the cuts left. So are cuts that take sites.

    Examples
    --------
    >>> planner.separating_cut_sets(problem, cuts=1)
    [((0,),), ((1, 2),)]
    >>> planner.separating_cut_sets(problem, cuts=2, routes=[3])
    [((0,), (1, 2)), ((0,), (3,)), ((1, 2), (3,))]
    """
    found = islice(iter_separating_cut_sets(problem, cuts=cuts, routes=routes, level=level), limit)
    return sorted(found, key=lambda cut_set: (len(cut_set), cut_set))


def iter_separating_cut_sets(
    problem: Problem, *, cuts: int, routes: Sequence[int] = (), level: int | None = None
) -> Iterator[CutSet]:
    """The sets of `separating_cut_sets` one by one, smaller ones first, in an order that is always the same.

    Where every region is one site and no site falls, they are found as they are asked for and none is kept, so that
    memory stays small however many there are. A ring of n spans has n (n - 1) / 2 pairs.

    Parameters
    ----------
    problem, cuts, routes, level
        As for `separating_cut_sets`.

    Examples
    --------
    >>> next(planner.iter_separating_cut_sets(problem, cuts=1))
    ((0,),)
    """
    graph = to_active_graph(problem, routes)
    for cut_set in iter_separating_sets(graph, terminals_at_level(problem, level), cuts):
        yield graph.name(cut_set)


@dataclass(frozen=True, slots=True)
class CutSetCount:
    """How many minimal separating cut sets there are.

    Parameters
    ----------
    by_size
        Number of cuts to number of sets.
    is_exact
        False where the limit was reached: then there are at least so many.

    Examples
    --------
    >>> planner.count_separating_cut_sets(problem, cuts=2)
    CutSetCount(by_size={0: 0, 1: 2, 2: 0}, is_exact=True)
    """

    by_size: dict[int, int]
    is_exact: bool


def count_separating_cut_sets(
    problem: Problem, *, cuts: int, routes: Sequence[int] = (), level: int | None = None, limit: int | None = None
) -> CutSetCount:
    """Count the sets of `separating_cut_sets` without listing them.

    Where every region is one site and no site falls, single cuts and pairs are counted from the sizes of the classes of
    spans with equal labels; other sets one by one.

    Parameters
    ----------
    problem, cuts, routes, level
        As for `separating_cut_sets`.
    limit
        Per size, the number of sets counted one by one after which the counting stops; none unless given.

    Examples
    --------
    >>> planner.count_separating_cut_sets(problem, cuts=2).by_size
    {0: 0, 1: 2, 2: 0}
    """
    return count_separating_sets(to_active_graph(problem, routes), terminals_at_level(problem, level), cuts, limit)


def terminals_at_level(problem: Problem, level: int | None) -> Rows:
    """The entries of `Problem.terminals` that require `level` or more; all of them for None."""
    if level is None:
        return problem.terminals
    return problem.terminals.select(np.flatnonzero(problem.required_cuts >= level))


def find_separating_sets(
    graph: ActiveGraph, terminals: Rows, max_size: int, *, limit: int | None = None, watch: Watch | None = None
) -> list[tuple[int, ...]]:
    """Minimal separating sets of cut numbers of `graph`, in order of size, then of their numbers.

    Parameters
    ----------
    graph
        Spans that stand and their cuts.
    terminals
        Per requirement its sites, any one of which suffices.
    max_size
        Largest number of cuts.
    limit
        Largest number of sets; those left out are no smaller.
    watch
        Called ever and again; what it raises ends the search.
    """
    found = islice(iter_separating_sets(graph, terminals, max_size, watch=watch), limit)
    return sorted(found, key=lambda cut_set: (len(cut_set), cut_set))


def iter_separating_sets(
    graph: ActiveGraph, terminals: Rows, max_size: int, *, min_size: int = 0, watch: Watch | None = None
) -> Iterator[tuple[int, ...]]:
    """The same one by one, in order of size, leaving out those of fewer than `min_size` cuts."""
    watch = watch or _nobody_watches
    state = NetworkState.of(graph, terminals)
    if not state.is_live.any():
        yield from [()][min_size:]
    elif state.every_parting_separates and not len(graph.falling_cuts):
        parting = PartingSets(graph, state.matters)
        for size in range(max(min_size, 1), max_size + 1):
            for block in parting.blocks(size):
                watch()
                yield from map(tuple, block.tolist())
    else:
        yield from _iter_mixed(graph, terminals, max_size, min_size, watch)


def _nobody_watches() -> None:
    return None


def find_and_count(
    graph: ActiveGraph, terminals: Rows, max_size: int, limit: int
) -> tuple[list[tuple[int, ...]], dict[int, int]]:
    """At most `limit` of the sets that `find_separating_sets` gives, and how many there are of each size."""
    found = find_separating_sets(graph, terminals, max_size, limit=limit + 1)
    if len(found) > limit:
        return found[:limit], count_separating_sets(graph, terminals, max_size).by_size
    sizes = [len(cut_set) for cut_set in found]
    return found, {size: sizes.count(size) for size in range(max_size + 1)}


def count_separating_sets(graph: ActiveGraph, terminals: Rows, max_size: int, limit: int | None = None) -> CutSetCount:
    """How many sets `find_separating_sets` gives; see `count_separating_cut_sets`."""
    state = NetworkState.of(graph, terminals)
    by_size, is_exact = dict.fromkeys(range(max_size + 1), 0), True
    if not state.is_live.any():
        by_size[0] = 1
    elif state.every_parting_separates and not len(graph.falling_cuts):
        parting = PartingSets(graph, state.matters)
        for size in range(1, max_size + 1):
            by_size[size], is_all = parting.count(size, limit)
            is_exact &= is_all
    else:
        for cut_set in iter_separating_sets(graph, terminals, max_size):
            by_size[len(cut_set)] += 1
            if by_size[len(cut_set)] == limit:
                return CutSetCount(by_size, is_exact=False)
    return CutSetCount(by_size, is_exact)


@dataclass(frozen=True, eq=False)
class NetworkState:
    """What is left of a network: components, the ones that hold all, the sites of those that matter."""

    component: IntArray
    left: Rows
    is_live: BoolArray
    matters: BoolArray
    every_parting_separates: bool

    @classmethod
    def of(cls, graph: ActiveGraph, terminals: Rows) -> NetworkState:
        """Look at a network as it stands."""
        component = components(graph)
        left = graph.surviving(terminals)
        is_live = holds_all(component, left)
        matters = np.zeros(graph.num_sites, dtype=bool)
        matters[left.items] = is_live[component][left.items]
        num_live = np.bincount(left.row_of_item, weights=matters[left.items])
        return cls(component, left, is_live, matters, bool((num_live == 1).all()))


def _iter_mixed(
    graph: ActiveGraph, terminals: Rows, max_size: int, min_size: int, watch: Watch
) -> Iterator[tuple[int, ...]]:
    """Where unions of harmless cuts may separate, or sites fall: size by size, so that smaller sets are known."""
    known: set[tuple[int, ...]] = set()
    for size in range(1, max_size + 1):
        for cut_set in _search(graph, terminals, size, (), set(), watch):
            if len(cut_set) == size and cut_set not in known and not holds_any(cut_set, known):
                known.add(cut_set)
                if size >= min_size:
                    yield cut_set


def search_numbered(
    graph: ActiveGraph, terminals: Rows, max_size: int, number: int, num_parts: int
) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Of a connected network the sets that `_search` yields, each with the number of the first step to it.

    Only steps whose remainder by `num_parts` is `number` are gone: those of all parts are all there are.
    """
    state, seen = NetworkState.of(graph, terminals), set[tuple[int, ...]]()
    for step, (failed, rest, left) in enumerate(_first_steps(graph, terminals, state, max_size)):
        if step % num_parts == number and failed not in seen:
            seen.add(failed)
            for cut_set in _search(rest(), left, max_size - len(failed), failed, seen, _nobody_watches):
                yield step, cut_set


def _first_steps(
    graph: ActiveGraph, terminals: Rows, state: NetworkState, max_size: int
) -> Iterator[tuple[tuple[int, ...], Callable[[], ActiveGraph], Rows]]:
    """What `_search` fails first: the cuts, the graph without them, and whose sites still count."""
    for cut in graph.falling_cuts.tolist():
        yield (cut,), partial(graph.without, cut), terminals
    plain = graph.only_spans_fail() if len(graph.falling_cuts) else graph
    parting = PartingSets(plain, state.matters)
    for size in range(1, max_size + 1):
        for cut_set in (cuts for block in parting.blocks(size) for cuts in block.tolist()):
            yield tuple(cut_set), partial(_without, plain, cut_set), state.left


def _without(graph: ActiveGraph, cuts: Sequence[int]) -> ActiveGraph:
    for cut in cuts:
        graph = graph.without(cut)
    return graph


def _search(
    graph: ActiveGraph,
    terminals: Rows,
    max_size: int,
    failed: tuple[int, ...],
    seen: set[tuple[int, ...]],
    watch: Watch,
) -> Iterator[tuple[int, ...]]:
    """Extend the cuts that `failed` already took out of `graph` by up to `max_size` more; sets may come twice."""
    watch()
    state = NetworkState.of(graph, terminals)
    if not state.is_live.any():
        yield failed
        return
    if max_size == 0:
        return
    for cut in graph.falling_cuts.tolist():
        union = tuple(sorted((*failed, cut)))
        if cut not in failed and union not in seen:
            seen.add(union)
            yield from _search(graph.without(cut), terminals, max_size - 1, union, seen, watch)
    plain = graph.only_spans_fail() if len(graph.falling_cuts) else graph
    yield from _search_spans(plain, state, max_size, failed, seen, watch)


def _search_spans(
    graph: ActiveGraph,
    state: NetworkState,
    max_size: int,
    failed: tuple[int, ...],
    seen: set[tuple[int, ...]],
    watch: Watch,
) -> Iterator[tuple[int, ...]]:
    """Extend `failed` by cuts that take no site."""
    parting = PartingSets(graph, state.matters)
    for size in range(1, max_size + 1):
        for cut_set in (cuts for block in parting.blocks(size) for cuts in block.tolist()):
            union = tuple(sorted((*failed, *cut_set)))
            if state.every_parting_separates:
                yield union
            elif union not in seen:
                seen.add(union)
                yield from _search(_without(graph, cut_set), state.left, max_size - size, union, seen, watch)


def holds_any(cut_set: tuple[int, ...], known: set[tuple[int, ...]]) -> bool:
    """Whether a smaller known set is part of a set."""
    return any(part in known for part in _proper_subsets(cut_set))


def _proper_subsets(cut_set: tuple[int, ...]) -> Iterable[tuple[int, ...]]:
    for mask in range((1 << len(cut_set)) - 1):
        yield tuple(cut for position, cut in enumerate(cut_set) if mask >> position & 1)


def components(graph: ActiveGraph, cut_set: Sequence[int] = ()) -> IntArray:
    """(num_sites,) the component of each site after the given cuts."""
    graph = _without(graph, cut_set)
    ones = np.ones(len(graph.ends), dtype=np.int8)
    shape = (graph.num_sites, graph.num_sites)
    matrix = sparse.csr_matrix((ones, (graph.ends[:, 0], graph.ends[:, 1])), shape=shape)
    component: IntArray = csgraph.connected_components(matrix, directed=False)[1].astype(np.int64)
    return component


def holds_all(component: IntArray, terminals: Rows) -> BoolArray:
    """Per component, whether it holds at least one site of every entry."""
    num_components = int(component.max(initial=-1)) + 1
    held = np.unique(component[terminals.items] * len(terminals) + terminals.row_of_item)
    is_live: BoolArray = np.bincount(held // max(1, len(terminals)), minlength=num_components) == len(terminals)
    return is_live
