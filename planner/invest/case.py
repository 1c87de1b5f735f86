"""The investment case of a study: risk before and after, a build order, and the money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from planner.invest.hazards import Ground, find_ground
from planner.invest.model import Investment, NetworkRisk, Phasing, Risk
from planner.invest.money import find_money
from planner.invest.phases import find_held_weight, find_phasing
from planner.invest.risk import find_network_risk
from planner.optimise.master import Settings
from planner.problem import Problem
from planner.progress import Progress

if TYPE_CHECKING:
    from planner.network.model import Network
    from planner.study import Study


def find_investment(
    study: Study,
    network: Network,
    problem: Problem,
    routes: Sequence[int] | None,
    settings: Settings,
    progress: Progress,
) -> Investment | None:
    """Work out what the study's tables `[invest]` and `[failures]` ask for; None where it has neither.

    Parameters
    ----------
    study, network, problem
        The study, read and as numbers.
    routes
        The plan's routes; None where there is no plan.
    settings, progress
        Of the solver.
    """
    if study.invest is None and study.failures is None:
        return None
    return _Case(study, network, problem, routes, settings, progress).find()


def find_person_hours(study: Study, network: Network, problem: Problem, routes: Sequence[int]) -> float | None:
    """Person-hours of isolation expected in a year with some routes built; None without `[failures]`.

    Parameters
    ----------
    study, network, problem
        The study, read and as numbers.
    routes
        Candidates that are built.
    """
    if study.failures is None:
        return None
    ground = find_ground(network, study, sorted(routes))
    region_ids = network.regions["region_id"].tolist()
    seed = study.solver.seed
    risk = find_network_risk(problem, ground, sorted(routes), study.failures, region_ids, seed=seed, is_simulated=False)
    return risk.person_hours


@dataclass(frozen=True, eq=False)
class _Case:
    study: Study
    network: Network
    problem: Problem
    routes: Sequence[int] | None
    settings: Settings
    progress: Progress

    def find(self) -> Investment:
        figures, routes = self.study.invest, sorted(self.routes or ())
        ground = find_ground(self.network, self.study, routes) if self.study.failures else None
        risk = self._find_risk(ground, routes) if ground else None
        if figures is None or self.routes is None:
            return Investment(None, risk, None)
        phasing, year_of = None, dict.fromkeys(routes, 0)
        if figures.budgets:
            phasing, year_of = find_phasing(
                self.problem,
                routes,
                self.network.routes["route_id"].tolist(),
                figures.budgets,
                figures.horizon_years,
                self.settings,
                self.progress,
            )
        hours = self._hours_by_year(ground, risk, year_of)
        if phasing and hours:
            phasing = _with_hours(phasing, hours)
        money = find_money(
            self.network,
            routes,
            figures,
            self.study.costs,
            year_of=year_of,
            saved_hours=[risk.before.person_hours - later for later in hours] if risk else (),
            protected_weight=self._find_protected(routes),
        )
        return Investment(money, risk, phasing)

    def _find_risk(self, ground: Ground, routes: Sequence[int]) -> Risk:
        before = self._find_network_risk(ground, (), is_simulated=True)
        after = before
        if routes:
            after = self._find_network_risk(ground, routes, is_simulated=True)
        return Risk(before, None if self.routes is None else after)

    def _find_network_risk(self, ground: Ground, routes: Sequence[int], *, is_simulated: bool) -> NetworkRisk:
        if self.study.failures is None:
            raise AssertionError("there is ground only where there are figures of failures")
        region_ids = self.network.regions["region_id"].tolist()
        return find_network_risk(
            self.problem,
            ground,
            routes,
            self.study.failures,
            region_ids,
            seed=self.study.solver.seed,
            is_simulated=is_simulated,
        )

    def _hours_by_year(self, ground: Ground | None, risk: Risk | None, year_of: Mapping[int, int]) -> list[float]:
        """Person-hours of isolation in each year of the horizon, with what is built by its beginning.

        Where time has run out, a year between now and the whole plan is taken to be as the year before it.
        """
        if self.study.invest is None or ground is None or risk is None or risk.after is None:
            return []
        known = {(): risk.before.person_hours, tuple(sorted(self.routes or ())): risk.after.person_hours}
        hours: list[float] = []
        for year in range(self.study.invest.horizon_years):
            built = tuple(sorted(route for route, since in year_of.items() if since <= year))
            if built not in known and self.progress.should_stop:
                known[built] = hours[-1] if hours else risk.before.person_hours
            if built not in known:
                known[built] = self._find_network_risk(ground, built, is_simulated=False).person_hours
            hours.append(known[built])
        return hours

    def _find_protected(self, routes: Sequence[int]) -> float:
        before, after = (find_held_weight(self.problem, built, self.settings, self.progress) for built in ((), routes))
        return after - before


def _with_hours(phasing: Phasing, hours: Sequence[float]) -> Phasing:
    phases = (replace(phase, person_hours=hours[phase.year]) for phase in phasing.phases)
    return replace(phasing, phases=tuple(phases))
