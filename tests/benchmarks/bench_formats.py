"""Peak memory of check, audit and solve on files just under the size limit of each format.

``python tests/benchmarks/bench_formats.py`` measures all of them, ``… geojson-rows check`` one. The files are made
under ``/tmp``, take up to 300 MB each, and are removed. Each run must stay under 2 GB, if need be by a clear refusal.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

ROOT = Path(__file__).parents[2]
COMMANDS = ("check", "audit", "solve")
LIMIT_MB = 2000
LIMIT_S = 420
NUM_CITIES = 20
# share of network.max_file_mb = 300 that a format is allowed, see planner/network/formats/limits.py
MB = {"geojson": 290, "gpkg": 290, "fgb": 290, "kml": 290, "csv": 145, "graphml": 44, "ofds": 72, "zoo": 20}
STUDY = """[study]
name = "Large"
[network]
sites = "{sites}"
routes = "{routes}"
{settings}
[cuts]
simultaneous = 1
radius_m = 50
site_clearance_m = 1000
"""
_TURN = np.linspace(0, 2 * np.pi, NUM_CITIES, endpoint=False)
CITIES = np.column_stack([2 + 2 * np.cos(_TURN), 46 + 2 * np.sin(_TURN)]).round(7)


@dataclass(frozen=True)
class Line:
    """A route from one site to another."""

    id: str
    a: int
    b: int
    xy: np.ndarray


type Writer = Callable[[Path, np.ndarray, Iterable[Line]], str]
type Maker = Callable[[float, int], tuple[np.ndarray, Iterator[Line]]]


def to_line(number: int, num_points: int) -> np.ndarray:
    """(num_points, 2) a line from one city to the next, in degrees."""
    a, b = CITIES[number], CITIES[(number + 1) % NUM_CITIES]
    share = np.linspace(0, 1, num_points)[:, None]
    wiggle = np.random.default_rng(number).normal(0, 0.00001, (num_points, 2))
    wiggle[[0, -1]] = 0
    return np.round(a * (1 - share) + b * share + wiggle, 7)


def to_grid(num_routes: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sites 2 km apart (s, 2), and about so many routes between neighbours: their ends (m, 2) and lines (m, 2, 2)."""
    side = int((num_routes / 2) ** 0.5) + 1
    x, y = np.meshgrid(np.arange(side), np.arange(side))
    sites = np.column_stack([x.ravel() * 0.026 - 1, y.ravel() * 0.018 + 41]).round(7)
    index = np.arange(side * side).reshape(side, side)
    across = np.column_stack([index[:, :-1].ravel(), index[:, 1:].ravel()])
    up = np.column_stack([index[:-1].ravel(), index[1:].ravel()])
    ends = np.concatenate([across, up])
    return sites, ends, sites[ends]


def is_terminal(site: int, num_sites: int) -> bool:
    """A few sites count; the others are junctions."""
    return site % (num_sites // NUM_CITIES) == 0


def write_sites(folder: Path, xy: np.ndarray) -> str:
    """Sites that are not what is measured, in a format that is read cheaply."""
    ids = [f"s{one}" for one in range(len(xy))]
    columns = {"id": ids, "terminal": [is_terminal(one, len(xy)) for one in range(len(xy))]}
    gpd.GeoDataFrame(columns, geometry=shapely.points(xy), crs=4326).to_file(folder / "sites.fgb")
    return "sites.fgb"


def iterate_grid(mb: float, bytes_per_route: int) -> tuple[np.ndarray, Iterator[Line]]:
    """Sites of a grid, and a route between each two neighbours."""
    sites, ends, lines = to_grid(int(mb * 1e6 / bytes_per_route))
    return sites, (
        Line(f"r{n}", int(a), int(b), line) for n, ((a, b), line) in enumerate(zip(ends, lines, strict=True))
    )


def iterate_long(mb: float, bytes_per_point: int) -> tuple[np.ndarray, Iterator[Line]]:
    """A ring of cities, and a few routes that are drawn with very many points each."""
    num = int(mb * 1e6 / bytes_per_point / NUM_CITIES)
    return CITIES, (Line(f"r{n}", n, (n + 1) % NUM_CITIES, to_line(n, num)) for n in range(NUM_CITIES))


def iterate_same(mb: float, bytes_per_route: int) -> tuple[np.ndarray, Iterator[Line]]:
    """The same few lines again and again."""
    lines = to_grid(40)[2][:20]
    num = int(mb * 1e6 / bytes_per_route)
    return to_grid(40)[0], (Line(f"r{n}", 0, 1, lines[n % len(lines)]) for n in range(num))


def write_joined(path: Path, head: str, rows: Iterable[str], foot: str, separator: str = ",\n") -> None:
    """Write rows with something between them, holding one at a time."""
    with path.open("w", encoding="utf-8") as file:
        file.write(head)
        for number, row in enumerate(rows):
            file.write(row if number == 0 else separator + row)
        file.write(foot)


def to_feature(one: Line, **cells: str) -> str:
    place = {"type": "LineString", "coordinates": one.xy.tolist()}
    return json.dumps({"type": "Feature", "properties": {"id": one.id, **cells}, "geometry": place})


COLLECTION = '{"type": "FeatureCollection", "features": ['


def write_geojson(folder: Path, sites: np.ndarray, lines: Iterable[Line]) -> str:
    write_joined(folder / "net.geojson", COLLECTION, map(to_feature, lines), "]}")
    return STUDY.format(sites=write_sites(folder, sites), routes="net.geojson", settings="")


def write_columns(folder: Path, sites: np.ndarray, lines: Iterable[Line]) -> str:
    """Each row has a column of its own, as a hostile file may."""
    rows = (to_feature(one, **{f"c{one.id}": "x"}) for one in lines)
    write_joined(folder / "net.geojson", COLLECTION, rows, "]}")
    return STUDY.format(sites=write_sites(folder, sites), routes="net.geojson", settings="")


def write_many_sites(folder: Path, sites: np.ndarray, lines: Iterable[Line]) -> str:
    """A large file of sites, of which a few have routes."""
    few = list(islice(lines, 1000))
    rows = (
        json.dumps(
            {
                "type": "Feature",
                "properties": {"id": f"s{n}", "terminal": is_terminal(n, len(sites))},
                "geometry": {"type": "Point", "coordinates": xy},
            }
        )
        for n, xy in enumerate(sites.tolist())
    )
    write_joined(folder / "net.geojson", COLLECTION, rows, "]}")
    write_joined(folder / "few.geojson", COLLECTION, map(to_feature, few), "]}")
    return STUDY.format(sites="net.geojson", routes="few.geojson", settings="")


def _write_frames(suffix: str) -> Writer:
    def write(folder: Path, sites: np.ndarray, lines: Iterable[Line]) -> str:
        path, lines = folder / f"net.{suffix}", iter(lines)
        while batch := list(islice(lines, 1_000_000 if suffix == "fgb" else 200_000)):
            shapes = [shapely.linestrings(one.xy) for one in batch]
            frame = gpd.GeoDataFrame({"id": [one.id for one in batch]}, geometry=shapes, crs=4326)
            frame.to_file(path, layer="net", mode="a" if path.exists() else "w", engine="pyogrio")
        return STUDY.format(sites=write_sites(folder, sites), routes=path.name, settings="")

    return write


def write_csv(folder: Path, sites: np.ndarray, lines: Iterable[Line]) -> str:
    rows = (f'{one.id},road,"{shapely.to_wkt(shapely.linestrings(one.xy), rounding_precision=7)}"\n' for one in lines)
    write_joined(folder / "net.csv", "id,kind,wkt\n", rows, "", "")
    return STUDY.format(sites=write_sites(folder, sites), routes="net.csv", settings="")


def write_cells(folder: Path, sites: np.ndarray, lines: Iterable[Line]) -> str:
    """Nothing but short cells: the heaviest that text becomes in memory."""
    rows = (",".join("1" * 1000) + "\n" for _ in lines)
    write_joined(folder / "net.csv", ",".join(["a", "b", *(f"c{one}" for one in range(998))]) + "\n", rows, "", "")
    return STUDY.format(sites=write_sites(folder, sites), routes="net.csv", settings="")


def write_kml(folder: Path, sites: np.ndarray, lines: Iterable[Line]) -> str:
    rows = (
        f"<Placemark><name>{one.id}</name><LineString><coordinates>"
        + " ".join(f"{x:.7f},{y:.7f}" for x, y in one.xy.tolist())
        + "</coordinates></LineString></Placemark>\n"
        for one in lines
    )
    head = '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Folder>'
    write_joined(folder / "net.kml", f"{head}<name>net</name>", rows, "</Folder></Document></kml>", "")
    settings = 'route_columns = { id = "Name" }'
    return STUDY.format(sites=write_sites(folder, sites), routes="net.kml#net", settings=settings)


def write_graphml(folder: Path, sites: np.ndarray, lines: Iterable[Line]) -> str:
    keys = "".join(
        f'<key id="{one}" for="node" attr.name="{one}" attr.type="string"/>' for one in ("x", "y", "terminal")
    )
    nodes = (
        f'<node id="s{n}"><data key="x">{x}</data><data key="y">{y}</data>'
        f'<data key="terminal">{is_terminal(n, len(sites)):d}</data></node>\n'
        for n, (x, y) in enumerate(sites.tolist())
    )
    edges = (f'<edge id="{one.id}" source="s{one.a}" target="s{one.b}"/>\n' for one in lines)
    head = f'<graphml xmlns="http://graphml.graphdrawing.org/xmlns">{keys}<graph edgedefault="undirected">'
    write_joined(folder / "net.graphml", head, chain(nodes, edges), "</graph></graphml>", "")
    return STUDY.format(sites="net.graphml", routes="net.graphml", settings="")


def write_zoo(folder: Path, sites: np.ndarray, lines: Iterable[Line]) -> str:
    nodes = (
        f"node [\n id {n}\n Longitude {x}\n Latitude {y}\n terminal {is_terminal(n, len(sites)):d}\n]\n"
        for n, (x, y) in enumerate(sites.tolist())
    )
    edges = (f"edge [\n source {one.a}\n target {one.b}\n]\n" for one in lines)
    write_joined(folder / "net.gml", "graph [\n multigraph 1\n", chain(nodes, edges), "]\n", "")
    return STUDY.format(sites="net.gml", routes="net.gml", settings="")


def write_ofds(folder: Path, sites: np.ndarray, lines: Iterable[Line]) -> str:
    nodes = (
        json.dumps(
            {
                "id": f"s{n}",
                "terminal": is_terminal(n, len(sites)),
                "location": {"type": "Point", "coordinates": xy},
            }
        )
        for n, xy in enumerate(sites.tolist())
    )
    spans = (
        json.dumps(
            {
                "id": one.id,
                "start": f"s{one.a}",
                "end": f"s{one.b}",
                "route": {"type": "LineString", "coordinates": one.xy.tolist()},
            }
        )
        for one in lines
    )
    head = '{"networks": [{"id": "n", "name": "n", "spans": ['
    write_joined(folder / "net.json", head, spans, '], "nodes": [' + ",\n".join(nodes) + "]}]}")
    return STUDY.format(sites="net.json", routes="net.json", settings="")


# writer, what it writes, and how many bytes a row or a point of that takes
CASES: dict[str, tuple[Writer, Maker, int]] = {
    "geojson-rows": (write_geojson, iterate_grid, 145),
    "geojson-points": (write_geojson, iterate_long, 25),
    "geojson-same": (write_geojson, iterate_same, 145),
    "geojson-sites": (write_many_sites, iterate_grid, 70),
    "geojson-columns": (write_columns, iterate_grid, 163),
    "gpkg-rows": (_write_frames("gpkg"), iterate_grid, 160),
    "gpkg-points": (_write_frames("gpkg"), iterate_long, 16),
    "fgb-rows": (_write_frames("fgb"), iterate_grid, 195),
    "csv-rows": (write_csv, iterate_grid, 75),
    "csv-points": (write_csv, iterate_long, 23),
    "csv-cells": (write_cells, iterate_grid, 2000),
    "kml-rows": (write_kml, iterate_grid, 150),
    "kml-points": (write_kml, iterate_long, 22),
    "graphml-rows": (write_graphml, iterate_grid, 98),
    "zoo-rows": (write_zoo, iterate_grid, 64),
    "ofds-rows": (write_ofds, iterate_grid, 180),
    "ofds-points": (write_ofds, iterate_long, 25),
}


def run(folder: Path, command: str) -> tuple[float, float, int, str]:
    """Peak memory in MB, seconds, exit code and the last words of one command; ended when it takes too much."""
    out = [] if command == "check" else ["--out", str(folder / "run")]
    words = [sys.executable, "-m", "planner", command, str(folder), *out]
    log = folder / "log.txt"
    start = time.monotonic()
    with log.open("wb") as file:
        process = subprocess.Popen(words, cwd=ROOT, stdout=file, stderr=file)
        peak_mb, done = 0.0, (0, 0)
        while done[0] == 0:
            status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
            row = next((line for line in status.splitlines() if line.startswith("VmHWM")), "VmHWM 0")
            peak_mb = max(peak_mb, int(row.split()[1]) * 1024 / 1e6)
            if peak_mb > 2 * LIMIT_MB or time.monotonic() - start > LIMIT_S:
                os.kill(process.pid, signal.SIGKILL)
            done = os.waitpid(process.pid, os.WNOHANG)
            time.sleep(0.02)
    process.returncode = os.waitstatus_to_exitcode(done[1])
    says = log.read_text(encoding="utf-8", errors="replace").strip().splitlines() or [""]
    shutil.rmtree(folder / "run", ignore_errors=True)
    return (
        peak_mb,
        time.monotonic() - start,
        process.returncode,
        says[-1] if process.returncode != 2 else " ".join(says[:3]),
    )


def main() -> None:
    """Measure what is asked for, as a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("case", nargs="?", choices=CASES)
    parser.add_argument("command", nargs="*", default=COMMANDS)
    parser.add_argument("--mb", type=float)
    asked = parser.parse_args()
    for case in [asked.case] if asked.case else CASES:
        with tempfile.TemporaryDirectory(prefix="planner-bench-") as name:
            folder = Path(name)
            mb = asked.mb or MB[case.partition("-")[0]] - 2
            write, make, size = CASES[case]
            (folder / "study.toml").write_text(write(folder, *make(mb, size)), encoding="utf-8")
            for command in asked.command or COMMANDS:
                peak_mb, seconds, code, says = run(folder, command)
                verdict = "" if peak_mb < LIMIT_MB and code >= 0 else "TOO MUCH"
                figures = f"{mb:.0f} | {command} | {peak_mb:,.0f} | {seconds:.0f} | {code}"
                print(f"| {case} | {figures} | {says[:240]} | {verdict}", flush=True)


if __name__ == "__main__":
    main()
