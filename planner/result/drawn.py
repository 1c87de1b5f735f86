"""Results as layers of a drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.drawing import palette
from planner.drawing.layer import Layer
from planner.network.drawn import ROUTE_COLUMNS, SPAN_COLUMNS, only_areas, to_existing_layer, to_site_layers
from planner.result.frames.layers import to_new_routes_layer, to_rejected_routes_layer
from planner.result.frames.replay_layers import find_isolated_sites, find_severed_spans, to_cuts_layer
from planner.result.frames.risk_layers import to_critical_cuts_layer, to_regions_layer
from planner.result.frames.stretch_layer import to_critical_stretches_layer
from planner.result.frames.view import to_view

if TYPE_CHECKING:
    from planner.result.audit import AuditOutcome
    from planner.result.frames.view import MapView
    from planner.result.outcome import Outcome
    from planner.result.replay import ReplayOutcome

_CUT_NAMES = {
    "before": "cuts that isolate today",
    "after": "cuts that would still isolate",
    "blocking": "cuts that no plan survives",
}
_CUT_COLUMNS = ("when", "rank", "num_cuts", "group_id", "span_ids", "isolated_regions", "isolated_weight")
_STRETCH_NAMES = {1: "metres that isolate alone", 2: "metres that do so with one more cut"}
_STRETCH_COLUMNS = ("span_id", "from_m", "to_m", "length_m", "isolated_regions", "isolated_weight", "partner_group_id")


def to_result_layers(outcome: Outcome | AuditOutcome) -> list[Layer]:
    """Regions by what they survive, spans, new routes, critical stretches and cuts, sites: from bottom to top."""
    view = to_view(outcome)
    routes: list[Layer] = []
    if not view.is_audit:
        more = (*ROUTE_COLUMNS, "defends", "shares_with", "standing")
        rejected = to_rejected_routes_layer(view)
        routes = [
            Layer(
                "candidates not chosen",
                rejected,
                "line",
                palette.REJECTED,
                1.2,
                ROUTE_COLUMNS,
                is_dashed=True,
                is_shown=False,
            ),
            Layer("new routes", to_new_routes_layer(view), "line", palette.NEW, 3.5, more),
        ]
    return [
        *_to_region_layers(view),
        to_existing_layer(view.network),
        *routes,
        *_to_stretch_layers(view),
        *to_site_layers(view.network),
        *_to_cut_layers(view),
    ]


def to_replay_layers(outcome: ReplayOutcome) -> list[Layer]:
    """What stood, what the cuts severed, whom they isolated."""
    network = outcome.network
    planned = network.routes[network.routes["route_id"].isin(outcome.plan_routes).to_numpy(dtype=bool)]
    severed = palette.CRITICAL["before"]
    return [
        to_existing_layer(network),
        Layer("new routes", planned, "line", palette.NEW, 3.5, ROUTE_COLUMNS),
        Layer("severed spans", find_severed_spans(outcome), "line", severed, 3.0, SPAN_COLUMNS),
        *to_site_layers(network),
        Layer("isolated sites", find_isolated_sites(outcome), "point", severed, 8.0, ("site_id", "name", "region")),
        Layer(
            "cuts", to_cuts_layer(outcome), "point", palette.CRITICAL["blocking"], 5.0, ("cut_id", "name", "span_ids")
        ),
    ]


def _to_region_layers(view: MapView) -> list[Layer]:
    regions = only_areas(to_regions_layer(view))
    column = "survives_after" if view.after else "survives_before"
    survives = [palette.to_survival_step(value) for value in regions[column].astype(object)]
    columns = ("region_id", "name", "weight", "required_cuts", "survives_before", "survives_after")
    layers = []
    for step in sorted(set(survives), key=lambda step: -2 if step is None else step):
        name = "not known" if step is None else palette.to_survival_label(step)
        frame = regions[[value == step for value in survives]]
        colour = palette.to_survival_colour(step)
        layers.append(Layer(f"region: {name}", frame, "area", colour, columns=columns, opacity=0.6))
    return layers


def _to_cut_layers(view: MapView) -> list[Layer]:
    """What the study asks to survive is shown at first, as the report and the GeoPackage do; the others can be many."""
    cuts = to_critical_cuts_layer(view)
    layers = []
    for is_asked in (False, True):
        for when in ("after", "before", "blocking"):
            is_chosen = (cuts["when"] == when) & (cuts["within_requirement"] == is_asked)
            name = _CUT_NAMES[when] + ("" if is_asked else ", beyond what is asked")
            frame = cuts[is_chosen.to_numpy(dtype=bool)]
            colour, width = palette.CRITICAL[when], 6.0 if is_asked else 4.0
            is_shown = is_asked or when == "blocking"
            layers.append(Layer(name, frame, "point", colour, width, _CUT_COLUMNS, is_shown=is_shown))
    return layers


def _to_stretch_layers(view: MapView) -> list[Layer]:
    if not view.stretches:
        return []
    stretches = to_critical_stretches_layer(view)
    return [
        Layer(
            _STRETCH_NAMES[num_cuts],
            stretches[(stretches["num_cuts"] == num_cuts).to_numpy(dtype=bool)],
            "line",
            palette.STRETCH[num_cuts],
            width,
            _STRETCH_COLUMNS,
        )
        for num_cuts, width in ((2, 3.0), (1, 4.0))
    ]
