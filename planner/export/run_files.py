"""What a run folder says of itself: enough to prove its plan again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from planner.problem import Problem
from planner.study import DetoursSection
from planner.survival.limits import limit_ways

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class RunFiles:
    """A finished solve, read back from its files alone.

    Parameters
    ----------
    folder
        Where it was read.
    document
        ``plan.json``.
    site_ids, span_ids, route_ids
        By index. Spans are those that exist or are built; routes are theirs, sorted.
    span_ends
        (m, 2) site indices.
    route_of_span
        (m,) route indices.
    span_length_km
        (m,) length of each span.
    is_new
        (m,) true for spans of chosen routes.
    is_cuttable
        (m,) false for hardened spans.
    group_ids, groups
        Risk groups with the indices of their spans; candidates that are not built are left out.
    group_sites
        Per group the indices of the sites that fall with it; None where no site falls.
    region_ids, region_sites
        Regions with the indices of the sites that count.
    required_cuts
        Per region the level at which the plan holds it: with protect-most or a budget that plan's own.
    reach
        ``"any"`` or ``"all"`` sites of a region must be held.
    detours
        The detour limits that the plan keeps.
    """

    folder: Path
    document: Mapping[str, Any]
    site_ids: tuple[str, ...]
    span_ids: tuple[str, ...]
    route_ids: tuple[str, ...]
    span_ends: NDArray[np.int64]
    route_of_span: NDArray[np.int64]
    span_length_km: NDArray[np.float64]
    is_new: NDArray[np.bool_]
    is_cuttable: NDArray[np.bool_]
    group_ids: tuple[str, ...]
    groups: tuple[tuple[int, ...], ...]
    group_sites: tuple[tuple[int, ...], ...] | None
    region_ids: tuple[str, ...]
    region_sites: tuple[tuple[int, ...], ...]
    required_cuts: tuple[int, ...]
    reach: Literal["any", "all"]
    detours: DetoursSection = field(default_factory=DetoursSection)

    @property
    def has_plan(self) -> bool:
        """False where the run found no plan at all, so that there is nothing to prove."""
        return self.document["status"] in ("optimal", "feasible") or self.document["protect_most"] is not None

    @property
    def new_routes(self) -> tuple[int, ...]:
        """Indices of the chosen routes, ascending."""
        return tuple(int(route) for route in np.unique(self.route_of_span[self.is_new]))


def to_run_problem(run: RunFiles) -> Problem:
    """The problem whose plan the run is: `RunFiles.new_routes` are its candidates, all of them chosen.

    Regions without sites are left out; with ``reach = "all"`` a region has one entry per site.
    """
    entries = [
        (region, terminal)
        for region, sites in enumerate(run.region_sites)
        for terminal in ([(site,) for site in sites] if run.reach == "all" else [sites] * bool(sites))
    ]
    is_candidate = np.zeros(len(run.route_ids), dtype=np.bool_)
    is_candidate[list(run.new_routes)] = True
    problem = Problem(
        num_sites=len(run.site_ids),
        span_ends=run.span_ends,
        route_of_span=run.route_of_span,
        route_cost=np.zeros(len(run.route_ids)),
        is_candidate=is_candidate,
        groups=run.groups,
        group_sites=run.group_sites,
        terminals=[terminal for _, terminal in entries],
        required_cuts=[run.required_cuts[region] for region, _ in entries],
        is_cuttable=run.is_cuttable,
        region_of=[region for region, _ in entries],
        region_weight=np.ones(len(run.region_ids)),
        span_length_km=run.span_length_km,
    )
    return limit_ways(problem, run.region_ids, run.detours)
