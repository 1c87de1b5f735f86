"""Results in short, for a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.drawing.card import to_card
from planner.drawing.svg import to_svg
from planner.result.drawn import to_replay_layers, to_result_layers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from planner.result.audit import AuditOutcome
    from planner.result.outcome import Outcome
    from planner.result.plan import SolvedPlan
    from planner.result.replay import ReplayOutcome
    from planner.result.survival import PlacedCutSet, Survival

_MAX_NAMES = 6


def to_outcome_card(outcome: Outcome) -> str:
    """Status and proof, objective, bound and gap, what becomes of the regions, the first new routes, a small map."""
    plan = outcome.built
    currency = outcome.study.costs.currency
    facts = [("status", _to_status(outcome)), *_to_plan_facts(plan, outcome), *_to_region_facts(outcome)]
    if outcome.blocking is not None:
        facts.append(("no plan survives", _to_harm(outcome.blocking)))
    rows = _to_route_rows(outcome, plan) if plan else []
    head = ("new route", "ends", "km", f"cost, {currency}", "holds against cuts")
    svg = to_svg(to_result_layers(outcome), outcome.network.crs)
    return to_card(outcome.study.study.name, facts, head=head, rows=rows, svg=svg)


def to_audit_card(outcome: AuditOutcome) -> str:
    """How many regions survive how many cuts, the cut sets that isolate most, a small map."""
    survival = outcome.survival
    held = [region.survives >= outcome.cuts for region in survival.regions]
    facts = [
        ("network as it is", f"{sum(held):,} of {len(held):,} regions survive any {_to_cuts(outcome.cuts)}"),
        ("cut sets that isolate", _to_counts(survival.num_cut_sets)),
    ]
    for num_cuts, name in ((1, "span that isolates alone"), (2, "span that does so with one more cut")):
        length_m = sum(one.length_m for one in outcome.critical_stretches if one.num_cuts == num_cuts)
        facts.append((name, f"{length_m / 1000:,.1f} km" if length_m else ""))
    if survival.worst_attack is not None:
        known = "proved" if survival.worst_attack.is_proved else "best found"
        facts.append(("worst attack", f"{_to_harm(survival.worst_attack.cut_set)} ({known})"))
    rows = [
        (str(rank), str(len(one.groups)), _to_names(one.isolated_regions), f"{one.isolated_weight:,.10g}")
        for rank, one in enumerate(survival.cut_sets, start=1)
    ]
    svg = to_svg(to_result_layers(outcome), outcome.network.crs)
    head = ("rank", "cuts", "isolates", "weight")
    return to_card(f"Audit of {outcome.study.study.name}", facts, head=head, rows=rows, svg=svg)


def to_replay_card(outcome: ReplayOutcome) -> str:
    """What the cuts severed and isolated, the longest detours, a small map."""
    severed = {span for cut in outcome.cuts for span in cut.spans}
    facts = [
        ("cuts", f"{len(outcome.cuts):,}, which sever {len(severed):,} spans"),
        ("built beside what exists", _to_names(outcome.plan_routes)),
        ("isolated", _to_harm(outcome.isolated)),
        ("regions of which nothing is left", _to_names(outcome.fallen_regions)),
        ("longer ways", f"{len(outcome.detours):,} of {outcome.num_connected_pairs:,} pairs of regions"),
    ]
    rows = [
        (f"{one.region_a} to {one.region_b}", f"{one.before_km:,.0f}", f"{one.after_km:,.0f}", f"{one.factor:.2f}")
        for one in outcome.detours
    ]
    svg = to_svg(to_replay_layers(outcome), outcome.network.crs)
    title = f"{outcome.incident} on {outcome.study.study.name}"
    return to_card(title, facts, head=("detour", "km before", "km after", "factor"), rows=rows, svg=svg)


def _to_status(outcome: Outcome) -> str:
    plan = outcome.plan
    if plan is None:
        said = {"infeasible": "infeasible: no choice of candidates suffices", "no_plan": "no plan within the limit"}
        return said.get(outcome.status, outcome.status)
    proof = plan.proof
    verified = (
        f"survives all {proof.cut_sets_covered:,} cut sets, re-proved by a second algorithm"
        if proof.survives
        else "the second algorithm found cuts that it does not survive"
    )
    return f"{outcome.status}; {verified}"


def _to_plan_facts(plan: SolvedPlan | None, outcome: Outcome) -> list[tuple[str, str]]:
    if plan is None:
        return []
    currency = outcome.study.costs.currency
    name = "plan" if outcome.plan is not None else "plan that protects most"
    bounds = {{"length": "length_km"}.get(key, key): value for key, value in plan.bound.items()}
    return [
        (name, _to_totals(plan.objective, ("routes", "cost", "length_km"), currency)),
        ("minimised", ", then ".join(outcome.minimise)),
        ("bound", _to_totals(bounds, tuple(bounds), currency)),
        ("gap", f"{plan.gap:.2%}"),
    ]


def _to_totals(totals: Mapping[str, float], keys: Iterable[str], currency: str) -> str:
    words = {"cost": f"{currency}", "length_km": "km"}
    return ", ".join(
        f"{totals[key]:,.{1 if key == 'length_km' else 0}f} {words.get(key, key)}" for key in keys if key in totals
    )


def _to_region_facts(outcome: Outcome) -> list[tuple[str, str]]:
    levels = dict(zip(outcome.network.regions["region_id"], outcome.network.regions["required_cuts"], strict=True))

    def count(survival: Survival) -> str:
        held = sum(region.survives >= levels[region.region_id] for region in survival.regions)
        return f"{held:,} of {len(survival.regions):,}"

    after = f", {count(outcome.built.after)} with the plan" if outcome.built else ""
    asked = f"regions that survive what is asked (up to {_to_cuts(outcome.cuts)})"
    return [
        (asked, f"{count(outcome.before)} today{after}"),
        ("cut sets that isolate today", _to_counts(outcome.before.num_cut_sets)),
    ]


def _to_route_rows(outcome: Outcome, plan: SolvedPlan) -> list[tuple[str, ...]]:
    routes, names = outcome.network.routes, outcome.network.sites["name"].tolist()
    rows: list[tuple[str, ...]] = []
    for new in sorted(plan.routes, key=lambda new: new.route_id):
        row = routes.iloc[new.route]
        ends = f"{names[row['a']]} to {names[row['b']]}"
        figures = f"{row['length_km']:,.1f}", f"{row['cost']:,.0f}"
        rows.append((new.route_id, ends, *figures, _to_names(new.defends)))
    return rows


def _to_harm(cut_set: PlacedCutSet) -> str:
    """Whom cuts isolate."""
    if not cut_set.isolated_regions:
        return "no region"
    places = "; ".join(f"{lat:.4f}, {lon:.4f}" for lon, lat in cut_set.places)
    where = f", by cuts at {places}" if places else ""
    return f"{_to_names(cut_set.isolated_regions)} (weight {cut_set.isolated_weight:,.10g}){where}"


def _to_names(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - _MAX_NAMES:,} more" if len(names) > _MAX_NAMES else ""
    return ", ".join(names[:_MAX_NAMES]) + more


def _to_counts(num_cut_sets: Mapping[int, int]) -> str:
    return ", ".join(f"{num:,} with {_to_cuts(size)}" for size, num in sorted(num_cut_sets.items()) if num) or "none"


def _to_cuts(number: int) -> str:
    return "1 cut" if number == 1 else f"{number:,} cuts"
