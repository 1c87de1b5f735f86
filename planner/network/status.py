"""What the words in a route's status column mean."""

from __future__ import annotations

import re
from typing import Literal

Status = Literal["existing", "candidate", "planned"]

# letters and digits only, in lower case: "In service", "in_service" and "inService" are one word
WORDS: dict[str, Status] = {
    **dict.fromkeys(
        # "new" is what the planner calls the routes of its own plans: read back, they are what is built on
        ("existing", "new", "operational", "inservice", "inoperation", "inuse", "active", "live", "lit", "built"),
        "existing",
    ),
    **dict.fromkeys(("candidate", "possible", "potential", "optional"), "candidate"),
    **dict.fromkeys(
        ("planned", "proposed", "underconstruction", "construction", "design", "approved", "funded"), "planned"
    ),
}


def to_status(text: str) -> Status | None:
    """Say which status a word means, whatever its spelling; None for words that mean none."""
    return WORDS.get(re.sub(r"[\W_]", "", text).casefold())
