"""The search for separating cut sets in parts that any process may do, and their results put together again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice

from planner.problem import Rows
from planner.survival.active import ActiveGraph
from planner.survival.cutsets import NetworkState, holds_any, search_numbered
from planner.survival.parting import Part, PartingSets

_MAX_PARTS = 1024
_PAIRS_PER_PART = 1e8  # about a second of joining
_CUTS_PER_PART = 50  # of those that are failed first, or where regions have several sites

type Numbered = tuple[int, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class MixedPart:
    """Of the sets of one size every so manyth first step of the search, where unions of harmless cuts may separate."""

    size: int
    number: int
    num_parts: int


@dataclass(frozen=True, slots=True)
class FoundPart:
    """What one part came to.

    Parameters
    ----------
    part
        The part.
    num_sets
        Number of sets in it; of a `MixedPart` only those listed, which need not be minimal.
    sets
        The sets, the first of them where there is a limit, each with the number of the step that led to it.
    """

    part: Part | MixedPart
    num_sets: int
    sets: list[Numbered]


@dataclass(frozen=True, eq=False)
class SplitSearch:
    """What every part needs; sent to a process once.

    Parameters
    ----------
    graph, terminals, max_size
        As for `planner.survival.cutsets.find_separating_sets`.
    limit
        Largest number of sets that are listed.
    parting
        The words of the cuts, where every cut set that parts sites separates; None where the search is mixed.
    is_apart
        Whether the network is separated while nothing is cut.
    """

    graph: ActiveGraph
    terminals: Rows
    max_size: int
    limit: int | None
    parting: PartingSets | None
    is_apart: bool

    @classmethod
    def of(cls, graph: ActiveGraph, terminals: Rows, max_size: int, limit: int | None) -> SplitSearch:
        """Label the spans and make the words."""
        state = NetworkState.of(graph, terminals)
        is_apart = not state.is_live.any()
        is_plain = state.every_parting_separates and not len(graph.falling_cuts) and not is_apart
        parting = PartingSets(graph, state.matters) if is_plain else None
        return cls(graph, terminals, max_size, limit, parting, is_apart)

    def parts(self, num_parts: int | None = None) -> list[Part] | list[MixedPart]:
        """The parts, in the order in which `put_together` takes them; their number changes nothing in the result."""
        if self.is_apart:
            return []
        sizes = range(1, self.max_size + 1)
        if self.parting is not None:
            return [part for size in sizes for part in self.parting.parts(size, num_parts or self._num_parts())]
        num = num_parts or min(_MAX_PARTS, 1 + len(self.graph.cuts) // _CUTS_PER_PART)
        return [MixedPart(size, number, num) for size in sizes for number in range(num)]

    def _num_parts(self) -> int:
        num_cuts = len(self.graph.cuts)
        num_steps = num_cuts / _CUTS_PER_PART if self.max_size > 4 else num_cuts**2 / 2 / _PAIRS_PER_PART
        return 1 + min(_MAX_PARTS - 1, int(num_steps))

    def run(self, part: Part | MixedPart) -> FoundPart:
        """Search one part."""
        if isinstance(part, MixedPart):
            steps = search_numbered(self.graph, self.terminals, part.size, part.number, part.num_parts)
            sets = list(_drop_repeats((step, one) for step, one in steps if len(one) == part.size))
            return FoundPart(part, len(sets), sets)
        assert self.parting is not None
        if part.is_join and part.size <= 2:  # these are counted without being listed
            direct = (cut_set for block in self.parting.blocks_of(part) for cut_set in block.tolist())
            listed = [(0, tuple(one)) for one in islice(direct, self.limit)]
            return FoundPart(part, self.parting.count_joined(part.size), listed)
        return self._list(part, self.parting)

    def _list(self, part: Part, parting: PartingSets) -> FoundPart:
        sets: list[Numbered] = []
        num_sets = 0
        for block in parting.blocks_of(part):
            num_sets += len(block)
            room = None if self.limit is None else max(0, self.limit - len(sets))
            sets += [(0, tuple(one)) for one in block[:room].tolist()]
        return FoundPart(part, num_sets, sets)

    def put_together(self, found: Sequence[FoundPart]) -> tuple[list[tuple[int, ...]], dict[int, int]]:
        """The sets that `planner.survival.cutsets.find_and_count` gives, from all parts in their order."""
        by_size = dict.fromkeys(range(self.max_size + 1), 0)
        if self.is_apart:
            by_size[0] = 1
            apart: list[tuple[int, ...]] = [()]
            return apart[: self.limit], by_size
        known: set[tuple[int, ...]] = set()
        sets: list[tuple[int, ...]] = []
        for size in range(1, self.max_size + 1):
            own = [one for one in found if one.part.size == size]
            if self.parting is not None:
                by_size[size] = sum(one.num_sets for one in own)
                sets += [cut_set for one in own for _, cut_set in one.sets]
                continue
            in_order = (cut_set for _, cut_set in _drop_repeats(merge(*(one.sets for one in own), key=_step)))
            new = [cut_set for cut_set in in_order if not holds_any(cut_set, known)]
            known.update(new)
            by_size[size] = len(new)
            sets += new
        return sorted(sets[: self.limit], key=lambda cut_set: (len(cut_set), cut_set)), by_size


def _step(numbered: Numbered) -> int:
    return numbered[0]


def _drop_repeats(numbered: Iterable[Numbered]) -> Iterator[Numbered]:
    seen: set[tuple[int, ...]] = set()
    for step, cut_set in numbered:
        if cut_set not in seen:
            seen.add(cut_set)
            yield step, cut_set
