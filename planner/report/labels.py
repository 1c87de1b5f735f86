"""What sites, regions, routes, spans and places are called in a report."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

import pandas as pd
import shapely
from pyproj import Geod, Transformer
from shapely import STRtree
from shapely.geometry import Point

from planner.report.language import mark, say, say_many, to_local
from planner.report.words import to_sentence_list

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from planner.network.model import Network
    from planner.result import PlacedCutSet

DASH = "\N{EN DASH}"
_COMPASS = (
    mark("{km} km north of {site}"),
    mark("{km} km north-east of {site}"),
    mark("{km} km east of {site}"),
    mark("{km} km south-east of {site}"),
    mark("{km} km south of {site}"),
    mark("{km} km south-west of {site}"),
    mark("{km} km west of {site}"),
    mark("{km} km north-west of {site}"),
)
_EARTH = Geod(ellps="WGS84")


class Labels:
    """Names for the reader, made once per report.

    Names that several objects share get their id behind them, so that no two read the same.

    Parameters
    ----------
    network
        The network whose objects are to be named.
    """

    def __init__(self, network: Network) -> None:
        sites, spans, routes, regions = network.sites, network.spans, network.routes, network.regions
        self.sites = _to_distinct(sites["site_id"], sites["name"])
        names = _to_distinct(regions["region_id"], regions["name"])
        self._region_names = dict(zip((str(i) for i in regions["region_id"]), names, strict=True))
        self.route_ids = [str(route_id) for route_id in routes["route_id"]]
        self.route_ends = list(zip(routes["a"].tolist(), routes["b"].tolist(), strict=True))
        self.span_ids = [str(span_id) for span_id in spans["span_id"]]
        self.span_ends = list(zip(spans["a"].tolist(), spans["b"].tolist(), strict=True))
        self.to_place: Callable[[float, float], str] = _to_place_names(network, self.sites)

    def to_region(self, region_id: str) -> str:
        """A region's name; its id where it has none."""
        return self._region_names.get(region_id, region_id)

    def to_regions(self, region_ids: Iterable[str]) -> tuple[str, ...]:
        """The names of several regions."""
        return tuple(self.to_region(region_id) for region_id in region_ids)

    def to_route_ends(self, route: int) -> str:
        """``"Paris – Lyon"``."""
        a, b = self.route_ends[route]
        return f"{self.sites[a]} {DASH} {self.sites[b]}"

    def to_span(self, span: int) -> str:
        """A span's id and its ends."""
        a, b = self.span_ends[span]
        return f"{self.span_ids[span]} ({self.sites[a]} {DASH} {self.sites[b]})"

    def to_places(self, cut_set: PlacedCutSet) -> tuple[str, ...]:
        """Where each cut is."""
        return tuple(self.to_place(lon, lat) for lon, lat in cut_set.places)

    def to_cut_set(self, cut_set: PlacedCutSet | None, limit: int = 4) -> str:
        """Places and severed spans in one line; empty for None."""
        if cut_set is None:
            return ""
        if not cut_set.places:
            return say("nothing need be cut")
        severed = [self.span_ids[span] for span in cut_set.spans]
        where = to_sentence_list(self.to_places(cut_set), len(cut_set.places))
        fallen = self.to_sites(cut_set.fallen_sites)
        takes = say(", taking {sites}", sites=to_sentence_list(fallen, limit)) if fallen else ""
        return say(
            "{where}, severing {spans}{takes}",
            where=where,
            spans=to_sentence_list(severed, limit),
            takes=takes,
        )

    def to_sites(self, sites: Iterable[int]) -> tuple[str, ...]:
        """The names of several sites."""
        return tuple(self.sites[site] for site in sites)

    def to_fallen(self, cut_set: PlacedCutSet, limit: int = 6) -> str:
        """``"Lyon and Dijon fall with it"``: the sites that fall with the cuts; empty where none does."""
        fallen = self.to_sites(cut_set.fallen_sites)
        return _say_fallen(fallen, len(cut_set.groups), limit) if fallen else ""


def _say_fallen(fallen: tuple[str, ...], num_cuts: int, limit: int) -> str:
    names = to_sentence_list(fallen, limit)
    if num_cuts == 1:
        return say_many("{names} falls with it", "{names} fall with it", len(fallen), names=names)
    return say_many("{names} falls with them", "{names} fall with them", len(fallen), names=names)


def _to_distinct(ids: Iterable[object], names: Iterable[object]) -> list[str]:
    keys = [str(i) for i in ids]
    texts = [
        key if name is None or name is pd.NA or name != name or not str(name).strip() else str(name)  # noqa: PLR0124
        for key, name in zip(keys, names, strict=True)
    ]
    uses = Counter(texts)
    return [f"{t} ({k})" if uses[t] > 1 and t != k else t for k, t in zip(keys, texts, strict=True)]


def _to_place_names(network: Network, names: list[str]) -> Callable[[float, float], str]:
    """How to name a place by its nearest site, as people do on the telephone."""
    points = network.sites.geometry
    tree, xy = STRtree(points.to_numpy()), shapely.get_coordinates(points.to_numpy())
    to_metric = Transformer.from_crs("EPSG:4326", network.crs, always_xy=True)
    to_degrees = Transformer.from_crs(network.crs, "EPSG:4326", always_xy=True)

    @cache
    def to_place(lon: float, lat: float) -> str:
        site = int(tree.nearest(Point(to_metric.transform(lon, lat))))
        site_lon, site_lat = to_degrees.transform(*xy[site])
        azimuth, _, distance_m = _EARTH.inv(site_lon, site_lat, lon, lat)
        if distance_m < 500:
            return say("at {site}", site=names[site])
        km = f"{distance_m / 1000:,.0f}" if distance_m >= 9500 else f"{distance_m / 1000:.1f}"
        return say(_COMPASS[round(azimuth / 45) % 8], km=to_local(km), site=names[site])

    return to_place
