"""Sweep -> variants: each a study with settings of its own, checked, and named by the hash of all that goes in."""

from __future__ import annotations

import copy
import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.errors import Fault, FaultList, InputError
from planner.run.provenance import hash_inputs
from planner.study import Study, put, read_settings, to_study, to_table
from planner.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.batch.sweepfile import Settings, Sweep

KEY_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Variant:
    """One study to solve.

    Parameters
    ----------
    study
        Checked, with its settings in place.
    source
        The study as the sweep's file names it.
    settings
        What the sweep sets, by dotted name.
    inputs
        File to sha256, as the run is to find them.
    key
        Hash of inputs, settings and version: two variants with the same key come to the same result.
    """

    study: Study
    source: str
    settings: Settings
    inputs: Mapping[str, str]
    key: str

    @property
    def folder_name(self) -> str:
        """Name of its run folder."""
        return f"{self.study.run_name}-{self.key}"

    @property
    def label(self) -> str:
        """``"france, cuts.simultaneous = 2"``."""
        return ", ".join([self.study.run_name, *(f"{key} = {to_text(value)}" for key, value in self.settings)])


def find_variants(sweep: Sweep) -> tuple[Variant, ...]:
    """Every study with every choice of settings, in the order of the sweep's file; the same one twice only once.

    Raises
    ------
    InputError
        With every fault of every study and of every setting, each once. Input files are read later: what is wrong
        with them is recorded as the failure of the variants that need them.
    """
    faults: dict[Fault, None] = {}
    found: dict[str, Variant] = {}
    hashes: dict[tuple[Path, ...], dict[str, str]] = {}
    for source in sweep.studies:
        try:
            file, table = _read(source, sweep)
        except InputError as error:
            faults.update(dict.fromkeys(error.faults))
            continue
        for settings in sweep.choices:
            try:
                study = to_study(to_changed(table, settings), file)
            except InputError as error:
                faults.update(dict.fromkeys(_to_located(fault, settings, sweep) for fault in error.faults))
                continue
            if study.input_files not in hashes:
                hashes[study.input_files] = hash_inputs(study)
            inputs = hashes[study.input_files]
            key = _to_key(study, sweep, inputs)
            found.setdefault(key, Variant(study, _to_name(source), settings, inputs, key))
    FaultList(list(faults)).raise_if_any()
    return tuple(found.values())


def to_changed(table: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
    """A study's table with settings put in; its title says which, and the solver takes one thread unless told."""
    changed: dict[str, Any] = copy.deepcopy(dict(table))
    names = {key for key, _ in settings}
    put(changed, "solver.threads", 1)
    for key, value in settings:
        put(changed, key, value)
    section = changed.get("study")
    if settings and "study.name" not in names and isinstance(section, dict) and isinstance(section.get("name"), str):
        section["name"] += " (" + ", ".join(f"{key} = {to_text(value)}" for key, value in settings) + ")"
    return changed


def to_text(value: Any) -> str:
    """A setting's value in one short line."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _read(source: str | Study, sweep: Sweep) -> tuple[Path, dict[str, Any]]:
    """A study's file and settings; of one in memory as it is there."""
    if isinstance(source, Study):
        return source.path, to_table(source)
    return read_settings(sweep.file.parent / source)


def _to_name(source: str | Study) -> str:
    return source.run_name if isinstance(source, Study) else source


def _to_located(fault: Fault, settings: Settings, sweep: Sweep) -> Fault:
    """A fault of a setting that the sweep's file holds is named there."""
    _file, separator, key = fault.where.partition(", ")
    is_ours = separator and any(key.partition("[")[0] in (name, name.rpartition(".")[0]) for name, _ in settings)
    return Fault(f"{sweep.file.name}, {key}", fault.what, fault.remedy) if is_ours else fault


def _to_key(study: Study, sweep: Sweep, inputs: Mapping[str, str]) -> str:
    place = Path(os.path.relpath(study.path, sweep.file.parent)).as_posix()
    said = {
        "planner": __version__,
        "study": place,
        "settings": study.model_dump(mode="json", exclude={"path"}),
        "inputs": dict(inputs),
    }
    text = json.dumps(said, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:KEY_LENGTH]
