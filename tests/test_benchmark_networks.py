"""The generators of synthetic networks: sizes, determinism, and what they promise."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from corridors import to_corridors
from national import to_national

import planner
from planner.problem import Problem, Rows

FULL: dict[str, Any] = {
    "trench_share": 0.3,
    "sites_per_region": 3,
    "reach": "all",
    "level_shares": (0.2, 0.4, 0.4),
    "num_nearest": 5,
}


def to_bytes(problem: Problem) -> list[bytes]:
    rows = [problem.groups, problem.terminals]
    arrays = [value for value in vars(problem).values() if isinstance(value, np.ndarray)]
    return [array.tobytes() for array in arrays + [part for one in rows for part in (one.starts, one.items)]]


@pytest.mark.parametrize(
    "make", [lambda seed: to_national(400, 2, seed=seed, **FULL), lambda seed: to_corridors(400, 8, 1, seed=seed)]
)
def test_same_seed_same_network_and_another_seed_another(make: Any) -> None:
    assert to_bytes(make(1)) == to_bytes(make(1))
    assert to_bytes(make(1)) != to_bytes(make(2))


def test_a_hundred_thousand_spans() -> None:
    problem = to_national(33_500, 2, trench_share=0.2, sites_per_region=4)
    assert 100_000 <= problem.num_spans <= 100_500
    assert len(problem.terminals) == 33_500 // 4
    assert np.array_equal(np.sort(problem.terminals.items), np.arange(33_500))


def test_trenches_hold_two_to_six_spans_of_one_town() -> None:
    problem = to_national(500, 1, trench_share=0.4)
    assert set(problem.groups.sizes.tolist()) == {2, 3, 4, 5, 6}
    assert len(problem.groups) == 200
    for spans in problem.groups:
        assert np.bincount(problem.span_ends[spans].ravel()).max() == len(spans)


def test_a_tree_and_rings_exist_or_nothing_does() -> None:
    assert np.count_nonzero(~to_national(200, 1).is_candidate) == 199 + 30
    assert planner.separating_cut_sets(to_national(200, 1), cuts=0) == []
    assert to_national(200, 1, ring_share=-1).is_candidate.all()


@pytest.mark.parametrize("reach", ["any", "all"])
def test_regions_are_held_by_any_site_or_by_all(reach: Any) -> None:
    problem = to_national(300, 2, sites_per_region=5, reach=reach, level_shares=(0.5, 0.3, 0.2))
    assert len(problem.terminals) == (60 if reach == "any" else 300)
    assert len(problem.region_weight) == 60
    assert np.array_equal(np.sort(problem.terminals.items), np.arange(300))
    level_of = dict(zip(problem.region_of.tolist(), problem.required_cuts, strict=True))
    assert [level_of[region] for region in problem.region_of.tolist()] == problem.required_cuts.tolist()
    assert set(level_of.values()) == {0, 1, 2}


def test_every_level_can_be_met() -> None:
    for problem in (to_national(120, 3, num_nearest=6), to_national(120, 2, trench_share=0.5, num_nearest=4)):
        assert planner.verify(problem, problem.candidates.tolist()).survives
        assert not planner.verify(problem, []).survives


def test_corridors_have_few_terminals_and_cables_along_sections() -> None:
    problem = to_corridors(600, 12, 1, clearance_km=25)
    cables = np.flatnonzero(~problem.is_candidate)
    assert (problem.num_sites, len(problem.terminals)) == (600, 12)
    assert 1100 <= problem.num_spans - len(cables) <= 1150
    assert len(cables) == 11 + 2
    assert set(problem.span_ends[cables].ravel().tolist()) <= set(problem.terminals.items.tolist())
    for cable in cables:
        way = [spans for spans in problem.groups if cable in spans and problem.is_candidate[spans].any()]
        length_km = problem.route_length_km[np.unique(np.concatenate(way))]
        assert length_km.sum() >= 0.5 * problem.route_length_km[cable]
    assert planner.verify(problem, problem.candidates.tolist()).survives
    assert not planner.verify(problem, []).survives


def test_a_wider_clearance_leaves_fewer_groups() -> None:
    sizes = [len(to_corridors(600, 12, 1, clearance_km=km).groups) for km in (0.0, 25.0, 100.0)]
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) == 3


def test_a_terminal_shares_no_junction() -> None:
    problem = to_corridors(300, 6, 1, clearance_km=0.0)
    at_site = Rows.group(problem.span_ends.ravel(), np.repeat(np.arange(problem.num_spans), 2), 300)
    groups = {tuple(spans.tolist()) for spans in problem.groups}
    for site in problem.terminals.items.tolist():
        assert tuple(at_site[site].tolist()) not in groups
