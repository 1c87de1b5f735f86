"""What a survey of inaccurate data would change."""

from __future__ import annotations

from pathlib import Path

from network_cases import site, write_study
from test_vague import CLEARANCE_M, beside

from planner.export.document import to_plan_document
from planner.report.view import to_report
from planner.run import solve


def test_a_nearer_way_that_may_be_apart(tmp_path: Path) -> None:
    """E and the cheap C1 are drawn 120 m apart and accurate to 10 and 20 m; C2 is surely apart, and dearer."""
    study = write_study(
        tmp_path,
        [site("A", (0, 0)), site("B", (20, 0))],
        [beside("E", 0, accuracy_m=10)],
        candidates=[beside("C1", 120, cost=10, accuracy_m=20), beside("C2", 3000, cost=25)],
        cuts=f"radius_m = 50\nsite_clearance_m = {CLEARANCE_M}",
    )
    outcome = solve(study)
    survey, plan = outcome.survey, outcome.plan
    assert survey is not None
    assert plan is not None
    assert (plan.objective["cost"], survey.num_shared_pairs, survey.num_cannot_tell_pairs) == (25, 0, 1)
    assert [(pair.plan.routes, pair.plan.objective["cost"]) for pair in survey.pairs] == [(("C1",), 10)]
    document = to_plan_document(outcome)["accuracy"]
    assert document["pairs"][0]["span_ids"] == ["C1", "E"]
    section = next(part for part in to_report(outcome).sections if part.key == "survey")
    assert section.title == "What a survey would change"
