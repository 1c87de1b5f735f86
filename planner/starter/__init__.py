"""Writes a small working study to start from."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from planner.errors import Fault, InputError


def write_starter(folder: Path) -> tuple[Path, ...]:
    """Write the study of seven invented towns.

    Parameters
    ----------
    folder
        Where to; made if it does not exist.

    Returns
    -------
    tuple of Path
        The files written.

    Raises
    ------
    InputError
        When the folder is not empty or cannot be written to: nothing is overwritten.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise InputError([Fault(str(folder), "is not empty", "name a new folder")])
        written = []
        for source in sorted(resources.files(__name__).joinpath("study").iterdir(), key=lambda file: file.name):
            target = folder / source.name
            target.write_bytes(source.read_bytes())
            written.append(target)
    except OSError as error:
        raise InputError([Fault(str(folder), f"cannot be written to: {error.strerror}", "name another")]) from error
    return tuple(written)
