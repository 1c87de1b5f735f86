"""The table of the cuts: how many, how wide, and what they take."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator

from planner.study.section import Amount, Level, Section, Text

SitesFail = Literal[False, "disc", "single"]


class CutsSection(Section):
    """`[cuts]`: what is cut, and how much of it at once."""

    simultaneous: Level = Field(description="Number of simultaneous cuts that every region must survive.")
    radius_m: Amount = Field(default=50.0, description="A cut severs every span within this distance, in metres.")
    site_clearance_m: Amount = Field(
        default=1000.0,
        description="The parts of a span this near its own end sites, in metres, share no risk.",
    )
    declared: tuple[Text, ...] = Field(
        default=(), strict=False, description="Columns of the routes whose values name risk groups."
    )
    sites_fail: SitesFail = Field(
        default=False,
        description='Whether a cut takes the sites within its radius (true or "disc"), or any one site ("single").',
    )

    @field_validator("sites_fail", mode="before")
    @classmethod
    def _check_sites_fail(cls, value: object) -> object:
        if value is True:
            return "disc"
        if value is not False and value not in ("disc", "single"):
            raise ValueError('it must be true, false, "disc" or "single"')
        return value
