"""Segments and the chords that stand for runs of them: what is told of distances holds for the lines themselves."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString

from planner.risk.segments import Segments, to_segments
from planner.risk.strips import find_offsets, to_strips

POINT = st.tuples(st.integers(-9, 9), st.integers(-9, 9))
PATHS = st.lists(st.lists(POINT, min_size=2, max_size=12).map(LineString), min_size=1, max_size=4)


@settings(max_examples=60, deadline=None)
@given(PATHS, POINT)
def test_chords_bound_the_distance_of_their_runs(lines: list[LineString], place: tuple[int, int]) -> None:
    segments = to_segments(np.array(lines, dtype=object))
    reach = np.full(len(lines), 2.0)
    strips = to_strips(segments, np.zeros(len(segments), dtype=np.int64), reach)
    chord = np.arange(len(strips.x))
    beyond = find_offsets(strips, chord, np.full(len(chord), place[0]), np.full(len(chord), place[1]))[2]
    for one in chord.tolist():
        leaves, todo = [], [one]
        while todo:
            node = todo.pop()
            below = [int(strips.left[node]), int(strips.right[node])]
            todo += below if below[0] >= 0 else []
            leaves += [node] if below[0] < 0 else []
        distance = beyond[leaves].min() + 2.0
        assert abs(distance - 2.0 - beyond[one]) <= strips.width[one] + 1e-9
    for number, line in enumerate(lines):
        roots = strips.roots[strips.line[strips.roots] == number]
        own = beyond[: len(segments)][segments.line == number].min() + 2.0
        assert np.isclose(own, line.distance(shapely.Point(place)))
        assert len(roots) == 1


@given(PATHS)
def test_vertices_once(lines: list[LineString]) -> None:
    segments = to_segments(np.array(lines, dtype=object))
    xy, start, end = segments.vertices()
    assert (xy[start] == segments.start).all()
    assert (xy[end] == segments.end).all()
    assert len(xy) == sum(len(line.coords) for line in lines)


@given(PATHS, st.integers(1, 5))
def test_divided_segments_cover_the_same(lines: list[LineString], most: int) -> None:
    segments = to_segments(np.array(lines, dtype=object))
    divided = segments.divide(1 + np.arange(len(segments)) % most)
    assert np.isclose(divided.lengths_m().sum(), segments.lengths_m().sum())
    assert np.count_nonzero(~divided.follows()) == np.count_nonzero(~segments.follows())
    assert set(map(tuple, segments.start)) <= set(map(tuple, divided.start))
    assert (np.diff(divided.line) >= 0).all()


def test_nothing_at_all() -> None:
    nothing = to_segments(np.array([LineString(), None], dtype=object))
    assert len(nothing) == 0
    assert len(to_strips(nothing, nothing.line, np.zeros(2)).roots) == 0
    assert isinstance(nothing.take(np.zeros(0, dtype=np.int64)), Segments)
