"""Tiny invented maps, read by the planner as any study is."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from pyproj import Transformer

import planner
from planner.study import to_study

ORIGIN = (700_000.0, 6_600_000.0)  # of EPSG:2154, to which all places below are relative, in metres

type Place = tuple[float, float]


@dataclass(frozen=True)
class Tiny:
    """A network with its risk groups and the problem that they make.

    Parameters
    ----------
    network, groups, problem
        What the planner makes of the map.
    places
        (g, 2) where each group falls, in metres from the origin.
    radius_m
        Radius of a cut.
    """

    network: planner.Network
    groups: planner.RiskGroups
    problem: planner.Problem
    places: Any
    radius_m: float

    def line(self, span: int) -> Any:
        """(v, 2) the vertices of a span, in metres from the origin."""
        return np.array(self.network.spans.geometry.iloc[span].coords)[:, :2] - ORIGIN

    def site(self, row: int) -> Any:
        """(2,) the place of a site, in metres from the origin."""
        point = self.network.sites.geometry.iloc[row]
        return np.array([point.x, point.y]) - ORIGIN


def to_tiny(
    sites: dict[str, Place],
    routes: dict[str, list[str | Place]],
    *,
    cells: dict[str, dict[str, Any]] | None = None,
    site_cells: dict[str, dict[str, Any]] | None = None,
    regions: dict[str, Any] | None = None,
    **cuts: Any,
) -> Tiny:
    """Read a map.

    Parameters
    ----------
    sites
        Id to place, in metres.
    routes
        Id to its way: ids of sites and places between. A route whose id begins with ``new`` is a candidate.
    cells, site_cells
        Further columns of routes and of sites, by id.
    regions, cuts
        Tables of study.toml.
    """
    cuts = {"simultaneous": 1, "radius_m": 50.0, "site_clearance_m": 100.0, **cuts}
    with TemporaryDirectory() as folder:
        _write_sites(Path(folder), sites, site_cells or {})
        _write_routes(Path(folder), sites, routes, cells or {})
        settings = {
            "study": {"name": "tiny", "crs": "EPSG:2154", "distances": "plane"},
            "network": {"sites": "sites.csv", "routes": "routes.csv", "file_crs": "EPSG:2154", "site_snap_m": 5.0},
            "regions": regions or {},
            "cuts": cuts,
        }
        network = planner.read_network(to_study(settings, Path(folder) / "study.toml"))
    chosen = {name: cuts[name] for name in ("radius_m", "site_clearance_m", "declared", "sites_fail") if name in cuts}
    groups = planner.find_risk_groups(network, **chosen)
    to_xy = Transformer.from_crs("EPSG:4326", "EPSG:2154", always_xy=True)
    places = np.column_stack(to_xy.transform(groups.places[:, 0], groups.places[:, 1])) - ORIGIN
    return Tiny(network, groups, planner.to_problem(network, groups), places, float(cuts["radius_m"]))


def _write_sites(folder: Path, sites: dict[str, Place], cells: dict[str, dict[str, Any]]) -> None:
    rows = [{"id": one, "x": ORIGIN[0] + x, "y": ORIGIN[1] + y, **cells.get(one, {})} for one, (x, y) in sites.items()]
    _write(folder / "sites.csv", rows)


def _write_routes(
    folder: Path, sites: dict[str, Place], routes: dict[str, list[str | Place]], cells: dict[str, dict[str, Any]]
) -> None:
    rows = []
    for one, way in routes.items():
        steps = [sites[step] if isinstance(step, str) else step for step in way]
        wkt = ", ".join(f"{ORIGIN[0] + x} {ORIGIN[1] + y}" for x, y in steps)
        status = "planned" if one.startswith("new") else "existing"
        cost = 1 if status == "planned" else ""
        row = {"id": one, "a": way[0], "b": way[-1], "status": status, "cost": cost, "wkt": f"LINESTRING ({wkt})"}
        rows.append(row | cells.get(one, {}))
    _write(folder / "routes.csv", rows)


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, restval="")
        writer.writeheader()
        writer.writerows(rows)
