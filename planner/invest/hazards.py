"""How often which spans are cut together, from the length of ground over which one cut severs them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from planner.problem import FloatArray, IntArray, Problem, Rows
from planner.risk.declared import find_declared_groups
from planner.risk.stretches import find_stretches

if TYPE_CHECKING:
    from planner.network.model import Network
    from planner.study import Study


@dataclass(frozen=True, eq=False)
class Ground:
    """Every metre of cuttable span, by what a cut there severs.

    Parameters
    ----------
    span
        (p,) row in `Network.spans` on which a piece of ground lies.
    severed
        (p,) index into `sets`.
    length_km
        (p,) length of the piece.
    sets
        Distinct sets of spans that one cut severs, each sorted.
    declared
        Spans of each declared group, sorted.
    span_length_km
        (m,) length of every span.
    cuts_per_km, repair_hours
        (m,) of every span, by the kind of its route.
    """

    span: IntArray
    severed: IntArray
    length_km: FloatArray
    sets: tuple[tuple[int, ...], ...]
    declared: tuple[tuple[int, ...], ...]
    span_length_km: FloatArray
    cuts_per_km: FloatArray
    repair_hours: FloatArray


@dataclass(frozen=True, eq=False)
class Hazards:
    """Independent kinds of cut, each a Poisson process.

    Parameters
    ----------
    spans
        Per kind of cut the spans of the `Problem` that it severs.
    per_year
        (e,) how often it happens.
    hours
        (e,) how long all of its spans are then gone.
    """

    spans: Rows
    per_year: FloatArray
    hours: FloatArray


def find_ground(network: Network, study: Study, routes: Sequence[int]) -> Ground:
    """Take the existing network and given candidates apart into ground.

    Parameters
    ----------
    network
        The network.
    study
        Its cuts and its figures of failures, which must be there.
    routes
        Rows of candidates to take as built; a smaller network is cut out of the ground by `to_hazards`.

    Notes
    -----
    What a cut severs along a span is found as `planner.risk.stretches` does it. The parts near a span's own end sites,
    which the site clearance leaves out there, are ground of that span alone: what else a cut there severs is not known.
    """
    if study.failures is None:
        raise ValueError("the study has no [failures]")
    is_built = network.spans["route"].isin(list(routes))
    spans = network.spans.assign(is_candidate=network.spans["is_candidate"] & ~is_built)
    standing = replace(network, spans=spans)
    stretches = find_stretches(standing, radius_m=study.cuts.radius_m, site_clearance_m=study.cuts.site_clearance_m)
    length_km = network.spans["length_m"].to_numpy(dtype=np.float64) / 1000
    kinds = network.routes["kind"].iloc[network.spans["route"]]
    figures = study.failures
    per_1000_km = kinds.map(figures.cuts_per_1000_km).astype(float).fillna(figures.default_cuts_per_1000_km)
    hours = kinds.map(figures.repair_hours).astype(float).fillna(figures.default_repair_hours)
    stretch_km = (stretches.to_m - stretches.from_m) / 1000
    covered_km = np.bincount(stretches.span, stretch_km, minlength=len(length_km))
    cut = np.flatnonzero(~spans["is_candidate"].to_numpy(dtype=bool) & spans["is_cuttable"].to_numpy(dtype=bool))
    sets = {spans: number for number, spans in enumerate(stretches.sets)}
    alone = [sets.setdefault((span,), len(sets)) for span in cut.tolist()]
    return Ground(
        span=np.concatenate([stretches.span, cut]),
        severed=np.concatenate([stretches.severed, np.array(alone, dtype=np.int64)]),
        length_km=np.concatenate([stretch_km, np.maximum(0.0, length_km - covered_km)[cut]]),
        sets=tuple(sets),
        declared=tuple(find_declared_groups(network, study.cuts.declared).values()),
        span_length_km=length_km,
        cuts_per_km=per_1000_km.to_numpy(dtype=np.float64) / 1000,
        repair_hours=np.asarray(hours, dtype=np.float64),
    )


def to_hazards(ground: Ground, problem: Problem, routes: Sequence[int]) -> Hazards:
    """The kinds of cut of one network: the existing routes and the given ones.

    Parameters
    ----------
    ground
        Of these routes or more.
    problem
        Knows which spans stand.
    routes
        Candidates that are built.

    Notes
    -----
    A trench of n spans is found along each of them, so each piece counts for its length over n: a trench is dug into
    as often as one span of its length, and a crossing of two counts for the length of one within reach of the other.
    The spans of a declared group share ground nobody knows where: as much as its shortest span is long, at the mean
    rate of its spans, taken from the ground that each of them has for itself. Spans are mended together, when the
    slowest of them is.
    """
    is_standing = np.zeros(problem.num_spans, dtype=bool)
    is_standing[problem.active_spans(routes)] = True
    is_standing &= problem.is_cuttable
    rates: dict[tuple[int, ...], float] = {}
    left = np.ones(problem.num_spans)
    for members in ground.declared:
        together = tuple(span for span in members if is_standing[span])
        if len(together) > 1:
            shared_km = float(ground.span_length_km[list(together)].min())
            rate = shared_km * float(ground.cuts_per_km[list(together)].mean())
            rates[together] = rates.get(together, 0.0) + rate
            left[list(together)] -= shared_km / np.maximum(ground.span_length_km[list(together)], 1e-9)
    left = np.maximum(left, 0.0)
    severed = [tuple(span for span in spans if is_standing[span]) for spans in ground.sets]
    size = np.array([len(spans) for spans in severed], dtype=np.int64)[ground.severed]
    per_year = left[ground.span] * ground.cuts_per_km[ground.span] * ground.length_km / np.maximum(size, 1)
    for number in np.flatnonzero(is_standing[ground.span] & (per_year > 0)).tolist():
        spans = severed[ground.severed[number]]
        rates[spans] = rates.get(spans, 0.0) + float(per_year[number])
    spans_of = sorted(spans for spans, rate in rates.items() if rate > 0)
    hours = [float(ground.repair_hours[list(spans)].max()) for spans in spans_of]
    return Hazards(Rows.of(spans_of), np.array([rates[spans] for spans in spans_of]), np.array(hours))
