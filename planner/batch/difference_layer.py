"""What changed between two plans as a map layer."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd

from planner.batch.whole_file import whole_file
from planner.export.geojson import write_geojson

_FILE = "new_routes.geojson"


def write_difference_layer(run_a: Path, run_b: Path, path: Path) -> None:
    """Write the routes of both plans, with a column ``change``: added, removed or kept.

    A route of both is drawn as the second run has it. Columns are those of ``new_routes.geojson``.
    """
    a, b = (_read(Path(folder)) for folder in (run_a, run_b))
    in_a, in_b = set(a["route_id"]), set(b["route_id"])
    b["change"] = ["kept" if route in in_a else "added" for route in b["route_id"]]
    gone = a[[route not in in_b for route in a["route_id"]]].assign(change="removed")
    frames = [frame for frame in (b, gone) if len(frame)]
    with whole_file(path) as draft:
        if not frames:
            write_geojson([], draft)
            return
        both = pd.concat([pd.DataFrame(frame) for frame in frames], ignore_index=True).sort_values("route_id")
        order = ["route_id", "change", *(name for name in both.columns if name not in ("route_id", "change"))]
        write_geojson([gpd.GeoDataFrame(both[order], geometry="geometry", crs="EPSG:4326")], draft)


def _read(folder: Path) -> gpd.GeoDataFrame:
    frame = gpd.read_file(folder / _FILE)
    return frame if len(frame) else gpd.GeoDataFrame({"route_id": []}, geometry=[], crs="EPSG:4326")
