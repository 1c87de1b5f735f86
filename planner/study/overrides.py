"""Settings that the command line gives in place of study.toml."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planner.study.model import Study
    from planner.study.report import Language


def with_language(study: Study, language: Language | None) -> Study:
    """The study with its report in this language; as it is where None is given."""
    if language is None:
        return study
    return study.model_copy(update={"report": study.report.model_copy(update={"language": language})})
