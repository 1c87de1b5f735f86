"""Every public function and type says what it does, and shows it in an example that runs."""

from __future__ import annotations

import doctest
import functools
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import matplotlib as mpl
import pytest
from shapely import Point

import planner
from planner.starter import write_starter

mpl.use("Agg")

PUBLIC = sorted(name for name in planner.__all__ if not name.startswith("_"))
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
_KEPT: dict[str, Any] = {}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the examples run: see the docstring of the package."""
    folder = tmp_path_factory.mktemp("examples")
    write_starter(folder / "towns")
    (folder / "run").mkdir()
    study = planner.read_study(folder / "towns")
    groups = planner.find_risk_groups(planner.read_network(study), radius_m=50, site_clearance_m=1000)
    trench = Point(groups.places[0])  # of M1 and M2
    gpd.GeoDataFrame({"id": ["dig"]}, geometry=[trench], crs="EPSG:4326").to_file(folder / "incident.geojson")
    return folder


@pytest.fixture
def names(place: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What examples may name; the study that most of them solve or audit is solved and audited once."""
    monkeypatch.chdir(place)
    for name in ("solve", "audit"):
        monkeypatch.setattr(planner, name, _once(getattr(planner, name)))
    problem = planner.Problem(
        num_sites=4,
        span_ends=[(0, 1), (1, 2), (2, 3), (0, 3)],
        route_of_span=[0, 1, 2, 3],
        route_cost=[0, 0, 0, 12.5],
        is_candidate=[False, False, False, True],
        groups=[[1, 2]],
        terminals=[[0], [1], [3]],
        required_cuts=[1, 1, 1],
    )
    return {"planner": planner, "problem": problem}


def _once(function: Any) -> Any:
    @functools.wraps(function)
    def call(study: Any, **settings: Any) -> Any:
        if study != "towns" or settings:
            return function(study, **settings)
        if function.__name__ not in _KEPT:
            _KEPT[function.__name__] = function(study)
        return _KEPT[function.__name__]

    return call


def _iter_parts(thing: Any) -> Iterator[Any]:
    """The thing itself, and the public methods that a type defines."""
    yield thing
    if inspect.isclass(thing):
        yield from (value for name, value in vars(thing).items() if not name.startswith("_") and callable(value))


@pytest.mark.parametrize("name", PUBLIC)
def test_has_a_docstring_with_parameters_and_an_example(name: str) -> None:
    thing = getattr(planner, name)
    text = inspect.getdoc(thing) or ""
    assert text.partition("\n")[0].endswith("."), "the first line is a sentence"
    assert "\nExamples\n--------\n" in text
    if inspect.isfunction(thing):
        sections = text.partition("\nParameters\n----------\n")[2]
        said = {word.strip("*") for line in sections.splitlines() if line[:1].strip() for word in line.split(", ")}
        assert set(inspect.signature(thing).parameters) <= said


@pytest.mark.parametrize("name", PUBLIC)
def test_its_examples_run(name: str, names: dict[str, Any]) -> None:
    runner = doctest.DocTestRunner(optionflags=FLAGS)
    parser = doctest.DocTestParser()
    for part in _iter_parts(getattr(planner, name)):
        text = inspect.getdoc(part) or ""
        if ">>>" in text:
            where = getattr(part, "__qualname__", name)
            runner.run(parser.get_doctest(text, dict(names), where, None, 0))
    found = runner.summarize(verbose=False)
    assert found.attempted > 0
    assert found.failed == 0
