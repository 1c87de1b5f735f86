"""How each solver is spoken to through PuLP: what it must be told, what it cannot be told, where its bound is read."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pulp

from planner.errors import Fault, InputError

if TYPE_CHECKING:
    from planner.optimise.master import Settings

type Options = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SolverKind:
    """How one solver is spoken to through PuLP.

    Parameters
    ----------
    pulp_name
        Its class in PuLP.
    remedy
        What to install.
    package
        The distribution whose version is the solver's.
    tell
        Keywords of PuLP's class, beyond those that all take, from settings and relative gap.
    read_bound
        The proved bound, from the solver's live model. Bounds that PuLP reads off logs are not used: CBC prints
        impossible ones when it stops at a limit.
    deaf_to
        What it cannot be told.
    """

    pulp_name: str
    remedy: str = ""
    package: str = ""
    tell: Callable[[Settings, float], Options] = lambda _settings, _gap: {}
    read_bound: Callable[[Any], float] | None = None
    deaf_to: tuple[str, ...] = ()


def _tell_cbc(settings: Settings, _gap: float) -> Options:
    # 0 means the time of day to CBC; a hundred threads more than wanted means that the search can be repeated
    seed = 1 + settings.seed % (2**31 - 2)
    threads = 100 + settings.threads if settings.threads > 1 else None
    return {"randomSeed": seed, "options": [f"randomCbcSeed {seed}"], "threads": threads}


def _tell_scip(settings: Settings, _gap: float) -> Options:
    return {"options": [f"randomization/randomseedshift={settings.seed}"], "threads": None}


def _tell_gurobi(settings: Settings, _gap: float) -> Options:
    return {"OutputFlag": 0, "Threads": settings.threads, "Seed": settings.seed % 2_000_000_001}


def _tell_xpress(settings: Settings, _gap: float) -> Options:
    return {"options": [("THREADS", settings.threads), ("RANDOMSEED", settings.seed)]}


def _tell_mosek(settings: Settings, gap: float) -> Options:
    return {
        "options": {
            "MSK_DPAR_MIO_TOL_REL_GAP": gap,
            "MSK_IPAR_NUM_THREADS": settings.threads,
            "MSK_IPAR_MIO_SEED": settings.seed,
        }
    }


KINDS: dict[str, SolverKind] = {
    "HiGHS": SolverKind("HiGHS", "install highspy", "highspy"),
    "CBC": SolverKind("COIN_CMD", 'pip install "fibre-resilience-planner[cbc]"', "cbcbox", _tell_cbc),
    "SCIP": SolverKind(
        "SCIP_PY",
        'pip install "fibre-resilience-planner[scip]"',
        "pyscipopt",
        _tell_scip,
        lambda model: float(model.getDualbound()),
        deaf_to=("threads",),
    ),
    "GLPK": SolverKind(
        "GLPK_CMD",
        "install glpsol, for example with apt install glpk-utils",
        tell=lambda settings, gap: {"options": ["--mipgap", str(gap), "--seed", str(settings.seed)]},
        deaf_to=("threads",),
    ),
    "Gurobi": SolverKind(
        "GUROBI",
        "pip install gurobipy, and its licence",
        "gurobipy",
        _tell_gurobi,
        lambda model: float(model.ObjBound),
    ),
    "CPLEX": SolverKind(
        "CPLEX_PY",
        "pip install cplex, and its licence",
        "cplex",
        lambda settings, _gap: {"randomseed": settings.seed},
        lambda model: float(model.solution.MIP.get_best_objective()),
    ),
    "XPRESS": SolverKind(
        "XPRESS_PY",
        "pip install xpress, and its licence",
        "xpress",
        _tell_xpress,
        lambda model: float(model.attributes.bestbound),
    ),
    "COPT": SolverKind(
        "COPT",
        "pip install coptpy, and its licence",
        "coptpy",
        # PuLP does not pass a gap of zero on
        lambda settings, gap: {"Threads": settings.threads, "RelGap": gap},
        lambda model: float(model.BestBnd),
        deaf_to=("seed",),
    ),
    "MOSEK": SolverKind("MOSEK", "pip install mosek, and its licence", "mosek", _tell_mosek),
}
"""The solvers with a mapping of their own. Any other name is taken for a class of PuLP."""


def find_kind(name: str) -> SolverKind:
    """How the solver of a name is spoken to.

    Raises
    ------
    InputError
        Where there is no such solver.
    """
    by_name = {known.casefold(): kind for known, kind in KINDS.items()}
    if name.casefold() in by_name:
        return by_name[name.casefold()]
    for known in pulp.listSolvers():
        if known.casefold() == name.casefold():
            return SolverKind(known, f"PuLP calls it {known}; install it", deaf_to=_find_deafness(known))
    from planner.study import SOLVERS, find_nearest

    nearest = find_nearest(name, SOLVERS)
    remedy = f"did you mean {nearest}?" if nearest else f"use one of {', '.join(KINDS)}"
    raise InputError([Fault("solver.name", f"there is no solver {name!r}", remedy)])


def _find_deafness(pulp_name: str) -> tuple[str, ...]:
    accepted = inspect.signature(type(pulp.getSolver(pulp_name, msg=False)).__init__).parameters
    names = {"timeLimit": "the time limit", "gapRel": "the gap", "threads": "threads"}
    return (*(what for key, what in names.items() if key not in accepted), "seed")
