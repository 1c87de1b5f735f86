"""The report of a network of a country's size: small enough to send, quick, and the same on every run."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import openpyxl
import pytest
from pyproj import CRS
from sample import sample_outcome
from shapely.geometry import LineString, Point, box

from planner.network.model import Network
from planner.report import write_report
from planner.result import NewRoute, Outcome, PlacedCutSet, RegionSurvival, Survival
from planner.risk.model import RiskGroups

if TYPE_CHECKING:
    from pathlib import Path

NUM_SITES = 120
NUM_ROUTES = 300
NUM_VERTICES = 100
L93 = "EPSG:2154"


def _big_network() -> Network:
    random = np.random.default_rng(7)
    at = np.column_stack([random.uniform(2e5, 1.1e6, NUM_SITES), random.uniform(6.2e6, 7e6, NUM_SITES)])
    pairs = sorted(combinations(range(NUM_SITES), 2), key=lambda p: float(np.hypot(*(at[p[0]] - at[p[1]]))))
    rows, lines = [], []
    for i, (a, b) in enumerate(pairs[:NUM_ROUTES]):
        way = np.linspace(at[a], at[b], NUM_VERTICES)
        way[1:-1] += random.normal(0, 900, (NUM_VERTICES - 2, 2))
        rows.append({"route_id": f"R{i:04}", "a": a, "b": b, "length_km": LineString(way).length / 1000})
        lines.append(LineString(way))
    routes = gpd.GeoDataFrame(rows, geometry=lines, crs=L93)
    is_candidate = np.arange(NUM_ROUTES) % 2 == 0
    routes = routes.assign(
        status=np.where(is_candidate, "candidate", "existing"), kind="rail", operator="A", is_cuttable=True
    )
    routes["cost"] = np.where(is_candidate, routes["length_km"] * 60000.0, 0.0)
    spans = routes[["route_id", "a", "b", "is_cuttable", "geometry"]].copy()
    spans = spans.assign(
        span_id=routes["route_id"], route=range(NUM_ROUTES), is_candidate=is_candidate, length_m=1000.0
    )
    sites = gpd.GeoDataFrame(
        {
            "site_id": [f"S{i:03}" for i in range(NUM_SITES)],
            "name": [f"Town {i:03}" for i in range(NUM_SITES)],
            "region": [f"{i % 12:02}" for i in range(NUM_SITES)],
            "weight": random.integers(1, 900, NUM_SITES) * 1000.0,
            "terminal": True,
        },
        geometry=[Point(p) for p in at],
        crs=L93,
    )
    regions = gpd.GeoDataFrame(
        {
            "region_id": [f"{i:02}" for i in range(12)],
            "name": [f"Region {i:02}" for i in range(12)],
            "weight": [1e6 * (i + 1) for i in range(12)],
            "required_cuts": 1,
            "sites": [tuple(range(i, NUM_SITES, 12)) for i in range(12)],
        },
        geometry=[
            box(2e5 + x * 3e5, 6.2e6 + y * 2e5, 5e5 + x * 3e5, 6.4e6 + y * 2e5) for y in range(4) for x in range(3)
        ],
        crs=L93,
    )
    return Network(CRS.from_epsg(2154), False, sites, routes, spans, regions, "any")


def big_outcome(*, num_cut_sets: int = 2000) -> Outcome:
    """300 routes of 100 points, 40 of them new, and many weak points."""
    small, network = sample_outcome(), _big_network()
    lonlat = network.routes.geometry.interpolate(0.5, normalized=True).to_crs("EPSG:4326")
    groups = RiskGroups(
        spans=tuple((i,) for i in range(NUM_ROUTES)),
        group_ids=tuple(f"g{i:04}" for i in range(NUM_ROUTES)),
        places=np.column_stack([lonlat.x, lonlat.y]),
        causes=("single",) * NUM_ROUTES,
    )

    def cut(*at: int) -> PlacedCutSet:
        places = tuple((float(groups.places[g][0]), float(groups.places[g][1])) for g in at)
        return PlacedCutSet(at, places, at, (f"{at[0] % 12:02}",), 1e6, (at[0] % NUM_SITES,))

    singles = [cut(i) for i in range(1, NUM_ROUTES, 2)]
    pairs = [cut(*pair) for pair in list(combinations(range(0, NUM_ROUTES), 2))[:num_cut_sets]]
    regions = tuple(RegionSurvival(f"{i:02}", 0, 2, singles[i]) for i in range(12))
    before = Survival(regions, tuple(singles), {0: 0, 1: len(singles), 2: 0})
    after = Survival(regions, tuple(pairs), {0: 0, 1: 0, 2: len(pairs)})
    new = tuple(NewRoute(i, f"R{i:04}", (), (f"{i % 12:02}",), singles[0]) for i in range(0, 80, 2))
    objective = {"routes": len(new), "cost": 4e7, "length_km": 4000.0}
    assert small.plan
    held = {f"{i:02}": 1 for i in range(12)}
    plan = replace(small.plan, routes=new, objective=objective, required_cuts=held, after=after)
    return replace(small, network=network, risk_groups=groups, before=before, plan=plan)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("big")
    write_report(big_outcome(), path)
    return path


def test_page_is_small_enough_to_send(folder: Path) -> None:
    assert (folder / "report.html").stat().st_size < 1_500_000


def test_long_tables_are_cut_and_say_so(folder: Path) -> None:
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "The first 25 of 2,000. All are in tables.xlsx, sheet Critical cuts." in page
    text = (folder / "report.md").read_text(encoding="utf-8")
    assert "1,975 more rows left out here (tables.xlsx, sheet Critical cuts)." in text


def test_workbook_has_every_row(folder: Path) -> None:
    book = openpyxl.load_workbook(folder / "tables.xlsx", read_only=True)
    assert book["Critical cuts"].max_row == 1 + 150 + 2000
    assert book["Spans"].max_row == 1 + NUM_ROUTES
    book.close()
