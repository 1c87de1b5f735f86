"""Corridors of countries and continents: arcs read, sections made, seconds and memory.

``python tests/benchmarks/bench_corridors.py [area …]`` reads railways and main roads of `scgraph_data` (extra
``examples``), writes them as layers to a temporary folder and prints a table; each area runs in a process of its own.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

import planner
from planner.candidates import find_corridors

# west, south, east, north; a CRS in metres; two cities
AREAS: dict[str, tuple[tuple[float, float, float, float], str, list[tuple[float, float]]]] = {
    "iberia": ((-10, 36, 3.5, 44), "EPSG:3035", [(-3.7, 40.4), (2.17, 41.39)]),
    "europe": ((-25, 34, 45, 72), "EPSG:3035", [(13.4, 52.5), (2.35, 48.85)]),
    "world": ((-180, -60, 180, 85), "EPSG:8857", [(13.4, 52.5), (37.6, 55.75)]),
}
MODULES = {"rail": "world_railways", "road": "world_highways"}
STUDY = """
[study]
crs = "{crs}"
[network]
sites = "sites.geojson"
routes = "routes.geojson"
max_file_mb = 3000
[candidates]
mode = "sections"
corridors = [{{ file = "rail.gpkg", kind = "rail" }}, {{ file = "road.gpkg", kind = "road" }}]
attach_m = 20000
connect_m = 3000
connect_every_m = 8000
gap_m = 1000
merge_m = 2000
[cuts]
simultaneous = 1
radius_m = 200
site_clearance_m = 5000
[costs]
per_km = {{ rail = 38000, road = 49000 }}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("areas", nargs="*", default=["iberia", "europe"], help=", ".join(AREAS))
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.inside:
        print(measure(arguments.inside))
        return
    print("| area | arcs | sections | junctions | s | CPU s | MB |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for area in arguments.areas:
        command = [sys.executable, __file__, "--inside", area]
        print(subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip(), flush=True)


def measure(area: str) -> str:
    box, crs, cities = AREAS[area]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        num_arcs = sum(write_layer(kind, box, folder / f"{kind}.gpkg") for kind in MODULES)
        points = [{"type": "Point", "coordinates": city} for city in cities]
        write_features(folder / "sites.geojson", [({"id": f"city{i}"}, point) for i, point in enumerate(points)])
        line = {"type": "LineString", "coordinates": cities}
        write_features(folder / "routes.geojson", [({"id": "r", "a": "city0", "b": "city1"}, line)])
        (folder / "study.toml").write_text(STUDY.format(crs=crs), encoding="utf-8")
        study = planner.read_study(folder)
        network = planner.read_network(study)
        begin, cpu = time.perf_counter(), time.process_time()
        found = find_corridors(study, network)
    seconds, cpu = time.perf_counter() - begin, time.process_time() - cpu
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures = f"{num_arcs:,} | {len(found.sections):,} | {len(found.junctions):,}"
    return f"| {area} | {figures} | {seconds:.1f} | {cpu:.1f} | {megabytes:,.0f} |"


def write_layer(kind: str, box: tuple[float, float, float, float], path: Path) -> int:
    """Write the arcs of a kind within the box as lines; return how many."""
    lonlat, arcs = read_arcs(MODULES[kind])
    ends = lonlat[arcs]
    low, high = np.array(box[:2]), np.array(box[2:])
    is_in = ((ends > low) & (ends < high)).all(axis=(1, 2)) & (np.abs(ends[:, 0, 0] - ends[:, 1, 0]) < 90)
    lines = shapely.linestrings(ends[is_in])
    gpd.GeoDataFrame(geometry=lines, crs="EPSG:4326").to_file(path)
    return int(is_in.sum())


def read_arcs(module: str) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Places and arcs of a module of `scgraph_data`, read as text: importing it takes far more memory."""
    spec = importlib.util.find_spec("scgraph_data")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("scgraph_data is missing: pip install '.[examples]'")
    text = (Path(spec.submodule_search_locations[0]) / f"{module}.py").read_text(encoding="utf-8")
    start = text.index("\nnodes=") + len("\nnodes=")
    lonlat = np.array(json.loads(text[start : text.index("\n", start)]))[:, ::-1]
    nodes = re.finditer(r"\{([^{}]*)\}", text[text.index("graph=") : start])
    arcs = [
        (node, int(neighbour))
        for node, neighbours in enumerate(nodes)
        for neighbour in re.findall(r"(\d+):", neighbours[1])
        if node < int(neighbour)
    ]
    return lonlat, np.array(arcs, dtype=np.int64)


def write_features(path: Path, rows: list[tuple[dict[str, str], dict[str, object]]]) -> None:
    features = [{"type": "Feature", "properties": cells, "geometry": geometry} for cells, geometry in rows]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")


if __name__ == "__main__":
    main()
