"""Parts of a drawn route become one line."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS

from planner.network.lines import merge_parts
from planner.network.notes import Notes
from planner.network.route_table import RouteTable
from planner.network.ruler import Ruler

PLANE = Ruler(CRS.from_epsg(2154), is_planar=True)


def merge(geometry: list[shapely.Geometry], snap_m: float) -> tuple[np.ndarray, np.ndarray, Notes]:
    ids = np.array([f"r{row}" for row in range(len(geometry))], dtype=object)
    ends = np.full(len(geometry), -1)
    lines = np.array(geometry, dtype=object)
    table = RouteTable("routes", pd.DataFrame({"route_id": ids}), lines, None, ends, ends, ids)
    notes = Notes()
    return *merge_parts(table, PLANE, snap_m, notes), notes


@settings(max_examples=100, deadline=None)
@given(
    steps=st.lists(st.integers(1, 50), min_size=2, max_size=12),
    gap=st.sampled_from([0.0, 0.5]),
    data=st.data(),
)
def test_a_line_cut_up_and_shuffled_is_whole_again(steps: list[int], gap: float, data: st.DataObject) -> None:
    """A line eastwards, cut into parts with gaps, the parts in any order and either way round."""
    x = np.cumsum([0, *steps]).astype(float)
    parts = [[(west + gap, 0.0), ((west + east) / 2, 1.0), (east, 0.0)] for west, east in pairwise(x)]
    shuffled = [part[::-1] if data.draw(st.booleans()) else part for part in data.draw(st.permutations(parts))]
    lines, is_line, notes = merge([shapely.MultiLineString(shuffled)], snap_m=0.6)
    assert is_line.tolist() == [True]
    xy = shapely.get_coordinates(lines[0])
    xy = xy if xy[0, 0] < xy[-1, 0] else xy[::-1]
    assert (np.diff(xy[:, 0]) >= 0).all()
    assert {*map(tuple, xy)} == {place for part in parts for place in part}
    assert [remark.kind for remark in notes.remarks] == ["merged_parts"]


def test_gap_too_wide_leaves_the_others_alone() -> None:
    apart = shapely.MultiLineString([[(0, 0), (1, 0)], [(3, 0), (4, 0)]])
    near = shapely.MultiLineString([[(0, 0), (1, 0)], [(1.5, 0), (4, 0)]])
    plain = shapely.LineString([(0, 0), (1, 0)])
    lines, is_line, notes = merge([apart, near, plain], snap_m=1.0)
    assert is_line.tolist() == [False, True, True]
    assert shapely.get_coordinates(lines[1]).tolist() == [[0, 0], [1, 0], [1.5, 0], [4, 0]]
    assert lines[2] is plain
    assert str(notes.faults.faults[0]).startswith("r0: its parts do not join: the nearest ends are 2 m apart")


@pytest.mark.parametrize(
    "wkt",
    [
        "MULTILINESTRING ((0 0, 1 0), EMPTY)",
        "MULTILINESTRING (EMPTY, (0 0, 1 0))",
        "MULTILINESTRING ((0 0, 1 0))",
        "MULTILINESTRING ((0 0, 1 0), (1 0, 1 0))",
    ],
)
def test_empty_parts_are_no_parts(wkt: str) -> None:
    lines, is_line, _ = merge([shapely.from_wkt(wkt)], snap_m=0.1)
    assert is_line.tolist() == [True]
    assert lines[0].length == 1


def test_line_that_crosses_itself_is_whole() -> None:
    """A figure of eight in two parts: merging finds four ends at the crossing, the parts' order says which follows."""
    eight = shapely.MultiLineString([[(0, 0), (2, 2), (2, 0), (1, 1)], [(1, 1), (0, 2)]])
    lines, is_line, _ = merge([eight], snap_m=0.1)
    assert is_line.tolist() == [True]
    assert shapely.get_coordinates(lines[0]).tolist() == [[0, 0], [2, 2], [2, 0], [1, 1], [0, 2]]
