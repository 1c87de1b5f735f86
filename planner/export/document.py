"""The result for programs: plan.json and audit.json."""

from __future__ import annotations

import math
import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.export.aftermath import to_aftermaths
from planner.export.alternatives import to_alternatives
from planner.export.detours import to_detours
from planner.export.investment import to_investment
from planner.export.options import to_options
from planner.export.plain import to_json, to_plain
from planner.result.frames.cuts import to_cut_set
from planner.result.frames.view import to_view

if TYPE_CHECKING:
    from planner.result import (
        AuditOutcome,
        OtherPlan,
        Outcome,
        PlacedCutSet,
        ProofOfSurvival,
        RadiusAudit,
        RegionSurvival,
        SolvedPlan,
        Survival,
    )
    from planner.result.frames.view import MapView

SCHEMA_VERSION = 1
PLAN_FILE = "plan.json"
AUDIT_FILE = "audit.json"


def write_plan_json(outcome: Outcome, folder: str | Path) -> None:
    """Write ``plan.json``, the result for programs.

    Parameters
    ----------
    outcome
        What `planner solve` found out, whatever its status.
    folder
        An existing folder.

    Examples
    --------
    >>> planner.write_plan_json(planner.solve("towns"), "run")
    """
    folder = Path(folder)
    _write(to_plan_document(outcome, folder), folder / PLAN_FILE)


def write_audit_json(outcome: AuditOutcome, folder: str | Path) -> None:
    """Write ``audit.json``, the result of an audit for programs.

    Parameters
    ----------
    outcome
        What `planner audit` found out.
    folder
        An existing folder.

    Examples
    --------
    >>> planner.write_audit_json(planner.audit("towns"), "run")
    """
    folder = Path(folder)
    _write(to_audit_document(outcome, folder), folder / AUDIT_FILE)


def to_plan_document(outcome: Outcome, folder: Path | None = None) -> dict[str, Any]:
    """The outcome of a solve as plain data, as ``schemas/plan.schema.json`` describes it.

    Parameters
    ----------
    outcome
        What the solve came to.
    folder
        Run folder; the study's file is named relative to it. Without a folder it is not named.
    """
    view = to_view(outcome)
    plan = outcome.plan
    return {
        "schema_version": SCHEMA_VERSION,
        "study": to_plain(outcome.study.study.name),
        "study_file": _to_relative(outcome.study.path, folder),
        "status": outcome.status,
        "cuts": outcome.cuts,
        "selected": _to_selected(plan),
        "required": [to_plain(view.route_ids[row]) for row in outcome.network.required],
        "forbidden": [to_plain(view.route_ids[row]) for row in outcome.network.forbidden],
        "objective": _to_objective(plan) if plan else None,
        "bound": _to_bound(plan) if plan else {},
        "gap": to_plain(plan.gap) if plan else None,
        "verified": _to_verified(plan.proof) if plan else None,
        "regions": _to_regions(view),
        "worst_attack": {"before": _to_attack(view, view.before), "after": _to_attack(view, view.after)},
        "infeasible": _to_blocking(view, outcome.blocking),
        "protect_most": _to_protect_most(outcome.protect_most),
        "budget": _to_budget(plan),
        "solver": {
            "name": outcome.solver.name,
            "version": outcome.solver.version,
            "seconds": to_plain(outcome.solver.seconds),
            "rounds": outcome.solver.rounds,
            "rows": outcome.solver.rows,
        },
        "cross_check": _to_cross_check(outcome.built),
        "accuracy": _to_accuracy(outcome),
        "alternatives": to_alternatives(outcome, view),
        "detours": to_detours(view, outcome),
        "corridors": None if outcome.corridors is None else asdict(outcome.corridors),
        "other_mode": None if outcome.other_mode is None else to_plain(asdict(outcome.other_mode)),
        "trenches": [to_plain(asdict(trench)) for trench in outcome.trenches],
        **to_investment(outcome),
        **to_options(outcome),
        **to_aftermaths(outcome),
        **_to_record(outcome),
    }


def to_audit_document(outcome: AuditOutcome, folder: Path | None = None) -> dict[str, Any]:
    """The outcome of an audit as plain data, as ``schemas/audit.schema.json`` describes it.

    Parameters
    ----------
    outcome
        What the audit came to.
    folder
        Run folder; the study's file is named relative to it. Without a folder it is not named.
    """
    view = to_view(outcome)
    survival = outcome.survival
    found = _by_region(survival)
    regions = {
        head["region_id"]: head
        | {
            "survives": found[head["region_id"]].survives,
            "searched": found[head["region_id"]].searched,
            "witness": _to_witness(view, found[head["region_id"]]),
        }
        for head in _to_region_heads(view)
    }
    return {
        "schema_version": SCHEMA_VERSION,
        "study": to_plain(outcome.study.study.name),
        "study_file": _to_relative(outcome.study.path, folder),
        "cuts": outcome.cuts,
        "regions": regions,
        "cut_sets": [to_cut_set(view, cut_set) for cut_set in survival.cut_sets],
        "num_cut_sets": {str(size): num for size, num in sorted(survival.num_cut_sets.items())},
        "worst_attack": _to_attack(view, survival),
        "critical_stretches": _to_stretch_counts(outcome),
        "radii": [_to_radius(audit) for audit in outcome.radii],
        **_to_record(outcome),
    }


def _to_attack(view: MapView, survival: Survival | None) -> dict[str, Any] | None:
    """The cuts that isolate most, and how sure that is."""
    attack = survival.worst_attack if survival else None
    if attack is None:
        return None
    return {
        "cuts": attack.cuts,
        "cut_set": to_cut_set(view, attack.cut_set),
        "bound": to_plain(attack.bound),
        "is_proved": attack.is_proved,
    }


def _to_accuracy(outcome: Outcome) -> dict[str, Any] | None:
    """What inaccurate data leave open, and the plans that a survey could lead to."""
    survey = outcome.survey
    if survey is None:
        return None
    span_ids = outcome.network.spans["span_id"].tolist()
    return {
        "num_shared_pairs": survey.num_shared_pairs,
        "num_cannot_tell_pairs": survey.num_cannot_tell_pairs,
        "all_apart": _to_other(survey.all_apart) if survey.all_apart else None,
        "pairs": [
            {
                "span_ids": [to_plain(span_ids[span]) for span in pair.spans],
                "distance_m": round(pair.distance_m, 3),
                "accuracy_m": to_plain(pair.accuracy_m),
                "plan": _to_other(pair.plan),
            }
            for pair in survey.pairs
        ],
        "num_tried": survey.num_tried,
        "note": survey.note or None,
    }


def _to_other(plan: OtherPlan) -> dict[str, Any]:
    objective = to_plain(dict(plan.objective)) if plan.objective else None
    return {"status": plan.status, "selected": to_plain(plan.routes), "objective": objective}


def _to_stretch_counts(outcome: AuditOutcome) -> dict[str, Any]:
    """How much of the network is critical; the stretches themselves are in their own file."""
    found = outcome.critical_stretches
    return {
        "num_listed": len(found),
        "length_m": {
            str(cuts): round(sum(stretch.length_m for stretch in found if stretch.num_cuts == cuts), 3)
            for cuts in (1, 2)
        },
        "left_out": outcome.stretches_note or None,
    }


def _to_radius(audit: RadiusAudit) -> dict[str, Any]:
    return {
        "radius_m": audit.radius_m,
        "num_risk_groups": audit.num_groups,
        "num_shared_groups": audit.num_shared_groups,
        "largest_group": audit.largest_group,
        "num_cut_sets": {str(size): num for size, num in sorted(audit.num_cut_sets.items())},
        "num_regions_surviving": {str(cuts): num for cuts, num in sorted(audit.num_surviving.items())},
        "worst_single_cut_weight": float(audit.worst_weight),
    }


def _write(document: dict[str, Any], path: Path) -> None:
    path.write_text(to_json(document, indent=1) + "\n", encoding="utf-8", newline="\n")


def _to_relative(path: Path, folder: Path | None) -> str | None:
    if folder is None:
        return None
    try:
        return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:  # on another drive
        return None


def _to_selected(plan: SolvedPlan | None) -> list[str]:
    return sorted(to_plain(new.route_id) for new in plan.routes) if plan else []


def _to_objective(plan: SolvedPlan) -> dict[str, Any]:
    return {
        "routes": int(plan.objective["routes"]),
        "cost": to_plain(plan.objective["cost"]),
        "length_km": to_plain(plan.objective["length_km"]),
    }


def _to_bound(plan: SolvedPlan) -> dict[str, Any]:
    """Under the names of the totals, whatever the objective is called in the study."""
    return {"length_km" if name == "length" else name: _to_whole(bound) for name, bound in plan.bound.items()}


def _to_whole(number: float) -> Any:
    """As an integer where it is one: a bound on routes reads like a number of routes."""
    return int(number) if math.isfinite(number) and number == int(number) else to_plain(number)


def _to_verified(proof: ProofOfSurvival) -> dict[str, Any]:
    return {
        "method": proof.method,
        "survives": proof.survives,
        "cut_sets_covered": int(proof.cut_sets_covered),
    }


def _to_budget(plan: SolvedPlan | None) -> dict[str, Any] | None:
    """What is held for the money; None without a budget."""
    protection = plan.protection if plan else None
    if plan is None or protection is None:
        return None
    return {
        "budget": to_plain(protection.budget),
        "protected_weight": to_plain(protection.weight),
        "protected_weight_bound": to_plain(protection.bound),
        "required_cuts": _to_levels(plan),
    }


def _to_levels(plan: SolvedPlan) -> dict[str, int]:
    return {to_plain(region): int(level) for region, level in sorted(plan.required_cuts.items())}


def _to_cross_check(plan: SolvedPlan | None) -> dict[str, Any] | None:
    """What another solver found; None where none was asked."""
    check = plan.cross_check if plan else None
    if check is None:
        return None
    return {
        "solver": check.solver,
        "version": check.version,
        "objective": {key: None if value is None else _to_whole(value) for key, value in check.objective.items()},
        "bound": {key: None if value is None else _to_whole(value) for key, value in check.bound.items()},
        "agrees": check.agrees,
        "seconds": to_plain(check.seconds),
    }


def _to_protect_most(plan: SolvedPlan | None) -> dict[str, Any] | None:
    if plan is None:
        return None
    return {
        "status": plan.status,
        "selected": _to_selected(plan),
        "objective": _to_objective(plan),
        "bound": _to_bound(plan),
        "gap": to_plain(plan.gap),
        "verified": _to_verified(plan.proof),
        "required_cuts": _to_levels(plan),
    }


def _to_region_heads(view: MapView) -> list[dict[str, Any]]:
    """Per region, sorted by id, what the study says of it."""
    regions = view.network.regions
    heads = [
        {
            "region_id": to_plain(region_id),
            "name": to_plain(name),
            "weight": to_plain(float(weight)),
            "required_cuts": int(level),
        }
        for region_id, name, weight, level in zip(
            regions["region_id"], regions["name"], regions["weight"], regions["required_cuts"], strict=True
        )
    ]
    return sorted(heads, key=lambda head: str(head["region_id"]))


def _to_regions(view: MapView) -> dict[str, dict[str, Any]]:
    before, after = _by_region(view.before), _by_region(view.after)
    regions = {}
    for head in _to_region_heads(view):
        then, now = before.get(head["region_id"]), after.get(head["region_id"])
        regions[head["region_id"]] = head | {
            "survives_before": then.survives if then else None,
            "survives_after": now.survives if now else None,
            "searched_before": then.searched if then else None,
            "searched_after": now.searched if now else None,
            "witness_before": _to_witness(view, then),
            "witness_after": _to_witness(view, now),
        }
    return regions


def _by_region(survival: Survival | None) -> dict[str, RegionSurvival]:
    return {to_plain(region.region_id): region for region in survival.regions} if survival else {}


def _to_witness(view: MapView, region: RegionSurvival | None) -> dict[str, Any] | None:
    return to_cut_set(view, region.witness) if region and region.witness else None


def _to_blocking(view: MapView, blocking: PlacedCutSet | None) -> dict[str, Any] | None:
    if blocking is None:
        return None
    return to_cut_set(view, blocking) | {"separated": to_plain(blocking.isolated_regions)}


def _to_record(outcome: Outcome | AuditOutcome) -> dict[str, Any]:
    return {
        "settings": outcome.study.model_dump(mode="json", exclude={"path"}),
        "inputs": to_plain(dict(sorted(outcome.inputs.items()))),
        "versions": to_plain(dict(sorted(outcome.versions.items()))),
        "seconds": to_plain(outcome.seconds),
        "peak_mb": to_plain(outcome.peak_mb),
    }
