"""Whatever stands in the files: a network, or faults that say what is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from network_cases import Row, route, site, to_xy, write_study

from planner.errors import InputError
from planner.network import Network, read_network

cells = st.sampled_from(
    [None, "", " ", "A", "B", "x", 0, 1, 7.0, 1.5, -1, 1e308, True, False, [], ["A"], {"id": "A"}, "existing"]
)
places = st.tuples(st.integers(-1, 3), st.integers(-1, 3)).map(lambda place: to_xy((10 * place[0], 10 * place[1])))
columns = [
    "a",
    "b",
    "status",
    "kind",
    "operator",
    "cuttable",
    "cost",
    "name",
    "region",
    "weight",
    "terminal",
    "other",
    "pop",
]


def shape(kind: str, coordinates: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"type": st.just(kind), "coordinates": coordinates})


line = st.lists(places, max_size=4)
ring = st.tuples(places, places, places).map(lambda ring: [*ring, ring[0]])
shapes = st.one_of(
    st.none(),
    shape("Point", places | st.just([])),
    shape("LineString", line),
    shape("MultiLineString", st.lists(line, max_size=3)),
    shape("Polygon", st.lists(ring, max_size=2)),
)


def rows(likely: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Row]]:
    ids = st.sampled_from(["A", "B", "C", "D", "r", "s", "t"]) | cells
    required = {"geometry": likely | shapes, "id": ids}
    return st.lists(st.fixed_dictionaries(required, optional=dict.fromkeys(columns, cells)), max_size=5)


points, lines = shape("Point", places), shape("LineString", st.lists(places, min_size=2, max_size=4))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sites=rows(points),
    routes=rows(lines),
    candidates=st.none() | rows(lines),
    polygons=st.none() | rows(shape("Polygon", ring.map(lambda ring: [ring]))),
    regions=st.sampled_from(["", 'weight = "pop"', 'exclude = ["A"]', 'reach = "all"\nsurvive_cuts = { A = 2 }']),
    crs=st.sampled_from(["EPSG:2154", None]),
)
def test_any_rows_are_a_network_or_faults(tmp_path: Path, **rows: Any) -> None:
    study = write_study(tmp_path, **rows, cuts='declared = ["other"]')
    try:
        check(read_network(study))
    except InputError as error:
        event(f"{min(len(error.faults), 5)} faults")


GRID = {one: (10 * (place % 3), 10 * (place // 3)) for place, one in enumerate("ABCDEF")}
drawn = st.lists(st.sampled_from(sorted(GRID)), min_size=2, max_size=6)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(drawn, st.sampled_from(["existing", "planned", "candidate"]), st.booleans()), max_size=6))
def test_lines_between_sites_are_a_network(tmp_path: Path, ways: list[tuple[list[str], str, bool]]) -> None:
    """Six sites on a grid; routes from one to the next, forth and back, in circles, on the spot."""
    routes = []
    for number, (way, status, is_named) in enumerate(ways):
        ends = {"a": way[-1], "b": way[0]} if is_named else {}
        routes.append(route(f"r{number}", *(GRID[one] for one in way), status=status, **ends))
    network = read_network(write_study(tmp_path, [site(one, place) for one, place in GRID.items()], routes))
    check(network)
    for number, (way, _, _) in enumerate(ways):
        spans = network.spans[network.spans["route_id"] == f"r{number}"]
        reached = {"ABCDEF"[one] for one in [*spans["a"], *spans["b"]]}
        assert reached == (set(way) if len(set(way)) > 1 else set()) | (reached - set(way))
        assert len(spans) == max(len(reached) - (way[0] != way[-1]), 0)


def check(network: Network) -> None:
    assert len(network.spans) >= len(network.routes)
    assert (network.spans["length_m"] > 0).all()
    assert (network.spans["a"] != network.spans["b"]).all()
    assert network.spans.geometry.notna().all()
