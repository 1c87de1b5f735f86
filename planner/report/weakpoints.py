"""Tables of the cut sets that isolate a region, heaviest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.report.language import mark, say, to_local
from planner.report.model import Column, Table
from planner.report.words import to_capital, to_cuts, to_sentence_list

if TYPE_CHECKING:
    from planner.report.basis import Basis
    from planner.report.model import Value, Where
    from planner.result import PlacedCutSet, Survival


def to_weak_points(survival: Survival, basis: Basis, *, caption: str, layer: str) -> Table:
    """One row per minimal cut set, in the order in which they were ranked.

    Parameters
    ----------
    layer
        The map layer that shows these cuts: ``"before"`` or ``"after"``.
    """
    return Table(
        caption=caption,
        columns=_to_columns(basis),
        rows=tuple(_to_row(i, cut_set, basis) for i, cut_set in enumerate(survival.cut_sets)),
        limit=25,
        sheet=say("Critical cuts"),
        finds=tuple(tuple(f"{layer}:{g}" for g in cut_set.groups) for cut_set in survival.cut_sets),
    )


def to_cut_sheet(parts: tuple[tuple[str, tuple[PlacedCutSet, ...]], ...], basis: Basis) -> Table:
    """All cut sets in one sheet, those of each network under its name."""
    columns = (
        Column(say("Network")),
        *_to_columns(basis),
        *(
            Column(say(axis, n=n), "degrees")
            for n in (1, 2)
            for axis in (mark("Longitude of cut {n} (°)"), mark("Latitude of cut {n} (°)"))
        ),
        Column(say("Ids of the risk groups"), "list"),
    )
    rows = tuple(
        (name, *_to_row(i, cut_set, basis), *_to_coordinates(cut_set), _to_group_ids(cut_set, basis))
        for name, cut_sets in parts
        for i, cut_set in enumerate(cut_sets)
    )
    return Table(say("Critical cuts"), columns, rows, sheet=say("Critical cuts"))


def count_unlisted(survival: Survival) -> int:
    """How many separating cut sets were counted and not kept."""
    return sum(survival.num_cut_sets.values()) - len(survival.cut_sets)


def to_attack_text(survival: Survival, basis: Basis) -> tuple[str, ...]:
    """A sentence on the cuts that isolate most, where they were sought and there are any."""
    attack = survival.worst_attack
    if attack is None or not attack.cut_set.isolated_regions:
        return ()
    where = to_sentence_list(basis.labels.to_places(attack.cut_set), attack.cuts)
    known = (
        ""
        if attack.is_proved
        else say(
            " This is not proved: no such attack isolates more than {bound}.", bound=to_local(f"{attack.bound:,.15g}")
        )
    )
    does = say("isolates {isolated}", isolated=basis.to_isolated(attack.cut_set))
    return (
        say(
            "The worst attack of up to {cuts} ({where}) {does}.{known}",
            cuts=to_cuts(attack.cuts),
            where=where or say("nothing need be cut"),
            does=does,
            known=known,
        ),
    )


def _to_columns(basis: Basis) -> tuple[Column, ...]:
    where: Where = "both" if basis.has_weights else "sheet"
    return (
        Column(say("Rank"), "count"),
        Column(say("Cuts"), "count"),
        Column(say("Where"), "list"),
        Column(say("Severs"), "list"),
        *((Column(say("Sites that fall"), "list"),) if basis.sites_fall else ()),
        Column(say("Isolates"), "list"),
        Column(to_capital(say("{weight} isolated", weight=basis.weight_label)), "weight", where),
        Column(say("Share"), "share", where),
    )


def _to_row(rank: int, cut_set: PlacedCutSet, basis: Basis) -> tuple[Value, ...]:
    labels = basis.labels
    return (
        rank + 1,
        len(cut_set.groups),
        labels.to_places(cut_set) or (say("nothing need be cut"),),
        tuple(labels.to_span(span) for span in cut_set.spans),
        *((labels.to_sites(cut_set.fallen_sites),) if basis.sites_fall else ()),
        labels.to_regions(cut_set.isolated_regions),
        cut_set.isolated_weight,
        basis.to_share(cut_set.isolated_weight),
    )


def _to_coordinates(cut_set: PlacedCutSet) -> tuple[float | None, ...]:
    numbers = [number for place in cut_set.places[:2] for number in place]
    return (*numbers, *[None] * (4 - len(numbers)))


def _to_group_ids(cut_set: PlacedCutSet, basis: Basis) -> tuple[str, ...]:
    return tuple(basis.risk_groups.group_ids[group] for group in cut_set.groups)
