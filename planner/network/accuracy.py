"""How far spans may lie from where they are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from planner.network.model import Network


def find_accuracy_m(network: Network) -> NDArray[np.float64]:
    """(n,) metres for each span; 0 throughout for frames made by hand without the column ``accuracy_m``."""
    if "accuracy_m" not in network.spans:
        return np.zeros(len(network.spans))
    return network.spans["accuracy_m"].to_numpy(dtype=np.float64)
