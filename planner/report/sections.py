"""The sections about the plan and the network, each with the words around its tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.report.alternatives import to_dependence, to_without
from planner.report.decision import to_every_candidate
from planner.report.detours import to_long_way_sentence
from planner.report.language import say, say_many
from planner.report.model import Column, Section, Table
from planner.report.other_mode import to_other_mode
from planner.report.pictures import to_route_gallery, to_witness_gallery
from planner.report.regions import to_regions
from planner.report.riskgroups import to_shared_ground
from planner.report.routes import split_for_pages, to_new_routes
from planner.report.separation import find_separations
from planner.report.trenches import to_trenches
from planner.report.weakpoints import count_unlisted, to_attack_text, to_weak_points
from planner.report.words import to_capital, to_count, to_cuts, to_sentence_list

if TYPE_CHECKING:
    from planner.report.basis import Basis
    from planner.report.model import Value
    from planner.result import Outcome, PlacedCutSet, SolvedPlan, Survival


def to_blocking_section(outcome: Outcome, basis: Basis) -> Section | None:
    """The cuts that separate even with every candidate built."""
    blocking = outcome.blocking
    if blocking is None:
        return None
    labels = basis.labels
    too_long = to_long_way_sentence(outcome, basis)
    said = too_long and (
        say(
            "{too_long} So no choice of candidates can do it. What can: candidates that are shorter, or a"
            " longer limit.",
            too_long=too_long,
        )
    )
    said = said or _to_far_side(outcome, blocking, basis)
    fall = (Column(say("Sites that fall"), "list"),) if basis.sites_fall else ()
    columns = (Column(say("Cut"), "count"), Column(say("Where")), Column(say("Severs"), "list"), *fall)
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (n + 1, where, _to_severed(blocking, group, basis), *_to_taken(group, basis))
        for n, (group, where) in enumerate(zip(blocking.groups, labels.to_places(blocking), strict=True))
    )
    finds = tuple((f"blocking:{group}",) for group in blocking.groups)
    table = (Table(say("The cuts that no plan survives"), columns, rows, finds=finds),) if rows else ()
    return Section("why-not", say("Why no plan can do it"), (said, *table))


def _to_far_side(outcome: Outcome, blocking: PlacedCutSet, basis: Basis) -> str:
    sites = [basis.labels.sites[site] for site in blocking.isolated_sites]
    fallen = basis.labels.to_fallen(blocking, limit=12)
    allowed = outcome.is_blocked_by_choice
    parts = (
        say(
            "With {every} built, {these_cuts} {isolated}{fallen}.",
            every=to_every_candidate(basis),
            these_cuts=_to_these_cuts(blocking),
            isolated=basis.to_isolated(blocking),
            fallen=say(", and {fallen}", fallen=fallen) if fallen else "",
        ),
        say_many(
            "On the far side is {sites}.",
            "On the far side are {sites}.",
            len(sites),
            sites=to_sentence_list(sites, limit=12),
        ),
        say("So no choice of candidates can do it."),
        say(
            "What can: more candidates that reach these sites another way, spans that no cut severs,"
            " the forbidden routes, or fewer cuts asked of these regions."
        )
        if allowed
        else say(
            "What can: more candidates that reach these sites another way, spans that no cut severs,"
            " or fewer cuts asked of these regions."
        ),
    )
    return " ".join(parts)


def to_protected_section(outcome: Outcome, basis: Basis) -> Section | None:
    """The regions that a plan that does not hold all has to let fall, and to what."""
    plan = outcome.built
    if plan is None or (plan is not outcome.protect_most and not plan.protection):
        return None
    fallen = [i for i in basis.required if plan.required_cuts.get(i, 0) < basis.required[i]]
    fallen.sort(key=lambda i: (-basis.weights[i], i))
    columns = (
        Column(basis.heading),
        Column(to_capital(basis.weight_label), "weight", "both" if basis.has_weights else "sheet"),
        Column(say("Cuts asked"), "count"),
        Column(say("Held at"), "count"),
    )
    rows = tuple(
        (basis.labels.to_region(i), basis.weights[i], basis.required[i], plan.required_cuts.get(i, 0)) for i in fallen
    )
    if plan.protection and not fallen:
        return None
    said = (
        say(
            "This plan holds the largest total weight at the level asked that the money allows. The"
            " others are held as far as the same routes happen to do it; -1 means not even while nothing"
            " is cut."
        )
        if plan.protection
        else say(
            "This plan holds the largest total weight at the level asked. The others are held as far as"
            " they can be: each falls to the highest level that is still possible."
        )
    )
    table = Table(
        say("{headings} that are not held as asked", headings=basis.headings)
        if plan.protection
        else say("{headings} that cannot be held as asked", headings=basis.headings),
        columns,
        rows,
        sheet=say("Regions"),
        finds=tuple((f"region:{i}",) for i in fallen),
    )
    title = say("What the money does not hold") if plan.protection else say("What the plan that protects most holds")
    return Section("protect-most", title, (said, table))


def to_routes_section(outcome: Outcome, basis: Basis) -> Section | None:
    """The routes to build."""
    built = outcome.built
    if built is None:
        return None
    if not built.routes:
        said = say("No route within the budget holds more.") if built.protection else say("No new route is needed.")
        return Section("routes", say("New routes"), (said,))
    said = (
        say("None of them can be left out: without it, cuts within what is asked would isolate what it defends.")
        if all(route.defends for route in built.routes)
        else say("What a route defends is what cuts within what is asked would isolate without it.")
    )
    separations = find_separations(basis)
    table = to_new_routes(built.routes, basis, to_without(outcome, basis), separations)
    apart = say(
        "How far a new route keeps from the others is measured outside the clearances of their end sites; 0 m where"
        " they cross."
    )
    gallery = to_route_gallery(built.routes, separations, basis)
    tables = (*split_for_pages(table), *to_trenches(outcome.trenches, basis), apart)
    blocks = (said, *to_dependence(outcome), *tables, *gallery, *to_other_mode(outcome, basis))
    return Section("routes", say("New routes"), blocks)


def to_regions_section(before: Survival, built: SolvedPlan | None, basis: Basis) -> Section:
    """Every region, before and after."""
    title = say("{headings}, before and after", headings=basis.headings) if built else basis.headings
    searched = max((region.searched for region in before.regions), default=0)
    said = say("Sets of up to {cuts} were searched; beyond that nothing is said.", cuts=to_cuts(searched))
    return Section("regions", title, (said, to_regions(before, built, basis)))


def to_weak_section(before: Survival, basis: Basis, *, has_plan: bool) -> Section:
    """The cut sets that isolate a region in the network as it is."""
    title = say("Weak points of the network as it is") if has_plan else say("Weak points")
    if not sum(before.num_cut_sets.values()):
        return Section(
            "weak-points", title, (say("No cut set that was searched isolates {a_noun}.", a_noun=basis.a_noun),)
        )
    table = to_weak_points(before, basis, caption=say("Cuts that isolate, heaviest first"), layer="before")
    return Section(
        "weak-points",
        title,
        (_to_tally(before, basis), *to_attack_text(before, basis), *to_witness_gallery(before, basis), table),
    )


def to_remaining_section(built: SolvedPlan | None, basis: Basis) -> Section | None:
    """What one cut more than asked would still do."""
    if built is None:
        return None
    after = built.after
    title = say("What would still isolate {a_noun}", a_noun=basis.a_noun)
    if not sum(after.num_cut_sets.values()):
        searched = max(after.num_cut_sets, default=0)
        return Section(
            "remaining", title, (say("With the plan built, no set of up to {cuts} does.", cuts=to_cuts(searched)),)
        )
    said = say("The plan answers for what is asked and no more. With it built: {tally}", tally=_to_tally(after, basis))
    table = to_weak_points(after, basis, caption=say("Cuts that would still isolate, heaviest first"), layer="after")
    return Section("remaining", title, (said, table))


def to_ground_section(basis: Basis) -> Section:
    """Where spans share ground, so that one cut severs several."""
    table = to_shared_ground(basis)
    if not table.rows:
        return Section("shared", say("Shared ground"), (say("No cut severs two spans at once."),))
    said = say(
        "Spans that look apart on a diagram fall together in {places}.", places=to_count(len(table.rows), "place")
    )
    return Section("shared", say("Shared ground"), (said, table))


def _to_tally(survival: Survival, basis: Basis) -> str:
    """How many minimal cut sets there are of each size."""
    counts = survival.num_cut_sets
    if counts.get(0):
        return say("The network is separated while nothing is cut, so no further cuts were looked for.")
    parts = [_to_sets(size, counts[size]) for size in sorted(size for size in counts if counts[size])]
    said = say_many(
        "{sets} isolates {a_noun}.",
        "{sets} isolate {a_noun}.",
        sum(counts.values()),
        sets=to_sentence_list(parts),
        a_noun=basis.a_noun,
    )
    only = say(" A set counts only if each of its cuts is needed.") if max(counts, default=0) > 1 else ""
    heaviest = len(survival.cut_sets)
    listed = say(" The heaviest {heaviest} are listed.", heaviest=heaviest) if count_unlisted(survival) > 0 else ""
    return f"{said}{only}{listed}"


def _to_sets(size: int, num_sets: int) -> str:
    if size == 1:
        return to_count(num_sets, "single cut")
    return say_many("{count} set of {cuts}", "{count} sets of {cuts}", num_sets, cuts=to_cuts(size))


def _to_these_cuts(blocking: PlacedCutSet) -> str:
    if not blocking.groups:
        return say("and nothing cut, the network does not reach")
    return (
        say("one cut isolates")
        if len(blocking.groups) == 1
        else say("{cuts} isolate", cuts=to_cuts(len(blocking.groups)))
    )


def _to_severed(blocking: PlacedCutSet, group: int, basis: Basis) -> tuple[str, ...]:
    mine = set(basis.risk_groups.spans[group])
    return tuple(basis.labels.to_span(span) for span in blocking.spans if span in mine)


def _to_taken(group: int, basis: Basis) -> tuple[tuple[str, ...], ...]:
    """The cell of the sites that fall with one cut, where cuts can take sites."""
    return (basis.labels.to_sites(basis.risk_groups.sites[group]),) if basis.sites_fall else ()
