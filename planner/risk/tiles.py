"""Tiles that cover the globe, each small enough for one map of it to be true."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.risk.ground import EARTH_RADIUS_M, Centres, to_centres, to_globe, to_map
from planner.risk.ragged import FloatArray, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Tiling:
    """Bands of equal height along the parallels, each cut into tiles of about the same width.

    Parameters
    ----------
    height
        Of a band, in degrees.
    num_tiles
        (b,) number of tiles of each band, from south to north.
    first
        (b,) number of each band's first tile.
    half_diagonal_m
        No corner is farther than this from the middle of its tile.
    """

    height: float
    num_tiles: IntArray
    first: IntArray
    half_diagonal_m: float

    def find_tiles(self, lonlat: FloatArray) -> IntArray:
        """(n,) number of the tile that each place is in."""
        band = np.clip(((lonlat[:, 1] + 90) / self.height).astype(np.int64), 0, len(self.num_tiles) - 1)
        share = (lonlat[:, 0] + 180) / 360 % 1.0
        column = np.minimum((share * self.num_tiles[band]).astype(np.int64), self.num_tiles[band] - 1)
        return np.asarray(self.first[band] + column)

    def centres(self) -> Centres:
        """The middle of every tile."""
        band = np.repeat(np.arange(len(self.num_tiles)), self.num_tiles)
        column = np.arange(len(band)) - self.first[band]
        lon = (column + 0.5) / self.num_tiles[band] * 360 - 180
        return to_centres(np.column_stack([lon, (band + 0.5) * self.height - 90]))

    def half_sides_m(self, tile: IntArray) -> FloatArray:
        """(t,) half the side of a square around the middle of each tile, on the map there, that holds the tile."""
        centres = self.centres().take(tile)
        band = np.searchsorted(self.first, tile, side="right") - 1
        half = np.zeros(len(tile))
        for east in (-0.5, 0.0, 0.5):
            for north in (-0.5, 0.0, 0.5):
                offset = np.column_stack([east * 360 / self.num_tiles[band], np.full(len(tile), north * self.height)])
                xy = to_map(to_globe(centres.lonlat + offset), centres)
                half = np.maximum(half, np.abs(xy).max(axis=1))
        return half * 1.02


def to_tiling(half_diagonal_m: float) -> Tiling:
    """Cover the globe with tiles whose corners are almost so far from their middle."""
    side = np.degrees(half_diagonal_m * 0.97 * np.sqrt(2.0) / EARTH_RADIUS_M)
    num_bands = int(np.ceil(180 / side))
    edges = np.radians(np.linspace(-90, 90, num_bands + 1))
    nearest_equator = np.where(edges[:-1] * edges[1:] < 0, 0.0, np.minimum(np.abs(edges[:-1]), np.abs(edges[1:])))
    widest = np.cos(nearest_equator)
    num_tiles = np.ceil(360 * widest / side).astype(np.int64)
    return Tiling(180 / num_bands, num_tiles, np.cumsum(num_tiles) - num_tiles, half_diagonal_m)
