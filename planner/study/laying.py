"""How candidate routes are laid along corridors: keys of the table of candidates."""

from __future__ import annotations

from pydantic import Field

from planner.study.section import Amount, Section


class LayingKeys(Section):
    """The keys of `[candidates]` that say between which sites routes are laid, and how."""

    neighbours: int = Field(
        default=6, ge=0, le=50, description="To how many sites nearest along corridors routes are laid from each."
    )
    alternatives: int = Field(
        default=2, ge=0, le=10, description="How many routes besides the cheapest are laid between two sites."
    )
    detour: float = Field(default=1.8, ge=1, description="How many times as long as the straight line a route may be.")
    max_apart_km: float = Field(default=400.0, gt=0, description="How far apart the ends of a route may be.")
    keep_off_m: Amount = Field(
        default=0.0,
        description="How far routes keep from sites that they do not end at, in metres; network.site_snap_m at least.",
    )
    simplify_m: Amount = Field(
        default=0.0, description="How far, in metres, routes may be drawn from their corridors, to have less to draw."
    )
    free: bool = Field(
        default=False, description="Lay straight lines, around forbidden zones, where no corridor joins two neighbours."
    )
