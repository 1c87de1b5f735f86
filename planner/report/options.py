"""Other choices: the frontiers, the variants side by side, the tornado and the routes of every plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.report.blocked import to_blocked
from planner.report.language import mark, say, say_many
from planner.report.model import Chart, Line, Section
from planner.report.options_tables import (
    to_budgets_table,
    to_counts_table,
    to_cuts_table,
    to_swings_table,
    to_variants_table,
    to_worth_table,
)
from planner.report.sources import to_source, to_words
from planner.report.swings import to_tornado
from planner.report.words import to_capital, to_cuts, to_km, to_magnitude, to_money, to_sentence_list

if TYPE_CHECKING:
    from planner.invest.options import Options
    from planner.report.basis import Basis
    from planner.report.model import Block
    from planner.result import Outcome

_DARK, _BLUE = "#3a434c", "#0072b2"
_FEWEST = 2

_CUTS = mark(
    "For each number of cuts, the least that keeps everybody together: here the cost comes first, whatever the study"
    " minimises. Regions with a level of their own keep it."
)
_MOST = mark(
    "Where no plan is enough, the row is what holds the most; beyond two cuts it is only a limit that no plan passes."
)
_BUDGETS = mark(
    "What each budget holds at the level asked, and of the plans that hold as much the cheapest. Required and"
    " forbidden routes and limits on ways do not count here."
)
_SWINGS = mark(
    "One setting is changed at a time and the plan sought again; for another radius what one cut severs is found"
    " anew. Bars show where the cost goes; blue is cheaper, orange dearer."
)
_LEASE = mark(
    "Leasing takes the same candidates at a price a year, which over the horizon in today's money is what the plan"
    " then minimises; a leased fibre is cut like one that is built."
)


_AT_ONCE = mark(
    "Here everything is built or leased at the beginning, so costs and worth differ from those of a build order over"
    " years."
)


def to_options_section(outcome: Outcome, basis: Basis) -> Section | None:
    """Every other choice; None where the study asks for none."""
    found = outcome.options
    if found is None:
        return None
    blocks: list[Block] = [*_to_no_regret(found, basis), *_to_shared(found)]
    if found.variants:
        has_lease = any(one.key == "lease" for one in found.variants)
        worth = to_worth_table(outcome, basis)
        blocks += [*(_to_lease(outcome, basis) if has_lease else ()), say(_AT_ONCE), to_variants_table(outcome, basis)]
        blocks += [worth] if worth else []
    if found.cuts:
        said = say(_CUTS) if basis.corridors else f"{say(_CUTS)} {say(_MOST)}"
        blocks += [said, *_to_cuts_charts(found, basis), to_cuts_table(outcome, basis), *to_blocked(found, basis)]
    if found.budgets:
        blocks += [say(_BUDGETS), *_to_budget_chart(found, basis), to_budgets_table(outcome, basis)]
    if found.swings:
        blocks += [say(_SWINGS), *to_tornado(found, basis), to_swings_table(outcome, basis)]
    if found.counts:
        blocks.append(to_counts_table(outcome, basis))
    return Section("options", say("Other choices"), tuple(blocks))


def _to_lease(outcome: Outcome, basis: Basis) -> tuple[str, ...]:
    asked = outcome.study.options
    if asked is None:
        return ()
    prices = to_words(asked.lease_per_km)
    said = say(
        "Prices of leasing, {currency} a km and year: {prices}. Source: {source}.",
        currency=basis.settings.currency,
        prices=prices,
        source=to_source(asked, "lease_per_km"),
    )
    return (say(_LEASE), said)


def _to_no_regret(found: Options, basis: Basis) -> tuple[str, ...]:
    if found.num_plans < _FEWEST or not found.counts:
        return ()
    ends = [basis.labels.to_route_ends(route) for route in _to_rows(found.no_regret, basis)]
    plans = say("all {count} plans", count=found.num_plans)
    if not ends:
        return (say("No route is in {plans} that hold everybody.", plans=plans),)
    said = say_many(
        "{routes} is in {plans} of this section that hold everybody: whoever begins with it regrets nothing.",
        "{routes} are in {plans} of this section that hold everybody: whoever begins with them regrets nothing.",
        len(ends),
        routes=to_sentence_list(ends, limit=12),
        plans=plans,
    )
    own = say("Plans for lower levels and for budgets are not counted, and equally good plans may differ.")
    return (f"{said} {own}",)


def _to_shared(found: Options) -> tuple[str, ...]:
    """Over sections: how much of corridors all plans build, and what is not sought there."""
    if found.shared_km is None:
        return ()
    limits = say(
        "Sections of corridors are chosen here, so plans have no number of routes. Budgets, leases and how much"
        " could be held where no plan holds everybody are not sought. Amounts are those of sections; joined up into"
        " routes they may come to a little less."
    )
    if found.num_plans < _FEWEST:
        return (limits,)
    km = to_km(found.shared_km)
    return (
        say("{km} of corridors are in all {count} plans that hold everybody.", km=km, count=found.num_plans),
        limits,
    )


def _to_rows(route_ids: tuple[str, ...], basis: Basis) -> list[int]:
    index = {str(route_id): row for row, route_id in enumerate(basis.network.routes["route_id"])}
    return [index[route_id] for route_id in route_ids]


def _to_cuts_charts(found: Options, basis: Basis) -> tuple[Chart, ...]:
    """What each level costs, as far as plans reach it, and how much can be held at each."""
    charts = []
    reached = [p for p in found.cuts if p.choice.cost is not None and p.choice.status != "infeasible"]
    if len(reached) >= _FEWEST:
        costs = tuple(p.choice.cost or 0.0 for p in reached)
        ticks = tuple(str(p.cuts) for p in reached)
        line = Line(say("cost"), _BLUE, costs)
        caption = say("Least cost ({currency}) by cuts survived", currency=basis.settings.currency)
        money = [to_money(cost, basis.settings.currency) for cost in costs]
        charts.append(
            Chart("options-cuts", caption, _to_pairs([to_cuts(p.cuts) for p in reached], money), ticks, (line,))
        )
    known = [p for p in found.cuts if p.choice.weight_bound is not None]
    if len(known) >= _FEWEST:
        held = tuple(p.choice.weight_bound or 0.0 for p in known)
        ticks = tuple(str(p.cuts) for p in known)
        caption = to_capital(say("{weight} that can be held at most, by cuts survived", weight=basis.weight_label))
        said = _to_pairs([to_cuts(p.cuts) for p in known], [to_magnitude(value) for value in held])
        line = Line(say("at most"), _DARK, held, dash="6 4")
        charts.append(Chart("options-held", caption, said, ticks, (line,), top=basis.total_weight))
    return tuple(charts)


def _to_budget_chart(found: Options, basis: Basis) -> tuple[Chart, ...]:
    known = [point for point in found.budgets if point.choice.weight is not None]
    if len(known) < _FEWEST:
        return ()
    held = tuple(point.choice.weight or 0.0 for point in known)
    bounds = tuple(point.choice.weight_bound or 0.0 for point in known)
    lines = [Line(say("held"), _BLUE, held)]
    if bounds != held:
        lines.append(Line(say("at most"), _DARK, bounds, dash="6 4"))
    step = -(-len(known) // 3)
    ticks = tuple(to_magnitude(p.budget) if i % step == 0 else "" for i, p in enumerate(known))
    said = _to_pairs(
        [to_money(point.budget, basis.settings.currency) for point in known], [to_magnitude(value) for value in held]
    )
    caption = to_capital(
        say("{weight} held by budget ({currency})", weight=basis.weight_label, currency=basis.settings.currency)
    )
    return (Chart("options-budgets", caption, said, ticks, tuple(lines), top=basis.total_weight),)


def _to_pairs(names: list[str] | tuple[str, ...], values: list[str]) -> str:
    return "; ".join(say("{name}: {value}", name=name, value=value) for name, value in zip(names, values, strict=True))
