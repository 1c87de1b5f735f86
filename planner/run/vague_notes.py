"""Says of how many pairs of spans inaccurate data cannot tell whether one cut severs both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.network.accuracy import find_accuracy_m
from planner.risk.vague import VaguePairs, find_vague_pairs

if TYPE_CHECKING:
    from planner.network import Network
    from planner.network.notes import Notes
    from planner.study import Study

KIND = "accuracy"
MAX_PAIRS = 3  # named


def remark_vague_pairs(network: Network, study: Study, notes: Notes) -> None:
    """Remark how many pairs of spans are shared, and of how many the data cannot tell (`planner.risk.vague`).

    Parameters
    ----------
    network
        Where no span has an accuracy nothing is measured and nothing said.
    study
        Names the files of routes, the radius of a cut and the clearance.
    notes
        Takes one remark, a warning where there are pairs that the data cannot tell.
    """
    if not (find_accuracy_m(network) > 0).any():
        return
    vague = find_vague_pairs(network, study.cuts.radius_m, study.cuts.site_clearance_m)
    files = [study.network.routes, *([study.candidates.routes] if study.candidates.routes else [])]
    what = (
        f"As accurate as the data are (accuracy_m), {_to_pairs(vague.num_shared)} of spans surely "
        f"{'falls' if vague.num_shared == 1 else 'fall'} to one cut, "
        f"and of {_to_pairs(len(vague))} the data cannot tell"
    )
    if not len(vague):
        notes.remark(KIND, ", ".join(files), f"{what}.")
        return
    what += (
        ": such pairs are planned as shared. Survey their routes and give them a smaller accuracy_m; planner solve "
        "says which pairs would change the plan. "
        f"Likeliest to lie apart: {_name_pairs(network, vague, study.cuts.radius_m)}."
    )
    notes.remark(KIND, ", ".join(files), what, is_warning=True)


def _to_pairs(count: int) -> str:
    return f"{count:,} {'pair' if count == 1 else 'pairs'}"


def _name_pairs(network: Network, vague: VaguePairs, radius_m: float) -> str:
    """The pairs of whose possible distances, from d - a to d + a, the largest share is more than twice the radius."""
    ids = network.spans["span_id"].to_numpy(dtype=object)
    share = np.round((vague.distance_m + vague.accuracy_m - 2 * radius_m) / (2 * vague.accuracy_m), 6)
    order = np.lexsort((vague.second, vague.first, -share))[:MAX_PAIRS]
    return "; ".join(
        f"'{ids[vague.first[row]]}' and '{ids[vague.second[row]]}' (drawn {vague.distance_m[row]:,.0f} m apart, "
        f"accurate to {vague.accuracy_m[row]:,.0f} m together)"
        for row in order.tolist()
    )
