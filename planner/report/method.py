"""How the result was found, in a few sentences for readers who have to trust it."""

from __future__ import annotations

from planner.report.language import say
from planner.report.model import Bullets


def to_method() -> tuple[str, Bullets]:
    """The method, step by step."""
    return say("How the plan was found:"), Bullets(
        (
            say("Risk groups: for every place on the map, the largest sets of spans that one cut there severs."),
            say(
                "Cut generation: an integer program chooses routes; every set of cuts that still separates regions"
                " adds a row, until there is none."
            ),
            say("Bound: the integer program proves that no other choice is better, or how much better one could be."),
            say(
                "Second opinion: a search that shares no code with the first tries every set of cuts against the plan."
            ),
        )
    )
