"""The tables that say what a good plan is: costs, objective, detours."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator, model_validator

from planner.study.ground import GroundPrices
from planner.study.section import Amount, Section, Text

ObjectiveKey = Literal["routes", "cost", "length"]


class CostsSection(GroundPrices):
    """`[costs]`: what new routes cost where they have no cost of their own."""

    currency: Text = Field(default="EUR", description="Currency of every cost, for the report.")
    per_km: dict[str, Amount] = Field(
        default_factory=dict, description="Kind of route, or kind/terrain, to price per km."
    )
    per_route: Amount = Field(default=0.0, description="Price added to every route priced per km.")
    per_junction: Amount = Field(
        default=0.0,
        description="Price of leading a cable through a junction of corridors: half for each section that ends there.",
    )


class ObjectiveSection(Section):
    """`[objective]`: what to minimise, most important first."""

    minimise: tuple[ObjectiveKey, ...] = Field(
        default=("routes", "cost"),
        strict=False,
        description="Distinct keys, most important first.",
    )
    budget: Amount | None = Field(
        default=None,
        description="The largest cost: hold the most weight for it, then cost the least; every region unless given.",
    )
    others: int = Field(
        default=0, ge=0, le=100, description="Number of other plans as good as the one found that the report lists."
    )

    @field_validator("minimise")
    @classmethod
    def _check_distinct(cls, keys: tuple[str, ...]) -> tuple[str, ...]:
        if not keys or len(set(keys)) < len(keys):
            raise ValueError("it must hold one key or more, each once")
        return keys


class DetourLimits(Section):
    """Limits on the way between two regions; where there are several the tightest binds."""

    max_km: float | None = Field(default=None, gt=0, description="The way may be no longer, in kilometres.")
    max_one_way_ms: float | None = Field(
        default=None, gt=0, description="Light may take no longer one way, in milliseconds (204.2 km of fibre each)."
    )
    factor: float | None = Field(
        default=None, ge=1, description="The way may be so many times as long as it is today while nothing is cut."
    )

    @property
    def has_limit(self) -> bool:
        """Whether any limit is set."""
        return any(limit is not None for limit in (self.max_km, self.max_one_way_ms, self.factor))


class DetourPair(DetourLimits):
    """One of `detours.pairs`: limits of its own for two regions."""

    a: Text = Field(description="Id of a region.")
    b: Text = Field(description="Id of another.")

    @model_validator(mode="after")
    def _check_pair(self) -> DetourPair:
        if self.a == self.b:
            raise ValueError("it must name two regions")
        if not self.has_limit:
            raise ValueError("it must hold a limit: max_km, max_one_way_ms or factor")
        return self


class DetoursSection(DetourLimits):
    """`[detours]`: how long the ways between regions may be, with nothing cut and after any one cut."""

    pairs: tuple[DetourPair, ...] = Field(
        default=(),
        strict=False,
        description="Regions a and b with limits of their own; all other pairs have those of the section, if any.",
    )
