"""The colours of the map, the same in every file and in the report."""

from __future__ import annotations

EXISTING = "#3a434c"
NEW = "#0072b2"
REJECTED = "#666c72"
REGION = "#e6eef5"
CRITICAL = {"before": "#c24e00", "after": "#8b3a78", "blocking": "#1b2229"}
STRETCH = {1: "#c24e00", 2: "#e69f00"}
SITE = "#ffffff"
RISK_GROUP = "#7b3294"
UNKNOWN = "#eeeeee"

# Red below, blue above: still told apart by readers who do not see red and green.
SURVIVES = {-1: "#b2182b", 0: "#f4a582", 1: "#d1e5f0", 2: "#92c5de", 3: "#4393c3"}
MAX_SURVIVES = max(SURVIVES)


def to_survival_colour(survives: int | None) -> str:
    """Fill of a region that survives so many cuts; grey where that is not known."""
    step = to_survival_step(survives)
    return UNKNOWN if step is None else SURVIVES[step]


def to_survival_step(survives: object) -> int | None:
    """The number of cuts by which a region is coloured; None where that is not known."""
    return max(-1, min(survives, MAX_SURVIVES)) if isinstance(survives, int) else None


def to_survival_label(survives: int) -> str:
    """What the fill means, for a legend."""
    if survives < 0:
        return "isolated without any cut"
    if survives == 0:
        return "isolated by one cut"
    more = " or more" if survives >= MAX_SURVIVES else ""
    return f"survives {survives}{more} cut{'' if survives == 1 and not more else 's'}"
