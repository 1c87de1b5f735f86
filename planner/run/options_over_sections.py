"""Other choices where every section of the corridors is a candidate."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from planner.invest.options import Choice
from planner.optimise.plan import Plan
from planner.problem import Problem
from planner.run.options import OptionSearch
from planner.run.prepare import Prepared

_NUMBER = re.compile(r"-\d+$")


@dataclass
class SectionOptionSearch(OptionSearch):
    """As `OptionSearch`, over sections.

    Budgets, leases and what could be held where no plan holds everybody are not sought. A plan has no number of routes,
    and what all plans share is a length.

    Parameters
    ----------
    joined, built
        The study with its plan's routes joined up, and which those are.
    """

    joined: Prepared | None = None
    built: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        self.asked = self.asked.model_copy(update={"budgets": 0, "lease_per_km": {}})

    def _to_kinds(self) -> list[tuple[str, float]]:
        share, routes = self.asked.cost_share, self.prepared.network.routes
        kinds = set(routes["kind"][routes["status"] == "candidate"]) & set(self.study.costs.per_km)
        return [(kind, factor) for kind in sorted(kinds) for factor in (1 - share, 1 + share)] if share else []

    def _at_price(self, kind: str, factor: float) -> Choice:
        is_kind = (self.prepared.network.routes["kind"] == kind).to_numpy(dtype=bool)
        cost = np.where(is_kind, factor, 1.0) * self.problem.route_cost
        return self._solve(replace(self.problem, route_cost=cost), self.study.minimise)

    def _hold_most(self, problem: Problem, choice: Choice) -> Choice:  # noqa: ARG002
        return choice

    def _find_upkeep(self, routes: Sequence[int]) -> float:  # noqa: ARG002
        joined = self.joined or self.prepared
        return self._find_upkeep_of(joined.network, self.built)

    def _find_hours(self, choice: Choice) -> float | None:
        return self._find_hours_of(self.joined or self.prepared, self.built if choice.routes else (), self.built)

    def _to_choice(self, problem: Problem, plan: Plan) -> Choice:
        choice = super()._to_choice(problem, plan)
        objective, bound = (
            {key: value for key, value in one.items() if key != "routes"} for one in (choice.objective, choice.bound)
        )
        return replace(choice, routes=_name_alike(choice.routes), objective=objective, bound=bound)

    def _count(self, plans: Sequence[Choice]) -> tuple[tuple[str, int], ...]:  # noqa: ARG002
        return ()

    def _find_shared_km(self, plans: Sequence[Choice]) -> float | None:
        shared = set.intersection(*(set(choice.routes) for choice in plans)) if plans else set()
        routes = self.prepared.network.routes
        length_km = dict(zip(map(_to_line, routes["route_id"]), routes["length_km"], strict=True))
        return math.fsum(length_km[_to_line(section_id)] for section_id in shared)


def _name_alike(section_ids: Sequence[str]) -> tuple[str, ...]:
    """The same whichever of several sections on one line a plan happens to take: their ids differ by a number."""
    taken = Counter(map(_to_line, section_ids))
    return tuple(sorted(f"{one}-{n}" if n > 1 else one for one, num in taken.items() for n in range(1, num + 1)))


def _to_line(section_id: str) -> str:
    return _NUMBER.sub("", section_id)
