"""How the plan is proved, and how to run it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.report.budgets import to_budget_optimality, to_weight_sentence
from planner.report.crosschecks import to_cross_check_facts, to_cross_check_sentence
from planner.report.decision import (
    to_blocking_sentence,
    to_bound,
    to_objective_value,
    to_optimality,
    to_verification,
)
from planner.report.model import Column, Facts, Section, Table
from planner.report.words import to_count, to_cuts, to_percent, to_seconds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.report.basis import Basis
    from planner.report.model import Block
    from planner.result import AuditOutcome, Outcome, SolvedPlan

_GOALS = {"routes": "New routes", "cost": "Cost", "length": "Length"}


def to_proof_section(outcome: Outcome, basis: Basis) -> Section:
    """Status, bound, gap, second opinion and solver."""
    built, solver = outcome.built, outcome.solver
    facts = [("Status", outcome.status.replace("_", " "))]
    blocks: list[Block] = []
    if outcome.status == "infeasible":
        blocks.append(
            "Whether any plan exists is decided by building every candidate and searching that network for cuts."
            f" {to_blocking_sentence(outcome, basis)}"
        )
    if built:
        blocks += filter(None, [*_to_plan_blocks(outcome, built, basis), to_cross_check_sentence(outcome, built)])
        facts += [
            ("Gap", to_percent(built.gap)),
            ("Second algorithm", built.proof.method),
            (
                "Cut sets covered",
                f"{built.proof.cut_sets_covered:,}, of up to {to_cuts(max(_levels(built), default=0))}",
            ),
            ("Verified", "yes" if built.proof.survives else "no"),
            *to_cross_check_facts(built),
        ]
    facts += [
        ("Solver", f"{solver.name} {solver.version}"),
        ("Solver time", to_seconds(solver.seconds)),
        ("Rounds of cut generation", f"{solver.rounds:,}"),
        ("Rows of the last master problem", f"{solver.rows:,}"),
    ]
    return Section("proof", "The proof", (*blocks, Facts(tuple(facts))))


def to_rerun_section(outcome: Outcome | AuditOutcome, basis: Basis) -> Section:
    """What was read and with what it was computed: enough to get the same result again."""
    blocks: list[Block] = [
        "The same inputs with the same versions give the same result, unless a time limit ends the search. The files"
        " that were read are named by their SHA-256.",
        Table(
            "Inputs",
            (Column("File"), Column("SHA-256")),
            tuple((name, outcome.inputs[name]) for name in sorted(outcome.inputs)),
        ),
        Facts(_to_items(outcome.versions)),
    ]
    s = basis.settings
    blocks.append(
        f"Solver settings: time limit {to_seconds(s.time_limit_s)}, gap {to_percent(s.gap)},"
        f" {to_count(s.threads, 'thread')}, seed {s.seed}."
    )
    if outcome.seconds:
        stages = [f"{stage} {to_seconds(seconds)}" for stage, seconds in outcome.seconds.items()]
        blocks.append(f"Time spent: {', '.join(stages)}.")
    return Section("reproduce", "How to get the same result again", tuple(blocks))


def _to_plan_blocks(outcome: Outcome, built: SolvedPlan, basis: Basis) -> tuple[Block, ...]:
    rows = []
    for key in outcome.minimise:
        value, bound = to_bound(built, key)
        left = "unknown" if bound is None else to_percent(max(0.0, value - bound) / value if value else 0.0)
        bound_text = "none proved" if bound is None else to_objective_value(key, bound, basis)
        rows.append((_GOALS[key], to_objective_value(key, value, basis), bound_text, left))
    headings = ("Minimised, in this order", "This plan", "Proved lower bound", "Difference")
    table = Table("What was minimised", tuple(Column(heading) for heading in headings), tuple(rows))
    if outcome.protect_most:
        what = (
            f"The plan that protects most holds the largest weight at its level; what it costs comes second"
            f" ({to_count(len(built.routes), 'new route')})."
        )
        return what, table, to_verification(built)
    if built.protection:
        said = (to_weight_sentence(built.protection, basis), to_budget_optimality(built, built.protection, basis))
        return *said, table, to_verification(built)
    return to_optimality(built, outcome.minimise, basis), table, to_verification(built)


def _levels(built: SolvedPlan) -> list[int]:
    return [int(level) for level in built.required_cuts.values()]


def _to_items(versions: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, versions[name]) for name in sorted(versions))
