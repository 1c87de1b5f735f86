"""Detour limits as a study asks for them, as arrays of a problem."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from planner.problem import FloatArray, IntArray, Problem
from planner.study import DetourLimits, DetoursSection
from planner.survival.detours import find_distances

KM_PER_MS = 299.792458 / 1.468
"""How far light gets in a millisecond, one way, in fibre of the usual group index."""


def limit_ways(problem: Problem, region_ids: Iterable[str], asked: DetoursSection) -> Problem:
    """Limit the ways between regions.

    Parameters
    ----------
    problem
        With the lengths of its spans. Its existing routes are what a factor is a factor of.
    region_ids
        Id of each region.
    asked
        Limits for all pairs, and for some by name. A factor says nothing of regions that are not connected today, or
        that share a site.

    Returns
    -------
    Problem
        The same one with limits to the millimetre; of several for one pair the tightest.
    """
    if not asked.has_limit and not asked.pairs:
        return problem
    row_of = {region_id: row for row, region_id in enumerate(region_ids)}
    named = np.array([sorted((row_of[pair.a], row_of[pair.b])) for pair in asked.pairs], dtype=np.int64).reshape(-1, 2)
    owed = np.unique(problem.region_of)
    others = np.column_stack([owed[side] for side in np.triu_indices(len(owed), k=1)])
    others = others[~np.isin(_key(problem, others), _key(problem, named))]
    today_km = _find_today_km(problem)
    limit_km = [_find_limit_km(pair, today_km[tuple(ends)]) for pair, ends in zip(asked.pairs, named, strict=True)]
    pairs = np.concatenate((named, others))
    limits = np.concatenate((np.array(limit_km), _find_limit_km(asked, today_km[others[:, 0], others[:, 1]])))
    order = np.lexsort((limits, pairs[:, 1], pairs[:, 0]))
    order = order[np.isfinite(limits[order])]
    order = order[np.unique(_key(problem, pairs[order]), return_index=True)[1]]
    return replace(problem, limited_pairs=pairs[order], limit_km=np.round(limits[order], 6))


def _key(problem: Problem, pairs: IntArray) -> IntArray:
    return pairs[:, 0] * len(problem.region_weight) + pairs[:, 1]


def _find_today_km(problem: Problem) -> FloatArray:
    """(regions, regions) infinite where a factor says nothing."""
    today_km = np.round(find_distances(problem, problem.active_spans(), problem.span_length_km), 6)
    return np.where(today_km > 0, today_km, np.inf)


def _find_limit_km(asked: DetourLimits, today_km: FloatArray) -> FloatArray:
    """The tightest of the limits asked, infinite for none."""
    limit_km = np.full_like(today_km, np.inf)
    if asked.max_km is not None:
        limit_km = np.minimum(limit_km, asked.max_km)
    if asked.max_one_way_ms is not None:
        limit_km = np.minimum(limit_km, asked.max_one_way_ms * KM_PER_MS)
    if asked.factor is not None:
        limit_km = np.minimum(limit_km, asked.factor * today_km)
    return limit_km
