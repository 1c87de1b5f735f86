"""Layers on the axes of matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.drawing.extra import import_extra
from planner.drawing.layer import find_drawn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.drawing.layer import Layer

_POINTS_PER_PIXEL = 0.75


def make_axes(ax: Any = None) -> Any:
    """The axes given, or those of a new figure.

    Raises
    ------
    MissingExtraError
        Where matplotlib is not installed.
    """
    pyplot = import_extra("matplotlib.pyplot")
    return pyplot.subplots(layout="constrained")[1] if ax is None else ax


def plot_layers(layers: Sequence[Layer], crs: Any, ax: Any = None, *, title: str = "") -> Any:
    """Draw layers, the first at the bottom, with a legend.

    Parameters
    ----------
    layers
        What to draw.
    crs
        Metric CRS of the axes, which get an equal aspect.
    ax
        Axes to draw on; those of a new figure unless given.
    title
        Of the axes; left as it is where empty.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn on.

    Raises
    ------
    MissingExtraError
        Where matplotlib is not installed.
    """
    # a legend beside the axes would cover the neighbours that axes given may have
    place = {"loc": "upper left", "bbox_to_anchor": (1, 1)} if ax is None else {"loc": "upper right"}
    ax = make_axes(ax)
    lines, patches = import_extra("matplotlib.lines"), import_extra("matplotlib.patches")
    handles = []
    for order, (layer, frame) in enumerate(find_drawn(layers, crs), start=1):
        # a dollar would begin a formula
        label = layer.name.replace("$", r"\$")
        look: dict[str, Any] = {"zorder": order, "aspect": None, "color": layer.colour}
        width = layer.width * _POINTS_PER_PIXEL
        style = "--" if layer.is_dashed else "-"
        edge = layer.outline or layer.colour
        if layer.shape == "line":
            frame.plot(ax=ax, linewidth=width, linestyle=style, **look)
            handles.append(lines.Line2D([], [], color=layer.colour, linewidth=width, linestyle=style, label=label))
        elif layer.shape == "point":
            frame.plot(ax=ax, markersize=width**2, edgecolor=edge, alpha=layer.opacity, **look)
            mark = {"marker": "o", "linestyle": "", "markersize": width, "markeredgecolor": edge}
            handles.append(lines.Line2D([], [], color=layer.colour, label=label, **mark))
        else:
            frame.plot(ax=ax, edgecolor=edge, linewidth=0.5, alpha=layer.opacity, **look)
            handles.append(patches.Patch(facecolor=layer.colour, edgecolor=edge, alpha=layer.opacity, label=label))
    ax.set_aspect("equal")
    ax.locator_params(nbins=6)
    if handles:
        ax.legend(handles=handles, fontsize="small", **place).set_zorder(len(handles) + 1)
    if title:
        ax.set_title(title.replace("$", r"\$"))
    return ax
