"""What given cuts on the map sever, whom they isolate, and which detours are left."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np

from planner.drawing.progress import shows_progress
from planner.errors import Fault, InputError
from planner.network import Network
from planner.problem import BoolArray, FloatArray, IntArray, Problem, to_problem
from planner.progress import Progress
from planner.result import Detour, Outcome, PlacedCutSet, ReplayedCut, ReplayOutcome
from planner.risk import find_severed_spans, find_taken_sites, read_incident
from planner.risk.model import RiskGroups
from planner.run.aftermath import find_aftermath_of
from planner.run.laying import read_existing, read_with_candidates
from planner.run.placing import Placer
from planner.run.provenance import find_versions, hash_inputs
from planner.run.stopwatch import Stopwatch
from planner.study import Study, read_study
from planner.survival.active import to_active_graph
from planner.survival.cutsets import components
from planner.survival.detours import find_distances


@shows_progress
def replay(
    study: Study | str | Path,
    incident: str | Path,
    *,
    plan: Outcome | str | Path | None = None,
    progress: Progress | None = None,
) -> ReplayOutcome:
    """Cut the network where an incident cut it.

    Parameters
    ----------
    study
        A study, or where to read one.
    incident
        A file of points or lines, one per cut, in any format and CRS; columns ``id`` and ``name`` name them, and
        ``radius_m`` replaces the study's radius.
    plan
        What `planner.solve` gave, or a run folder, whose new routes are taken as built.
    progress
        Told what goes on.

    Returns
    -------
    ReplayOutcome
        What each cut severs and takes, which regions all of them together isolate, and the detours of the others.

    Raises
    ------
    InputError
        For faults of the study, the incident or the run folder.

    Notes
    -----
    Cuts sever every cuttable span within the radius, near sites too: what happened, happened. Where the study lets
    sites fail, they also take sites that are not protected, with all spans at them: with ``"disc"`` every one within
    the radius, with ``"single"`` each cut the nearest of these.

    Examples
    --------
    >>> outcome = planner.replay("towns", "incident.geojson")
    >>> outcome.isolated.isolated_regions
    ('hilltop', 'millbrook', 'southgate')
    """
    stopwatch = Stopwatch(progress or Progress())
    if not isinstance(study, Study):
        study = read_study(study)
    if isinstance(plan, Outcome):
        network = plan.network
    else:
        network = (read_existing if plan is None else read_with_candidates)(study, stopwatch)
    with stopwatch.stage("incident"):
        cuts = read_incident(Path(incident), network.crs)
    problem = to_problem(network, RiskGroups.none())
    routes = _find_routes(network, plan)
    with stopwatch.stage("replay"):
        taken, hit = _find_damage(problem, network, cuts, study, routes)
        fallen = np.isin(np.arange(problem.num_sites), [site for sites in taken for site in sites])
        standing = problem.active_spans(routes)
        left = np.setdiff1d(standing, np.concatenate([np.zeros(0, dtype=np.int64), *hit]))
        detours, num_pairs = _find_detours(problem, network, standing, left, fallen)
        aftermath = find_aftermath_of(study, network, problem, Path(incident), routes)
    return ReplayOutcome(
        study=study,
        network=network,
        incident=Path(incident).name,
        plan_routes=tuple(network.routes["route_id"].iloc[list(routes)]),
        cuts=_to_cuts(cuts, hit, taken),
        isolated=_find_isolated(problem, network, routes, left, fallen),
        detours=detours,
        num_connected_pairs=num_pairs,
        inputs=hash_inputs(study),
        versions=find_versions(),
        fallen_regions=_find_fallen_regions(network, fallen),
        aftermath=aftermath,
    )


def _find_damage(
    problem: Problem, network: Network, cuts: gpd.GeoDataFrame, study: Study, routes: Sequence[int]
) -> tuple[tuple[tuple[int, ...], ...], list[IntArray]]:
    """Per cut the sites that it takes, and the standing spans that it severs, those at these sites included."""
    radius_m, standing = study.cuts.radius_m, problem.active_spans(routes)
    taken = find_taken_sites(network, cuts, radius_m=radius_m, sites_fail=study.cuts.sites_fail)
    severed = find_severed_spans(network, cuts, radius_m=radius_m)
    hit = []
    for spans, sites in zip(severed, taken, strict=True):
        at_sites = standing[np.isin(problem.span_ends[standing], sites).any(axis=1)]
        hit.append(np.union1d(np.intersect1d(spans, standing), at_sites).astype(np.int64))
    return taken, hit


def _find_fallen_regions(network: Network, fallen: BoolArray) -> tuple[str, ...]:
    """Regions of which every site fell."""
    regions = zip(network.regions["region_id"], network.regions["sites"], strict=True)
    return tuple(sorted(region_id for region_id, sites in regions if len(sites) and fallen[list(sites)].all()))


def _find_routes(network: Network, plan: Outcome | str | Path | None) -> tuple[int, ...]:
    """Indices of the routes that a plan chose."""
    if plan is None:
        return ()
    if isinstance(plan, Outcome):
        return tuple(sorted(new.route for new in plan.built.routes)) if plan.built else ()
    file = Path(plan) / "plan.json"
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
        chosen = document["selected"] or (document["protect_most"] or {}).get("selected", [])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError([Fault(str(file), "is no plan", "name a folder that planner solve wrote")]) from error
    index = {route_id: route for route, route_id in enumerate(network.routes["route_id"])}
    unknown = [route_id for route_id in chosen if route_id not in index]
    if unknown:
        what = f"its route {unknown[0]!r} is not in the study"
        raise InputError([Fault(str(file), what, "solve the study again")])
    return tuple(sorted(index[route_id] for route_id in chosen))


def _find_detours(
    problem: Problem, network: Network, standing: IntArray, left: IntArray, fallen: BoolArray
) -> tuple[tuple[Detour, ...], int]:
    length_km = network.spans["length_m"].to_numpy(dtype=np.float64) / 1000
    before = find_distances(problem, standing, length_km)
    after = find_distances(problem, left, length_km, fallen)
    region_ids = network.regions["region_id"].tolist()
    pairs = np.argwhere(np.triu(np.isfinite(after), k=1))
    detours = [_to_detour(region_ids, before, after, a, b) for a, b in pairs.tolist()]
    longer = [detour for detour in detours if detour.after_km > detour.before_km + 1e-6]
    longer.sort(key=lambda detour: (-detour.factor, detour.region_a, detour.region_b))
    return tuple(longer), len(pairs)


def _to_detour(region_ids: Sequence[str], before: FloatArray, after: FloatArray, a: int, b: int) -> Detour:
    return Detour(region_ids[a], region_ids[b], float(before[a, b]), float(after[a, b]))


def _find_isolated(
    problem: Problem, network: Network, routes: Sequence[int], left: IntArray, fallen: BoolArray
) -> PlacedCutSet:
    graph = to_active_graph(problem, routes)
    keep = np.isin(graph.spans, left)
    component = components(graph.keeping(keep))
    placer = Placer(problem, network, RiskGroups.none())
    return placer.place_at(component, graph.spans[~keep], fallen=fallen)


def _to_cuts(
    cuts: gpd.GeoDataFrame, hit: Sequence[IntArray], taken: Sequence[tuple[int, ...]]
) -> tuple[ReplayedCut, ...]:
    frame = cuts.to_crs("EPSG:4326")
    points = frame.geometry.representative_point()
    places = [(round(x, 7), round(y, 7)) for x, y in zip(points.x.tolist(), points.y.tolist(), strict=True)]
    return tuple(
        ReplayedCut(str(cut_id), str(name), place, tuple(spans.tolist()), sites)
        for cut_id, name, place, spans, sites in zip(frame["id"], frame["name"], places, hit, taken, strict=True)
    )
