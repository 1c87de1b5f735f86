"""One small finished study, made by hand, for the tests of everything that shows results.

```
          Lille - - - - C-LIL-STR - - - - .
           | :                             :
     E-LIL | : C-LIL-PAR (same trench)     :
           | :                             :
          Paris ------- E-STR ------- Strasbourg
         / |  \\\\                            :
  E-BOR /  |   \\\\ E-SUD#1, E-LYO-2         : C-LYO-STR
       /   |    \\\\ (same trench for a       :
      /         \\\\ while)                  :
Bordeaux          Lyon - - - - - - - - - - '
      :            |
       :           | E-SUD#2
        :          |
         ' - - - Marseille      C-BOR-MRS crosses E-LYO-2 at Clermont-Ferrand
```

Lines drawn through are existing, dotted ones candidates. For any one cut C-BOR-MRS and C-LIL-STR are the
fewest new routes; for any two no choice suffices, since Bordeaux has two spans at most.
"""

from __future__ import annotations

import hashlib
from itertools import combinations, pairwise
from math import comb
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import networkx as nx
import numpy as np
from pyproj import CRS, Geod
from shapely.geometry import LineString, Point, Polygon
from shapely.ops import substring

from planner.network.model import Network, Remark
from planner.result import (
    AuditOutcome,
    CriticalStretch,
    NewRoute,
    Outcome,
    PlacedCutSet,
    ProofOfSurvival,
    RadiusAudit,
    RegionSurvival,
    SolvedPlan,
    SolverRecord,
    Survival,
)
from planner.risk.model import RiskGroups
from planner.study import Study

if TYPE_CHECKING:
    from collections.abc import Iterable

CRS_L93 = CRS.from_epsg(2154)
PRICE_PER_KM = {"rail": 60000.0, "road": 80000.0}

# id: name, region, weight, longitude, latitude
SITES: dict[str, tuple[str, str, float, float, float]] = {
    "BOR": ("Bordeaux", "75", 260_000, -0.58, 44.84),
    "LIL": ("Lille", "32", 236_000, 3.06, 50.63),
    "LYO": ("Lyon", "84", 522_000, 4.84, 45.76),
    "MRS": ("Marseille", "93", 873_000, 5.37, 43.30),
    "PAR": ("Paris", "11", 2_133_000, 2.35, 48.86),
    "STR": ("Strasbourg", "44", 291_000, 7.75, 48.58),
}

# id: sites on the way, kind, operator, one list of inner points per span
ROUTES: dict[str, tuple[str, str, str, list[list[tuple[float, float]]]]] = {
    "C-BOR-MRS": (
        "BOR MRS",
        "rail",
        "new",
        [[(0.72, 45.18), (1.26, 45.83), (3.09, 45.78), (3.88, 45.04), (4.36, 43.84)]],
    ),
    "C-LIL-PAR": ("LIL PAR", "road", "new", [[(2.95, 50.2), (2.75, 49.6)]]),
    "C-LIL-STR": ("LIL STR", "rail", "new", [[(4.02, 50.1), (4.72, 49.77), (6.17, 49.12)]]),
    "C-LYO-STR": ("LYO STR", "road", "new", [[(5.2, 46.2), (6.02, 47.24), (7.33, 47.75)]]),
    "E-BOR": ("BOR PAR", "rail", "Telco A", [[(0.34, 46.58), (0.69, 47.39), (1.9, 47.9)]]),
    "E-LIL": ("LIL PAR", "rail", "Telco A", [[(2.95, 50.2), (2.75, 49.6)]]),
    "E-LYO-2": ("LYO PAR", "road", "Telco B", [[(3.09, 45.78), (3.16, 46.99), (2.73, 48.18), (2.6, 48.5)]]),
    "E-STR": ("PAR STR", "rail", "Telco A", [[(3.4, 49.05), (4.36, 48.96), (6.18, 48.69)]]),
    "E-SUD": (
        "PAR LYO MRS",
        "rail",
        "Telco A",
        [[(2.6, 48.5), (2.73, 48.18), (4.0, 47.3), (4.83, 46.3)], [(4.89, 44.93), (4.81, 43.95)]],
    ),
}

# id: name, population, outline
REGIONS: dict[str, tuple[str, float, list[tuple[float, float]]]] = {
    "11": ("Île-de-France", 12_300_000, [(1.5, 49.2), (3.5, 49.2), (3.5, 48.1), (1.5, 48.1)]),
    "32": ("Hauts-de-France", 6_000_000, [(1.5, 51.0), (4.2, 50.2), (4.0, 49.2), (1.5, 49.2)]),
    "44": (
        "Grand Est",
        5_560_000,
        [(4.2, 50.2), (8.2, 49.0), (7.5, 47.5), (3.5, 48.1), (3.5, 49.2), (4.0, 49.2)],
    ),
    "75": (
        "Nouvelle-Aquitaine",
        6_050_000,
        [(-1.2, 46.8), (2.2, 46.8), (2.2, 44.9), (-0.2, 42.8), (-1.8, 43.4)],
    ),
    "84": (
        "Auvergne-Rhône-Alpes",
        8_090_000,
        [(2.2, 46.8), (6.9, 46.4), (7.1, 45.2), (4.7, 44.2), (2.2, 44.9)],
    ),
    "93": ("Provence-Alpes-Côte d'Azur", 5_130_000, [(4.7, 44.2), (7.1, 45.2), (7.6, 43.7), (4.3, 43.2)]),
}

# spans that one cut severs together, where, and why
GROUPS: list[tuple[tuple[str, ...], tuple[float, float], str]] = [
    (("C-BOR-MRS", "E-LYO-2"), (3.09, 45.78), "trench"),
    (("C-LIL-PAR", "E-LIL"), (2.85, 49.9), "trench"),
    (("E-LYO-2", "E-SUD#1"), (2.73, 48.18), "trench"),
    (("C-LIL-STR",), (4.72, 49.77), "single"),
    (("C-LYO-STR",), (6.02, 47.24), "single"),
    (("E-BOR",), (0.69, 47.39), "single"),
    (("E-STR",), (4.36, 48.96), "single"),
    (("E-SUD#2",), (4.89, 44.93), "declared conduit_id=D7"),
]

REMARKS = (
    Remark("snapped", "routes.geojson, row 2 (id 'E-LIL')", "Its end was joined to site 'LIL', 41 m away."),
    Remark("snapped", "routes.geojson, row 5 (id 'E-SUD')", "Its end was joined to site 'MRS', 12 m away."),
    Remark("split", "routes.geojson, row 5 (id 'E-SUD')", "Split at site 'LYO' into 2 spans."),
    Remark(
        "duplicate",
        "routes.geojson, row 3 (id 'E-LYO-2')",
        "It runs beside 'E-SUD' for 56 km: if both are one cable, leave one out.",
        is_warning=True,
    ),
)


def sample_network(*, required_cuts: int = 1, ground: str | None = None) -> Network:
    """Six French sites, six existing spans, four candidates; `ground` fills a column of that name."""
    sites = _sites()
    routes, spans = _lines(sites)
    if ground:
        routes["ground"] = ground
    return Network(
        crs=CRS_L93,
        is_planar=False,
        sites=sites,
        routes=routes,
        spans=spans,
        regions=_regions(sites, required_cuts),
        reach="any",
        remarks=REMARKS,
    )


def sample_risk_groups(network: Network) -> RiskGroups:
    """Two crossings and trenches with candidates, one shared by existing spans, the rest alone."""
    row = {span_id: i for i, span_id in enumerate(network.spans["span_id"])}
    groups = sorted((tuple(sorted(row[s] for s in spans)), spans, place, why) for spans, place, why in GROUPS)
    return RiskGroups(
        spans=tuple(group[0] for group in groups),
        group_ids=tuple(hashlib.sha256(" ".join(group[1]).encode()).hexdigest()[:12] for group in groups),
        places=np.array([group[2] for group in groups], dtype=float),
        causes=tuple(group[3] for group in groups),
    )


def sample_study(**cuts: Any) -> Study:
    """The study that the sample could have been read from; `cuts` replaces keys of its section."""
    return Study.model_validate(
        {
            "study": {"name": "Six cities, any one cut", "crs": "EPSG:2154"},
            "network": {"sites": "sites.geojson", "routes": "routes.geojson"},
            "candidates": {"routes": "candidates.geojson"},
            "regions": {"polygons": "regions.geojson", "id": "code", "weight": "population"},
            "cuts": {"simultaneous": 1, "declared": ["conduit_id"], **cuts},
            "costs": {"per_km": PRICE_PER_KM},
            "path": Path("inputs/sample/study.toml"),
        }
    )


def sample_outcome(*, ground: str | None = None) -> Outcome:
    """Any one cut: two new routes, proved optimal."""
    network = sample_network(ground=ground)
    groups = sample_risk_groups(network)
    plan = _plan(network, groups, built=("C-BOR-MRS", "C-LIL-STR"), held=dict.fromkeys(REGIONS, 1))
    return Outcome(
        study=sample_study(),
        network=network,
        risk_groups=groups,
        status="optimal",
        cuts=1,
        minimise=("routes", "cost"),
        before=_survival(network, groups, built=(), searched=2),
        plan=plan,
        blocking=None,
        protect_most=None,
        **_record(),
    )


def sample_infeasible_outcome(*, with_protect_most: bool = True) -> Outcome:
    """Any two cuts: Bordeaux, Lille and Marseille cannot be held, the rest can."""
    network = sample_network(required_cuts=2)
    groups = sample_risk_groups(network)
    everything = tuple(route_id for route_id in ROUTES if route_id.startswith("C-"))
    held = {"11": 2, "32": 1, "44": 2, "75": 1, "84": 2, "93": 1}
    plan = _plan(network, groups, built=("C-BOR-MRS", "C-LIL-STR", "C-LYO-STR"), held=held)
    return Outcome(
        study=sample_study(simultaneous=2),
        network=network,
        risk_groups=groups,
        status="infeasible",
        cuts=2,
        minimise=("routes", "cost"),
        before=_survival(network, groups, built=(), searched=2),
        plan=None,
        blocking=_survival(network, groups, built=everything, searched=2).cut_sets[0],
        protect_most=plan if with_protect_most else None,
        **_record(),
    )


def sample_audit() -> AuditOutcome:
    """What one or two cuts do to the network as it is."""
    network = sample_network()
    groups = sample_risk_groups(network)
    record = _record()
    return AuditOutcome(
        study=sample_study(),
        network=network,
        risk_groups=groups,
        cuts=1,
        survival=_survival(network, groups, built=(), searched=2),
        inputs=record["inputs"],
        versions=record["versions"],
        seconds={"read": 0.21, "risk": 0.05, "audit": 0.02},
        critical_stretches=_stretches(network, groups),
        radii=(
            RadiusAudit(5.0, 6, 0, 1, {0: 0, 1: 4, 2: 1}, {0: 6, 1: 2, 2: 0}, 6_050_000.0),
            RadiusAudit(50.0, 5, 1, 2, {0: 0, 1: 5, 2: 0}, {0: 6, 1: 1, 2: 0}, 13_220_000.0),
        ),
    )


def _stretches(network: Network, groups: RiskGroups) -> tuple[CriticalStretch, ...]:
    """Two of them: all of E-BOR but its ends, and a part of E-SUD#1 that isolates only with E-LYO-2's trench."""
    row = {span_id: i for i, span_id in enumerate(network.spans["span_id"])}
    bor, lyo = row["E-BOR"], row["E-SUD#1"]
    partner = next(i for i, spans in enumerate(groups.spans) if spans == (row["C-BOR-MRS"], row["E-LYO-2"]))
    lines = network.spans.geometry
    place = (float(groups.places[partner][0]), float(groups.places[partner][1]))
    alone = substring(lines[bor], 1000, 450_000)
    part = substring(lines[lyo], 120_000, 300_000)
    return (
        CriticalStretch(bor, 1000.0, 450_000.0, 1, ("75",), 6_050_000.0, (bor,), None, None, alone),
        CriticalStretch(lyo, 120_000.0, 300_000.0, 2, ("84", "93"), 13_220_000.0, (lyo,), partner, place, part),
    )


def _sites() -> gpd.GeoDataFrame:
    rows = [{"site_id": k, "name": v[0], "region": v[1], "weight": v[2], "terminal": True} for k, v in SITES.items()]
    points = [Point(v[3], v[4]) for v in SITES.values()]
    return gpd.GeoDataFrame(rows, geometry=points, crs="EPSG:4326").to_crs(CRS_L93)


def _lines(sites: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    index = {site_id: i for i, site_id in enumerate(sites["site_id"])}
    routes: list[dict[str, Any]] = []
    spans: list[dict[str, Any]] = []
    for row, (route_id, (stops, kind, operator, ways)) in enumerate(sorted(ROUTES.items())):
        ends = stops.split()
        lines = []
        for (a, b), way in zip(pairwise(ends), ways, strict=True):
            lines.append(LineString([SITES[a][3:], *_turned(way, a), SITES[b][3:]]))
        lengths = [Geod(ellps="GRS80").geometry_length(line) for line in lines]
        is_candidate = route_id.startswith("C-")
        length_km = sum(lengths) / 1000
        routes.append(
            {
                "route_id": route_id,
                "a": index[ends[0]],
                "b": index[ends[-1]],
                "status": "candidate" if is_candidate else "existing",
                "kind": kind,
                "operator": operator,
                "is_cuttable": True,
                "cost": PRICE_PER_KM[kind] * length_km if is_candidate else 0.0,
                "length_km": length_km,
                "geometry": LineString([c for line in lines for c in line.coords]),
            }
        )
        for n, (line, length_m) in enumerate(zip(lines, lengths, strict=True)):
            spans.append(
                {
                    "span_id": route_id if len(lines) == 1 else f"{route_id}#{n + 1}",
                    "route": row,
                    "route_id": route_id,
                    "a": index[ends[n]],
                    "b": index[ends[n + 1]],
                    "is_candidate": is_candidate,
                    "is_cuttable": True,
                    "length_m": length_m,
                    "geometry": line,
                }
            )
    frames = [gpd.GeoDataFrame(rows, crs="EPSG:4326").to_crs(CRS_L93) for rows in (routes, spans)]
    return frames[0], frames[1]


def _turned(way: list[tuple[float, float]], start: str) -> list[tuple[float, float]]:
    """The inner points, beginning with the one nearer to the first site."""
    x, y = SITES[start][3:]
    return sorted(way, key=lambda p: (p[0] - x) ** 2 + (p[1] - y) ** 2)


def _regions(sites: gpd.GeoDataFrame, required_cuts: int) -> gpd.GeoDataFrame:
    rows = [
        {
            "region_id": region_id,
            "name": name,
            "weight": float(weight),
            "required_cuts": required_cuts,
            "sites": tuple(i for i, region in enumerate(sites["region"]) if region == region_id),
            "geometry": Polygon(outline),
        }
        for region_id, (name, weight, outline) in sorted(REGIONS.items())
    ]
    return gpd.GeoDataFrame(rows, geometry="geometry", crs="EPSG:4326").to_crs(CRS_L93)


def _present(network: Network, built: Iterable[str]) -> list[int]:
    chosen = set(built)
    spans = network.spans
    return [i for i in range(len(spans)) if not spans["is_candidate"][i] or spans["route_id"][i] in chosen]


def _cut(network: Network, groups: RiskGroups, built: Iterable[str], cuts: tuple[int, ...]) -> PlacedCutSet:
    """Fail the groups and see what the heaviest component no longer holds."""
    present = _present(network, built)
    severed = sorted({s for g in cuts for s in groups.spans[g]} & set(present))
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(len(network.sites)))
    graph.add_edges_from((network.spans["a"][i], network.spans["b"][i]) for i in present if i not in severed)
    weight = dict(zip(network.regions["region_id"], network.regions["weight"], strict=True))
    region_of = list(network.sites["region"])

    def size(part: set[int]) -> tuple[float, int, int]:
        return sum(weight[r] for r in {region_of[i] for i in part}), len(part), -min(part)

    main = max(nx.connected_components(graph), key=size)
    lost = sorted(set(weight) - {region_of[i] for i in main})
    return PlacedCutSet(
        groups=cuts,
        places=tuple((float(groups.places[g][0]), float(groups.places[g][1])) for g in cuts),
        spans=tuple(severed),
        isolated_regions=tuple(lost),
        isolated_weight=sum(weight[r] for r in lost),
        isolated_sites=tuple(sorted(set(graph) - main)),
    )


def _survival(network: Network, groups: RiskGroups, *, built: Iterable[str], searched: int) -> Survival:
    """Try every set of up to `searched` cuts."""
    built = tuple(built)
    present = set(_present(network, built))
    usable = [g for g in range(len(groups.spans)) if present & set(groups.spans[g])]
    found: list[PlacedCutSet] = []
    every: list[PlacedCutSet] = []
    for size in range(searched + 1):
        for cuts in combinations(usable, size):
            result = _cut(network, groups, built, cuts)
            if result.isolated_regions:
                every.append(result)
                if not any(set(smaller.groups) < set(cuts) for smaller in found):
                    found.append(result)
    regions = []
    for region_id in network.regions["region_id"]:
        witness = next((c for c in every if region_id in c.isolated_regions), None)
        survives = len(witness.groups) - 1 if witness else searched
        regions.append(RegionSurvival(region_id, survives, searched, witness))
    ranked = sorted(found, key=lambda c: (-c.isolated_weight, len(c.groups), c.groups))
    counts = {n: sum(len(c.groups) == n for c in found) for n in range(searched + 1)}
    return Survival(tuple(regions), tuple(ranked), counts)


def _plan(network: Network, groups: RiskGroups, *, built: tuple[str, ...], held: dict[str, int]) -> SolvedPlan:
    routes = network.routes
    chosen = [i for i, route_id in enumerate(routes["route_id"]) if route_id in built]
    objective = {
        "routes": len(chosen),
        "cost": float(sum(routes["cost"][i] for i in chosen)),
        "length_km": float(sum(routes["length_km"][i] for i in chosen)),
    }
    return SolvedPlan(
        status="optimal",
        routes=tuple(_new_route(network, groups, row, built, held) for row in chosen),
        objective=objective,
        bound={"routes": objective["routes"], "cost": objective["cost"]},
        gap=0.0,
        proof=ProofOfSurvival(
            "bounded search tree", survives=True, cut_sets_covered=_count_cut_sets(network, groups, built, held)
        ),
        required_cuts=held,
        after=_survival(network, groups, built=built, searched=2),
    )


def _count_cut_sets(network: Network, groups: RiskGroups, built: tuple[str, ...], held: dict[str, int]) -> int:
    present = set(_present(network, built))
    usable = sum(bool(present & set(spans)) for spans in groups.spans)
    return sum(comb(usable, size) for size in range(max(held.values()) + 1))


def _new_route(
    network: Network, groups: RiskGroups, row: int, built: tuple[str, ...], held: dict[str, int]
) -> NewRoute:
    route_id = str(network.routes["route_id"][row])
    spans = network.spans
    shares: set[str] = set()
    present = set(_present(network, built))
    for group in groups.spans:
        if any(spans["route_id"][s] == route_id for s in group):
            shares.update(spans["route_id"][s] for s in group if s in present)
    without = tuple(other for other in built if other != route_id)
    survival = _survival(network, groups, built=without, searched=max(held.values()))
    cut_sets = [c for c in survival.cut_sets if any(held[r] >= len(c.groups) for r in c.isolated_regions)]
    return NewRoute(
        route=row,
        route_id=route_id,
        shares_with=tuple(sorted(shares - {route_id})),
        defends=tuple(sorted({r for c in cut_sets for r in c.isolated_regions if held[r] >= len(c.groups)})),
        defends_against=cut_sets[0] if cut_sets else None,
    )


def _record() -> dict[str, Any]:
    files = ("candidates.geojson", "regions.geojson", "routes.geojson", "sites.geojson", "study.toml")
    return {
        "solver": SolverRecord("HiGHS", "1.12.0", 0.031, rounds=2, rows=9),
        "inputs": {name: hashlib.sha256(name.encode()).hexdigest() for name in files},
        "versions": {"geopandas": "1.2.0", "planner": "0.1.0", "pulp": "4.2.0", "python": "3.12.11"},
        "seconds": {"read": 0.21, "risk": 0.05, "audit": 0.02, "solve": 0.04, "verify": 0.01},
    }
