"""The few settings of a study that a report prints, read in one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planner.study import Study


@dataclass(frozen=True, slots=True)
class Settings:
    """What the report says about how the study was set up.

    Parameters
    ----------
    weight_name
        What the regions' weights count, such as ``"population"``; empty where the study names none.
    sites_fail
        ``""``, ``"disc"`` or ``"single"``.
    per_km
        Route kind to price per kilometre, sorted by kind.
    """

    name: str
    file: str
    radius_m: float
    site_clearance_m: float
    site_snap_m: float
    declared: tuple[str, ...]
    sites_fail: str
    currency: str
    per_km: tuple[tuple[str, float], ...]
    per_route: float
    price_year: int | None
    weight_name: str
    excluded: tuple[str, ...]
    time_limit_s: float
    gap: float
    threads: int
    seed: int


def to_settings(study: Study) -> Settings:
    """Take the settings that a report prints out of a study."""
    cuts, costs, solver = study.cuts, study.costs, study.solver
    return Settings(
        name=study.study.name,
        file=study.path.name,
        radius_m=cuts.radius_m,
        site_clearance_m=cuts.site_clearance_m,
        site_snap_m=study.network.site_snap_m,
        declared=cuts.declared,
        sites_fail=str(cuts.sites_fail or ""),
        currency=costs.currency,
        per_km=tuple(sorted(costs.per_km.items())),
        per_route=costs.per_route,
        price_year=costs.price_year or (study.invest.price_year if study.invest else None),
        weight_name=study.regions.weight or "",
        excluded=tuple(sorted(study.regions.exclude)),
        time_limit_s=solver.time_limit_s,
        gap=solver.gap,
        threads=solver.threads,
        seed=solver.seed,
    )
