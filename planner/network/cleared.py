"""Around which sites a span is left out when shared risks are sought."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from planner.network.model import Network


def find_cleared(network: Network) -> NDArray[np.int64]:
    """Sites around which each span is left out: its own two ends, unless a column ``cleared`` names others.

    Returns
    -------
    ndarray
        (m, e) rows of sites, -1 where a span has fewer than others.
    """
    ends = network.spans[["a", "b"]].to_numpy(dtype=np.int64)
    if "cleared" not in network.spans:
        return ends
    named = [
        tuple(own) if some is None else tuple(some)
        for own, some in zip(ends.tolist(), network.spans["cleared"], strict=True)
    ]
    found = np.full((len(named), max(2, max(map(len, named), default=0))), -1, dtype=np.int64)
    for row, some in enumerate(named):
        found[row, : len(some)] = some
    return found
