"""The published lists of real networks, and dense sampling of small ones."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.risk.discs import find_disc_groups

LISTS = sorted((Path(__file__).parent.parent.parent / "shared" / "data" / "regional-srlg").glob("r*/*.lgf"))


def read_lemon(path: Path) -> tuple[dict[int, shapely.LineString], set[frozenset[int]]]:
    """Straight links by id and the published groups, from a file in LEMON graph format with planar kilometres."""
    sections: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("@"):
            rows = sections.setdefault(line.split()[0], [])
        elif line.strip():
            rows.append(line.strip())
    found = [re.match(r"(\d+)\s+\((\S+?),(\S+?)\)", row) for row in sections["@nodes"]]
    place = {match[1]: (float(match[2]), float(match[3])) for match in found if match}
    edges = [row.split() for row in sections["@edges"][1:]]
    links = {int(label): shapely.LineString([place[a], place[b]]) for a, b, label in edges}
    return links, {frozenset(map(int, row.split())) for row in sections["@srlgs"]}


@pytest.mark.skipif(not LISTS, reason="the published lists are not here")
@pytest.mark.parametrize("path", LISTS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_published_lists_come_out_identical(path: Path) -> None:
    links, published = read_lemon(path)
    ids = list(links)
    groups = find_disc_groups([links[label] for label in ids], float(path.parent.name[1:]))
    assert {frozenset(ids[line] for line in group) for group in groups.lines} == published


grid = st.integers(0, 12).map(float)
polylines = st.lists(st.tuples(grid, grid), min_size=2, max_size=5).map(shapely.LineString)


@settings(max_examples=150, deadline=None)
@given(st.lists(polylines, min_size=1, max_size=6), st.sampled_from([0.5, 1.0, 2.0, 3.5]))
def test_every_sampled_point_is_covered_and_every_group_is_real(lines: list[shapely.LineString], radius: float) -> None:
    groups = find_disc_groups(lines, radius)
    sets = [set(group) for group in groups.lines]
    assert not any(one < other for one in sets for other in sets)
    for group, point in zip(groups.lines, groups.points, strict=True):
        near = shapely.distance(np.array(lines)[list(group)], shapely.Point(point))
        assert near.max() <= radius + 1e-6 + 1e-9 * radius
    x, y = np.meshgrid(np.arange(-4, 16.01, 0.25), np.arange(-4, 16.01, 0.25))
    reached = shapely.distance(np.array(lines)[:, None], shapely.points(x.ravel(), y.ravel())[None, :]) <= radius
    for sample in {tuple(column) for column in reached.T.tolist()}:
        assert any({line for line, is_near in enumerate(sample) if is_near} <= group for group in sets)
