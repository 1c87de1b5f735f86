"""Proves a finished run again from its files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from planner.errors import Fault, InputError
from planner.export import find_input_states, read_run, to_run_problem
from planner.result import BrokenLimit
from planner.survival.verify import METHOD, verify


@dataclass(frozen=True, slots=True)
class RunVerification:
    """What a second look at a run folder says.

    Parameters
    ----------
    survives
        True when no cut set within the requirement separates regions.
    cut_sets_covered
        Number of cut sets that the verdict speaks of.
    method
        The algorithm.
    witness
        Where it does not survive: per cut the ids of the spans severed.
    witness_sites
        Per cut of the witness the ids of the sites that fall with it.
    long_way
        The limit that is broken, where these cuts separate nobody but make a way too long.
    inputs
        Input file to ``"same"``, ``"changed"`` or ``"missing"``.
    """

    survives: bool
    cut_sets_covered: int
    method: str
    witness: tuple[tuple[str, ...], ...] | None
    witness_sites: tuple[tuple[str, ...], ...]
    inputs: Mapping[str, str]
    long_way: BrokenLimit | None = None


def verify_run(folder: str | Path) -> RunVerification:
    """Prove with the second algorithm that the plan in a run folder survives what it promises.

    Parameters
    ----------
    folder
        A folder written by `planner solve`. Nothing else is needed.

    Raises
    ------
    InputError
        Where files are missing, broken or do not fit together, or there is no plan in them.

    Notes
    -----
    Survival is proved, optimality is not.

    Examples
    --------
    >>> outcome = planner.solve("towns")
    >>> planner.write_plan_json(outcome, "run")
    >>> planner.write_gis(outcome, "run")
    >>> planner.verify_run("run").survives
    True
    """
    run = read_run(Path(folder))
    if not run.has_plan:
        what = f"holds no plan to verify: its status is {run.document['status']}"
        raise InputError([Fault(str(folder), what, "solve the study with more candidates or more time")])
    verdict = verify(to_run_problem(run), run.new_routes)
    witness = None
    if verdict.witness is not None:
        witness = tuple(tuple(run.span_ids[span] for span in cut) for cut in verdict.witness)
    way = verdict.long_way
    long_way = None
    if way is not None:
        a, b = (run.region_ids[region] for region in way.regions)
        long_way = BrokenLimit(a, b, way.length_km, way.limit_km)
    return RunVerification(
        survives=verdict.survives,
        cut_sets_covered=verdict.cut_sets_covered,
        method=METHOD,
        witness=witness,
        witness_sites=tuple(tuple(run.site_ids[site] for site in sites) for sites in verdict.witness_sites),
        inputs=find_input_states(run),
        long_way=long_way,
    )
