"""One layer of a drawing: shapes of one kind in one look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

Shape = Literal["area", "line", "point"]


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """Shapes of one kind in one look.

    Parameters
    ----------
    name
        What the legend says.
    frame
        A row per shape, in any CRS; rows without a place are not drawn.
    shape
        Which kind; shapes of other kinds in `frame` are drawn all the same.
    colour
        Of lines and points, and the fill of areas, as ``#rrggbb``.
    width
        Of lines, and the diameter of points, in pixels.
    columns
        What a tooltip shows, as far as `frame` has it.
    outline
        Colour of the edge of points and areas; `colour` unless given.
    opacity
        Of the fill of areas and points.
    is_dashed
        Whether lines are dashed.
    is_shown
        Whether a map that can be switched shows it at first; drawings that cannot leave it out otherwise.
    """

    name: str
    frame: gpd.GeoDataFrame
    shape: Shape
    colour: str
    width: float = 2.0
    columns: tuple[str, ...] = ()
    outline: str = ""
    opacity: float = 1.0
    is_dashed: bool = False
    is_shown: bool = True

    @property
    def placed(self) -> gpd.GeoDataFrame:
        """The rows that have a place."""
        shapes = self.frame.geometry
        return self.frame[~(shapes.isna() | shapes.is_empty)]


def find_drawn(layers: Sequence[Layer], crs: Any) -> list[tuple[Layer, gpd.GeoDataFrame]]:
    """Layers to draw where nothing can be switched, each with its rows that have a place, in one CRS."""
    found = [(layer, layer.placed) for layer in layers if layer.is_shown]
    return [(layer, frame.to_crs(crs)) for layer, frame in found if len(frame)]
