"""The table that says what routes cost to keep and what an hour of isolation costs."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field, field_validator

from planner.study.section import Amount
from planner.study.sources import SourcedSection

type Share = dict[str, Amount]
type Range = Annotated[tuple[Amount, ...], Field(strict=False)]

_VALUE = (
    "42 to 50 EUR for a lost household-day (an Irish study, doi 10.1016/j.elerap.2012.06.002), divided by 24 hours"
    " and by 2.2 persons, the last an assumption; weak, and in EUR"
)


class InvestSection(SourcedSection):
    """`[invest]`: the investment case; without this table none is made."""

    default_sources: ClassVar[dict[str, str]] = {
        "horizon_years": "an assumption",
        "discount_rate": "an assumption",
        "opex_share": "none given: no upkeep is counted by share",
        "opex_per_km": "none given: no upkeep is counted by length",
        "lease_per_km": "none given: no lease is counted",
        "person_hour_value": _VALUE,
        "person_hour_range": _VALUE,
    }

    horizon_years: int = Field(default=20, ge=1, le=100, description="Years that are counted from the first spending.")
    discount_rate: float = Field(default=0.05, ge=0, lt=1, description="Discount rate a year, as a share of one.")
    price_year: int | None = Field(default=None, ge=1900, le=2200, description="Year of every price, for the report.")
    opex_share: Share = Field(
        default_factory=dict, description="Kind of route to upkeep a year, as a share of what the route cost to build."
    )
    opex_per_km: Share = Field(default_factory=dict, description="Kind of route to upkeep per km and year, added.")
    lease_per_km: Share = Field(
        default_factory=dict, description="Kind of route to lease or right of way per km and year."
    )
    price_range_per_km: dict[str, Range] = Field(
        default_factory=dict,
        description="Kind of route to its low and high price per km; its routes are that much cheaper or dearer.",
    )
    person_hour_value: Amount = Field(default=0.87, description="Worth of one person not being isolated for one hour.")
    person_hour_range: Range = Field(default=(0.80, 0.95), description="Low and high worth of the same.")
    budgets: tuple[Amount, ...] | None = Field(
        default=None,
        strict=False,
        description="Money of each year, or one amount for every year; the last is repeated until the plan is built.",
    )

    @field_validator("budgets", mode="before")
    @classmethod
    def _to_list(cls, given: Any) -> Any:
        is_number = isinstance(given, int | float) and not isinstance(given, bool)
        return (given,) if is_number else given

    @field_validator("budgets")
    @classmethod
    def _check_budgets(cls, budgets: tuple[float, ...] | None) -> tuple[float, ...] | None:
        if budgets is not None and not budgets:
            raise ValueError("it must hold one amount or more")
        return budgets

    @field_validator("person_hour_range")
    @classmethod
    def _check_range(cls, given: tuple[float, ...]) -> tuple[float, ...]:
        return check_range(given)

    @field_validator("price_range_per_km")
    @classmethod
    def _check_ranges(cls, given: dict[str, tuple[float, ...]]) -> dict[str, tuple[float, ...]]:
        for limits in given.values():
            check_range(limits)
        return given

    @property
    def person_hour_values(self) -> tuple[float, float, float]:
        """Low, middle and high worth; all the same where the study gives the value and no range."""
        middle = self.person_hour_value
        if "person_hour_value" in self.model_fields_set and "person_hour_range" not in self.model_fields_set:
            return middle, middle, middle
        low, high = self.person_hour_range
        return min(low, middle), middle, max(high, middle)


def check_range(limits: tuple[float, ...]) -> tuple[float, ...]:
    """The limits if they are two in order; a ValueError else."""
    if len(limits) != 2 or limits[0] > limits[1]:
        raise ValueError("a range must be two amounts, the low one first")
    return limits
