"""What notebooks show of networks and results: summaries, axes, maps to move in, frames."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import matplotlib as mpl
import pytest
from geopandas.testing import assert_geodataframe_equal
from sample import sample_audit, sample_infeasible_outcome, sample_network, sample_outcome, sample_study
from shapely import Point

import planner
from planner.drawing import palette
from planner.drawing.card import to_card
from planner.drawing.layer import Layer
from planner.drawing.shown import Shown
from planner.drawing.svg import to_svg
from planner.errors import MissingExtraError
from planner.result import Detour, PlacedCutSet, ReplayedCut, ReplayOutcome

mpl.use("Agg")

EVIL = "<img src=x onerror=alert(1)>"


def sample_replay() -> ReplayOutcome:
    network = sample_network()
    cut = ReplayedCut("dig", EVIL, (2.35, 48.86), (0, 1), (2,))
    isolated = PlacedCutSet((), (), (0, 1), (EVIL,), 5.0, (3,))
    detour = Detour("a", "b", 100.0, 250.0)
    return ReplayOutcome(sample_study(), network, "night.csv", (), (cut,), isolated, (detour,), 9, {}, {})


SHOWN: dict[str, Callable[[], Shown]] = {
    "network": sample_network,
    "outcome": sample_outcome,
    "infeasible": sample_infeasible_outcome,
    "audit": sample_audit,
    "replay": sample_replay,
}


@pytest.fixture(params=sorted(SHOWN))
def shown(request: pytest.FixtureRequest) -> Shown:
    return SHOWN[request.param]()


def with_evil_names(network: planner.Network) -> planner.Network:
    sites = network.sites.assign(name=EVIL)
    routes = network.routes.assign(kind=EVIL, operator="</script><script>alert(2)</script>")
    return replace(network, sites=sites, routes=routes)


def test_a_summary_is_well_formed_the_same_each_time_and_without_script(shown: Shown) -> None:
    page = shown._repr_html_()
    assert page == shown._repr_html_()
    root = ET.fromstring(page)
    assert root.find(".//{http://www.w3.org/2000/svg}svg") is not None
    assert "<script" not in page
    assert "http" not in page.replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert len(page) < 30_000


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (sample_outcome(), ("optimal; survives all", "second algorithm", "2 routes", "0.00%", "C-BOR-MRS", "EUR")),
        (sample_infeasible_outcome(), ("no choice of candidates suffices", "plan that protects most", "isolate")),
        (sample_infeasible_outcome(with_protect_most=False), ("infeasible",)),
        (sample_audit(), ("as it is", "with 1 cut", "km", "weight")),
        (sample_replay(), ("night.csv", "which sever 2 spans", "a to b", "2.50")),
        (sample_network(), ("5 existing, 4 candidates",)),
    ],
    ids=["outcome", "infeasible", "nothing held", "audit", "replay", "network"],
)
def test_a_summary_says_what_matters(outcome: Shown, said: tuple[str, ...]) -> None:
    page = outcome._repr_html_()
    assert [word for word in said if word not in page] == []


def test_text_of_the_input_is_escaped() -> None:
    outcome = sample_outcome()
    evil = replace(outcome, network=with_evil_names(outcome.network))
    for thing in (evil, evil.network, sample_replay()):
        page = thing._repr_html_()
        assert "<img" not in page
        assert "<script" not in page
    assert "&lt;img" in sample_replay()._repr_html_()
    for name, value in _find_properties(evil.explore()):
        assert "<" not in value, name


def _find_properties(chart: Any) -> list[tuple[str, str]]:
    import folium

    layers = [child for child in chart._children.values() if isinstance(child, folium.GeoJson)]
    rows = [feature["properties"] for layer in layers for feature in layer.data["features"]]
    return [(name, value) for row in rows for name, value in row.items() if isinstance(value, str)]


def test_plot_takes_axes_and_gives_them(shown: Shown) -> None:
    import matplotlib.pyplot as plt

    axes = shown.plot()
    assert axes.get_aspect() == 1
    assert "sites" in [text.get_text() for text in axes.get_legend().get_texts()]
    _, given = plt.subplots()
    assert shown.plot(ax=given) is given
    plt.close("all")


def test_plot_draws_in_the_colours_of_the_map_files() -> None:
    axes = sample_outcome().plot()
    drawn = {mpl.colors.to_hex(colour) for one in axes.collections for colour in one.get_edgecolor()}
    assert {palette.NEW, palette.EXISTING, palette.CRITICAL["before"]} <= drawn
    west, south, east, north = sample_network().spans.total_bounds
    assert axes.get_xlim()[0] <= west < east <= axes.get_xlim()[1]
    assert axes.get_ylim()[0] <= south < north <= axes.get_ylim()[1]


def test_explore_has_a_layer_each_and_asks_no_tile_server(shown: Shown, tmp_path: Path) -> None:
    chart = shown.explore()
    chart.save(tmp_path / "map.html")
    page = (tmp_path / "map.html").read_text(encoding="utf-8")
    assert "tileLayer" not in page
    assert '"sites"' in page
    (south, west), (north, east) = chart.get_bounds()
    assert (41, -6) < (south, west) < (north, east) < (52, 10)


def test_explore_names_its_layers_and_hides_what_is_many() -> None:
    import folium

    chart = sample_outcome().explore(tiles="OpenStreetMap")
    layers = {one.layer_name: one for one in chart._children.values() if isinstance(one, folium.GeoJson)}
    assert {"existing spans", "new routes", "candidates not chosen", "sites", "cuts that isolate today"} <= set(layers)
    assert layers["new routes"].show
    assert not layers["candidates not chosen"].show
    routes = [feature["properties"]["route_id"] for feature in layers["new routes"].data["features"]]
    assert routes == ["C-BOR-MRS", "C-LIL-STR"]
    assert "tile.openstreetmap" in chart.get_root().render()


def test_frames_are_those_of_the_files_in_the_crs_of_the_study() -> None:
    outcome, audit = sample_outcome(), sample_audit()
    crs = outcome.network.crs
    frames = {
        "new_routes": outcome.new_routes,
        "critical_cuts": outcome.critical_cuts,
        "regions": outcome.regions,
    }
    for name, frame in frames.items():
        assert frame.crs == crs
        assert_geodataframe_equal(frame, outcome.layers[name])
    assert list(outcome.new_routes["route_id"]) == ["C-BOR-MRS", "C-LIL-STR"]
    assert set(audit.layers) == {"regions", "spans", "critical_stretches", "risk_groups", "critical_cuts", "sites"}
    assert_geodataframe_equal(audit.cut_sets, audit.layers["critical_cuts"])
    assert_geodataframe_equal(audit.stretches, audit.layers["critical_stretches"])
    assert len(audit.regions) == len(audit.network.regions)
    near = audit.cut_sets.distance(audit.network.spans.union_all())
    assert near.max() < 5_000, "cuts lie on the network they cut, in the same CRS"
    assert sample_infeasible_outcome(with_protect_most=False).new_routes.empty


def test_frames_of_a_replay() -> None:
    outcome = sample_replay()
    spans, sites = outcome.network.spans, outcome.network.sites
    (row,) = outcome.cuts_frame.to_dict("records")
    assert (row["cut_id"], row["num_spans"]) == ("dig", 2)
    assert row["span_ids"] == sorted(spans["span_id"].iloc[[0, 1]])
    assert row["site_ids"] == [sites["site_id"].iloc[2]]
    assert outcome.cuts_frame.to_crs("EPSG:4326").geometry.iloc[0].distance(Point(2.35, 48.86)) < 1e-6
    assert outcome.severed_spans.index.tolist() == [0, 1]
    assert outcome.isolated_sites.index.tolist() == [3]
    assert outcome.detours_frame.to_dict("records") == [
        {"region_a": "a", "region_b": "b", "before_km": 100.0, "after_km": 250.0, "factor": 2.5}
    ]


def test_a_missing_library_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr("planner.drawing.extra.import_module", refuse)
    for draw in (sample_network().plot, sample_network().explore):
        with pytest.raises(MissingExtraError, match=r"pip install 'fibre-resilience-planner\[notebook\]'"):
            draw()


def test_nothing_with_a_place_is_no_map() -> None:
    nowhere = gpd.GeoDataFrame({"id": ["a"]}, geometry=[None], crs="EPSG:2154")
    assert to_svg([Layer("nowhere", nowhere, "point", "#000000")], "EPSG:2154") == ""


def test_one_point_and_many_shapes() -> None:
    one = gpd.GeoDataFrame(geometry=[Point(5, 5)], crs="EPSG:2154")
    assert 'd="M8 8h0"' in to_svg([Layer("one", one, "point", "#000000")], "EPSG:2154")
    many = gpd.GeoDataFrame(geometry=gpd.points_from_xy(range(6000), range(6000)), crs="EPSG:2154")
    drawn = to_svg([Layer("many", many, "point", "#000000")], "EPSG:2154")
    assert len(re.findall("M", drawn)) == 4000


def test_long_tables_are_counted() -> None:
    page = to_card("t", [("none", "")], head=("n",), rows=[[str(n)] for n in range(20)])
    assert "and 12 more" in page
    assert "none" not in page
    assert json.dumps(page)


def test_map_files_are_written_over_in_a_folder_named_by_text(tmp_path: Path) -> None:
    """A cell of a notebook is run again and again."""
    planner.write_gis(sample_outcome(), str(tmp_path))
    first = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    planner.write_gis(sample_outcome(), str(tmp_path))
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == first
