"""What a notebook can show: a summary, axes, a map to move in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.drawing.layer import Layer


class Shown(ABC):
    """Something with layers on a map and a summary; notebooks show the summary by themselves."""

    __slots__ = ()

    @abstractmethod
    def _find_drawing(self) -> tuple[str, Any, Sequence[Layer]]:
        """Title, metric CRS and layers, the first at the bottom."""

    @abstractmethod
    def _repr_html_(self) -> str:
        """Give a notebook the summary."""

    def plot(self, ax: Any = None) -> Any:
        """Draw it on the axes of matplotlib, in the study's CRS, with equal aspect and a legend.

        Parameters
        ----------
        ax
            Axes to draw on; those of a new figure unless given.

        Returns
        -------
        matplotlib.axes.Axes
            The axes drawn on.

        Raises
        ------
        MissingExtraError
            Where matplotlib, of the extra ``notebook``, is not installed.
        """
        from planner.drawing.plot import plot_layers

        title, crs, layers = self._find_drawing()
        return plot_layers(layers, crs, ax, title=title)

    def explore(self, *, tiles: Any = None) -> Any:
        """Make a map to move in, with a switch for each layer and tooltips.

        Parameters
        ----------
        tiles
            Background as folium takes it, such as ``"OpenStreetMap"``; none unless given, and then no tile server is
            asked. The map's own scripts come from the network all the same, as folium has them.

        Returns
        -------
        folium.Map
            To be shown in a notebook, or written with its ``save``.

        Raises
        ------
        MissingExtraError
            Where folium, of the extra ``notebook``, is not installed.
        """
        from planner.drawing.explore import explore_layers

        return explore_layers(self._find_drawing()[2], tiles=tiles)
