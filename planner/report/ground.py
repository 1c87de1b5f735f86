"""Whether the ground that the routes follow is known or inferred."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.report.language import say

if TYPE_CHECKING:
    import geopandas as gpd

    from planner.network.model import Network


def count_inferred(network: Network) -> int:
    """Number of sites and routes whose column ``ground`` says ``"inferred"``."""
    return _count(network.routes) + _count(network.sites)


def to_ground_note(network: Network) -> str:
    """What every reader must know where ground is inferred; empty where it is known."""
    if not count_inferred(network):
        return ""
    num_routes, total = _count(network.routes), len(network.routes)
    which = say("{number} of {total} routes", number=num_routes, total=total) if num_routes else say("some sites")
    return say(
        "The ground that the routes follow is inferred, not surveyed ({which}). Shared trenches,"
        " lengths, costs and the places of cuts rest on that inference: check them against records of"
        " where the cables run before money is spent.",
        which=which,
    )


def _count(frame: gpd.GeoDataFrame) -> int:
    if "ground" not in frame.columns:
        return 0
    return int(frame["ground"].astype(str).str.strip().str.casefold().eq("inferred").sum())
