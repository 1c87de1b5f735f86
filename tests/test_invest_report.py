"""Money, risk and phases in the report, the workbook and plan.json, from the sample study."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import openpyxl
import pytest
from sample import PRICE_PER_KM, sample_infeasible_outcome, sample_outcome
from test_export_document import read_schema

from planner.export import to_plan_document, write_plan_json
from planner.invest.case import find_investment
from planner.invest.money import find_money
from planner.optimise.master import Settings
from planner.problem import to_problem
from planner.progress import Progress
from planner.report import write_report
from planner.result import Outcome
from planner.study import Study

HOSTILE = '=HYPERLINK("http://x","y")<script>alert(1)</script>'
INVEST: dict[str, Any] = {
    "budgets": (80e6, 50e6),
    "opex_share": {"rail": 0.02, HOSTILE: 0.5, f"{HOSTILE}/{HOSTILE}": 0.03},
    "lease_per_km": {"road": 400.0},
    "price_range_per_km": {"rail": [50000, 90000]},
    "sources": {"opex_share": HOSTILE},
}


def to_outcome(outcome: Outcome, invest: dict[str, Any] | None, failures: dict[str, Any] | None) -> Outcome:
    given = outcome.study.model_dump(exclude={"invest", "failures"})
    given["cuts"]["declared"] = ()
    given["costs"]["per_km"] = PRICE_PER_KM | {HOSTILE: 80000.0}
    for name, table in (("invest", invest), ("failures", failures)):
        given |= {name: table} if table is not None else {}
    study = Study.model_validate(given)
    problem = to_problem(outcome.network, outcome.risk_groups)
    routes = [new.route for new in outcome.built.routes] if outcome.built else None
    found = find_investment(study, outcome.network, problem, routes, Settings(), Progress())
    return replace(outcome, study=study, investment=found)


@cache
def hostile_outcome() -> Outcome:
    """The sample with every table, one of its new routes of a kind that tries to be a formula and a script."""
    outcome = sample_outcome()
    network, road = outcome.network, outcome.network.routes["route_id"] == "C-LIL-STR"
    kinds = network.routes["kind"].where(~road, HOSTILE)
    cost = network.routes["cost"].where(~road, network.routes["length_km"] * 80000.0)
    routes = network.routes.assign(kind=kinds, cost=cost, terrain=HOSTILE)
    return to_outcome(replace(outcome, network=replace(network, routes=routes)), INVEST, {"simulated_years": 300})


def test_old_studies_have_nothing_of_it(tmp_path: Path) -> None:
    outcome = to_outcome(sample_outcome(), None, None)
    assert outcome.investment is None
    assert "investment" not in to_plan_document(outcome)
    write_report(outcome, tmp_path)
    assert 'id="finance"' not in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Finance" not in openpyxl.load_workbook(tmp_path / "tables.xlsx").sheetnames


def test_document_is_valid(tmp_path: Path) -> None:
    write_plan_json(hostile_outcome(), tmp_path)
    document = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    schema = read_schema("plan.schema.json")
    jsonschema.validate(document, schema, jsonschema.Draft202012Validator)
    found = document["investment"]
    assert found["figures"]["opex_share"]["source"] == HOSTILE
    assert "Bellcore" in found["failures"]["default_cuts_per_1000_km"]["source"]
    assert [year["year"] for year in found["phases"]["years"]] == list(range(len(found["phases"]["years"])))
    del found["risk"]["before"]["order"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, schema, jsonschema.Draft202012Validator)


@pytest.mark.parametrize(
    ("outcome", "keys"),
    [
        (to_outcome(sample_outcome(), {}, None), ["finance"]),
        (to_outcome(sample_outcome(), None, {"simulated_years": 0, "attack_model": "random"}), ["risk"]),
        (to_outcome(sample_outcome(), {"budgets": 1.0}, None), ["finance", "phases"]),
        (
            to_outcome(sample_infeasible_outcome(), {"budgets": 1e9}, {"attacks_per_year": 0.0}),
            ["risk", "finance", "phases"],
        ),
        (to_outcome(sample_infeasible_outcome(with_protect_most=False), {"budgets": 1e9}, {}), ["risk"]),
    ],
    ids=["money", "risk", "unpaid", "protect most", "no plan"],
)
def test_only_what_is_asked_is_said(outcome: Outcome, keys: list[str], tmp_path: Path) -> None:
    write_report(outcome, tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert ("asks for no simulation" in page) == (
        bool(outcome.study.failures) and not outcome.study.failures.simulated_years
    )
    assert [key for key in ("risk", "finance", "phases") if f'<section id="{key}"' in page] == keys
    jsonschema.validate(
        json.loads(json.dumps(to_plan_document(outcome))),
        read_schema("plan.schema.json"),
        jsonschema.Draft202012Validator,
    )


def test_page_runs_nothing_from_the_data(tmp_path: Path) -> None:
    write_report(hostile_outcome(), tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert "<script" not in (tmp_path / "report.md").read_text(encoding="utf-8")


def test_page_says_how_weak_the_figures_are(tmp_path: Path) -> None:
    write_report(hostile_outcome(), tmp_path)
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    for said in ("Bellcore", "10.1016/j.elerap", "not forecasts", "The rest is neglected", "A simulation of 300 years"):
        assert said in text


class Cells:
    """Works formulas out: those of cell places, numbers, + - * / ^, SUM, IF and MAX."""

    def __init__(self, path: Path, changes: dict[tuple[str, str], float]) -> None:
        self.book, self.changes = openpyxl.load_workbook(path), changes

    def value(self, sheet: str, place: str) -> float:
        place = place.replace("$", "")
        if (sheet, place) in self.changes:
            return self.changes[sheet, place]
        raw = self.book[sheet][place].value
        return self.work_out(raw[1:], sheet) if isinstance(raw, str) else float(raw or 0)

    def work_out(self, formula: str, sheet: str) -> float:
        assert not re.search(r"[\"<>&]|HYPERLINK", formula.replace("<=", ""))
        pattern = r"(?:'([^']+)'|(\w+))!(\$?[A-Z]\$?\d+)(?::([A-Z]\d+))?|(\$?[A-Z]\$?\d+)(?::([A-Z]\d+))?"

        def look_up(found: re.Match[str]) -> str:
            where = found[1] or found[2] or sheet
            first, last = found[3] or found[5], found[4] or found[6]
            if not last:
                return f"N({self.value(where, first)!r})"
            rows = range(int(first[1:]), int(last[1:]) + 1)
            return repr([self.value(where, f"{first[0]}{row}") for row in rows])

        text = re.sub(pattern, look_up, formula).replace("^", "**")
        text = re.sub(r"(?<![<>=])=(?!=)", "==", text.replace("<=", "\0")).replace("\0", "<=")
        names = {"SUM": sum, "IF": lambda test, one, other: one if test else other, "MAX": max, "N": np.float64}
        with np.errstate(all="ignore"):  # the branch not taken may divide by nothing
            return float(eval(text, {"__builtins__": {}}, names))


def test_workbook_works_out_what_the_report_says(tmp_path: Path) -> None:
    outcome = hostile_outcome()
    write_report(outcome, tmp_path)
    kept = openpyxl.load_workbook(tmp_path / "tables.xlsx", data_only=True)
    cells = Cells(tmp_path / "tables.xlsx", {})
    num_formulas = 0
    for sheet in cells.book:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
            num_formulas += 1
            found = cells.value(sheet.title, cell.coordinate)
            assert found == pytest.approx(kept[sheet.title][cell.coordinate].value, rel=1e-9), cell.coordinate
    assert num_formulas > 50
    texts = [cell for row in cells.book["Finance"].iter_rows() for cell in row if cell.value == HOSTILE]
    assert texts
    assert all(cell.data_type == "s" for cell in texts)


@pytest.mark.parametrize("rate", [0.0, 0.11])
def test_price_changed_in_the_workbook_changes_the_case(rate: float, tmp_path: Path) -> None:
    """Another discount rate and dearer rail: the sheets come to what the program would."""
    outcome = hostile_outcome()
    write_report(outcome, tmp_path)
    assert outcome.investment is not None
    money, figures = outcome.investment.money, outcome.study.invest
    assert money is not None
    assert figures is not None
    book = openpyxl.load_workbook(tmp_path / "tables.xlsx")
    labels = {str(row[0].value): row[1].coordinate for row in book["Prices"].iter_rows(min_row=2)}
    cells = Cells(tmp_path / "tables.xlsx", {("Prices", "B2"): rate, ("Prices", labels["rail: price per km"]): 75000.0})
    routes = outcome.network.routes
    is_rail = routes["kind"] == "rail"
    dearer = routes.assign(cost=routes["cost"].where(~is_rail, routes["length_km"] * 75000.0))
    costs = outcome.study.costs.model_copy(update={"per_km": {**outcome.study.costs.per_km, "rail": 75000.0}})
    expected = find_money(
        replace(outcome.network, routes=dearer),
        [row.route for row in money.routes],
        figures.model_copy(update={"discount_rate": rate}),
        costs,
        year_of={row.route: row.year for row in money.routes if row.year is not None},
        saved_hours=money.saved_hours,
        protected_weight=None,
    )
    net = next(row[9].coordinate for row in book["Finance"].iter_rows() if row[0].value == "Net")
    assert expected.net_present_value is not None
    assert cells.value("Finance", net) == pytest.approx(expected.net_present_value.middle, rel=1e-9)
