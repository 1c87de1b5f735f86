"""The integer program behind the worst attack: which cuts, under rows that bound what they isolate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp

from planner.problem import BoolArray, FloatArray
from planner.survival.hits import Row

_MAX_ROWS_AT_ONCE = 15
_VIOLATION = 1e-4
_SOLVER_ERROR = 4
_TIGHT = 0.9  # stop a search for better attacks as soon as one is found


@dataclass(frozen=True, slots=True)
class Answer:
    """An attack that the rows think good enough (None where there is none), and the bound on all attacks."""

    attack: list[int] | None
    bound: float


class AttackBound:
    """Cuts as 0 or 1, the weight isolated as a number, and the rows found so far.

    Weights are given in shares of the total, so that the solver's tolerances mean the same on every network.

    Parameters
    ----------
    num_all
        Number of cuts to choose from.
    num_cuts
        Number of cuts in an attack.
    total_weight
        Of all regions.
    """

    def __init__(self, num_all: int, num_cuts: int, total_weight: float) -> None:
        self.num_all = num_all
        self.total_weight = total_weight
        self.num_nodes = 0
        self.is_useful: BoolArray = np.ones(num_all, dtype=bool)
        """(cuts,) the cuts to choose from: the others stay at 0."""
        self._rows = [np.append(np.ones(num_all), 0.0)]
        self._limits = [float(num_cuts)]

    def add(self, rows: Sequence[Row]) -> None:
        """Add rows."""
        for row in rows:
            self._rows.append(np.append(-row.weights / self.total_weight, 1.0))
            self._limits.append(row.constant / self.total_weight)

    def add_violated(self, rows: Sequence[Row], shares: FloatArray, bound: float) -> bool:
        """Add those rows that lower the bound most at the given shares; whether there were any."""
        lows = sorted((row.value(shares), number) for number, row in enumerate(rows))
        limit = bound - _VIOLATION * self.total_weight
        chosen = [rows[number] for value, number in lows[:_MAX_ROWS_AT_ONCE] if value < limit]
        self.add(chosen)
        return bool(chosen)

    def forbid(self, attack: Sequence[int]) -> None:
        """Rule out one attack."""
        row = np.full(self.num_all, -1.0)
        row[list(attack)] = 1.0
        self._rows.append(np.append(row, 0.0))
        self._limits.append(len(attack) - 1.0)

    def relax(self) -> tuple[float, FloatArray]:
        """The bound when cuts may be taken in part, and the (cuts,) shares taken."""
        result = self._run(np.zeros(self.num_all + 1), 0.0, {"presolve": False})
        if result.x is None:
            return self.total_weight, np.zeros(self.num_all)
        return -result.fun * self.total_weight, np.clip(result.x[:-1], 0.0, 1.0)

    def solve(self, at_least: float, time_limit_s: float, max_nodes: int | None) -> Answer:
        """An attack that isolates `at_least` as far as the rows know; the bound is that where none exists."""
        options: dict[str, object] = {"mip_rel_gap": _TIGHT}
        if np.isfinite(time_limit_s):
            options["time_limit"] = max(time_limit_s, 0.01)
        if max_nodes is not None:
            options["node_limit"] = max_nodes
        whole = np.append(np.ones(self.num_all), 0.0)
        result = self._run(whole, at_least / self.total_weight, options)
        self.num_nodes += max(1, int(result.get("mip_node_count") or 0))
        if result.x is not None:
            return Answer(np.flatnonzero(result.x[:-1] > 0.5).tolist(), self._to_bound(result))
        is_infeasible = result.status == 2
        return Answer(None, at_least if is_infeasible else self._to_bound(result))

    def _to_bound(self, result: OptimizeResult) -> float:
        bound = result.get("mip_dual_bound")
        return self.total_weight if bound is None or not np.isfinite(bound) else -float(bound) * self.total_weight

    def _run(self, whole: FloatArray, at_least: float, options: dict[str, object]) -> OptimizeResult:
        num = self.num_all + 1
        lower, upper = np.zeros(num), np.append(self.is_useful.astype(np.float64), 1.0)
        lower[-1] = min(at_least, 1.0)
        objective = np.zeros(num)
        objective[-1] = -1.0
        rows = LinearConstraint(sparse.csr_matrix(np.array(self._rows)), ub=np.array(self._limits))
        result = milp(objective, integrality=whole, bounds=Bounds(lower, upper), constraints=rows, options=options)
        if result.status == _SOLVER_ERROR:  # seen on tiny programs; then the same without the lower bound goes through
            lower[-1] = 0.0
            plain = options | {"mip_rel_gap": 0.0}
            result = milp(objective, integrality=whole, bounds=Bounds(lower, upper), constraints=rows, options=plain)
        return result
