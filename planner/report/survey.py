"""What a survey of inaccurate data would change: section and table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.report.language import mark, say, say_many
from planner.report.model import Column, Section, Table
from planner.report.told import to_told
from planner.report.words import to_count, to_money, to_sentence_list

if TYPE_CHECKING:
    from planner.report.basis import Basis
    from planner.report.model import Value
    from planner.result import OtherPlan, Outcome, Survey

_TITLE = mark("What a survey would change")


def to_survey_section(outcome: Outcome, basis: Basis) -> Section | None:
    """Which pairs nobody can tell, and which of them matter; None where all data are taken to be exact."""
    survey = outcome.survey
    if survey is None:
        return None
    if not survey.num_cannot_tell_pairs:
        return Section("survey", say(_TITLE), (_to_nothing_open(survey),))
    table = to_survey_table(outcome, basis)
    note = (to_told(survey.note),) if survey.note else ()
    blocks = (_to_open(survey), *_to_bound(outcome, basis), *((table,) if table.rows else ()), *note)
    return Section("survey", say(_TITLE), blocks)


def _to_nothing_open(survey: Survey) -> str:
    shared = survey.num_shared_pairs
    fall = (
        say_many(
            ", and {count} pair falls to one cut wherever they truly lie",
            ", and {count} pairs fall to one cut wherever they truly lie",
            shared,
        )
        if shared
        else ""
    )
    return say(
        "Inaccurate as the data are, they leave no pair of spans in doubt{fall}. A survey would change nothing.",
        fall=fall,
    )


def _to_open(survey: Survey) -> str:
    """How many pairs are in doubt, and what the plan makes of them."""
    pairs = to_count(survey.num_cannot_tell_pairs, "pair")
    sure = say_many(
        "; {count} pair falls together wherever they truly lie",
        "; {count} pairs fall together wherever they truly lie",
        survey.num_shared_pairs,
    )
    taken = say("The plan takes it for granted that one does.")
    doubt = say("For {pairs} of spans the data cannot tell whether one cut severs both", pairs=pairs)
    return f"{doubt}{sure if survey.num_shared_pairs else ''}. {taken}"


def to_survey_table(outcome: Outcome, basis: Basis) -> Table:
    """One row per pair whose survey alone would change the plan."""
    columns = (
        Column(say("Span")),
        Column(say("Other span")),
        Column(say("Drawn apart (m)"), "number"),
        Column(say("Accuracies added (m)"), "number"),
        Column(say("New routes then"), "count"),
        Column(say("Fewer routes"), "count"),
        Column(say("Cost then ({currency})", currency=basis.settings.currency), "money"),
        Column(say("Saves ({currency})", currency=basis.settings.currency), "money"),
        Column(say("Built instead"), "list"),
        Column(say("Not built"), "list"),
    )
    now = {route.route_id for route in outcome.plan.routes} if outcome.plan else set()
    objective = outcome.plan.objective if outcome.plan else {}
    rows: list[tuple[Value, ...]] = []
    for pair in outcome.survey.pairs if outcome.survey else ():
        then = pair.plan.objective
        rows.append(
            (
                *(basis.labels.to_span(span) for span in pair.spans),
                pair.distance_m,
                pair.accuracy_m,
                int(then["routes"]),
                int(objective["routes"] - then["routes"]) if objective else None,
                then["cost"],
                objective["cost"] - then["cost"] if objective else None,
                tuple(sorted(set(pair.plan.routes) - now)),
                tuple(sorted(now - set(pair.plan.routes))),
            )
        )
    return Table(say("If only this pair turned out to be apart"), columns, tuple(rows), sheet=say("Survey"))


def _to_bound(outcome: Outcome, basis: Basis) -> tuple[str, ...]:
    """What surveys can gain at most."""
    survey = outcome.survey
    if survey is None or survey.all_apart is None:
        return ()
    best: OtherPlan = survey.all_apart
    them = say("the pair") if survey.num_cannot_tell_pairs == 1 else say("all of them")
    if not best.objective:
        return (say("Even if {them} turned out to be apart there would be no plan.", them=them),)
    if not survey.num_tried and not survey.note:
        return (
            say(
                "Even if {them} turned out to be apart no better plan could be had: a survey would change nothing.",
                them=them,
            ),
        )
    cost = to_money(best.objective["cost"], basis.settings.currency)
    what = say("{routes} for {cost}", routes=to_count(int(best.objective["routes"]), "new route"), cost=cost)
    which = f" ({to_sentence_list(best.routes)})" if best.routes else ""
    said = say("If {them} turned out to be apart, the plan would be {what}{which}.", them=them, what=what, which=which)
    if survey.num_tried and not survey.pairs:
        return (f"{said} {say('None of the pairs tried changes the plan alone.')}",)
    return (said,)
