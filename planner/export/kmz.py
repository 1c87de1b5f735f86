"""The map for Google Earth as a KMZ archive."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

from planner.export.kml import to_kml
from planner.export.zips import to_zip_entry

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import geopandas as gpd

    from planner.result.frames.view import MapView


def write_kmz(view: MapView, layers: Mapping[str, gpd.GeoDataFrame], path: Path) -> None:
    """Write the map as a KMZ; the same map gives the same bytes.

    Parameters
    ----------
    view
        For the title.
    layers
        As `planner.result.frames.every.to_layers` makes them.
    path
        File to write.
    """
    kml = to_kml(view.title, layers, survives_column="survives_after" if view.after else "survives_before")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(to_zip_entry("doc.kml"), kml)
