"""Tables of figures that name where each figure comes from."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field, field_validator

from planner.study.near import suggest
from planner.study.section import Section, Text

NO_SOURCE = "set by the study, which names no source"


class SourcedSection(Section):
    """A table of figures with a source for each; those left at their defaults have the defaults' own."""

    default_sources: ClassVar[dict[str, str]] = {}

    sources: dict[str, Text] = Field(
        default_factory=dict, description="Key of this table to where its figure comes from, printed in the report."
    )

    @field_validator("sources")
    @classmethod
    def _check_keys(cls, sources: dict[str, str]) -> dict[str, str]:
        figures = [key for key in cls.model_fields if key != "sources"]
        for key in sources:
            if key not in figures:
                raise ValueError(f"{key!r} is no key of this table; {suggest(key, figures)}")
        return sources

    def find_source(self, key: str) -> str:
        """Where the figure of a key comes from, in words for a reader."""
        if key in self.sources:
            return self.sources[key]
        return NO_SOURCE if key in self.model_fields_set else self.default_sources.get(key, "")
