"""After a cut: who is isolated, which detours the others take, and whether what is left carries the traffic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from planner.errors import FaultList
from planner.network import Network
from planner.problem import BoolArray, FloatArray, IntArray, Problem
from planner.result import Aftermath, LoadedSpan, PairWays, PlacedCutSet, Survival, TrafficState
from planner.result.aftermath import MAX_REGIONS
from planner.risk import find_severed_spans, find_taken_sites, read_incident
from planner.risk.model import RiskGroups
from planner.run.demands import read_demands, share_out
from planner.run.placing import Placer
from planner.study import Study
from planner.survival.active import to_active_graph
from planner.survival.cutsets import components
from planner.survival.routing import Routing

MAX_PAIRS = 30

_CAPACITY = "capacity_gbps"


def find_aftermaths(
    study: Study,
    network: Network,
    risk_groups: RiskGroups,
    problem: Problem,
    before: Survival,
    routes: Sequence[int] | None,
) -> tuple[Aftermath, ...]:
    """Look at the incident that the study names, and at the worst attack on the network as it is.

    Parameters
    ----------
    study, network, risk_groups, problem
        The study.
    before
        What cuts do to the network as it is.
    routes
        The plan; None where there is none.

    Returns
    -------
    tuple of Aftermath
        None of the attack where the study names no incident and no traffic.
    """
    if (study.report.incident is None and study.traffic is None) or len(problem.region_weight) > MAX_REGIONS:
        return ()
    scene = Scene(study, network, problem, routes, read_demands(study, network))
    found = []
    if study.report.incident is not None:
        path, _ = study.locate(study.report.incident)
        found.append(scene.look("incident", path.name, *find_hit(study, network, problem, path, routes or ())))
    attack = before.worst_attack
    if attack is not None and attack.cut_set.groups:
        fallen = np.zeros(problem.num_sites, dtype=bool)
        fallen[list(attack.cut_set.fallen_sites)] = True
        hit = [span for group in attack.cut_set.groups for span in risk_groups.spans[group]]
        at_fallen = np.flatnonzero(fallen[problem.span_ends].any(axis=1))
        severed = np.union1d(np.array([*hit, *attack.cut_set.spans], dtype=np.int64), at_fallen)
        found.append(scene.look("attack", "", severed.astype(np.int64), fallen, len(attack.cut_set.groups)))
    return tuple(found)


def find_aftermath_of(
    study: Study, network: Network, problem: Problem, path: Path, routes: Sequence[int]
) -> Aftermath | None:
    """Look at one incident, with routes built where there are any; None for very many regions."""
    if len(problem.region_weight) > MAX_REGIONS:
        return None
    scene = Scene(study, network, problem, routes or None, read_demands(study, network))
    return scene.look("incident", path.name, *find_hit(study, network, problem, path, routes))


def check_files(study: Study) -> None:
    """Raise `InputError` where files that are read only after the plan was found are not there."""
    demands = study.traffic.demands if study.traffic else None
    named = (("report.incident", study.report.incident), ("traffic.demands", demands))
    faults = FaultList()
    for key, name in named:
        if name is not None and not study.locate(name)[0].is_file():
            faults.add(f"{study.path.name}, {key}", f"there is no file {name!r}", "mend the name or leave it out")
    faults.raise_if_any()


def find_hit(
    study: Study, network: Network, problem: Problem, path: Path, routes: Sequence[int]
) -> tuple[IntArray, BoolArray, int]:
    """Spans severed of the network with the routes built, sites that fall, and the number of cuts of an incident."""
    cuts = read_incident(path, network.crs)
    radius_m, standing = study.cuts.radius_m, problem.active_spans(routes)
    taken = find_taken_sites(network, cuts, radius_m=radius_m, sites_fail=study.cuts.sites_fail)
    severed = [span for spans in find_severed_spans(network, cuts, radius_m=radius_m) for span in spans]
    fallen = np.zeros(problem.num_sites, dtype=bool)
    fallen[[site for sites in taken for site in sites]] = True
    at_fallen = standing[fallen[problem.span_ends[standing]].any(axis=1)]
    hit = np.union1d(np.intersect1d(np.array(severed, dtype=np.int64), standing), at_fallen)
    return hit.astype(np.int64), fallen, len(cuts)


@dataclass(frozen=True, eq=False)
class Scene:
    """A network with and without a plan, ready to be cut; `routes` is None where there is no plan."""

    study: Study
    network: Network
    problem: Problem
    routes: Sequence[int] | None
    demand: FloatArray | None

    def look(self, key: str, name: str, severed: IntArray, fallen: BoolArray, num_cuts: int) -> Aftermath:
        """What is left of it after cuts."""
        nobody = np.zeros_like(fallen)
        uncut = self._route((), np.zeros(0, dtype=np.int64), nobody)
        cut = self._route((), severed, fallen)
        planned = None if self.routes is None else self._route(self.routes, severed, fallen)
        pairs, num_pairs = self._find_pairs(uncut, cut, planned)
        states = [("uncut", uncut), ("cut", cut), *([("planned", planned)] if planned else [])]
        return Aftermath(
            key=key,
            name=name,
            num_cuts=num_cuts,
            isolated=self._isolate((), severed, fallen),
            isolated_planned=None if self.routes is None else self._isolate(self.routes, severed, fallen),
            pairs=pairs,
            num_pairs=num_pairs,
            traffic=tuple(self._load(when, routing) for when, routing in states) if self.demand is not None else (),
        )

    def _route(self, routes: Sequence[int], severed: IntArray, fallen: BoolArray) -> Routing:
        left = np.setdiff1d(self.problem.active_spans(routes), severed)
        length_km = self.network.spans["length_m"].to_numpy(dtype=np.float64) / 1000
        return Routing(self.problem, left, length_km, fallen)

    def _isolate(self, routes: Sequence[int], severed: IntArray, fallen: BoolArray) -> PlacedCutSet:
        graph = to_active_graph(self.problem, routes)
        keep = ~np.isin(graph.spans, severed)
        placer = Placer(self.problem, self.network, RiskGroups.none())
        return placer.place_at(components(graph.keeping(keep)), graph.spans[~keep], fallen=fallen)

    def _find_pairs(self, uncut: Routing, cut: Routing, planned: Routing | None) -> tuple[tuple[PairWays, ...], int]:
        """The pairs that matter most of those whose way the cuts make longer or sever, and how many there are."""
        demand = self.demand if self.demand is not None else share_out(self.problem.region_weight, 1.0)
        whole = float(demand.sum()) or 1.0
        now, then = uncut.find_lengths(), cut.find_lengths()
        pairs = np.argwhere(np.triu(np.isfinite(now) & (then > now + 1e-6), k=1)).tolist()
        pairs.sort(key=lambda pair: (-demand[pair[0], pair[1]], pair))
        ids: list[str] = self.network.regions["region_id"].tolist()
        found = []
        for a, b in pairs[:MAX_PAIRS]:
            after_km, after_sites = cut.find_way(a, b)
            planned_km, planned_sites = planned.find_way(a, b) if planned else (None, ())
            share, ends = float(demand[a, b]) / whole, (ids[a], ids[b])
            found.append(PairWays(*ends, share, float(now[a, b]), after_km, after_sites, planned_km, planned_sites))
        return tuple(found), len(pairs)

    def _load(self, when: str, routing: Routing) -> TrafficState:
        if self.demand is None:
            raise AssertionError("loads need demands")
        loads, lost = routing.find_loads(self.demand)
        capacity = find_capacity(self.network)
        ratio = loads / np.maximum(capacity, 1e-12)
        order = [
            span for span in np.argsort(-ratio, kind="stable").tolist() if loads[span] > capacity[span] * (1 + 1e-9)
        ]
        return TrafficState(
            when=when,
            asked_gbps=float(self.demand.sum()),
            lost_gbps=lost,
            overloaded=tuple(LoadedSpan(span, float(loads[span]), float(capacity[span])) for span in order),
            num_unknown=int(((loads > 0) & np.isinf(capacity)).sum()),
        )


def find_capacity(network: Network) -> FloatArray:
    """(spans,) capacity in Gbit/s from the routes' column ``capacity_gbps``; infinite where it says nothing."""
    routes = network.routes
    if _CAPACITY not in routes.columns:
        return np.full(len(network.spans), np.inf)
    numbers = [_to_number(value) for value in routes[_CAPACITY].tolist()]
    capacity: FloatArray = np.array(numbers)[network.spans["route"].to_numpy(dtype=np.int64)]
    return capacity


def _to_number(value: object) -> float:
    """A number of 0 or more; infinite for anything else."""
    try:
        number = float(str(value))
    except ValueError:
        return np.inf
    return number if number >= 0 else np.inf
