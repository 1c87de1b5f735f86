"""plan.json and audit.json keep to the contract."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from export_cases import move_study, nasty_outcome, outcome_apart_from_the_start
from sample import sample_audit, sample_infeasible_outcome, sample_outcome

from planner.export import to_audit_document, to_plan_document, write_audit_json, write_plan_json
from planner.result import Outcome

PLAN_KEYS = [
    "schema_version",
    "study",
    "study_file",
    "status",
    "cuts",
    "selected",
    "required",
    "forbidden",
    "objective",
    "bound",
    "gap",
    "verified",
    "regions",
    "worst_attack",
    "infeasible",
    "protect_most",
    "budget",
    "solver",
    "cross_check",
    "accuracy",
    "alternatives",
    "detours",
    "corridors",
    "other_mode",
    "trenches",
    "settings",
    "inputs",
    "versions",
    "seconds",
    "peak_mb",
]


def read_schema(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((files("planner.export") / "schemas" / name).read_text("utf-8"))
    return schema


def no_plan_outcome() -> Outcome:
    return replace(sample_outcome(), status="no_plan", plan=None)


@pytest.mark.parametrize("name", ["plan.schema.json", "audit.schema.json"])
def test_schemas_are_schemas(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(read_schema(name))


@pytest.mark.parametrize(
    "outcome",
    [
        sample_outcome(),
        sample_infeasible_outcome(),
        sample_infeasible_outcome(with_protect_most=False),
        no_plan_outcome(),
        nasty_outcome(),
        outcome_apart_from_the_start(),
    ],
    ids=["optimal", "protect most", "infeasible", "no plan", "nasty", "apart"],
)
def test_plan_documents_are_valid_and_complete(outcome: Outcome, tmp_path: Path) -> None:
    write_plan_json(outcome, tmp_path)
    text = (tmp_path / "plan.json").read_text(encoding="utf-8")
    document = json.loads(text)
    schema = read_schema("plan.schema.json")
    jsonschema.validate(document, schema, jsonschema.Draft202012Validator)
    assert list(document) == PLAN_KEYS
    # "investment" is there only where the study asks for it
    assert (
        set(document) == set(schema["properties"]) - {"investment", "options", "aftermaths"} == set(schema["required"])
    )
    assert document == to_plan_document(outcome, tmp_path)
    assert "NaN" not in text
    write_plan_json(outcome, tmp_path)
    assert (tmp_path / "plan.json").read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("status", "fine"),
        ("verified", None),
        ("selected", [1]),
        ("gap", -0.1),
        ("inputs", {"study.toml": "abc"}),
        ("cuts", 1.5),
        ("infeasible", {"cuts": []}),
    ],
)
def test_schema_refuses_what_is_wrong(key: str, value: object) -> None:
    document = to_plan_document(sample_outcome()) | {key: value}
    errors = jsonschema.Draft202012Validator(read_schema("plan.schema.json")).iter_errors(document)
    assert key in {error.absolute_path[0] for error in errors if error.absolute_path}


def test_a_plan() -> None:
    document = to_plan_document(sample_outcome())
    assert (document["study"], document["study_file"]) == ("Six cities, any one cut", None)
    assert (document["status"], document["cuts"]) == ("optimal", 1)
    assert document["selected"] == ["C-BOR-MRS", "C-LIL-STR"]
    assert document["objective"]["routes"] == 2
    assert set(document["bound"]) == {"routes", "cost"}
    assert document["verified"] == {
        "method": "bounded search tree",
        "survives": True,
        "cut_sets_covered": 8,
    }
    assert list(document["regions"]) == ["11", "32", "44", "75", "84", "93"]
    lille = document["regions"]["32"]
    assert (lille["required_cuts"], lille["survives_before"], lille["survives_after"]) == (1, 0, 1)
    (cut,) = lille["witness_before"]["cuts"]
    assert (cut["lon"], cut["lat"], cut["span_ids"], cut["route_ids"]) == (2.85, 49.9, ["E-LIL"], ["E-LIL"])
    assert lille["witness_before"]["isolated_site_ids"] == ["LIL"]
    assert len(lille["witness_after"]["cuts"]) == 2


def test_no_plan_says_so_everywhere() -> None:
    for outcome in (no_plan_outcome(), sample_infeasible_outcome()):
        document = to_plan_document(outcome)
        told = [document[key] for key in ("selected", "objective", "bound", "gap", "verified")]
        assert told == [[], None, {}, None, None]


def test_infeasible_names_the_blocking_cuts_and_what_could_be_held() -> None:
    document = to_plan_document(sample_infeasible_outcome())
    blocking = document["infeasible"]
    assert len(blocking["cuts"]) == 2
    assert blocking["separated"] == blocking["isolated_regions"] != []
    most = document["protect_most"]
    assert most["selected"] == ["C-BOR-MRS", "C-LIL-STR", "C-LYO-STR"]
    assert most["required_cuts"] == {"11": 2, "32": 1, "44": 2, "75": 1, "84": 2, "93": 1}
    assert document["regions"]["75"]["required_cuts"] == 2
    assert document["regions"]["75"]["survives_after"] == 1


def test_numbers_that_json_does_not_know_are_null() -> None:
    outcome = sample_outcome()
    assert outcome.plan is not None
    plan = replace(outcome.plan, status="feasible", bound={"routes": float("-inf"), "length": 2.5}, gap=1.0)
    document = to_plan_document(replace(outcome, status="feasible", plan=plan))
    assert document["bound"] == {"routes": None, "length_km": 2.5}


def test_the_study_is_named_relative_to_the_run_folder(tmp_path: Path) -> None:
    outcome = move_study(sample_outcome(), tmp_path / "studies" / "France" / "study.toml")
    document = to_plan_document(outcome, tmp_path / "reports" / "France")
    assert document["study_file"] == "../../studies/France/study.toml"


def test_audit_documents(tmp_path: Path) -> None:
    write_audit_json(sample_audit(), tmp_path)
    document = json.loads((tmp_path / "audit.json").read_text(encoding="utf-8"))
    jsonschema.validate(document, read_schema("audit.schema.json"), jsonschema.Draft202012Validator)
    assert document == to_audit_document(sample_audit(), tmp_path)
    assert document["regions"]["32"]["survives"] == 0
    assert document["regions"]["11"] | {"name": ""} == {
        "region_id": "11",
        "name": "",
        "weight": 12_300_000.0,
        "required_cuts": 1,
        "survives": 2,
        "searched": 2,
        "witness": None,
    }
    weights = [cut_set["isolated_weight"] for cut_set in document["cut_sets"]]
    assert weights == sorted(weights, reverse=True)
    assert document["num_cut_sets"] == {"0": 0, "1": 5, "2": 0}
