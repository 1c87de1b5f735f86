"""The table that asks for other plans beside the one chosen: frontiers, variants, sensitivities."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, field_validator

from planner.study.section import Amount, Level
from planner.study.sources import SourcedSection

type Cuts = Annotated[int, Field(ge=0, le=4)]

MAX_POINTS = 50


class OptionsSection(SourcedSection):
    """`[options]`: what other choices there are; without this table none is sought."""

    cuts: tuple[Cuts, ...] = Field(
        default=(0, 1, 2, 3, 4),
        strict=False,
        description="Levels whose least cost is found; regions of regions.survive_cuts keep theirs. [] for none.",
    )
    budgets: tuple[Amount, ...] | Annotated[int, Field(ge=0, le=MAX_POINTS)] = Field(
        default=5,
        description="Budgets, each with the most weight it can hold, or a number of equal steps up to the plan's cost.",
    )
    radii: tuple[Amount, ...] | None = Field(
        default=None,
        strict=False,
        description="Radii of a cut, in metres, for each of which the plan is sought anew; half and twice the study's.",
    )
    cost_share: float = Field(
        default=0.25,
        ge=0,
        lt=1,
        description="How much cheaper and dearer the price per km of each kind becomes.",
    )
    level_step: Level = Field(default=1, description="How many cuts less and more are asked of every region.")
    lease_per_km: dict[str, Amount] = Field(
        default_factory=dict,
        description="Kind of route to the price a km and year of leasing fibre there; other kinds cannot be leased.",
    )

    @field_validator("budgets", mode="before")
    @classmethod
    def _to_tuple(cls, given: Any) -> Any:
        """The list of TOML as a tuple; no more points than a report can hold."""
        if not isinstance(given, list | tuple):
            return given
        if len(given) > MAX_POINTS:
            raise ValueError(f"it must hold {MAX_POINTS} amounts or fewer")
        if any(isinstance(amount, bool) or not isinstance(amount, int | float) for amount in given):
            raise ValueError("it must hold amounts")
        return tuple(float(amount) for amount in given)

    @field_validator("radii")
    @classmethod
    def _check_radii(cls, given: tuple[float, ...] | None) -> tuple[float, ...] | None:
        if given and len(given) > MAX_POINTS:
            raise ValueError(f"it must hold {MAX_POINTS} radii or fewer")
        return given
