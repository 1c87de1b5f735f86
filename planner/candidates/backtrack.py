"""Tells ways that come back to where they were from ways that one would build."""

from __future__ import annotations

import numpy as np
import shapely
from scipy.spatial import cKDTree

# a way that comes back to within so many metres of itself, so much later, and for so long
_NEAR_M = 300.0
_LATER_M = 1500.0
_MAX_BESIDE_M = 1000.0
_STEP_M = 100.0


def doubles_back(line: shapely.LineString) -> bool:
    """Whether a way runs beside itself: through the same street twice, or into a spur and out of it."""
    xy = shapely.get_coordinates(line)
    along_m = np.r_[0.0, np.cumsum(np.hypot(*np.diff(xy, axis=0).T))]
    steps_m = np.arange(0.0, along_m[-1], _STEP_M)
    places = np.column_stack([np.interp(steps_m, along_m, one) for one in xy.T])
    pairs = cKDTree(places).query_pairs(_NEAR_M, output_type="ndarray")
    is_later = np.abs(pairs[:, 0] - pairs[:, 1]) > _LATER_M / _STEP_M
    return len(np.unique(pairs[is_later])) * _STEP_M > _MAX_BESIDE_M
