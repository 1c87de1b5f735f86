"""What each placemark of the KML says: its name, its facts, its ids and its shape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from planner.drawing import palette
from planner.export.lonlat import to_lonlat
from planner.export.plain import to_plain

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

_WHEN = {"before": "today", "after": "with the plan", "blocking": "with every candidate built"}


@dataclass(frozen=True, slots=True)
class Mark:
    """One placemark.

    Parameters
    ----------
    name
        Shown beside it.
    style
        Id of its style in the document.
    facts
        Rows of the balloon; empty values are left out.
    ids
        The user's ids, for programs.
    shape
        Longitude and latitude; None where there is no place.
    is_shown
        False for marks that the reader switches on.
    """

    name: str
    style: str
    facts: Mapping[str, str]
    ids: Mapping[str, str]
    shape: BaseGeometry | None
    is_shown: bool = field(default=True)


def to_existing(layers: Mapping[str, gpd.GeoDataFrame]) -> list[Mark]:
    """Spans that are there today."""
    spans = layers["spans"]
    return [
        Mark(
            name=row["span_id"],
            style="existing",
            facts={
                "Route": row["route_id"],
                "From": row["a"],
                "To": row["b"],
                "Kind": row["kind"] or "",
                "Operator": row["operator"] or "",
                "Length": f"{row['length_km']:.1f} km",
            },
            ids={"span_id": row["span_id"], "route_id": row["route_id"]},
            shape=shape,
        )
        for row, shape in _iterate(spans[spans["status"] == "existing"])
    ]


def to_new(layers: Mapping[str, gpd.GeoDataFrame]) -> list[Mark]:
    """Routes to be built; none in an audit."""
    if "new_routes" not in layers:
        return []
    return [
        Mark(
            name=row["route_id"],
            style="new",
            facts={
                "From": row["a_name"] or row["a"],
                "To": row["b_name"] or row["b"],
                "Kind": row["kind"] or "",
                "Length": f"{row['length_km']:.1f} km",
                "Cost": f"{row['cost']:,.0f} {row['currency']}",
                "Defends": ", ".join(row["defends"]),
                "One cut also severs": ", ".join(row["shares_with"]),
            },
            ids={"route_id": row["route_id"], "a": row["a"], "b": row["b"]},
            shape=shape,
        )
        for row, shape in _iterate(layers["new_routes"])
    ]


def to_critical(layers: Mapping[str, gpd.GeoDataFrame]) -> list[Mark]:
    """Every cut of every critical cut set; those beyond what the study asks for are switched off at first."""
    return [
        Mark(
            name=f"Cut {row['cut'] or 0} of {row['num_cuts']}, cut set {row['cut_set']}",
            style=f"critical_{row['when']}",
            facts={
                "When": _WHEN[row["when"]],
                "Severs": ", ".join(row["span_ids"]),
                "Sites that fall": ", ".join(row.get("site_ids", [])),
                "Isolates": ", ".join(row["isolated_regions"]),
                "Weight isolated": f"{row['isolated_weight']:,.0f}",
            },
            ids={"cut_set": str(row["cut_set"]), "group_id": row["group_id"] or ""},
            shape=shape,
            is_shown=bool(row["within_requirement"]),
        )
        for row, shape in _iterate(layers["critical_cuts"])
    ]


def to_regions(layers: Mapping[str, gpd.GeoDataFrame], survives_column: str) -> list[Mark]:
    """Regions coloured by what they survive."""
    return [
        Mark(
            name=row["name"] or row["region_id"],
            style=_to_region_style(row[survives_column]),
            facts={
                "Region": row["region_id"],
                "Weight": f"{row['weight']:,.0f}",
                "Cuts to survive": str(row["required_cuts"]),
                "Survives today": _to_count(row["survives_before"]),
                "Survives with the plan": _to_count(row["survives_after"]),
            },
            ids={"region_id": row["region_id"]},
            shape=shape,
        )
        for row, shape in _iterate(layers["regions"])
    ]


def _to_region_style(survives: int | None) -> str:
    return "region" if survives is None else f"region{max(-1, min(survives, palette.MAX_SURVIVES))}"


def _to_count(survives: int | None) -> str:
    if survives is None:
        return ""
    return f"{survives} cuts" if survives >= 0 else "isolated without any cut"


def _iterate(frame: gpd.GeoDataFrame) -> Iterator[tuple[dict[str, Any], BaseGeometry | None]]:
    """Each row with plain values and its shape."""
    names = [str(name) for name in frame.columns if name != frame.geometry.name]
    for values, shape in zip(
        zip(*(frame[name] for name in names), strict=True), to_lonlat(frame.geometry), strict=True
    ):
        yield dict(zip(names, map(to_plain, values), strict=True)), shape
