"""Writes a small working study to start from."""

from __future__ import annotations

import json
import tomllib
from importlib import resources
from pathlib import Path

from planner.errors import Fault, InputError
from planner.study.annotated import to_toml
from planner.study.model import STUDY_FILE
from planner.study.schema import SCHEMA_FILE, to_json_schema


def write_starter(folder: Path, *, is_annotated: bool = False) -> tuple[Path, ...]:
    """Write the study of seven invented towns.

    Parameters
    ----------
    folder
        Where to; made if it does not exist.
    is_annotated
        Whether study.toml names every key there is, with a JSON Schema for editors beside it.

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
        if is_annotated:
            written.append(_annotate(folder))
    except OSError as error:
        raise InputError([Fault(str(folder), f"cannot be written to: {error.strerror}", "name another")]) from error
    return tuple(written)


def _annotate(folder: Path) -> Path:
    """Name every other key in the study, commented out; the schema that it names is written beside it."""
    file, schema = folder / STUDY_FILE, folder / SCHEMA_FILE
    file.write_text(to_toml(tomllib.loads(file.read_text(encoding="utf-8"))), encoding="utf-8", newline="\n")
    schema.write_text(json.dumps(to_json_schema(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")
    return schema
