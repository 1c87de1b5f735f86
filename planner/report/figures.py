"""The few numbers of the first screen, before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.report.language import say
from planner.report.model import Figure, Highlight
from planner.report.words import to_count, to_cuts, to_km, to_magnitude, to_money, to_number, to_percent

if TYPE_CHECKING:
    from planner.report.basis import Basis
    from planner.result import SolvedPlan, Survival


def to_figures(before: Survival, built: SolvedPlan | None, basis: Basis) -> tuple[Figure, ...]:
    """Money first, then what it changes."""
    after = built.after if built else None
    rows = [
        _to_held_figure(before, built, basis),
        _to_places_figure(before, after, basis),
        _to_worst_figure(before, after, basis),
    ]
    if basis.cuts > 1:
        rows.append(_to_pairs_figure(before, after, basis))
    return (*_to_money_figures(built, basis), *(row for row in rows if row))


def to_highlights(built: SolvedPlan | None, basis: Basis) -> tuple[Highlight, ...]:
    """The new routes in a few words each, the longest first."""
    rows = [(route, basis.network.routes.iloc[route.route]) for route in (built.routes if built else ())]
    rows.sort(key=lambda pair: (-float(pair[1]["length_km"]), pair[0].route_id))
    return tuple(
        Highlight(
            basis.labels.to_route_ends(route.route),
            f"{to_km(float(row['length_km']))}, {to_money(float(row['cost']), basis.settings.currency)}",
            (f"route:{route.route_id}",),
        )
        for route, row in rows
    )


def count_held(survival: Survival, basis: Basis) -> int:
    """Number of regions that were found to survive as many cuts as are asked of them."""
    return sum(region.survives >= basis.required[region.region_id] for region in survival.regions)


def _to_money_figures(built: SolvedPlan | None, basis: Basis) -> list[Figure]:
    if built is None:
        return []
    cost, length_km = built.objective["cost"], built.objective["length_km"]
    what = (
        f"{to_count(len(built.routes), 'new route')}, {to_km(length_km)}" if built.routes else say("nothing to build")
    )
    return [Figure(say("What it costs"), to_money(cost, basis.settings.currency), note=what)]


def _to_held_figure(before: Survival, built: SolvedPlan | None, basis: Basis) -> Figure:
    levels = set(basis.required.values())
    is_plain = levels == {basis.cuts} and basis.cuts > 0
    label = (
        say("{headings} that survive any {cuts}", headings=basis.headings, cuts=to_cuts(basis.cuts))
        if is_plain
        else say("{headings} that are held as asked", headings=basis.headings)
    )
    held_after = None
    if built:
        held_after = sum(built.required_cuts.get(i, 0) >= level for i, level in basis.required.items())
    return _to_figure(
        label,
        to_number(count_held(before, basis)),
        to_number(held_after) if held_after is not None else None,
        say("of {total}", total=len(basis.required)),
    )


def _to_places_figure(before: Survival, after: Survival | None, basis: Basis) -> Figure:
    return _to_figure(
        say("Places where one cut isolates {a_noun}", a_noun=basis.a_noun),
        _to_tally(before, 1),
        _to_tally(after, 1) if after else None,
    )


def _to_tally(survival: Survival, cuts: int) -> str:
    """How many cut sets of this size separate; where the network is separated uncut, that alone is said."""
    return say("separated uncut") if survival.num_cut_sets.get(0) else to_number(survival.num_cut_sets.get(cuts, 0))


def _to_worst_figure(before: Survival, after: Survival | None, basis: Basis) -> Figure | None:
    if not basis.has_weights or before.num_cut_sets.get(0):
        return None
    worst = [_find_worst(survival) for survival in (before, after) if survival]
    if any(weight is None for weight in worst):
        return None
    texts = [to_magnitude(weight) if weight else "0" for weight in worst]
    share = to_percent(basis.to_share(worst[0])) if worst[0] else ""
    return _to_figure(
        say("The worst single cut isolates ({weight})", weight=basis.weight_label),
        texts[0],
        texts[1] if after else None,
        say("before: {share} of all", share=share)
        if share and after
        else say("{share} of all", share=share)
        if share
        else "",
    )


def _find_worst(survival: Survival) -> float | None:
    """Largest weight that one cut isolates; None where the list was cut off before any single cut."""
    if not survival.num_cut_sets.get(0, 0) + survival.num_cut_sets.get(1, 0):
        return 0.0
    return next((cut_set.isolated_weight for cut_set in survival.cut_sets if len(cut_set.groups) <= 1), None)


def _to_pairs_figure(before: Survival, after: Survival | None, basis: Basis) -> Figure:
    """Never before and after: where one cut isolates, the pairs that hold it are not counted."""
    label = (
        say("Pairs of cuts that still isolate {a_noun} though neither does alone", a_noun=basis.a_noun)
        if after
        else say("Pairs of cuts that isolate {a_noun} though neither does alone", a_noun=basis.a_noun)
    )
    return Figure(label, _to_tally(after or before, 2))


def _to_figure(label: str, before: str, after: str | None, note: str = "") -> Figure:
    return Figure(label, before, note=note) if after is None else Figure(label, after, before=before, note=note)
