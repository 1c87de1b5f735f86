"""Outcomes with the awkward sides of real data, and what a GeoJSON file must be."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from sample import sample_outcome

from planner.network.model import Network
from planner.result import Outcome, PlacedCutSet

NASTY = 'L\'Été "<b>&amp;</b>" \x07 ]]> \\ 東'
LAYERS = ("new_routes", "critical_cuts", "regions", "network", "risk_groups", "critical_stretches")


def change_network(outcome: Outcome, **frames: Any) -> Outcome:
    """The same outcome on a network with other frames."""
    return replace(outcome, network=replace(outcome.network, **frames))


def move_study(outcome: Outcome, path: Path) -> Outcome:
    """The same outcome of a study that lies elsewhere."""
    return replace(outcome, study=outcome.study.model_copy(update={"path": path}))


def nasty_outcome() -> Outcome:
    """Names that break what is not escaped, and columns of the user's that clash with ours."""
    outcome = sample_outcome()
    network: Network = outcome.network
    sites, routes, spans = (frame.copy() for frame in (network.sites, network.routes, network.spans))
    sites.loc[0, "name"] = NASTY
    sites["FID"] = "their own"
    routes["route_id"] = routes["route_id"].replace("C-LIL-STR", NASTY)
    spans["route_id"] = spans["route_id"].replace("C-LIL-STR", NASTY)
    spans["span_id"] = spans["span_id"].replace("C-LIL-STR", NASTY)
    routes["Defends"] = [["x", None]] * len(routes)
    routes["fid"] = "text"
    routes["geom"] = None
    plan = outcome.plan
    assert plan is not None
    new = tuple(replace(n, route_id=NASTY) if n.route_id == "C-LIL-STR" else n for n in plan.routes)
    changed = change_network(outcome, sites=sites, routes=routes, spans=spans)
    return replace(changed, plan=replace(plan, routes=new))


def outcome_without_polygons(*, rows: slice = slice(None)) -> Outcome:
    """Regions, or some of them, that are sets of sites."""
    outcome = sample_outcome()
    regions = outcome.network.regions.copy()
    regions.loc[regions.index[rows], "geometry"] = None
    return change_network(outcome, regions=regions)


def outcome_apart_from_the_start() -> Outcome:
    """Even with every candidate built, and before any cut, Bordeaux is isolated."""
    uncut = PlacedCutSet((), (), (), ("75",), 6_050_000.0, (0,))
    return replace(sample_outcome(), status="infeasible", plan=None, blocking=uncut)


def read_features(path: Path) -> list[dict[str, Any]]:
    """Features of a file that keeps to RFC 7946 and the contract."""
    text = path.read_text(encoding="utf-8")
    collection = json.loads(text, parse_constant=lambda word: (_ for _ in ()).throw(ValueError(word)))
    assert collection["type"] == "FeatureCollection"
    assert "crs" not in collection
    for feature in collection["features"]:
        assert set(feature) == {"type", "properties", "geometry"}
        if feature["geometry"]:
            _check_positions(feature["geometry"]["coordinates"])
    features: list[dict[str, Any]] = collection["features"]
    return features


def read_properties(path: Path) -> list[dict[str, Any]]:
    return [feature["properties"] for feature in read_features(path)]


def _check_positions(coordinates: Any) -> None:
    if isinstance(coordinates[0], list):
        for inner in coordinates:
            _check_positions(inner)
        return
    lon, lat = coordinates
    assert -180 <= lon <= 180
    assert -90 <= lat <= 90
    assert (round(lon, 7), round(lat, 7)) == (lon, lat)
