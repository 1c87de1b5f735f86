"""The table that says what traffic has to move, to be laid on what cuts leave."""

from __future__ import annotations

from pydantic import Field, model_validator

from planner.study.section import Positive, Section, Text


class TrafficSection(Section):
    """`[traffic]`: the demands between regions; loads are compared with the routes' column ``capacity_gbps``."""

    total_gbps: Positive | None = Field(
        default=None,
        description="Traffic of all pairs together, in Gbit/s, shared out in proportion to the product of weights.",
    )
    demands: Text | None = Field(
        default=None, description="CSV file of demands instead: columns a and b (ids of regions) and gbps."
    )

    @model_validator(mode="after")
    def _check_one(self) -> TrafficSection:
        if (self.total_gbps is None) == (self.demands is None):
            raise ValueError("it must have one of total_gbps and demands")
        return self
