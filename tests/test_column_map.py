"""Columns that a study maps, and rows that it chooses."""

from __future__ import annotations

from pathlib import Path

import pytest
from format_cases import LINKS, route_frame, site_frame, to_study, write_text

from planner.errors import InputError
from planner.network import Network, read_network
from planner.study import read_study

STATES = ["Operational", "operational ", "planned", "Retired", None, "in service; leased"]


def study_in(folder: Path, settings: str) -> Path:
    sites = site_frame().rename(columns={"id": "ref"}).assign(town=["x", "x", "y", ""])
    routes = route_frame().rename(columns={"id": "ref", "kind": "type"}).drop(columns="status").assign(state=STATES)
    routes = routes.assign(number=[1, 2, 3, 4, 5, 6])
    sites.to_file(folder / "sites.gpkg")
    routes.to_file(folder / "routes.gpkg")
    write_text(folder, "study.toml", to_study("sites.gpkg", "routes.gpkg", settings))
    return folder


def read(folder: Path, settings: str) -> Network:
    return read_network(read_study(study_in(folder, settings)))


def faults_in(folder: Path, settings: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(folder, settings)
    return [str(fault) for fault in caught.value.faults]


IDS = 'site_columns = { id = "ref", name = "ref" }\nroute_columns = { id = "ref", kind = "type" }\n'


def test_mapped_columns_stand_beside_the_users_own(tmp_path: Path) -> None:
    network = read(tmp_path, IDS)
    assert sorted(network.routes["route_id"]) == sorted(f"{a}{b}" for a, b in LINKS)
    assert set(network.routes["kind"]) == set(network.routes["type"]) == {"road"}
    assert network.sites["ref"].tolist() == network.sites["site_id"].tolist() == network.sites["name"].tolist()
    assert network.sites["name_input"].tolist() == ["Lyon", "Nantes", "Paris", "Reims"]


def test_unknown_names_are_faults_with_the_nearest(tmp_path: Path) -> None:
    settings = (
        'site_columns = { id = "reff", nam = "town" }\nroute_columns = { id = "ref" }\nroute_where = { stat = 1 }\n'
    )
    assert faults_in(tmp_path, settings) == [
        "sites.gpkg, network.site_columns: there is no column 'reff'; did you mean 'ref'? "
        "(its columns: ref, name, town)",
        "sites.gpkg, network.site_columns: the planner knows no column 'nam' here; did you mean 'name'?",
        "sites.gpkg: there is no column 'id'; add it, or name another (its columns: ref, name, town)",
        "routes.gpkg, network.route_where: there is no column 'stat'; did you mean 'state'? "
        "(its columns: ref, a, b, type, state, number, id)",
    ]


@pytest.mark.parametrize(
    ("where", "kept"),
    [
        ('{ state = "operational" }', "PR PN"),
        ('{ state = ["operational", "planned"] }', "PR PN RL"),
        ('{ state = ["!retired", "!planned"] }', "PR PN PL RN"),
        ('{ state = "" }', "PL"),
        ('{ state = "?etired" }', "NL"),
        ('{ state = "leased" }', "RN"),
        ('{ state = ["*", "!"] }', "PR PN RL NL RN"),
        ("{ number = [1, 6] }", "PR RN"),
        ('{ number = "!2", state = "operational" }', "PR"),
    ],
)
def test_rows_that_count(tmp_path: Path, where: str, kept: str) -> None:
    network = read(tmp_path, f"{IDS}route_where = {where}\n")
    assert sorted(network.routes["route_id"]) == sorted(kept.split())
    (remark,) = [remark for remark in network.remarks if remark.kind == "dropped"]
    num = 6 - len(kept.split())
    assert (remark.where, remark.what) == (
        "routes.gpkg",
        f"{num} of 6 rows were left out, as network.route_where asks.",
    )


def test_value_that_no_row_has_is_doubted(tmp_path: Path) -> None:
    network = read(tmp_path, f'{IDS}route_where = {{ state = ["operatonal", "planned"] }}\n')
    (remark,) = [remark for remark in network.remarks if "No row has" in remark.what]
    assert remark.is_warning
    assert remark.what == "No row has 'operatonal' in the column 'state'; did you mean 'operational'?"


def test_routes_of_sites_that_do_not_count_are_left_out(tmp_path: Path) -> None:
    network = read(tmp_path, f'{IDS}site_where = {{ town = "x" }}\n')
    assert network.sites["site_id"].tolist() == ["N", "P"]
    assert network.routes["route_id"].tolist() == ["PN"]


def test_rows_keep_their_numbers_in_messages(tmp_path: Path) -> None:
    settings = IDS.replace('id = "ref", kind', 'id = "ref", status = "state", kind')
    faults = faults_in(tmp_path, f'{settings}route_where = {{ ref = ["NL", "RN"] }}\n')
    assert [fault.split(":")[0] for fault in faults] == ["routes.gpkg, row 4 (id 'NL')", "routes.gpkg, row 6 (id 'RN')"]


@pytest.mark.parametrize("where", ["{ state = [] }", "{ state = { a = 1 } }", "{ state = [[1]] }", "3"])
def test_conditions_that_are_none(tmp_path: Path, where: str) -> None:
    (fault,) = faults_in(tmp_path, f"route_where = {where}\n")
    assert fault.startswith("study.toml, network.route_where: is ")


def test_candidates_from_the_file_of_the_routes(tmp_path: Path) -> None:
    settings = f'{IDS}route_where = {{ state = "operational" }}\n'
    settings += '[candidates]\nroutes = "routes.gpkg"\ncolumns = { id = "ref" }\nwhere = { state = "planned" }\n'
    network = read(tmp_path, settings)
    status = dict(zip(network.routes["route_id"], network.routes["status"], strict=True))
    assert status == {"PN": "existing", "PR": "existing", "RL": "candidate"}
