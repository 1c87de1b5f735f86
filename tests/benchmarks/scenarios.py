"""The peer that lists scenarios: a flow for every set of cuts, in one model, as it would be written down in PuLP."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
import pulp

from planner.problem import Problem

type Terms = list[tuple[pulp.LpVariable, float]]


@dataclass(frozen=True, slots=True)
class ScenarioAnswer:
    """What the model reached: its cost and bound, None where there is none, and its size."""

    is_optimal: bool
    cost: float | None
    bound: float | None
    seconds: float
    num_scenarios: int
    num_variables: int


def solve_scenarios(problem: Problem, *, time_limit_s: float) -> ScenarioAnswer:
    """The cheapest plan, from a model with a flow per scenario.

    Per level and set of so many cuts, one unit flows from the first region that owes the level to each other, over
    spans that stand: single-commodity flow, the smallest of the usual formulations. Sets of fewer cuts that other sets
    contain are left out. Sites that fall are not modelled.

    Parameters
    ----------
    problem
        What to build.
    time_limit_s
        Seconds for writing the model and for solving it, together.
    """
    begin = time.perf_counter()
    model = _Model(problem)
    num_scenarios = 0
    is_whole = True
    for level, severed in _scenarios(problem):
        if time.perf_counter() - begin > time_limit_s:
            is_whole = False
            break
        model.add_scenario(level, severed)
        num_scenarios += 1
    limit = time_limit_s - (time.perf_counter() - begin)
    stats = model.lp.solve(pulp.HiGHS(msg=False, threads=1, gapRel=0.0, timeLimit=limit)) if limit > 0 else None
    has_solution = stats is not None and stats.has_solution
    is_closed = stats is not None and stats.status == pulp.LpSolveStatus.Optimal
    return ScenarioAnswer(
        is_optimal=has_solution and is_whole and is_closed,
        cost=model.cost() if has_solution and is_whole else None,
        bound=stats.best_bound if stats else None,
        seconds=time.perf_counter() - begin,
        num_scenarios=num_scenarios,
        num_variables=model.num_variables,
    )


def find_maximal_cuts(problem: Problem) -> list[tuple[int, ...]]:
    """What one cut severs: groups and single spans that no other group contains; sorted."""
    cuttable = set(np.flatnonzero(problem.is_cuttable).tolist())
    groups = {frozenset(group.tolist()) & cuttable for group in problem.groups}
    groups |= {frozenset([span]) for span in cuttable}
    holders: dict[int, list[frozenset[int]]] = {}
    for group in groups:
        for span in group:
            holders.setdefault(span, []).append(group)
    return sorted(tuple(sorted(group)) for group in groups if group and not any(group < o for o in holders[min(group)]))


def _scenarios(problem: Problem) -> Iterator[tuple[int, set[int]]]:
    cuts = find_maximal_cuts(problem)
    for level in sorted({int(level) for level in problem.required_cuts if level >= 0}):
        for chosen in combinations(cuts, min(level, len(cuts))):
            yield level, {span for cut in chosen for span in cut}


class _Model:
    """A 0-1 variable per candidate, and flows."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._ends = problem.span_ends.tolist()
        self._route = problem.route_of_span.tolist()
        self.num_variables = 0
        self.lp = pulp.LpProblem("scenarios", pulp.LpMinimize)
        self._build = {r: self._variable(0, 1, "Integer") for r in problem.candidates.tolist()}
        self.lp.setObjective(_sum([(x, float(problem.route_cost[r])) for r, x in self._build.items()]))

    def cost(self) -> float:
        """Of the routes built."""
        costs = self._problem.route_cost.tolist()
        return float(sum(costs[route] for route, x in self._build.items() if (x.varValue or 0.0) > 0.5))

    def add_scenario(self, level: int, severed: set[int]) -> None:
        """A flow from the first region that owes the level to all others that do."""
        problem = self._problem
        owing = [problem.terminals[row].tolist() for row in np.flatnonzero(problem.required_cuts >= level).tolist()]
        most = float(len(owing) - 1)
        if most < 1:
            return
        into: list[Terms] = [[] for _ in range(problem.num_sites)]
        for span, (a, b) in enumerate(self._ends):
            if span not in severed:
                flow = self._flow(self._route[span], most)
                into[a].append((flow, -1.0))
                into[b].append((flow, 1.0))
        needs = self._needs(owing, into, most)
        for terms, need in zip(into, needs, strict=True):
            self.lp.addConstraint(_sum(terms) == need)

    def _flow(self, route: int, most: float) -> pulp.LpVariable:
        """Along one span, either way, if its route is there."""
        flow = self._variable(-most, most)
        if route in self._build:
            self.lp.addConstraint(_sum([(flow, 1.0), (self._build[route], -most)]) <= 0)
            self.lp.addConstraint(_sum([(flow, 1.0), (self._build[route], most)]) >= 0)
        return flow

    def _needs(self, owing: Sequence[Sequence[int]], into: list[Terms], most: float) -> list[float]:
        """What stays at each site; a region of several sites takes its unit, and the first gives, at any of them."""
        needs = [0.0] * len(into)
        if len(owing[0]) == 1:
            needs[owing[0][0]] -= most
        else:
            is_source = [(self._variable(0, 1, "Integer"), 1.0) for _ in owing[0]]
            self.lp.addConstraint(_sum(is_source) == 1)
            for site, (source, _) in zip(owing[0], is_source, strict=True):
                into[site].append((source, most))
        for sites in owing[1:]:
            if len(sites) == 1:
                needs[sites[0]] += 1.0
                continue
            taken = [(self._variable(0, 1), 1.0) for _ in sites]
            self.lp.addConstraint(_sum(taken) == 1)
            for site, (share, _) in zip(sites, taken, strict=True):
                into[site].append((share, -1.0))
        return needs

    def _variable(
        self, low: float, high: float, category: Literal["Continuous", "Integer"] = "Continuous"
    ) -> pulp.LpVariable:
        self.num_variables += 1
        return self.lp.add_variable(f"v{self.num_variables}", low, high, cat=category)


def _sum(terms: Terms) -> pulp.LpAffineExpression:
    return pulp.LpAffineExpression.from_list(terms)
