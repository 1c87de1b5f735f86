"""Reads everything a study names and says what is wrong, repaired or doubtful; changes nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from planner.drawing.progress import shows_progress
from planner.network import Network
from planner.network.entrance_notes import remark_entrances
from planner.network.notes import Notes
from planner.progress import Progress
from planner.run.laying import read_with_candidates
from planner.run.stopwatch import Stopwatch
from planner.run.vague_notes import remark_vague_pairs
from planner.study import Study, read_study


@shows_progress
def check(study: Study | str | Path, *, progress: Progress | None = None) -> Network:
    """Read a study's files and look for doubts that only a check asks for.

    Parameters
    ----------
    study
        A study, or where to read one.
    progress
        Told what goes on.

    Returns
    -------
    Network
        Its `remarks` list every repair and every doubt.

    Raises
    ------
    InputError
        With every fault of the study and its files.

    Examples
    --------
    >>> network = planner.check("towns")
    >>> len(network.sites), len(network.spans), len(network.remarks) > 0
    (7, 13, True)
    """
    study = study if isinstance(study, Study) else read_study(study)
    network, notes = read_with_candidates(study, Stopwatch(progress or Progress())), Notes()
    remark_entrances(network, study, notes)
    remark_vague_pairs(network, study, notes)
    return replace(network, remarks=(*network.remarks, *notes.remarks))
