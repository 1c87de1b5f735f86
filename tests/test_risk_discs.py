"""Sets of lines that one disc hits: drawn cases, and the slow way on thousands of random lines."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from risk_cases import Sets, find_sets_by_rims, keep_maximal
from shapely import LineString, MultiLineString

from planner.risk.discs import DiscGroups, find_disc_groups


def sets_of(groups: DiscGroups) -> Sets:
    return set(map(frozenset, groups.lines))


def check(lines: list[LineString], radius_m: float, *expected: set[int]) -> DiscGroups:
    """The groups are these, whatever the place, the turn and the order of the lines."""
    groups = find_disc_groups(lines, radius_m)
    assert sets_of(groups) == set(map(frozenset, expected))
    check_points(lines, radius_m, groups)
    turned = [shapely.transform(line, lambda xy: xy @ [[0.8, 0.6], [-0.6, 0.8]] + [6.5e5, 6.9e6]) for line in lines]
    assert sets_of(find_disc_groups(turned, radius_m)) == set(map(frozenset, expected))
    backwards = find_disc_groups([line.reverse() for line in lines[::-1]], radius_m)
    assert {frozenset(len(lines) - 1 - i for i in one) for one in backwards.lines} == set(map(frozenset, expected))
    return groups


def check_points(lines: list[LineString], radius_m: float, groups: DiscGroups) -> None:
    for members, point in zip(groups.lines, groups.points, strict=True):
        distance = shapely.distance(shapely.Point(point), np.array(lines, dtype=object)[list(members)])
        assert distance.max() <= radius_m + 1e-6 + 1e-9 * radius_m


def line(*xy: tuple[float, float]) -> LineString:
    return LineString(xy)


def test_lines_that_cross_share_the_crossing() -> None:
    """
    ```
          1
          |
    0 ----+---- 0
          |
          1           2 ---- 2
    ```
    """
    lines = [line((0, 0), (10, 0)), line((5, -5), (5, 5)), line((100, -5), (110, -5))]
    groups = check(lines, 1, {0, 1}, {2})
    assert groups.lines == ((0, 1), (2,))
    assert np.allclose(groups.points[0], (5, 0), atol=0.1)  # the crossing itself, not some point near it


def test_three_that_share_in_pairs_only() -> None:
    """
    ```
         1 /\\ 2        r is too small for one disc
          /  \\         to hit all three sides,
       0 ------ 0       and hits each corner
    ```
    """
    lines = [line((0, 0), (10, 0)), line((0, 0), (5, 9)), line((10, 0), (5, 9))]
    check(lines, 1, {0, 1}, {0, 2}, {1, 2})
    check(lines, 4, {0, 1, 2})


def test_discs_are_closed() -> None:
    """Parallel lines 20 m apart: a disc of 10 m touches both."""
    lines = [line((0, 0), (100, 0)), line((0, 20), (100, 20))]
    check(lines, 10, {0, 1})
    check(lines, 10 - 1e-5, {0}, {1})
    check(lines, 9.999, {0}, {1})


def test_three_touched_at_one_point_only() -> None:
    """
    ```
    0 --------------- 0
                              the disc between 0 and 1
            * ---- 2          just touches both, and 2
                              from the left, too
    1 --------------- 1
    ```
    """
    lines = [line((0, 20), (100, 20)), line((0, 0), (100, 0)), line((50, 10), (90, 10))]
    check(lines, 10, {0, 1, 2})
    lines[2] = line((110, 10), (150, 10))
    check(lines, 10, {0, 1, 2})
    lines[2] = line((110.1, 10), (150, 10))
    check(lines, 10, {0, 1}, {0, 2}, {1, 2})


def test_touching_ends_at_radius_zero() -> None:
    """
    ```
    0 ----- 0 = 1 ----- 1        2 crosses 1; 3 begins on 0
        |           |
        3           2
    ```
    """
    lines = [line((0, 0), (10, 0)), line((10, 0), (20, 0)), line((15, -5), (15, 5)), line((3, 0), (3, -5))]
    check(lines, 0, {0, 1}, {1, 2}, {0, 3})


def test_near_misses_at_radius_zero() -> None:
    lines = [line((0, 0), (10, 0)), line((5, 1e-5), (5, 5)), line((2, -1e-5), (2, -5)), line((8, 1e-7), (8, 5))]
    check(lines, 0, {0, 3}, {1}, {2})


def test_overlapping_and_doubled_lines() -> None:
    """
    ```
    0 ================ 0        1 is 0 again, 2 a part of it backwards,
           2 ==== 2             3 leaves it half way
                    \\ 3
    ```
    """
    lines = [line((0, 0), (100, 0)), line((0, 0), (100, 0)), line((60, 0), (30, 0)), line((50, 0), (70, 0), (99, 50))]
    check(lines, 1, {0, 1, 2, 3})
    check(lines, 0, {0, 1, 2, 3})


def test_one_inside_the_ring_of_the_other() -> None:
    """Concentric rings: the rims of their neighbourhoods meet nowhere, and yet a disc in the middle touches both."""
    angle = np.linspace(0, 2 * np.pi, 361)
    rings = [LineString(radius * np.column_stack([np.cos(angle), np.sin(angle)])) for radius in (10.0, 20.0, 31.0)]
    check(rings[:2], 20, {0, 1})
    check(rings, 5, {0, 1}, {2})
    check(rings, 10.5, {0, 1, 2})
    check([rings[2], line((0, 0), (1, 0))], 30, {0, 1})
    check([rings[2], line((0, 0), (1, 0))], 14, {0}, {1})


def test_lines_without_length_and_lines_that_cross_themselves() -> None:
    """
    ```
       /\\
    0 /  \\   * 1        0 crosses itself; 1 is a point twice
      \\  /
       \\/
       /\\
    ```
    """
    bow = line((0, 0), (5, 10), (10, 0), (0, 10), (0, 0))
    check([bow, line((15, 5), (15, 5))], 3.35, {0}, {1})
    check([bow, line((15, 5), (15, 5))], 3.36, {0, 1})
    check([line((0, 0), (0, 0)), line((0, 0), (0, 0))], 0, {0, 1})
    check([line((0, 0), (0, 0)), line((2, 0), (2, 0)), line((1, 1.7320508), (1, 1.7320508))], 1, {0, 1}, {0, 2}, {1, 2})
    check([line((0, 0), (0, 0)), line((2, 0), (2, 0)), line((1, 1.7320508), (1, 1.7320508))], 1.1547005383, {0, 1, 2})


def test_parts_points_and_nothing() -> None:
    parts = MultiLineString([[(0, 0), (1, 0)], [(100, 0), (101, 0)]])
    lines = [parts, line((0, 1), (1, 1)), line((100, 1), (101, 1)), LineString(), None, shapely.Point(100, 2)]
    groups = find_disc_groups(lines, 1)
    assert groups.lines == ((0, 1), (0, 2, 5), (3,), (4,))
    assert np.isnan(groups.points[2:]).all()
    assert find_disc_groups([], 1).lines == ()
    assert find_disc_groups([LineString()], 1).lines == ((0,),)


def test_a_radius_for_each_line() -> None:
    """With 2 m for 0 and 7 m for 1, ten metres apart: 2 + 7 is not enough for both; 3 + 7 is."""
    lines = [line((0, 0), (100, 0)), line((0, 10), (100, 10))]
    assert sets_of(find_disc_groups(lines, [2, 7])) == {frozenset({0}), frozenset({1})}
    assert sets_of(find_disc_groups(lines, [3, 7])) == {frozenset({0, 1})}


def test_many_at_one_site() -> None:
    """Three hundred lines from one point, and lines across that part them: no pair is looked at for its own sake."""
    angle = np.linspace(0, 2 * np.pi, 300, endpoint=False)
    rays = [line((0, 0), (5e4 * np.cos(a), 5e4 * np.sin(a))) for a in angle]
    assert find_disc_groups(rays, 50).lines == (tuple(range(300)),)
    assert find_disc_groups(rays, 0).lines == (tuple(range(300)),)
    groups = find_disc_groups([*rays, line((-1e5, 70), (1e5, 70))], 50)
    assert tuple(range(300)) not in groups.lines  # the line passes near enough to the site for some disc
    assert (*range(300), 300) in groups.lines


def test_long_trench_with_thousands_of_vertices() -> None:
    x = np.arange(5000) * 20.0
    y = np.cumsum(np.random.default_rng(1).normal(0, 3, 5000))
    lines = [LineString(np.column_stack([x, y + offset])) for offset in (0, 2, 4, 200)]
    assert find_disc_groups(lines, 50).lines == ((0, 1, 2), (3,))


@pytest.mark.parametrize("radius_m", [-1.0, np.nan, np.inf])
def test_impossible_radius(radius_m: float) -> None:
    with pytest.raises(ValueError, match="radius"):
        find_disc_groups([line((0, 0), (1, 0))], radius_m)


def test_impossible_coordinate() -> None:
    with pytest.raises(ValueError, match="finite"):
        find_disc_groups([line((0, 0), (1, np.inf))], 1)


COORDINATE = st.one_of(st.integers(0, 6).map(float), st.floats(0, 6, width=32))
LINES = st.lists(
    st.lists(st.tuples(COORDINATE, COORDINATE), min_size=2, max_size=4).map(LineString), min_size=1, max_size=7
)
GRID_LINES = st.lists(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=2, max_size=5).map(LineString),
    min_size=2,
    max_size=7,
)
RADIUS = st.sampled_from([0.0, 0.25, 0.5, 0.5**0.5, 1.0, 1.25, 1.5, 2.0, 2.5, 5**0.5 / 2])


@settings(max_examples=150, deadline=None)
@given(st.one_of(LINES, GRID_LINES), RADIUS, st.integers(0, 2**32 - 1))
def test_no_point_reaches_more(lines: list[LineString], radius_m: float, seed: int) -> None:
    """Whatever lines a sampled point reaches are together in a group, groups are reached, and none contains another."""
    groups = find_disc_groups(lines, radius_m)
    check_points(lines, radius_m, groups)
    assert keep_maximal(sets_of(groups)) == sets_of(groups)
    assert list(groups.lines) == sorted(set(groups.lines))
    points = shapely.points(np.random.default_rng(seed).uniform(-2, 8, (300, 2)))
    hits = shapely.distance(points[:, None], np.array(lines, dtype=object)[None, :]) <= radius_m
    for row in np.unique(hits, axis=0):
        assert any(set(np.flatnonzero(row).tolist()) <= set(one) for one in groups.lines)


@settings(max_examples=200, deadline=None)
@given(GRID_LINES, RADIUS)
def test_same_sets_as_by_rims_on_grids(lines: list[LineString], radius_m: float) -> None:
    """On small grids lines overlap, touch and are exactly twice the radius apart all the time."""
    assert sets_of(find_disc_groups(lines, radius_m)) == find_sets_by_rims(lines, radius_m)


@pytest.mark.parametrize("seed", range(4))
def test_same_sets_as_by_rims_where_cells_are_split(seed: int) -> None:
    """Many lines in a small place, so that the search has to split cells, and to look at chords before segments."""
    rng = np.random.default_rng(seed)
    lines = [LineString(np.cumsum(rng.normal(0, 1.5, (6, 2)), axis=0) + rng.uniform(0, 12, 2)) for _ in range(14)]
    for radius_m in (0.3, 2.0, 6.0):
        groups = find_disc_groups(lines, radius_m)
        assert sets_of(groups) == find_sets_by_rims(lines, radius_m)
        check_points(lines, radius_m, groups)
