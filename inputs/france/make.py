"""Makes the French example anew: sites, routes, candidates, regions and an incident, from facts and open data.

Run it as ``python inputs/france/make.py``; it needs the libraries of the extra ``examples`` and takes about a minute.
The studies (``*.toml``) are written by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import shapely
from arcs import find_area, read_graph
from corridors import read_corridors
from drawing import Drawing, draw_paths
from ground import to_feature, write_features
from incident import find_cuts
from paths import PathFinder
from places import Place, read_places, read_rows
from regions import Region, read_regions, to_outline_lonlat
from rights_of_way import to_corridors
from routes import Route, infer_existing

import planner
from planner.run.laying import lay_candidates

HERE = Path(__file__).parent
ABROAD = "geneve"
SIMPLIFY_M = 30.0  # the corridors themselves are rounded to 0.001 degree


def main() -> None:
    """Write every GeoJSON file of the example."""
    places = read_places(HERE / "places.csv")
    regions = read_regions()
    lonlat = {place.id: place.lonlat for place in places}
    area = find_area([region.outline for region in regions], lonlat[ABROAD])
    finder = PathFinder(read_corridors(area, lonlat))
    existing = infer_existing(finder, read_rows(HERE / "links.csv"))
    drawing = draw_paths(finder, [route.path for route in existing])
    lonlat_of_route = {route.id: drawing.to_lonlat(route.path) for route in existing}
    write_features(HERE / "corridors.geojson", to_corridors(read_graph(area)))
    write_features(HERE / "sites.geojson", map(_to_site, places))
    write_features(HERE / "routes.geojson", _to_existing(drawing, existing))
    write_features(HERE / "regions.geojson", map(_to_region, regions))
    write_features(HERE / "incident-2022-04-27.geojson", find_cuts(HERE / "incident.csv", lonlat_of_route))
    write_features(HERE / "candidates.geojson", _lay_candidates())


def _to_site(place: Place) -> dict[str, Any]:
    # not "region": where a study names no regions that column would group the sites
    properties = {"id": place.id, "name": place.name, "region_code": place.region, "weight": place.population}
    return to_feature(properties, shapely.points(place.lonlat))


def _to_region(region: Region) -> dict[str, Any]:
    properties = {"code": region.code, "name": region.name, "population": region.population}
    return to_feature(properties, to_outline_lonlat(region))


def _to_existing(drawing: Drawing, routes: Sequence[Route]) -> Iterable[dict[str, Any]]:
    extra = {"status": "existing", "operator": "RENATER (topology of 2010)"}
    return (_to_route(drawing, route, extra) for route in routes)


def _lay_candidates() -> Iterable[dict[str, Any]]:
    """What the planner lays along the corridors, without its costs: those are the prices per km of the studies."""
    study = planner.read_study(HERE / "study-sections.toml")
    laid = lay_candidates(study.replace({"candidates.mode": "routes", "candidates.simplify_m": SIMPLIFY_M}))
    columns = laid.to_crs("EPSG:4326")[["id", "a", "b", "kind", "reason", "geometry"]]
    for *cells, line in columns.itertuples(index=False):
        named = dict(zip(columns.columns, cells, strict=False))
        reason = named.pop("reason")
        yield to_feature({**named, "ground": "inferred", "status": "candidate", "reason": reason}, line)


def _to_route(drawing: Drawing, route: Route, extra: dict[str, Any]) -> dict[str, Any]:
    properties = {
        "id": route.id,
        "a": route.a,
        "b": route.b,
        "kind": drawing.finder.find_kind(route.path),
        "ground": "inferred",
    }
    return to_feature(properties | extra, shapely.LineString(drawing.to_lonlat(route.path)))


if __name__ == "__main__":
    main()
