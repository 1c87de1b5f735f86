"""The sections about the plan and the network, each with the words around its tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.report.alternatives import to_dependence, to_without
from planner.report.decision import to_every_candidate
from planner.report.detours import to_long_way_sentence
from planner.report.model import Column, Section, Table
from planner.report.regions import to_regions
from planner.report.riskgroups import to_shared_ground
from planner.report.routes import to_new_routes
from planner.report.weakpoints import count_unlisted, to_attack_text, to_weak_points
from planner.report.words import to_count, to_cuts, to_sentence_list

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
    sites = [labels.sites[site] for site in blocking.isolated_sites]
    fallen = labels.to_fallen(blocking, limit=12)
    too_long = to_long_way_sentence(outcome, basis)
    said = too_long and (
        f"{too_long} So no choice of candidates can do it. What can: candidates that are shorter, or a longer limit."
    )
    said = said or (
        f"With {to_every_candidate(basis)} built, {_to_these_cuts(blocking)} {basis.to_isolated(blocking)}"
        f"{f', and {fallen}' if fallen else ''}."
        f" On the far side {'is' if len(sites) == 1 else 'are'} {to_sentence_list(sites, limit=12)}."
        " So no choice of candidates can do it. What can: more candidates that reach these sites another way, spans"
        f" that no cut severs, {'the forbidden routes, ' if outcome.is_blocked_by_choice else ''}or fewer cuts asked of"
        " these regions."
    )
    fall = (Column("Sites that fall", "list"),) if basis.sites_fall else ()
    columns = (Column("Cut", "count"), Column("Where"), Column("Severs", "list"), *fall)
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (n + 1, where, _to_severed(blocking, group, basis), *_to_taken(group, basis))
        for n, (group, where) in enumerate(zip(blocking.groups, labels.to_places(blocking), strict=True))
    )
    finds = tuple((f"blocking:{group}",) for group in blocking.groups)
    table = (Table("The cuts that no plan survives", columns, rows, finds=finds),) if rows else ()
    return Section("why-not", "Why no plan can do it", (said, *table))


def to_protected_section(outcome: Outcome, basis: Basis) -> Section | None:
    """The regions that a plan that does not hold all has to let fall, and to what."""
    plan = outcome.built
    if plan is None or (plan is not outcome.protect_most and not plan.protection):
        return None
    fallen = [i for i in basis.required if plan.required_cuts.get(i, 0) < basis.required[i]]
    fallen.sort(key=lambda i: (-basis.weights[i], i))
    columns = (
        Column(basis.noun.capitalize()),
        Column(basis.weight_label.capitalize(), "weight", "both" if basis.has_weights else "sheet"),
        Column("Cuts asked", "count"),
        Column("Held at", "count"),
    )
    rows = tuple(
        (basis.labels.to_region(i), basis.weights[i], basis.required[i], plan.required_cuts.get(i, 0)) for i in fallen
    )
    if plan.protection and not fallen:
        return None
    said = (
        "This plan holds the largest total weight at the level asked that the money allows. The others are held as far"
        " as the same routes happen to do it; -1 means not even while nothing is cut."
        if plan.protection
        else "This plan holds the largest total weight at the level asked. The others are held as far as they can be:"
        " each falls to the highest level that is still possible."
    )
    table = Table(
        f"{basis.noun.capitalize()}s that {'are not' if plan.protection else 'cannot be'} held as asked",
        columns,
        rows,
        sheet="Regions",
        finds=tuple((f"region:{i}",) for i in fallen),
    )
    title = "What the money does not hold" if plan.protection else "What the plan that protects most holds"
    return Section("protect-most", title, (said, table))


def to_routes_section(outcome: Outcome, basis: Basis) -> Section | None:
    """The routes to build."""
    built = outcome.built
    if built is None:
        return None
    if not built.routes:
        said = "No route within the budget holds more." if built.protection else "No new route is needed."
        return Section("routes", "New routes", (said,))
    said = (
        "None of them can be left out: without it, cuts within what is asked would isolate what it defends."
        if all(route.defends for route in built.routes)
        else "What a route defends is what cuts within what is asked would isolate without it."
    )
    table = to_new_routes(built.routes, basis, to_without(outcome, basis))
    return Section("routes", "New routes", (said, *to_dependence(outcome), table))


def to_regions_section(before: Survival, built: SolvedPlan | None, basis: Basis) -> Section:
    """Every region, before and after."""
    title = f"{basis.noun.capitalize()}s, before and after" if built else f"{basis.noun.capitalize()}s"
    searched = max((region.searched for region in before.regions), default=0)
    said = f"Sets of up to {to_cuts(searched)} were searched; beyond that nothing is said."
    return Section("regions", title, (said, to_regions(before, built, basis)))


def to_weak_section(before: Survival, basis: Basis, *, has_plan: bool) -> Section:
    """The cut sets that isolate a region in the network as it is."""
    title = "Weak points of the network as it is" if has_plan else "Weak points"
    if not sum(before.num_cut_sets.values()):
        return Section("weak-points", title, (f"No cut set that was searched isolates a {basis.noun}.",))
    table = to_weak_points(before, basis, caption="Cuts that isolate, heaviest first", layer="before")
    return Section("weak-points", title, (_to_tally(before, basis), *to_attack_text(before, basis), table))


def to_remaining_section(built: SolvedPlan | None, basis: Basis) -> Section | None:
    """What one cut more than asked would still do."""
    if built is None:
        return None
    after = built.after
    title = f"What would still isolate a {basis.noun}"
    if not sum(after.num_cut_sets.values()):
        searched = max(after.num_cut_sets, default=0)
        return Section("remaining", title, (f"With the plan built, no set of up to {to_cuts(searched)} does.",))
    said = f"The plan answers for what is asked and no more. With it built: {_to_tally(after, basis)}"
    table = to_weak_points(after, basis, caption="Cuts that would still isolate, heaviest first", layer="after")
    return Section("remaining", title, (said, table))


def to_ground_section(basis: Basis) -> Section:
    """Where spans share ground, so that one cut severs several."""
    table = to_shared_ground(basis)
    if not table.rows:
        return Section("shared", "Shared ground", ("No cut severs two spans at once.",))
    said = f"Spans that look apart on a diagram fall together in {to_count(len(table.rows), 'place')}."
    return Section("shared", "Shared ground", (said, table))


def _to_tally(survival: Survival, basis: Basis) -> str:
    """How many minimal cut sets there are of each size."""
    counts = survival.num_cut_sets
    if counts.get(0):
        return "The network is separated while nothing is cut, so no further cuts were looked for."
    parts = []
    for size in sorted(size for size in counts if counts[size]):
        singular, plural = (
            ("single cut", "single cuts") if size == 1 else (f"set of {to_cuts(size)}", f"sets of {to_cuts(size)}")
        )
        parts.append(to_count(counts[size], singular, plural))
    verb = "isolates" if sum(counts.values()) == 1 else "isolate"
    only = " A set counts only if each of its cuts is needed." if max(counts, default=0) > 1 else ""
    listed = f" The heaviest {len(survival.cut_sets):,} are listed." if count_unlisted(survival) > 0 else ""
    return f"{to_sentence_list(parts)} {verb} a {basis.noun}.{only}{listed}"


def _to_these_cuts(blocking: PlacedCutSet) -> str:
    if not blocking.groups:
        return "and nothing cut, the network does not reach"
    return "one cut isolates" if len(blocking.groups) == 1 else f"{to_cuts(len(blocking.groups))} isolate"


def _to_severed(blocking: PlacedCutSet, group: int, basis: Basis) -> tuple[str, ...]:
    mine = set(basis.risk_groups.spans[group])
    return tuple(basis.labels.to_span(span) for span in blocking.spans if span in mine)


def _to_taken(group: int, basis: Basis) -> tuple[tuple[str, ...], ...]:
    """The cell of the sites that fall with one cut, where cuts can take sites."""
    return (basis.labels.to_sites(basis.risk_groups.sites[group]),) if basis.sites_fall else ()
