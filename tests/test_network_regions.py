"""Regions: from polygons, from a column, from the sites alone; levels and weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
from network_cases import SITES, Row, faults_of, read, remarks_of, route, site, square, warnings_of, write_study

from planner.network import Network, read_network

ROUTES = [route("r", (0, 0), (10, 0)), route("s", (10, 0), (20, 0))]
# ``A | B | C``: three squares of 10 km, a site in the middle of each
SQUARES = [square("west", (-5, -5), 10), square("mid", (5, -5), 10), square("east", (15, -5), 10)]


def region_rows(network: Network) -> list[list[Any]]:
    return network.regions.drop(columns="geometry").to_numpy().tolist()


def test_frame_has_the_contracts_columns(tmp_path: Path) -> None:
    network = read(tmp_path, SITES, ROUTES, polygons=SQUARES)
    assert list(network.regions) == ["region_id", "name", "weight", "required_cuts", "sites", "geometry"]
    assert region_rows(network) == [
        ["east", "east", 1.0, 1, (2,)],
        ["mid", "mid", 1.0, 1, (1,)],
        ["west", "west", 1.0, 1, (0,)],
    ]
    assert network.regions.crs == network.crs
    assert network.regions.area.tolist() == [1e8] * 3
    assert network.sites["region"].tolist() == ["west", "mid", "east"]


def test_every_site_its_own_region(tmp_path: Path) -> None:
    sites = [site("A", (0, 0), name="Aix", weight=5), site("B", (10, 0), terminal=False), site("C", (20, 0))]
    network = read(tmp_path, sites, ROUTES, cuts="", regions='reach = "all"')
    assert region_rows(network) == [["A", "Aix", 5.0, 1, (0,)], ["C", "C", 1.0, 1, (2,)]]
    assert network.sites["region"].tolist() == ["A", None, "C"]
    assert network.reach == "all"
    assert network.regions.geometry.isna().all()


def test_regions_from_the_sites_column(tmp_path: Path) -> None:
    sites = [site("A", (0, 0), region="x"), site("B", (10, 0), region=7), site("C", (20, 0), region="x")]
    network = read(tmp_path, sites, ROUTES)
    assert region_rows(network) == [["7", "7", 1.0, 1, (1,)], ["x", "x", 1.0, 1, (0, 2)]]


def test_weights_of_sites_add_up_over_those_that_count(tmp_path: Path) -> None:
    cells = [
        {"weight": 2, "region": "x"},
        {"weight": 4, "region": "x"},
        {"weight": 8, "region": "x", "terminal": False},
    ]
    sites = [{**row, **more, "region": "x"} for row, more in zip(SITES, cells, strict=True)]
    network = read(tmp_path, [*sites, site("D", (30, 0), region="y", weight=1)], ROUTES)
    assert region_rows(network) == [["x", "x", 6.0, 1, (0, 1)], ["y", "y", 1.0, 1, (3,)]]


def test_named_column_of_weights_without_polygons(tmp_path: Path) -> None:
    sites = [{**row, "region": "x", "population": number} for number, row in enumerate(SITES, start=1)]
    network = read(tmp_path, sites, ROUTES, regions='weight = "population"\nname = "title"')
    assert network.regions["weight"].tolist() == [6.0]
    assert network.sites["weight"].tolist() == [1.0] * 3
    assert any(
        "regions.name: It names a column of regions.polygons, and there are none" in one for one in warnings_of(network)
    )
    (fault,) = faults_of(tmp_path, sites, ROUTES, regions='weight = "populaton"')
    assert fault.startswith("sites.geojson, regions.weight: there is no column 'populaton'; did you mean 'population'?")


def test_site_without_a_region_is_doubted(tmp_path: Path) -> None:
    sites = [site("A", (0, 0), region="x"), site("B", (10, 0), region=""), site("C", (20, 0), region="y")]
    network = read(tmp_path, sites, ROUTES)
    assert "sites.geojson, row 2 (id 'B'): It names no region, so nothing is required for it." in warnings_of(network)


def test_columns_of_the_polygons(tmp_path: Path) -> None:
    polygons = [
        {**row, "code": number, "label": row["id"].title(), "pop": 10 * number} for number, row in enumerate(SQUARES)
    ]
    network = read(tmp_path, SITES, ROUTES, polygons=polygons, regions='id = "code"\nname = "label"\nweight = "pop"')
    assert region_rows(network) == [
        ["0", "West", 0.0, 1, (0,)],
        ["1", "Mid", 10.0, 1, (1,)],
        ["2", "East", 20.0, 1, (2,)],
    ]


@pytest.mark.parametrize(
    ("settings", "fault"),
    [
        (
            'id = "cod"',
            "regions.geojson, regions.id: there is no column 'cod'; did you mean 'code'? (its columns: id,",
        ),
        (
            'name = "label"',
            "regions.geojson, regions.name: there is no column 'label'; add it, or name another (",
        ),
        ('weight = "codes"', "regions.geojson, regions.weight: there is no column 'codes'; did you mean 'code'?"),
        ('exclude = ["wst"]', "study.toml, regions.exclude: there is no region 'wst'; did you mean 'west'?"),
        (
            'survive_cuts = { "99" = 2 }',
            "study.toml, regions.survive_cuts: there is no region '99'; the ids are east, mid,",
        ),
    ],
)
def test_wrong_names_in_settings(tmp_path: Path, settings: str, fault: str) -> None:
    polygons = [{**row, "code": row["id"]} for row in SQUARES]
    (found,) = faults_of(tmp_path, SITES, ROUTES, polygons=polygons, regions=settings)
    assert found.startswith(fault)


def test_faulty_polygons(tmp_path: Path) -> None:
    polygons = [
        {**SQUARES[0], "pop": 1},
        {**SQUARES[0], "pop": 2},
        {**site("x", (0, 0)), "pop": 3},
        {"geometry": None, "id": "y", "pop": 4},
        {**SQUARES[1], "pop": None},
        {**SQUARES[2], "pop": -1},
    ]
    assert faults_of(tmp_path, SITES, ROUTES, polygons=polygons, regions='weight = "pop"') == [
        "regions.geojson, row 2 (id 'west'): row 1 has the same id; give every row its own id",
        "regions.geojson, row 4 (id 'y'): has no polygon, or a broken one; draw the polygon or remove the row",
        "regions.geojson, row 3 (id 'x'): is a Point, not a polygon; give a file of polygons",
        "regions.geojson, row 5 (id 'mid'): pop is empty; give a weight, or 0",
        "regions.geojson, row 6 (id 'east'): pop is '-1'; give a number of 0 or more, or leave the cell empty",
    ]


def test_border_belongs_to_the_first_id(tmp_path: Path) -> None:
    polygons = [square("b", (-5, -5), 10), square("a", (5, -5), 10), square("c", (15, -5), 10)]
    network = read(tmp_path, [*SITES, site("D", (5, 0))], ROUTES, polygons=polygons)
    assert network.sites["region"].tolist() == ["b", "a", "c", "a"]


def test_own_column_wins_where_the_region_is_there(tmp_path: Path) -> None:
    sites = [site("A", (0, 0), region="east"), site("B", (10, 0), region="ECOWAS"), site("C", (20, 0), region=None)]
    network = read(tmp_path, sites, ROUTES, polygons=SQUARES)
    assert network.sites["region"].tolist() == ["east", "mid", "east"]
    assert (
        "sites.geojson, row 2 (id 'B'): Its region 'ECOWAS' is not in regions.geojson; it was placed by the map."
        in warnings_of(network)
    )
    assert (
        "regions.geojson, region 'west': It holds no site that counts, so nothing is required for it."
        in warnings_of(network)
    )


def test_site_outside_of_every_polygon(tmp_path: Path) -> None:
    network = read(tmp_path, SITES, ROUTES, polygons=SQUARES[:2])
    assert network.sites["region"].tolist() == ["west", "mid", None]
    assert "sites.geojson, row 3 (id 'C'): It lies in no region, so nothing is required for it." in warnings_of(network)


def test_site_that_does_not_count_may_lie_anywhere(tmp_path: Path) -> None:
    sites = [*SITES[:2], {**SITES[2], "terminal": False}]
    network = read(tmp_path, sites, ROUTES, polygons=SQUARES[:2])
    assert not any("It lies in no region" in one for one in warnings_of(network))


def test_polygons_in_another_crs(tmp_path: Path) -> None:
    """Borders are straight in the polygons' own CRS, and sites on them are found there."""
    study = write_study(tmp_path, SITES, ROUTES, polygons=SQUARES)
    frame = gpd.read_file(tmp_path / "regions.geojson")
    (tmp_path / "regions.geojson").unlink()
    frame.to_crs(4326).to_file(tmp_path / "regions.geojson")
    network = read_network(study)
    assert network.sites["region"].tolist() == ["west", "mid", "east"]
    assert network.regions.area.tolist() == pytest.approx([1e8] * 3, rel=1e-6)


def test_outline_that_crosses_itself(tmp_path: Path) -> None:
    bow: Row = {**SQUARES[0], "geometry": shapely.geometry.mapping(shapely.Polygon(bow_tie()))}
    network = read(tmp_path, SITES, ROUTES, polygons=[bow, *SQUARES[1:]])
    assert network.regions.is_valid.all()
    assert remarks_of(network, "other")[0] == (
        "regions.geojson, row 1 (id 'west'): Its outline touches or crosses itself and was repaired."
    )


def bow_tie() -> list[tuple[float, float]]:
    ring = SQUARES[0]["geometry"]["coordinates"][0]
    return [tuple(ring[corner]) for corner in (0, 2, 1, 3, 0)]


def test_levels(tmp_path: Path) -> None:
    settings = 'survive_cuts = { west = 2, mid = 2 }\nexclude = ["east"]'
    network = read(tmp_path, SITES, ROUTES, polygons=SQUARES, regions=settings)
    assert network.regions[["region_id", "required_cuts"]].to_numpy().tolist() == [["mid", 2], ["west", 2]]
    assert network.sites["region"].tolist() == ["west", "mid", "east"]


@pytest.mark.parametrize(
    ("settings", "doubt"),
    [
        ("survive_cuts = { west = 2 }", "regions.geojson, region 'west': It alone must survive 2 cuts"),
        ("survive_cuts = { west = 2, mid = 2 }", None),
        ("survive_cuts = { west = 0 }", None),
        ('exclude = ["west", "mid"]', "regions.geojson, region 'east': It is the only region that requires anything"),
        ('exclude = ["west", "mid", "east"]', "regions.geojson: No region requires anything."),
        ('reach = "all"\nsurvive_cuts = { west = 2 }', "regions.geojson, region 'west': It alone must survive 2 cuts"),
    ],
)
def test_level_that_binds_nothing(tmp_path: Path, settings: str, doubt: str | None) -> None:
    found = warnings_of(read(tmp_path, SITES, ROUTES, polygons=SQUARES, regions=settings))
    assert len(found) == (doubt is not None)
    assert doubt is None or found[0].startswith(doubt)


def test_region_that_must_hold_all_its_sites_is_not_alone(tmp_path: Path) -> None:
    polygons = [square("one", (-5, -5), 20), SQUARES[2]]
    network = read(tmp_path, SITES, ROUTES, polygons=polygons, regions='reach = "all"\nsurvive_cuts = { one = 2 }')
    assert warnings_of(network) == []


def test_clearance_below_the_radius_is_doubted(tmp_path: Path) -> None:
    network = read(tmp_path, SITES, ROUTES, cuts="site_clearance_m = 10")
    (doubt,) = warnings_of(network)
    assert doubt.startswith("study.toml, cuts.site_clearance_m: It is below cuts.radius_m (10 < 50)")
