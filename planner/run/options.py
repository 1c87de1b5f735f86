"""Other choices: the plan sought again for other levels, budgets, radii and prices, and as leases."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from planner.invest.case import find_person_hours
from planner.invest.model import Investment
from planner.invest.money import find_money, to_factor
from planner.invest.options import BudgetPoint, Choice, CutsPoint, Options, Swing, Variant
from planner.invest.phases import find_held_weight, without_choice
from planner.network import Network
from planner.optimise.budget import solve_budget, to_keys
from planner.optimise.master import Settings
from planner.optimise.plan import Plan
from planner.optimise.protect import region_levels, with_levels
from planner.optimise.stages import solve as solve_problem
from planner.problem import BoolArray, FloatArray, Problem
from planner.progress import Progress
from planner.run.blocking import find_blocking
from planner.run.ceiling import find_ceiling
from planner.run.prepare import Prepared
from planner.run.repricing import find_kinds, find_leases, scale_price
from planner.run.retaking import take_radius
from planner.study.invest import InvestSection
from planner.study.options import OptionsSection

_MAX_CUTS_FOR_MOST = 2  # beyond, what is held is bounded at most: the search for cut sets of three takes minutes


@dataclass
class OptionSearch:
    """Every other choice that a study asks for, one point after the other.

    Parameters
    ----------
    prepared
        The study.
    plan, protected
        Its own plan, and where there is none the one that protects most.
    settings, progress
        Of the solver. The progress is told of every point, and its limit set anew for each.
    asked
        What is asked for.
    time_limit_s
        Of all points together. Each may take its equal share of what is left; points that are not begun in time say so.
    investment
        The study's own case, whose figures of risk are taken over.
    """

    prepared: Prepared
    plan: Plan
    protected: Plan | None
    settings: Settings
    progress: Progress
    asked: OptionsSection
    time_limit_s: float
    investment: Investment | None = None
    num_left: int = 0

    def __post_init__(self) -> None:
        self.problem = self.prepared.problem
        self.study = self.prepared.study
        self.route_ids: list[str] = self.prepared.network.routes["route_id"].tolist()
        self.end_s = time.perf_counter() + self.time_limit_s
        own = self.protected or self.plan
        self.own_cost = own.objective.get("cost", 0.0)

    def find(self) -> Options:
        """Find every point."""
        cuts = sorted(set(self.asked.cuts))
        budgets = self._to_budgets()
        radii, kinds, steps = self._to_radii(), self._to_kinds(), self._to_steps()
        self.num_left = len(cuts) + len(budgets) + len(radii) + 2 * len(kinds) + len(steps) + 3
        base = self._to_choice(self.problem, self.plan)
        at_cuts = tuple(CutsPoint(level, self._at_level(level)) for level in cuts)
        at_budgets = tuple(BudgetPoint(budget, self._for_money(budget)) for budget in budgets)
        variants = self._find_variants(base)
        swings = (
            *(Swing("radius", "", radius_m, self._at_radius(radius_m)) for radius_m in radii),
            *(Swing("price", kind, share, self._at_price(kind, share)) for kind, share in kinds),
            *(Swing("level", "", step, self._with_step(step)) for step in steps),
        )
        leased = [one.choice for one in variants if one.key == "lease"]
        above = [point.choice for point in at_cuts if point.cuts >= self.study.cuts.simultaneous]
        swung = [swing.choice for swing in swings if swing.value >= 0]
        plans = self._keep_whole([base, *leased, *above, *swung])
        counts = self._count(plans)
        return Options(base, at_cuts, at_budgets, variants, swings, counts, len(plans), self._find_shared_km(plans))

    def _to_budgets(self) -> list[float]:
        given = self.asked.budgets
        if self.problem.max_cuts > _MAX_CUTS_FOR_MOST:
            return []
        if not isinstance(given, int):
            return sorted(set(given))
        return [self.own_cost * step / given for step in range(given + 1)] if self.own_cost and given else []

    def _to_radii(self) -> list[float]:
        own = self.study.cuts.radius_m
        given = (own / 2, own * 2) if self.asked.radii is None else self.asked.radii
        return [radius for radius in sorted(set(given)) if radius != own]

    def _to_kinds(self) -> list[tuple[str, float]]:
        share = self.asked.cost_share
        kinds = find_kinds(self.prepared.network, self.study.costs) if share else []
        return [(kind, factor) for kind in kinds for factor in (1 - share, 1 + share)]

    def _to_steps(self) -> list[int]:
        step = self.asked.level_step
        return [-step, step] if step else []

    def _at_level(self, level: int) -> Choice:
        """The least cost at which all survive so many cuts; where no plan does, the most that can be held."""
        problem = self._with_level(level)
        choice = self._solve(problem, to_keys(self.study.minimise))
        return self._hold_most(problem, choice) if choice.status == "infeasible" else choice

    def _with_level(self, level: int) -> Problem:
        """Every region at a level, but for those to which the study gives one of their own."""
        own = np.isin(self.prepared.network.regions["region_id"], sorted(self.study.regions.survive_cuts))
        levels = region_levels(self.problem)
        return with_levels(self.problem, np.where(own | (levels < 0), levels, level))

    def _hold_most(self, problem: Problem, choice: Choice) -> Choice:
        """Where no plan holds everybody: the most weight, and the least that costs; beyond two cuts a bound alone."""
        if self.progress.should_stop:
            return choice
        if problem.max_cuts > _MAX_CUTS_FOR_MOST:
            ceiling = find_ceiling(problem, _MAX_CUTS_FOR_MOST, self.settings, self.progress)
            if ceiling is None:
                return choice
            return replace(choice, weight_bound=ceiling.weight, cut_off=self._name(ceiling.is_cut_off))
        money = float(problem.route_cost[problem.is_candidate].sum())
        keys, free = self.study.minimise, without_choice(problem)
        most = self._to_choice(free, solve_budget(free, money, keys, self.settings, self.progress))
        return replace(most, status="infeasible", blocking=choice.blocking)

    def _for_money(self, budget: float) -> Choice:
        free = without_choice(self.problem)

        def solve() -> Plan:
            return solve_budget(free, budget, self.study.minimise, self.settings, self.progress)

        return self._try(free, solve)

    def _at_radius(self, radius_m: float) -> Choice:
        if self._is_over():
            return self._skip()
        return self._solve(take_radius(self.prepared, radius_m), self.study.minimise)

    def _at_price(self, kind: str, factor: float) -> Choice:
        network = self.prepared.network
        cost = scale_price(network, self.study.costs, kind, factor)
        costs = network.trenches.split(cost, network.routes["length_km"].to_numpy(dtype=np.float64))
        return self._solve(replace(self.problem, route_cost=costs), self.study.minimise)

    def _with_step(self, step: int) -> Choice:
        levels = region_levels(self.problem)
        problem = with_levels(self.problem, np.where(levels < 0, levels, np.maximum(0, levels + step)))
        return self._solve(problem, self.study.minimise)

    def _find_variants(self, base: Choice) -> tuple[Variant, ...]:
        nothing = Choice("optimal", objective={"routes": 0, "cost": 0.0, "length_km": 0.0}, gap=0.0)
        held = self._find_held(())
        variants = [Variant("nothing", nothing, 0.0, 0.0, 0.0, held), self._to_building(base)]
        if self.asked.lease_per_km:
            variants.append(self._find_lease())
        return tuple(self._add_hours(variants))

    def _add_hours(self, variants: Sequence[Variant]) -> Iterator[Variant]:
        """The isolation that each leaves, and what it spares those who would do nothing."""
        without: float | None = None
        for variant in variants:
            hours = None
            if variant.present_cost is not None:
                hours = self._find_hours(variant.choice)
            if variant.key == "nothing":
                without = hours
            worth = None
            if hours is not None and without is not None and self.study.invest is not None:
                worth = (without - hours) * self._figures.person_hour_value * self._annuity
            yield replace(variant, person_hours=hours, present_benefit=worth)

    def _find_hours(self, choice: Choice) -> float | None:
        """Person-hours a year with what a choice builds."""
        row_of = {route_id: row for row, route_id in enumerate(self.route_ids)}
        routes = tuple(row_of[route_id] for route_id in choice.routes)
        return self._find_hours_of(self.prepared, routes, tuple(sorted((self.protected or self.plan).routes)))

    def _find_hours_of(self, prepared: Prepared, routes: tuple[int, ...], built: tuple[int, ...]) -> float | None:
        """What the study's own case says of nothing built and of its plan, else worked out."""
        risk = self.investment.risk if self.investment else None
        if risk and not routes:
            return risk.before.person_hours
        if risk and risk.after and routes == built:
            return risk.after.person_hours
        return find_person_hours(self.study, prepared.network, prepared.problem, routes)

    def _to_building(self, base: Choice) -> Variant:
        routes = (self.plan if base.objective else self.protected or self.plan).routes
        shown, held = base, base.weight
        if not base.objective and self.protected is not None:  # it holds less than all that is asked
            held = self._find_held(routes)
            shown = self._to_choice(self.problem, self.protected)
            shown = replace(shown, status="infeasible", weight=held, weight_bound=None)
        if not shown.objective:
            return Variant("build", shown, None, None, None, None)
        capex, upkeep = shown.objective["cost"], self._find_upkeep(routes)
        return Variant("build", shown, capex, upkeep, capex + upkeep * self._annuity, held)

    def _find_held(self, routes: Sequence[int]) -> float | None:
        """Weight held at the level asked; None where finding it would take too long."""
        if self.problem.max_cuts > _MAX_CUTS_FOR_MOST or self._is_over():
            return None
        weight = find_held_weight(self.problem, routes, self.settings, self._restart())
        return None if self.progress.should_stop else weight

    def _find_upkeep(self, routes: Sequence[int]) -> float:
        return self._find_upkeep_of(self.prepared.network, routes)

    def _find_upkeep_of(self, network: Network, routes: Sequence[int]) -> float:
        money = find_money(
            network,
            sorted(routes),
            self._figures,
            self.study.costs,
            year_of=dict.fromkeys(routes, 0),
            saved_hours=(),
            protected_weight=0.0,
        )
        return money.opex_per_year.middle + money.lease_per_year

    def _find_lease(self) -> Variant:
        """The plan were every route leased instead of built: a year's price over the horizon is its cost."""
        yearly = find_leases(self.prepared.network, self.asked.lease_per_km)
        is_offered = np.isfinite(yearly)
        none_dug = np.zeros(len(self.prepared.network.trenches))
        is_offered = np.append(is_offered, none_dug == 0)
        leased = replace(
            self.problem,
            route_cost=np.append(np.where(np.isfinite(yearly), yearly, 0.0), none_dug) * self._annuity,
            is_forbidden=self.problem.is_forbidden | (self.problem.is_candidate & ~is_offered),
            is_required=self.problem.is_required & is_offered,
        )
        choice = self._solve(leased, self.study.minimise)
        if not choice.objective:
            return Variant("lease", choice, None, None, None, None)
        index = {route_id: route for route, route_id in enumerate(self.route_ids)}
        per_year = float(sum(yearly[index[route_id]] for route_id in choice.routes))
        return Variant("lease", choice, 0.0, per_year, per_year * self._annuity, choice.weight)

    @property
    def _figures(self) -> InvestSection:
        return self.study.invest or InvestSection()

    @property
    def _annuity(self) -> float:
        figures = self._figures
        return sum(to_factor(figures.discount_rate, year) for year in range(1, figures.horizon_years + 1))

    def _keep_whole(self, choices: Sequence[Choice]) -> list[Choice]:
        """The plans that hold everybody."""
        whole = _weigh(self.problem) * (1 - 1e-9)
        return [c for c in choices if c.status in ("optimal", "feasible") and (c.weight or 0.0) >= whole]

    def _count(self, plans: Sequence[Choice]) -> tuple[tuple[str, int], ...]:
        """How many of the plans build each route."""
        counter = Counter(route_id for choice in plans for route_id in choice.routes)
        return tuple(sorted(counter.items(), key=lambda item: (-item[1], item[0])))

    def _find_shared_km(self, plans: Sequence[Choice]) -> float | None:  # noqa: ARG002
        """Length of what all plans build, where that is no route; None where it is."""
        return None

    def _solve(self, problem: Problem, keys: Sequence[str]) -> Choice:
        return self._try(problem, lambda: solve_problem(problem, keys, self.settings, self.progress))

    def _try(self, problem: Problem, solve: Callable[[], Plan]) -> Choice:
        if self._is_over():
            return self._skip()
        self._restart()
        return self._to_choice(problem, solve())

    def _is_over(self) -> bool:
        return self.progress.is_interrupted or time.perf_counter() >= self.end_s

    def _skip(self) -> Choice:
        self.num_left -= 1
        return Choice("not_tried")

    def _restart(self) -> Progress:
        """Give the next point its share of the time that is left."""
        left_s = max(0.0, self.end_s - time.perf_counter())
        self.progress.restart(left_s / max(1, self.num_left))
        self.num_left -= 1
        return self.progress

    def _to_choice(self, problem: Problem, plan: Plan) -> Choice:
        has_plan = plan.status in ("optimal", "feasible")
        weight = bound = None
        unheld: tuple[str, ...] = ()
        if plan.protection:
            weight, bound = plan.protection.weight, plan.protection.bound
            unheld = self._name(np.array(plan.protection.levels) < region_levels(problem))
        elif has_plan:
            weight = bound = _weigh(problem)
        return Choice(
            plan.status,
            tuple(sorted(self.route_ids[route] for route in plan.routes)),
            {**plan.objective, "routes": int(plan.objective["routes"])} if has_plan else {},
            dict(plan.bound) if has_plan else {},
            plan.gap if has_plan else None,
            weight,
            bound,
            unheld,
            find_blocking(problem, plan, self.prepared.network),
        )

    def _name(self, is_one: BoolArray) -> tuple[str, ...]:
        """Ids of regions, sorted."""
        region_ids = self.prepared.network.regions["region_id"].to_numpy()
        return tuple(sorted(region_ids[is_one].tolist()))


def _weigh(problem: Problem) -> float:
    weight: FloatArray = problem.region_weight[region_levels(problem) >= 0]
    return float(weight.sum())
