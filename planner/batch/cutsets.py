"""Every separating cut set of one network, searched for in parts by an engine."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planner.batch.engine import Lost
from planner.errors import PlannerError
from planner.progress import Progress
from planner.survival.active import to_active_graph
from planner.survival.cutsets import CutSet, CutSetCount, CutSetSearch, terminals_at_level
from planner.survival.split import FoundPart, SplitSearch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.batch.engine import Engine
    from planner.problem import Problem, Rows
    from planner.survival.active import ActiveGraph


class LostPartError(PlannerError):
    """A part of the search was given up: the processes that had it died."""


@dataclass(frozen=True, slots=True)
class FoundCutSets:
    """Minimal separating cut sets and their number.

    Parameters
    ----------
    cut_sets
        As `planner.separating_cut_sets` gives them.
    count
        As `planner.count_separating_cut_sets` counts them; always exact.
    """

    cut_sets: list[CutSet]
    count: CutSetCount


def find_cut_sets(
    problem: Problem,
    *,
    cuts: int,
    routes: Sequence[int] = (),
    level: int | None = None,
    limit: int | None = None,
    engine: Engine | None = None,
    num_parts: int | None = None,
    progress: Progress | None = None,
) -> FoundCutSets:
    """The list of `planner.separating_cut_sets` and how many sets there are, searched for in parts side by side.

    Parameters
    ----------
    problem, cuts, routes, level, limit
        As of `planner.separating_cut_sets`.
    engine
        Runs the parts, as `planner.batch.make_engine` makes it; one after the other in this process unless given.
    num_parts
        Into how many parts each size of set is split; by the size of the network unless given. The result is the same.
    progress
        Told how many parts are done.

    Raises
    ------
    LostPartError
        When a part was given up because the processes that had it were killed.

    Notes
    -----
    Parts are ranges of the first cut. A part gives back its exact number of sets and no more of them than `limit`.
    Where regions have several sites, or sites fall, a part gives back all that it found, and these are kept in memory,
    as in the search in one piece.
    """
    graph = to_active_graph(problem, routes)
    sets, by_size = search_in_parts(
        graph, terminals_at_level(problem, level), cuts, limit, engine=engine, num_parts=num_parts, progress=progress
    )
    named = sorted((graph.name(cut_set) for cut_set in sets), key=lambda cut_set: (len(cut_set), cut_set))
    return FoundCutSets(named, CutSetCount(by_size, is_exact=True))


def search_in_parts(
    graph: ActiveGraph,
    terminals: Rows,
    max_size: int,
    limit: int | None,
    *,
    engine: Engine | None = None,
    num_parts: int | None = None,
    progress: Progress | None = None,
) -> tuple[list[tuple[int, ...]], dict[int, int]]:
    """The same for a graph and numbers of its cuts."""
    search = SplitSearch.of(graph, terminals, max_size, limit)
    parts = search.parts(num_parts)
    progress = progress or Progress()
    found: dict[Any, FoundPart] = {}
    runner = _Here() if engine is None else engine
    with closing(runner.run(SplitSearch.run, parts, (search,))) as results:  # type: ignore[type-var]
        for part, result in results:
            if isinstance(result, Lost):
                raise LostPartError(f"the search for cut sets was given up: {result.message}")
            found[part] = result
            progress.tell("cut sets", parts=f"{len(found)} of {len(parts)}")
    return search.put_together([found[part] for part in parts])


def to_search(engine: Engine | None, progress: Progress | None = None) -> CutSetSearch:
    """What `planner.audit` takes as `search`: by an engine, which serves once, or in this process for None."""

    def search(
        graph: ActiveGraph, terminals: Rows, max_size: int, limit: int
    ) -> tuple[list[tuple[int, ...]], dict[int, int]]:
        sets, by_size = search_in_parts(graph, terminals, max_size, limit + 1, engine=engine, progress=progress)
        return sets[:limit], by_size  # sorted before the last is dropped, as in `find_and_count`

    return search


class _Here:
    """Runs tasks in this process, one after the other."""

    num_workers = 1

    def run(self, work: Any, tasks: Sequence[Any], shared: tuple[Any, ...] = ()) -> Any:
        """See `Engine.run`."""
        return ((task, work(*shared, task)) for task in tasks)
