"""What the words in a route's status column mean."""

from __future__ import annotations

import re
from typing import Literal

Status = Literal["existing", "candidate", "planned"]

# letters and digits only, in lower case: "In service", "in_service" and "inService" are one word
WORDS: dict[str, Status] = {
    **dict.fromkeys(
        ("existing", "operational", "inservice", "inoperation", "inuse", "active", "live", "lit", "built"),
        "existing",
    ),
    **dict.fromkeys(("candidate", "possible", "potential", "optional"), "candidate"),
    **dict.fromkeys(
        ("planned", "proposed", "underconstruction", "construction", "design", "approved", "funded"), "planned"
    ),
}


# what the planner calls the routes of its own plans
OF_A_PLAN = "new"


def to_status(text: str, default: Status) -> Status | None:
    """Say which status a word means, whatever its spelling; None for words that mean none.

    Parameters
    ----------
    text
        The word.
    default
        What routes of the file are without a word. So are those that a plan calls new: among the routes they are what
        is built on, among the candidates they are asked for once more.
    """
    word = re.sub(r"[\W_]", "", text).casefold()
    return default if word == OF_A_PLAN else WORDS.get(word)
