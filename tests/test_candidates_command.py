"""The command that lays candidates: a layer that can be edited and fed back."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pytest
from click.testing import CliRunner
from test_candidates_routes import NORTH, SOUTH, study_of

from planner.cli import commands
from planner.errors import InputError
from planner.export.candidates import check_layer_file


def lay(folder: Path, name: str, *extra: str) -> str:
    result = CliRunner().invoke(commands, ["candidates", str(folder), "--out", str(folder / name), *extra])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.output


@pytest.mark.parametrize("name", ["out.gpkg", "out.geojson"])
def test_what_was_written_gives_the_same_plan_when_fed_back(tmp_path: Path, name: str) -> None:
    import planner

    study = study_of(tmp_path, {"n": NORTH, "s": SOUTH})
    laid = planner.solve(study)
    assert "2 candidate routes along the corridors" in lay(tmp_path, name)
    text = study.path.read_text(encoding="utf-8").replace("corridors = ", f'routes = "{name}"\ncorridors = ')
    study.path.write_text(text, encoding="utf-8")
    read = planner.solve(study.path)
    assert [one.route_id for one in read.plan.routes] == [one.route_id for one in laid.plan.routes]
    assert read.plan.objective["cost"] == pytest.approx(laid.plan.objective["cost"])


@pytest.mark.parametrize("name", ["out.gpkg", "out.geojson"])
def test_a_layer_is_replaced_and_the_same_byte_for_byte(tmp_path: Path, name: str) -> None:
    study_of(tmp_path, {"n": NORTH, "s": SOUTH})
    lay(tmp_path, name)
    first = (tmp_path / name).read_bytes()
    lay(tmp_path, name)
    assert (tmp_path / name).read_bytes() == first
    assert len(gpd.read_file(tmp_path / name)) == 2
    assert not list(tmp_path.glob(".candidates-*"))


def test_json_lists_the_candidates(tmp_path: Path) -> None:
    study_of(tmp_path, {"n": NORTH, "s": SOUTH})
    document = json.loads(lay(tmp_path, "out.gpkg", "--json"))
    assert document["num_candidates"] == 2
    assert {row["kind"] for row in document["candidates"]} == {"rail"}


@pytest.mark.parametrize(("name", "what"), [("out.shp", "no ending"), ("not/there.gpkg", "folder is not there")])
def test_where_no_layer_can_be_written_is_said_first(tmp_path: Path, name: str, what: str) -> None:
    with pytest.raises(InputError, match=what):
        check_layer_file(tmp_path / name)
