"""Maximal sets among many: every way of comparing them against the definition."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from risk_cases import keep_maximal

from planner.risk import maximal
from planner.risk.found import to_groups, to_sets
from planner.risk.maximal import find_maximal

WAYS = {"product": (0.0, 1.0), "look-up": (1.0, 0.0)}


def kept(sets: list[frozenset[int]]) -> set[frozenset[int]]:
    found = to_sets([tuple(sorted(one)) for one in sets])
    return set(map(frozenset, to_groups(found.take(find_maximal(found)))))


@pytest.mark.parametrize("way", WAYS)
@settings(max_examples=60, deadline=None)
@given(st.sets(st.frozensets(st.integers(0, 12), min_size=1), max_size=60))
def test_small_sets(way: str, sets: set[frozenset[int]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(maximal, "_SECONDS_PER_PRODUCT", WAYS[way][0])
        patch.setattr(maximal, "_SECONDS_PER_LOOK_UP", WAYS[way][1])
        assert kept(sorted(sets, key=sorted)) == keep_maximal(sets)


@pytest.mark.parametrize("way", WAYS)
def test_many_sets_in_several_portions(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(1)
    sets = {frozenset(rng.choice(60, rng.integers(1, 9), replace=False).tolist()) for _ in range(700)}
    monkeypatch.setattr(maximal, "_SECONDS_PER_PRODUCT", WAYS[way][0])
    monkeypatch.setattr(maximal, "_SECONDS_PER_LOOK_UP", WAYS[way][1])
    monkeypatch.setattr(maximal, "_PAIRS_AT_ONCE", 1000)
    monkeypatch.setattr(maximal, "_ROWS_AT_ONCE", 100)
    assert kept(sorted(sets, key=sorted)) == keep_maximal(sets)
