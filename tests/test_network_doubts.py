"""Doubts: duplicates, sites without routes, a network in parts."""

from __future__ import annotations

import time
from itertools import combinations
from pathlib import Path

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from network_cases import SITES, read, remarks_of, route, site, warnings_of

from planner.network.doubts import find_duplicates

AB = ((0, 0), (5, 1), (10, 0))


def test_lines_drawn_alike_are_doubted_and_kept(tmp_path: Path) -> None:
    """Four lines between A and B; ``c`` is drawn from B, ``d`` has a vertex more, ``e`` runs 2 m beside."""
    rows = [
        route("b", *AB),
        route("c", *reversed(AB)),
        route("d", (0, 0), (2.5, 0.5), (5, 1), (10, 0)),
        route("e", (0, 0), (5, 1.002), (10, 0)),
    ]
    network = read(tmp_path, SITES, rows, candidates=[route("a", *AB)])
    assert len(network.routes) == 5
    what = "It is drawn like route 'a': if both are one cable, leave one out."
    assert remarks_of(network, "duplicate") == [
        "routes.geojson, candidates.geojson: 3 routes have the same ends as another and are drawn like it.",
        f"routes.geojson, row 1 (id 'b'): {what}",
        f"routes.geojson, row 2 (id 'c'): {what.replace("'a'", "'a' in the other direction")}",
        f"routes.geojson, row 3 (id 'd'): {what}",
    ]
    assert set(remarks_of(network, "duplicate")) < set(warnings_of(network))


def test_sites_without_routes(tmp_path: Path) -> None:
    sites = [*SITES, site("D", (50, 50)), site("E", (60, 60), terminal=False)]
    network = read(tmp_path, sites, [route("r", *AB)], candidates=[route("c", (10, 0), (20, 0))])
    assert remarks_of(network, "unused_site") == [
        "sites.geojson, row 4 (id 'D'): It has no route, existing or candidate.",
        "sites.geojson, row 5 (id 'E'): It has no route, existing or candidate.",
    ]
    assert "(id 'D')" in "".join(warnings_of(network))
    assert "(id 'E')" not in "".join(warnings_of(network))


def test_existing_network_in_one_part(tmp_path: Path) -> None:
    network = read(tmp_path, SITES, [route("r", *AB)], candidates=[route("c", (10, 0), (20, 0))])
    assert remarks_of(network, "components") == [
        "routes.geojson, candidates.geojson: The existing network of 2 sites is one connected part."
    ]
    assert not any("connected part" in one for one in warnings_of(network))


def test_existing_network_in_several_parts(tmp_path: Path) -> None:
    sites = [*SITES, site("D", (30, 0)), site("E", (40, 0))]
    network = read(tmp_path, sites, [route("r", *AB), route("s", (20, 0), (30, 0), (40, 0))])
    (doubt,) = [one for one in warnings_of(network) if "parts" in one]
    assert doubt.endswith("The existing network of 5 sites falls into 2 parts; the largest joins 3 of them.")


def test_no_existing_network(tmp_path: Path) -> None:
    network = read(tmp_path, SITES, [], candidates=[route("c", *AB, cost=1)])
    assert any("There is no existing route." in one for one in warnings_of(network))


steps = st.tuples(st.integers(0, 3), st.integers(0, 3)).map(lambda step: (step[0] * 0.6, step[1] * 0.6))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.lists(steps, min_size=2, max_size=3)), max_size=12))
def test_duplicates_as_by_comparing_every_pair(drawn: list[tuple[int, int, list[tuple[float, float]]]]) -> None:
    a, b = (np.array([one[end] for one in drawn], dtype=np.int64) for end in (0, 1))
    lines = np.array([shapely.LineString(one[2]) for one in drawn], dtype=object)
    expected: dict[int, int] = {}
    for one, other in combinations(range(len(drawn)), 2):
        if {a[one], b[one]} == {a[other], b[other]} and shapely.hausdorff_distance(lines[one], lines[other]) <= 1:
            expected.setdefault(other, one)
    assert find_duplicates(a, b, lines) == expected


def test_one_line_repeated_without_end_takes_no_hours() -> None:
    there, back = shapely.LineString([(0, 0), (5, 1), (9, 0)]), shapely.LineString([(9, 0), (5, 1), (0, 0)])
    lines = np.array([there, back] * 20_000, dtype=object)
    a, b = np.zeros(40_000, dtype=np.int64), np.ones(40_000, dtype=np.int64)
    start = time.monotonic()
    assert find_duplicates(a, b, lines) == dict.fromkeys(range(1, 40_000), 0)
    assert time.monotonic() - start < 20
