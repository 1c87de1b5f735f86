"""The investment case as frozen values: money, risk and phases."""

from __future__ import annotations

from dataclasses import dataclass

HOURS_PER_YEAR = 8766.0
"""365.25 days."""


@dataclass(frozen=True, slots=True)
class Range:
    """An amount with its low and high values."""

    low: float
    middle: float
    high: float

    def __add__(self, other: Range) -> Range:
        return Range(self.low + other.low, self.middle + other.middle, self.high + other.high)

    def times(self, factor: float) -> Range:
        """The same so many times."""
        return Range(self.low * factor, self.middle * factor, self.high * factor)


NOTHING = Range(0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class RegionRisk:
    """How long one region is isolated.

    Parameters
    ----------
    minutes
        Expected minutes a year, all causes.
    single_minutes, pair_minutes, attack_minutes
        Of these while one cut alone is not repaired (or none), while two are, and while an attack is not.
    simulated_minutes, standard_error
        What the simulation found; None without one.
    """

    region_id: str
    weight: float
    minutes: float
    single_minutes: float
    pair_minutes: float
    attack_minutes: float
    simulated_minutes: float | None = None
    standard_error: float | None = None

    @property
    def availability(self) -> float:
        """Share of the time in which the region is not isolated, by its expected minutes."""
        return 1 - self.minutes / (HOURS_PER_YEAR * 60)


@dataclass(frozen=True, slots=True)
class NetworkRisk:
    """What cuts and attacks do to one network in a mean year.

    Parameters
    ----------
    regions
        In the order of `Network.regions`.
    neglected_minutes
        No region's expected minutes are larger by more than this, and none are smaller.
    weighted_minutes
        Mean of the regions' minutes, weighted.
    person_hours
        Weight times isolated hours a year, all regions together.
    cuts_per_year
        Accidental cuts expected a year.
    num_kinds
        Sets of spans that accidental cuts sever.
    order
        How many coinciding cuts are counted exactly: 2, or 1 where there are too many pairs.
    attack_weight
        Region weight that an attack isolates, on average.
    attack_is_proved
        False where a worse attack may exist.
    attack_error
        Standard error of `attack_weight` where attacks were sampled; 0 where not.
    simulated_years
        0 without a simulation.
    simulated_person_hours, person_hours_error
        Its person-hours a year, with the standard error; None without one.
    """

    regions: tuple[RegionRisk, ...]
    neglected_minutes: float
    weighted_minutes: float
    person_hours: float
    cuts_per_year: float
    num_kinds: int
    order: int
    attack_weight: float
    attack_is_proved: bool
    attack_error: float
    simulated_years: int = 0
    simulated_person_hours: float | None = None
    person_hours_error: float | None = None


@dataclass(frozen=True, slots=True)
class Risk:
    """The network as it is, and with the plan built; `after` is None where there is no plan."""

    before: NetworkRisk
    after: NetworkRisk | None


@dataclass(frozen=True, slots=True)
class RouteMoney:
    """What one new route costs.

    Parameters
    ----------
    route
        Row in `Network.routes`.
    kind, terrain
        Empty where the data name none.
    price_per_km
        The price of its kind; None where the route's cost is its own.
    capex
        To build it.
    opex_per_year, lease_per_year
        To keep it.
    year
        The year at whose beginning it is paid for and built, 0 the first; None where no budget pays for it.
    present_cost
        All of it over the horizon, discounted; nothing for a route that no budget pays for.
    """

    route: int
    route_id: str
    kind: str
    terrain: str
    length_km: float
    price_per_km: float | None
    capex: Range
    opex_per_year: Range
    lease_per_year: float
    year: int | None
    present_cost: Range


@dataclass(frozen=True, slots=True)
class Money:
    """The plan as an investment.

    Parameters
    ----------
    routes
        By year, then in the order of the plan.
    capex, opex_per_year, present_cost
        Of all routes together; a year's upkeep once all are built.
    lease_per_year
        The same of leases.
    saved_hours
        Per year of the horizon the person-hours of isolation that the routes built by then avoid; empty without risk.
    present_benefit
        Their worth, discounted; None without risk.
    net_present_value
        Benefit less cost: low is the dearest plan at the lowest worth, high the cheapest at the highest.
    benefit_cost_ratio
        Benefit over cost, likewise; None where nothing is paid.
    protected_weight
        Region weight that is held at the level asked with the plan and not without; None where it was not sought.
    """

    routes: tuple[RouteMoney, ...]
    capex: Range
    opex_per_year: Range
    lease_per_year: float
    present_cost: Range
    saved_hours: tuple[float, ...]
    present_benefit: Range | None
    net_present_value: Range | None
    benefit_cost_ratio: Range | None
    protected_weight: float | None

    @property
    def cost_per_protected(self) -> float | None:
        """Present cost per unit of weight protected; None where nothing is."""
        return self.present_cost.middle / self.protected_weight if self.protected_weight else None


@dataclass(frozen=True, slots=True)
class Phase:
    """One year's building.

    Parameters
    ----------
    year
        0 the first.
    budget
        Money that the year brings.
    spent
        What its routes cost.
    left
        Money left over after it, for later years.
    routes
        Ids of the routes built in it, sorted.
    protected_weight, bound
        Region weight held at the level asked after it, and the most that any choice of the plan's routes could hold
        after it, given the years before.
    hindsight_weight, hindsight_bound
        The most that any candidates could hold for all money so far, had nothing been built before, and its bound.
    person_hours
        Isolated person-hours a year after it; None without risk.
    """

    year: int
    budget: float
    spent: float
    left: float
    routes: tuple[str, ...]
    protected_weight: float
    bound: float
    hindsight_weight: float
    hindsight_bound: float
    person_hours: float | None = None

    @property
    def loss(self) -> float:
        """Weight that the order costs against hindsight."""
        return max(0.0, self.hindsight_weight - self.protected_weight)


@dataclass(frozen=True, slots=True)
class Phasing:
    """A build order.

    Parameters
    ----------
    before_weight
        Region weight held at the level asked before anything is built.
    phases
        Year by year until the plan is built; empty where there is nothing to build.
    unpaid
        Ids of the plan's routes that the budgets do not pay for within the horizon, sorted.
    """

    before_weight: float
    phases: tuple[Phase, ...]
    unpaid: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Investment:
    """Money, risk and phases; None for what the study does not ask for, or for a plan that there is not."""

    money: Money | None
    risk: Risk | None
    phasing: Phasing | None
