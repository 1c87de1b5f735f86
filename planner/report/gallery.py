"""Lays small maps out as drawing instructions, all in one projection over one ground."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from planner.report.staticmap import Group, Label, place_labels, to_group, to_projection

if TYPE_CHECKING:
    from planner.report.model import Gallery, Picture

WIDTH, MARGIN = 320.0, 16.0


@dataclass(frozen=True, slots=True)
class PictureDrawing:
    """One small map's shapes and names."""

    picture: Picture
    groups: tuple[Group, ...]
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class GalleryDrawing:
    """Everything that the SVG template draws; `ground` is the path that all pictures share."""

    width: float
    height: float
    ground: Group
    pictures: tuple[PictureDrawing, ...]


def to_gallery_drawing(gallery: Gallery) -> GalleryDrawing:
    """Lay the pictures out, each showing the whole network."""
    shown = [gallery.base, *(layer for picture in gallery.pictures for layer in picture.layers)]
    geometries = [feature.geometry for layer in shown for feature in layer.features if not feature.geometry.is_empty]
    to_pixels, scale, height = to_projection(shapely.total_bounds(np.array(geometries, dtype=object)), WIDTH, MARGIN)

    def to_drawing(picture: Picture) -> PictureDrawing:
        groups = tuple(
            to_group(layer, to_pixels, tolerance_m=0.4 / scale) for layer in picture.layers if layer.features
        )
        named = tuple(feature for layer in picture.layers for feature in layer.features if feature.label)
        return PictureDrawing(picture, groups, place_labels(named, to_pixels, WIDTH, height))

    ground = to_group(gallery.base, to_pixels, tolerance_m=1.0 / scale)
    return GalleryDrawing(WIDTH, height, ground, tuple(to_drawing(picture) for picture in gallery.pictures))
