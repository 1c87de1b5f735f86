"""Places the cuts of 27 April 2022 on the inferred routes of the arteries that they severed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path as FilePath
from typing import Any

import numpy as np
import shapely
from ground import to_feature, to_lonlat, to_metric
from numpy.typing import NDArray
from places import read_places, read_rows

DATE = "2022-04-27"
NOTE = "the press named the commune; the point is where the inferred route comes nearest to it"


def find_cuts(table: FilePath, lonlat_of_route: Mapping[str, NDArray[np.float64]]) -> Iterator[dict[str, Any]]:
    """Features of the cuts: the commune, about when, which artery, and how far the point was moved.

    Parameters
    ----------
    table
        The facts: columns id, name, geonames_id, time, artery, and the link whose route stands for the artery.
    lonlat_of_route
        Vertices of the existing routes in degrees.
    """
    facts = {row["id"]: row for row in read_rows(table)}
    for place in read_places(table):
        fact = facts[place.id]
        line = shapely.linestrings(to_metric(lonlat_of_route[fact["link"]]))
        commune = shapely.points(to_metric(np.array([place.lonlat]))[0])
        nearest = shapely.line_interpolate_point(line, shapely.line_locate_point(line, commune))
        properties = {
            "id": place.id,
            "name": place.name,
            "date": DATE,
            "time": fact["time"],
            "artery": fact["artery"],
            "route": fact["link"],
            "moved_km": round(float(shapely.distance(commune, nearest)) / 1000, 1),
            "ground": "inferred",
            "note": NOTE,
        }
        yield to_feature(properties, shapely.points(to_lonlat(shapely.get_coordinates(nearest))[0]))
