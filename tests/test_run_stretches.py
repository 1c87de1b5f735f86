"""Critical stretches of whole studies: exact metres, and every point against all cuts tried one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypedDict

import brute
import geopandas as gpd
import numpy as np
import pytest
from network_cases import Row, read, route, site
from pyproj import Geod
from shapely import LineString, Point
from shapely.geometry.base import BaseGeometry

from planner.network import Network, read_network
from planner.problem import Problem, to_problem
from planner.report.model import Table
from planner.report.view import to_audit_report
from planner.result import AuditOutcome, CriticalStretch
from planner.result.frames.stretch_layer import to_critical_stretches_layer
from planner.result.frames.view import to_view
from planner.risk import find_risk_groups
from planner.risk.model import RiskGroups
from planner.risk.stretches import find_stretches
from planner.run import audit
from planner.run import stretches as module
from planner.run.stretches import find_critical_stretches
from planner.starter import write_starter
from planner.study import SitesFail, read_study

Sample = tuple[Point, list[CriticalStretch]]


class Options(TypedDict, total=False):
    radius_m: float
    site_clearance_m: float
    sites_fail: SitesFail


def to_groups(network: Network, *sets: Sequence[int], causes: Sequence[str] = ()) -> RiskGroups:
    """Groups by hand; every other existing cuttable span is one of its own."""
    usable = np.flatnonzero(network.spans["is_cuttable"]).tolist()
    rest = [(span,) for span in usable if not any(span in spans for spans in sets)]
    spans = tuple(tuple(spans) for spans in (*sets, *rest))
    named = (*causes, *["trench" if len(group) > 1 else "single" for group in spans[len(causes) :]])
    places = np.column_stack([np.arange(len(spans), dtype=float), np.zeros(len(spans))])
    return RiskGroups(spans, tuple(f"G{number}" for number in range(len(spans))), places, named)


def found_in(network: Network, groups: RiskGroups) -> tuple[CriticalStretch, ...]:
    problem = to_problem(network, groups)
    found, note = find_critical_stretches(problem, network, groups, radius_m=50, site_clearance_m=1000)
    assert note == ""
    return found


def shown(network: Network, found: Sequence[CriticalStretch]) -> list[tuple[str, float, float, int, tuple[str, ...]]]:
    names = network.spans["span_id"].tolist()
    return [(names[s.span], s.from_m, s.to_m, s.num_cuts, s.isolated_regions) for s in found]


TRIANGLE = [site("A", (0, 0)), site("B", (20, 0)), site("C", (0, 20))]


def test_ring_with_a_trench(tmp_path: Path) -> None:
    """B-C and A-C share a trench for 5 km: cut there, C is alone; anywhere else it takes two.

    C
    | 2 and 3 side by side between y = 10 km and 15 km
    |  .
    A --- B
       1
    """
    routes = [
        route("1", (0, 0), (20, 0)),
        route("2", (0, 0), (0, 20)),
        route("3", (20, 0), (20, 10), (0.04, 10), (0.04, 15), (3, 15), (3, 20), (0, 20)),
    ]
    network = read(tmp_path, TRIANGLE, routes)
    found = found_in(network, to_groups(network, (1, 2)))
    assert shown(network, found)[:2] == [("2", 9970, 15_030, 1, ("C",)), ("3", 29_950, 34_970, 1, ("C",))]
    assert {one.severed for one in found[:2]} == {(1, 2)}
    by_span = dict.fromkeys("123", 0.0)
    for name, from_m, to_m, num_cuts, _ in shown(network, found)[2:]:
        assert num_cuts == 2
        by_span[name] += to_m - from_m
    # outside of the clearance everything else takes one more cut
    lengths = dict(zip("123", network.spans["length_m"] - 2000, strict=True))
    assert by_span == pytest.approx({"1": lengths["1"], "2": lengths["2"] - 5060, "3": lengths["3"] - 5020})
    assert all(one.partner is not None and one.partner_place is not None for one in found[2:])
    assert found[0].line.length == pytest.approx(5060)


def test_bridge_and_its_far_side(tmp_path: Path) -> None:
    """A - B - C with C twice joined: only the bridge is critical alone, only the pair together."""
    routes = [
        route("1", (0, 0), (20, 0)),
        route("2", (0, 0), (0, 20)),
        route("3", (0, 0), (5, 5), (5, 15), (0, 20)),
    ]
    network = read(tmp_path, TRIANGLE, routes)
    found = found_in(network, to_groups(network))
    assert shown(network, found) == [
        ("1", 1000, 19_000, 1, ("B",)),
        ("2", 1000, 19_000, 2, ("C",)),
        ("3", 1000, pytest.approx(network.spans["length_m"][2] - 1000, abs=0.001), 2, ("C",)),
    ]
    assert [one.partner for one in found] == [None, 2, 1]


def test_declared_group_falls_along_the_whole_of_its_members(tmp_path: Path) -> None:
    routes = [
        route("1", (0, 0), (20, 0)),
        route("2", (0, 0), (0, 20)),
        route("3", (20, 0), (20, 20), (0, 20)),
    ]
    network = read(tmp_path, TRIANGLE, routes)
    found = found_in(network, to_groups(network, (0, 2), causes=["declared conduit_id=D7"]))
    assert shown(network, found)[:2] == [("1", 1000, 19_000, 1, ("B",)), ("3", 1000, 39_000, 1, ("B",))]
    assert {one.severed for one in found[:2]} == {(0, 2)}
    assert shown(network, found)[2:] == [("2", 1000, 19_000, 2, ("C",))]


def test_nobody_is_isolated(tmp_path: Path) -> None:
    routes = [route(f"{i}", (0, 0), (5, 5 * i), (15, 5 * i), (20, 0)) for i in range(1, 4)]
    network = read(tmp_path, TRIANGLE[:2], routes)
    assert found_in(network, to_groups(network)) == ()


def test_the_worst_are_kept_and_the_rest_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_STRETCHES", 1)
    network = read(tmp_path, TRIANGLE, [route("1", (0, 0), (20, 0)), route("2", (0, 0), (0, 20))])
    groups = to_groups(network)
    problem = to_problem(network, groups)
    found, note = find_critical_stretches(problem, network, groups, radius_m=50, site_clearance_m=1000)
    assert len(found) == 1
    assert note == "The 1 worst of 2 critical stretches are kept."


@pytest.mark.parametrize("seed", range(12))
def test_equals_trying_all_cuts_at_sampled_points(seed: int, tmp_path: Path) -> None:
    """Spans on a coarse grid, so that many meet, cross and run together."""
    rng = np.random.default_rng(seed)
    places = [(0.0, 0.0), (30.0, 0.0), (0.0, 30.0), (30.0, 30.0), (60.0, 15.0)]
    sites = [site(f"S{i}", place, weight=int(rng.integers(1, 5))) for i, place in enumerate(places)]
    routes: list[Row] = []
    for number in range(8):
        a, b = rng.choice(len(places), 2, replace=False)
        ways = [tuple(float(v) for v in 10 * rng.integers(1, 6, 2) + rng.choice([0, 0.03, 0.06])) for _ in range(2)]
        routes.append(route(f"R{number}", places[a], *ways, places[b]))
    settings = {"network": "site_snap_m = 1", "regions": 'weight = "weight"', "cuts": "radius_m = 50"}
    network = read(tmp_path, sites, routes, **settings)
    sets = find_stretches(network, radius_m=50, site_clearance_m=1000).sets
    largest = [spans for spans in sets if not any(set(spans) < set(other) for other in sets)]
    groups = to_groups(network, *largest)
    problem = to_problem(network, groups)
    found = found_in(network, groups)
    shapes = list(network.spans.geometry)
    ends = network.spans[["a", "b"]].to_numpy()
    discs = [point.buffer(1000, 256) for point in network.sites.geometry]
    clear = [shape.difference(discs[a]).difference(discs[b]) for shape, (a, b) in zip(shapes, ends, strict=True)]
    for span, shape in enumerate(shapes):
        for share in rng.random(12):
            point = shape.interpolate(share, normalized=True)
            if not point.distance(clear[span]) < 1e-6:
                continue
            severed = tuple(i for i, other in enumerate(clear) if point.distance(other) <= 50)
            mine = [one for one in found if one.span == span and one.from_m < share * shape.length < one.to_m]
            _check(problem, network, severed, mine)


def _check(problem: Problem, network: Network, severed: tuple[int, ...], mine: list[CriticalStretch]) -> None:
    _check_worst(problem, network, [(severed, ())], mine)


def _check_worst(
    problem: Problem, network: Network, choices: Sequence[brute.Cut], mine: Sequence[CriticalStretch]
) -> None:
    """The worst of what a cut may take there: alone before with one more, then by weight."""
    cuts = brute.maximal_cuts(problem, ())
    uncut = brute.isolated_regions(problem, [], ())
    weights = problem.region_weight
    region_ids = network.regions["region_id"].tolist()

    def isolated(*chosen: brute.Cut) -> set[int]:
        return brute.isolated_regions(problem, chosen, ()) - uncut

    def weigh(regions: set[int]) -> float:
        return float(sum(weights[list(regions)]))

    of_cuts = [isolated(cut) for cut in cuts]
    wanted = []
    for here in choices:
        alone = isolated(here)
        together = [isolated(here, cut) - of_cut for cut, of_cut in zip(cuts, of_cuts, strict=True)]
        worst = max(map(weigh, together), default=0.0)
        if alone or worst:
            wanted.append((-1 if alone else -2, weigh(alone) if alone else worst, here, alone))
    if not wanted:
        assert mine == []
        return
    num_cuts, weight = max(one[:2] for one in wanted)
    (one,) = mine
    assert (one.num_cuts, one.isolated_weight) == (-num_cuts, pytest.approx(weight))
    worst_cuts = {here: alone for *figures, here, alone in wanted if figures == [num_cuts, pytest.approx(weight)]}
    assert (one.severed, one.fallen) in worst_cuts
    if num_cuts == -1:
        assert set(one.isolated_regions) == {region_ids[region] for region in worst_cuts[one.severed, one.fallen]}


def sample(network: Network, found: Sequence[CriticalStretch], span: int, rng: np.random.Generator) -> Iterator[Sample]:
    """Points of a span that are no boundary of a stretch, many of them near its ends, and the stretches there."""
    shape = network.spans.geometry.iloc[span]
    near_ends = [*rng.random(3) * 120, *(shape.length - rng.random(3) * 120)]
    places = [at for at in (*near_ends, *rng.random(5) * shape.length) if 0 < at < shape.length]
    for at in places:
        mine = [one for one in found if one.span == span and one.from_m <= at <= one.to_m]
        if not any(abs(at - end) < 0.05 for one in mine for end in (one.from_m, one.to_m)):
            yield shape.interpolate(at), mine


def leave_out(network: Network, clearance_m: float) -> list[BaseGeometry]:
    """Each span without what is near its own ends; none where nobody can cut it."""
    discs = [point.buffer(clearance_m, 256) for point in network.sites.geometry]
    columns = network.spans[["a", "b", "is_cuttable"]].itertuples(index=False)
    shapes = zip(network.spans.geometry, columns, strict=True)
    return [
        shape.difference(discs[row.a]).difference(discs[row.b]) if row.is_cuttable else LineString()
        for shape, row in shapes
    ]


def tangle(folder: Path, rng: np.random.Generator, cuts: str) -> Network:
    """Spans on a coarse grid, some a few metres from sites that they pass; two sites next door to each other."""
    places = [(0.0, 0.0), (30.0, 0.0), (0.0, 30.0), (30.0, 30.0), (60.0, 15.0), (60.08, 15.02), (10.02, 10.03)]
    sites = [site(f"S{i}", place, weight=2.0**i, protected=bool(rng.random() < 0.2)) for i, place in enumerate(places)]
    routes: list[Row] = [route("near", places[4], places[5])] * bool(rng.random() < 0.7)
    for number in range(9):
        a, b = rng.choice(len(places), 2, replace=False)
        ways = [tuple(float(v) for v in 10 * rng.integers(1, 6, 2) + rng.choice([0, 0.03, 0.06])) for _ in range(2)]
        cells = {"cuttable": bool(rng.random() < 0.9), "accuracy_m": float(rng.choice([0, 5, 15]))}
        if "sites_fail" in cuts:
            cells.pop("accuracy_m")
        routes.append(route(f"R{number}", places[a], *ways, places[b], **cells))
    settings = {"network": "site_snap_m = 1", "regions": 'weight = "weight"', "cuts": f"radius_m = 50\n{cuts}"}
    return read(folder, sites, routes, **settings)


@pytest.mark.parametrize(("how", "clearance_m"), [("disc", 0), ("disc", 30), ("disc", 300), ("single", 300)])
@pytest.mark.parametrize("seed", range(4))
def test_sites_that_fall_at_sampled_points(seed: int, how: SitesFail, clearance_m: float, tmp_path: Path) -> None:
    rng = np.random.default_rng(seed)
    network = tangle(tmp_path, rng, f'sites_fail = "{how}"')
    options: Options = {"radius_m": 50, "site_clearance_m": clearance_m, "sites_fail": how}
    groups = find_risk_groups(network, **options)
    problem = to_problem(network, groups)
    found, note = find_critical_stretches(problem, network, groups, **options)
    assert note == ""
    clear = leave_out(network, clearance_m)
    ends = network.spans[["a", "b"]].to_numpy().tolist()
    sites = list(zip(network.sites.geometry, network.sites["protected"], strict=True))
    for span in np.flatnonzero(network.spans["is_cuttable"]).tolist():
        for point, mine in sample(network, found, span, rng):
            if any(abs(point.distance(other) - edge_m) < 0.05 for other, _ in sites for edge_m in (50, clearance_m)):
                continue
            if any(abs(point.distance(other) - 50) < 0.05 for other in clear):
                continue
            falls = [
                at for at, (other, is_protected) in enumerate(sites) if not is_protected and point.distance(other) <= 50
            ]
            fallen = tuple(falls) if how == "disc" else ()
            takes_own = bool(set(fallen) & set(ends[span]))
            if not takes_own and clear[span].is_empty:
                severed, fallen = {span}, ()
            elif takes_own or point.distance(clear[span]) < 1e-6:
                severed = {i for i, other in enumerate(clear) if point.distance(other) <= 50}
                severed |= {i for i, pair in enumerate(ends) if set(pair) & set(fallen)}
            else:
                assert mine == []
                continue
            _check_worst(problem, network, [(tuple(sorted(severed)), fallen)], mine)


@pytest.mark.parametrize("seed", range(6))
def test_inaccurate_data_at_sampled_points(seed: int, tmp_path: Path) -> None:
    """What lies within the radius and both accuracies falls, as far as one risk group holds it."""
    rng = np.random.default_rng(seed)
    network = tangle(tmp_path, rng, "")
    options: Options = {"radius_m": 50, "site_clearance_m": 300}
    groups = find_risk_groups(network, **options)
    problem = to_problem(network, groups)
    found, _ = find_critical_stretches(problem, network, groups, **options)
    clear, accuracy_m = leave_out(network, 300), network.spans["accuracy_m"].to_numpy()
    for span in np.flatnonzero(network.spans["is_cuttable"]).tolist():
        for point, mine in sample(network, found, span, rng):
            away = np.array([point.distance(other) for other in clear]) - 50 - accuracy_m[span] - accuracy_m
            if (np.abs(away[~np.isnan(away)]) < 0.05).any():
                continue
            if clear[span].is_empty or point.distance(clear[span]) > 1e-6:
                continue
            reached = set(np.flatnonzero(away <= 0).tolist()) | {span}
            parts = [frozenset(reached & set(group)) for group in groups.spans if span in group]
            largest = {part for part in parts if not any(part < other for other in parts)}
            _check_worst(problem, network, [(tuple(sorted(part)), ()) for part in largest], mine)


def test_inaccurate_data_widen_what_is_shared(tmp_path: Path) -> None:
    """The ring with a trench, 90 m wide: a cut at one span severs the other only if both are 25 m out.

    C
    | 2 and 3 side by side between y = 10 km and 15 km
    |  .
    A --- B
       1
    """
    apart = route("3", (20, 0), (20, 10), (0.09, 10), (0.09, 15), (3, 15), (3, 20), (0, 20))
    routes = [route("1", (0, 0), (20, 0)), route("2", (0, 0), (0, 20)), apart]
    for accuracy_m in (10, 25):
        folder = tmp_path / str(accuracy_m)
        folder.mkdir()
        network = read(folder, TRIANGLE, routes, network=f"accuracy_m = {accuracy_m}")
        groups = find_risk_groups(network, radius_m=50, site_clearance_m=1000)
        assert groups.spans == ((0,), (1, 2))  # to a point beside both they are near enough anyhow
        alone = [one[:3] for one in shown(network, found_in(network, groups)) if one[3] == 1]
        beyond = np.sqrt(100**2 - 90**2)
        wide = [("2", pytest.approx(10_000 - beyond), pytest.approx(15_000 + beyond)), ("3", 29_900, 34_920)]
        assert alone == ([] if accuracy_m == 10 else wide)


def test_metres_from_which_a_cut_takes_the_hub(tmp_path: Path) -> None:
    """``A = H = B``, all double: within 50 m of H a cut takes it, and A and B are apart; else no one cut matters."""
    sites = [site("A", (0, 0)), site("H", (10, 0), terminal=False), site("B", (20, 0))]
    routes = [
        route("AH", (0, 0), (10, 0)),
        route("HB", (10, 0), (20, 0)),
        route("AH2", (0, 0), (5, 5), (10, 0)),
        route("HB2", (10, 0), (15, 5), (20, 0)),
    ]
    network = read(tmp_path, sites, routes, cuts='sites_fail = "disc"')
    options: Options = {"radius_m": 50, "site_clearance_m": 1000, "sites_fail": "disc"}
    groups = find_risk_groups(network, **options)
    found, _ = find_critical_stretches(to_problem(network, groups), network, groups, **options)
    (hub,) = np.flatnonzero(network.sites["site_id"] == "H").tolist()
    assert {one.fallen for one in found if one.num_cuts == 1} == {(hub,)}
    far_m = pytest.approx(np.hypot(5000, 5000) * 2, abs=0.001)
    assert sorted(one[:3] for one in shown(network, found) if one[3] == 1) == [
        ("AH", 9950, 10_000),
        ("AH2", pytest.approx(np.hypot(5000, 5000) * 2 - 50, abs=0.001), far_m),
        ("HB", 0, 50),
        ("HB2", 0, 50),
    ]


def test_what_is_severed_is_part_of_a_risk_group(tmp_path: Path) -> None:
    """The stretches and the groups are found apart from each other; on the ground, in a CRS of degrees at first."""
    write_starter(tmp_path / "towns")
    network = read_network(read_study(tmp_path / "towns"))
    for radius_m in (0, 50, 5000):
        groups = find_risk_groups(network, radius_m=radius_m, site_clearance_m=1000)
        stretches = find_stretches(network, radius_m=radius_m, site_clearance_m=1000)
        assert all(any(set(spans) <= set(group) for group in groups.spans) for spans in stretches.sets)
        found, _ = find_critical_stretches(
            to_problem(network, groups), network, groups, radius_m=radius_m, site_clearance_m=1000
        )
        for one in found:
            geodesic_m = Geod(ellps="WGS84").geometry_length(gpd.GeoSeries([one.line], crs=network.crs).to_crs(4326)[0])
            assert geodesic_m == pytest.approx(one.length_m, rel=1e-4)


def audit_towns(folder: Path, **changes: str) -> AuditOutcome:
    """The starter's towns with lines of the study put after others."""
    write_starter(folder)
    text = (folder / "study.toml").read_text(encoding="utf-8")
    for after, line in changes.items():
        (old,) = [row for row in text.splitlines() if row.startswith(after)]
        text = text.replace(old, f"{old}\n{line}")
    (folder / "study.toml").write_text(text, encoding="utf-8")
    return audit(folder)


@pytest.mark.parametrize("how", ["", "disc", "single"])
def test_pages_and_layers_say_what_falls(tmp_path: Path, how: str) -> None:
    changes = {"site_clearance_m": f'sites_fail = "{how}"', "site_snap_m": "accuracy_m = 5"}
    if how != "single":
        changes.pop("site_snap_m")
    outcome = audit_towns(tmp_path / "towns", **(changes if how else {}))
    section = next(part for part in to_audit_report(outcome).sections if part.key == "stretches")
    table = next(block for block in section.blocks if isinstance(block, Table))
    said = " ".join(block for block in section.blocks if isinstance(block, str))
    headings = [column.label for column in table.columns]
    rows = [dict(zip(headings, row, strict=True)) for row in table.rows]
    assert ("Takes sites" in headings) == ("takes the site with every span there" in said) == (how == "disc")
    assert ("accuracies" in said) == (how == "single")
    assert any(row["Other cut"] == "at Eastham, which falls" for row in rows) == bool(how)
    layer = to_critical_stretches_layer(to_view(outcome))
    assert ("site_ids" in layer) == bool(how)
    if how == "disc":
        assert ("Millbrook",) in [row["Takes sites"] for row in rows]
        assert layer["site_ids"].str.len().max() == 1
