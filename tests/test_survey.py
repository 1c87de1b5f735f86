"""What a survey of inaccurate data would change."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from network_cases import Row, site, write_study
from openpyxl import load_workbook
from test_vague import CLEARANCE_M, beside

from planner.export.document import to_plan_document
from planner.optimise import stages
from planner.progress import Progress
from planner.report.view import to_report
from planner.report.workbook import write_workbook
from planner.run import planning, solve, solving, survey
from planner.run.prepare import Prepared, Stopwatch

if TYPE_CHECKING:
    from planner.optimise.plan import Plan
    from planner.result import Outcome
    from planner.study import Study

CHEAP, DEAR = beside("C1", 120, cost=10, accuracy_m=20), beside("C2", 3000, cost=25)
"""E and C1 are drawn 120 m apart and accurate to 10 and 20 m; C2 is surely apart, and dearer."""


def two_towns(folder: Path, candidates: list[Row], **settings: str) -> Study:
    """``A --- B`` over E, which exists, and ways beside it.

    A ---- E ---- B
      '--- C ---'
    """
    return write_study(
        folder,
        [site("A", (0, 0)), site("B", (20, 0))],
        [beside("E", 0, accuracy_m=10)],
        candidates=candidates,
        **{"cuts": f"radius_m = 50\nsite_clearance_m = {CLEARANCE_M}"} | settings,
    )


def said(outcome: Outcome) -> list[str]:
    """The sentences of the section."""
    section = next(part for part in to_report(outcome).sections if part.key == "survey")
    assert section.title == "What a survey would change"
    return [block for block in section.blocks if isinstance(block, str)]


def read_sheet(outcome: Outcome, folder: Path, name: str) -> list[tuple[object, ...]] | None:
    write_workbook(to_report(outcome), folder / "tables.xlsx")
    book = load_workbook(folder / "tables.xlsx")
    return list(book[name].iter_rows(values_only=True)) if name in book.sheetnames else None


def test_a_nearer_way_that_may_be_apart(tmp_path: Path) -> None:
    outcome = solve(two_towns(tmp_path, [CHEAP, DEAR]))
    found, plan = outcome.survey, outcome.plan
    assert found is not None
    assert plan is not None
    assert (plan.objective["cost"], found.num_shared_pairs, found.num_cannot_tell_pairs) == (25, 0, 1)
    assert [(pair.plan.routes, pair.plan.objective["cost"]) for pair in found.pairs] == [(("C1",), 10)]
    assert (found.num_tried, found.note) == (1, "")
    document = to_plan_document(outcome)["accuracy"]
    assert document["pairs"][0]["span_ids"] == ["C1", "E"]
    assert said(outcome) == [
        "For 1 pair of spans the data cannot tell whether one cut severs both."
        " The plan takes it for granted that one does.",
        "If the pair turned out to be apart, the plan would be 1 new route for EUR 10 (C1).",
    ]


def test_the_workbook_has_the_pairs(tmp_path: Path) -> None:
    rows = read_sheet(solve(two_towns(tmp_path, [CHEAP, DEAR])), tmp_path, "Survey")
    assert rows is not None
    heading, row = rows
    found = dict(zip(heading, row, strict=True))
    assert (found["Span"], found["Other span"]) == ("C1 (A \N{EN DASH} B)", "E (A \N{EN DASH} B)")
    assert found["Drawn apart (m)"] == pytest.approx(120)
    assert found["Accuracies added (m)"] == 30
    assert (found["New routes then"], found["Fewer routes"]) == (1, 0)
    assert (found["Cost then (EUR)"], found["Saves (EUR)"]) == (10, 15)
    assert (found["Built instead"], found["Not built"]) == ("C1", "C2")


def test_pairs_that_change_nothing(tmp_path: Path) -> None:
    """The way that may be near is the dearer one: nobody builds it either way."""
    dear = beside("C1", 120, cost=40, accuracy_m=20)
    outcome = solve(two_towns(tmp_path, [dear, DEAR]))
    found = outcome.survey
    assert found is not None
    assert found.all_apart is not None
    assert (found.all_apart.routes, found.pairs, found.num_tried, found.note) == (("C2",), (), 0, "")
    assert said(outcome)[1:] == [
        "Even if the pair turned out to be apart no better plan could be had: a survey would change nothing."
    ]
    assert read_sheet(outcome, tmp_path, "Survey") is None
    document = to_plan_document(outcome)["accuracy"]
    assert (document["pairs"], document["num_tried"], document["note"]) == ([], 0, None)


def test_no_pair_in_doubt(tmp_path: Path) -> None:
    """One way runs 30 m beside E, so they are shared even if both lie as wrong as they may; the other one is far."""
    outcome = solve(two_towns(tmp_path, [beside("C1", 30, cost=1, accuracy_m=20), DEAR]))
    assert said(outcome) == [
        "Inaccurate as the data are, they leave no pair of spans in doubt, and 1 pair falls to one cut wherever they"
        " truly lie. A survey would change nothing."
    ]


def test_declared_pairs_are_not_surveyed(tmp_path: Path) -> None:
    routes = [row | {"conduit_id": "D7"} for row in (beside("E", 0, accuracy_m=10), CHEAP)]
    study = write_study(
        tmp_path,
        [site("A", (0, 0)), site("B", (20, 0))],
        routes[:1],
        candidates=[routes[1], DEAR],
        cuts=f'radius_m = 50\nsite_clearance_m = {CLEARANCE_M}\ndeclared = ["conduit_id"]',
    )
    found = solve(study).survey
    assert found is not None
    assert (found.num_cannot_tell_pairs, found.all_apart) == (1, None)
    assert found.note == "Declared groups hold all of these pairs anyhow: a survey would change nothing."


def test_exact_data_need_no_survey(tmp_path: Path) -> None:
    study = write_study(
        tmp_path,
        [site("A", (0, 0)), site("B", (20, 0))],
        [beside("E", 0)],
        candidates=[DEAR],
        cuts=f"radius_m = 50\nsite_clearance_m = {CLEARANCE_M}",
    )
    outcome = solve(study)
    assert outcome.survey is None
    assert to_plan_document(outcome)["accuracy"] is None
    assert "survey" not in {part.key for part in to_report(outcome).sections}


CHAIN = [beside(f"C{i}", 120 * i, cost=10 * i, accuracy_m=20) for i in (1, 2, 3)]
"""C1, C2 and C3 at 120, 240 and 360 m: E and C1, C1 and C2, and C2 and C3 may share."""


def test_the_worst_pairs_are_tried_first_and_the_others_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = two_towns(tmp_path, CHAIN)
    whole = solve(study).survey
    assert whole is not None
    assert (whole.num_cannot_tell_pairs, whole.num_tried, whole.note) == (3, 3, "")
    monkeypatch.setattr(survey, "MAX_PAIRS", 1)
    found = solve(study).survey
    assert found is not None
    assert (found.num_tried, found.pairs) == (1, whole.pairs[:1])  # E and C1 come first
    assert found.note == "Of 3 pairs 1 was tried, those first that touch the plans found."


def test_no_time_for_pairs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All pairs apart is sought, and then the time is over."""
    study = two_towns(tmp_path, CHAIN)
    monkeypatch.setattr(survey, "MAX_SECONDS", 1000.0)
    sought = []

    def slow(*args: object) -> Plan:
        plan = stages.solve(*args)  # type: ignore[arg-type]
        sought.append(plan)
        monkeypatch.setattr(survey._Search, "left_s", -1.0)
        return plan

    monkeypatch.setattr(survey, "solve_problem", slow)
    found = solve(study).survey
    assert found is not None
    assert (len(sought), found.num_tried, found.pairs) == (1, 0, ())
    assert found.all_apart is not None
    assert found.note == "Of 3 pairs 0 were tried, those first that touch the plans found."


def limits_of_searches(study: Study, monkeypatch: pytest.MonkeyPatch) -> tuple[list[float], list[float], Outcome]:
    """Seconds that the main search and those of the survey may take."""
    main: list[float] = []
    more: list[float] = []

    def record(into: list[float]) -> None:
        def search(problem: object, minimise: object, settings: object, progress: Progress) -> Plan:
            into.append(progress.remaining_s)
            return stages.solve(problem, minimise, settings, progress)  # type: ignore[arg-type]

        monkeypatch.setattr(planning if into is main else survey, "solve_problem", search)

    record(main)
    record(more)
    return main, more, solve(study)


def spend(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Let reading a study take so long."""

    def read_slowly(study: Study, stopwatch: Stopwatch) -> Prepared:
        stopwatch._begin = time.perf_counter() - seconds
        return prepare(study, stopwatch)

    prepare = solving.prepare
    monkeypatch.setattr(solving, "prepare", read_slowly)


@pytest.mark.parametrize(
    ("time_limit_s", "spent_s", "main_s", "more_s"), [(600, 0, 600, 30), (600, 590, 10, 10), (50, 35, 15, 15)]
)
def test_the_time_limit_covers_everything(
    time_limit_s: float, spent_s: float, main_s: float, more_s: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = two_towns(tmp_path, [CHEAP, DEAR], solver=f"time_limit_s = {time_limit_s}")
    spend(monkeypatch, spent_s)
    main, more, outcome = limits_of_searches(study, monkeypatch)
    assert len(main) == 1
    assert len(more) == 2  # all pairs apart, and the only one
    assert main_s / 3 < main[0] <= main_s
    assert all(more_s / 3 < left_s <= more_s for left_s in more)
    assert outcome.survey is not None
    assert outcome.survey.note == ""


def test_nothing_left_for_the_survey(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spend(monkeypatch, 700)
    _, more, outcome = limits_of_searches(two_towns(tmp_path, [CHEAP, DEAR]), monkeypatch)
    assert more == []
    found = outcome.survey
    assert outcome.plan is not None  # both candidates survive; nobody looked for fewer
    assert outcome.status == "feasible"
    assert found is not None
    assert (found.num_cannot_tell_pairs, found.all_apart, found.num_tried) == (1, None, 0)
    why = "It was not sought what a survey would change, since the time limit of the study was used up."
    assert found.note == why
    assert said(outcome)[-1] == why
    assert to_plan_document(outcome)["accuracy"]["note"] == why


def test_an_interrupted_run_has_no_survey(tmp_path: Path) -> None:
    progress = Progress()
    progress.interrupt()
    found = solve(two_towns(tmp_path, [CHEAP, DEAR]), progress=progress).survey
    assert found is not None
    assert found.note == "It was not sought what a survey would change, since the run was interrupted."


def test_no_choice_of_candidates_suffices(tmp_path: Path) -> None:
    """Only C1: it may share the trench, so there is no plan; one survey would make one."""
    outcome = solve(two_towns(tmp_path, [CHEAP]))
    assert outcome.status == "infeasible"
    assert outcome.survey is not None
    assert [pair.plan.routes for pair in outcome.survey.pairs] == [("C1",)]
    rows = read_sheet(outcome, tmp_path, "Survey")
    assert rows is not None
    assert dict(zip(*rows, strict=True))["Fewer routes"] is None
