"""Routes: ids, status, named ends, costs, and what two files have between them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from network_cases import SITES, faults_of, multi, read, remarks_of, route, site, warnings_of

from planner.network.status import to_status

AB = ((0, 0), (10, 0))
BC = ((10, 0), (20, 0))


def test_frame_has_the_contracts_columns(tmp_path: Path) -> None:
    network = read(tmp_path, SITES, [route("r", *AB, kind="rail", operator="Telco", conduit_id="D7", cuttable=False)])
    assert list(network.routes) == [
        "route_id", "a", "b", "status", "kind", "operator", "is_cuttable", "accuracy_m", "cost",
        "length_km", "geometry", "conduit_id"
    ]  # fmt: skip
    assert list(network.spans) == [
        "span_id", "route", "route_id", "a", "b", "is_candidate", "is_cuttable", "accuracy_m", "length_m", "geometry"
    ]  # fmt: skip
    assert network.routes.drop(columns="geometry").iloc[0].tolist() == [
        "r", 0, 1, "existing", "rail", "Telco", False, 0.0, 0.0, 10.0, "D7"
    ]  # fmt: skip
    assert network.spans.drop(columns="geometry").iloc[0].tolist() == ["r", 0, "r", 0, 1, False, False, 0.0, 10_000.0]


def test_absent_text_is_none(tmp_path: Path) -> None:
    network = read(tmp_path, SITES, [route("r", *AB, kind="rail"), route("s", *BC)])
    assert network.routes["kind"].tolist() == ["rail", None]
    assert network.routes["operator"].tolist() == [None, None]


def test_files_have_their_default_status(tmp_path: Path) -> None:
    candidates = [route("c", *BC), route("x", *AB, status="existing")]
    network = read(tmp_path, SITES, [route("r", *AB), route("y", *BC, status="Candidate")], candidates=candidates)
    expected = {"c": "candidate", "r": "existing", "x": "existing", "y": "candidate"}
    assert dict(zip(network.routes["route_id"], network.routes["status"], strict=True)) == expected
    assert network.spans["is_candidate"].tolist() == [True, False, False, True]


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Existing", "existing"),
        ("In service", "existing"),
        ("in_service", "existing"),
        ("OPERATIONAL", "existing"),
        ("proposed", "planned"),
        ("underConstruction", "planned"),
        ("Candidate ", "candidate"),
        ("decommissioned", None),
        ("", None),
    ],
)
def test_status_words(word: str, status: str | None) -> None:
    assert to_status(word, "existing") == to_status(word, "candidate") == status


def test_new_is_what_a_file_holds() -> None:
    assert to_status("new", "existing") == "existing"
    assert to_status("New", "candidate") == "candidate"


def test_unknown_status_names_the_words(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, SITES, [route("r", *AB, status="abandoned")])
    assert fault == (
        "routes.geojson, row 1 (id 'r'): status is 'abandoned'; use existing, candidate or planned, or leave "
        "the row out (network.route_where, candidates.where)"
    )


@pytest.mark.parametrize(
    ("planned", "expected"), [("candidate", ["candidate"]), ("existing", ["existing"]), ("ignore", [])]
)
def test_planned_routes(tmp_path: Path, planned: str, expected: list[str]) -> None:
    network = read(tmp_path, SITES, [route("r", *AB, status="planned")], network=f'planned = "{planned}"')
    assert network.routes["status"].tolist() == expected
    told = remarks_of(network, "dropped")
    assert told == (
        [] if expected else ["routes.geojson, row 1 (id 'r'): It is planned and was left out, as network.planned asks."]
    )


def test_ids_are_unique_across_both_files(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, SITES, [route(7, *AB), route(8, *AB)], candidates=[route("8", *BC), route(None, *BC)])
    assert faults == [
        "candidates.geojson, row 2: id is empty; give every row an id",
        "candidates.geojson, row 1 (id '8'): row 2 of routes.geojson has the same id; give every route its own id",
    ]


def test_ends_may_be_numbers(tmp_path: Path) -> None:
    sites = [site(7, (0, 0)), site(8, (10, 0))]
    network = read(tmp_path, sites, [route("r", *AB, a=7.0, b=8.0), route("s", *AB, a=7.0, b=None)])
    assert network.routes[["a", "b"]].to_numpy().tolist() == [[0, 1], [0, 1]]


def test_unknown_ends_are_named_with_the_nearest(tmp_path: Path) -> None:
    sites = [site("Lyon", (0, 0)), site("Paris", (10, 0))]
    assert faults_of(tmp_path, sites, [route("r", *AB, a="Lion", b="Paris"), route("s", *AB, b="Q")]) == [
        "routes.geojson, row 1 (id 'r'): a is 'Lion', which is no site of sites.geojson (did you mean 'Lyon'?); give a "
        "site id, or leave the cell empty",
        "routes.geojson, row 2 (id 's'): b is 'Q', which is no site of sites.geojson; give a site id, or leave "
        "the cell "
        "empty",
    ]


def test_names_that_only_one_site_has_stand_for_it(tmp_path: Path) -> None:
    sites = [site("1", (0, 0), name="Lyon"), site("2", (10, 0), name="Paris"), site("3", (20, 0), name="Paris")]
    network = read(tmp_path, sites, [route("r", *AB, a="Lyon")])
    assert network.routes[["a", "b"]].to_numpy().tolist() == [[0, 1]]
    assert "The name 'Lyon' in 1 ends was taken for site '1'." in remarks_of(network, "other")[0]
    (fault,) = faults_of(tmp_path, sites, [route("r", *AB, a="Paris")])
    assert "a is 'Paris', the name of 2 sites of sites.geojson" in fault


def test_route_to_a_faulty_site_is_no_second_fault(tmp_path: Path) -> None:
    sites = [*SITES, {"geometry": None, "id": "D"}]
    (fault,) = faults_of(tmp_path, sites, [route("r", (20, 0), (30, 0), a="C", b="D"), route("s", (20, 0), (30, 0))])
    assert fault.startswith("sites.geojson, row 4 (id 'D')")


def test_faults_of_all_files_come_at_once(tmp_path: Path) -> None:
    faults = faults_of(
        tmp_path,
        [*SITES, {"geometry": None, "id": "D"}],
        [route("r", *AB, status="gone"), route("s", *AB, a="Z")],
        candidates=[route("c", *BC, cost=-5), route("d", *BC, cuttable="perhaps"), multi("e")],
        polygons=[{"geometry": None, "id": "P"}],
        regions='exclude = ["Q"]',
        cuts='declared = ["conduit"]',
        study='crs = "EPSG:4326"',
    )
    named = ["'D'", "'r'", "'s'", "'c'", "'d'", "'e'", "'P'", "'Q'", "'conduit'", "study.crs"]
    assert [part for part in named if not any(part in fault for fault in faults)] == []
    assert len(faults) == len(named)


def test_whole_numbers_stay_whole_beside_another_file(tmp_path: Path) -> None:
    network = read(tmp_path, SITES, [route("r", *AB, pairs=4, lit=True)], candidates=[route("c", *BC, owner="Telco")])
    assert network.routes["pairs"].tolist()[1] == 4
    assert network.routes["pairs"].dtype == "Int64"
    assert network.routes["lit"].dtype == "boolean"
    assert network.routes["owner"].tolist() == ["Telco", None]


def test_column_of_numbers_in_one_file_and_text_in_the_other(tmp_path: Path) -> None:
    network = read(tmp_path, SITES, [route("r", *AB, duct=7)], candidates=[route("c", *BC, duct="D7")])
    assert network.routes["duct"].tolist() == ["D7", "7"]


def test_declared_columns_are_text(tmp_path: Path) -> None:
    rows = [route("r", *AB, conduit_id=7), route("s", *BC, conduit_id=None)]
    network = read(tmp_path, SITES, rows, cuts='declared = ["conduit_id", "kind"]')
    assert network.routes["conduit_id"].tolist() == ["7", None]


@pytest.mark.parametrize("name", ["conduit", "cost"])
def test_declared_column_that_no_file_has(tmp_path: Path, name: str) -> None:
    (fault,) = faults_of(tmp_path, SITES, [route("r", *AB, conduit_id="D7")], cuts=f'declared = ["{name}"]')
    assert fault.startswith(f"study.toml, cuts.declared: no file of routes has a column '{name}'; ")


def test_users_own_length_is_kept_under_another_name(tmp_path: Path) -> None:
    network = read(tmp_path, SITES, [route("r", *AB, length_km=99)])
    assert network.routes["length_km"].tolist() == [10.0]
    assert network.routes["length_km_input"].tolist() == [99]


def costs(folder: Path, cells: list[dict[str, Any]], **settings: str) -> list[float]:
    rows = [route(f"c{number}", *AB, **one) for number, one in enumerate(cells)]
    return read(folder, SITES, [], candidates=rows, **settings).routes["cost"].tolist()


def test_own_cost_wins_over_the_kinds_price(tmp_path: Path) -> None:
    cells = [{"kind": "rail"}, {"kind": "road"}, {"kind": "rail", "cost": 5}, {"cost": 0}]
    prices = "per_km = { rail = 100, road = 200.5 }\nper_route = 7"
    assert costs(tmp_path, cells, costs=prices) == [1007.0, 2012.0, 5.0, 0.0]


def test_existing_routes_cost_nothing(tmp_path: Path) -> None:
    network = read(tmp_path, SITES, [route("r", *AB, kind="rail", cost=5)], costs="per_km = { rail = 100 }")
    assert network.routes["cost"].tolist() == [0.0]


def test_kind_without_a_price_is_a_fault(tmp_path: Path) -> None:
    rows = [route("c", *AB, kind="raill"), route("d", *AB), route("e", *AB, kind="sea")]
    assert faults_of(tmp_path, SITES, [], candidates=rows, costs="per_km = { rail = 100 }") == [
        "candidates.geojson, row 1 (id 'c'): there is no price for kind 'raill' (did you mean 'rail'?); add "
        "its kind to "
        "costs.per_km, or give the route a cost",
        "candidates.geojson, row 2 (id 'd'): has neither a cost nor a kind to price it by; add its kind to "
        "costs.per_km, "
        "or give the route a cost",
        "candidates.geojson, row 3 (id 'e'): there is no price for kind 'sea'; add its kind to costs.per_km, "
        "or give the "
        "route a cost",
    ]


@pytest.mark.parametrize("settings", [{"costs": "per_route = 5"}, {"objective": 'minimise = ["cost"]'}])
def test_money_asked_for_and_not_given(tmp_path: Path, settings: dict[str, str]) -> None:
    (fault,) = faults_of(tmp_path, SITES, [], candidates=[route("c", *AB)], **settings)
    assert "has neither a cost nor a kind" in fault


def test_price_of_kind_and_terrain_wins_where_there_is_one(tmp_path: Path) -> None:
    rows = [route("r", *AB, kind="rail", terrain="rock"), route("s", *AB, kind="rail", terrain="clay")]
    rows += [route("t", *AB, kind="rail"), route("u", *AB, kind="rail", terrain="rock", cost=5)]
    prices = 'per_km = { rail = 100, "rail/rock" = 300 }'
    found = read(tmp_path, SITES, [], candidates=rows, costs=prices).routes
    per_km = (found["cost"] / found["length_km"]).tolist()
    assert per_km[:3] == pytest.approx([300, 100, 100])
    assert found["cost"].tolist()[3] == 5


def test_one_priced_route_shows_that_money_is_meant(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, SITES, [], candidates=[route("c", *AB), route("d", *AB, cost=3)])
    assert "row 1 (id 'c')" in fault


@pytest.mark.parametrize("settings", [{}, {"objective": 'minimise = ["routes", "length"]'}])
def test_study_that_says_nothing_of_money(tmp_path: Path, settings: dict[str, str]) -> None:
    network = read(tmp_path, SITES, [], candidates=[route("c", *AB)], **settings)
    assert network.routes["cost"].tolist() == [0.0]
    assert any("No candidate has a price, so each costs 0" in one for one in warnings_of(network))


@pytest.mark.parametrize("cost", ["-1", "free", "nan", "inf"])
def test_cost_that_is_no_amount(tmp_path: Path, cost: str) -> None:
    (fault,) = faults_of(tmp_path, SITES, [], candidates=[route("c", *AB, cost=cost)])
    assert f"row 1 (id 'c'): cost is '{cost}'; give a number of 0 or more" in fault
