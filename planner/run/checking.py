"""Reads everything a study names and says what is wrong, repaired or doubtful; changes nothing."""

from __future__ import annotations

from pathlib import Path

from planner.network import Network, read_network
from planner.study import Study, read_study


def check(study: Study | str | Path) -> Network:
    """Read a study's files.

    Parameters
    ----------
    study
        A study, or where to read one.

    Returns
    -------
    Network
        Its `remarks` list every repair and every doubt.

    Raises
    ------
    InputError
        With every fault of the study and its files.
    """
    return read_network(study if isinstance(study, Study) else read_study(study))
