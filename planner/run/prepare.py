"""From a study to the problem that every command starts from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from planner.candidates.trenches import with_trenches
from planner.network import Network
from planner.problem import Problem, to_problem
from planner.result import CorridorRecord
from planner.risk import find_risk_groups
from planner.risk.model import RiskGroups
from planner.run.laying import read_existing, read_with_candidates
from planner.run.stopwatch import Stopwatch
from planner.study import Study, read_study
from planner.survival.limits import limit_ways


@dataclass(frozen=True, eq=False)
class Prepared:
    """A study read and turned into numbers."""

    study: Study
    network: Network
    risk_groups: RiskGroups
    problem: Problem
    corridors: CorridorRecord | None = None


def prepare(study: Study | str | Path, stopwatch: Stopwatch, *, lays_routes: bool = True) -> Prepared:
    """Read a study's network and find its risk groups.

    Parameters
    ----------
    study
        A study, or where to read one.
    stopwatch
        Times the stages.
    lays_routes
        Whether routes are laid along the corridors of a study that lists none.

    Raises
    ------
    InputError
        With every fault of the study and its files.
    """
    if not isinstance(study, Study):
        study = read_study(study)
    network = (read_with_candidates if lays_routes else read_existing)(study, stopwatch)
    return to_prepared(study, network, stopwatch)


def to_prepared(study: Study, network: Network, stopwatch: Stopwatch) -> Prepared:
    """Find the risk groups of a study's network, and the trenches that its candidates share."""
    candidates = study.candidates
    if candidates.share_trench and candidates.mode == "routes":
        with stopwatch.stage("trenches"):
            network = with_trenches(network, candidates.trench_m, study.costs.per_route)
    with stopwatch.stage("risk groups"):
        risk_groups = find_risk_groups(
            network,
            radius_m=study.cuts.radius_m,
            site_clearance_m=study.cuts.site_clearance_m,
            declared=study.cuts.declared,
            sites_fail=study.cuts.sites_fail,
        )
    problem = limit_ways(to_problem(network, risk_groups), network.regions["region_id"], study.detours)
    return Prepared(study, network, risk_groups, problem)
