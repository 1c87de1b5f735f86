"""Whole networks: the order of rows does not matter, and real files can be read."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from geopandas.testing import assert_geodataframe_equal
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from network_cases import SITES, multi, read, remarks_of, route, site, square, write_geojson

from planner.network import Network, read_network
from planner.problem import to_problem
from planner.risk.model import RiskGroups
from planner.study import read_study

DATA = Path(__file__).parents[2] / "shared" / "data"
NEW_ZEALAND = DATA / "ofds" / "nz_chorus"
MALI = DATA / "watra" / "mali"

MANY_SITES = [*SITES, site("D", (10, 12), weight=3), site("E", (5, 6), terminal=False), site("F", (10, 0.1))]
MANY_ROUTES = [
    route("r1", (0, 0), (20, 0), kind="rail"),
    route("r2", (10, 12), (0, 0.1), a="A", b="D"),
    route("r3", (0, 0), (10, 12), status="planned", conduit_id=4),
    multi("r4", [(20, 0), (18, 6)], [(10, 12), (18, 6.1)]),
    route("r5", (0, 0), (20, 0)),
]
CANDIDATES = [route("c1", (20, 0), (20, 9), (10, 12), cost=5), route("c2", (0, 0), (5, 6), cost=7)]
REGIONS = [square("west", (-5, -5), 10), square("east", (5, -5), 20)]


BUILT = 'planned = "existing"'


def assert_same(one: Network, other: Network) -> None:
    for frame in ("sites", "routes", "spans", "regions"):
        assert_geodataframe_equal(getattr(one, frame), getattr(other, frame))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(MANY_SITES), st.permutations(MANY_ROUTES), st.permutations(CANDIDATES), st.permutations(REGIONS))
def test_order_of_rows_does_not_matter(
    tmp_path: Path,
    sites: list[dict[str, object]],
    routes: list[dict[str, object]],
    candidates: list[dict[str, object]],
    polygons: list[dict[str, object]],
) -> None:
    cuts = 'declared = ["conduit_id"]'
    expected = read(
        tmp_path, MANY_SITES, MANY_ROUTES, candidates=CANDIDATES, polygons=REGIONS, cuts=cuts, network=BUILT
    )
    found = read(tmp_path, sites, routes, candidates=candidates, polygons=polygons, cuts=cuts, network=BUILT)
    assert_same(found, expected)


def test_one_file_or_two_are_the_same_network(tmp_path: Path) -> None:
    candidates = [{**row, "status": "candidate"} for row in CANDIDATES]
    cuts = 'declared = ["conduit_id"]'
    one = read(tmp_path, MANY_SITES, [*MANY_ROUTES, *candidates], cuts=cuts, network=BUILT)
    two = read(tmp_path, MANY_SITES, MANY_ROUTES, candidates=CANDIDATES, cuts=cuts, network=BUILT)
    assert_same(one, two)


def test_frames_are_sorted_and_indices_point_at_rows(tmp_path: Path) -> None:
    network = read(
        tmp_path, MANY_SITES, MANY_ROUTES, candidates=CANDIDATES, polygons=REGIONS, network="planned = 'existing'"
    )
    for frame, column in (("sites", "site_id"), ("routes", "route_id"), ("spans", "span_id"), ("regions", "region_id")):
        ids = getattr(network, frame)[column].tolist()
        assert ids == sorted(ids)
        assert getattr(network, frame).index.tolist() == list(range(len(ids)))
    assert network.routes["route_id"].to_numpy()[network.spans["route"]].tolist() == network.spans["route_id"].tolist()
    xy = np.column_stack([network.sites.geometry.x, network.sites.geometry.y])
    for row in network.spans.itertuples():
        np.testing.assert_array_equal(row.geometry.coords[0], xy[row.a])
        np.testing.assert_array_equal(row.geometry.coords[-1], xy[row.b])
    per_route = np.bincount(network.spans["route"], weights=network.spans["length_m"]) / 1000
    np.testing.assert_allclose(per_route, network.routes["length_km"], rtol=1e-12)
    np.testing.assert_allclose(network.routes.length / 1000, network.routes["length_km"], rtol=1e-12)


def test_network_makes_a_problem(tmp_path: Path) -> None:
    network = read(
        tmp_path, MANY_SITES, MANY_ROUTES, candidates=CANDIDATES, polygons=REGIONS, network="planned = 'existing'"
    )
    problem = to_problem(network, no_groups())
    assert problem.num_sites == 6
    assert problem.num_spans == len(network.spans)
    assert [row.tolist() for row in problem.terminals] == [[1, 2, 3, 5], [0]]


def no_groups() -> RiskGroups:
    return RiskGroups((), (), np.zeros((0, 2)), ())


def write_minimal(folder: Path, sites: Path | str, routes: Path | str, more: str = "") -> None:
    text = f'[study]\n[network]\nsites = "{sites}"\nroutes = "{routes}"\n[cuts]\nsimultaneous = 1\n{more}'
    (folder / "study.toml").write_text(text, encoding="utf-8")


@pytest.mark.skipif(not NEW_ZEALAND.exists(), reason="the data is not here")
def test_new_zealand(tmp_path: Path) -> None:
    """An operator's file in the Open Fibre Data Standard, as it is: two islands, lines ending beside their nodes."""
    sites, routes = (NEW_ZEALAND / f"New_Zealand_Chorus_{part}.geojson" for part in ("nodes", "spans"))
    write_minimal(tmp_path, sites, routes)
    network = read_network(read_study(tmp_path))
    assert (len(network.sites), len(network.routes), len(network.spans), len(network.regions)) == (45, 56, 56, 45)
    named = {one["properties"]["id"]: one["properties"] for one in json.loads(routes.read_text())["features"]}
    ids = network.sites["site_id"]
    ends = {row.route_id: {ids[row.a], ids[row.b]} for row in network.routes.itertuples()}
    # eight lines of the file lie between other nodes than it says, in four pairs mixed up: what is drawn counts
    assert sum(ends[one] == {span[end]["id"] for end in ("start", "end")} for one, span in named.items()) == 48
    assert "falls into 2 parts; the largest joins 28 of them." in remarks_of(network, "components")[0]
    assert len(remarks_of(network, "snapped")) == 35
    drawn_m = gpd.read_file(routes).to_crs(network.crs).length.sum()
    assert network.spans["length_m"].sum() == pytest.approx(drawn_m, rel=0.005)


@pytest.mark.skipif(not MALI.exists(), reason="the data is not here")
@pytest.mark.parametrize(
    ("planned", "num_candidates", "num_routes"), [("candidate", 26, 61), ("existing", 0, 61), ("ignore", 0, 35)]
)
def test_mali(tmp_path: Path, planned: str, num_candidates: int, num_routes: int) -> None:
    """Several operators: existing and planned in one file, names for ends, lines twice where two share a trench."""
    sites = gpd.read_file(MALI / "MAL_nodes.geojson").rename(columns={"node_id": "id"}).drop(columns="region")
    routes = gpd.read_file(MALI / "MAL_lines.geojson")
    routes = routes.rename(columns={"line_id": "id", "from": "a", "to": "b", "operator_name": "operator"})
    sites.to_file(tmp_path / "sites.gpkg")
    routes.to_file(tmp_path / "routes.gpkg")
    write_minimal(tmp_path, "sites.gpkg", "routes.gpkg", '[objective]\nminimise = ["length"]\n')
    text = (tmp_path / "study.toml").read_text().replace("[cuts]", f'planned = "{planned}"\n[cuts]')
    (tmp_path / "study.toml").write_text(text)
    network = read_network(read_study(tmp_path))
    assert len(network.routes) == num_routes
    assert (network.routes["status"] == "candidate").sum() == num_candidates
    names = network.sites["name"]
    given = routes.set_index("id")
    for row in network.routes.itertuples():
        assert (names[row.a], names[row.b]) == (given.loc[row.route_id, "a"], given.loc[row.route_id, "b"])
    assert set(network.routes["operator"]) <= set(routes["operator"])
    if planned != "ignore":
        assert "28 routes have the same ends as another" in remarks_of(network, "duplicate")[0]
        lengths = network.routes.set_index("route_id")["length_km"]
        np.testing.assert_allclose(lengths, given["distance"].loc[lengths.index] / 1000, rtol=0.01)


def test_geojson_of_the_users_own_making(tmp_path: Path) -> None:
    """Ids as numbers, a null here and there, columns in any order."""
    sites = [
        {"geometry": {"type": "Point", "coordinates": [2.35, 48.86]}, "name": "Paris", "id": 1},
        {"geometry": {"type": "Point", "coordinates": [4.84, 45.76]}, "name": None, "id": 2},
    ]
    line = {"geometry": {"type": "LineString", "coordinates": [[4.84, 45.76], [2.35, 48.86]]}, "b": 2, "a": 1, "id": 9}
    write_geojson(tmp_path / "s.geojson", sites, crs=None)
    write_geojson(tmp_path / "r.geojson", [line], crs=None)
    write_minimal(tmp_path, "s.geojson", "r.geojson")
    network = read_network(read_study(tmp_path))
    assert network.sites["name"].tolist() == ["Paris", "2"]
    assert network.routes[["route_id", "a", "b"]].to_numpy().tolist() == [["9", 0, 1]]
    assert network.routes["length_km"][0] == pytest.approx(392.9, abs=0.5)
