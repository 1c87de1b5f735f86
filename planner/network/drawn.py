"""A network as layers of a drawing, and in short."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from planner.drawing import palette
from planner.drawing.card import to_card
from planner.drawing.layer import Layer
from planner.drawing.svg import to_svg

if TYPE_CHECKING:
    import geopandas as gpd

    from planner.network.model import Network

SPAN_COLUMNS = ("span_id", "route_id", "kind", "operator", "length_km")
ROUTE_COLUMNS = ("route_id", "kind", "operator", "length_km", "cost")


def to_network_layers(network: Network) -> list[Layer]:
    """Regions, candidates, existing spans and sites."""
    routes, regions = network.routes, network.regions
    columns = ("region_id", "name", "weight", "required_cuts")
    return [
        Layer("regions", only_areas(regions), "area", palette.REGION, columns=columns, opacity=0.5),
        Layer(
            "candidate routes",
            routes[(routes["status"] == "candidate").to_numpy(dtype=bool)],
            "line",
            palette.REJECTED,
            1.2,
            ROUTE_COLUMNS,
            is_dashed=True,
        ),
        to_existing_layer(network),
        *to_site_layers(network),
    ]


def to_existing_layer(network: Network) -> Layer:
    """Spans that exist."""
    spans = network.spans[~network.spans["is_candidate"].to_numpy(dtype=bool)]
    named = spans.assign(
        length_km=spans["length_m"].astype(float) / 1000,
        kind=network.routes["kind"].loc[spans["route"]].to_numpy(),
        operator=network.routes["operator"].loc[spans["route"]].to_numpy(),
    )
    return Layer("existing spans", named, "line", palette.EXISTING, 1.6, SPAN_COLUMNS)


def to_site_layers(network: Network) -> list[Layer]:
    """Sites that count for their regions, above those that do not."""
    is_terminal = network.sites["terminal"].to_numpy(dtype=bool)
    columns = ("site_id", "name", "region", "weight")
    junctions, sites = network.sites[~is_terminal], network.sites[is_terminal]
    return [
        Layer("junctions", junctions, "point", palette.SITE, 3.5, columns, outline=palette.REJECTED),
        Layer("sites", sites, "point", palette.SITE, 6.0, columns, outline=palette.EXISTING),
    ]


def only_areas(regions: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The regions that have polygons; the others are drawn as their sites."""
    return regions[regions.geom_type.isin(["Polygon", "MultiPolygon"]).to_numpy(dtype=bool)]


def to_network_card(network: Network) -> str:
    """What was read, what was repaired or is doubtful, and a small map."""
    is_candidate = (network.routes["status"] == "candidate").to_numpy(dtype=bool)
    remarks = Counter(remark.is_warning for remark in network.remarks)
    facts = [
        ("sites", f"{len(network.sites):,}"),
        ("routes", f"{(~is_candidate).sum():,} existing, {is_candidate.sum():,} candidates"),
        ("spans", f"{len(network.spans):,}"),
        ("regions", f"{len(network.regions):,}, {network.reach} of a region's sites must be held"),
        ("CRS", network.crs.to_string() if network.crs.to_epsg() else network.crs.name),
        ("remarks", f"{remarks[True]:,} doubts, {remarks[False]:,} repairs and notes" if remarks else ""),
    ]
    ranked = sorted(network.remarks, key=lambda remark: not remark.is_warning)
    rows = [("doubt" if one.is_warning else "repair", one.where, one.what) for one in ranked]
    svg = to_svg(to_network_layers(network), network.crs)
    return to_card("Network", facts, head=("", "where", "what"), rows=rows, svg=svg)
