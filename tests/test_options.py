"""Other choices: every point equals a solve of its own, and nothing is said beyond what is proved."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from network_cases import to_xy, write_geojson
from problems import problems

import planner
from planner.errors import InputError
from planner.export.document import to_plan_document
from planner.invest.options import Choice
from planner.optimise.master import Settings
from planner.optimise.protect import find_highest_levels, region_levels, with_levels
from planner.optimise.stages import solve as solve_problem
from planner.problem import Problem
from planner.progress import Progress
from planner.report import write_report
from planner.result import Outcome, SolvedPlan
from planner.run.ceiling import find_ceiling, find_cut_off
from planner.survival.active import to_active_graph

# A --- B       A - B - C - D is a line; candidates: AC and BD (rail) run 2 km beside B - C each, AD (road) goes round
#       |       by itself; AB2 (rail) is a second way from A to B
# D --- C
SITES = {"A": ((0, 0), 5), "B": ((20, 0), 3), "C": ((20, -20), 2), "D": ((0, -20), 1)}
CANDIDATES = {
    "AD": ("A", "D", "road", [(-3, -10)]),
    "AC": ("A", "C", "rail", [(16, -9)]),
    "BD": ("B", "D", "rail", [(14, -12)]),
    "AB2": ("A", "B", "rail", [(10, 6)]),
    "CD2": ("C", "D", "road", [(10, -26)]),
}
BASE = """
[study]
[network]
sites = "sites.geojson"
routes = "routes.geojson"
[candidates]
routes = "candidates.geojson"
[regions]
[cuts]
simultaneous = {cuts}
radius_m = {radius}
[costs]
per_km = {{ rail = {rail}, road = {road} }}
[objective]
{objective}
[solver]
when_infeasible = "protect-most"
"""


def line(*at: tuple[float, float]) -> dict[str, Any]:
    return {"type": "LineString", "coordinates": [to_xy(one) for one in at]}


def write(folder: Path, more: str = "", **figures: Any) -> Path:
    values = {"cuts": 1, "radius": 50, "rail": 10, "road": 14, "objective": ""} | figures
    write_geojson(
        folder / "sites.geojson",
        [
            {"geometry": {"type": "Point", "coordinates": to_xy(at)}, "id": i, "weight": weight}
            for i, (at, weight) in SITES.items()
        ],
    )
    write_geojson(
        folder / "routes.geojson",
        [{"geometry": line(SITES[a][0], SITES[b][0]), "id": a + b, "a": a, "b": b} for a, b in ("AB", "BC", "CD")],
    )
    write_geojson(
        folder / "candidates.geojson",
        [
            {"geometry": line(SITES[a][0], *via, SITES[b][0]), "id": i, "a": a, "b": b, "kind": kind}
            for i, (a, b, kind, via) in CANDIDATES.items()
        ],
    )
    file = folder / "study.toml"
    file.write_text(BASE.format(**values) + more)
    return file


def solve(folder: Path, more: str = "", **figures: Any) -> Outcome:
    return planner.solve(write(folder, more, **figures))


ALL = "[options]\nbudgets = [0, 250, 400, 1000]\nradii = [20, 5000]\nlease_per_km = { rail = 1 }\n[invest]\n"


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return solve(tmp_path_factory.mktemp("options"), ALL)


def assert_same(choice: Choice, plan: SolvedPlan | None, keys: tuple[str, ...]) -> None:
    assert (plan is not None) == bool(choice.objective)
    if plan:
        assert choice.status == plan.status
        assert [choice.objective[key] for key in keys] == pytest.approx([plan.objective[key] for key in keys])
        assert choice.gap == plan.gap


@pytest.mark.parametrize("cuts", range(5))
def test_each_level_is_a_solve_of_its_own(outcome: Outcome, tmp_path: Path, cuts: int) -> None:
    assert outcome.options is not None
    alone = solve(tmp_path, cuts=cuts, objective='minimise = ["cost", "routes"]')
    choice = next(point.choice for point in outcome.options.cuts if point.cuts == cuts)
    assert choice.status == alone.status
    if alone.plan:
        assert_same(choice, alone.plan, ("cost", "routes"))
    else:
        # what all candidates together hold, by the search of protect-most
        assert alone.protect_most is not None
        held = {i for i, level in alone.protect_most.required_cuts.items() if level >= cuts}
        most = sum(weight for i, (_, weight) in SITES.items() if i in held)
        assert choice.weight in (None, most)
        assert choice.weight_bound is not None
        assert most <= choice.weight_bound


def test_what_blocks_a_level_isolates_with_everything_built(outcome: Outcome) -> None:
    assert outcome.options is not None
    network = outcome.network
    spans = network.spans.set_index("span_id")
    site_of = {row: str(i) for row, i in enumerate(network.sites["site_id"])}
    blocked = [point for point in outcome.options.cuts if point.choice.status == "infeasible"]
    assert blocked
    for point in blocked:
        blocking = point.choice.blocking
        assert blocking is not None
        assert 0 < blocking.num_cuts <= point.cuts
        left = spans.drop(index=list(blocking.spans))
        graph = nx.Graph([(site_of[a], site_of[b]) for a, b in zip(left["a"], left["b"], strict=True)])
        graph.add_nodes_from(SITES)
        main = max(nx.connected_components(graph), key=lambda sites: sum(SITES[i][1] for i in sites))
        assert blocking.isolated == tuple(sorted(set(SITES) - main))
        if point.choice.objective:
            assert point.choice.weight == sum(w for i, (_, w) in SITES.items() if i not in point.choice.unheld)


def test_the_report_says_what_blocks_a_level(outcome: Outcome, tmp_path: Path) -> None:
    assert outcome.options is not None
    write_report(outcome, tmp_path)
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    last = outcome.options.cuts[-1]
    assert last.choice.blocking is not None
    share = round(100 * (last.choice.weight_bound or 0) / 11)
    assert f"After any four cuts no plan holds everybody, and none holds more than {last.choice.weight_bound:g}" in text
    assert f"{share}% of weight" in text
    assert "There four cuts or fewer can sever every span at" in text
    assert f"With every candidate built, {['no', 'one', 'two', 'three', 'four'][last.choice.blocking.num_cuts]}" in text


def test_levels_are_both_reached_and_not(outcome: Outcome) -> None:
    assert outcome.options is not None
    assert {point.choice.status for point in outcome.options.cuts} == {"optimal", "infeasible"}


@pytest.mark.parametrize("budget", [0, 250, 400, 1000])
def test_each_budget_is_a_solve_of_its_own(outcome: Outcome, tmp_path: Path, budget: int) -> None:
    assert outcome.options is not None
    alone = solve(tmp_path, objective=f"budget = {budget}")
    choice = next(point.choice for point in outcome.options.budgets if point.budget == budget)
    assert_same(choice, alone.plan, ("cost", "routes"))
    assert alone.plan is not None
    assert alone.plan.protection is not None
    assert (choice.weight, choice.weight_bound) == (alone.plan.protection.weight, alone.plan.protection.bound)


@pytest.mark.parametrize(
    ("factor", "name", "value", "figures"),
    [
        ("radius", "", 20, {"radius": 20}),
        ("radius", "", 5000, {"radius": 5000}),
        ("price", "rail", 0.75, {"rail": 7.5}),
        ("price", "rail", 1.25, {"rail": 12.5}),
        ("price", "road", 0.75, {"road": 10.5}),
        ("price", "road", 1.25, {"road": 17.5}),
        ("level", "", -1, {"cuts": 0}),
        ("level", "", 1, {"cuts": 2}),
    ],
)
def test_each_swing_is_a_solve_of_its_own(
    outcome: Outcome, tmp_path: Path, factor: str, name: str, value: float, figures: dict[str, Any]
) -> None:
    assert outcome.options is not None
    (swing,) = [s for s in outcome.options.swings if (s.factor, s.name, s.value) == (factor, name, value)]
    alone = solve(tmp_path, **figures)
    assert swing.choice.status == alone.status
    assert_same(swing.choice, alone.plan, ("routes", "cost"))


def test_variants_and_the_routes_of_every_plan(outcome: Outcome) -> None:
    found = outcome.options
    assert found is not None
    nothing, build, lease = found.variants
    assert (nothing.key, nothing.present_cost, nothing.held_weight) == ("nothing", 0, 5)  # A alone is held
    assert outcome.plan is not None
    assert (build.key, build.capex, build.held_weight) == ("build", outcome.plan.objective["cost"], 11)
    assert (lease.key, lease.capex) == ("lease", 0)
    annuity = sum(1.05**-year for year in range(1, 21))
    lengths = dict(zip(outcome.network.routes["route_id"], outcome.network.routes["length_km"], strict=True))
    assert set(lease.choice.routes) <= {"AC", "BD", "AB2"}
    assert lease.per_year == pytest.approx(sum(lengths[i] for i in lease.choice.routes))
    assert lease.present_cost == pytest.approx(lease.choice.objective["cost"])
    assert lease.present_cost == pytest.approx(lease.per_year * annuity)
    plans = [found.base, lease.choice, *(p.choice for p in found.cuts if p.cuts >= 1)]
    plans += [s.choice for s in found.swings if s.value > 0]
    sets = [set(choice.routes) for choice in plans if choice.status in ("optimal", "feasible")]
    assert found.num_plans == len(sets)
    assert set(found.no_regret) == set.intersection(*sets)
    assert dict(found.counts) == {i: sum(i in one for one in sets) for i in set.union(*sets)}


def test_what_each_variant_spares_and_what_that_is_worth(tmp_path: Path) -> None:
    choices = "[options]\ncuts = []\nbudgets = 0\nlease_per_km = { rail = 1 }\n"
    outcome = solve(tmp_path, f"{choices}[failures]\n[invest]\nperson_hour_value = 2\n")
    assert outcome.options is not None
    assert outcome.investment is not None
    risk = outcome.investment.risk
    assert risk is not None
    assert risk.after is not None
    nothing, build, lease = outcome.options.variants
    assert (nothing.person_hours, nothing.present_benefit) == (risk.before.person_hours, 0)
    assert build.person_hours == risk.after.person_hours
    assert lease.person_hours is not None
    annuity = sum(1.05**-year for year in range(1, 21))
    for one in (build, lease):
        assert one.person_hours is not None
        assert one.person_hours < risk.before.person_hours
        spared = risk.before.person_hours - one.person_hours
        assert one.present_benefit == pytest.approx(2 * spared * annuity)
    document = to_plan_document(outcome)["options"]["variants"]
    assert [one["person_hours"] for one in document] == [nothing.person_hours, build.person_hours, lease.person_hours]
    write_report(outcome, tmp_path)
    assert "What each choice is worth" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_a_study_without_a_plan_claims_no_more_than_it_holds(tmp_path: Path) -> None:
    outcome = solve(tmp_path, "[options]\nradii = [50]\n", cuts=2, radius=5000)
    assert outcome.status == "infeasible"
    assert outcome.options is not None
    nothing, build = outcome.options.variants
    assert outcome.protect_most is not None
    held = [i for i, level in outcome.protect_most.required_cuts.items() if level >= 2]
    weight = sum(SITES[i][1] for i in held)
    assert (build.choice.status, build.held_weight, build.choice.weight) == ("infeasible", weight, weight)
    assert weight < sum(one for _, one in SITES.values())
    assert nothing.held_weight is not None
    assert nothing.held_weight <= weight
    found = outcome.options
    above = [*(p.choice for p in found.cuts if p.cuts >= 2), *(s.choice for s in found.swings if s.value > 0)]
    assert found.num_plans == sum(choice.status == "optimal" for choice in above) > 0  # those of other radii


def test_a_plan_for_a_budget_is_not_one_that_holds_everybody(tmp_path: Path) -> None:
    outcome = solve(tmp_path, "[options]\ncuts = [1]\nbudgets = []\n", objective="budget = 1")
    assert outcome.options is not None
    assert outcome.options.base.routes == ()
    assert outcome.options.base.weight == 5
    assert outcome.options.no_regret  # of the others, for this one would leave none


def test_points_without_time_say_so(tmp_path: Path) -> None:
    from planner.run.options import OptionSearch
    from planner.run.prepare import Stopwatch, prepare

    file = write(tmp_path, "[options]\n")
    prepared = prepare(file, Stopwatch(Progress()))
    plan = solve_problem(prepared.problem, ("routes", "cost"), Settings(), Progress())
    assert prepared.study.options is not None
    found = OptionSearch(prepared, plan, None, Settings(), Progress(), prepared.study.options, 0.0).find()
    choices = [p.choice for p in (*found.cuts, *found.budgets, *found.swings)]
    assert choices
    assert {choice.status for choice in choices} == {"not_tried"}
    assert found.num_plans == 1


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_report_shows_it(outcome: Outcome, tmp_path: Path, language: str) -> None:
    study = outcome.study.model_copy(update={"report": outcome.study.report.model_copy(update={"language": language})})
    write_report(replace(outcome, study=study), tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert {"en": "Other choices", "fr": "Autres choix"}[language] in page
    assert 'aria-labelledby="options-tornado-title' in page
    assert 'aria-labelledby="options-budgets-title' in page
    found = to_plan_document(outcome)["options"]
    assert [point["cuts"] for point in found["cuts"]] == [0, 1, 2, 3, 4]


def test_nothing_is_sought_unasked(tmp_path: Path) -> None:
    outcome = solve(tmp_path)
    assert outcome.options is None
    assert "options" not in to_plan_document(outcome)


@pytest.mark.parametrize("wrong", ["cuts = [5]", "budgets = [-1]", "budgets = 51", "cost_share = 1", "radii = [-1]"])
def test_what_cannot_be_is_refused(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(InputError, match="options"):
        planner.read_study(write(tmp_path, f"[options]\n{wrong}\n"))


@settings(max_examples=60, deadline=None)
@given(problems())
def test_nothing_is_held_above_the_ceiling(problem: Problem) -> None:
    levels = region_levels(problem)
    asked = with_levels(problem, np.where(levels >= 0, 3, levels))
    ceiling = find_ceiling(asked, 1, Settings(), Progress())
    held = find_highest_levels(asked, Settings(), Progress())
    assert ceiling is not None
    assert problem.region_weight[(held == 3) & (levels >= 0)].sum() <= ceiling.weight + 1e-9


@settings(max_examples=60, deadline=None)
@given(problems(max_spans=7))
def test_who_is_cut_off_has_no_span_left_after_some_cuts(problem: Problem) -> None:
    levels = region_levels(problem)
    asked = with_levels(problem, np.where(levels >= 0, 2, levels))
    graph = to_active_graph(asked, asked.buildable)
    ends = asked.span_ends[graph.spans]
    for region in np.flatnonzero(find_cut_off(asked)):
        rows = np.flatnonzero(asked.region_of == region)
        sites = np.concatenate([asked.terminals[row] for row in rows])
        near = set(np.flatnonzero(np.isin(ends, sites).any(axis=1)).tolist())
        cuts = [set(cut.tolist()) for cut in graph.cuts]
        assert any(near <= a | b for a in [*cuts, set[int]()] for b in [*cuts, set[int]()])
