"""Which solvers and extras this installation has, and whether they can be loaded."""

from __future__ import annotations

import platform
from dataclasses import asdict, dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Literal

from planner.errors import PlannerError
from planner.optimise.kinds import KINDS
from planner.optimise.solvers import check_solver, find_version
from planner.run.provenance import find_versions

# extra -> distribution, module, what it is for
EXTRAS = {
    "dask": ("distributed", "distributed", "planner sweep --scheduler"),
    "parquet": ("pyarrow", "pyarrow", "sweep.parquet"),
    "pdf": ("weasyprint", "weasyprint", "report.pdf"),
    "profile": ("pyinstrument", "pyinstrument", "planner solve --profile"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One thing looked at: whether it can be used, its version, or else what to do."""

    kind: Literal["needed", "solver", "extra"]
    name: str
    is_there: bool
    version: str = ""
    note: str = ""


def examine() -> tuple[Part, ...]:
    """Look at Python, the libraries that every run needs, the solvers and the extras."""
    needed = [Part("needed", name, found != "not installed", found) for name, found in find_versions().items()]
    needed.append(Part("needed", "system", is_there=True, version=platform.platform(terse=True)))
    solvers = [_examine_solver(name) for name in KINDS]
    return (*needed, *solvers, *(_examine_extra(extra) for extra in sorted(EXTRAS)))


def to_doctor_document(parts: tuple[Part, ...]) -> dict[str, Any]:
    """The findings as plain data."""
    return {"parts": [asdict(part) for part in parts]}


def to_doctor_lines(parts: tuple[Part, ...]) -> list[str]:
    """A line each."""
    lines: list[str] = []
    for kind, title in (("needed", "Needed"), ("solver", "Solvers"), ("extra", "Extras")):
        lines.append(title)
        for part in parts:
            if part.kind == kind:
                state = part.version if part.is_there else "not here"
                lines.append(f"  {part.name:<12} {state:<12} {part.note}".rstrip())
    return lines


def _examine_solver(name: str) -> Part:
    try:
        check_solver(name)
    except PlannerError as error:
        return Part("solver", name, is_there=False, note=str(error).rpartition("; ")[2])
    return Part("solver", name, is_there=True, version=find_version(name))


def _examine_extra(extra: str) -> Part:
    distribution, module, purpose = EXTRAS[extra]
    install = f'for {purpose}: pip install "fibre-resilience-planner[{extra}]"'
    try:
        found = version(distribution)
        import_module(module)
    except PackageNotFoundError:
        return Part("extra", extra, is_there=False, note=install)
    except Exception as error:  # a library of the system may be missing under it
        first = (str(error).splitlines() or [type(error).__name__])[0]
        return Part("extra", extra, is_there=False, version=found, note=f"{distribution} cannot be loaded: {first}")
    return Part("extra", extra, is_there=True, version=found, note=f"for {purpose}")
