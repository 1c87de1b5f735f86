"""What one cut takes where sites fall, against dense samples, and whole runs."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from network_cases import read, route, site, write_study

import planner
from planner.network import Network
from planner.progress import Progress
from planner.risk import RiskGroups, find_risk_groups
from planner.run.write import write_solve

PLACES = st.tuples(st.integers(0, 6), st.integers(0, 6))


def draw_network(folder: Path, places: list[tuple[int, int]], pairs: list[tuple[int, int]]) -> Network:
    sites = [site(f"S{i}", (x / 10, y / 10), protected=i == 0) for i, (x, y) in enumerate(places)]
    ends = [(sites[a]["id"], sites[b]["id"], places[a], places[b]) for a, b in pairs]
    routes = [
        route(f"R{i}", *[(x / 10, y / 10) for x, y in (start, end)], a=a, b=b)
        for i, (a, b, start, end) in enumerate(ends)
    ]
    return read(folder, sites, routes, network="site_snap_m = 1")


@settings(max_examples=25, deadline=None)
@given(st.lists(PLACES, min_size=2, max_size=5, unique=True), st.data(), st.sampled_from([40.0, 75.0, 130.0]))
def test_every_sample_is_in_a_group(places: list[tuple[int, int]], data: st.DataObject, radius_m: float) -> None:
    number = st.integers(0, len(places) - 1)
    pairs = data.draw(
        st.lists(st.tuples(number, number).filter(lambda p: p[0] < p[1]), min_size=1, max_size=5, unique=True)
    )
    with TemporaryDirectory() as folder:
        network = draw_network(Path(folder), places, pairs)
    groups = find_risk_groups(network, radius_m=radius_m, site_clearance_m=0, sites_fail="disc")
    low, high = np.array(network.sites.total_bounds).reshape(2, 2) + np.array([[-150], [150]])
    grid = np.stack(np.meshgrid(*np.linspace(low, high, 90).T), axis=-1).reshape(-1, 2)
    points = shapely.points(grid)[:, None]
    hit = shapely.distance(points, network.spans.geometry.to_numpy()[None]) <= radius_m
    fall = shapely.distance(points, network.sites.geometry.to_numpy()[None]) <= radius_m
    fall[:, network.sites["protected"].to_numpy(dtype=bool)] = False
    known: dict[tuple[int, ...], list[set[int]]] = {}
    for spans, sites in zip(groups.spans, groups.sites, strict=True):
        known.setdefault(sites, []).append(set(spans))
    for row in np.unique(np.column_stack([fall, hit]), axis=0):
        sites = tuple(np.flatnonzero(row[: len(network.sites)]).tolist())
        hits = set(np.flatnonzero(row[len(network.sites) :]).tolist())
        assert not hits | set(sites) or any(hits <= group for group in known[sites])


def test_single_takes_each_site_that_is_not_protected(tmp_path: Path) -> None:
    network = draw_network(tmp_path, [(0, 0), (6, 0), (3, 6)], [(0, 1), (1, 2), (0, 2)])
    groups = find_risk_groups(network, radius_m=5, site_clearance_m=100, sites_fail="single")
    assert sorted(groups.sites) == [(), (), (), (1,), (2,)]
    assert {s: g for s, g in zip(groups.sites, groups.spans, strict=True) if s} == {(1,): (0, 1), (2,): (1, 2)}
    assert len(set(groups.group_ids)) == len(groups.spans)


def test_no_site_falls_unless_asked_for(tmp_path: Path) -> None:
    network = draw_network(tmp_path, [(0, 0), (6, 0)], [(0, 1)])
    groups: RiskGroups = find_risk_groups(network, radius_m=5, site_clearance_m=0)
    assert groups.sites == ()


@pytest.mark.parametrize("protected", [False, True])
@pytest.mark.parametrize("how", ["true", '"single"'])
def test_a_hub_that_falls_is_passed_by(tmp_path: Path, how: str, protected: bool) -> None:
    """``A - H - B`` stands until H falls; the candidate A - B passes it by."""
    sites = [site("A", (0, 0)), site("B", (20, 0)), site("H", (10, 0), terminal=False, protected=protected)]
    routes = [
        route("AH", (0, 0), (5, 2), (10, 0)),
        route("AH2", (0, 0), (5, -2), (10, 0)),
        route("HB", (10, 0), (15, 2), (20, 0)),
        route("HB2", (10, 0), (15, -2), (20, 0)),
    ]
    candidates = [route("AB", (0, 0), (10, 8), (20, 0), cost=5)]
    study = write_study(tmp_path, sites, routes, candidates=candidates, cuts=f"sites_fail = {how}")
    outcome = planner.solve(study)
    assert outcome.status == "optimal"
    assert outcome.plan is not None
    assert [new.route_id for new in outcome.plan.routes] == ([] if protected else ["AB"])
    write_solve(outcome, tmp_path / "run", Progress())
    assert planner.verify_run(tmp_path / "run").survives
    assert len(planner.audit(study).survival.cut_sets) >= (not protected)
