from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.optimise.halves import find_half_rows
from planner.optimise.rows import Row


def test_three_towns_need_more_than_half_of_two_each() -> None:
    r"""
    0 --a-- 1        each town asks for one of its two routes: half of each would do for the relaxation,
     \     /         but no plan has fewer than two
      c   b
       \ /
        2
    """
    towns = [Row((0, 2), (1, 1), 1), Row((0, 1), (1, 1), 1), Row((1, 2), (1, 1), 1)]
    assert find_half_rows(towns, np.full(3, 0.5)) == [Row((0, 1, 2), (1, 1, 1), 2)]


def test_a_point_of_whole_numbers_breaks_nothing() -> None:
    towns = [Row((0, 2), (1, 1), 1), Row((0, 1), (1, 1), 1), Row((1, 2), (1, 1), 1)]
    assert find_half_rows(towns, np.array([1.0, 0.0, 1.0])) == []


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_they_hold_wherever_the_rows_do(data: st.DataObject) -> None:
    num_routes = data.draw(st.integers(3, 7))
    rows = []
    for _ in range(data.draw(st.integers(2, 7))):
        routes = sorted(data.draw(st.sets(st.integers(0, num_routes - 1), min_size=2)))
        coefficients = data.draw(st.lists(st.integers(1, 3), min_size=len(routes), max_size=len(routes)))
        rows.append(Row(tuple(routes), tuple(coefficients), data.draw(st.integers(1, 3))))
    x = np.array(data.draw(st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=num_routes, max_size=num_routes)))
    halves = find_half_rows(rows, x)
    assert all(row.is_violated(x) for row in halves)
    for values in product((0.0, 1.0), repeat=num_routes):
        point = np.array(values)
        if not any(row.is_violated(point) for row in rows):
            assert not any(row.is_violated(point) for row in halves)
