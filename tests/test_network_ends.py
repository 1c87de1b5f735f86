"""Ends of lines: which site they are joined to, which way the line runs, and what is too far."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from network_cases import SITES, Place, faults_of, multi, read, remarks_of, route, site, to_xy


def ends_of(folder: Path, *places: Place, **cells: str) -> list[str]:
    network = read(folder, SITES, [route("r", *places, **cells)])
    ids = network.sites["site_id"]
    return [ids[network.routes["a"][0]], ids[network.routes["b"][0]]]


def test_unnamed_ends_go_to_the_nearest_site(tmp_path: Path) -> None:
    assert ends_of(tmp_path, (0.1, 0.1), (10, 0.2)) == ["A", "B"]


def test_ends_at_equal_distance_go_to_the_first_id(tmp_path: Path) -> None:
    network = read(
        tmp_path, [site("A", (0, 0)), site("C", (10, 0.1)), site("B", (10, -0.1))], [route("r", (0, 0), (10, 0))]
    )
    assert network.routes["b"].tolist() == [1]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({}, ["A", "B"]),
        ({"a": "A"}, ["A", "B"]),
        ({"a": "B"}, ["B", "A"]),
        ({"b": "A"}, ["B", "A"]),
        ({"b": "B"}, ["A", "B"]),
        ({"a": "B", "b": "A"}, ["B", "A"]),
    ],
)
def test_lines_run_from_a_to_b(tmp_path: Path, cells: dict[str, str], expected: list[str]) -> None:
    """``A - - - B``, drawn from A to B; named the other way round it is turned."""
    assert ends_of(tmp_path, (0, 0), (5, 1), (10, 0), **cells) == expected
    network = read(tmp_path, SITES, [route("r", (0, 0), (5, 1), (10, 0), **cells)])
    places = dict(zip("ABC", shapely.get_coordinates(network.sites.geometry), strict=True))
    for frame in (network.spans, network.routes):
        xy = shapely.get_coordinates(frame.geometry)
        np.testing.assert_array_equal(xy[[0, -1]], [places[one] for one in expected])


def test_end_beside_its_site_is_led_on_to_it(tmp_path: Path) -> None:
    """``A  .- - - B``: the line begins 200 m from A and keeps its course."""
    network = read(tmp_path, SITES, [route("r", (0.2, 0), (10, 0.00005))])
    expected = [to_xy(place) for place in [(0, 0), (0.2, 0), (10, 0)]]
    np.testing.assert_allclose(shapely.get_coordinates(network.spans.geometry), expected)
    assert remarks_of(network, "snapped") == [
        "routes.geojson, row 1 (id 'r'): Its end was joined to site 'A', 200 m away."
    ]


def test_several_ends_are_counted(tmp_path: Path) -> None:
    network = read(tmp_path, SITES, [route("r", (0.2, 0), (9.9, 0)), route("s", (10, 0), (20, 0.1))])
    assert remarks_of(network, "snapped") == [
        "routes.geojson: 2 routes were led on to the sites at their ends, up to 200 m away.",
        "routes.geojson, row 1 (id 'r'): Its ends were joined to sites 'A', 200 m away and 'B', 100 m away.",
        "routes.geojson, row 2 (id 's'): Its end was joined to site 'C', 100 m away.",
    ]


def test_end_far_from_its_named_site(tmp_path: Path) -> None:
    assert faults_of(tmp_path, SITES, [route("r", (0, 0.4312), (10, 0), a="A", b="B")]) == [
        "routes.geojson, row 1 (id 'r'): its end a lies 431 m from site 'A'; raise network.site_snap_m or mend the line"
    ]
    network = read(tmp_path, SITES, [route("r", (0, 0.4312), (10, 0), a="A")], network="site_snap_m = 450")
    assert network.routes["a"].tolist() == [0]


def test_unnamed_end_far_from_every_site(tmp_path: Path) -> None:
    assert faults_of(tmp_path, SITES, [route("r", (0, 0), (14, 0)), route("s", (1, 0), (10, 0))]) == [
        "routes.geojson, row 1 (id 'r'): no site lies within 250 m of its end; the nearest is 'B', 4,000 m away; raise "
        "network.site_snap_m, mend the line or add the site",
        "routes.geojson, row 2 (id 's'): no site lies within 250 m of its start; the nearest is 'A', 1,000 m "
        "away; raise "
        "network.site_snap_m, mend the line or add the site",
    ]


def test_snap_is_measured_on_the_ground(tmp_path: Path) -> None:
    """In EPSG:3857 at 60 degrees north 250 m on the ground are 500 m on the plane."""
    sites = [lonlat_site("A", 10.0, 60.0), lonlat_site("B", 11.0, 60.0)]
    north = 240 / 111_412  # metres per degree of latitude there
    line = {"geometry": {"type": "LineString", "coordinates": [[10.0, 60 + north], [11.0, 60.0]]}, "id": "r"}
    network = read(tmp_path, sites, [line], crs=None, study='crs = "EPSG:3857"')
    assert "240 m away" in remarks_of(network, "snapped")[0]
    line["geometry"]["coordinates"][0][1] = 60 + north * 1.1
    assert "264 m away" in faults_of(tmp_path, sites, [line], crs=None, study='crs = "EPSG:3857"')[0]


def lonlat_site(one: str, x: float, y: float) -> dict[str, object]:
    return {"geometry": {"type": "Point", "coordinates": [x, y]}, "id": one}


def test_route_back_to_its_site_is_left_out(tmp_path: Path) -> None:
    """A loop that passes no other site connects nothing."""
    network = read(tmp_path, SITES, [route("r", (0, 0), (3, 3), (0, 0)), route("s", (0, 0), (10, 0))])
    assert network.routes["route_id"].tolist() == ["s"]
    assert remarks_of(network, "dropped") == [
        "routes.geojson, row 1 (id 'r'): It begins and ends at site 'A' and passes no other, so it was left out."
    ]


def test_line_without_length(tmp_path: Path) -> None:
    """Between two sites at one place there is nothing to cut; at one site it is a loop."""
    sites = [*SITES, site("D", (0, 0))]
    (fault,) = faults_of(tmp_path, sites, [route("r", (0, 0), (0, 0), a="A", b="D")])
    assert fault == (
        "routes.geojson, row 1 (id 'r'): has no length between sites 'A' and 'D', which stand at one place; "
        "give the two "
        "sites one id, or leave the route out"
    )
    assert len(read(tmp_path, SITES, [route("r", (0, 0), (0, 0))]).routes) == 0


@pytest.mark.parametrize(
    "parts",
    [
        [[(0, 0), (4, 1)], [(4, 1), (10, 0)]],
        [[(4, 1), (10, 0)], [(0, 0), (4, 1)]],
        [[(4, 1), (0, 0)], [(4, 1), (10, 0)]],
        [[(0, 0), (4, 1)], [(4.1, 1), (10, 0)]],
        [[(10, 0), (4.1, 1)], [(0, 0), (4, 1)]],
        [[(4, 1), (6, 1)], [(0, 0), (4, 1)], [(10, 0), (6, 1.2)]],
    ],
)
def test_parts_are_merged(tmp_path: Path, parts: list[list[Place]]) -> None:
    """``A - - - . - - - B`` in parts: in any order, either way round, with a gap of up to 250 m."""
    network = read(tmp_path, SITES, [multi("r", *parts)])
    assert network.routes[["a", "b"]].to_numpy().tolist() in ([[0, 1]], [[1, 0]])
    assert network.spans["length_m"][0] == pytest.approx(10_250, abs=300)
    assert remarks_of(network, "merged_parts") == [
        f"routes.geojson, row 1 (id 'r'): Its {len(parts)} parts were merged into one line."
    ]


def test_multiline_of_one_part_is_a_line(tmp_path: Path) -> None:
    network = read(tmp_path, SITES, [multi("r", [(0, 0), (10, 0)])])
    assert remarks_of(network, "merged_parts") == []


def test_ring_of_parts_begins_where_it_was_drawn(tmp_path: Path) -> None:
    network = read(tmp_path, SITES, [multi("r", [(0, 0), (10, 0)], [(10, 0), (10, 5)], [(10, 5), (0, 0)])])
    assert network.routes[["a", "b"]].to_numpy().tolist() == [[0, 0]]
    assert network.spans[["a", "b"]].to_numpy().tolist() == [[0, 1], [1, 0]]


def test_parts_that_do_not_join(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, SITES, [multi("r", [(0, 0), (4, 0)], [(5, 0), (10, 0)])])
    assert fault == (
        "routes.geojson, row 1 (id 'r'): its parts do not join: the nearest ends are 1,000 m apart; draw it as "
        "one line, "
        "split it into routes, or raise network.site_snap_m"
    )


def test_fork_is_no_line(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, SITES, [multi("r", [(0, 0), (10, 0)], [(5, 0), (5, 5)])])
    assert "its parts do not join" in fault
