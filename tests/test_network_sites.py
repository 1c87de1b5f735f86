"""Sites: ids, places, flags and weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from network_cases import SITES, Row, faults_of, read, route, site, warnings_of

ROUTE = [route("r", (0, 0), (10, 0)), route("s", (10, 0), (20, 0))]


def test_frame_has_the_contracts_columns(tmp_path: Path) -> None:
    network = read(tmp_path, SITES, ROUTE)
    assert list(network.sites) == ["site_id", "name", "region", "weight", "terminal", "protected", "geometry"]
    assert network.sites["name"].tolist() == ["A", "B", "C"]
    assert network.sites["weight"].tolist() == [1.0, 1.0, 1.0]
    assert network.sites["terminal"].tolist() == [True, True, True]
    assert network.sites.crs == network.crs


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        ([3, 1, 2], ["1", "2", "3"]),
        ([10.0, 9.0, 8.5], ["10", "8.5", "9"]),
        (["007", "7", 7], None),
        (["007", "7", " 8 "], ["007", "7", "8"]),
        ([2**60 + 1, 2, 3], [str(2**60 + 1), "2", "3"]),
    ],
)
def test_ids_are_text(tmp_path: Path, ids: list[Any], expected: list[str] | None) -> None:
    rows = [{**row, "id": one} for row, one in zip(SITES, ids, strict=True)]
    if expected is None:
        assert "row 2 has the same id" in faults_of(tmp_path, rows, ROUTE)[0]
    else:
        assert read(tmp_path, rows, ROUTE).sites["site_id"].tolist() == expected


def test_ids_missing_and_used_twice(tmp_path: Path) -> None:
    rows = [*SITES, site("", (5, 5)), site("A", (6, 6))]
    assert faults_of(tmp_path, rows, ROUTE) == [
        "sites.geojson, row 4: id is empty; give every row an id",
        "sites.geojson, row 5 (id 'A'): row 1 has the same id; give every row its own id",
    ]


def geometry(kind: str, coordinates: Any) -> Row:
    return {"geometry": {"type": kind, "coordinates": coordinates}, "id": "X"}


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ({"geometry": None, "id": "X"}, "has no point, or a broken one; draw the point or remove the row"),
        (geometry("Point", []), "has no point, or a broken one"),
        (geometry("LineString", [[0, 0], [1, 1]]), "is a Linestring, not a point; give a file of points"),
        (geometry("MultiPoint", [[0, 0], [1, 1]]), "has 2 points; give each site one point"),
    ],
)
def test_geometry_that_is_no_point(tmp_path: Path, row: Row, fault: str) -> None:
    (found,) = faults_of(tmp_path, [*SITES, row], ROUTE)
    assert found.startswith(f"sites.geojson, row 4 (id 'X'): {fault}")


def test_multipoint_of_one(tmp_path: Path) -> None:
    row = {**SITES[0], "geometry": {"type": "MultiPoint", "coordinates": [SITES[0]["geometry"]["coordinates"]]}}
    assert read(tmp_path, [row, *SITES[1:]], ROUTE).sites.geom_type.tolist() == ["Point"] * 3


def lonlat(one: str, x: float, y: float) -> Row:
    return {"geometry": {"type": "Point", "coordinates": [x, y]}, "id": one}


def test_pixels_and_metres_sold_as_degrees(tmp_path: Path) -> None:
    rows = [lonlat("A", 2, 48), lonlat("B", 412, 310), lonlat("C", 700_000, 6_600_000), lonlat("D", 48, 2)]
    assert faults_of(tmp_path, rows, [], crs=None) == [
        "sites.geojson, row 2 (id 'B'): longitude 412, latitude 310 is outside of ±180, ±90; give degrees, longitude "
        "first; metres need their own CRS named, and pixels are no places",
        "sites.geojson, row 3 (id 'C'): longitude 700000, latitude 6600000 is outside of ±180, ±90; give degrees, "
        "longitude first; metres need their own CRS named, and pixels are no places",
    ]


def test_many_rows_with_one_fault_are_counted(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, [lonlat(f"{row:02}", 500 + row, 0) for row in range(25)], [], crs=None)
    assert len(faults) == 11
    assert faults[-1].startswith("sites.geojson: and 15 more rows with the same fault; give degrees")


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([True, False, None], [True, False, True]),
        ([1, 0, 1], [True, False, True]),
        (["yes", "No", ""], [True, False, True]),
        (["true", "FALSE", " t "], [True, False, True]),
    ],
)
def test_terminal_flags(tmp_path: Path, cells: list[Any], expected: list[bool]) -> None:
    rows = [{**row, "terminal": cell} for row, cell in zip(SITES, cells, strict=True)]
    assert read(tmp_path, rows, ROUTE).sites["terminal"].tolist() == expected


def test_wrong_cells_are_all_named(tmp_path: Path) -> None:
    rows = [
        site("A", (0, 0), terminal="maybe", weight="5"),
        site("B", (10, 0), weight="-1"),
        site("C", (20, 0), weight="x"),
    ]
    assert faults_of(tmp_path, rows, ROUTE) == [
        "sites.geojson, row 2 (id 'B'): weight is '-1'; give a number of 0 or more, or leave the cell empty",
        "sites.geojson, row 3 (id 'C'): weight is 'x'; give a number of 0 or more, or leave the cell empty",
        "sites.geojson, row 1 (id 'A'): terminal is 'maybe'; give true or false, or leave the cell empty",
    ]


def test_weights(tmp_path: Path) -> None:
    rows = [site("A", (0, 0), weight=5), site("B", (10, 0), weight=0), site("C", (20, 0), weight=None)]
    network = read(tmp_path, rows, ROUTE)
    assert network.sites["weight"].tolist() == [5, 0, 1]
    assert network.regions["weight"].tolist() == [5, 0, 1]


def test_users_columns_are_kept_behind(tmp_path: Path) -> None:
    rows = [{**row, "owner": "Telco", "floors": 3, "site_id": "old"} for row in SITES]
    network = read(tmp_path, rows, ROUTE)
    assert list(network.sites)[7:] == ["owner", "floors", "site_id_input"]
    assert network.sites["floors"].tolist() == [3, 3, 3]


def test_sites_at_one_place_are_doubted(tmp_path: Path) -> None:
    """``A - - - B`` with a second site D on top of B: the route ends at B, and D is left alone."""
    network = read(tmp_path, [*SITES, site("D", (10, 0))], ROUTE)
    assert network.routes[["a", "b"]].to_numpy().tolist() == [[0, 1], [1, 2]]
    assert (
        "sites.geojson, row 4 (id 'D'): It stands where site 'B' stands: if they are one place, give it one id."
        in warnings_of(network)
    )
    assert "sites.geojson, row 4 (id 'D'): It has no route, existing or candidate." in warnings_of(network)
