"""The bridge between maps and mathematics: integers and arrays only, no geometry, no files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from planner.errors import FaultList

if TYPE_CHECKING:
    from planner.network.model import Network
    from planner.risk.model import RiskGroups

type IntArray = NDArray[np.int64]
type FloatArray = NDArray[np.float64]
type BoolArray = NDArray[np.bool_]

WAY_TOLERANCE_KM = 5e-7
"""A way is longer than its limit when it is so by more than this: lengths are kept to the millimetre."""


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows of unequal length in two arrays (the CSR layout without values).

    Parameters
    ----------
    starts
        (r + 1,) where each row begins in `items`.
    items
        (starts[-1],) the rows' items, one row after the other.
    """

    starts: IntArray
    items: IntArray

    @classmethod
    def of(cls, rows: Rows | Sequence[Sequence[int]]) -> Rows:
        """Rows from a sequence of sequences; items of a row are sorted and made unique."""
        if isinstance(rows, Rows):
            return rows
        clean = [np.unique(np.asarray(row, dtype=np.int64)) for row in rows]
        starts = np.zeros(len(clean) + 1, dtype=np.int64)
        np.cumsum([len(row) for row in clean], out=starts[1:])
        return cls(starts, np.concatenate(clean) if clean else np.zeros(0, dtype=np.int64))

    @classmethod
    def empty(cls, num_rows: int) -> Rows:
        """So many rows without items."""
        return cls(np.zeros(num_rows + 1, dtype=np.int64), np.zeros(0, dtype=np.int64))

    @classmethod
    def group(cls, row: IntArray, item: IntArray, num_rows: int) -> Rows:
        """Rows from (i,) pairs of row and item."""
        order = np.lexsort((item, row))
        sizes = np.bincount(row, minlength=num_rows)
        return cls(np.concatenate(([0], np.cumsum(sizes))), item[order])

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, row: int) -> IntArray:
        if not 0 <= row < len(self):
            raise IndexError(row)
        return self.items[self.starts[row] : self.starts[row + 1]]

    def __iter__(self) -> Iterator[IntArray]:
        return (self[row] for row in range(len(self)))

    def select(self, rows: IntArray) -> Rows:
        """The given rows, in that order."""
        sizes = self.sizes[rows]
        starts = np.concatenate(([0], np.cumsum(sizes)))
        shift = np.repeat(self.starts[rows] - starts[:-1], sizes)
        return Rows(starts, self.items[np.arange(starts[-1]) + shift])

    @property
    def sizes(self) -> IntArray:
        """(r,) length of each row."""
        return np.diff(self.starts)

    @property
    def row_of_item(self) -> IntArray:
        """(len(items),) the row that each item stands in."""
        return np.repeat(np.arange(len(self), dtype=np.int64), self.sizes)


@dataclass(frozen=True, eq=False, init=False)
class Problem:
    """Which routes must be built so that regions stay connected: all that the solver needs to know.

    Sequences of any kind are taken and kept as read-only arrays.

    Parameters
    ----------
    num_sites
        Number of sites, the graph's nodes.
    span_ends
        (m, 2) site indices of each span's ends. Parallel spans are allowed.
    route_of_span
        (m,) the route that each span belongs to; the spans of a candidate are bought together.
    route_cost
        (n,) cost of each route, >= 0; that of existing routes is never counted.
    is_candidate
        (n,) true for routes that may be built, false for those that exist.
    groups
        Risk groups: spans that one cut severs together. Every cuttable span can also be cut alone.
    terminals
        Per requirement its sites, any one of which suffices. A region of which all sites must be held has one
        entry per site.
    required_cuts
        (t,) the number of simultaneous cuts after which each entry of `terminals` must still be held; 0 means
        connected while nothing is cut, -1 that it owes nothing.
    route_length_km
        (n,) length of each route; zeros unless given.
    is_cuttable
        (m,) false for hardened spans, which no cut severs; true unless given.
    region_of
        (t,) the region of each entry of `terminals`; each its own unless given.
    region_weight
        Weight of each region; ones unless given.
    group_sites
        Per group the sites that fall with it, every span at them included. Where it is given, `groups` are all the
        cuts there are: no single span is implied. A site that fell owes nothing: what is required is required of the
        sites that are left.
    is_required
        (n,) true for candidates that every plan builds; false unless given.
    is_forbidden
        (n,) true for candidates that no plan builds; false unless given.
    span_length_km
        (m,) length of each span; zeros unless given. Detour limits need it.
    limited_pairs
        (p, 2) pairs of regions whose way to each other is limited; none unless given.
    limit_km
        (p,) how long the way of each limited pair may be.
    detour_cuts
        After how many simultaneous cuts limits still bind: 1, or 0 for the network while nothing is cut.
    needs
        (q, 2) candidates, each with a trench that it lies in; none unless given. A trench is a candidate without
        spans that is built with whatever lies in it, once. It is no route: no objective counts it, and plans do not
        list it. What it costs is not part of the cost of what lies in it.

    Raises
    ------
    InputError
        For arrays whose shapes or values do not fit together. Names every fault.

    Notes
    -----
    A limit holds when, with nothing cut and after each cut set of at most `detour_cuts` cuts that both regions must
    survive, the shortest way from any site of one region to any site of the other, over what stands, is no longer
    than it. Regions that cuts have parted have no way, and break the limit; where one of them need not survive so
    many cuts, nothing is limited after them. A region of which every site fell owes nothing. So more routes never
    break a limit that fewer keep.

    Examples
    --------
    A ring of four sites, of which the last span could be built, and where one cut severs the second and the third:

    >>> problem = planner.Problem(
    ...     num_sites=4,
    ...     span_ends=[(0, 1), (1, 2), (2, 3), (0, 3)],
    ...     route_of_span=[0, 1, 2, 3],
    ...     route_cost=[0, 0, 0, 12.5],
    ...     is_candidate=[False, False, False, True],
    ...     groups=[[1, 2]],
    ...     terminals=[[0], [1], [3]],
    ...     required_cuts=[1, 1, 1],
    ... )
    >>> planner.optimise(problem).routes
    (3,)
    """

    num_sites: int
    span_ends: IntArray
    route_of_span: IntArray
    route_cost: FloatArray
    is_candidate: BoolArray
    groups: Rows
    terminals: Rows
    required_cuts: IntArray
    route_length_km: FloatArray
    is_cuttable: BoolArray
    region_of: IntArray
    region_weight: FloatArray
    group_sites: Rows | None
    is_required: BoolArray
    is_forbidden: BoolArray
    span_length_km: FloatArray
    limited_pairs: IntArray
    limit_km: FloatArray
    detour_cuts: int
    needs: IntArray

    def __init__(
        self,
        num_sites: int,
        span_ends: ArrayLike,
        route_of_span: ArrayLike,
        route_cost: ArrayLike,
        is_candidate: ArrayLike,
        groups: Rows | Sequence[Sequence[int]],
        terminals: Rows | Sequence[Sequence[int]],
        required_cuts: ArrayLike,
        *,
        route_length_km: ArrayLike | None = None,
        is_cuttable: ArrayLike | None = None,
        region_of: ArrayLike | None = None,
        region_weight: ArrayLike | None = None,
        group_sites: Rows | Sequence[Sequence[int]] | None = None,
        is_required: ArrayLike | None = None,
        is_forbidden: ArrayLike | None = None,
        span_length_km: ArrayLike | None = None,
        limited_pairs: ArrayLike = (),
        limit_km: ArrayLike = (),
        detour_cuts: int = 1,
        needs: ArrayLike = (),
    ) -> None:
        faults = FaultList()
        num_spans, num_routes, num_terminals = np.size(route_of_span), np.size(route_cost), len(terminals)
        regions = np.arange(num_terminals) if region_of is None else np.asarray(region_of)
        weights = np.ones(np.max(regions, initial=-1) + 1) if region_weight is None else region_weight
        vectors: dict[str, tuple[ArrayLike, type, tuple[int, ...]]] = {
            "span_ends": (span_ends if num_spans else np.zeros((0, 2)), np.int64, (num_spans, 2)),
            "route_of_span": (route_of_span, np.int64, (num_spans,)),
            "route_cost": (route_cost, np.float64, (num_routes,)),
            "is_candidate": (is_candidate, np.bool_, (num_routes,)),
            "required_cuts": (required_cuts, np.int64, (num_terminals,)),
            "route_length_km": (_or(route_length_km, np.zeros(num_routes)), np.float64, (num_routes,)),
            "is_cuttable": (_or(is_cuttable, np.ones(num_spans)), np.bool_, (num_spans,)),
            "region_of": (regions, np.int64, (num_terminals,)),
            "region_weight": (weights, np.float64, (np.size(weights),)),
            "is_required": (_or(is_required, np.zeros(num_routes)), np.bool_, (num_routes,)),
            "is_forbidden": (_or(is_forbidden, np.zeros(num_routes)), np.bool_, (num_routes,)),
            "span_length_km": (_or(span_length_km, np.zeros(num_spans)), np.float64, (num_spans,)),
            "limited_pairs": (
                limited_pairs if np.size(limit_km) else np.zeros((0, 2)),
                np.int64,
                (np.size(limit_km), 2),
            ),
            "limit_km": (limit_km, np.float64, (np.size(limit_km),)),
            "needs": (needs if np.size(needs) else np.zeros((0, 2)), np.int64, (np.size(needs) // 2, 2)),
        }
        object.__setattr__(self, "num_sites", int(num_sites))
        object.__setattr__(self, "detour_cuts", int(detour_cuts))
        for name, (values, dtype, shape) in vectors.items():
            object.__setattr__(self, name, _to_array(name, values, dtype, shape, faults))
        object.__setattr__(self, "groups", _to_rows("groups", groups, faults))
        object.__setattr__(self, "terminals", _to_rows("terminals", terminals, faults))
        falling = None if group_sites is None else _to_rows("group_sites", group_sites, faults)
        object.__setattr__(self, "group_sites", falling)
        faults.raise_if_any()
        self._check_values(faults)
        faults.raise_if_any()

    def _check_values(self, faults: FaultList) -> None:
        _check_range(faults, "span_ends", self.span_ends.ravel(), self.num_sites, "num_sites", per_row=2)
        _check_range(faults, "route_of_span", self.route_of_span, self.num_routes, "the number of routes")
        _check_range(faults, "groups", self.groups.items, self.num_spans, "the number of spans")
        if self.group_sites is not None:
            _check_range(faults, "group_sites", self.group_sites.items, self.num_sites, "num_sites")
            if len(self.group_sites) != len(self.groups):
                faults.add("problem.group_sites", f"has {len(self.group_sites)} rows", "give one per group")
        _check_range(faults, "terminals", self.terminals.items, self.num_sites, "num_sites")
        _check_range(faults, "region_of", self.region_of, len(self.region_weight), "the number of region weights")
        _check_range(
            faults,
            "limited_pairs",
            self.limited_pairs.ravel(),
            len(self.region_weight),
            "the number of regions",
            per_row=2,
        )
        for row in np.flatnonzero(self.limited_pairs[:, 0] == self.limited_pairs[:, 1])[:3]:
            faults.add(f"problem.limited_pairs, row {row}", "names one region twice", "name two regions")
        if self.detour_cuts not in (0, 1):
            faults.add("problem.detour_cuts", f"is {self.detour_cuts}", "use 0 or 1")
        for name in ("route_cost", "route_length_km", "region_weight", "span_length_km", "limit_km"):
            values = getattr(self, name)
            for row in np.flatnonzero(~(values >= 0) | ~np.isfinite(values))[:3]:
                faults.add(f"problem.{name}, row {row}", f"{values[row]} is not a finite number >= 0")
        for row in np.flatnonzero(self.required_cuts < -1)[:3]:
            faults.add(f"problem.required_cuts, row {row}", "is below -1", "use -1 for a region that owes nothing")
        for row in np.flatnonzero(self.terminals.sizes == 0)[:3]:
            faults.add(f"problem.terminals, row {row}", "has no site", "name a site or leave the region out")
        self._check_choice(faults)
        _check_range(faults, "needs", self.needs.ravel(), self.num_routes, "the number of routes", per_row=2)
        faults.raise_if_any()
        self._check_needs(faults)

    def _check_needs(self, faults: FaultList) -> None:
        route, trench = self.needs.T
        for row in np.flatnonzero(~self.is_candidate[self.needs].all(axis=1))[:3]:
            faults.add(f"problem.needs, row {row}", "names a route that is no candidate", "leave it out")
        for row in np.flatnonzero(np.isin(trench, self.route_of_span) | np.isin(trench, route))[:3]:
            faults.add(f"problem.needs, row {row}", f"{trench[row]} has spans or needs of its own, so it is no trench")

    def _check_choice(self, faults: FaultList) -> None:
        for name, chosen in (("is_required", self.is_required), ("is_forbidden", self.is_forbidden)):
            for row in np.flatnonzero(chosen & ~self.is_candidate)[:3]:
                faults.add(f"problem.{name}, row {row}", "is true of a route that is no candidate", "make it false")
        for row in np.flatnonzero(self.is_required & self.is_forbidden)[:3]:
            faults.add(f"problem.is_required, row {row}", "is required and forbidden", "make one of them false")

    @property
    def num_spans(self) -> int:
        """Number of spans, existing and candidate."""
        return len(self.route_of_span)

    @property
    def num_routes(self) -> int:
        """Number of routes, existing and candidate."""
        return len(self.route_cost)

    @property
    def candidates(self) -> IntArray:
        """Indices of the candidate routes, forbidden ones included, ascending."""
        return np.flatnonzero(self.is_candidate)

    @property
    def buildable(self) -> IntArray:
        """Indices of the candidates that a plan may build: all but the forbidden ones, ascending."""
        return np.flatnonzero(self.is_candidate & ~self.is_forbidden)

    @property
    def is_trench(self) -> BoolArray:
        """(n,) true for what lies beneath routes and is none."""
        is_trench = np.zeros(self.num_routes, dtype=np.bool_)
        is_trench[self.needs[:, 1]] = True
        return is_trench

    def without_trenches(self, routes: Iterable[int]) -> tuple[int, ...]:
        """The given routes but for trenches, ascending."""
        return tuple(sorted(set(map(int, routes)).difference(self.needs[:, 1].tolist())))

    def with_trenches(self, routes: Iterable[int]) -> tuple[int, ...]:
        """The given routes and the trenches that they need, those alone, ascending."""
        chosen = self.without_trenches(routes)
        return tuple(sorted({*chosen, *self.needs[np.isin(self.needs[:, 0], chosen), 1].tolist()}))

    @property
    def max_cuts(self) -> int:
        """The largest level that any entry requires; -1 without entries."""
        return int(np.max(self.required_cuts, initial=-1))

    @property
    def levels_of_pairs(self) -> IntArray:
        """(p,) the number of cuts after which each limited pair is limited; -1 for pairs that never are."""
        levels = np.full(len(self.region_weight), -1, dtype=np.int64)
        np.maximum.at(levels, self.region_of, self.required_cuts)
        return np.minimum(levels[self.limited_pairs].min(axis=1, initial=self.detour_cuts), self.detour_cuts)

    def without_limits(self) -> Problem:
        """The same problem with no way limited."""
        return (
            replace(self, limited_pairs=self.limited_pairs[:0], limit_km=self.limit_km[:0])
            if len(self.limit_km)
            else self
        )

    def active_spans(self, routes: Sequence[int] | IntArray = ()) -> IntArray:
        """Indices of the spans of existing routes and of the given ones, ascending."""
        is_active = ~self.is_candidate
        is_active[np.asarray(routes, dtype=np.int64)] = True
        return np.flatnonzero(is_active[self.route_of_span])


def _or(values: Any, default: ArrayLike) -> Any:
    return default if values is None else values


def _to_array(name: str, values: Any, dtype: type, shape: tuple[int, ...], faults: FaultList) -> NDArray[Any] | None:
    try:
        given = np.asarray(values)
        array: NDArray[Any] = given.astype(dtype)
    except (TypeError, ValueError) as error:
        faults.add(f"problem.{name}", f"cannot be read as numbers: {error}")
        return None
    if array.shape != shape:
        faults.add(f"problem.{name}", f"has shape {array.shape}", f"give it shape {shape}")
    elif dtype is np.int64 and not np.array_equal(array, given):
        faults.add(f"problem.{name}", "holds numbers that are not whole")
    array.setflags(write=False)
    return array


def _to_rows(name: str, rows: Any, faults: FaultList) -> Rows | None:
    try:
        return Rows.of(rows)
    except (TypeError, ValueError) as error:
        faults.add(f"problem.{name}", f"is no sequence of index sequences: {error}")
        return None


def _check_range(faults: FaultList, name: str, values: IntArray, stop: int, meaning: str, *, per_row: int = 1) -> None:
    for position in np.flatnonzero((values < 0) | (values >= stop))[:3]:
        faults.add(
            f"problem.{name}, item {position // per_row}",
            f"{values[position]} is out of range",
            f"use 0 to {stop - 1}: {meaning} is {stop}",
        )


def to_problem(network: Network, risk_groups: RiskGroups) -> Problem:
    """Turn a network and its risk groups into arrays.

    Parameters
    ----------
    network
        Sites, routes, spans and regions; indices are kept.
    risk_groups
        What one cut severs.

    Returns
    -------
    Problem
        Regions without sites are left out; with ``reach = "all"`` a region has one entry per site. After the network's
        routes come its trenches.

    Examples
    --------
    >>> network = planner.read_network(planner.read_study("towns"))
    >>> groups = planner.find_risk_groups(network, radius_m=50, site_clearance_m=1000)
    >>> planner.to_problem(network, groups).num_sites
    7
    """
    terminals: list[tuple[int, ...]] = []
    region_of: list[int] = []
    for region, sites in enumerate(network.regions["sites"]):
        entries = [(site,) for site in sites] if network.reach == "all" else [tuple(sites)] * bool(sites)
        terminals += entries
        region_of += [region] * len(entries)
    levels = network.regions["required_cuts"].to_numpy(dtype=np.int64)
    num_routes, trenches = len(network.routes), network.trenches
    more = np.zeros(len(trenches))
    length_km = network.routes["length_km"].to_numpy(dtype=np.float64)
    is_candidate = (network.routes["status"] == "candidate").to_numpy(dtype=np.bool_)
    return Problem(
        num_sites=len(network.sites),
        span_ends=network.spans[["a", "b"]].to_numpy(dtype=np.int64),
        route_of_span=network.spans["route"].to_numpy(dtype=np.int64),
        route_cost=trenches.split(network.routes["cost"].to_numpy(dtype=np.float64), length_km),
        is_candidate=np.append(is_candidate, more == 0),
        groups=Rows.of(risk_groups.spans),
        terminals=terminals,
        required_cuts=levels[region_of],
        route_length_km=np.append(length_km, more),
        is_cuttable=network.spans["is_cuttable"].to_numpy(dtype=np.bool_),
        region_of=region_of,
        region_weight=network.regions["weight"].to_numpy(dtype=np.float64),
        group_sites=risk_groups.sites or None,
        is_required=_to_mask(network.required, num_routes + len(trenches)),
        is_forbidden=_to_mask(network.forbidden, num_routes + len(trenches)),
        # to the millimetre, as the files of a run have them
        span_length_km=np.round(network.spans["length_m"].to_numpy(dtype=np.float64) / 1000, 6),
        needs=[(route, num_routes + trench) for route, trench in trenches.needs],
    )


def _to_mask(rows: Sequence[int], length: int) -> BoolArray:
    mask = np.zeros(length, dtype=np.bool_)
    mask[list(rows)] = True
    return mask
