"""Cheapest k-edge-connected subgraphs of complete graphs: TSPLIB's with published optima, and seeded random ones."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from planner.problem import FloatArray, Problem

DATA = Path(__file__).parents[3] / "shared" / "data" / "kecss"
LARGEST_CUTS = {"eil51": 4, "st70": 3}


def to_complete(places: FloatArray, cuts: int) -> Problem:
    """Nothing exists, every pair of sites is a candidate at its distance in whole numbers, and all must survive."""
    num_sites = len(places)
    ends = np.column_stack(np.triu_indices(num_sites, 1))
    distance = np.hypot(*(places[ends[:, 0]] - places[ends[:, 1]]).T)
    return Problem(
        num_sites=num_sites,
        span_ends=ends,
        route_of_span=np.arange(len(ends)),
        route_cost=np.floor(distance + 0.5),  # EUC_2D of TSPLIB
        is_candidate=np.ones(len(ends), dtype=np.bool_),
        groups=[],
        terminals=[[site] for site in range(num_sites)],
        required_cuts=np.full(num_sites, cuts),
    )


def to_random_places(num_sites: int, *, seed: int = 1) -> FloatArray:
    """(n, 2) seeded points in a square of 1,000."""
    return np.random.default_rng(seed).random((num_sites, 2)) * 1000


def read_places(path: Path) -> FloatArray:
    """(n, 2) coordinates of a TSPLIB file of type EUC_2D."""
    rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines()]
    return np.array([row[1:] for row in rows if len(row) == 3 and row[0].isdigit()], dtype=np.float64)


def read_optima() -> dict[tuple[str, int], float]:
    """Instance and number of cuts to the published cost, up to `LARGEST_CUTS`; empty where the data is absent."""
    path = DATA / "optima.csv"
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = [
            (row["instance"], int(row["edge_connectivity"]) - 1, float(row["optimum"])) for row in csv.DictReader(file)
        ]
    return {(name, cuts): optimum for name, cuts, optimum in rows if cuts <= LARGEST_CUTS.get(name, 0)}
