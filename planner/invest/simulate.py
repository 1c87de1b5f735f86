"""A seeded simulation of cuts, attacks and repairs: the cross-check of what is added up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from planner.invest.isolating import Isolator
from planner.invest.model import HOURS_PER_YEAR
from planner.problem import FloatArray, IntArray, Rows

_MAX_WORK = 30_000_000  # arrivals times spans and sites
_MIN_YEARS = 100


@dataclass(frozen=True, eq=False)
class Happenings:
    """What happens at random: each kind severs its spans for a fixed time.

    Parameters
    ----------
    severed
        Per kind the spans of the graph.
    per_year, hours
        (e,) how often, and how long until the spans are back.
    """

    severed: Rows
    per_year: FloatArray
    hours: FloatArray

    @property
    def mean_active(self) -> FloatArray:
        """(e,) how many of each kind there are at a moment, on average."""
        return self.per_year * self.hours / HOURS_PER_YEAR


@dataclass(frozen=True, eq=False)
class Simulation:
    """Mean share of the time in which each region was isolated, (years, regions)."""

    shares: FloatArray

    @property
    def mean(self) -> FloatArray:
        """(regions,) over all years."""
        mean: FloatArray = self.shares.mean(axis=0)
        return mean

    @property
    def error(self) -> FloatArray:
        """(regions,) standard error of the mean, from year to year."""
        return to_error(self.shares)


def to_error(yearly: FloatArray) -> FloatArray:
    """Standard error of the mean along the first axis."""
    error: FloatArray = yearly.std(axis=0, ddof=1) / np.sqrt(len(yearly))
    return error


def simulate(isolator: Isolator, happenings: Happenings, years: int, seed: int) -> Simulation | None:
    """Live through so many years, every coincidence included; None where the network is too large for that.

    Parameters
    ----------
    isolator
        Looks at the network.
    happenings
        What can happen.
    years
        At most so many; fewer where they would take too long.
    seed
        The same seed gives the same years.
    """
    arrivals_per_year = float(happenings.per_year.sum()) + 1.0
    years = min(years, int(_MAX_WORK / (arrivals_per_year * isolator.work_per_set)))
    if years < _MIN_YEARS:
        return None
    start, end, kind = _draw(happenings, years, np.random.default_rng(seed))
    inside = np.concatenate([start, end])
    times = np.unique(np.concatenate([np.arange(years + 1.0), inside[(inside > 0) & (inside < years)]]))
    where, active = _find_active(times[:-1], start, end, kind)
    state, sets = _to_states(len(times) - 1, where, active, len(happenings.severed))
    spans = happenings.severed.select(sets.items)
    starts = np.concatenate(([0], spans.starts[sets.starts[1:]]))
    isolated = isolator.isolate(Rows(starts, spans.items)).astype(np.float64)
    year = np.minimum(np.floor(times[:-1]), years - 1).astype(np.int64)
    spent = sparse.coo_matrix((np.diff(times), (year, state)), shape=(years, len(sets))).tocsr()
    return Simulation(np.asarray(spent @ isolated))


def _draw(happenings: Happenings, years: int, rng: np.random.Generator) -> tuple[FloatArray, FloatArray, IntArray]:
    """Begin, end (in years) and kind of everything that is there between year 0 and the last, sorted by begin."""
    lasting = happenings.hours / HOURS_PER_YEAR
    count = rng.poisson(happenings.per_year * (years + lasting))
    kind = np.repeat(np.arange(len(count)), count)
    start = rng.uniform(size=len(kind)) * (years + lasting[kind]) - lasting[kind]
    order = np.argsort(start, kind="stable")
    start, kind = start[order], kind[order]
    return start, start + lasting[kind], kind.astype(np.int64)


def _find_active(times: FloatArray, start: FloatArray, end: FloatArray, kind: IntArray) -> tuple[IntArray, IntArray]:
    """Pairs of interval (that begins at each time) and a kind that is there in it."""
    longest = float((end - start).max(initial=0.0))
    last = np.searchsorted(start, times, side="right") - 1
    found: list[tuple[IntArray, IntArray]] = []
    open_ = np.arange(len(times))
    back = 0
    while len(open_):
        number = last[open_] - back
        is_near = number >= 0
        is_near[is_near] = times[open_[is_near]] - start[number[is_near]] <= longest
        open_, number = open_[is_near], number[is_near]
        is_active = end[number] > times[open_]
        found.append((open_[is_active], kind[number[is_active]]))
        back += 1
    where, active = (np.concatenate([np.zeros(0, dtype=np.int64), *part]) for part in zip(*found, strict=True))
    return where, active


def _to_states(num_intervals: int, where: IntArray, active: IntArray, num_kinds: int) -> tuple[IntArray, Rows]:
    """The state of each interval, and per state the kinds that are there."""
    pairs = np.unique(where * max(num_kinds, 1) + active)
    where, active = pairs // max(num_kinds, 1), pairs % max(num_kinds, 1)
    rows = Rows(np.concatenate(([0], np.cumsum(np.bincount(where, minlength=num_intervals)))), active)
    word = np.zeros(num_intervals, dtype=np.uint64)
    np.add.at(word, where, np.random.default_rng(0).integers(2**63, size=max(num_kinds, 1), dtype=np.uint64)[active])
    _, first, state = np.unique(word, return_index=True, return_inverse=True)
    return state.astype(np.int64), rows.select(first)
