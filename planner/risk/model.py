"""Risk groups: what one cut severs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class RiskGroups:
    """Every inclusion-maximal set of spans that one cut severs.

    Parameters
    ----------
    spans
        Per group the sorted span indices; groups sorted by them. Single spans that no larger group holds are
        groups of one. Hardened spans are in none.
    group_ids
        Per group a stable id made of its content: the same spans give the same id in every run.
    places
        (g, 2) longitude and latitude of a point where one cut severs the whole group (for a declared group, a point
        on its first span).
    causes
        Per group ``"trench"`` (two or more spans within reach of one point), ``"single"`` (one span),
        ``"declared conduit_id=D7"`` (a column of the input says so).
    sites
        Where sites fall: per group the sorted indices of the sites that fall with it; all spans at them are in the
        group, hardened ones too. Empty where no site falls.

    Examples
    --------
    >>> groups = planner.solve("towns").risk_groups
    >>> groups.spans[0], groups.causes[0], groups.group_ids[0]
    ((0, 1, 11), 'trench', 'G0d17aba942')
    """

    spans: tuple[tuple[int, ...], ...]
    group_ids: tuple[str, ...]
    places: NDArray[np.float64]
    causes: tuple[str, ...]
    sites: tuple[tuple[int, ...], ...] = ()

    @classmethod
    def none(cls) -> RiskGroups:
        """No groups at all: for looking at a network that nothing is cut in by guess."""
        return cls((), (), np.zeros((0, 2)), ())
