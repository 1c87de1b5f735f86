"""The map for Google Earth as a KMZ archive."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

from planner.export.kml import to_kml

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import geopandas as gpd

    from planner.export.view import MapView

ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def write_kmz(view: MapView, layers: Mapping[str, gpd.GeoDataFrame], path: Path) -> None:
    """Write the map as a KMZ; the same map gives the same bytes.

    Parameters
    ----------
    view
        For the title.
    layers
        As `planner.export.gis.to_layers` makes them.
    path
        File to write.
    """
    kml = to_kml(view.title, layers, survives_column="survives_after" if view.after else "survives_before")
    entry = zipfile.ZipInfo("doc.kml", date_time=ZIP_TIME)
    entry.create_system = 3  # the same on every system
    entry.external_attr = 0o644 << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(entry, kml)
