"""How each map layer is drawn, on the screen, on paper and in the legend.

Colours are from the set of Okabe and Ito (2008, "Color Universal Design"), which colour-blind readers can tell apart;
width, dashes and shape say the same again.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Style:
    """One layer's look.

    Parameters
    ----------
    shape
        What the layer holds.
    color, width, dash
        Of its lines and outlines; widths in pixels.
    fill, weak_fill
        Of areas and sites; `weak_fill` where one is not held.
    halo
        Colour of a wider line beneath, empty for none.
    path
        Of a mark, in a box of 20 by 20.
    """

    shape: Literal["area", "line", "site", "mark"]
    color: str
    width: float = 2.0
    dash: str = ""
    fill: str = "none"
    weak_fill: str = "none"
    halo: str = ""
    path: str = ""


_CROSS = "M4.5 4.5L15.5 15.5M15.5 4.5L4.5 15.5"
_DIAMOND = "M10 3L17 10L10 17L3 10Z"
_RING = "M10 2A8 8 0 1 1 9.99 2Z"

STYLES: dict[str, Style] = {
    "regions": Style("area", "#8fa3b5", 1.0, fill="#e6eef5", weak_fill="#f2b680"),
    "base": Style("line", "#9aa5af", 1.1),
    "rejected": Style("line", "#666c72", 1.6, dash="2 5"),
    "existing": Style("line", "#3a434c", 2.0),
    "new": Style("line", "#0072b2", 5.0, halo="#ffffff"),
    "severed": Style("line", "#d55e00", 4.0, dash="9 6", halo="#ffffff"),
    "stretches-2": Style("line", "#e69f00", 3.5, dash="8 4"),
    "stretches": Style("line", "#c24e00", 5.0, halo="#ffffff"),
    "sites": Style("site", "#1b2229", 1.5, fill="#ffffff", weak_fill="#f2b680"),
    "after": Style("mark", "#8b3a78", 2.2, fill="#ffffff", path=_DIAMOND),
    "before": Style("mark", "#c24e00", 3.4, halo="#ffffff", path=_CROSS),
    "isolated": Style("mark", "#c24e00", 2.2, path=_RING),
    "blocking": Style("mark", "#1b2229", 4.2, halo="#ffd23f", path=_CROSS),
}


def to_mark_size(num_marks: int) -> float:
    """Width of a mark in pixels: many are drawn smaller, so that the lines under them stay in sight."""
    return 20.0 if num_marks <= 40 else 12.0


def to_style_dict() -> dict[str, dict[str, Any]]:
    """The styles as plain values, for the page's script."""
    return {key: asdict(style) for key, style in STYLES.items()}
