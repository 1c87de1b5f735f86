"""Small maps of a sweep's plans side by side, read back from the run folders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import shapely
from shapely.geometry import MultiLineString

from planner.batch.task import is_finished
from planner.report.language import say
from planner.report.model import Feature, Gallery, Layer, Picture

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.batch.task import Task

MAX_PICTURES = 24


def to_galleries(tasks: Sequence[Task]) -> tuple[Gallery, ...]:
    """A row of maps per study, the first `MAX_PICTURES` variants of each: its network and what each plan adds."""
    finished = [(number, task) for number, task in enumerate(tasks, start=1) if is_finished(task)]
    galleries = []
    for place, source in enumerate(dict.fromkeys(task.variant.source for _, task in finished), start=1):
        own = [(number, task) for number, task in finished if task.variant.source == source][:MAX_PICTURES]
        lines = [_read_lines(task) for _, task in own]
        crs = own[0][1].variant.study.study.crs or lines[0].estimate_utm_crs()
        drawn = [frame.to_crs(crs) for frame in lines]
        base = _to_whole(drawn[0][drawn[0]["status"] != "new"])
        pictures = tuple(_to_picture(number, task, frame) for (number, task), frame in zip(own, drawn, strict=True))
        ground = Layer("base", say("Existing routes"), is_on=True, features=(Feature(base, ""),))
        galleries.append(Gallery(f"maps-{place}", say("The plans of {source}", source=source), ground, pictures))
    return tuple(galleries)


def _read_lines(task: Task) -> gpd.GeoDataFrame:
    rows = gpd.read_file(task.folder / "network.geojson")
    return rows[rows.geometry.type != "Point"]


def _to_picture(number: int, task: Task, lines: gpd.GeoDataFrame) -> Picture:
    new = lines[lines["status"] == "new"]
    features = tuple(
        Feature(line, route) for line, route in zip(new.geometry, new["route_id"], strict=True) if not line.is_empty
    )
    routes = ", ".join(dict.fromkeys(new["route_id"])) or say("none")
    text = say("Map of the network with the new routes of variant {number}: {routes}.", number=number, routes=routes)
    layers = (Layer("new", say("New routes"), is_on=True, features=features),)
    return Picture(f"variant-{number}", f"{number}: {task.variant.label}", text, ((say("New routes"), routes),), layers)


def _to_whole(lines: gpd.GeoDataFrame) -> MultiLineString:
    return MultiLineString([part for part in shapely.get_parts(lines.geometry.to_numpy()) if not part.is_empty])
