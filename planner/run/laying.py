"""Lays candidate routes along a study's corridors where it lists none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import geopandas as gpd

from planner.candidates import find_corridors, propose_routes
from planner.errors import Fault, InputError
from planner.network import Network, read_network
from planner.network.model import Remark
from planner.problem import to_problem
from planner.progress import Progress
from planner.risk import find_risk_groups
from planner.run.stopwatch import Stopwatch
from planner.study import Study, read_study


def needs_laying(study: Study) -> bool:
    """Whether a study names corridors to lay routes along, and no routes."""
    settings = study.candidates
    return bool(settings.corridors) and settings.routes is None and settings.mode == "routes"


def read_with_candidates(study: Study, stopwatch: Stopwatch) -> Network:
    """Read a study's network, with candidates laid along its corridors where it lists none.

    Raises
    ------
    InputError
        With every fault of the study's files.
    """
    if study.candidates.mode == "sections":  # a list, and what is chosen of it, is there to be compared with
        study = _without_choice(study, routes=None)
    if not needs_laying(study):
        with stopwatch.stage("read"):
            return read_network(study)
    with stopwatch.stage("read"):
        existing = _read_unchosen(study)
    with stopwatch.stage("candidates"):
        candidates, remarks = _lay(study, existing)
        network = read_network(study, candidates)
    return replace(network, remarks=(*network.remarks, *remarks))


def read_existing(study: Study, stopwatch: Stopwatch) -> Network:
    """Read a study's network without laying routes."""
    with stopwatch.stage("read"):
        return _read_unchosen(study) if needs_laying(study) else read_network(study)


def _read_unchosen(study: Study) -> Network:
    """Read the network without the choice of candidates, which may name some that are not laid yet."""
    return read_network(_without_choice(study))


def _without_choice(study: Study, **settings: None) -> Study:
    """The study without the choice of candidates, and with other settings of these."""
    nothing = {"required": (), "forbidden": (), "decisions": None}
    return study.model_copy(update={"candidates": study.candidates.model_copy(update=nothing | settings)})


def _lay(study: Study, existing: Network) -> tuple[gpd.GeoDataFrame, tuple[Remark, ...]]:
    """Candidates, and what the corridors gave to remark."""
    corridors = find_corridors(study, existing)
    cuts = study.cuts
    risk_groups = find_risk_groups(
        existing,
        radius_m=cuts.radius_m,
        site_clearance_m=cuts.site_clearance_m,
        declared=cuts.declared,
        sites_fail=cuts.sites_fail,
    )
    candidates = propose_routes(corridors, existing, study, to_problem(existing, risk_groups))
    return candidates, corridors.remarks


def lay_candidates(study: Study | str | Path, *, progress: Progress | None = None) -> gpd.GeoDataFrame:
    """Lay candidate routes along the corridors of a study.

    Parameters
    ----------
    study
        A study, or where to read one. Its own list of candidates, if any, is left aside.
    progress
        Told what goes on.

    Returns
    -------
    GeoDataFrame
        As `planner.candidates.propose_routes` returns it.

    Raises
    ------
    InputError
        With every fault of the study and its files, or where it names no corridors.
    """
    study = study if isinstance(study, Study) else read_study(study)
    if not study.candidates.corridors:
        where = f"{study.path.name}, candidates.corridors"
        raise InputError([Fault(where, "the study names no corridors", "name a file of lines and its kind")])
    settings = study.candidates.model_copy(update={"routes": None, "mode": "routes"})
    study = study.model_copy(update={"candidates": settings})
    stopwatch = Stopwatch(progress or Progress())
    existing = read_existing(study, stopwatch)
    with stopwatch.stage("candidates"):
        return _lay(study, existing)[0]
