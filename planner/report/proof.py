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
from planner.report.language import mark, say, to_local
from planner.report.method import to_method
from planner.report.model import Column, Facts, Section, Table
from planner.report.told import to_told
from planner.report.words import to_count, to_cuts, to_percent, to_seconds, to_yes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.report.basis import Basis
    from planner.report.model import Block
    from planner.result import AuditOutcome, Outcome, SolvedPlan

_STATUS = {
    "optimal": mark("optimal"),
    "feasible": mark("feasible"),
    "infeasible": mark("infeasible"),
    "no_plan": mark("no plan"),
}
_GOALS = {"routes": mark("New routes"), "cost": mark("Cost"), "length": mark("Length")}


def to_proof_section(outcome: Outcome, basis: Basis) -> Section:
    """Status, bound, gap, second opinion and solver."""
    built, solver = outcome.built, outcome.solver
    facts = [(say("Status"), say(_STATUS[outcome.status]))]
    blocks: list[Block] = []
    if outcome.status == "infeasible":
        blocks.append(
            say(
                "Whether any plan exists is decided by building every candidate and searching that network"
                " for cuts. {blocking_sentence}",
                blocking_sentence=to_blocking_sentence(outcome, basis),
            )
        )
    if built:
        blocks += filter(None, [*_to_plan_blocks(outcome, built, basis), to_cross_check_sentence(outcome, built)])
        facts += [
            (say("Gap"), to_percent(built.gap)),
            (say("Second algorithm"), to_told(built.proof.method)),
            (
                say("Cut sets covered"),
                say(
                    "{num_sets}, of up to {cuts}",
                    num_sets=built.proof.cut_sets_covered,
                    cuts=to_cuts(max(_levels(built), default=0)),
                ),
            ),
            (say("Verified"), to_yes(built.proof.survives)),
            *to_cross_check_facts(built),
        ]
    facts += [
        (say("Solver"), f"{solver.name} {solver.version}"),
        (say("Solver time"), to_seconds(solver.seconds)),
        (say("Rounds of cut generation"), to_local(f"{solver.rounds:,}")),
        (say("Rows of the last master problem"), to_local(f"{solver.rows:,}")),
    ]
    return Section("proof", say("Method and proof"), (*blocks, *to_method(), Facts(tuple(facts))))


def to_rerun_section(outcome: Outcome | AuditOutcome, basis: Basis) -> Section:
    """What was read and with what it was computed: enough to get the same result again."""
    blocks: list[Block] = [
        say(
            "The same inputs with the same versions give the same result, unless a time limit ends the"
            " search. The files that were read are named by their SHA-256."
        ),
        Table(
            say("Inputs"),
            (Column(say("File")), Column(say("SHA-256"))),
            tuple((name, outcome.inputs[name]) for name in sorted(outcome.inputs)),
        ),
        Facts(_to_items(outcome.versions)),
    ]
    s = basis.settings
    blocks.append(
        say(
            "Solver settings: time limit {seconds}, gap {percent}, {threads}, seed {seed}.",
            seconds=to_seconds(s.time_limit_s),
            percent=to_percent(s.gap),
            threads=to_count(s.threads, "thread"),
            seed=s.seed,
        )
    )
    if outcome.seconds:
        stages = [f"{to_told(stage)} {to_seconds(seconds)}" for stage, seconds in outcome.seconds.items()]
        blocks.append(say("Time spent: {items}.", items=", ".join(stages)))
    return Section("reproduce", say("How to get the same result again"), tuple(blocks))


def _to_plan_blocks(outcome: Outcome, built: SolvedPlan, basis: Basis) -> tuple[Block, ...]:
    rows = []
    for key in outcome.minimise:
        value, bound = to_bound(built, key)
        left = say("unknown") if bound is None else to_percent(max(0.0, value - bound) / value if value else 0.0)
        bound_text = say("none proved") if bound is None else to_objective_value(key, bound, basis)
        rows.append((say(_GOALS[key]), to_objective_value(key, value, basis), bound_text, left))
    headings = (say("Minimised, in this order"), say("This plan"), say("Proved lower bound"), say("Difference"))
    table = Table(say("What was minimised"), tuple(Column(heading) for heading in headings), tuple(rows))
    if outcome.protect_most:
        what = say(
            "The plan that protects most holds the largest weight at its level; what it costs comes second ({routes}).",
            routes=to_count(len(built.routes), "new route"),
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
