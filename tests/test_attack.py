from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import brute
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from problems import problems

import planner
from planner.errors import InputError
from planner.problem import Problem
from planner.survival.active import to_active_graph
from planner.survival.attackbound import Answer, AttackBound
from planner.survival.damage import Damage
from planner.survival.dominated import find_dominated
from planner.survival.hits import Hits
from planner.survival.inseparable import find_inseparable


@settings(max_examples=120, deadline=None)
@given(problems(sites_fall=None), st.integers(0, 4), st.data())
def test_equals_enumeration(problem: Problem, cuts: int, data: st.DataObject) -> None:
    routes = [route for route in problem.candidates.tolist() if data.draw(st.booleans())]
    found = planner.find_worst_attack(problem, cuts=cuts, routes=routes)
    assert found.isolated_weight == found.bound == brute.worst_weight(problem, cuts, routes)
    assert found.is_proved
    assert len(found.cuts) <= cuts
    named = list(zip(found.cuts, found.cut_sites, strict=True))
    assert set(named) <= set(brute.maximal_cuts(problem, routes))
    assert brute.isolated_weight(problem, named, routes) == found.isolated_weight


@settings(max_examples=150, deadline=None)
@given(problems(sites_fall=None), st.data())
def test_rows_hold_for_every_attack(problem: Problem, data: st.DataObject) -> None:
    damage = Damage(problem, to_active_graph(problem))
    num_cuts = len(damage.graph.cuts)
    shares = np.array(data.draw(st.lists(st.sampled_from([0, 0.3, 0.6, 1]), min_size=num_cuts, max_size=num_cuts)))
    attack = [cut for cut in range(num_cuts) if data.draw(st.booleans())]
    rows = Hits(problem, damage).to_rows(range(problem.num_sites), shares)
    chosen = np.isin(np.arange(num_cuts), attack).astype(float)
    assert all(row.value(chosen) >= damage.weight(attack) - 1e-9 for row in rows)


@settings(max_examples=150, deadline=None)
@given(problems(), st.integers(0, 3), st.data())
def test_an_attack_of_cuts_that_none_dominates_is_as_bad(problem: Problem, cuts: int, data: st.DataObject) -> None:
    damage = Damage(problem, to_active_graph(problem))
    worst = brute.worst_weight(problem, cuts)
    root = data.draw(st.integers(0, problem.num_sites - 1))
    dominated = find_dominated(problem, damage, root, damage.total_weight - worst)
    useful = [tuple(cut.tolist()) for cut in damage.graph.cuts.select(np.flatnonzero(~dominated))]
    left = replace(
        problem,
        groups=[damage.graph.spans[list(cut)].tolist() for cut in useful],
        group_sites=[[] for _ in useful],
    )
    assert brute.worst_weight(left, cuts) == worst


@settings(max_examples=150, deadline=None)
@given(problems(), st.integers(0, 3))
def test_no_few_cuts_part_what_is_inseparable(problem: Problem, num_cuts: int) -> None:
    pairs = find_inseparable(to_active_graph(problem), num_cuts)
    family = brute.maximal_cuts(problem, ())
    for cuts in (cuts for size in range(num_cuts + 1) for cuts in combinations(family, size)):
        component, _ = brute.after(problem, cuts, ())
        assert all(component[a] == component[b] for a, b in pairs.tolist())


def test_a_dense_part_is_inseparable() -> None:
    # every two of the sites 0 to 4 are joined, and 5 hangs on 0 and 1; the two spans of 5 are one group
    ends = [(a, b) for b in range(5) for a in range(b)] + [(0, 5), (1, 5)]
    problem = to_tree(ends, [1] * 6)
    assert find_inseparable(to_active_graph(problem), 1).tolist() == [[0, site] for site in range(1, 6)]
    assert find_inseparable(to_active_graph(problem), 3).tolist() == [[0, site] for site in range(1, 5)]
    shared = replace(problem, groups=[[10, 11]])
    assert find_inseparable(to_active_graph(shared), 1).tolist() == [[0, site] for site in range(1, 5)]


def to_tree(ends: list[tuple[int, int]], weights: list[float]) -> Problem:
    return Problem(
        num_sites=len(weights),
        span_ends=ends,
        route_of_span=range(len(ends)),
        route_cost=np.zeros(len(ends)),
        is_candidate=np.zeros(len(ends)),
        groups=[],
        terminals=[[site] for site in range(len(weights))],
        required_cuts=np.ones(len(weights)),
        region_weight=weights,
    )


def test_a_path_is_cut_in_parts_of_the_same_weight() -> None:
    # 0 - 1 - 2 - ... - 20: after two cuts the heaviest part holds a third
    path = to_tree([(site, site + 1) for site in range(20)], [1] * 21)
    found = planner.find_worst_attack(path, cuts=2)
    assert found.cuts == ((6,), (13,))
    assert (found.isolated_weight, found.bound, found.is_proved) == (14, 14, True)


def test_no_more_cuts_are_named_than_are_needed() -> None:
    # 9 - 1: the one span is all there is to cut
    found = planner.find_worst_attack(to_tree([(0, 1)], [9, 1]), cuts=5)
    assert (found.cuts, found.isolated_weight) == (((0,),), 1)


@pytest.mark.parametrize("weights", [[0.3, 0.1, 0.25, 0.35], [67_000_000, 4_000_001, 3, 900_000]])
def test_weights_of_any_size(weights: list[float]) -> None:
    r"""A star whose centre is site 0.

    1 - 0 - 3
        |
        2
    """
    star = to_tree([(0, 1), (0, 2), (0, 3)], weights)
    for cuts in range(4):
        found = planner.find_worst_attack(star, cuts=cuts)
        assert found.isolated_weight == pytest.approx(brute.worst_weight(star, cuts))
        assert found.isolated_weight <= found.bound <= found.isolated_weight + 1e-5 * sum(weights)


def to_tangle() -> Problem:
    rng = np.random.default_rng(3)
    ends = [(site, int(rng.integers(site))) for site in range(1, 50)]
    ends += [(int(rng.integers(50)), int(rng.integers(50))) for _ in range(12)]
    return to_tree(ends, rng.integers(1, 9, 50).tolist())


def test_an_attack_that_the_solver_lets_through_twice_is_ruled_out(monkeypatch: pytest.MonkeyPatch) -> None:
    best = planner.find_worst_attack(to_tangle(), cuts=3)
    solve, forbid, told = AttackBound.solve, AttackBound.forbid, []

    def solve_badly(self: AttackBound, at_least: float, time_limit_s: float, max_nodes: int | None) -> Answer:
        told.append("solve")
        assert len(told) < 10
        return solve(self, at_least, time_limit_s, max_nodes) if "forbid" in told else Answer([0], self.total_weight)

    def forbid_well(self: AttackBound, attack: list[int]) -> None:
        told.append("forbid")
        forbid(self, attack)

    monkeypatch.setattr("planner.survival.attack._PATIENCE", 1)  # leave the rest to the integer program
    monkeypatch.setattr(AttackBound, "solve", solve_badly)
    monkeypatch.setattr(AttackBound, "forbid", forbid_well)
    found = planner.find_worst_attack(to_tangle(), cuts=3)
    assert told[:3] == ["solve", "solve", "forbid"]
    assert found.is_proved
    assert found.isolated_weight == best.isolated_weight


def test_a_limit_gives_a_bound_all_the_same() -> None:
    problem = to_tangle()
    best = planner.find_worst_attack(problem, cuts=3)
    short = planner.find_worst_attack(problem, cuts=3, time_limit_s=0)
    few = planner.find_worst_attack(problem, cuts=3, max_nodes=0)
    assert best.is_proved
    assert not short.is_proved
    for other in (short, few):
        assert other.isolated_weight <= best.isolated_weight <= other.bound


@pytest.mark.parametrize("cuts", [-1, 7])
def test_sizes_that_are_none(cuts: int) -> None:
    with pytest.raises(InputError, match="0 to 6"):
        planner.find_worst_attack(to_tree([(0, 1)], [1, 1]), cuts=cuts)
