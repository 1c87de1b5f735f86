"""Small maps: where each new route runs, and what the heaviest weak points isolate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely
from pyproj import Transformer
from shapely.geometry import MultiLineString, Point

from planner.report.language import say
from planner.report.model import Feature, Gallery, Layer, Picture
from planner.report.words import to_km, to_metres, to_money, to_sentence_list

if TYPE_CHECKING:
    from planner.report.basis import Basis
    from planner.report.separation import Separation
    from planner.result import NewRoute, PlacedCutSet, Survival

MAX_ROUTES = 24
MAX_WITNESSES = 3


def to_route_gallery(
    routes: tuple[NewRoute, ...], separations: dict[int, Separation], basis: Basis
) -> tuple[Gallery, ...]:
    """A locator map per new route, by id; none where nothing is built."""
    ordered = sorted(routes, key=lambda route: route.route_id)[:MAX_ROUTES]
    if not ordered:
        return ()
    pictures = tuple(
        _to_route_picture(i, route, separations.get(route.route), basis) for i, route in enumerate(ordered)
    )
    return (Gallery("routes", say("Where the new routes run"), _to_base(basis), pictures),)


def to_witness_gallery(survival: Survival, basis: Basis) -> tuple[Gallery, ...]:
    """A map per weak point, for the heaviest; those of no more cuts than asked come first."""
    placed = [(rank, cut_set) for rank, cut_set in enumerate(survival.cut_sets, start=1) if cut_set.places]
    sets = sorted(placed, key=lambda pair: len(pair[1].groups) > max(1, basis.cuts))[:MAX_WITNESSES]
    if not sets:
        return ()
    pictures = tuple(_to_witness_picture(rank, cut_set, basis) for rank, cut_set in sets)
    return (Gallery("witnesses", say("The heaviest weak points"), _to_base(basis), pictures),)


def to_separation_text(separation: Separation | None) -> str:
    """``"1,240 m (E-12)"``; empty where there is no other route."""
    if separation is None:
        return ""
    distance = to_metres(round(separation.distance_m))
    return say("{distance} ({route})", distance=distance, route=separation.route_id)


def _to_route_picture(number: int, route: NewRoute, separation: Separation | None, basis: Basis) -> Picture:
    labels, row = basis.labels, basis.network.routes.iloc[route.route]
    ends = labels.to_route_ends(route.route)
    defends = to_sentence_list(labels.to_regions(route.defends))
    facts = (
        (say("Length"), to_km(float(row["length_km"]))),
        (say("Cost"), to_money(float(row["cost"]), basis.settings.currency)),
        *(((say("Kind"), row["kind"]),) if isinstance(row["kind"], str) and row["kind"] else ()),
        *(((say("Nearest other route"), to_separation_text(separation)),) if separation else ()),
        *(((say("Defends"), defends),) if defends else ()),
    )
    layers = (
        Layer("new", say("New routes"), is_on=True, features=(Feature(row.geometry, route.route_id),)),
        _to_named_sites(labels.route_ends[route.route], basis),
    )
    title = say("{id}: {ends}", id=route.route_id, ends=ends)
    text = say(
        "Map of the network with the new route {id} from {start} to {end}.",
        id=route.route_id,
        **_to_ends(route.route, basis),
    )
    return Picture(f"route-{number + 1}", title, text, facts, layers)


def _to_ends(route: int, basis: Basis) -> dict[str, str]:
    a, b = basis.labels.route_ends[route]
    return {"start": basis.labels.sites[a], "end": basis.labels.sites[b]}


def _to_witness_picture(rank: int, cut_set: PlacedCutSet, basis: Basis) -> Picture:
    network, labels = basis.network, basis.labels
    to_metric = Transformer.from_crs("EPSG:4326", network.crs, always_xy=True)
    spans, sites = network.spans.geometry, network.sites.geometry
    cuts = tuple(Feature(Point(to_metric.transform(*place)), "") for place in cut_set.places)
    layers = (
        Layer("severed", "", is_on=True, features=tuple(Feature(spans.iloc[i], "") for i in cut_set.spans)),
        Layer("isolated", "", is_on=True, features=tuple(Feature(sites.iloc[i], "") for i in cut_set.isolated_sites)),
        Layer("before", "", is_on=True, features=cuts),
    )
    where = to_sentence_list(labels.to_places(cut_set), len(cut_set.places))
    isolated = basis.to_isolated(cut_set, limit=4)
    facts = (
        (say("Isolates"), isolated),
        (say("Severs"), to_sentence_list([labels.to_span(span) for span in cut_set.spans], 4)),
    )
    text = say("Map of the network with cuts {where}; the sites that they isolate are ringed.", where=where)
    title = say("Weak point {rank}: {where}", rank=rank, where=where)
    return Picture(f"witness-{rank}", title, text, facts, layers)


def _to_named_sites(sites: tuple[int, ...], basis: Basis) -> Layer:
    points, names = basis.network.sites.geometry, basis.labels.sites
    features = tuple(Feature(points.iloc[site], names[site], label=names[site]) for site in sites)
    return Layer("sites", say("Sites"), is_on=True, features=features)


def _to_base(basis: Basis) -> Layer:
    """The network as it is, as one thing: the ground of every small map."""
    spans = basis.network.spans
    lines = spans.geometry.to_numpy()[~spans["is_candidate"].to_numpy(dtype=bool)]
    whole = MultiLineString([part for part in shapely.get_parts(lines) if not part.is_empty])
    return Layer("base", say("Existing routes"), is_on=True, features=(Feature(whole, ""),))
