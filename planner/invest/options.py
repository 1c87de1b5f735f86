"""What other choices come to: frontiers, variants, sensitivities, and the routes in every variant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

ChoiceStatus = Literal["optimal", "feasible", "infeasible", "no_plan", "not_tried"]
Factor = Literal["radius", "price", "level"]
VariantKey = Literal["nothing", "build", "lease"]


@dataclass(frozen=True, slots=True)
class Blocking:
    """Cuts that no plan outlives: they stand in its way with every candidate built.

    Parameters
    ----------
    num_cuts
        How many they are.
    spans, sites
        Ids of the spans that they sever and of the sites that they take, sorted.
    isolated
        Ids of the regions that are then isolated, sorted; empty where a way becomes too long instead.
    """

    num_cuts: int
    spans: tuple[str, ...]
    sites: tuple[str, ...]
    isolated: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One plan, or why there is none.

    Parameters
    ----------
    status
        As of a plan; ``"not_tried"`` where the time of the study was used up before.
    routes
        Ids of what it builds, sorted.
    objective, bound
        By ``routes``, ``cost`` and ``length_km``: what it comes to, and proved lower bounds of what was minimised.
    gap
        Of the first objective that is not closed; None without a plan.
    weight, weight_bound
        Weight of the regions held at the level asked, and a proved upper bound of it. Where no plan holds all,
        `weight` is that of the plan that holds the most, or None where that was not found.
    unheld
        Ids of the regions that owe and that the plan does not hold at the level asked, sorted.
    blocking
        Where no plan holds all: cuts that see to it, or None where none were kept.
    cut_off
        Likewise, where `weight_bound` is all that is known: ids of the regions of which cuts within the level sever
        every span, candidates counted, sorted.
    """

    status: ChoiceStatus
    routes: tuple[str, ...] = ()
    objective: Mapping[str, float] = field(default_factory=dict)
    bound: Mapping[str, float] = field(default_factory=dict)
    gap: float | None = None
    weight: float | None = None
    weight_bound: float | None = None
    unheld: tuple[str, ...] = ()
    blocking: Blocking | None = None
    cut_off: tuple[str, ...] = ()

    @property
    def cost(self) -> float | None:
        """What the plan costs; None without one."""
        return self.objective.get("cost")


@dataclass(frozen=True, slots=True)
class CutsPoint:
    """The least cost at which every region survives so many cuts; where none does, the most that can be held."""

    cuts: int
    choice: Choice


@dataclass(frozen=True, slots=True)
class BudgetPoint:
    """The most weight that a budget holds."""

    budget: float
    choice: Choice


@dataclass(frozen=True, slots=True)
class Variant:
    """Nothing, building or leasing, with what it costs.

    Parameters
    ----------
    capex, per_year, present_cost
        Money at once, each year, and both over the horizon in today's money; None without a plan.
    held_weight
        Weight of the regions held at the level asked.
    person_hours
        Of isolation expected in a year; None where the study has no figures of failures, or without a plan.
    present_benefit
        What the person-hours that doing nothing would bring beside are worth over the horizon in today's money; None
        where either is not known.
    """

    key: VariantKey
    choice: Choice
    capex: float | None
    per_year: float | None
    present_cost: float | None
    held_weight: float | None
    person_hours: float | None = None
    present_benefit: float | None = None


@dataclass(frozen=True, slots=True)
class Swing:
    """The plan again with one setting changed.

    Parameters
    ----------
    name
        The kind of route whose price is changed; empty for other factors.
    value
        The radius in metres, the price as a multiple of the study's, or the cuts added.
    """

    factor: Factor
    name: str
    value: float
    choice: Choice


@dataclass(frozen=True, slots=True)
class Options:
    """Every other choice that a study asks for.

    Parameters
    ----------
    base
        The study's own plan.
    counts
        Route id to how many of the `num_plans` plans build it, those of most plans first.
    num_plans
        The study's own plan, that of leasing, those of the swings and of the levels asked or more; only those that
        hold every region at their level.
    shared_km
        Where sections of corridors are chosen and no routes, the length of those that every plan builds; else None.
    """

    base: Choice
    cuts: tuple[CutsPoint, ...] = ()
    budgets: tuple[BudgetPoint, ...] = ()
    variants: tuple[Variant, ...] = ()
    swings: tuple[Swing, ...] = ()
    counts: tuple[tuple[str, int], ...] = ()
    num_plans: int = 0
    shared_km: float | None = None

    @property
    def no_regret(self) -> tuple[str, ...]:
        """Ids of the routes that every plan builds."""
        return tuple(route_id for route_id, count in self.counts if count == self.num_plans)
