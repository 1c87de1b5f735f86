"""The decision in one sentence, and what stands behind it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from planner.report.budgets import to_budget_optimality, to_held_for_money
from planner.report.crosschecks import has_disagreement, to_cross_check_sentence
from planner.report.detours import to_long_way_sentence
from planner.report.language import mark, say, say_many
from planner.report.told import to_told
from planner.report.words import (
    to_at_level,
    to_clauses,
    to_count,
    to_cuts,
    to_exact_money,
    to_km,
    to_money,
    to_percent,
    to_seconds,
    to_sentence_list,
    to_when,
)

if TYPE_CHECKING:
    from planner.report.basis import Basis
    from planner.report.model import Tone
    from planner.result import Outcome, SolvedPlan

_BEST = {"routes": mark("has fewer new routes"), "cost": mark("costs less"), "length": mark("is shorter in total")}
_OVER_CANDIDATES = mark("No plan made of these candidates{choice} {best}")
_OVER_SECTIONS = mark("No plan over all ways along the corridors{choice} {best}")
_TIES = {"routes": mark("as few routes"), "cost": mark("the same cost"), "length": mark("the same length")}
_BOUNDS = {
    "routes": mark("every plan has at least {bound}, this one {value}"),
    "cost": mark("every plan costs at least {bound}, this one {value}"),
    "length": mark("every plan is at least {bound} long, this one {value}"),
}
_BADGES: dict[str, tuple[str, Tone]] = {
    "optimal": (mark("Proved optimal and verified"), "good"),
    "feasible": (mark("A plan, not proved optimal"), "warning"),
    "infeasible": (mark("Proved impossible"), "bad"),
    "no_plan": (mark("No plan found in the time given"), "warning"),
}


def to_badge(outcome: Outcome) -> tuple[str, Tone]:
    """The status in a few words, and its tone."""
    built = outcome.built
    if built and not built.proof.survives:
        return say("The plan failed its verification"), "bad"
    if built and has_disagreement(built):
        return say("Not proved: two solvers disagree"), "bad"
    badge, tone = _BADGES[outcome.status]
    return say(badge), tone


def to_headline(outcome: Outcome, basis: Basis) -> str:
    """The decision."""
    asked = to_requirement(basis)
    if outcome.built and not outcome.built.proof.survives:
        return say("Do not build this plan: the second algorithm found cuts that separate what has to hold together.")
    if outcome.plan:
        then = to_held_for_money(outcome.plan, basis) if outcome.plan.protection else _to_held(basis)
        return say("{order}: {then}.", order=_to_order(outcome.plan, basis), then=then)
    if outcome.status == "no_plan":
        return say("No plan was found that keeps {asked}. This does not prove that there is none.", asked=asked)
    candidates = int((basis.network.routes["status"] == "candidate").sum())
    if not candidates:
        return say("The network as it is does not keep {asked}, and the study offers no candidate routes.", asked=asked)
    forbidden = len(basis.network.forbidden)
    less = say(" less the {forbidden} forbidden", forbidden=forbidden) if forbidden else ""
    refusal = say(
        "No choice of the {routes}{less} keeps {asked}.",
        routes=to_count(candidates, "candidate route"),
        less=less,
        asked=asked,
    )
    if not outcome.protect_most:
        return refusal
    held = sum(_holds(outcome.protect_most, region_id, basis) for region_id in basis.required)
    return say(
        "{refusal} {order}, to protect the most: {held} of {regions} are then held as asked.",
        refusal=refusal,
        order=_to_order(outcome.protect_most, basis),
        held=held,
        regions=basis.to_regions(len(basis.required)),
    )


def to_statements(outcome: Outcome, basis: Basis) -> tuple[str, ...]:
    """How good the plan is and how it is known, sentence by sentence."""
    sentences: list[str] = []
    if outcome.blocking:
        sentences.append(to_blocking_sentence(outcome, basis))
        if outcome.is_blocked_by_choice:
            sentences.append(say("With the forbidden routes allowed there is a plan."))
    if outcome.status == "no_plan":
        limit = to_seconds(basis.settings.time_limit_s)
        sentences.append(say("The search ended before it had any plan; its time limit is {limit}.", limit=limit))
    built = outcome.built
    if built:
        if outcome.protect_most:
            sentences.append(to_protected_sentence(outcome.protect_most, basis))
        elif built.protection:
            sentences.append(to_budget_optimality(built, built.protection, basis))
        else:
            sentences.append(to_optimality(built, outcome.minimise, basis))
        sentences += filter(None, [to_verification(built), to_cross_check_sentence(outcome, built)])
    return tuple(sentences)


def to_blocking_sentence(outcome: Outcome, basis: Basis) -> str:
    """Why nothing suffices."""
    blocking = outcome.blocking
    if blocking is None:
        return ""
    if too_long := to_long_way_sentence(outcome, basis):
        return too_long
    isolated, every = basis.to_isolated(blocking), to_every_candidate(basis)
    if not blocking.groups:
        return say(
            "Even with {every} built and nothing cut, no route reaches {isolated}.", every=every, isolated=isolated
        )
    fallen = basis.labels.to_fallen(blocking)
    return say(
        "Even with {every} built, {cuts} would isolate {isolated}{fallen}.",
        every=every,
        cuts=to_cuts(len(blocking.groups)),
        isolated=isolated,
        fallen=say(", and {fallen}", fallen=fallen) if fallen else "",
    )


def to_every_candidate(basis: Basis) -> str:
    """``"every candidate"``, but for those that the study forbids."""
    return say("every candidate that is not forbidden") if basis.network.forbidden else say("every candidate")


def to_protected_sentence(plan: SolvedPlan, basis: Basis) -> str:
    """What the plan that protects most holds and what it has to let go."""
    held = [i for i in basis.required if _holds(plan, i, basis)]
    weight = sum(basis.weights[i] for i in held)
    lost = basis.labels.to_regions(i for i in basis.required if i not in set(held))
    what = f" ({basis.to_weight(weight)})" if basis.has_weights else ""
    best = (
        say("No other choice holds more at their level.")
        if plan.status == "optimal"
        else say("It is the best found, not proved.")
    )
    falls = (
        say_many(
            "; {names} falls to a lower level",
            "; {names} fall to a lower level",
            len(lost),
            names=to_sentence_list(lost),
        )
        if lost
        else ""
    )
    return say(
        "The plan that protects most holds {regions}{what} as asked{falls}. {best}",
        regions=basis.to_regions(len(held)),
        what=what,
        falls=falls,
        best=best,
    )


def to_requirement(basis: Basis) -> str:
    """``"all 6 regions connected after any one cut"``."""
    counts = sorted(Counter(basis.required.values()).items())
    num = len(basis.required)
    who = basis.the_noun if num == 1 else say("all {regions}", regions=basis.to_regions(num))
    if len(counts) == 1:
        return say("{who} connected {when}", who=who, when=to_when(counts[0][0]))
    levels = to_sentence_list([to_at_level(count, cuts) for cuts, count in counts])
    return say("{who} connected as asked ({levels})", who=who, levels=levels)


def to_optimality(plan: SolvedPlan, minimise: tuple[str, ...], basis: Basis) -> str:
    """What is proved about how good the plan is."""
    if not plan.routes:
        return say("No plan can build less.")
    if plan.status == "optimal":
        clauses = [
            say(
                _OVER_SECTIONS if basis.corridors else _OVER_CANDIDATES,
                choice=_to_choice(basis),
                best=say(_BEST[minimise[0]]),
            )
        ]
        for i, key in enumerate(minimise[1:], start=1):
            clauses.append(say("of those with {ties}, none {best}", ties=to_ties(minimise[:i]), best=say(_BEST[key])))
        return f"{to_clauses(clauses)}."
    bounds = say("; of the plans equal in that, ").join(_to_bounds(plan, minimise, basis))
    known = say(" What is proved: {bounds}.", bounds=bounds) if bounds else ""
    if has_disagreement(plan):
        return say("Not proved optimal: two solvers disagree.{known}", known=known)
    return say(
        "Not proved optimal: the search stopped at a limit with a gap of {percent}.{known}",
        percent=to_percent(plan.gap),
        known=known,
    )


def to_ties(minimise: tuple[str, ...]) -> str:
    """``"as few routes and the same cost"``."""
    return to_sentence_list([say(_TIES[key]) for key in minimise])


def to_verification(plan: SolvedPlan) -> str:
    """What the second algorithm said."""
    proof = plan.proof
    who = say("a second algorithm that shares no code with the first ({method})", method=to_told(proof.method))
    covered = to_count(proof.cut_sets_covered, "cut set")
    if proof.survives:
        return say(
            "Verified independently: {who} covered {covered} and found none that separates.", who=who, covered=covered
        )
    return say("The verification failed: {who} found cuts that separate what has to hold together.", who=who)


def to_bound(plan: SolvedPlan, key: str) -> tuple[float, float | None]:
    """Value and proved lower bound of one objective; None where nothing is proved."""
    names = (key, f"{key}_km")
    value = next((float(plan.objective[name]) for name in names if name in plan.objective), 0.0)
    bound = next((plan.bound[name] for name in names if plan.bound.get(name) is not None), None)
    is_known = bound is not None and abs(float(bound)) != float("inf")
    return value, float(bound) if bound is not None and is_known else None


def to_objective_value(key: str, value: float, basis: Basis) -> str:
    """A value of one objective in its unit."""
    if key == "cost":
        return to_exact_money(value, basis.settings.currency)
    return to_km(value) if key == "length" else to_count(round(value), "new route")


def _to_bounds(plan: SolvedPlan, minimise: tuple[str, ...], basis: Basis) -> list[str]:
    """One clause per objective, up to the first that is not closed: what comes after it says nothing."""
    clauses: list[str] = []
    for key in minimise:
        value, bound = to_bound(plan, key)
        if bound is None:
            break
        texts = {name: to_objective_value(key, v, basis) for name, v in (("bound", bound), ("value", value))}
        clauses.append(say(_BOUNDS[key], **texts))
        if bound < value - 1e-9 * max(1.0, abs(value)):
            break
    return clauses


def _to_order(plan: SolvedPlan, basis: Basis) -> str:
    if not plan.routes:
        return say("Build nothing")
    parts = [to_count(len(plan.routes), "route"), to_km(plan.objective["length_km"])]
    if plan.objective["cost"]:
        parts.append(to_money(plan.objective["cost"], basis.settings.currency))
    return say("Build {items}", items=", ".join(parts))


def _to_choice(basis: Basis) -> str:
    """What the study takes out of the planner's hands."""
    network = basis.network
    parts = [(say("with those required"), network.required), (say("without those forbidden"), network.forbidden)]
    said = to_sentence_list([text for text, rows in parts if rows])
    return f", {said}," if said else ""


def _to_held(basis: Basis) -> str:
    counts = sorted(Counter(basis.required.values()).items())
    num = len(basis.required)
    who = basis.the_noun if num == 1 else say("every one of {regions}", regions=basis.to_regions(num))
    said = say("{who} then stays connected", who=who) if basis.built else say("{who} already stays connected", who=who)
    if len(counts) == 1:
        return f"{said} {to_when(counts[0][0])}"
    return say("{said}: {levels}", said=said, levels=to_sentence_list([to_at_level(n, cuts) for cuts, n in counts]))


def _holds(plan: SolvedPlan, region_id: str, basis: Basis) -> bool:
    return plan.required_cuts.get(region_id, 0) >= basis.required[region_id]
