"""The traffic that has to move between regions: from a file, or shared out by weights."""

from __future__ import annotations

import csv
import math

import numpy as np

from planner.errors import Fault, FaultList, InputError
from planner.network import Network
from planner.problem import FloatArray
from planner.study import Study

_REMEDY = "give columns a, b and gbps, with ids of regions and amounts of 0 or more"


def read_demands(study: Study, network: Network) -> FloatArray | None:
    """(regions, regions) demand in Gbit/s above the diagonal; None where the study has no `[traffic]`.

    Raises
    ------
    InputError
        For a file that cannot be read, and for every row with unknown regions or no amount.
    """
    if study.traffic is None:
        return None
    if study.traffic.demands is None:
        return share_out(network.regions["weight"].to_numpy(dtype=np.float64), study.traffic.total_gbps or 0.0)
    return _read_file(study, study.traffic.demands, network)


def share_out(weights: FloatArray, total: float) -> FloatArray:
    """(regions, regions) a total shared out over pairs in proportion to the product of their weights (gravity)."""
    product = np.triu(np.outer(weights, weights), k=1)
    whole = product.sum()
    shared: FloatArray = product * (total / whole) if whole > 0 else product
    return shared


def _read_file(study: Study, name: str, network: Network) -> FloatArray:
    path, _ = study.locate(name)
    index = {str(region): row for row, region in enumerate(network.regions["region_id"])}
    demand = np.zeros((len(index), len(index)))
    faults = FaultList()
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError([Fault(path.name, "cannot be read as CSV", _REMEDY)]) from error
    if not rows or not {"a", "b", "gbps"} <= set(rows[0]):
        raise InputError([Fault(path.name, "has no columns a, b and gbps, or no rows", _REMEDY)])
    for number, row in enumerate(rows, start=2):
        ends = [str(row[end] or "").strip() for end in ("a", "b")]
        unknown = [end for end in ends if end not in index]
        gbps = _to_amount(row["gbps"])
        if unknown or gbps is None or ends[0] == ends[1]:
            what = f"{unknown[0]!r} is no region" if unknown else "needs two regions and an amount"
            faults.add(f"{path.name}, row {number}", what, _REMEDY)
            continue
        low, high = sorted(index[end] for end in ends)
        demand[low, high] += gbps
    faults.raise_if_any()
    return demand


def _to_amount(text: str | None) -> float | None:
    try:
        amount = float(text or "")
    except ValueError:
        return None
    return amount if 0 <= amount < math.inf else None
