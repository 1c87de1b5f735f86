"""Cuts as marks on the map: one per place, with what it isolates alone or with others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyproj import Transformer
from shapely.geometry import Point

from planner.report.language import say
from planner.report.model import Feature, Layer
from planner.report.words import to_count, to_sentence_list

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planner.report.basis import Basis
    from planner.result import PlacedCutSet

MAX_MARKS = 200
"""More marks than this hide the map; the heaviest are kept."""


def to_cut_marks(key: str, label: str, cut_sets: Iterable[PlacedCutSet], basis: Basis, *, is_on: bool = False) -> Layer:
    """One mark per risk group that is in some cut set, the heaviest cut sets first."""
    at: dict[int, list[PlacedCutSet]] = {}
    places: dict[int, tuple[float, float]] = {}
    for cut_set in cut_sets:
        for group, place in zip(cut_set.groups, cut_set.places, strict=True):
            at.setdefault(group, []).append(cut_set)
            places.setdefault(group, place)
    to_metric = Transformer.from_crs("EPSG:4326", basis.network.crs, always_xy=True)
    features = tuple(
        Feature(
            Point(to_metric.transform(*places[group])),
            say("A cut {place}", place=basis.labels.to_place(*places[group])),
            _to_facts(group, at[group], basis),
            key=f"{key}:{group}",
        )
        for group in list(at)[:MAX_MARKS]
    )
    more = say(", the heaviest of {total}", total=len(at)) if len(at) > MAX_MARKS else ""
    return Layer(key, f"{label}{more}", is_on=is_on, features=features)


def _to_facts(group: int, cut_sets: list[PlacedCutSet], basis: Basis) -> tuple[tuple[str, str], ...]:
    labels = basis.labels
    mine = set(basis.risk_groups.spans[group])
    severed = sorted({span for cut_set in cut_sets for span in cut_set.spans if span in mine})
    facts = [(say("Severs"), to_sentence_list([labels.to_span(span) for span in severed]))]
    if basis.sites_fall and basis.risk_groups.sites[group]:
        facts.append((say("Takes"), to_sentence_list(labels.to_sites(basis.risk_groups.sites[group]))))
    for cut_set in cut_sets[:3]:
        others = [
            labels.to_place(*place)
            for other, place in zip(cut_set.groups, cut_set.places, strict=True)
            if other != group
        ]
        with_what = say("With a cut {items}", items=say(" and a cut ").join(others)) if others else say("Alone")
        facts.append((with_what, say("isolates {isolated}", isolated=basis.to_isolated(cut_set))))
    if len(cut_sets) > 3:
        facts.append((say("And"), say("is in {sets}", sets=to_count(len(cut_sets) - 3, "more such set"))))
    return tuple(facts)
