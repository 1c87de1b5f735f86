"""Times the search for risk groups, and compares it with buffers and joins in geopandas.

Run as ``python tests/benchmarks/bench_risk.py``; every row is measured in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from scipy.spatial import Delaunay

sys.path.insert(0, str(Path(__file__).parents[2]))

from planner.network.model import Network
from planner.problem import Problem
from planner.risk.discs import find_disc_groups
from planner.risk.groups import find_risk_groups
from planner.risk.vague import find_vague_pairs
from planner.run.apart import put_apart
from planner.run.survey import MAX_PAIRS

type Lines = NDArray[np.object_]

RADIUS_M = 50.0
SPACING_M = 5000.0
SIZES = (1_000, 10_000, 100_000)
NUM_COMPARED = 1_000
FALLING = (10_000, 30_000)  # sites, of those of the largest network
FALLING_KM = (5, 50, 500)
NUM_RUNS = 3
SURVEY_CLEARANCE_M = 300.0


def to_national(num_spans: int, *, seed: int = 1) -> Lines:
    """Roads of eight vertices on a shaken grid; three spans in ten follow two roads, half of those a little aside."""
    rng = np.random.default_rng(seed)
    side = max(3, int(np.ceil(np.sqrt(num_spans / 1.9))))
    towns = np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1).reshape(-1, 2) * SPACING_M
    towns += rng.uniform(-0.3, 0.3, towns.shape) * SPACING_M
    grid = np.arange(side * side).reshape(side, side)
    ends = np.concatenate(
        [
            np.stack([grid[:, :-1], grid[:, 1:]], axis=-1).reshape(-1, 2),
            np.stack([grid[:-1], grid[1:]], axis=-1).reshape(-1, 2),
        ]
    )
    ends = rng.permutation(ends)
    share = np.linspace(0, 1, 8)[None, :, None]
    bends = rng.normal(0, 0.03 * SPACING_M, (len(ends), 8, 2))
    bends[:, [0, -1]] = 0
    roads = towns[ends[:, 0]][:, None] * (1 - share) + towns[ends[:, 1]][:, None] * share + bends
    num_roads = min(len(ends), int(0.7 * num_spans))
    by_start: dict[int, list[int]] = {}
    for road, (start, _) in enumerate(ends[:num_roads].tolist()):
        by_start.setdefault(start, []).append(road)
    paths = list(roads[:num_roads])
    while len(paths) < num_spans:
        first = int(rng.integers(num_roads))
        onward = by_start.get(int(ends[first, 1]), [])
        if onward:
            second = onward[int(rng.integers(len(onward)))]
            path = np.concatenate([roads[first], roads[second][1:]])
            paths.append(path + (rng.normal(0, 2, 2) if rng.random() < 0.5 else 0))
    origin = np.array([3e5, 5.2e6])
    return np.array([shapely.LineString(path + origin) for path in paths], dtype=object)


def to_continental(num_spans: int, width_m: float, *, seed: int = 1) -> Lines:
    """Links of eight vertices between neighbouring towns."""
    rng = np.random.default_rng(seed)
    towns = rng.uniform(0, 1, (int(num_spans / 1.5), 2)) * [width_m, 0.75 * width_m]
    corners = Delaunay(towns).simplices
    ends = np.unique(
        np.sort(np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]]), axis=1), axis=0
    )
    ends = rng.permutation(ends)[:num_spans]
    share = np.linspace(0, 1, 8)[None, :, None]
    length = np.hypot(*(towns[ends[:, 1]] - towns[ends[:, 0]]).T)
    bends = rng.normal(0, 0.03, (len(ends), 8, 2)) * length[:, None, None]
    bends[:, [0, -1]] = 0
    paths = towns[ends[:, 0]][:, None] * (1 - share) + towns[ends[:, 1]][:, None] * share + bends
    return np.array([shapely.LineString(path) for path in paths], dtype=object)


def to_network(lines: Lines, *, is_planar: bool) -> Network:
    """The lines as spans of routes of their own."""
    crs = CRS.from_epsg(2154)
    places = [place for line in lines for place in (line.coords[0], line.coords[-1])]
    index = {place: number for number, place in enumerate(dict.fromkeys(places))}
    ids = [f"S{number}" for number in range(len(lines))]
    columns = {"route_id": ids, "is_cuttable": True, "accuracy_m": 0.0}
    spans = {"span_id": ids, "route": np.arange(len(lines)), **columns}
    spans |= {"a": [index[place] for place in places[::2]], "b": [index[place] for place in places[1::2]]}
    sites = {"site_id": [f"P{number}" for number in range(len(index))], "protected": False}
    return Network(
        crs=crs,
        is_planar=is_planar,
        sites=gpd.GeoDataFrame(sites, geometry=shapely.points(list(index)), crs=crs),
        routes=gpd.GeoDataFrame(columns, geometry=lines, crs=crs),
        spans=gpd.GeoDataFrame(spans, geometry=lines, crs=crs),
        regions=gpd.GeoDataFrame(geometry=[], crs=crs),
        reach="any",
    )


def find_by_buffers(lines: Lines, radius_m: float) -> set[frozenset[int]]:
    """The obvious way: buffers, joined pairs, points where their outlines meet, and what is near each such point."""
    spans = gpd.GeoDataFrame(geometry=lines)
    buffers = gpd.GeoDataFrame(geometry=spans.buffer(radius_m, quad_segs=64))
    pairs = gpd.sjoin(buffers, buffers, predicate="intersects")
    pairs = pairs[pairs.index < pairs["index_right"]]
    outlines = buffers.boundary
    meetings = outlines.loc[pairs.index].intersection(outlines.loc[pairs["index_right"]], align=False)
    shapes = np.concatenate([meetings.to_numpy(), outlines.to_numpy(), lines])
    points = gpd.GeoDataFrame(geometry=shapely.points(np.unique(shapely.get_coordinates(shapes).round(6), axis=0)))
    near = gpd.sjoin(points, spans, predicate="dwithin", distance=radius_m + 1e-6)
    sets = sorted({frozenset(one) for one in near.groupby(level=0)["index_right"].agg(tuple)}, key=len, reverse=True)
    kept: set[frozenset[int]] = set()
    holders: dict[int, list[frozenset[int]]] = {}
    for one in sets:
        if not any(one <= other for other in holders.get(min(one), [])):
            kept.add(one)
            for line in one:
                holders.setdefault(line, []).append(one)
    return kept


def survey(network: Network) -> tuple[float, int]:
    """What a survey of inaccurate data does beside the searches for plans: seconds, and pairs in doubt."""
    network.spans["accuracy_m"] = 20.0
    groups = find_risk_groups(network, radius_m=RADIUS_M, site_clearance_m=SURVEY_CLEARANCE_M)
    problem = Problem(
        num_sites=len(network.sites),
        span_ends=network.spans[["a", "b"]].to_numpy(),
        route_of_span=network.spans["route"].to_numpy(),
        route_cost=np.zeros(len(network.spans)),
        is_candidate=np.zeros(len(network.spans), dtype=bool),
        groups=groups.spans,
        terminals=[[0]],
        required_cuts=[1],
    )
    before = time.perf_counter()
    vague = find_vague_pairs(network, RADIUS_M, SURVEY_CLEARANCE_M)
    pairs = list(zip(vague.first.tolist(), vague.second.tolist(), strict=True))
    put_apart(problem, pairs)
    for pair in pairs[:MAX_PAIRS]:
        put_apart(problem, [pair])
    return time.perf_counter() - before, len(pairs)


def measure(name: str) -> dict[str, float]:
    """Run one row; seconds, number of groups and peak memory."""
    kind, _, rest = name.partition(" ")
    size = int(rest.split()[0])
    if kind == "check":
        lines = to_national(size)
        assert set(map(frozenset, find_disc_groups(lines, RADIUS_M).lines)) == find_by_buffers(lines, RADIUS_M)
        return {}
    if kind in ("national", "continental"):
        return measure_falling(kind, size, rest)
    lines = to_continental(size, 4e6 if "4,000" in rest else 1e6) if kind == "disc" else to_national(size)
    network = to_network(lines, is_planar=kind == "plane") if kind in ("plane", "ground") else None
    if kind == "survey":
        seconds, num = survey(to_network(lines, is_planar=True))
        return {"seconds": seconds, "groups": num, "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}
    before = time.perf_counter()
    if network is not None:
        num = len(find_risk_groups(network, radius_m=RADIUS_M, site_clearance_m=0, declared=()).spans)
    elif kind == "disc":
        num = len(find_disc_groups(lines, 500e3).lines)
    else:
        num = len(find_by_buffers(lines, RADIUS_M))
    return to_figures(time.perf_counter() - before, num)


def measure_falling(kind: str, size: int, rest: str) -> dict[str, float]:
    """Run one row with the radius, and the number of sites that fall where it names one."""
    words = rest.split()
    radius_m, num_falling = float(words[2]) * 1000, int(words[5]) if len(words) > 5 else 0
    network = to_network(to_national(size) if kind == "national" else to_continental(size, 4e6), is_planar=True)
    order = np.random.default_rng(1).permutation(len(network.sites))
    network.sites["protected"] = ~np.isin(np.arange(len(order)), order[:num_falling])
    before = time.perf_counter()
    groups = find_risk_groups(
        network, radius_m=radius_m, site_clearance_m=0, sites_fail="disc" if num_falling else False
    )
    return to_figures(time.perf_counter() - before, len(groups.spans))


def to_figures(seconds: float, num_groups: int) -> dict[str, float]:
    """With the peak memory of this process."""
    return {"seconds": seconds, "groups": num_groups, "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def run_often(name: str) -> dict[str, float]:
    """Measure one row several times; of each figure the median."""
    runs = [run(name) for _ in range(NUM_RUNS)]
    return {key: sorted(one[key] for one in runs)[NUM_RUNS // 2] for key in runs[0]}


def print_falling() -> None:
    """Rows with sites that fall, each behind the same one without them."""
    rows = [(f"national {SIZES[-1]} spans, 0.05 km", FALLING)]
    rows += [(f"continental 500 spans, {km} km", (100, 324)) for km in FALLING_KM]
    print(f"{'median of ' + str(NUM_RUNS):50} {'seconds':>9} {'groups':>8} {'peak MB':>8} {'ratio':>6}")
    for name, numbers in rows:
        alone = run_often(name)
        figures = [(name, alone), *((f"{name}, {num} sites fall", run_often(f"{name} and {num}")) for num in numbers)]
        for label, one in figures:
            ratio = one["seconds"] / alone["seconds"]
            print(f"{label:50} {one['seconds']:9.2f} {one['groups']:8} {one['mb']:8.0f} {ratio:6.2f}")


def run(name: str) -> dict[str, float]:
    """Measure one row in a process of its own."""
    done = subprocess.run([sys.executable, __file__, "--row", name], stdout=subprocess.PIPE, text=True, check=True)
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def main() -> None:
    """Measure every row in a process of its own and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--row", help="measure one row only, and print it as JSON")
    parser.add_argument("--falling", action="store_true", help="measure the rows with sites that fall only")
    options = parser.parse_args()
    if options.row:
        sys.stdout.write(json.dumps(measure(options.row)))
        return
    if options.falling:
        print_falling()
        return
    run(f"check {NUM_COMPARED} spans")
    rows = [f"{kind} {size} spans" for kind in ("plane", "ground") for size in SIZES]
    rows += [f"disc 500 spans, 500 km, over {width} km" for width in ("4,000", "1,000")]
    rows += [f"survey {size} spans, pairs in doubt" for size in SIZES[1:]]
    rows += [f"buffers {NUM_COMPARED} spans"]
    results = {}
    print(f"{'':40} {'seconds':>9} {'groups':>8} {'peak MB':>8}")
    for name in rows:
        results[name] = run(name)
        print(f"{name:40} {results[name]['seconds']:9.2f} {results[name]['groups']:8} {results[name]['mb']:8.0f}")
    ratio = results[rows[-1]]["seconds"] / results[rows[0]]["seconds"]
    growth = results[rows[2]]["seconds"] / results[rows[0]]["seconds"] / (SIZES[-1] / SIZES[0])
    print(f"{ratio:.0f} times as fast as buffers on {NUM_COMPARED} spans, with the same sets;")
    print(f"a span costs {growth:.2f} times as much in {SIZES[-1]} as in {SIZES[0]}")
    print_falling()


if __name__ == "__main__":
    main()
