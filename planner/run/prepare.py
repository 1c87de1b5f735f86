"""From a study to the problem that every command starts from."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from planner.network import Network, read_network
from planner.problem import Problem, to_problem
from planner.progress import Progress
from planner.result import CorridorRecord
from planner.risk import find_risk_groups
from planner.risk.model import RiskGroups
from planner.run.memory import find_peak_mb, reset_peak
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


class Stopwatch:
    """Seconds per stage and the peak of memory at its end, in the order in which the stages ran."""

    def __init__(self, progress: Progress) -> None:
        self.seconds: dict[str, float] = {}
        self.peak_mb: dict[str, float] = {}
        reset_peak()
        self._progress = progress
        self._begin = time.perf_counter()

    @property
    def elapsed_s(self) -> float:
        """Seconds since the first stage could begin."""
        return time.perf_counter() - self._begin

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a stage, and tell the progress of it."""
        self._progress.tell(name)
        begin = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = round(self.seconds.get(name, 0.0) + time.perf_counter() - begin, 3)
            if (peak_mb := find_peak_mb()) is not None:
                self.peak_mb[name] = peak_mb


def prepare(study: Study | str | Path, stopwatch: Stopwatch) -> Prepared:
    """Read a study's network and find its risk groups.

    Parameters
    ----------
    study
        A study, or where to read one.
    stopwatch
        Times the stages.

    Raises
    ------
    InputError
        With every fault of the study and its files.
    """
    if not isinstance(study, Study):
        study = read_study(study)
    with stopwatch.stage("read"):
        network = read_network(study)
    return to_prepared(study, network, stopwatch)


def to_prepared(study: Study, network: Network, stopwatch: Stopwatch) -> Prepared:
    """Find the risk groups of a study's network."""
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
