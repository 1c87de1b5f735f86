"""Prices that hang on the ground and on time: keys of the table of costs."""

from __future__ import annotations

from pydantic import Field, model_validator

from planner.study.section import Amount, Section, Text


class ZonePrice(Section):
    """One of `costs.zones`: ground on which building costs more or less, or is forbidden."""

    file: Text = Field(description="File of polygons; file.gpkg#layer names a layer.")
    name: Text | None = Field(default=None, description="What the zone is called; the file unless given.")
    factor: Amount | None = Field(default=None, description="What the price per km is multiplied by within it.")
    forbidden: bool = Field(default=False, description="No route may be laid into it.")

    @model_validator(mode="after")
    def _check_one(self) -> ZonePrice:
        if (self.factor is not None) == self.forbidden:
            raise ValueError("it must hold one of factor and forbidden = true")
        return self


class CrossingPrice(Section):
    """One of `costs.crossings`: lines, such as rivers, that cost extra to cross."""

    file: Text = Field(description="File of lines; file.gpkg#layer names a layer.")
    price: Amount = Field(description="Price of every crossing.")
    name: Text | None = Field(default=None, description="What the lines are called; the file unless given.")


class GroundPrices(Section):
    """The keys of `[costs]` that say what ground, crossings and rent cost."""

    price_year: int | None = Field(
        default=None, ge=1900, le=2200, description="Year whose prices these are, for the report."
    )
    lease_per_km_year: dict[str, Amount] = Field(
        default_factory=dict, description="Kind of existing dark fibre to its rent per km and year; see [invest]."
    )
    zones: tuple[ZonePrice, ...] = Field(
        default=(), strict=False, description="Ground that is dearer or cheaper to build on, or forbidden."
    )
    crossings: tuple[CrossingPrice, ...] = Field(
        default=(), strict=False, description="Lines that cost extra to cross."
    )
