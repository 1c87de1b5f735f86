"""The same audit at several radii: how much the answer hangs on how wide one cut is taken to be."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from planner.errors import Fault, InputError
from planner.network import Network
from planner.problem import Problem, to_problem
from planner.progress import Progress
from planner.result import RadiusAudit
from planner.risk import find_risk_groups
from planner.study import Study
from planner.survival.active import ActiveGraph, to_active_graph
from planner.survival.cutsets import components, count_separating_sets, find_separating_sets
from planner.survival.isolation import RegionIndex
from planner.survival.regions import find_endurance

MAX_CUTS = 2
_WHERE = "--radii"
_REMEDY = "give metres, such as 5,50,500"


def to_radii(text: str) -> tuple[float, ...]:
    """Radii from text such as ``"5,50,500"``, ascending, each once.

    Raises
    ------
    InputError
        Where there are none, or some are no numbers of 0 or more.
    """
    words = [word.strip() for word in text.split(",")]
    if not any(words):
        raise InputError([Fault(_WHERE, "names no radius", _REMEDY)])
    return check_radii([_to_number(word) for word in words], words)


def check_radii(radii: Sequence[float], words: Sequence[str] = ()) -> tuple[float, ...]:
    """The radii ascending, each once; raises `InputError` for one that is not a finite number of 0 or more."""
    names = words or [f"{radius:g}" for radius in radii]
    wrong = [repr(name) for name, radius in zip(names, radii, strict=True) if not 0 <= radius < math.inf]
    if wrong:
        what = f"{', '.join(wrong)} {'is no radius' if len(wrong) == 1 else 'are no radii'}: a number of 0 or more"
        raise InputError([Fault(_WHERE, what, _REMEDY)])
    return tuple(sorted({float(radius) + 0.0 for radius in radii}))


def _to_number(word: str) -> float:
    """A number written plainly; not a number otherwise."""
    try:
        return float(word) if "_" not in word else math.nan
    except ValueError:
        return math.nan


def find_radii(study: Study, network: Network, radii: Sequence[float], progress: Progress) -> tuple[RadiusAudit, ...]:
    """Audit the network as it is at each radius.

    Parameters
    ----------
    study
        Every other setting is the study's own, `site_clearance_m` too.
    network
        Its network.
    radii
        In metres.
    progress
        Told which radius is being looked at.
    """
    audits = []
    for radius_m in check_radii(radii):
        progress.tell("radii", radius_m=radius_m)
        audits.append(_audit_at(study, network, radius_m))
    return tuple(audits)


def _audit_at(study: Study, network: Network, radius_m: float) -> RadiusAudit:
    cuts = study.cuts
    groups = find_risk_groups(
        network,
        radius_m=radius_m,
        site_clearance_m=cuts.site_clearance_m,
        declared=cuts.declared,
        sites_fail=cuts.sites_fail,
    )
    problem = to_problem(network, groups)
    graph = to_active_graph(problem)
    by_size = count_separating_sets(graph, problem.terminals, MAX_CUTS).by_size
    survives = np.array([region.survives for region in find_endurance(problem, (), MAX_CUTS)], dtype=np.int64)
    return RadiusAudit(
        radius_m=radius_m,
        num_groups=len(graph.cuts),
        num_shared_groups=int((graph.cuts.sizes > 1).sum()),
        largest_group=int(graph.cuts.sizes.max(initial=0)),
        num_cut_sets=by_size,
        num_surviving={num: int((survives >= num).sum()) for num in range(MAX_CUTS + 1)},
        worst_weight=_find_worst(problem, graph, find_separating_sets(graph, problem.terminals, 1)),
    )


def _find_worst(problem: Problem, graph: ActiveGraph, cut_sets: Sequence[tuple[int, ...]]) -> float:
    """The most weight that one cut isolates; every cut is tried where the network is separated uncut."""
    index = RegionIndex(problem)
    tried = [(cut,) for cut in range(len(graph.cuts))] if () in cut_sets else cut_sets
    return max((_weigh(index, graph, cut_set) for cut_set in tried), default=0.0)


def _weigh(index: RegionIndex, graph: ActiveGraph, cut_set: tuple[int, ...]) -> float:
    fallen = graph.fallen.copy()
    for cut in cut_set:
        fallen[graph.cut_sites[cut]] = True
    return index.isolation(components(graph, cut_set), fallen).weight
