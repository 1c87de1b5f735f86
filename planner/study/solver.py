"""The table of the solver, and the names that solvers go by."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator

from planner.study.near import suggest
from planner.study.section import Section, Text

SOLVERS = (
    *("HiGHS", "CBC", "SCIP", "GLPK", "Gurobi", "CPLEX", "XPRESS", "MOSEK", "COPT"),
    *("CHOCO_CMD", "COINMP_DLL", "COIN_CMD", "COPT_CMD", "COPT_DLL", "CPLEX_CMD", "CPLEX_PY", "CPSAT", "CUOPT", "CyLP"),
    *("FSCIP_CMD", "GLPK_CMD", "GUROBI_CMD", "HiGHS_CMD", "MIPCL_CMD", "PYGLPK", "SAS94", "SASCAS", "SCIP_CMD"),
    *("SCIP_PY", "XPRESS_PY"),
)
"""Names of solvers: the usual ones, then PuLP's names of its classes."""


class SolverSection(Section):
    """`[solver]`: which solver, and its limits."""

    name: Text = Field(default="HiGHS", description="The solver: HiGHS, CBC, SCIP, or another that PuLP can call.")
    cross_check: Text | None = Field(
        default=None, description="Another solver, which solves the final model again and has to find the same."
    )
    time_limit_s: float = Field(
        default=600.0, gt=0, description="Limit of the whole solve, survey included, in seconds."
    )
    gap: float = Field(default=0.0, ge=0, lt=1, description="Relative gap at which the solver may stop.")
    threads: int = Field(default=2, ge=1, description="Threads that the solver may use.")
    seed: int = Field(default=1, ge=0, le=2**31 - 1, description="Seed of every random choice.")
    when_infeasible: Literal["report", "protect-most"] = Field(
        default="report",
        description="protect-most: where no plan holds everybody, plan for the largest weight.",
    )

    @field_validator("name", "cross_check")
    @classmethod
    def _check_name(cls, name: str | None) -> str | None:
        return name if name is None else find_solver(name)


def find_solver(name: str) -> str:
    """The solver of a name, whatever its case; a ValueError that names the nearest where there is none."""
    by_key = {known.casefold(): known for known in reversed(SOLVERS)}
    if name.casefold() not in by_key:
        raise ValueError(f"no solver has that name; {suggest(name, SOLVERS)}")
    return by_key[name.casefold()]
