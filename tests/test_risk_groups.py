"""Risk groups of networks in the plane: clearance, hardened spans, declared groups, ids and places."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer
from risk_cases import to_network
from shapely import LineString

from planner.errors import InputError
from planner.risk import RiskGroups, find_risk_groups

X, Y = 650_000.0, 6_860_000.0
TO_PLANE = Transformer.from_crs(4326, 2154, always_xy=True)


def line(*xy: tuple[float, float]) -> LineString:
    return LineString([(X + x, Y + y) for x, y in xy])


def distances(groups: RiskGroups, lines: list[LineString]) -> list[float]:
    """Per group how far its farthest span is from its place."""
    places = shapely.points(*TO_PLANE.transform(*groups.places.T))
    return [
        float(shapely.distance(place, np.array(lines, dtype=object)[list(members)]).max())
        for members, place in zip(groups.spans, places, strict=True)
    ]


FAN = [line((0, 0), (1000, 0)), line((0, 0), (1000, 400)), line((0, 0), (0, 1000)), line((600, -300), (600, 300))]
"""
```
      |2   __--1
      | __-   |3
      O-------+--0      O: the site that 0, 1 and 2 share
              |
```
"""


def test_without_clearance_a_cut_at_a_site_takes_all_its_spans() -> None:
    groups = find_risk_groups(to_network(FAN), radius_m=10, site_clearance_m=0)
    assert groups.spans == ((0, 1, 2), (0, 3), (1, 3))
    assert groups.causes == ("trench",) * 3
    assert max(distances(groups, FAN)) <= 10
    assert groups.sites == ()


@pytest.mark.parametrize(
    ("clearance_m", "expected"),
    [
        (45, ((0, 1), (0, 3), (1, 3), (2,))),  # 45 m out 0 and 1 are 17 m apart
        (60, ((0, 3), (1, 3), (2,))),  # 3 crosses 1 60 m before its own end
        (90, ((0, 3), (1,), (2,))),
        (299, ((0, 3), (1,), (2,))),  # 2 m are left of 3, and they cross 0
        (311, ((0,), (1,), (2,), (3,))),
    ],
)
def test_clearance_leaves_out_what_is_near_own_sites_only(
    clearance_m: float, expected: tuple[tuple[int, ...], ...]
) -> None:
    groups = find_risk_groups(to_network(FAN), radius_m=10, site_clearance_m=clearance_m)
    assert groups.spans == expected
    assert groups.causes == tuple("trench" if len(one) > 1 else "single" for one in expected)
    assert max(distances(groups, FAN)) <= 10


def test_clearance_just_out_of_reach() -> None:
    """Two spans side by side from one site: what is left begins 100 m from it, and where they part 10 m are between."""
    lines = [line((0, 0), (1000, 0)), line((0, 0), (1000, 100))]
    gap_m = 2 * 100 * np.sin(np.arctan(0.1) / 2)  # between the points of both that are 100 m from the site
    for radius_m, expected in ((gap_m / 2 - 1e-4, ((0,), (1,))), (gap_m / 2 + 1e-4, ((0, 1),))):
        assert find_risk_groups(to_network(lines), radius_m=radius_m, site_clearance_m=100).spans == expected


def test_span_with_nothing_left_is_a_group_of_its_own() -> None:
    """The short span has no metre beyond the clearance, although the long one crosses it."""
    lines = [line((-500, 50), (500, 50)), line((0, 0), (0, 100))]
    groups = find_risk_groups(to_network(lines), radius_m=5, site_clearance_m=50)
    assert groups.spans == ((0,), (1,))
    assert max(distances(groups, lines)) < 1e-3
    assert find_risk_groups(to_network(lines), radius_m=5, site_clearance_m=49).spans == ((0, 1),)


def test_place_of_a_single_span_is_on_what_is_left_of_it() -> None:
    """The middle of this span, 2 km along, is 50 m from its own site: too near."""
    lines = [line((0, 0), (0, 1000), (50, 1000), (50, 0), (400, 0), (400, 300))]
    groups = find_risk_groups(to_network(lines), radius_m=5, site_clearance_m=200)
    assert groups.spans == ((0,),)
    x, y = TO_PLANE.transform(*groups.places[0])
    assert np.hypot(x - X, y - Y) > 200
    assert distances(groups, lines)[0] < 1e-3


def test_hardened_spans_are_in_no_group() -> None:
    network = to_network(FAN, hardened=[0, 3], conduit=["A", None, "A", None])
    groups = find_risk_groups(network, radius_m=10, site_clearance_m=0, declared=["conduit"])
    assert groups.spans == ((1, 2),)
    everything = to_network(FAN, hardened=range(4))
    assert find_risk_groups(everything, radius_m=10, site_clearance_m=0).spans == ()
    assert find_risk_groups(everything, radius_m=10, site_clearance_m=0).places.shape == (0, 2)


FAR = [line((10_000 * k, 0), (10_000 * k + 5000, 0)) for k in range(6)]


def test_declared_groups() -> None:
    """Empty cells name none, ; separates several, numbers are names too, and larger groups swallow smaller ones."""
    network = to_network(
        FAR,
        conduit=["D7", " D7 ; D8", "D8", None, "", "D9"],
        srlg=[1.0, 1.0, np.nan, np.nan, 2.0, np.nan],
        all_of_it=["x", "x", None, None, "y", "y"],
    )
    groups = find_risk_groups(network, radius_m=50, site_clearance_m=0, declared=["conduit", "srlg"])
    assert groups.spans == ((0, 1), (1, 2), (3,), (4,), (5,))
    assert groups.causes == ("declared conduit=D7", "declared conduit=D8", "single", "single", "single")
    x, y = TO_PLANE.transform(*groups.places.T)
    assert np.allclose(x, X + np.array([2500, 12500, 32500, 42500, 52500]), atol=0.01)
    assert np.allclose(y, Y, atol=0.01)
    groups = find_risk_groups(network, radius_m=50, site_clearance_m=0, declared=["srlg", "conduit", "all_of_it"])
    assert groups.causes == ("declared srlg=1", "declared conduit=D8", "single", "declared all_of_it=y")


def test_declared_groups_meet_those_of_the_map() -> None:
    """The map finds {0, 1}; a name for the same two adds nothing, one for 0, 1 and 2 takes its place."""
    lines = [line((0, 0), (100, 0)), line((50, -50), (50, 50)), line((5000, 0), (5100, 0))]
    network = to_network(lines, same=["a", "a", None], more=["b", "b", "b"])
    groups = find_risk_groups(network, radius_m=5, site_clearance_m=0, declared=["same"])
    assert groups.spans == ((0, 1), (2,))
    assert groups.causes == ("trench", "single")
    groups = find_risk_groups(network, radius_m=5, site_clearance_m=0, declared=["same", "more"])
    assert (groups.spans, groups.causes) == (((0, 1, 2),), ("declared more=b",))


def test_a_declared_route_brings_all_its_spans() -> None:
    network = to_network(FAR, route=[0, 0, 1, 1, 2, 2], hardened=[1], conduit=["D", "D", None])
    groups = find_risk_groups(network, radius_m=50, site_clearance_m=0, declared=["conduit"])
    assert groups.spans == ((0, 2, 3), (4,), (5,))


def test_unknown_declared_columns_are_all_named() -> None:
    with pytest.raises(InputError) as caught:
        find_risk_groups(
            to_network(FAR, conduit_id=["A"] * 6), radius_m=1, site_clearance_m=0, declared=["conduit", "u"]
        )
    assert len(caught.value.faults) == 2
    assert "did you mean 'conduit_id'?" in str(caught.value)


def test_ids_are_made_of_the_spans_alone() -> None:
    first = find_risk_groups(to_network(FAN), radius_m=10, site_clearance_m=0)
    second = find_risk_groups(to_network(FAN[:3]), radius_m=20, site_clearance_m=0)
    assert first.spans[0] == second.spans[0]
    assert first.group_ids[0] == second.group_ids[0]
    assert len(set(first.group_ids)) == len(first.group_ids)
    assert all(len(one) == 11 and one.startswith("G") for one in first.group_ids)


def test_radius_zero_counts_what_meets() -> None:
    lines = [line((0, 0), (100, 0)), line((50, -50), (50, 50)), line((100, 0.01), (200, 0.01))]
    groups = find_risk_groups(to_network(lines), radius_m=0, site_clearance_m=0)
    assert groups.spans == ((0, 1), (2,))
    for is_planar in (True, False):
        groups = find_risk_groups(to_network(FAN, is_planar=is_planar), radius_m=0, site_clearance_m=0)
        assert groups.spans == ((0, 1, 2), (0, 3), (1, 3))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=2, max_size=4, unique=True),
        min_size=2,
        max_size=6,
    ),
    st.sampled_from([0.3, 1.0, 2.0]),
    st.sampled_from([0.7123, 1.0321, 2.4567]),
)
def test_clearance_against_shapes(paths: list[list[tuple[int, int]]], radius_m: float, clearance_m: float) -> None:
    """What is left of a span is what a GIS leaves when it takes the two discs away: sampled points agree."""
    lines = [line(*path) for path in paths]
    left = [
        shapely.difference(
            one, shapely.union_all([shapely.Point(one.coords[end]).buffer(clearance_m, 256) for end in (0, -1)])
        )
        for one in lines
    ]
    groups = find_risk_groups(to_network(lines), radius_m=radius_m, site_clearance_m=clearance_m)
    points = shapely.points(np.random.default_rng(1).uniform(-2, 8, (200, 2)) + np.array([X, Y]))
    hits = shapely.distance(points[:, None], np.array(left, dtype=object)[None, :]) <= radius_m - 1e-3
    for row in np.unique(hits, axis=0):
        assert any(set(np.flatnonzero(row).tolist()) <= set(one) for one in groups.spans) or not row.any()
    for members, farthest in zip(groups.spans, distances(groups, left), strict=True):
        assert len(members) == 1 or farthest <= radius_m + 1e-3


def test_same_groups_whatever_the_hash_seed() -> None:
    script = (
        "import sys; sys.path.insert(0, 'tests')\n"
        "from test_risk_groups import *\n"
        "network = to_network(FAN + FAR, conduit=['b;a', 'a'] * 5)\n"
        "print(find_risk_groups(network, radius_m=10, site_clearance_m=0, declared=['conduit']))"
    )
    run = [
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=Path(__file__).parents[1],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1")
    ]
    assert run[0] == run[1]
