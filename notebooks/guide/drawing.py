"""Draws tiny maps: sites, spans, cuts, in one style."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from tiny import Tiny

INK, GREY, RED, BLUE, GREEN, YELLOW = "#1d2733", "#8a949e", "#c0392b", "#1f6fb2", "#2e8b57", "#e0a100"
STYLE = {
    "svg.hashsalt": "guide",
    "svg.fonttype": "path",
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.titlesize": 9.5,
    "axes.titlelocation": "left",
}


@contextmanager
def picture(
    folder: Path, name: str, num_panels: int = 1, size: tuple[float, float] = (7.2, 2.6)
) -> Iterator[list[Axes]]:
    """Axes side by side, without frames; written to ``folder/name.svg`` at the end, the same bytes every time."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=size, layout="constrained")
        axes = [figure.add_subplot(1, num_panels, number + 1) for number in range(num_panels)]
        for one in axes:
            one.set_axis_off()
            one.set_aspect("equal")
        yield axes
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.svg").write_text(out.getvalue(), encoding="utf-8", newline="\n")


def plot_map(
    ax: Axes,
    tiny: Tiny,
    *,
    severed: Collection[int] = (),
    colours: Mapping[int, str] | None = None,
    lost: Collection[int] = (),
    dim: Collection[int] = (),
    built: Collection[int] = (),
    labels: bool = True,
) -> None:
    """Spans and sites: candidates dashed, built ones blue, severed ones red, lost sites hollow."""
    for span, row in enumerate(tiny.network.spans.itertuples()):
        x, y = tiny.line(span).T
        is_built = row.route in built
        colour = BLUE if row.is_candidate else INK
        colour = (colours or {}).get(span, colour)
        colour = RED if span in severed else colour
        dashes = "--" if row.is_candidate and not is_built else "-"
        ax.plot(x, y, dashes, color=colour, lw=2.2, alpha=0.35 if span in dim else 1, solid_capstyle="round", zorder=2)
    for row, one in enumerate(tiny.network.sites.itertuples()):
        x, y = tiny.site(row)
        ax.plot(
            x, y, "o", ms=8, mfc="white" if row in lost else INK, mec=RED if row in lost else INK, mew=1.6, zorder=4
        )
        if labels:
            up = 1 if y >= 0 else -1
            how = {"ha": "center", "va": "bottom" if up > 0 else "top", "zorder": 5}
            ax.annotate(one.site_id, (x, y), (0, 8 * up), textcoords="offset points", **how)
    ax.margins(0.08, 0.16)


def plot_cut(ax: Axes, place: Any, radius_m: float, colour: str = RED) -> None:
    """A cut: its disc and its point."""
    ax.add_patch(Circle(tuple(place), radius_m, fc=colour, ec=colour, alpha=0.22, zorder=1))
    ax.add_patch(Circle(tuple(place), radius_m, fc="none", ec=colour, lw=1.2, zorder=3))
    ax.plot(*place, "x", color=colour, ms=6, mew=1.8, zorder=6)


def plot_ring(ax: Axes, place: Any, radius_m: float) -> None:
    """The clearance of a site."""
    ax.add_patch(Circle(tuple(place), radius_m, fc="#eef1f4", ec=GREY, lw=1, ls=":", zorder=0))


def note(ax: Axes, text: str, place: tuple[float, float], **how: Any) -> None:
    """Words on the map."""
    ax.text(*place, text, **{"ha": "center", "va": "center", "color": INK, **how})
