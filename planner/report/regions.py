"""The table of regions, before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.report.language import say, to_local
from planner.report.model import Column, Table
from planner.report.words import to_capital

if TYPE_CHECKING:
    from planner.report.basis import Basis
    from planner.report.model import Value
    from planner.result import RegionSurvival, SolvedPlan, Survival


def to_regions(before: Survival, built: SolvedPlan | None, basis: Basis) -> Table:
    """One row per region: how many cuts it survives, what is asked, and cuts that it does not survive.

    Regions that fall short come first, then the heaviest.
    """
    after = {region.region_id: region for region in built.after.regions} if built else {}
    ordered = sorted(before.regions, key=lambda r: _to_order(r, built, basis))
    return Table(
        caption=say("{headings}: cuts that each survives", headings=basis.headings),
        columns=_to_columns(basis, has_after=built is not None),
        rows=tuple(_to_row(r, after.get(r.region_id), built, basis) for r in ordered),
        limit=150,
        sheet=say("Regions"),
        finds=tuple((f"region:{region.region_id}",) for region in ordered),
    )


def to_level(region: RegionSurvival) -> str:
    """``"1"``; ``"2 or more"`` where nothing that was searched isolates it."""
    if region.survives < 0:
        return say("isolated uncut")
    return to_local(f"{region.survives:,}") if region.witness else say("{survives} or more", survives=region.survives)


def _to_columns(basis: Basis, *, has_after: bool) -> tuple[Column, ...]:
    columns = [
        Column(basis.heading),
        Column(say("Id"), where="sheet"),
        Column(to_capital(basis.weight_label), "weight", "both" if basis.has_weights else "sheet"),
        Column(say("Cuts asked"), "count"),
        Column(say("Survives today") if has_after else say("Survives"), where="page"),
        Column(say("Survives at least, as it is"), "count", "sheet"),
    ]
    if has_after:
        columns += [
            Column(say("With the plan"), where="page"),
            Column(say("Survives at least, with the plan"), "count", "sheet"),
            Column(say("Held as asked")),
        ]
    columns.append(Column(say("Cuts that isolate it today") if has_after else say("Cuts that isolate it"), "prose"))
    if has_after:
        columns.append(Column(say("Cuts that would still isolate it"), "prose"))
    return tuple(columns)


def _to_row(
    before: RegionSurvival, after: RegionSurvival | None, built: SolvedPlan | None, basis: Basis
) -> tuple[Value, ...]:
    region_id, labels = before.region_id, basis.labels
    row: list[Value] = [
        labels.to_region(region_id),
        region_id,
        basis.weights[region_id],
        basis.required[region_id],
        to_level(before),
        before.survives,
    ]
    if built and after:
        asked, held = basis.required[region_id], built.required_cuts.get(region_id, 0)
        row += [
            to_level(after),
            after.survives,
            say("yes") if held >= asked else say("no, only {held} of {asked}", held=held, asked=asked),
        ]
    row.append(_to_witness(before, basis))
    if after:
        row.append(_to_witness(after, basis))
    return tuple(row)


def _to_witness(region: RegionSurvival, basis: Basis) -> str:
    if region.witness:
        return basis.labels.to_cut_set(region.witness)
    return say("none of up to {searched}", searched=region.searched)


def _to_order(region: RegionSurvival, built: SolvedPlan | None, basis: Basis) -> tuple[bool, float, str]:
    held = built.required_cuts.get(region.region_id, 0) if built else region.survives
    return held >= basis.required[region.region_id], -basis.weights[region.region_id], region.region_id
