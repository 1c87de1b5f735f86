"""Takes spurs off ways: where merged junctions lead a way there and back, it goes straight on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from planner.problem import FloatArray

# a way turns back where it comes back within 45 degrees of where it came from
_MAX_COSINE = -(0.5**0.5)
# the last vertex of a section lies at most so far from the junction that it was led to, the merging aside
_STEP_M = 1000.0


def trim_spurs(lines: Sequence[shapely.LineString], merge_m: float) -> list[shapely.LineString]:
    """Let a way leave out the junctions at which it turns back.

    Parameters
    ----------
    lines
        The sections that the way follows, each from where the last one ends.
    merge_m
        How far junctions were moved: spurs are no longer than this and one step of corridors. At 0 nothing changes.

    Returns
    -------
    list
        The same, those that changed with other ends: the ends of the whole way stay where they are, and every section
        keeps one stretch at least.
    """
    parts = [shapely.get_coordinates(line) for line in lines]
    if merge_m:
        for row in range(len(parts) - 1):
            parts[row], parts[row + 1] = _trim(parts[row], parts[row + 1], merge_m + _STEP_M)
    return [
        line if np.array_equal(part, shapely.get_coordinates(line)) else shapely.LineString(part)
        for line, part in zip(lines, parts, strict=True)
    ]


def to_way(lines: Sequence[shapely.LineString], simplify_m: float = 0.0) -> shapely.LineString:
    """One line of several. They are simplified one by one, so that routes in one corridor stay one line."""
    drawn = np.array(lines, dtype=object)
    if simplify_m > 0:
        drawn = shapely.simplify(drawn, simplify_m)
    parts = [shapely.get_coordinates(line) for line in drawn]
    return shapely.LineString(np.concatenate([parts[0], *(part[1:] for part in parts[1:])]))


def _trim(before: FloatArray, after: FloatArray, max_m: float) -> tuple[FloatArray, FloatArray]:
    """Two sections that meet where the way no longer turns back: half way between what is left of both."""
    come, go = len(before) - 2, 1
    if not _turns_back(before[come], before[-1], after[go], max_m):
        return before, after
    while True:
        if come > 0 and _turns_back(before[come - 1], before[come], after[go], max_m):
            come -= 1
        elif go < len(after) - 1 and _turns_back(before[come], after[go], after[go + 1], max_m):
            go += 1
        elif come > 0 and go < len(after) - 1 and _runs_beside(before[come - 1 : come + 1], after[go : go + 2], max_m):
            come, go = come - 1, go + 1
        else:
            break
    if np.array_equal(before[come], after[go]):
        is_left = come > 0 and go < len(after) - 1
        return (before[: come + 1], after[go:]) if is_left else (before, after)
    middle = (before[come] + after[go]) / 2
    return np.vstack([before[: come + 1], middle]), np.vstack([middle, after[go:]])


def _runs_beside(there: FloatArray, back: FloatArray, max_m: float) -> bool:
    """Whether a way goes back, (2, 2) each, over a short step aside."""
    legs = np.vstack([there[1] - there[0], back[1] - back[0]])
    is_short = np.hypot(*(back[0] - there[1])) < np.hypot(*legs.T).min() / 2
    return bool(is_short) and _turns_back(there[0], there[1], there[1] + legs[1], max_m)


def _turns_back(start: FloatArray, tip: FloatArray, end: FloatArray, max_m: float) -> bool:
    there, back = tip - start, end - tip
    there_m, back_m = float(np.hypot(*there)), float(np.hypot(*back))
    is_short = min(there_m, back_m) <= max_m
    return is_short and float(there @ back) < _MAX_COSINE * there_m * back_m
