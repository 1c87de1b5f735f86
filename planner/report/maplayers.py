"""The layers of the map, from bottom to top."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.report.cutmarks import to_cut_marks
from planner.report.language import say
from planner.report.model import Feature, Layer
from planner.report.stretches import to_stretch_layers
from planner.report.words import to_capital, to_km, to_magnitude, to_money

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.report.basis import Basis
    from planner.result import CriticalStretch, PlacedCutSet, SolvedPlan, Survival


def to_layers(
    before: Survival,
    built: SolvedPlan | None,
    basis: Basis,
    *,
    blocking: PlacedCutSet | None = None,
    show_candidates: bool = False,
    stretches: Sequence[CriticalStretch] = (),
) -> tuple[Layer, ...]:
    """Make every layer that has something in it; `show_candidates` from the start where none is chosen."""
    states = _find_states(before, built, basis)
    few = [c for c in before.cut_sets if 0 < len(c.groups) <= max(1, basis.cuts)]
    more = built.after.cut_sets if built else tuple(c for c in before.cut_sets if len(c.groups) > basis.cuts)
    more_label = (
        say("Cuts that would still isolate {a_noun}", a_noun=basis.a_noun)
        if built
        else say("Cuts that do so only together")
    )
    few_label = (
        say("Cuts that isolate {a_noun} today", a_noun=basis.a_noun)
        if built
        else say("Cuts that isolate {a_noun}", a_noun=basis.a_noun)
    )
    layers = [
        _to_region_layer(states, basis),
        _to_candidate_layer(basis, is_chosen=False, is_on=show_candidates),
        _to_existing_layer(basis),
        _to_candidate_layer(basis, is_chosen=True, is_on=True),
        *to_stretch_layers(stretches, basis),
        _to_severed_layer(blocking, basis),
        _to_site_layer(states, basis),
        to_cut_marks("after", more_label, more, basis),
        to_cut_marks("before", few_label, few, basis, is_on=blocking is None),
        _to_isolated_layer(blocking, basis),
        to_cut_marks("blocking", say("Cuts that no plan survives"), [blocking] if blocking else [], basis, is_on=True),
    ]
    return tuple(layer for layer in layers if layer.features)


def _find_states(before: Survival, built: SolvedPlan | None, basis: Basis) -> dict[str, tuple[bool, bool]]:
    """Region id to whether it is held at its level, before and after."""
    states = {}
    for region in before.regions:
        asked = basis.required[region.region_id]
        was = region.survives >= asked
        states[region.region_id] = (was, built.required_cuts.get(region.region_id, 0) >= asked if built else was)
    return states


def _to_region_layer(states: dict[str, tuple[bool, bool]], basis: Basis) -> Layer:
    regions = basis.network.regions
    features = []
    for region_id, geometry, asked in zip(
        regions["region_id"], regions.geometry, regions["required_cuts"], strict=True
    ):
        if geometry is None or geometry.is_empty:
            continue
        facts = [(say("Cuts asked"), str(int(asked)))]
        if basis.has_weights:
            facts.append((to_capital(basis.weight_label), to_magnitude(basis.weights[region_id])))
        name = basis.labels.to_region(region_id)
        features.append(Feature(geometry, name, tuple(facts), key=f"region:{region_id}", states=states[region_id]))
    return Layer("regions", say("Regions"), is_on=True, features=tuple(features))


def _to_existing_layer(basis: Basis) -> Layer:
    spans, labels = basis.network.spans, basis.labels
    route_facts = _to_route_facts(basis)
    features = []
    for i, (is_candidate, route, length_m, geometry) in enumerate(
        zip(spans["is_candidate"], spans["route"], spans["length_m"], spans.geometry, strict=True)
    ):
        if not is_candidate:
            facts = ((say("Length"), to_km(length_m / 1000)), *route_facts[route])
            features.append(Feature(geometry, labels.to_span(i), facts, key=f"span:{labels.span_ids[i]}"))
    return Layer("existing", say("Existing routes"), is_on=True, features=tuple(features))


def _to_candidate_layer(basis: Basis, *, is_chosen: bool, is_on: bool) -> Layer:
    routes, labels, built = basis.network.routes, basis.labels, set(basis.built)
    route_facts = _to_route_facts(basis)
    features = []
    for i, (status, length_km, cost, geometry) in enumerate(
        zip(routes["status"], routes["length_km"], routes["cost"], routes.geometry, strict=True)
    ):
        if status == "candidate" and (i in built) == is_chosen:
            money = to_money(cost, basis.settings.currency)
            facts = ((say("Length"), to_km(length_km)), (say("Cost"), money), *route_facts[i])
            title = f"{labels.route_ids[i]} ({labels.to_route_ends(i)})"
            features.append(Feature(geometry, title, facts, key=f"route:{labels.route_ids[i]}"))
    if is_chosen:
        return Layer("new", say("New routes"), is_on, tuple(features))
    return Layer("rejected", say("Candidates not chosen") if built else say("Candidate routes"), is_on, tuple(features))


def _to_route_facts(basis: Basis) -> list[tuple[tuple[str, str], ...]]:
    """Per route what the input says of it, where it says something."""
    routes = basis.network.routes
    pairs = zip(routes["kind"].tolist(), routes["operator"].tolist(), strict=True)
    named = [((say("Kind"), kind), (say("Operator"), operator)) for kind, operator in pairs]
    return [tuple((name, v) for name, v in facts if isinstance(v, str) and v) for facts in named]


def _to_site_layer(states: dict[str, tuple[bool, bool]], basis: Basis) -> Layer:
    """Sites, those whose names matter most first: labels are placed in this order."""
    network, labels = basis.network, basis.labels
    sites = network.sites
    columns = (sites["site_id"], sites["region"], sites["weight"], sites["terminal"], sites.geometry)
    ranked: list[tuple[tuple[bool, float, float, int], Feature]] = []
    for i, (site_id, region, weight, terminal, geometry) in enumerate(zip(*columns, strict=True)):
        known = region if isinstance(region, str) and region in basis.weights else None
        facts = [(say("Site"), str(site_id))]
        if known and basis.noun == "region":
            facts.append((say("Region"), labels.to_region(known)))
        rank = (not terminal, -float(weight), -basis.weights.get(known or "", 0.0), i)
        state = states.get(known) if known else None
        label = labels.sites[i] if terminal else ""
        ranked.append((rank, Feature(geometry, labels.sites[i], tuple(facts), f"site:{site_id}", label, state)))
    ranked.sort(key=lambda pair: pair[0])
    return Layer("sites", say("Sites"), is_on=True, features=tuple(feature for _, feature in ranked))


def _to_severed_layer(blocking: PlacedCutSet | None, basis: Basis) -> Layer:
    spans, labels = basis.network.spans, basis.labels
    severed = blocking.spans if blocking else ()
    features = tuple(
        Feature(
            spans.geometry.iloc[i], labels.to_span(i), ((say("Severed by"), say("the cuts that no plan survives")),)
        )
        for i in severed
    )
    return Layer("severed", say("Spans that they sever"), is_on=True, features=features)


def _to_isolated_layer(blocking: PlacedCutSet | None, basis: Basis) -> Layer:
    sites, labels = basis.network.sites, basis.labels
    isolated = blocking.isolated_sites if blocking else ()
    features = tuple(
        Feature(sites.geometry.iloc[i], labels.sites[i], ((say("Isolated by"), say("the cuts that no plan survives")),))
        for i in isolated
    )
    return Layer("isolated", say("Sites that they isolate"), is_on=True, features=features)
