"""Reads study.toml into a Study: every setting checked, every fault named at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from planner.errors import Fault, FaultList, InputError
from planner.study.faults import to_fault
from planner.study.model import SECTIONS, STUDY_FILE, Study
from planner.study.near import suggest


def read_study(path: str | Path) -> Study:
    """Read and check a study.

    Parameters
    ----------
    path
        A .toml file, or a folder with a study.toml.

    Returns
    -------
    Study
        Frozen; its files are not opened yet.

    Raises
    ------
    InputError
        With every fault of the file: where it cannot be read, unknown keys, wrong types, values out of range.

    Examples
    --------
    >>> study = planner.read_study("towns")
    >>> study.study.name, study.cuts.radius_m
    ('Seven towns, any one cut', 50.0)
    """
    file, settings = read_settings(path)
    return to_study(settings, file)


def read_settings(path: str | Path) -> tuple[Path, dict[str, Any]]:
    """A study's file, absolute, and what it says, unchecked; raises as `read_study` does."""
    file = _find_file(Path(path))
    return file, read_toml(file)


def to_study(settings: Mapping[str, Any], file: Path) -> Study:
    """Check settings as if they stood in a study's file.

    Parameters
    ----------
    settings
        Section to key to value, as TOML has them.
    file
        The study's file, absolute: its folder is what paths are relative to.

    Raises
    ------
    InputError
        With every fault.
    """
    faults = FaultList()
    for key in sorted(set(settings) - set(SECTIONS)):
        faults.add(f"{file.name}, {key}", "unknown section", suggest(key, SECTIONS))
    known = {key: value for key, value in settings.items() if key in SECTIONS}
    if isinstance(known.get("study"), dict):
        known["study"] = {"name": file.parent.name or "study"} | known["study"]
    try:
        study = Study.model_validate(known | {"path": file})
    except ValidationError as error:
        faults.faults += [to_fault(file.name, dict(entry)) for entry in error.errors()]
    faults.raise_if_any()
    return study


def _find_file(path: Path) -> Path:
    file = path / STUDY_FILE if path.is_dir() else path
    if not file.is_file():
        remedy = "give a .toml file, or a folder with a study.toml"
        if path.is_dir() and (others := sorted(entry.name for entry in path.glob("*.toml"))):
            remedy = f"give one of {', '.join(others)}"
        raise InputError([Fault(str(file), "there is no such file", remedy)])
    if file.suffix.lower() != ".toml":
        raise InputError([Fault(str(file), "is no .toml file", "give the study, not one of its inputs")])
    # a linked study.toml belongs to the folder that it is linked into
    return file.parent.resolve() / file.name


def read_toml(file: Path) -> dict[str, Any]:
    """What a TOML file says; faults name the line."""
    try:
        # utf-8-sig: some editors put a byte order mark first, which TOML forbids
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        fault = Fault(file.name, f"is not UTF-8 text (byte {error.start})", "save it as UTF-8")
    except tomllib.TOMLDecodeError as error:
        place = re.fullmatch(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", str(error))
        what = place[1] if place else str(error)
        where = f"line {place[2]}, column {place[3]}" if place and place[2] else "at its end"
        fault = Fault(f"{file.name}, {where}", f"is not valid TOML: {what}", "mend the line")
    except (ValueError, RecursionError):  # a number of thousands of digits, brackets thousands deep
        fault = Fault(file.name, "is not valid TOML: a number or a list in it is too long", "mend the file")
    except OSError as error:
        fault = Fault(str(file), f"cannot be read: {error.strerror}")
    raise InputError([fault])
