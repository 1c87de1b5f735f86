"""A replayed incident as frames: its cuts, what they severed, whom they isolated, the detours left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
from shapely import Point

if TYPE_CHECKING:
    from planner.result.replay import ReplayOutcome


def to_cuts_layer(outcome: ReplayOutcome) -> gpd.GeoDataFrame:
    """A point per cut in the study's CRS: ``cut_id``, ``name``, ``num_spans``, ``span_ids``, ``site_ids``."""
    span_ids, site_ids = outcome.network.spans["span_id"].tolist(), outcome.network.sites["site_id"].tolist()
    rows = [
        {
            "cut_id": cut.cut_id,
            "name": cut.name,
            "num_spans": len(cut.spans),
            "span_ids": sorted(span_ids[span] for span in cut.spans),
            "site_ids": sorted(site_ids[site] for site in cut.sites),
        }
        for cut in outcome.cuts
    ]
    frame = pd.DataFrame(rows, columns=["cut_id", "name", "num_spans", "span_ids", "site_ids"])
    places = gpd.GeoSeries([Point(cut.place) for cut in outcome.cuts], crs="EPSG:4326")
    return gpd.GeoDataFrame(frame, geometry=places.to_crs(outcome.network.crs))


def find_severed_spans(outcome: ReplayOutcome) -> gpd.GeoDataFrame:
    """Rows of `Network.spans` that some cut severed, each once."""
    return outcome.network.spans.iloc[sorted({span for cut in outcome.cuts for span in cut.spans})]


def find_isolated_sites(outcome: ReplayOutcome) -> gpd.GeoDataFrame:
    """Rows of `Network.sites` outside the main component."""
    return outcome.network.sites.iloc[list(outcome.isolated.isolated_sites)]


def to_detours_frame(outcome: ReplayOutcome) -> pd.DataFrame:
    """A row per pair of regions whose way became longer, the longest factor first."""
    columns = ["region_a", "region_b", "before_km", "after_km", "factor"]
    rows = [(one.region_a, one.region_b, one.before_km, one.after_km, one.factor) for one in outcome.detours]
    return pd.DataFrame(rows, columns=columns)
