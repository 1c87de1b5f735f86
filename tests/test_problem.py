from __future__ import annotations

import numpy as np
import pytest

import planner
from planner.problem import Rows


def square(**changes: object) -> planner.Problem:
    r"""
    0 ---0--- 1
    |         |
    3 (new)   1
    |         |
    3 ---2--- 2
    """
    arguments: dict[str, object] = {
        "num_sites": 4,
        "span_ends": [(0, 1), (1, 2), (2, 3), (0, 3)],
        "route_of_span": [0, 1, 2, 3],
        "route_cost": [0, 0, 0, 12.5],
        "is_candidate": [False, False, False, True],
        "groups": [[1, 2]],
        "terminals": [[0], [1], [3]],
        "required_cuts": [1, 1, 1],
    }
    return planner.Problem(**(arguments | changes))  # type: ignore[arg-type]


def test_sequences_become_read_only_arrays() -> None:
    problem = square()
    assert problem.span_ends.dtype == np.int64
    assert problem.span_ends.shape == (4, 2)
    assert [group.tolist() for group in problem.groups] == [[1, 2]]
    assert problem.candidates.tolist() == [3]
    assert problem.active_spans().tolist() == [0, 1, 2]
    assert problem.active_spans([3]).tolist() == [0, 1, 2, 3]
    with pytest.raises(ValueError, match="read-only"):
        problem.route_cost[0] = 1.0


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"span_ends": [(0, 1), (1, 2), (2, 3), (0, 4)]}, "span_ends, item 3: 4 is out of range"),
        ({"span_ends": [0, 1, 2, 3]}, r"span_ends: has shape \(4,\)"),
        ({"route_of_span": [0, 1, 2, 9]}, "route_of_span, item 3: 9 is out of range"),
        ({"route_cost": [0, 0, 0, -1]}, "route_cost, row 3: -1.0 is not a finite number"),
        ({"route_cost": [0, 0, 0, float("nan")]}, "route_cost, row 3: nan"),
        ({"groups": [[1, 7]]}, "groups, item 1: 7 is out of range"),
        ({"terminals": [[0], [], [3]]}, "terminals, row 1: has no site"),
        ({"required_cuts": [1, -2, 1]}, "required_cuts, row 1: is below -1"),
        ({"required_cuts": [1, 0.5, 1]}, "required_cuts: holds numbers that are not whole"),
        ({"required_cuts": ["a", 1, 1]}, "required_cuts: cannot be read as numbers"),
        ({"is_candidate": [True]}, r"is_candidate: has shape \(1,\)"),
    ],
)
def test_faults_are_named(changes: dict[str, object], message: str) -> None:
    with pytest.raises(planner.InputError, match=message):
        square(**changes)


def test_several_faults_are_raised_at_once() -> None:
    with pytest.raises(planner.InputError) as caught:
        square(route_cost=[0, 0, 0, -1], groups=[[9]])
    assert len(caught.value.faults) == 2


def test_rows_are_sorted_and_unique() -> None:
    rows = Rows.of([[3, 1, 3], [], [2]])
    assert [row.tolist() for row in rows] == [[1, 3], [], [2]]
    assert rows.sizes.tolist() == [2, 0, 1]
    assert rows.row_of_item.tolist() == [0, 0, 2]


def test_the_package_name_is_the_function() -> None:
    import planner.optimise.stages

    assert callable(planner.optimise)
    plan = planner.optimise(square(), minimise=("routes", "cost"), time_limit_s=60)
    assert (plan.status, plan.routes, plan.gap) == ("optimal", (3,), 0.0)
    assert plan.objective["cost"] == 12.5
    assert plan.bound == {"routes": 1, "cost": 12.5}
