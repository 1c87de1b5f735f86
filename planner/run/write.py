"""Results to run folders, each written whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd
from shapely import Point

from planner.export import whole_folder, write_audit_json, write_gis, write_plan_json
from planner.network import Network
from planner.progress import Progress
from planner.report import write_audit_report, write_report
from planner.result import AuditOutcome, Outcome, ReplayOutcome
from planner.run.summary import to_replay_document


def write_solve(outcome: Outcome, folder: Path, progress: Progress, *, with_pdf: bool = False) -> None:
    """Write plan.json, the report and the map files of a solved study."""
    with whole_folder(folder) as draft:
        write_solve_files(outcome, draft, progress, with_pdf=with_pdf)


def write_solve_files(outcome: Outcome, draft: Path, progress: Progress, *, with_pdf: bool = False) -> None:
    """Write the same files into a folder that is there, such as that of `whole_folder`."""
    write_plan_json(outcome, draft)
    progress.tell("map files")
    write_gis(outcome, draft)
    progress.tell("report")
    write_report(outcome, draft, with_pdf=with_pdf)


def write_audit(outcome: AuditOutcome, folder: Path, *, with_pdf: bool = False) -> None:
    """Write audit.json, the report and the map files of an audit."""
    with whole_folder(folder) as draft:
        write_audit_json(outcome, draft)
        write_gis(outcome, draft)
        write_audit_report(outcome, draft, with_pdf=with_pdf)


def write_replay(outcome: ReplayOutcome, folder: Path) -> None:
    """Write replay.json, and replay.geojson: the cuts, the spans they sever, the sites they take and isolate."""
    with whole_folder(folder) as draft:
        document = json.dumps(to_replay_document(outcome), ensure_ascii=False, indent=1, allow_nan=False)
        (draft / "replay.json").write_text(document + "\n", encoding="utf-8", newline="\n")
        _to_layer(outcome).to_file(draft / "replay.geojson", driver="GeoJSON", RFC7946="YES")


def _to_layer(outcome: ReplayOutcome) -> gpd.GeoDataFrame:
    network, isolated = outcome.network, outcome.isolated
    spans = network.spans.iloc[list(isolated.spans)]
    points = [Point(cut.place) for cut in outcome.cuts]
    cuts = gpd.GeoDataFrame(
        {"what": "cut", "id": [cut.cut_id for cut in outcome.cuts], "name": [cut.name for cut in outcome.cuts]},
        geometry=points,
        crs="EPSG:4326",
    )
    severed = gpd.GeoDataFrame(
        {"what": "severed", "id": spans["span_id"].tolist(), "name": spans["route_id"].tolist()},
        geometry=spans.geometry.tolist(),
        crs=network.crs,
    ).to_crs("EPSG:4326")
    lost = [
        _to_site_layer(network, what, sites)
        for what, sites in (("fallen", isolated.fallen_sites), ("isolated", isolated.isolated_sites))
    ]
    return gpd.GeoDataFrame(pd.concat([cuts, severed, *lost], ignore_index=True), crs="EPSG:4326")


def _to_site_layer(network: Network, what: str, rows: Sequence[int]) -> gpd.GeoDataFrame:
    sites = network.sites.iloc[list(rows)]
    return gpd.GeoDataFrame(
        {"what": what, "id": sites["site_id"].tolist(), "name": sites["name"].tolist()},
        geometry=sites.geometry.tolist(),
        crs=network.crs,
    ).to_crs("EPSG:4326")
